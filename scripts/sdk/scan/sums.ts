/** Adds up one account per underlying: what its legs and its collateral are worth, move by and may be off by. Doubles. */
import {addAt, emptyRuns, floatAt, intAt, roomyFloats} from "./columns.js";
import type {Runs} from "./columns.js";
import type {Shelf} from "./shelf.js";
import {DELTA, GRAIN, LOSSES, ROLL, SCALE, SHORTABLE, VALUE} from "./units.js";

/** Places in the sums of an underlying: USD, but for units of short options and of credited collateral. */
export const WORTH = 0;
export const DELTA_NET = 1;
export const DELTA_GROSS = 2;
export const ROLLED = 3;
export const SHORT = 4;
/** Sum of |size| * SCALE, and of what the twin's cuts may add or take. */
export const GROSS = 5;
export const GRAINS = 6;
export const CREDITED = 7;
export const SUMS = 8;

const STEP = 1e-18;
const SIZE_LIMIT = 1.1;

/** Accounts as columns. */
export type Slots = {
    readonly positions: Runs;
    readonly collateral: Runs;
    /** By slot, USD. */
    cash: Float64Array;
    quotes: Float64Array;
};

export const emptySlots = (): Slots => ({
    positions: emptyRuns(),
    collateral: emptyRuns(),
    cash: new Float64Array(0),
    quotes: new Float64Array(0),
});

/** Room for the sums of one account at a time. */
export type Work = {
    /** SUMS figures per underlying, and its weighted loss under every scenario. */
    sums: Float64Array;
    losses: Float64Array;
    /** Underlyings that the account has a part in, `count` of them. */
    touched: Int32Array;
    isTouched: Uint8Array;
    count: number;
};

export const emptyWork = (): Work => ({
    sums: new Float64Array(0),
    losses: new Float64Array(0),
    touched: new Int32Array(0),
    isTouched: new Uint8Array(0),
    count: 0,
});

/** Forgets the account before. */
export function clear(work: Work, shelf: Shelf): void {
    const count = shelf.underlyingUnits.length;
    if (work.isTouched.length < count) {
        work.sums = new Float64Array(count * SUMS);
        work.isTouched = new Uint8Array(count);
        work.touched = new Int32Array(count);
    }
    work.losses = roomyFloats(work.losses, count * shelf.scenarios);
    work.isTouched.fill(0);
    work.count = 0;
}

function touch(work: Work, underlying: number, scenarios: number): void {
    if (work.isTouched[underlying] === 1) return;
    work.isTouched[underlying] = 1;
    work.touched[work.count] = underlying;
    work.count += 1;
    work.sums.fill(0, underlying * SUMS, (underlying + 1) * SUMS);
    work.losses.fill(0, underlying * scenarios, (underlying + 1) * scenarios);
}

/** End of the legs from `from` on that are of one expiry: they stand together. */
export function endOfExpiry({expiries}: Shelf, {places}: Runs, from: number, end: number): number {
    const expiry = expiries[intAt(places, from)];
    let i = from + 1;
    while (i < end && expiries[intAt(places, i)] === expiry) i++;
    return i;
}

/** Adds the legs of one underlying, which stand together; returns where the next ones begin. */
function addUnderlying(work: Work, shelf: Shelf, {places, units}: Runs, from: number, end: number): number {
    const {rows, width, scenarios, underlyings, expiries} = shelf;
    const {losses, sums} = work;
    const underlying = intAt(underlyings, intAt(places, from));
    touch(work, underlying, scenarios);
    const into = underlying * scenarios;
    let expiry = -1;
    let worth = 0;
    let delta = 0;
    let deltaGross = 0;
    let roll = 0;
    let rolled = 0;
    let short = 0;
    let gross = 0;
    let grain = 0;
    let i = from;
    for (; i < end; i++) {
        const place = intAt(places, i);
        if (intAt(underlyings, place) !== underlying) break;
        if (intAt(expiries, place) !== expiry) {
            expiry = intAt(expiries, place);
            rolled += Math.abs(roll);
            roll = 0;
        }
        const row = place * width;
        const size = floatAt(units, i);
        const ownDelta = size * floatAt(rows, row + DELTA);
        worth += size * floatAt(rows, row + VALUE);
        delta += ownDelta;
        deltaGross += Math.abs(ownDelta);
        roll += size * floatAt(rows, row + ROLL);
        short += Math.max(0, -size) * floatAt(rows, row + SHORTABLE);
        gross += Math.abs(size) * floatAt(rows, row + SCALE);
        grain += floatAt(rows, row + GRAIN);
        for (let s = 0; s < scenarios; s++) addAt(losses, into + s, size * floatAt(rows, row + LOSSES + s));
    }
    const at = underlying * SUMS;
    addAt(sums, at + WORTH, worth);
    addAt(sums, at + DELTA_NET, delta);
    addAt(sums, at + DELTA_GROSS, deltaGross);
    addAt(sums, at + ROLLED, rolled + Math.abs(roll));
    addAt(sums, at + SHORT, short);
    addAt(sums, at + GROSS, gross);
    addAt(sums, at + GRAINS, grain);
    return i;
}

export function addPositions(work: Work, shelf: Shelf, {positions}: Slots, slot: number): void {
    let from = intAt(positions.starts, slot);
    const end = from + intAt(positions.counts, slot);
    while (from < end) from = addUnderlying(work, shelf, positions, from, end);
}

/** Units of a holding that count: 8 operations. */
function creditedUnits(units: number, weight: number, size: number, price: number): number {
    const base = units * weight;
    return size === 0 ? base : Math.min(base, (SIZE_LIMIT * units) / (size * Math.sqrt(units * price) + 1));
}

/** What no grid moves, and the most that it may be off by beside its relative error. */
export type Plain = {readonly worth: number; readonly grain: number};

/** Collateral inside a grid joins the legs of its underlying. */
export function addCollateral(work: Work, shelf: Shelf, {collateral}: Slots, slot: number): Plain {
    const start = intAt(collateral.starts, slot);
    const end = start + intAt(collateral.counts, slot);
    let worth = 0;
    let grain = 0;
    for (let i = start; i < end; i++) {
        const asset = shelf.assetUnits[intAt(collateral.places, i)];
        if (asset === undefined) return {worth: NaN, grain};
        const counted = creditedUnits(floatAt(collateral.units, i), asset.weight, asset.size, asset.price);
        const own = shelf.underlyingUnits[asset.underlying];
        if (own === undefined) {
            worth += counted * asset.price;
            grain += 8 * STEP * (1 + asset.price);
        } else {
            touch(work, asset.underlying, shelf.scenarios);
            const at = asset.underlying * SUMS;
            addAt(work.sums, at + CREDITED, counted);
            addAt(work.sums, at + GROSS, counted * own.scale);
            addAt(work.sums, at + GRAINS, own.grain);
        }
    }
    return {worth, grain};
}

/** Takes the losses of the credited units into those of the legs; returns the greatest, at least 0. */
export function greatestLoss(work: Work, shelf: Shelf, underlying: number, unitLosses: Float64Array): number {
    const {losses} = work;
    const into = underlying * shelf.scenarios;
    const counted = floatAt(work.sums, underlying * SUMS + CREDITED);
    let greatest = 0;
    for (let s = 0; s < unitLosses.length; s++) {
        const loss = floatAt(losses, into + s) + counted * floatAt(unitLosses, s);
        losses[into + s] = loss;
        greatest = Math.max(greatest, loss);
    }
    return greatest;
}
