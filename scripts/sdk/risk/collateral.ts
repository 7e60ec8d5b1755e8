/** Twin of contracts/risk/Collateral.sol: weight = min(base, 1.1 / (k sqrt(value) + 1)) on the whole holding. */
import {isqrt, min, mulDivDown, mulDown} from "../math/index.js";
import type {AssetParams} from "./types.js";

const ROOT_SCALE_E24 = 10n ** 24n;
const ONE_E48 = 10n ** 48n;
const SIZE_LIMIT_E48 = 11n * 10n ** 47n;

export function creditedUnits(params: AssetParams, unitsE18: bigint, priceE18: bigint): bigint {
    const baseE18 = mulDown(unitsE18, params.weightE18);
    if (params.sizeE18 === 0n) return baseE18;
    const rootE30 = isqrt(unitsE18 * priceE18 * ROOT_SCALE_E24);
    return min(baseE18, mulDivDown(unitsE18, SIZE_LIMIT_E48, params.sizeE18 * rootE30 + ONE_E48));
}
