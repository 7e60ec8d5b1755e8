/** What every list of scenarios needs: shocked volatility, the value of a unit under a shock, profits of a book, the worst of them. */
import {abs, lnE18, max, mulDown, mulFloor, powE18, sqrtE18, sum} from "../math/index.js";
import {divDown} from "../math/index.js";
import * as black76 from "../risk/black76.js";
import {greatest} from "../risk/aggregation.js";
import {weightedLoss} from "../risk/revaluation.js";
import type {VolState} from "../risk/types.js";
import {formatE18, ONE_E18, parseE18} from "../units.js";
import type {UnderlyingBook, VenueLeg, VenueScenario, Worst} from "./types.js";

const REFERENCE_DAYS_E18 = 30n * ONE_E18;

/** Volatility times 1 + rise * (30 / days)^p or 1 - fall * (30 / days)^p. */
export type VolRule = {
    readonly riseE18: bigint;
    readonly fallE18: bigint;
    readonly powerShortE18: bigint;
    readonly powerLongE18: bigint;
    /** Fewest days that count. */
    readonly floorDaysE18: bigint;
    /** Least volatility after a rise. */
    readonly leastUpE18: bigint;
};

export function shockedVol(rule: VolRule, {volE18, daysE18}: VenueLeg, state: VolState): bigint {
    if (state === "FLAT") return volE18;
    const powerE18 = daysE18 < REFERENCE_DAYS_E18 ? rule.powerShortE18 : rule.powerLongE18;
    const scaleE18 = powE18(divDown(REFERENCE_DAYS_E18, max(daysE18, rule.floorDaysE18)), powerE18);
    if (state === "UP") return max(mulDown(volE18, ONE_E18 + mulDown(rule.riseE18, scaleE18)), rule.leastUpE18);
    return mulDown(volE18, max(ONE_E18 - mulDown(rule.fallE18, scaleE18), 0n));
}

/** Worth of one unit after a move, at a volatility and with some time left. */
export function valueAt(leg: VenueLeg, moveE18: bigint, volE18: bigint, yearsE18: bigint = leg.yearsE18): bigint {
    const factorE18 = ONE_E18 + moveE18;
    if (leg.kind === "LINEAR") return mulFloor(leg.priceE18, factorE18);
    if (factorE18 <= 0n) return leg.kind === "CALL" ? 0n : mulDown(leg.strikeE18, leg.discountE18);
    const terms = black76.terms(leg.kind, leg.priceE18, leg.strikeE18, leg.discountE18);
    return black76.priceAt(terms, factorE18, lnE18(factorE18), mulDown(volE18, sqrtE18(yearsE18)));
}

/** What one unit gains in each scenario, and how many units there are. */
export type Row = {readonly sizeE18: bigint; readonly profitsE18: readonly bigint[]};

export const rowOf = (leg: VenueLeg, scenarios: readonly VenueScenario[], rule: VolRule): Row => ({
    sizeE18: leg.sizeE18,
    profitsE18: scenarios.map(({moveE18, vol}) => valueAt(leg, moveE18, shockedVol(rule, leg, vol)) - leg.markE18),
});

/** Coins gain what their price does. */
export const coinsRow = ({coinsE18, spotE18}: UnderlyingBook, scenarios: readonly VenueScenario[]): Row => ({
    sizeE18: coinsE18,
    profitsE18: scenarios.map(({moveE18}) => mulFloor(spotE18, moveE18)),
});

/** Profit of the whole per scenario, exact: 36 decimals. */
export const totalsE36 = (rows: readonly Row[], scenarios: readonly unknown[]): bigint[] =>
    scenarios.map((_, s) => sum(rows.map(({sizeE18, profitsE18}) => sizeE18 * (profitsE18[s] ?? 0n))));

export const lossesOf = (profitsE36: readonly bigint[], scenarios: readonly VenueScenario[]): bigint[] =>
    scenarios.map(({weightE18}, s) => weightedLoss(profitsE36[s] ?? 0n, weightE18));

const VOL_WORDS: Readonly<Record<VolState, string>> = {FLAT: "", UP: ", volatility up", DOWN: ", volatility down"};
const HUNDRED_E18 = parseE18("100");

/** `+16 %, volatility up`. */
export function labelOf({moveE18, vol}: Pick<VenueScenario, "moveE18" | "vol">): string {
    const percent = formatE18(mulFloor(abs(moveE18), HUNDRED_E18)).replace(/(\.\d\d)\d+$/, "$1");
    const sign = moveE18 === 0n ? "" : moveE18 < 0n ? "-" : "+";
    return `${sign}${percent} %${VOL_WORDS[vol]}`;
}

/** The greatest loss, the first of equals; null if nothing is lost anywhere. */
export function worstOf(lossesE18: readonly bigint[], scenarios: readonly VenueScenario[]): Worst | null {
    const index = greatest(lossesE18);
    const [lossE18, scenario] = [lossesE18[index], scenarios[index]];
    if (lossE18 === undefined || scenario === undefined || lossE18 <= 0n) return null;
    return {index, label: labelOf(scenario), lossE18};
}

export const lossIn = (worst: Worst | null): bigint => worst?.lossE18 ?? 0n;

/** Scenarios of every move with every state of volatility, in that order. */
export const crossOf = (moves: readonly string[], states: readonly VolState[], weight = "1"): VenueScenario[] =>
    moves.flatMap((move) => states.map((vol) => ({moveE18: parseE18(move), vol, weightE18: parseE18(weight)})));

/** Groups in ascending order of expiry. */
export function byExpiry(legs: readonly VenueLeg[]): (readonly VenueLeg[])[] {
    const expiries = [...new Set(legs.map(({expiry}) => expiry))].sort((a, b) => a - b);
    return expiries.map((expiry) => legs.filter((leg) => leg.expiry === expiry));
}

/** Delta of some legs, 36 decimals. */
export const deltaE36 = (legs: readonly VenueLeg[]): bigint =>
    sum(legs.map(({sizeE18, deltaE18}) => sizeE18 * deltaE18));
