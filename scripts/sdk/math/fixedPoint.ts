/**
 * Twin of contracts/libraries/math/FixedPoint.sol: products and quotients that say which way they round. Floor and ceil
 * are toward -infinity and +infinity, whatever the sign; down and up are the same for numbers that are never negative.
 */
import {InputError} from "../failures.js";
import {ONE_E18} from "../units.js";

function positive(denominator: bigint): bigint {
    if (denominator <= 0n) {
        throw new InputError("number-out-of-range", `Denominator ${denominator} must be above zero`);
    }
    return denominator;
}

export function mulDivFloor(a: bigint, b: bigint, denominator: bigint): bigint {
    const product = a * b;
    const quotient = product / positive(denominator);
    // BigInt division truncates toward zero, which is one too high for a negative result with a remainder.
    return product < 0n && quotient * denominator !== product ? quotient - 1n : quotient;
}

export function mulDivCeil(a: bigint, b: bigint, denominator: bigint): bigint {
    return -mulDivFloor(-a, b, denominator);
}

export const mulDivDown = mulDivFloor;
export const mulDivUp = mulDivCeil;

export const mulFloor = (aE18: bigint, bE18: bigint): bigint => mulDivFloor(aE18, bE18, ONE_E18);
export const mulCeil = (aE18: bigint, bE18: bigint): bigint => mulDivCeil(aE18, bE18, ONE_E18);
export const mulDown = mulFloor;
export const mulUp = mulCeil;
export const divDown = (aE18: bigint, bE18: bigint): bigint => mulDivFloor(aE18, ONE_E18, bE18);
export const divUp = (aE18: bigint, bE18: bigint): bigint => mulDivCeil(aE18, ONE_E18, bE18);

/** Figures with more decimals than they need, cut to those. */
export const cutE24 = (xE24: bigint): bigint => mulDivFloor(xE24, 1n, 10n ** 24n);
export const cutE18 = (xE18: bigint): bigint => mulDivFloor(xE18, 1n, ONE_E18);
/** A figure with 36 decimals times a weight, to 18 decimals. */
export const weightedCeil = (xE36: bigint, weightE18: bigint): bigint => -mulDivFloor(-xE36, weightE18, 10n ** 36n);
/** Cells, see cdfTable: 2^29 to the unit, to the nearest. */
export const cellsOf = (xE18: bigint): bigint => mulDivFloor((xE18 << 29n) + ONE_E18 / 2n, 1n, ONE_E18);
/** Cells per unit of what is divided by x, 96 fractional bits. */
export const reciprocalCells = (xE18: bigint): bigint => mulDivFloor(1n << 125n, 1n, xE18);

export const max = (first: bigint, ...others: readonly bigint[]): bigint =>
    others.reduce((greatest, value) => (value > greatest ? value : greatest), first);
export const min = (first: bigint, ...others: readonly bigint[]): bigint =>
    others.reduce((least, value) => (value < least ? value : least), first);
export const abs = (value: bigint): bigint => (value < 0n ? -value : value);
export const sum = (values: readonly bigint[]): bigint => values.reduce((total, value) => total + value, 0n);
