/**
 * Where the total variance of an earlier smile lies above a later one's. A raw SVI is convex in log-strike, so over an interval the earlier
 * one stays below its chord and the later one above its tangents: what these bounds clear needs no further look, what they do not is
 * halved. Nothing deeper than the tolerance is missed between two points. Floating point, like the fit.
 */
import {ONE_E18} from "../../sdk/units.js";
import type {Smile} from "../../sdk/risk/svi.js";
import {slopeAt, varianceAt} from "./svi.js";
import type {RawSvi} from "./svi.js";

/** Log-strikes. */
export type Span = {readonly low: number; readonly high: number};

export type Crossing = {
    /** Log-strike at which the earlier variance lies farthest above the later one. */
    readonly k: number;
    readonly earlier: number;
    readonly later: number;
};

/** Of total variance; a figure of a report has 18 decimals, a double about 16 digits. */
const TOLERANCE = 1e-7;
const CELLS = 32;
/** Narrower cells cannot differ by more than the tolerance: no wing is steeper than 4. */
const NARROWEST = TOLERANCE / 8;

export const toRaw = ({aE18, bE18, rhoE18, mE18, sigmaE18}: Smile): RawSvi => {
    const figure = (valueE18: bigint): number => Number(valueE18) / Number(ONE_E18);
    return {a: figure(aE18), b: figure(bE18), rho: figure(rhoE18), m: figure(mE18), sigma: figure(sigmaE18)};
};

export const overlap = (one: Span, other: Span): Span => ({
    low: Math.max(one.low, other.low),
    high: Math.min(one.high, other.high),
});

/** Least that the later variance less the earlier one can be between two log-strikes. */
function leastGap(earlier: RawSvi, later: RawSvi, {low, high}: Span): number {
    const [before, after] = [varianceAt(earlier, low), varianceAt(earlier, high)];
    const [left, right] = [varianceAt(later, low), varianceAt(later, high)];
    const ends = Math.min(left - before, right - after);
    const [down, up] = [slopeAt(later, low), slopeAt(later, high)];
    if (up <= down) return ends;
    // Where the two tangents meet.
    const k = Math.min(Math.max((left - down * low - right + up * high) / (up - down), low), high);
    const chord = before + ((after - before) * (k - low)) / (high - low);
    return Math.min(ends, left + down * (k - low) - chord);
}

/** The deepest fall within a span, at most the tolerance off; undefined if there is none beyond it. */
export function crossingOf(earlier: RawSvi, later: RawSvi, {low, high}: Span): Crossing | undefined {
    const gapAt = (k: number): number => varianceAt(later, k) - varianceAt(earlier, k);
    let [best, deepest] = [low, gapAt(low)];
    const look = (k: number): void => {
        const gap = gapAt(k);
        if (gap < deepest) [best, deepest] = [k, gap];
    };
    const marks = Array.from({length: CELLS + 1}, (_, cell) => low + ((high - low) * cell) / CELLS);
    marks.forEach(look);
    const open = marks.slice(1).map((mark, cell): Span => ({low: marks[cell] ?? low, high: mark}));
    for (let cell = open.pop(); cell !== undefined; cell = open.pop()) {
        const least = leastGap(earlier, later, cell);
        if (least >= -TOLERANCE || least >= deepest - TOLERANCE || cell.high - cell.low < NARROWEST) continue;
        const middle = (cell.low + cell.high) / 2;
        look(middle);
        open.push({low: cell.low, high: middle}, {low: middle, high: cell.high});
    }
    if (deepest >= -TOLERANCE) return undefined;
    return {k: best, earlier: varianceAt(earlier, best), later: varianceAt(later, best)};
}
