/** Expiries of a book file. */
import {InputError} from "../failures.js";
import {formatExpiry, isOption} from "../instruments.js";
import type {ExpiryQuote, UnderlyingQuote, VolSource} from "../risk/types.js";
import {ONE_E18} from "../units.js";
import type {BookLeg} from "./legs.js";
import type {Names} from "./names.js";
import {bookError, expiryOf} from "./schema.js";
import type {BookExpiry, BookFile, BookUnderlying} from "./schema.js";

type Found = {readonly day: string; readonly data: BookExpiry};

function timeOf(field: string, day: string): number {
    try {
        return expiryOf(day);
    } catch (error) {
        if (!(error instanceof InputError)) throw error;
        throw bookError(field, error.message);
    }
}

/** What the file says about the expiries of an underlying, by Unix time. */
function expiriesOf(name: string, quote: BookUnderlying): ReadonlyMap<number, Found> {
    const found = new Map<number, Found>();
    for (const [day, data] of Object.entries(quote.expiries ?? {})) {
        const field = `underlyings.${name}.expiries.${day}`;
        const expiry = timeOf(field, day);
        if (found.has(expiry)) throw bookError(field, "names a day twice");
        found.set(expiry, {day, data});
    }
    return found;
}

/** Volatility of an expiry; legs that need one have been checked. */
function volOf(file: BookFile, {smile}: BookExpiry): VolSource {
    if (smile === undefined) return {volE18: 0n};
    if ("vol" in smile) return {volE18: smile.vol};
    const {a, b, rho, m, sigma} = smile;
    return {smile: {aE18: a, bE18: b, rhoE18: rho, mE18: m, sigmaE18: sigma}, publishedAt: file.now};
}

const expiryQuote = (file: BookFile, quote: BookUnderlying, data: BookExpiry): ExpiryQuote => ({
    forwardNumeratorE18: data.forward ?? quote.spot,
    forwardDenominatorE18: quote.spot,
    discountE18: data.discount ?? ONE_E18,
    vol: volOf(file, data),
});

/** @param ordinaryE18 Open interest where the file says nothing. */
export function quoteOf(file: BookFile, name: string, quote: BookUnderlying, ordinaryE18: bigint): UnderlyingQuote {
    const expiries = [...expiriesOf(name, quote)];
    const settled = expiries.flatMap(([expiry, {data}]) =>
        expiry > file.now || data.settlement === undefined ? [] : [[expiry, data.settlement] as const],
    );
    return {
        markE18: quote.mark ?? quote.spot,
        fundingE18: 0n,
        openInterestE18: quote.openInterest ?? ordinaryE18,
        expiries: new Map(expiries.map(([expiry, {data}]) => [expiry, expiryQuote(file, quote, data)])),
        settlements: new Map(settled),
    };
}

/** Each live expiry of a leg must be described: a forward, and for options a smile. */
export function checkExpiry(file: BookFile, names: Names, leg: BookLeg): void {
    const {expiry, underlying, kind} = leg.instrument;
    if (expiry <= file.now) return;
    const name = names[underlying] ?? "";
    const quote = file.underlyings[name];
    const found = quote === undefined ? undefined : expiriesOf(name, quote).get(expiry);
    const day = new Date(expiry * 1000).toISOString().slice(0, 10);
    const field = `underlyings.${name}.expiries.${found?.day ?? day}`;
    if (found === undefined) throw bookError(field, `is missing; ${leg.name} needs ${formatExpiry(expiry)}`);
    if (found.data.forward === undefined) throw bookError(`${field}.forward`, `is missing; ${leg.name} needs it`);
    if (isOption(kind) && found.data.smile === undefined) {
        throw bookError(`${field}.smile`, `is missing; ${leg.name} needs it`);
    }
}
