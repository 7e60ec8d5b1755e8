/** Numbers that look random and are the same for the same seed. */
export class Random {
    #state: number;

    constructor(seed: number) {
        this.#state = seed >>> 0;
    }

    /** A whole number from 0 up to, but not including, `count`. */
    below(count: number): number {
        // Mulberry32.
        this.#state = (this.#state + 0x6d2b79f5) >>> 0;
        let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
        mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
        return ((mixed ^ (mixed >>> 14)) >>> 0) % count;
    }

    /** A whole number from `least` to `most`. */
    between(least: number, most: number): number {
        return least + this.below(most - least + 1);
    }

    pick<T>(all: readonly T[]): T {
        const found = all[this.below(all.length)];
        if (found === undefined) throw new RangeError("There is nothing to pick from");
        return found;
    }
}
