/**
 * Paradex portfolio margin: 24 weighted scenarios, and a least charge on delta.
 * Rule and figures: docs.paradex.trade/risk/portfolio-margin. One table stands for every underlying.
 *
 * Assumed: underlyings are scanned one by one and added; provisions for fees and for eight hours of funding are 0, as a book file knows
 * neither; only USDC is collateral, so coins hedge nothing.
 */
import {abs, max, mulDivUp, sum} from "../math/index.js";
import {hedgedDelta} from "../risk/addOns.js";
import {ONE_E18, parseE18} from "../units.js";
import {crossOf, deltaE36, lossesOf, lossIn, rowOf, totalsE36, worstOf} from "./shocks.js";
import type {VolRule} from "./shocks.js";
import type {Charge, UnderlyingBook, Venue, VenueScenario} from "./types.js";

/** Far moves and what of their loss counts: 16 % / |move| up to the fourth decimal. */
const TAILS = [
    ["-0.66", "0.24"],
    ["-0.33", "0.48"],
    ["0.5", "0.32"],
    ["1", "0.16"],
    ["2", "0.08"],
    ["3", "0.0533"],
    ["4", "0.04"],
    ["5", "0.032"],
] as const;

export const PARADEX_SCENARIOS: readonly VenueScenario[] = [
    ...crossOf(["0.16"], ["UP"]),
    ...crossOf(["0.12", "0.08", "0.04", "0", "-0.04", "-0.08", "-0.12"], ["UP", "DOWN"]),
    ...crossOf(["-0.16"], ["UP"]),
    ...TAILS.flatMap(([move, weight]) => crossOf([move], ["UP"], weight)),
];

const VOL: VolRule = {
    riseE18: parseE18("0.40"),
    fallE18: parseE18("0.22"),
    powerShortE18: parseE18("0.30"),
    powerLongE18: parseE18("0.13"),
    floorDaysE18: ONE_E18,
    leastUpE18: 0n,
};

const DELTA_FLOOR = {floorNetE18: parseE18("0.02"), floorHedgedE18: parseE18("0.01")};
const MAINTENANCE_E18 = parseE18("0.5");

/** 2 % of the net delta and 1 % of the hedged, times spot. */
export function leastOnDelta({legs, spotE18}: Pick<UnderlyingBook, "legs" | "spotE18">): bigint {
    const netE18 = mulDivUp(abs(deltaE36(legs)), 1n, ONE_E18);
    const grossE36 = sum(legs.map(({sizeE18, deltaE18}) => abs(sizeE18 * deltaE18)));
    return hedgedDelta(DELTA_FLOOR, netE18, max(mulDivUp(grossE36, 1n, ONE_E18), netE18), spotE18);
}

function charge(book: UnderlyingBook): Charge {
    const rows = book.legs.map((leg) => rowOf(leg, PARADEX_SCENARIOS, VOL));
    const losses = lossesOf(totalsE36(rows, PARADEX_SCENARIOS), PARADEX_SCENARIOS);
    const worst = worstOf(losses, PARADEX_SCENARIOS);
    const deltaE18 = leastOnDelta(book);
    const initialE18 = max(lossIn(worst), deltaE18);
    return {
        initialE18,
        maintenanceE18: mulDivUp(initialE18, MAINTENANCE_E18, ONE_E18),
        worst,
        parts: [
            {name: "scan", valueE18: lossIn(worst)},
            {name: "least on delta", valueE18: deltaE18},
        ],
    };
}

export const PARADEX: Venue = {
    id: "paradex",
    name: "Paradex portfolio margin",
    asOf: "as published, read in 2026",
    source: "docs.paradex.trade/risk/portfolio-margin",
    assumptions: [
        "one table of scenarios for every underlying; underlyings are scanned one by one and added",
        "provisions for fees and for eight hours of funding are 0, as a book file knows neither",
        "only USDC is collateral: coins hedge nothing",
    ],
    charge,
};
