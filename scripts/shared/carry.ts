/** Carry of forwards where none is quoted, by the price alone. */
import {lnRatioE18, max, min, mulFloor} from "../sdk/math/index.js";
import {ONE_E18, parseE18} from "../sdk/units.js";

const CALM_E18 = parseE18("0.06");
const PANIC_E18 = parseE18("-0.30");
const FALL_SLOPE = 3n;

export type Standing = {
    readonly spotE18: bigint;
    /** Moving average of the price over about a day. */
    readonly recentE18: bigint;
};

/** ln(forward / spot) per year: slides from calm to panic as price stands below its recent level. */
export function carryE18({spotE18, recentE18}: Standing): bigint {
    const fallE18 = min(max(lnRatioE18(recentE18, spotE18), 0n) * FALL_SLOPE, ONE_E18);
    return CALM_E18 + mulFloor(fallE18, PANIC_E18 - CALM_E18);
}
