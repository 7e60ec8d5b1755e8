/**
 * Twin of contracts/libraries/math/Transcendental.sol: the same integers in the same order, so that every result is equal
 * to the last unit. `/` truncates and `>>` floors here as in Solidity. Formulas and error bounds are stated there.
 */
import {InputError} from "../failures.js";
import {ONE_E18} from "../units.js";
import {mulDivFloor, mulFloor} from "./fixedPoint.js";

export const EXP_MAX_E18 = 130n * ONE_E18;
export const EXP_MIN_E18 = -42n * ONE_E18;

const ONE_X96 = 1n << 96n;
const LN2_X96 = 54916777467707473351141471128n;
const INVERSE_LN2_X96 = 114302077158074026402637675937n;
const SQRT2_X96 = 112045541949572279837463876455n;
const LN_1E18_X96 = 3283732547111784853622338894909n;

/** Greatest integer whose square is at most `value`. */
export const isqrt = (value: bigint): bigint => {
    if (value < 2n) return value;
    let root = 1n << BigInt((value.toString(2).length + 1) >> 1);
    for (;;) {
        const next = (root + value / root) >> 1n;
        if (next >= root) return root;
        root = next;
    }
};

function expParts(xX96: bigint): {readonly mantissaX96: bigint; readonly exponent: bigint} {
    const exponent = (xX96 * INVERSE_LN2_X96 + (1n << 191n)) >> 192n;
    const rX96 = xX96 - exponent * LN2_X96;
    const yX96 = (rX96 * rX96) >> 96n;
    let pX96 = 56n * yX96 + 25200n * ONE_X96;
    pX96 = ((pX96 * yX96) >> 96n) + 1995840n * ONE_X96;
    pX96 = ((pX96 * yX96) >> 96n) + 17297280n * ONE_X96;
    let qX96 = yX96 + 1512n * ONE_X96;
    qX96 = ((qX96 * yX96) >> 96n) + 277200n * ONE_X96;
    qX96 = ((qX96 * yX96) >> 96n) + 8648640n * ONE_X96;
    const oddX96 = (rX96 * qX96) >> 96n;
    return {mantissaX96: ((pX96 + oddX96) * ONE_X96) / (pX96 - oddX96), exponent};
}

export function expE18(xE18: bigint): bigint {
    if (xE18 > EXP_MAX_E18) throw new InputError("number-out-of-range", `e^x is too great for x = ${xE18}e-18`);
    if (xE18 < EXP_MIN_E18) return 0n;
    const {mantissaX96, exponent} = expParts((xE18 * ONE_X96) / ONE_E18);
    const scaled = mantissaX96 * ONE_E18;
    return exponent <= 96n ? scaled >> (96n - exponent) : scaled << (exponent - 96n);
}

/** e^x for x <= 0, 96 fractional bits. */
export function expNegativeX96(xX96: bigint): bigint {
    const {mantissaX96, exponent} = expParts(xX96);
    return mantissaX96 >> -exponent;
}

export function lnE18(xE18: bigint): bigint {
    if (xE18 <= 0n) throw new InputError("number-out-of-range", "The logarithm is of numbers above zero only");
    let exponent = BigInt(xE18.toString(2).length - 1);
    const mX96 = exponent >= 96n ? xE18 >> (exponent - 96n) : xE18 << (96n - exponent);
    let unitX96 = ONE_X96;
    if (mX96 >= SQRT2_X96) {
        unitX96 = 2n * ONE_X96;
        exponent += 1n;
    }
    const zX96 = ((mX96 - unitX96) * ONE_X96) / (mX96 + unitX96);
    const squareX96 = (zX96 * zX96) >> 96n;
    let seriesX96 = 0n;
    for (let k = 29n; k > 0n; k -= 2n) {
        seriesX96 = ((seriesX96 * squareX96) >> 96n) + ONE_X96 / k;
    }
    const lnX96 = ((2n * zX96 * seriesX96) >> 96n) + exponent * LN2_X96 - LN_1E18_X96;
    return (lnX96 * ONE_E18 + ONE_X96 / 2n) >> 96n;
}

/** ln(a / b) of two positive numbers of the same unit. */
export function lnRatioE18(a: bigint, b: bigint): bigint {
    return a >= b ? lnE18(mulDivFloor(a, ONE_E18, b)) : -lnE18(mulDivFloor(b, ONE_E18, a));
}

export const powE18 = (xE18: bigint, pE18: bigint): bigint => expE18(mulFloor(lnE18(xE18), pE18));

export const sqrtE18 = (xE18: bigint): bigint => isqrt(xE18 * ONE_E18);

export const hypotE18 = (xE18: bigint, yE18: bigint): bigint => isqrt(xE18 * xE18 + yE18 * yE18);
