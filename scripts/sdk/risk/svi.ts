/** Twin of contracts/libraries/Svi.sol: implied variance by strike. All figures 18 decimals. */
import {abs, divDown, hypotE18, isqrt, max, mulFloor, sqrtE18} from "../math/index.js";
import {ONE_E18} from "../units.js";

export const MAX_SLOPE_E18 = 4n * ONE_E18;

/** Raw SVI total variance w2(k) = a + b (rho (k - m) + sqrt((k - m)^2 + sigma^2)), k = ln(strike / forward). */
export type Smile = {
    readonly aE18: bigint;
    readonly bE18: bigint;
    readonly rhoE18: bigint;
    readonly mE18: bigint;
    readonly sigmaE18: bigint;
};

export function totalVariance(smile: Smile, kE18: bigint): bigint {
    const distanceE18 = kE18 - smile.mE18;
    const wingE18 = mulFloor(smile.rhoE18, distanceE18) + hypotE18(distanceE18, smile.sigmaE18);
    return max(smile.aE18 + mulFloor(smile.bE18, wingE18), 0n);
}

/** Annual volatility at log-strike k of a surface that was reported `reportYears` before expiry. */
export const volatility = (smile: Smile, kE18: bigint, reportYearsE18: bigint): bigint =>
    sqrtE18(divDown(totalVariance(smile, kE18), reportYearsE18));

/** Where w comes from: a smile and the share of its report's time that is left, or one figure for every strike. */
export type VolShape = {readonly smile: Smile; readonly timeScaleE18: bigint} | {readonly wE18: bigint};

/** Volatility times root of time at log-strike k, as of now. */
export function totalVol({shape}: {readonly shape: VolShape}, kE18: bigint): bigint {
    if ("wE18" in shape) return shape.wE18;
    const {smile, timeScaleE18} = shape;
    return isqrt(totalVariance(smile, kE18) * timeScaleE18);
}

export function isAcceptable({aE18, bE18, rhoE18, sigmaE18}: Smile): boolean {
    const absRhoE18 = abs(rhoE18);
    if (absRhoE18 >= ONE_E18 || sigmaE18 <= 0n || bE18 < 0n) return false;
    if (bE18 * (ONE_E18 + absRhoE18) > MAX_SLOPE_E18 * ONE_E18) return false;
    const cosineE18 = sqrtE18(ONE_E18 - mulFloor(rhoE18, rhoE18));
    return aE18 + mulFloor(bE18, mulFloor(sigmaE18, cosineE18)) >= 0n;
}
