/**
 * The standard normal distribution as a table of cubics, and its twin of contracts/risk/kernel/Cdf.sol: the same integers, so
 * that every probability is equal to the last unit.
 *
 * Arguments are "cells": x cells = (d + EDGE) * 32, with 24 fractional bits. Cell i holds p(t) = c0 + t (q0 + q1 t + q2 t^2),
 * t in [0, 1), near cdf(i / 32 - 6.5 + t / 32). One word: c0 with 36 fractional bits in the lowest 37 bits, then q0, q1 and q2
 * 73 bits apart, with 78, 54 and 30 fractional bits. The product of the word with t^2 + t X + X^2, X = 2^73 and t an integer
 * of 24 bits, has q0 + q1 t + q2 t^2 in its highest 73 bits: a quadratic for one multiplication.
 */
import {isqrt} from "./transcendental.js";
import {cdfE18} from "./normal.js";

/** Fractional bits of an argument. */
export const FRACTION_BITS = 24n;
/** Bits of a unit of d: 32 cells of 2^24. */
export const UNIT_BITS = 29n;
export const CELLS = 416;
/** d = -6.5 is the beginning, d = 6.5 the end of the table. */
export const EDGE = (13n << UNIT_BITS) >> 1n;
export const SPAN = 13n << UNIT_BITS;
/** A probability of one. */
export const CDF_BITS = 36n;
export const CDF_ONE = 1n << CDF_BITS;

const LANE_BITS = 73n;
const CONSTANT_BITS = 37n;
const SLOPE_BITS = 78n;
const FRACTION_MASK = (1n << FRACTION_BITS) - 1n;
const CONSTANT_MASK = (1n << CONSTANT_BITS) - 1n;
const LANE = 1n << LANE_BITS;
const LANE_SQUARED = 1n << (2n * LANE_BITS);
const TOP_SHIFT = CONSTANT_BITS + 2n * LANE_BITS;
const RESULT_SHIFT = SLOPE_BITS + FRACTION_BITS - CDF_BITS;

/** Decimal digits that the construction carries: far more than the words keep. */
const ONE = 10n ** 36n;
const ONE_E18 = 10n ** 18n;

const times = (a: bigint, b: bigint): bigint => (a * b) / ONE;
/** a / b to the nearest integer, b > 0. */
const nearest = (a: bigint, b: bigint): bigint => {
    const shifted = 2n * a + b;
    const quotient = shifted / (2n * b);
    return shifted < 0n && quotient * 2n * b !== shifted ? quotient - 1n : quotient;
};

/** Zeros of the fourth Chebyshev polynomial: cos(pi / 8), cos(3 pi / 8) and their opposites. */
const ROOT_2 = isqrt(2n * ONE * ONE);
const OUTER = isqrt((2n * ONE + ROOT_2) * ONE) / 2n;
const INNER = isqrt((2n * ONE - ROOT_2) * ONE) / 2n;
const NODES = [OUTER, INNER, -INNER, -OUTER] as const;

/** Chebyshev polynomial of a degree up to 3. */
function chebyshev(degree: 0 | 1 | 2 | 3, x: bigint): bigint {
    if (degree === 0) return ONE;
    if (degree === 1) return x;
    const square = times(x, x);
    return degree === 2 ? 2n * square - ONE : times(4n * square - 3n * ONE, x);
}

/** Coefficient of a Chebyshev polynomial in the cubic through the values at the nodes. */
const coefficient = (values: readonly bigint[], degree: 0 | 1 | 2 | 3): bigint =>
    values.reduce((sum, value, i) => sum + times(value, chebyshev(degree, NODES[i] ?? 0n)), 0n) /
    (degree === 0 ? 4n : 2n);

/** cdf at t of a cell, 36 digits of which 18 hold. */
const exact = (cell: number, t: bigint): bigint => {
    const d = (BigInt(2 * cell - CELLS) * ONE_E18 + (2n * t * ONE_E18) / ONE) / 64n;
    return cdfE18(d) * ONE_E18;
};

/**
 * The word of a cell. The cubic through the four Chebyshev nodes is near the best there is; each coefficient is rounded from
 * the highest down, and the lower ones are fitted to what the rounding left over, which takes most of it back.
 */
export function cellWord(cell: number): bigint {
    const ts = NODES.map((node) => (ONE + node) / 2n);
    let rest = ts.map((t) => exact(cell, t));
    const fit = (degree: 1 | 2 | 3, leading: bigint, bits: bigint): bigint => {
        const rounded = nearest(leading * coefficient(rest, degree) * (1n << bits), ONE);
        const power = (t: bigint): bigint => (degree === 1 ? t : degree === 2 ? times(t, t) : times(times(t, t), t));
        rest = rest.map((value, i) => value - (rounded * power(ts[i] ?? 0n)) / (1n << bits));
        return rounded;
    };
    // Leading coefficients of the shifted polynomials T3, T2 and T1.
    const q2 = fit(3, 32n, SLOPE_BITS - 2n * FRACTION_BITS);
    const q1 = fit(2, 8n, SLOPE_BITS - FRACTION_BITS);
    const q0 = fit(1, 2n, SLOPE_BITS);
    // Half a unit more, because the product is cut.
    const c0 = nearest(coefficient(rest, 0) * 2n * CDF_ONE + ONE, 2n * ONE);
    const slopes = q0 + (q1 << LANE_BITS) + (q2 << (2n * LANE_BITS));
    return BigInt.asUintN(256, (c0 < 0n ? 0n : c0) + (slopes << CONSTANT_BITS));
}

let words: readonly bigint[] | undefined;

/** All words, in the order of their cells. */
export function cdfTable(): readonly bigint[] {
    words ??= Array.from({length: CELLS}, (_, cell) => cellWord(cell));
    return words;
}

/** Code of the contract that holds the table: a stop, so that nobody runs it, then the words. */
export const tableCode = (): string =>
    `0x00${cdfTable()
        .map((word) => word.toString(16).padStart(64, "0"))
        .join("")}`;

/** Probability that a standard normal variable is at most d, for an argument of any size; 36 fractional bits. */
export function cdfOfCells(x: bigint): bigint {
    if (x < 0n) return 0n;
    if (x >= SPAN) return CDF_ONE;
    const word = cdfTable()[Number(x >> FRACTION_BITS)] ?? 0n;
    const t = x & FRACTION_MASK;
    const product = BigInt.asIntN(256, word * (t * (t + LANE) + LANE_SQUARED));
    return (word & CONSTANT_MASK) + ((t * (product >> TOP_SHIFT)) >> RESULT_SHIFT);
}
