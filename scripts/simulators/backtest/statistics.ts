/** Rates and how far they can be trusted. Floating point: nothing here decides about money. */

export type Interval = readonly [low: number, high: number];

/** Two-sided 95 % quantile of the normal distribution. */
const Z = 1.959963984540054;

/** Wilson's score interval of a rate; counts need not be whole. */
export function wilson(hits: number, count: number): Interval {
    if (count <= 0) return [0, 1];
    const rate = hits / count;
    const z2 = (Z * Z) / count;
    const centre = rate + z2 / 2;
    const reach = Z * Math.sqrt((rate * (1 - rate)) / count + z2 / (4 * count));
    return [Math.max(0, (centre - reach) / (1 + z2)), Math.min(1, (centre + reach) / (1 + z2))];
}

/** A stream of numbers in [0, 1) that a seed fixes: mulberry32. */
export function randomFrom(seed: number): () => number {
    let state = seed >>> 0;
    return () => {
        state = (state + 0x6d2b79f5) >>> 0;
        let mixed = Math.imul(state ^ (state >>> 15), state | 1);
        mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
        return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
    };
}

export type Bootstrap = {readonly block: number; readonly draws: number; readonly seed: number};

/**
 * Percentile interval of a rate over blocks of neighbours drawn with replacement, so that what comes in clusters stays in clusters.
 * The sequence is a circle, so that every place is equally likely.
 */
export function blockBootstrap(hits: readonly boolean[], {block, draws, seed}: Bootstrap): Interval {
    const count = hits.length;
    if (count === 0) return [0, 1];
    const sums = [0];
    for (let i = 0; i < count + block; i++) sums.push((sums[i] ?? 0) + (hits[i % count] === true ? 1 : 0));
    const random = randomFrom(seed);
    const blocks = Math.ceil(count / block);
    const rates = Array.from({length: draws}, () => {
        let total = 0;
        for (let i = 0; i < blocks; i++) {
            const from = Math.floor(random() * count);
            total += (sums[from + block] ?? 0) - (sums[from] ?? 0);
        }
        return total / (blocks * block);
    });
    rates.sort((one, other) => one - other);
    const at = (share: number): number => rates[Math.floor(share * (draws - 1))] ?? 0;
    return [at(0.025), at(0.975)];
}

export const mean = (values: readonly number[]): number =>
    values.length === 0 ? 0 : values.reduce((total, value) => total + value, 0) / values.length;
