/**
 * The least that equity less maintenance requirement of an account can be, in doubles. It decides nothing but whom to look at: where
 * it is below zero the exact twin is asked, and nothing that moves money ever reads it.
 *
 * Why no short account stays above zero. Let u = 2^-53, the relative error of one operation on doubles.
 *
 *   1. A row holds exact figures within 3 u, sizes are within 2 u, so a product is within 6 u of what it stands for, and adding n
 *      products adds at most (n - 1) u of the sum of their magnitudes. Every sum over the legs and the collateral of an underlying
 *      (worth, loss per scenario, roll, net and gross delta, floor of short options) is therefore within (n + 16) u of
 *      G = sum of |size| * SCALE, as SCALE is not below what a unit adds to any of them; credited units are 8 operations more.
 *      RELATIVE (n + 64) = 2 u (n + 64) is more than twice that.
 *   2. The exact twin cuts figures of a position, an expiry or an underlying at their last decimal. GRAIN per position and `grain` per
 *      underlying and holding, see units and shelf, are at least twice what the cuts come to.
 *   3. d = RELATIVE (n + 64) G + grains is then more than the error of any of these sums. It is taken from equity, added to net delta,
 *      roll and floors, and put on either side of the scan.
 *   4. From there the requirement is put together as in `aggregation`, each figure at the end of its interval that makes the result
 *      greatest: max(roll, floor - scan) falls with the scan, so it takes the lower end. The cap is left out at first, which can only
 *      raise the requirement, because a scan at its cap leaves no room for add-ons; `caps` puts it back for those it may clear.
 *   5. What remains adds, multiplies, compares and takes a root of figures that are not below zero: chains of fewer than 1,000 steps,
 *      each within u. FINAL = 2^-42 is more than 1,000 u.
 *
 * NaN, where the market lacks something, is no more than zero either, so `isClear` is false for it.
 */
import {addCaps, emptyCaps} from "./caps.js";
import type {Caps} from "./caps.js";
import {addAt, floatAt, intAt} from "./columns.js";
import type {UnderlyingUnits} from "./market.js";
import type {Shelf} from "./shelf.js";
import {
    addCollateral,
    addPositions,
    clear,
    CREDITED,
    DELTA_GROSS,
    DELTA_NET,
    emptyWork,
    GRAINS,
    greatestLoss,
    GROSS,
    ROLLED,
    SHORT,
    SUMS,
    WORTH,
} from "./sums.js";
import type {Slots, Work} from "./sums.js";

/** Twice the relative error of one operation, and how many operations are counted beside one per leg. */
export const RELATIVE = 2 ** -52;
export const MORE_STEPS = 64;
export const FINAL = 2 ** -42;
const STEP = 1e-18;

export type Screen = {
    /** Least that equity less maintenance can be, USD; without caps, or with them, which takes longer and may be more. */
    readonly leastLeft: (slot: number) => number;
    readonly leastLeftCapped: (slot: number) => number;
};

export const isClear = (left: number): boolean => left >= 0;

/** One underlying under a bound: what counts of its scan, what stands beside it, and what its sums may be off by. */
type Part = {scan: number; beside: number; error: number};

/** Charges beside the scan, the scan at least `scanLeast`. */
function besideScan(own: UnderlyingUnits, sums: Float64Array, at: number, scanLeast: number, error: number): number {
    const held = floatAt(sums, at + CREDITED) * own.spot;
    const net = Math.abs(floatAt(sums, at + DELTA_NET) + held);
    const gross = floatAt(sums, at + DELTA_GROSS) + held;
    const hedged = own.floorNet * net + (own.floorHedged * (gross - net)) / 2;
    const floor = Math.max(hedged, floatAt(sums, at + SHORT) * own.floorShort) + error;
    const addOn = Math.max(floatAt(sums, at + ROLLED) + error, floor - scanLeast);
    const value = net + error;
    const root = Math.sqrt(value / own.adv + 2 * STEP) + 2 * STEP;
    return addOn + (value * own.spread) / 2 + own.impact * value * root;
}

/** Places in the sums of a group: scans, what is charged without netting, and errors of the joint loss. */
const SCANS = 0;
const OWN = 1;
const ERRORS = 2;
const GROUP_SUMS = 3;

type Groups = {sums: Float64Array; losses: Float64Array};

function addToGroup(groups: Groups, {losses}: Work, shelf: Shelf, underlying: number, part: Part): void {
    const own = shelf.underlyingUnits[underlying];
    if (own === undefined) return;
    const {sums, losses: joint} = groups;
    const {scenarios} = shelf;
    const at = own.group * GROUP_SUMS;
    addAt(sums, at + SCANS, part.scan);
    addAt(sums, at + OWN, (1 - own.blend) * part.scan + part.beside);
    addAt(sums, at + ERRORS, part.error);
    for (let s = 0; s < scenarios; s++) {
        const into = own.group * scenarios + s;
        addAt(joint, into, floatAt(losses, underlying * scenarios + s));
    }
}

/** Most that the groups ask for: joint losses blended with own scans, and what stands beside them. */
function chargeOf({sums, losses}: Groups, {scenarios, blends}: Shelf): number {
    let charge = 0;
    for (let group = 0; group < blends.length; group++) {
        const at = group * GROUP_SUMS;
        let joint = 0;
        for (let s = group * scenarios; s < (group + 1) * scenarios; s++) joint = Math.max(joint, floatAt(losses, s));
        const most = Math.min(joint + floatAt(sums, at + ERRORS), floatAt(sums, at + SCANS));
        charge += (blends[group] ?? 0) * most + floatAt(sums, at + OWN);
    }
    return charge;
}

function clearGroups(groups: Groups, {blends, scenarios}: Shelf): void {
    const count = blends.length;
    if (groups.sums.length !== count * GROUP_SUMS) groups.sums = new Float64Array(count * GROUP_SUMS);
    if (groups.losses.length !== count * scenarios) groups.losses = new Float64Array(count * scenarios);
    groups.sums.fill(0);
    groups.losses.fill(0);
}

/** Settles one underlying: adds the losses of its collateral, and bounds its scan and what stands beside it. */
function close(part: Part, work: Work, shelf: Shelf, underlying: number, steps: number, caps: Caps | undefined): void {
    const own = shelf.underlyingUnits[underlying];
    if (own === undefined) return;
    const at = underlying * SUMS;
    const {sums} = work;
    const error = RELATIVE * steps * floatAt(sums, at + GROSS) + floatAt(sums, at + GRAINS) + own.grain;
    const scan = greatestLoss(work, shelf, underlying, own.losses);
    let capMost = Infinity;
    let capLeast = Infinity;
    if (caps !== undefined) {
        const cap = floatAt(caps.worst, underlying) + floatAt(sums, at + CREDITED) * own.greatestLoss;
        const off = error + RELATIVE * steps * floatAt(caps.gross, underlying);
        capMost = cap + off;
        capLeast = cap - off;
    }
    const scanLeast = Math.max(0, Math.min(scan - error, capLeast));
    part.error = error;
    part.scan = Math.min(scan + error, capMost);
    part.beside = Math.min(besideScan(own, sums, at, scanLeast, error), Math.max(0, capMost - scanLeast));
}

export function openScreen(shelf: Shelf, slots: Slots): Screen {
    const work = emptyWork();
    const part: Part = {scan: 0, beside: 0, error: 0};
    const groups: Groups = {sums: new Float64Array(0), losses: new Float64Array(0)};
    let room = emptyCaps(0);

    const capsOf = (slot: number): Caps => {
        if (room.worst.length < shelf.underlyingUnits.length) room = emptyCaps(shelf.underlyingUnits.length);
        addCaps(room, shelf, slots, slot);
        return room;
    };
    const leastLeft = (slot: number, caps?: Caps): number => {
        const legs = intAt(slots.positions.counts, slot);
        const steps = MORE_STEPS + legs + intAt(slots.collateral.counts, slot);
        const cash = floatAt(slots.cash, slot);
        const quotes = floatAt(slots.quotes, slot);
        clear(work, shelf);
        const plain = addCollateral(work, shelf, slots, slot);
        addPositions(work, shelf, slots, slot);
        clearGroups(groups, shelf);
        let equity = (cash > 0 ? cash * shelf.settlement : cash) + quotes + plain.worth;
        let off = RELATIVE * steps * (Math.abs(cash) + Math.abs(quotes) + plain.worth) + plain.grain + 8 * STEP;
        for (let i = 0; i < work.count; i++) {
            const underlying = intAt(work.touched, i);
            close(part, work, shelf, underlying, steps, caps);
            addToGroup(groups, work, shelf, underlying, part);
            const at = underlying * SUMS;
            const held = floatAt(work.sums, at + CREDITED) * (shelf.underlyingUnits[underlying]?.spot ?? NaN);
            equity += floatAt(work.sums, at + WORTH) + held;
            off += part.error;
        }
        const reserve = legs === 0 ? 0 : shelf.reserveBase + shelf.reservePerPosition * legs;
        return equity - off - (reserve + chargeOf(groups, shelf)) * (1 + FINAL);
    };
    return {
        leastLeft: (slot) => leastLeft(slot),
        leastLeftCapped: (slot) => leastLeft(slot, capsOf(slot)),
    };
}
