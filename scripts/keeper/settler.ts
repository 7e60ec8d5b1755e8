/** Settlement of expiries: finds the two rounds of a feed around a moment. The oracle walks the window before it by itself. */

/** One round as a Chainlink proxy tells it. */
export type Round = {readonly roundId: bigint; readonly updatedAt: bigint};

/** A round by its proxy id; undefined when the feed has none of that number. */
export type RoundSource = {
    readonly latest: () => Promise<Round>;
    readonly round: (roundId: bigint) => Promise<Round | undefined>;
};

export type Straddle = {readonly roundId: bigint; readonly nextRoundId: bigint};

/** Proxy round id: phase in the upper bits, the aggregator's own number in the lower 64. */
const PHASE_SHIFT = 64n;
const firstOf = (phase: bigint): bigint => (phase << PHASE_SHIFT) | 1n;
const phaseOf = (roundId: bigint): bigint => roundId >> PHASE_SHIFT;
const numberOf = (roundId: bigint): bigint => roundId & (2n ** PHASE_SHIFT - 1n);

/**
 * The last round at or before the moment and the one after it. Undefined while no later round exists, or when the history
 * does not reach back.
 */
export async function findStraddle(source: RoundSource, atSeconds: bigint): Promise<Straddle | undefined> {
    const latest = await source.latest();
    if (latest.updatedAt <= atSeconds) return undefined;
    for (let phase = phaseOf(latest.roundId); phase >= 0n; --phase) {
        const first = await source.round(firstOf(phase));
        if (first === undefined || first.updatedAt > atSeconds) continue;
        const last = phase === phaseOf(latest.roundId) ? numberOf(latest.roundId) : await lastNumber(source, phase);
        const number = await lastAtOrBefore(source, phase, last, atSeconds);
        const roundId = (phase << PHASE_SHIFT) | number;
        const nextRoundId = number < last ? roundId + 1n : await firstAfter(source, phase);
        return {roundId, nextRoundId};
    }
    return undefined;
}

/** First round of the next phase that has one; the latest round's phase does. */
async function firstAfter(source: RoundSource, phase: bigint): Promise<bigint> {
    let next = phase + 1n;
    while ((await source.round(firstOf(next))) === undefined) ++next;
    return firstOf(next);
}

/** Greatest number of a finished phase: doubling, then halving. */
async function lastNumber(source: RoundSource, phase: bigint): Promise<bigint> {
    const exists = async (number: bigint): Promise<boolean> =>
        (await source.round((phase << PHASE_SHIFT) | number)) !== undefined;
    let high = 2n;
    while (await exists(high)) high *= 2n;
    let low = high / 2n;
    while (high - low > 1n) {
        const middle = (low + high) / 2n;
        if (await exists(middle)) low = middle;
        else high = middle;
    }
    return low;
}

async function lastAtOrBefore(source: RoundSource, phase: bigint, last: bigint, atSeconds: bigint): Promise<bigint> {
    let low = 1n;
    let high = last + 1n;
    while (high - low > 1n) {
        const middle = (low + high) / 2n;
        const round = await source.round((phase << PHASE_SHIFT) | middle);
        if (round !== undefined && round.updatedAt <= atSeconds) low = middle;
        else high = middle;
    }
    return low;
}
