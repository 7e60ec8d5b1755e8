/** Twin of contracts/libraries/math/Normal.sol, where formula, source and error bounds are stated. */
import {ONE_E18} from "../units.js";
import {expNegativeX96} from "./transcendental.js";

export const CUT_E18 = 9n * ONE_E18;

const ONE_X96 = 1n << 96n;
const HALF_X96 = 1n << 95n;
const CENTRE_E18 = 674489750000000000n;
const INVERSE_SQRT_2PI_X96 = 31607463825455920808620519744n;

/** A published coefficient, digits and decimal places, cut to 96 fractional bits. */
const cut = (digits: bigint, places: bigint): bigint => (digits << 96n) / 10n ** places;

const A_INNER = [
    cut(22352520354606839287n, 19n),
    cut(16102823106855587881n, 17n),
    cut(10676894854603709582n, 16n),
] as const;
const A_LAST = cut(18154981253343561249n, 15n);
const A_FIRST = cut(65682337918207449113n, 21n);

const B_INNER = [
    cut(4720258190468824187n, 17n),
    cut(97609855173777669322n, 17n),
    cut(10260932208618978205n, 15n),
] as const;
const B_LAST = cut(45507789335026729956n, 15n);

const C_INNER = [
    cut(39894151208813466764n, 20n),
    cut(88831497943883759412n, 19n),
    cut(93506656132177855979n, 18n),
    cut(59727027639480026226n, 17n),
    cut(24945375852903726711n, 16n),
    cut(68481904505362823326n, 16n),
    cut(11602651437647350124n, 15n),
] as const;
const C_LAST = cut(98427148383839780218n, 16n);
const C_FIRST = cut(10765576773720192317n, 27n);

const D_INNER = [
    cut(22266688044328115691n, 18n),
    cut(23538790178262499861n, 17n),
    cut(1519377599407554805n, 15n),
    cut(6485558298266760755n, 15n),
    cut(18615571640885098091n, 15n),
    cut(34900952721145977266n, 15n),
    cut(38912003286093271411n, 15n),
] as const;
const D_LAST = cut(19685429676859990727n, 15n);

/** (((first + c0) x + c1) x + ...) x with a cut to 96 bits after each product; `first` already contains its x. */
const horner = (first: bigint, coefficients: readonly bigint[], xX96: bigint): bigint =>
    coefficients.reduce((value, coefficient) => ((value + coefficient) * xX96) >> 96n, first);

const bell = (yX96: bigint): bigint => expNegativeX96(-((yX96 * yX96) >> 97n));

function centralTail(yX96: bigint): bigint {
    const squareX96 = (yX96 * yX96) >> 96n;
    const aX96 = horner((A_FIRST * squareX96) >> 96n, A_INNER, squareX96);
    const bX96 = horner(squareX96, B_INNER, squareX96);
    return HALF_X96 - (yX96 * (aX96 + A_LAST)) / (bX96 + B_LAST);
}

function outerTail(yX96: bigint): bigint {
    const cX96 = horner((C_FIRST * yX96) >> 96n, C_INNER, yX96);
    const dX96 = horner(yX96, D_INNER, yX96);
    return (bell(yX96) * (cX96 + C_LAST)) / (dX96 + D_LAST);
}

export function cdfE18(xE18: bigint): bigint {
    if (xE18 >= CUT_E18) return ONE_E18;
    if (xE18 <= -CUT_E18) return 0n;
    const yE18 = xE18 < 0n ? -xE18 : xE18;
    const yX96 = (yE18 * ONE_X96) / ONE_E18;
    const tailX96 = yE18 <= CENTRE_E18 ? centralTail(yX96) : outerTail(yX96);
    const tailE18 = (tailX96 * ONE_E18) >> 96n;
    return xE18 < 0n ? tailE18 : ONE_E18 - tailE18;
}

export function pdfE18(xE18: bigint): bigint {
    if (xE18 >= CUT_E18 || xE18 <= -CUT_E18) return 0n;
    const xX96 = (xE18 * ONE_X96) / ONE_E18;
    const densityX96 = (bell(xX96) * INVERSE_SQRT_2PI_X96) >> 96n;
    return (densityX96 * ONE_E18) >> 96n;
}
