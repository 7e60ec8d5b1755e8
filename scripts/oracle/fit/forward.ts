/** Forward and discount factor from calls and puts at the same strikes: call - put = discount (forward - strike). */
import {FitError} from "./failures.js";
import {huber, median} from "./svi.js";

/** A strike that is quoted on both sides; prices of today. */
export type Pair = {
    readonly strike: number;
    /** Price of the call less price of the put. */
    readonly difference: number;
    /** One standard deviation of the difference, above zero. */
    readonly error: number;
};

export type Carry = {readonly forward: number; readonly discount: number};

const PASSES = 12;
const NORMAL_MAD = 1.4826;
/** Greatest relative distance of a given forward from what calls and puts imply. */
export const MAX_FORWARD_GAP = 0.01;

type Weighted = Pair & {readonly weight: number};

function line(pairs: readonly Weighted[], discount: number | undefined): Carry {
    const total = pairs.reduce((sum, {weight}) => sum + weight, 0);
    const mean = (of: (pair: Pair) => number): number =>
        pairs.reduce((sum, pair) => sum + pair.weight * of(pair), 0) / total;
    const [strike, difference] = [mean((pair) => pair.strike), mean((pair) => pair.difference)];
    const spread = mean((pair) => (pair.strike - strike) ** 2);
    const slope = mean((pair) => (pair.strike - strike) * (pair.difference - difference)) / spread;
    const factor = discount ?? -slope;
    return {forward: strike + difference / factor, discount: factor};
}

/** Robust line through the pairs; one pair is enough where the discount factor is known. */
function parity(pairs: readonly Pair[], discount: number | undefined): Carry {
    const off = ({forward, discount: factor}: Carry, {strike, difference, error}: Pair): number =>
        (difference - factor * (forward - strike)) / error;
    let carry = start(pairs, discount);
    for (let pass = 0; pass < PASSES; ++pass) {
        const now = carry;
        const scale = Math.max(1, NORMAL_MAD * median(pairs.map((pair) => Math.abs(off(now, pair)))));
        // Squared, a weight falls faster than Huber's: a quote that is far off has no say at all.
        carry = line(
            pairs.map((pair) => ({...pair, weight: huber(off(now, pair), scale) ** 2 / pair.error ** 2})),
            discount,
        );
    }
    return carry;
}

/** Medians, which a few wrong quotes do not move: of the slopes between pairs, and of the forwards at each strike. */
function start(pairs: readonly Pair[], discount: number | undefined): Carry {
    const slopes = pairs.flatMap((one, index) =>
        pairs.slice(index + 1).map((other) => (one.difference - other.difference) / (other.strike - one.strike)),
    );
    const factor = discount ?? median(slopes);
    return {forward: median(pairs.map(({strike, difference}) => strike + difference / factor)), discount: factor};
}

export type CarryInput = {
    /** One per strike. */
    readonly pairs: readonly Pair[];
    readonly forward?: number | undefined;
    readonly discount?: number | undefined;
};

/** With fewer pairs a given forward is believed rather than theirs. */
export const ENOUGH_PAIRS = 3;
const MAX_DISCOUNT = 1.05;

/**
 * Three strikes quoted on both sides give forward and discount factor, and a given forward must agree with them. Otherwise the given
 * forward counts, or the pairs that there are with the given discount factor, 1 without one.
 */
export function fitCarry({pairs, forward, discount}: CarryInput): Carry {
    if (pairs.length < ENOUGH_PAIRS) {
        if (forward !== undefined) return {forward, discount: discount ?? 1};
        if (pairs.length === 0) {
            throw new FitError("fit-forward", "Neither a forward nor a strike that is quoted on both sides");
        }
        return parity(pairs, discount ?? 1);
    }
    const carry = parity(pairs, discount);
    if (!(carry.discount > 0 && carry.discount <= MAX_DISCOUNT && carry.forward > 0)) {
        const found = {forward: String(carry.forward), discount: String(carry.discount)};
        throw new FitError("fit-discount", `Calls and puts imply a discount factor of ${found.discount}`, found);
    }
    if (forward !== undefined && Math.abs(forward / carry.forward - 1) > MAX_FORWARD_GAP) {
        const found = {given: String(forward), implied: String(carry.forward), pairs: String(pairs.length)};
        throw new FitError(
            "fit-forward",
            `Forward ${found.given} is given, calls and puts say ${found.implied}`,
            found,
        );
    }
    return carry;
}
