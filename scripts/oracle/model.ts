/**
 * A market made from prices alone, for replays and local chains: where no option prices are at hand, volatility follows a stated
 * rule. It rises as price stands below its recent level, and more for near expiries:
 *
 *   vol(T) = base · (1 + 4·max(0, ln(recent / spot)) + 1.5·|ln(spot / last)|) · (30 days / T)^(1/5),  at most 300 %
 *
 * with a smile of fixed shape around the forward, and a forward that leaves its carry and goes to a discount in a fall.
 */
import {ONE_E18, parseE18} from "../sdk/units.js";
import {
    abs,
    expE18,
    lnE18,
    lnRatioE18,
    max,
    min,
    mulDivDown,
    mulDivFloor,
    mulDown,
    mulFloor,
} from "../sdk/math/index.js";
import {carryE18} from "../shared/carry.js";
import type {Market, UnderlyingQuotes} from "./market.js";
import {YEAR_SECONDS} from "./market.js";

export type ModelInput = {
    readonly underlying: number;
    readonly spotE18: bigint;
    /** Price one bar ago. */
    readonly lastE18: bigint;
    /** Moving average of the price over about a day. */
    readonly recentE18: bigint;
    /** Annual volatility at 30 days in a calm market. */
    readonly baseVolE18: bigint;
};

const DAY = 86_400n;
const FALL_SLOPE = 4n;
const MOVE_SLOPE_E18 = parseE18("1.5");
const MAX_VOL_E18 = 3n * ONE_E18;
const SMILE_SLOPE_E18 = parseE18("0.8");
const RHO_E18 = parseE18("-0.15");
const SIGMA_E18 = parseE18("0.2");

/** Annual volatility at the money for an expiry so many seconds away. */
export function modelVol({spotE18, lastE18, recentE18, baseVolE18}: ModelInput, seconds: number): bigint {
    const fallE18 = max(lnRatioE18(recentE18, spotE18), 0n);
    const moveE18 = abs(lnRatioE18(spotE18, lastE18));
    const stressE18 = ONE_E18 + FALL_SLOPE * fallE18 + mulDown(moveE18, MOVE_SLOPE_E18);
    const daysE18 = mulDivDown(max(BigInt(seconds), DAY), ONE_E18, DAY);
    const nearnessE18 = expE18(mulDivFloor(lnE18(30n * ONE_E18) - lnE18(daysE18), 1n, 5n));
    return min(mulDown(mulDown(baseVolE18, stressE18), nearnessE18), MAX_VOL_E18);
}

function quotesOf(input: ModelInput, time: number, expiries: readonly number[]): UnderlyingQuotes {
    const alive = expiries.filter((expiry) => expiry > time).sort((one, other) => one - other);
    return {
        underlying: input.underlying,
        spotE18: input.spotE18,
        expiries: alive.map((expiry) => {
            const yearsE18 = mulDivDown(BigInt(expiry - time), ONE_E18, BigInt(YEAR_SECONDS));
            const volE18 = modelVol(input, expiry - time);
            const varianceE18 = mulDown(mulDown(volE18, volE18), yearsE18);
            const bE18 = mulDown(varianceE18, SMILE_SLOPE_E18);
            const smile = {
                aE18: varianceE18 - mulDown(bE18, SIGMA_E18),
                bE18,
                rhoE18: RHO_E18,
                mE18: 0n,
                sigmaE18: SIGMA_E18,
            };
            const ratioE18 = expE18(mulFloor(carryE18(input), yearsE18));
            return {expiry, forwardE18: mulDown(input.spotE18, ratioE18), discountE18: ONE_E18, smile};
        }),
    };
}

export const modelMarket = (time: number, expiries: readonly number[], inputs: readonly ModelInput[]): Market => ({
    time,
    underlyings: inputs.map((input) => quotesOf(input, time, expiries)),
});
