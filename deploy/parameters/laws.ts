/** What the figures of a file must satisfy together; the steward holds later changes to the same. */
import {formatE18, lawsOf} from "../../scripts/sdk/index.js";
import {defaultGrid} from "../../scripts/sdk/risk/index.js";
import type {Parameters} from "./schema.js";

/** Underlyings whose smallest shock does not cover the reaction time, or whose sale need not raise health. */
export function unlawful({risk, clearing, steward}: Parameters): string[] {
    const terms = {feeE18: clearing.fees.linear, reactionSeconds: steward.reactionSeconds};
    return risk.underlyings.flatMap(({name, priceRange, spread, impact, sigmaDay}) => {
        const params = {rangeE18: priceRange, spreadE18: spread, impactE18: impact, sigmaDayE18: sigmaDay};
        const laws = lawsOf(params, defaultGrid(priceRange), terms);
        const shock = `the smallest shock of ${name} is ${formatE18(laws.shockE18)}`;
        return [
            ...(laws.coversDelay ? [] : [`${shock}, a normal move with sale ${formatE18(laws.neededE18)}`]),
            ...(laws.saleRaisesHealth ? [] : [`${shock}, a sale costs ${formatE18(laws.saleE18)}`]),
        ];
    });
}
