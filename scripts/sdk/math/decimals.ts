/** Twin of contracts/libraries/math/Decimals.sol: native token amounts to 18 decimals and back. */
import {InputError} from "../failures.js";
import {mulDivCeil, mulDivFloor} from "./fixedPoint.js";

const MAX_DECIMALS = 18;

function scale(decimals: number): bigint {
    if (decimals > MAX_DECIMALS) {
        throw new InputError("number-out-of-range", `A token with ${decimals} decimals has more than ${MAX_DECIMALS}`);
    }
    return 10n ** BigInt(MAX_DECIMALS - decimals);
}

export const toE18 = (amountNative: bigint, decimals: number): bigint => amountNative * scale(decimals);
export const toNativeDown = (amountE18: bigint, decimals: number): bigint =>
    mulDivFloor(amountE18, 1n, scale(decimals));
export const toNativeUp = (amountE18: bigint, decimals: number): bigint => mulDivCeil(amountE18, 1n, scale(decimals));
