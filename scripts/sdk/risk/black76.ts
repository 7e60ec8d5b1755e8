/** Twin of contracts/risk/Black76.sol: options on a forward. All figures 18 decimals; w = volatility * sqrt(years). */
import type {Kind} from "../instruments.js";
import {cdfE18, lnRatioE18, max, min, mulDivFloor, mulDown, mulFloor} from "../math/index.js";
import {ONE_E18} from "../units.js";

export const MIN_W_E18 = 10n ** 9n;
export const MAX_W_E18 = 24n * ONE_E18;

export type OptionKind = Extract<Kind, "CALL" | "PUT">;

/** Terms of one option that no scenario changes. */
export type Terms = {
    readonly kind: OptionKind;
    readonly forwardE18: bigint;
    readonly strikeE18: bigint;
    /** ln(forward / strike). */
    readonly lnMoneynessE18: bigint;
    readonly discountE18: bigint;
};

export const terms = (kind: OptionKind, forwardE18: bigint, strikeE18: bigint, discountE18: bigint): Terms => ({
    kind,
    forwardE18,
    strikeE18,
    lnMoneynessE18: lnRatioE18(forwardE18, strikeE18),
    discountE18,
});

export const boundW = (wE18: bigint): bigint => min(max(wE18, MIN_W_E18), MAX_W_E18);

/** d1 and d2 with w inside its bounds. */
export function distances(lnMoneynessE18: bigint, wE18: bigint): {readonly d1E18: bigint; readonly d2E18: bigint} {
    const w = boundW(wE18);
    const d1E18 = mulDivFloor(lnMoneynessE18, ONE_E18, w) + (w >> 1n);
    return {d1E18, d2E18: d1E18 - w};
}

export function undiscountedCall(forwardE18: bigint, strikeE18: bigint, lnMoneynessE18: bigint, wE18: bigint): bigint {
    const {d1E18, d2E18} = distances(lnMoneynessE18, wE18);
    const differenceE36 = forwardE18 * cdfE18(d1E18) - strikeE18 * cdfE18(d2E18);
    const callE18 = differenceE36 > 0n ? mulDivFloor(differenceE36, 1n, ONE_E18) : 0n;
    return max(callE18, forwardE18 - strikeE18);
}

function priceOn(option: Terms, forwardE18: bigint, lnMoneynessE18: bigint, wE18: bigint): bigint {
    const callE18 = undiscountedCall(forwardE18, option.strikeE18, lnMoneynessE18, wE18);
    const valueE18 = option.kind === "PUT" ? callE18 + option.strikeE18 - forwardE18 : callE18;
    return mulDown(valueE18, option.discountE18);
}

export const price = (option: Terms, wE18: bigint): bigint =>
    priceOn(option, option.forwardE18, option.lnMoneynessE18, wE18);

export const priceAt = (option: Terms, factorE18: bigint, lnFactorE18: bigint, wE18: bigint): bigint =>
    priceOn(option, mulDown(option.forwardE18, factorE18), option.lnMoneynessE18 + lnFactorE18, wE18);

export function delta(option: Terms, wE18: bigint): bigint {
    const callE18 = cdfE18(distances(option.lnMoneynessE18, wE18).d1E18);
    return mulFloor(option.kind === "PUT" ? callE18 - ONE_E18 : callE18, option.discountE18);
}

export function intrinsic(kind: OptionKind, forwardE18: bigint, strikeE18: bigint): bigint {
    return max(kind === "CALL" ? forwardE18 - strikeE18 : strikeE18 - forwardE18, 0n);
}
