/**
 * What an account can lose at all: the twin's `worstLoss` in doubles, for those that the screen without it does not clear. Mostly these
 * hold nothing but bought options, whose scan and add-ons together stay within their premium.
 */
import {addAt, floatAt, intAt} from "./columns.js";
import type {Runs} from "./columns.js";
import type {Shelf} from "./shelf.js";
import {endOfExpiry} from "./sums.js";
import type {Slots} from "./sums.js";
import {DISCOUNT, FAR, MARK, SIDE, STRIKE} from "./units.js";

/** By underlying: greatest loss of the legs, each expiry at its own worst, and sum of the magnitudes that it is made of. */
export type Caps = {readonly worst: Float64Array; readonly gross: Float64Array};

export const emptyCaps = (underlyings: number): Caps => ({
    worst: new Float64Array(underlyings),
    gross: new Float64Array(underlyings),
});

/** Prices below this are lifted to it in the magnitudes, so that a last decimal never counts for more than they do. */
const LEAST = 0.01;

/** Payoff of the legs of one expiry at a price. */
function payoff({rows, width}: Shelf, {places, units}: Runs, from: number, end: number, price: number): number {
    let sum = 0;
    for (let i = from; i < end; i++) {
        const row = intAt(places, i) * width;
        const side = floatAt(rows, row + SIDE);
        const strike = floatAt(rows, row + STRIKE);
        const pays = side === 0 ? price : Math.max(0, (price - strike) * side) * floatAt(rows, row + DISCOUNT);
        sum += floatAt(units, i) * pays;
    }
    return sum;
}

/** What a unit gains per USD beyond the last strike. */
const slopeBeyond = (side: number, discount: number): number => (side === 0 ? 1 : side > 0 ? discount : 0);

/** Value, slope beyond the last strike, least payoff at a strike or at zero, and magnitudes, of the legs of one expiry. */
function addExpiry(caps: Caps, shelf: Shelf, positions: Runs, from: number, end: number): void {
    const {places, units} = positions;
    const {rows, width} = shelf;
    const first = intAt(places, from) * width;
    const far = floatAt(rows, first + FAR);
    const discount = floatAt(rows, first + DISCOUNT);
    let value = 0;
    let slope = 0;
    let least = payoff(shelf, positions, from, end, 0);
    let highest = far;
    let size = 0;
    for (let i = from; i < end; i++) {
        const row = intAt(places, i) * width;
        const side = floatAt(rows, row + SIDE);
        const strike = floatAt(rows, row + STRIKE);
        const own = floatAt(units, i);
        value += own * floatAt(rows, row + MARK);
        slope += own * slopeBeyond(side, discount);
        least = Math.min(least, payoff(shelf, positions, from, end, strike));
        highest = Math.max(highest, strike, floatAt(rows, row + MARK));
        size += Math.abs(own);
    }
    const underlying = intAt(shelf.underlyings, intAt(places, from));
    const worst = Math.max(0, value - (least + Math.min(slope, 0) * far));
    addAt(caps.worst, underlying, worst);
    // Value, least payoff and what lies beyond are each at most this.
    const gross = 3 * size * (highest + LEAST) * Math.max(1, discount);
    addAt(caps.gross, underlying, gross);
}

/** Caps of the legs of a slot; whoever has settled cannot lose any more. */
export function addCaps(caps: Caps, shelf: Shelf, {positions}: Slots, slot: number): void {
    caps.worst.fill(0);
    caps.gross.fill(0);
    let from = intAt(positions.starts, slot);
    const end = from + intAt(positions.counts, slot);
    while (from < end) {
        const next = endOfExpiry(shelf, positions, from, end);
        const isSettled = Number.isNaN(shelf.rows[intAt(positions.places, from) * shelf.width + SIDE]);
        if (!isSettled) addExpiry(caps, shelf, positions, from, next);
        from = next;
    }
}
