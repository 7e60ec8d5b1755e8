/** The settlement price from its definition: a price for every second of the window, and their mean. */
export type FeedRound = {readonly priceE18: bigint; readonly updatedAt: number};
/** Rounds of one phase, oldest first. */
export type FeedPhase = readonly FeedRound[];
export type Straddle = {
    readonly phase: number;
    readonly number: number;
    readonly nextPhase: number;
    readonly next: number;
};

/** The rounds around a moment: of the newest phase that had begun, and whatever comes after its last. Numbers count from 1. */
export function straddleOf(phases: readonly FeedPhase[], at: number): Straddle | undefined {
    const phase = phases.findLastIndex((rounds) => rounds[0] !== undefined && rounds[0].updatedAt <= at);
    const rounds = phases[phase] ?? [];
    const place = rounds.findLastIndex(({updatedAt}) => updatedAt <= at);
    if (place < 0) return undefined;
    if (place + 1 < rounds.length) return {phase: phase + 1, number: place + 1, nextPhase: phase + 1, next: place + 2};
    const later = phases.findIndex((other, index) => index > phase && other.length > 0);
    return later < 0 ? undefined : {phase: phase + 1, number: place + 1, nextPhase: later + 1, next: 1};
}

const roundAt = (phases: readonly FeedPhase[], phase: number, number: number): FeedRound => {
    const found = phases[phase - 1]?.[number - 1];
    if (found === undefined) throw new Error(`no round ${number} in phase ${phase}`);
    return found;
};

/** The answer that comes after a round in the time up to the end: of its own phase, or of a newer one that begins first. */
function followerOf(
    phases: readonly FeedPhase[],
    {phase, number, nextPhase, next}: Straddle,
    at: number,
    until: number,
) {
    const own = phases[phase - 1]?.[number];
    const begun = phases
        .slice(phase)
        .flatMap((rounds) => rounds.slice(0, 1))
        .filter(({updatedAt}) => updatedAt > at && updatedAt <= until);
    const follower = [...(own === undefined ? [] : [own]), ...begun].sort((a, b) => a.updatedAt - b.updatedAt)[0];
    return follower ?? roundAt(phases, nextPhase, next);
}

/** Price of one second: the last answer, or, once that is too old, the next. */
function secondE18(
    phases: readonly FeedPhase[],
    at: number,
    {until, maxAgeSeconds}: {until: number; maxAgeSeconds: number},
): bigint | undefined {
    const straddle = straddleOf(phases, at);
    if (straddle === undefined) return undefined;
    const round = roundAt(phases, straddle.phase, straddle.number);
    return at - round.updatedAt < maxAgeSeconds ? round.priceE18 : followerOf(phases, straddle, at, until).priceE18;
}

/** @rounding down, once */
export function settlementE18(
    phases: readonly FeedPhase[],
    {until, windowSeconds, maxAgeSeconds}: {until: number; windowSeconds: number; maxAgeSeconds: number},
): bigint {
    const prices = Array.from({length: windowSeconds}, (_, index) =>
        secondE18(phases, until - windowSeconds + index, {until, maxAgeSeconds}),
    );
    const first = prices.find((price) => price !== undefined);
    if (first === undefined) throw new Error("no answer in the window");
    // Before the first round of the feed its own answer stands.
    return prices.reduce<bigint>((total, price) => total + (price ?? first), 0n) / BigInt(windowSeconds);
}
