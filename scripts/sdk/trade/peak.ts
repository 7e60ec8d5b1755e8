/** Twin of the search for a peak in contracts/periphery/TradeLens.sol. */
import {mulDivDown} from "../math/index.js";
import {ONE_E18} from "../units.js";

const STEPS = 24;
/** Width at which the points of a golden section no longer keep apart, lots. */
const NARROW = 8n;
/** Inverse of the golden ratio. */
const GOLDEN_E18 = 618_033_988_749_894_848n;

/** A figure by size, and the size with the greatest seen so far, the smallest of equals. */
export type Probe = {
    readonly best: {readonly lots: bigint; readonly figure: bigint | undefined};
    readonly at: (lots: bigint) => bigint;
};

export function probeOf(figureAt: (lots: bigint) => bigint): Probe {
    const best: {lots: bigint; figure: bigint | undefined} = {lots: 0n, figure: undefined};
    const at = (lots: bigint): bigint => {
        const figure = figureAt(lots);
        const known = best.figure;
        if (known === undefined || figure > known || (figure === known && lots < best.lots)) {
            Object.assign(best, {lots, figure});
        }
        return figure;
    };
    return {best, at};
}

const golden = (width: bigint): bigint => mulDivDown(width, GOLDEN_E18, ONE_E18);

/**
 * Golden section between the neighbours of the best rung, then, if nothing is left of it but a few lots, each of them. Stops
 * at the first figure that is not negative. Returns the lower end, where it is.
 */
export function peak({best, at}: Probe, rungs: readonly bigint[]): bigint {
    const isFound = (): boolean => best.figure !== undefined && best.figure >= 0n;
    const place = rungs.indexOf(best.lots);
    let [low, high] = [rungs[place + 1] ?? 0n, rungs[place - 1] ?? best.lots];
    let [left, right] = [high - golden(high - low), low + golden(high - low)];
    let [atLeft, atRight] = high - low > NARROW ? [at(left), at(right)] : [0n, 0n];
    for (let step = 0; step < STEPS && high - low > NARROW && !isFound(); ++step) {
        if (atLeft >= atRight) {
            [high, right, atRight] = [right, left, atLeft];
            left = high - golden(high - low);
            atLeft = at(left);
        } else {
            [low, left, atLeft] = [left, right, atRight];
            right = low + golden(high - low);
            atRight = at(right);
        }
    }
    if (high - low <= NARROW) {
        for (let lots = low + 1n; lots < high && !isFound(); ++lots) at(lots);
    }
    return low;
}
