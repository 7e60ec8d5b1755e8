/** Inputs for differential tests: seeded, and spread over orders of magnitude rather than crowded at the top. */

export type Random = {
    /** Uniform in [0, bound). */
    readonly below: (bound: bigint) => bigint;
    /** Uniform in [min, max]. */
    readonly between: (min: bigint, max: bigint) => bigint;
    /** Positive, uniform in the number of its bits, at most `bits`. */
    readonly magnitude: (bits: number) => bigint;
    /** The same with either sign, and zero now and then. */
    readonly signed: (bits: number) => bigint;
    readonly pick: <T>(items: readonly T[]) => T;
};

const MASK_64 = (1n << 64n) - 1n;

/** Splitmix64: small, seeded, and good enough to choose inputs. */
export function randomFrom(seed: bigint): Random {
    let state = seed & MASK_64;
    const word = (): bigint => {
        state = (state + 0x9e3779b97f4a7c15n) & MASK_64;
        let z = state;
        z = ((z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n) & MASK_64;
        z = ((z ^ (z >> 27n)) * 0x94d049bb133111ebn) & MASK_64;
        return z ^ (z >> 31n);
    };
    const below = (bound: bigint): bigint => {
        let wide = 0n;
        for (let bits = 0n; bits < 320n; bits += 64n) wide = (wide << 64n) | word();
        return wide % bound;
    };
    const between = (min: bigint, max: bigint): bigint => min + below(max - min + 1n);
    const magnitude = (bits: number): bigint => {
        const top = 1n << below(BigInt(bits));
        return top + below(top);
    };
    const signed = (bits: number): bigint => {
        const sign = below(16n);
        if (sign === 0n) return 0n;
        return sign % 2n === 0n ? magnitude(bits) : -magnitude(bits);
    };
    const pick = <T>(items: readonly T[]): T => items[Number(below(BigInt(items.length)))]!;
    return {below, between, magnitude, signed, pick};
}
