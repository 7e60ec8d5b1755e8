/** Twin of the lens's `liquidationPrices`: prices of one underlying at which equity meets maintenance, the rest held. */
import {max, min, mulDown} from "../math/index.js";
import {priceOf} from "../risk/marketReader.js";
import {assessBook} from "../risk/riskEngine.js";
import type {Question} from "../risk/riskEngine.js";
import {price} from "../units.js";
import type {PriceE18} from "../units.js";
import {narrowTo} from "./search.js";

/** Nearest prices below and above spot, USD, 18 decimals; undefined = none down to 1 % of spot, or up to 10 times spot. */
export type LiquidationPrices = {readonly lowerE18: PriceE18 | undefined; readonly upperE18: PriceE18 | undefined};

const PERCENT_E18 = 10n ** 16n;
/** Prices are found to this fraction of spot: 2^-30. */
const PRICE_SHIFT = 30n;
/** Points of the two scans in per cent of spot, nearest first. */
const BELOW = [98n, 95n, 92n, 88n, 84n, 80n, 75n, 70n, 60n, 50n, 40n, 30n, 20n, 10n, 5n, 1n];
const ABOVE = [102n, 105n, 108n, 112n, 116n, 120n, 125n, 130n, 140n, 150n, 175n, 200n, 300n, 500n, 700n, 1000n];

/** For an account that is short already: prices at which it no longer would be. */
export function liquidationPrices(question: Question, underlying: number): LiquidationPrices {
    const spotE18 = priceOf(question.market, underlying);
    const excessAt = (priceE18: bigint): bigint => {
        const {equityE18, maintenanceE18} = assessBook({...question, whatIf: {underlying, spotE18: priceE18}});
        return equityE18 - maintenanceE18;
    };
    const atSpot = excessAt(spotE18);
    const crossing = (percents: readonly bigint[]): PriceE18 | undefined => {
        let [nearE18, atNear] = [spotE18, atSpot];
        for (const percent of percents) {
            const pointE18 = mulDown(spotE18, percent * PERCENT_E18);
            const atPoint = excessAt(pointE18);
            if (atPoint >= 0n !== atSpot >= 0n) {
                const [good, bad] = atPoint < 0n ? [nearE18, pointE18] : [pointE18, nearE18];
                const start = {good, atGood: max(atPoint, atNear), bad, atBad: min(atPoint, atNear)};
                const found = narrowTo((spotE18 >> PRICE_SHIFT) + 1n, start, excessAt);
                return price(atSpot >= 0n ? found.bad : found.good);
            }
            [nearE18, atNear] = [pointE18, atPoint];
        }
        return undefined;
    };
    return {lowerE18: crossing(BELOW), upperE18: crossing(ABOVE)};
}
