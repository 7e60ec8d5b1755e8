/** Twins of contracts/libraries/math/Search.sol and contracts/periphery/SizeLadder.sol. */
import {max, min, mulDivDown} from "../math/index.js";

/** Figures that stand for "whatever one asks" and "in no case": they have a sign and no size. */
export const GREATEST = 2n ** 255n - 1n;
export const LEAST = -(2n ** 255n);

/** A sign change: the figure is >= 0 at `good` and < 0 at `bad`. A figure that is undefined or has no size is not interpolated. */
export type Bracket = {
    readonly good: bigint;
    readonly atGood: bigint;
    readonly bad: bigint;
    readonly atBad: bigint | undefined;
};

const PROBE_SHIFT = 12n;
const PHASES = 3;

const widthOf = ({good, bad}: Bracket): bigint => max(good - bad, bad - good);

/** Point to ask next, strictly between the ends. */
function nextPoint(bracket: Bracket, step: number, lastWasGood: boolean): bigint {
    const {good, atGood, bad, atBad} = bracket;
    const span = widthOf(bracket);
    const phase = step % PHASES;
    let distance = span >> 1n;
    if (phase === 0 && atGood !== GREATEST && atBad !== undefined && atBad !== LEAST) {
        distance = mulDivDown(span, atGood, atGood - atBad);
    } else if (phase === 1) {
        const near = (span >> PROBE_SHIFT) + 1n;
        distance = lastWasGood ? near : span - min(near, span);
    }
    distance = min(max(distance, 1n), span - 1n);
    return good < bad ? good + distance : good - distance;
}

/** Closes in until the ends are no further apart than `width`. */
export function narrowTo(width: bigint, start: Bracket, figureAt: (point: bigint) => bigint): Bracket {
    let bracket = start;
    let isGood = true;
    for (let step = 0; widthOf(bracket) > width; ++step) {
        const point = nextPoint(bracket, step, isGood);
        const figure = figureAt(point);
        isGood = figure >= 0n;
        bracket = isGood ? {...bracket, good: point, atGood: figure} : {...bracket, bad: point, atBad: figure};
    }
    return bracket;
}

/** Closes in until the ends are neighbours; returns the good one. */
export const closeIn = (start: Bracket, figureAt: (point: bigint) => bigint): bigint =>
    narrowTo(1n, start, figureAt).good;

/** The greatest size, 3/4 of it, and the same again from its half on, with one more size in its place; descending. */
export function ladder(most: bigint, halvings: number, special: bigint): bigint[] {
    const sizes: bigint[] = [];
    for (let half = most, k = 0; half > 0n && k <= halvings; half >>= 1n, ++k) sizes.push(half, half - (half >> 2n));
    const least = sizes.at(-1) ?? most;
    const all = special > least && special < most ? [...sizes, special] : sizes;
    return [...new Set(all)].sort((a, b) => (a > b ? -1 : 1));
}
