/** The books of the benchmark: calls and puts around spot, three of four sold by the account that is measured. */
import {option} from "../../sdk/instruments.js";
import type {LegTerms} from "./house.js";

/** What a figure is about. */
export type Size = {readonly positions: number; readonly expiries: number; readonly underlyings: number};

const at = (month: number, day: number): number => Date.UTC(2030, month - 1, day, 8) / 1000;

/** When the chain of the benchmark starts, Unix time, seconds. */
export const START = at(1, 1);
/** Listed days nearest to 7, 30, 90 and 180 days ahead. */
export const EXPIRIES = [at(1, 8), at(2, 1), at(3, 29), at(6, 28)] as const;
/** Where books of one expiry have it: a month ahead. */
const ONE_EXPIRY = [EXPIRIES[1]] as const;

/** By underlying: spot, and what to pay for any of its options. Strikes lie a step of the listing apart. */
export const TERMS = {
    1: {spot: 8000, step: 100, price: "400"},
    2: {spot: 200, step: 2, price: "10"},
} as const;
export const UNDERLYINGS = [1, 2] as const;
type Underlying = (typeof UNDERLYINGS)[number];

const SINGLE = [1, 2, 4, 8, 16, 32, 64];
const FOUR = [4, 8, 16, 32, 64];
const TWO = [8, 16, 32, 64];

export const SIZES: readonly Size[] = [
    ...SINGLE.map((positions) => ({positions, expiries: 1, underlyings: 1})),
    ...FOUR.map((positions) => ({positions, expiries: 4, underlyings: 1})),
    ...TWO.map((positions) => ({positions, expiries: 4, underlyings: 2})),
];

/** The sizes of the snapshot and of a quick look. */
export const FEW_SIZES: readonly Size[] = SIZES.filter(
    ({positions, expiries, underlyings}) =>
        (expiries === 1 && [1, 8, 64].includes(positions)) || (underlyings === 2 && positions === 64),
);

export const sizeLabel = ({positions, expiries, underlyings}: Size): string =>
    [
        `${positions} ${positions === 1 ? "position" : "positions"}`,
        `${expiries} ${expiries === 1 ? "expiry" : "expiries"}`,
        `${underlyings} ${underlyings === 1 ? "underlying" : "underlyings"}`,
    ].join(", ");

/** Options of one series: the strikes of neighbours lie around spot, each with a call and a put. */
function series(underlying: Underlying, expiry: number, count: number): LegTerms[] {
    const {spot, step, price} = TERMS[underlying];
    const strikes = Math.ceil(count / 2);
    return Array.from({length: count}, (_, i): LegTerms => {
        const strike = spot + step * (Math.floor(i / 2) - Math.floor(strikes / 2));
        const instrument = option(i % 2 === 0 ? "CALL" : "PUT", underlying, expiry, BigInt(strike) * 10n ** 8n);
        return [instrument, i % 4 === 3 ? "-1" : "1", price];
    });
}

/** Legs of a quote whose maker buys positive sizes, ascending by instrument; positions are spread evenly over the series. */
export function legsOf({positions, expiries, underlyings}: Size): LegTerms[] {
    const days = expiries === 1 ? ONE_EXPIRY : EXPIRIES.slice(0, expiries);
    const all = UNDERLYINGS.slice(0, underlyings).flatMap((underlying) => days.map((expiry) => ({underlying, expiry})));
    const each = Math.floor(positions / all.length);
    const left = positions - each * all.length;
    const legs = all.flatMap(({underlying, expiry}, i) => series(underlying, expiry, each + (i < left ? 1 : 0)));
    return legs.sort(([a], [b]) => (a < b ? -1 : 1));
}
