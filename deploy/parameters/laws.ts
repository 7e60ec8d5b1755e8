/** What the figures of a file must satisfy together; the steward holds later changes to the same. */
import {formatE18, lawsOf, ONE_E18} from "../../scripts/sdk/index.js";
import {defaultGrid} from "../../scripts/sdk/risk/index.js";
import type {Parameters} from "./schema.js";

/** A driver that could ask for too much, underlyings whose smallest shock does not cover the reaction time, or whose sale need not raise health. */
export function unlawful({risk, clearing, steward, driver}: Parameters): string[] {
    const terms = {feeE18: clearing.fees.linear, reactionSeconds: steward.reactionSeconds};
    // A range enters the figures twice, see docs/volatility.md; the steward takes no goal beyond one tightening.
    const surplus = 2n * (driver.most - ONE_E18);
    const goal = `the greatest price range rises a requirement by ${formatE18(surplus)}`;
    const driven = surplus < steward.maxTighten ? [] : [`${goal}, a tightening by ${formatE18(steward.maxTighten)}`];
    const shocks = risk.underlyings.flatMap(({name, priceRange, spread, impact, sigmaDay}) => {
        const params = {rangeE18: priceRange, spreadE18: spread, impactE18: impact, sigmaDayE18: sigmaDay};
        const laws = lawsOf(params, defaultGrid(priceRange), terms);
        const shock = `the smallest shock of ${name} is ${formatE18(laws.shockE18)}`;
        return [
            ...(laws.coversDelay ? [] : [`${shock}, a normal move with sale ${formatE18(laws.neededE18)}`]),
            ...(laws.saleRaisesHealth ? [] : [`${shock}, a sale costs ${formatE18(laws.saleE18)}`]),
        ];
    });
    return [...driven, ...shocks];
}
