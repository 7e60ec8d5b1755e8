/** Twin of contracts/libraries/math/Ewma.sol; the formula and its source are stated there. */
import {ONE_E18} from "../units.js";
import {mulDivDown, mulDivUp, mulUp} from "./fixedPoint.js";
import {expE18, sqrtE18} from "./transcendental.js";

export const YEAR_SECONDS = 365n * 86_400n;
const LN2_E18 = 693_147_180_559_945_309n;

export type Return = {
    /** Magnitude of the logarithmic return, 18 decimals. */
    readonly returnE18: bigint;
    readonly elapsedSeconds: bigint;
};

export type Memory = {
    readonly halfLifeSeconds: bigint;
    /** What is quieter than the average counts as if it had lasted for no longer. */
    readonly calmSeconds: bigint;
};

/** Annual variance after one more return, 18 decimals, rounded up. */
export function nextVarianceE18(
    varianceE18: bigint,
    {returnE18, elapsedSeconds}: Return,
    {halfLifeSeconds, calmSeconds}: Memory,
): bigint {
    const observedE18 = mulDivUp(mulUp(returnE18, returnE18), YEAR_SECONDS, elapsedSeconds);
    const isCalm = observedE18 < varianceE18 && elapsedSeconds > calmSeconds;
    const weighedSeconds = isCalm ? calmSeconds : elapsedSeconds;
    const keptE18 = expE18(-mulDivDown(LN2_E18, weighedSeconds, halfLifeSeconds));
    return mulUp(varianceE18, keptE18) + mulUp(observedE18, ONE_E18 - keptE18);
}

/** Annual volatility, 18 decimals, rounded up by at most one unit. */
export const volatilityE18 = (varianceE18: bigint): bigint => (varianceE18 === 0n ? 0n : sqrtE18(varianceE18) + 1n);

/** multiple * sigma * sqrt(horizon), fraction of the price, 18 decimals, rounded up. */
export function boundedMoveE18(varianceE18: bigint, multipleE18: bigint, horizonSeconds: bigint): bigint {
    const rootE18 = sqrtE18(mulDivUp(horizonSeconds, ONE_E18, YEAR_SECONDS)) + 1n;
    return mulUp(mulUp(multipleE18, volatilityE18(varianceE18)), rootE18);
}
