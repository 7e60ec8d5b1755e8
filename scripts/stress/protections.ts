/** The same contracts with their protections, and with those taken away that parameters can take away. */
import {parametersOf} from "../../deploy/parameters/index.js";
import type {Parameters} from "../../deploy/parameters/index.js";
import {ONE_E18, parseE18} from "../sdk/index.js";

export type Protections = "on" | "off";

/** What keepers are owed stays, or nobody would close anything. */
export const DIFFERENCES: readonly string[] = [
    "a book is liquidated at half the maintenance requirement: price ranges of 8 % and 9 % instead of 16 % and 18 %, tails in proportion",
    "initial margin equals maintenance",
    "books are sold whole instead of in slices: target health 2, dust 100,000",
    "no auction: the discount stands at 30 % from the first second on",
    "no backstop: nobody deposits, every loss budget is zero",
    "profit counts in full for opening and withdrawing, crowding costs nothing",
    "any price is a price: no price band, jumps of 100 % are believed at once",
    "the solvency gate never closes",
];

const ALWAYS = {throttleIn: ONE_E18 - 2n, throttleOut: ONE_E18 - 4n, haltIn: ONE_E18 - 1n, haltOut: ONE_E18 - 3n};
const UNCROWDED_E18 = parseE18("100000000000000");

export function parametersFor(protections: Protections): Parameters {
    const normal = parametersOf("local");
    if (protections === "on") return normal;
    const half = (rangeE18: bigint): bigint => rangeE18 >> 1n;
    return {
        ...normal,
        oracle: {...normal.oracle, feeds: normal.oracle.feeds.map((feed) => ({...feed, maxJump: ONE_E18}))},
        clearing: {...normal.clearing, priceBand: ONE_E18},
        risk: {
            ...normal.risk,
            initialRatio: ONE_E18,
            underlyings: normal.risk.underlyings.map((one) => ({
                ...one,
                priceRange: half(one.priceRange),
                openInterestLower: UNCROWDED_E18,
                openInterestUpper: UNCROWDED_E18 * 2n,
            })),
        },
        liquidation: {
            ...normal.liquidation,
            discountStart: normal.liquidation.discountFast,
            targetHealth: 2n * ONE_E18,
            dust: parseE18("100000"),
        },
        gate: {...normal.gate, deviation: ALWAYS, loss: ALWAYS, outflow: ALWAYS},
        backstop: {
            ...normal.backstop,
            lossBudgets: normal.backstop.lossBudgets.map((budget) => ({...budget, limit: 0n})),
        },
    };
}
