/**
 * The orders in which a short book may be closed down to its target health:
 *
 *   pro rata         the same part of every leg, the smallest that reaches the target
 *   per cost         lot after lot of the leg that releases most margin per unit of closing cost
 *   per margin       lot after lot of the leg that releases most margin, whatever it costs
 *   keeper's choice  lot after lot of the leg whose mark is best for who takes it
 *
 * A lot must bring the book nearer to the target. Where none does, the leg orders close the rest pro rata; a keeper who has his choice
 * stops there, and where no lot is good for him. The last lot is cut to what is needed.
 */
import {abs, divDown, min, mulDivUp, mulDown, mulFloor, sum} from "../../sdk/math/index.js";
import type {Closed, ShortPosition, Standing} from "./position.js";

export const ORDERS = ["pro rata", "per cost", "per margin", "keeper's choice"] as const;
export type Order = (typeof ORDERS)[number];

/** Parts of a book that a pro-rata slice is rounded up to. */
export const PARTS = 4096n;
const HALVINGS_OF_A_LOT = 64n;
const FREE = 10n ** 60n;

export type Ending =
    /** The target is met by the order itself. */
    | "target"
    /** No lot helped any more, and the rest was closed pro rata. */
    | "completed"
    /** Everything is closed. */
    | "whole"
    /** The keeper stopped before the target. */
    | "short";

export type Execution = {readonly order: Order; readonly closed: Closed; readonly ending: Ending};

type Part = {readonly closed: Closed; readonly part: bigint};

/** Smallest part of what is left of every leg that reaches the target; all of it where none does. */
export function smallestPart(position: ShortPosition, from: Closed): Part {
    let [low, high] = [0n, PARTS];
    while (high - low > 1n) {
        const middle = (low + high) >> 1n;
        if (position.isDone(position.standing(position.withPart(from, middle, PARTS)))) high = middle;
        else low = middle;
    }
    return {closed: position.withPart(from, high, PARTS), part: high};
}

function proRata(position: ShortPosition, order: Order, from: Closed): Execution {
    const {closed, part} = smallestPart(position, from);
    const isFresh = from.every((size) => size === 0n);
    return {order, closed, ending: part === PARTS ? "whole" : isFresh ? "target" : "completed"};
}

/** What one lot would do. */
export type Lot = {
    readonly leg: number;
    readonly sizeE18: bigint;
    readonly closed: Closed;
    readonly standing: Standing;
    readonly releasedE18: bigint;
    readonly costE18: bigint;
};

/** What a lot is worth to who decides; none where he would not. */
export type Rank = (lot: Lot) => bigint | undefined;

export const perCost: Rank = ({releasedE18, costE18}) =>
    costE18 <= 0n ? FREE + releasedE18 : divDown(releasedE18, costE18);
export const perMargin: Rank = ({releasedE18}) => releasedE18;

/** Gain of who takes a lot at its mark, by how far the fair value of each leg lies above its mark. */
export const byError =
    (errorsE18: readonly bigint[]): Rank =>
    ({leg, sizeE18}) => {
        const gainE18 = mulFloor(sizeE18, errorsE18[leg] ?? 0n);
        return gainE18 > 0n ? gainE18 : undefined;
    };

const withLot = (closed: Closed, leg: number, sizeE18: bigint): Closed =>
    closed.map((size, i) => (i === leg ? size + sizeE18 : size));

function lotsAt(position: ShortPosition, closed: Closed, now: Standing, lots: bigint): Lot[] {
    return position.legs.flatMap(({sizeE18: wholeE18}, leg): Lot[] => {
        const leftE18 = abs(wholeE18 - (closed[leg] ?? 0n));
        if (leftE18 === 0n) return [];
        const lotE18 = min(mulDivUp(abs(wholeE18), 1n, lots), leftE18);
        const sizeE18 = wholeE18 < 0n ? -lotE18 : lotE18;
        const after = withLot(closed, leg, sizeE18);
        const standing = position.standing(after);
        const releasedE18 = now.maintenanceE18 - standing.maintenanceE18;
        return [{leg, sizeE18, closed: after, standing, releasedE18, costE18: standing.costE18 - now.costE18}];
    });
}

/** How much nearer to the target a lot brings the book. */
const progressE18 = ({terms}: ShortPosition, {releasedE18, costE18}: Lot): bigint =>
    mulDown(releasedE18, terms.targetHealthE18) - costE18;

function bestOf(position: ShortPosition, lots: readonly Lot[], rank: Rank): Lot | undefined {
    let best: {readonly lot: Lot; readonly value: bigint} | undefined;
    for (const lot of lots) {
        if (progressE18(position, lot) <= 0n) continue;
        const value = rank(lot);
        if (value !== undefined && (best === undefined || value > best.value)) best = {lot, value};
    }
    return best?.lot;
}

/** The last lot, cut to the smallest part of it that still reaches the target. */
function cutLast(position: ShortPosition, before: Closed, {leg, sizeE18, closed}: Lot): Closed {
    const partOf = (part: bigint): Closed => {
        const taken = mulDivUp(abs(sizeE18), part, HALVINGS_OF_A_LOT);
        return part === HALVINGS_OF_A_LOT ? closed : withLot(before, leg, sizeE18 < 0n ? -taken : taken);
    };
    let [low, high] = [0n, HALVINGS_OF_A_LOT];
    while (high - low > 1n) {
        const middle = (low + high) >> 1n;
        if (position.isDone(position.standing(partOf(middle)))) high = middle;
        else low = middle;
    }
    return partOf(high);
}

/** Lot after lot by rank, until the target or the last lot that helps. */
export function byLots(position: ShortPosition, order: Order, rank: Rank, lots: bigint): Execution {
    let closed = position.nothing;
    let now = position.standing(closed);
    for (;;) {
        const best = bestOf(position, lotsAt(position, closed, now, lots), rank);
        if (best === undefined) {
            return order === "keeper's choice" ? {order, closed, ending: "short"} : proRata(position, order, closed);
        }
        if (position.isDone(best.standing)) {
            return {order, closed: cutLast(position, closed, best), ending: "target"};
        }
        closed = best.closed;
        now = best.standing;
    }
}

export type Choice = {
    /** Lots that a leg is divided into. */
    readonly lots: bigint;
    /** Fair value of one unit of each leg less its mark, as only keepers know it. */
    readonly errorsE18: readonly bigint[];
};

export function execute(position: ShortPosition, order: Order, {lots, errorsE18}: Choice): Execution {
    switch (order) {
        case "pro rata":
            return proRata(position, order, position.nothing);
        case "per cost":
            return byLots(position, order, perCost, lots);
        case "per margin":
            return byLots(position, order, perMargin, lots);
        case "keeper's choice":
            return byLots(position, order, byError(errorsE18), lots);
    }
}

/** What who takes all that was closed gains by the marks. */
export const gainOf = (closed: Closed, errorsE18: readonly bigint[]): bigint =>
    sum(closed.map((sizeE18, i) => mulFloor(sizeE18, errorsE18[i] ?? 0n)));
