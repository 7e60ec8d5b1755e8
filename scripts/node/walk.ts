/** Prices that nobody has to fetch: a walk in small steps, the same for the same seed. */
import {ONE_E18, parseE18} from "../sdk/index.js";
import {max, min, mulDown} from "../sdk/math/index.js";

export type Walk = {readonly priceE18: bigint; readonly seed: bigint};

const MULTIPLIER = 6364136223846793005n;
const INCREMENT = 1442695040888963407n;
const MASK = 2n ** 64n - 1n;
const HIGH_BITS = 33n;
const HALF = 2n ** 30n;
/** Largest step, as a fraction of the price. */
const STEP_E18 = parseE18("0.003");
const LOW_E18 = parseE18("0.25");
const HIGH_E18 = parseE18("4");

/** One step; the price stays between a quarter and four times its origin. */
export function step({priceE18, seed}: Walk, originE18: bigint): Walk {
    const next = (seed * MULTIPLIER + INCREMENT) & MASK;
    const drawnE18 = ((next >> HIGH_BITS) - HALF) * STEP_E18;
    const moved = mulDown(priceE18, ONE_E18 + (drawnE18 >> 30n));
    return {priceE18: max(mulDown(originE18, LOW_E18), min(moved, mulDown(originE18, HIGH_E18))), seed: next};
}
