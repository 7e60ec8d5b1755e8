/**
 * Exact decimal figures: branded integers and the two ways between them and text. No floating point anywhere.
 * Text in, text out: `parse*` refuses what it cannot hold, `format*` prints every digit that is there.
 */
import {InputError} from "./failures.js";

declare const UNIT: unique symbol;
type Branded<Name extends string> = bigint & {readonly [UNIT]: Name};

/** USD per unit of the underlying, 18 decimals. */
export type PriceE18 = Branded<"PriceE18">;
/** Units of the underlying, 18 decimals; positive = long. */
export type SizeE18 = Branded<"SizeE18">;
/** USD or settlement coin, 18 decimals; positive = in favour of the account. */
export type UsdE18 = Branded<"UsdE18">;
/** Units of a collateral asset, 18 decimals whatever its token uses. */
export type UnitsE18 = Branded<"UnitsE18">;
/** Fractions, rates, volatilities: 1e18 = 100 %. */
export type FractionE18 = Branded<"FractionE18">;
/** Strike in USD, 8 decimals. */
export type StrikeE8 = Branded<"StrikeE8">;
/** Tokens as the token counts them. */
export type AmountNative = Branded<"AmountNative">;

export const E18_DECIMALS = 18;
export const STRIKE_DECIMALS = 8;
export const ONE_E18 = 10n ** 18n;

const DECIMAL = /^([+-]?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,3}))?$/;

/** Digits of a decimal figure without its point, and how many of them stand behind it. */
function digitsOf(text: string): {readonly sign: bigint; readonly digits: string; readonly places: number} {
    const match = DECIMAL.exec(text.trim());
    if (match === null) throw new InputError("number-malformed", `"${text}" is not a decimal number`, {text});
    const [, sign = "", whole = "", fraction = "", exponent = "0"] = match;
    return {sign: sign === "-" ? -1n : 1n, digits: whole + fraction, places: fraction.length - Number(exponent)};
}

/** Reads a decimal figure as an integer of `decimals` places; refuses digits that would be lost. */
export function parseFixed(text: string, decimals: number): bigint {
    const {sign, digits, places} = digitsOf(text);
    const shift = decimals - places;
    if (shift >= 0) return sign * BigInt(digits) * 10n ** BigInt(shift);
    const padded = digits.padStart(-shift, "0");
    const kept = padded.slice(0, shift);
    if (/[^0]/.test(padded.slice(shift))) {
        throw new InputError("number-too-precise", `"${text}" has more than ${decimals} decimals`, {text});
    }
    return sign * BigInt(kept === "" ? "0" : kept);
}

/** Prints an integer of `decimals` places exactly, without trailing zeros. */
export function formatFixed(value: bigint, decimals: number): string {
    const digits = (value < 0n ? -value : value).toString().padStart(decimals + 1, "0");
    const whole = digits.slice(0, digits.length - decimals);
    const fraction = digits.slice(digits.length - decimals).replace(/0+$/, "");
    return `${value < 0n ? "-" : ""}${whole}${fraction === "" ? "" : `.${fraction}`}`;
}

export const parseE18 = (text: string): bigint => parseFixed(text, E18_DECIMALS);
export const formatE18 = (value: bigint): string => formatFixed(value, E18_DECIMALS);

function positive(text: string, decimals: number): bigint {
    const value = parseFixed(text, decimals);
    if (value <= 0n) throw new InputError("number-out-of-range", `"${text}" must be above zero`, {text});
    return value;
}

export const parsePrice = (text: string): PriceE18 => positive(text, E18_DECIMALS) as PriceE18;
export const parseSize = (text: string): SizeE18 => parseE18(text) as SizeE18;
export const parseUsd = (text: string): UsdE18 => parseE18(text) as UsdE18;
export const parseUnits = (text: string): UnitsE18 => parseE18(text) as UnitsE18;
export const parseFraction = (text: string): FractionE18 => parseE18(text) as FractionE18;
export const parseStrike = (text: string): StrikeE8 => positive(text, STRIKE_DECIMALS) as StrikeE8;
export const parseAmount = (text: string, decimals: number): AmountNative => positive(text, decimals) as AmountNative;

const MAX_UINT_64 = 2n ** 64n - 1n;
const MIN_INT_128 = -(2n ** 127n);
export const MAX_INT_128 = 2n ** 127n - 1n;
const MAX_UINT_128 = 2n ** 128n - 1n;

function within(value: bigint, min: bigint, max: bigint, what: string): bigint {
    if (value < min || value > max) {
        throw new InputError("number-out-of-range", `${what} ${value} is outside ${min} to ${max}`, {what});
    }
    return value;
}

/** Brands an integer that is already in the right unit, checking that the chain can hold it. */
export const price = (value: bigint): PriceE18 => within(value, 0n, MAX_UINT_128, "price") as PriceE18;
export const size = (value: bigint): SizeE18 => within(value, MIN_INT_128, MAX_INT_128, "size") as SizeE18;
export const usd = (value: bigint): UsdE18 => value as UsdE18;
export const units = (value: bigint): UnitsE18 => within(value, 0n, MAX_UINT_128, "units") as UnitsE18;
export const fraction = (value: bigint): FractionE18 => value as FractionE18;
export const strike = (value: bigint): StrikeE8 => within(value, 0n, MAX_UINT_64, "strike") as StrikeE8;
export const amount = (value: bigint): AmountNative => within(value, 0n, MAX_UINT_128, "amount") as AmountNative;
