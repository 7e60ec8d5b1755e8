/** What the publisher is told: spot, and per expiry a forward and a smile, or the quotes that they are fitted to. */
import {z} from "zod";

import {InputError} from "../sdk/failures.js";
import {parseExpiry, underlyingNumber} from "../sdk/instruments.js";
import {parseE18} from "../sdk/units.js";
import {mulDivDown, mulDown} from "../sdk/math/index.js";
import {ONE_E18} from "../sdk/units.js";
import type {Smile} from "../sdk/risk/svi.js";
import {dropFalling, fallOf} from "./fit/calendar.js";
import type {Span} from "./fit/crossing.js";
import {DEFAULT_LIMITS, fitExpiry} from "./fit/expiry.js";
import type {FitLimits, FitQuality} from "./fit/expiry.js";
import {FitError} from "./fit/failures.js";
import {FUTURE, QUOTES} from "./fit/quotes.js";
import {SurfaceError} from "./failures.js";

export const YEAR_SECONDS = 31_536_000;

export type ExpiryQuote = {
    /** Unix time, seconds. */
    readonly expiry: number;
    readonly forwardE18: bigint;
    readonly discountE18: bigint;
    /** Raw SVI of total variance as of the market's time. */
    readonly smile: Smile;
    /** How well the smile fits its quotes; absent for a smile that was given. */
    readonly quality?: FitQuality;
    /** Log-strikes of the quotes of a fit. */
    readonly quoted?: Span;
};

/** An expiry without a smile, and why. */
export type Omission = {readonly underlying: number; readonly expiry: number; readonly error: FitError};

export type UnderlyingQuotes = {
    readonly underlying: number;
    readonly spotE18: bigint;
    /** Ascending by expiry. */
    readonly expiries: readonly ExpiryQuote[];
};

export type Market = {
    /** Unix time of the figures, seconds. */
    readonly time: number;
    readonly underlyings: readonly UnderlyingQuotes[];
    /** Expiries whose quotes make no smile; the others stand without them. */
    readonly omitted?: readonly Omission[];
};

/** Where the publisher gets its figures: a file, an exchange, a model. */
export type MarketSource = () => Promise<Market>;

const DECIMAL = z.union([z.string(), z.number()]).transform((value, context) => {
    try {
        return parseE18(String(value));
    } catch (error) {
        if (!(error instanceof InputError)) throw error;
        context.addIssue({code: "custom", message: error.message});
        return z.NEVER;
    }
});

const POSITIVE = DECIMAL.refine((figure) => figure > 0n, "must be above zero");

const SMILE = z.union([
    z.strictObject({a: DECIMAL, b: DECIMAL, rho: DECIMAL, m: DECIMAL, sigma: DECIMAL}),
    z.strictObject({vol: DECIMAL}),
]);

const EXPIRY = z
    .strictObject({
        forward: POSITIVE.optional(),
        discount: POSITIVE.optional(),
        smile: SMILE.optional(),
        /** Instead of a smile: options, and perhaps the future of the expiry. */
        quotes: QUOTES.optional(),
        future: FUTURE.optional(),
    })
    .refine(({smile, quotes}) => (smile === undefined) !== (quotes === undefined), "a smile or quotes, one of them")
    .refine(({smile, forward}) => smile === undefined || forward !== undefined, "a smile needs its forward")
    .refine(({smile, future}) => smile === undefined || future === undefined, "a smile has a forward, not a future")
    .refine(({forward, future}) => forward === undefined || future === undefined, "a forward or a future, not both");
type Expiry = z.infer<typeof EXPIRY>;

/** Without quotes the same shape as the market part of a book file. */
const MARKET = z.strictObject({
    now: z.iso.datetime(),
    underlyings: z.record(z.string(), z.strictObject({spot: POSITIVE, expiries: z.record(z.string(), EXPIRY)})),
});

/** Eight in the morning UTC of a day such as 2026-03-27. */
function expiryOf(day: string): number {
    const iso = /^\d{4}-\d{2}-\d{2}$/.test(day);
    return iso ? Date.parse(`${day}T08:00:00Z`) / 1000 : parseExpiry(day);
}

/** One volatility at every strike, as far as the smile's floor of curvature allows: no wings. */
export function flatSmile(volE18: bigint, seconds: number): Smile {
    const aE18 = mulDivDown(mulDown(volE18, volE18), BigInt(seconds), BigInt(YEAR_SECONDS));
    return {aE18, bE18: 0n, rhoE18: 0n, mE18: 0n, sigmaE18: ONE_E18 / 10n};
}

function smileOf(smile: z.infer<typeof SMILE>, seconds: number): Smile {
    if ("vol" in smile) return flatSmile(smile.vol, seconds);
    return {aE18: smile.a, bE18: smile.b, rhoE18: smile.rho, mE18: smile.m, sigmaE18: smile.sigma};
}

function jsonOf(text: string): unknown {
    try {
        return JSON.parse(text);
    } catch (error) {
        if (!(error instanceof SyntaxError)) throw error;
        throw new SurfaceError("market-malformed", `The market is not JSON: ${error.message}`);
    }
}

const toFloat = (figureE18: bigint | undefined): number | undefined =>
    figureE18 === undefined ? undefined : Number(figureE18) / Number(ONE_E18);

function quoteOf(terms: Expiry, expiry: number, time: number, limits: FitLimits): ExpiryQuote | undefined {
    const {forward, discount, smile, quotes, future} = terms;
    const seconds = expiry - time;
    if (smile !== undefined && forward !== undefined) {
        return {expiry, forwardE18: forward, discountE18: discount ?? ONE_E18, smile: smileOf(smile, seconds)};
    }
    // What has expired is reported no more, so there is nothing to fit.
    if (quotes === undefined || seconds <= 0) return undefined;
    const given = future === undefined ? toFloat(forward) : (future.bid + future.ask) / 2;
    const book = {years: seconds / YEAR_SECONDS, quotes, forward: given, discount: toFloat(discount)};
    return {expiry, ...fitExpiry(book, limits)};
}

type Entries = Readonly<Record<string, Expiry>>;
type Fitted = {readonly quotes: readonly ExpiryQuote[]; readonly omitted: readonly Omission[]};

function fitEach(underlying: number, entries: Entries, time: number, limits: FitLimits): Fitted {
    const quotes: ExpiryQuote[] = [];
    const omitted: Omission[] = [];
    for (const [day, terms] of Object.entries(entries)) {
        const expiry = expiryOf(day);
        try {
            const quote = quoteOf(terms, expiry, time, limits);
            if (quote !== undefined) quotes.push(quote);
        } catch (error) {
            if (!(error instanceof FitError)) throw error;
            omitted.push({underlying, expiry, error});
        }
    }
    quotes.sort((one, other) => one.expiry - other.expiry);
    const {kept, dropped} = dropFalling(quotes);
    omitted.push(...dropped.map(({entry: {expiry}, error}) => ({underlying, expiry, error})));
    requireRising(underlying, kept);
    return {quotes: kept, omitted};
}

/** Smiles that were given are not left out, so two that contradict each other are a market that cannot be. */
function requireRising(underlying: number, ascending: readonly ExpiryQuote[]): void {
    for (const [place, later] of ascending.entries()) {
        const earlier = ascending[place - 1];
        const error = earlier === undefined ? undefined : fallOf(earlier, later);
        if (error === undefined) continue;
        const where = `${underlying}:${later.expiry}`;
        throw new SurfaceError("calendar", `Surface ${where}: ${error.message}`, {place: where, ...error.details});
    }
}

function requireSome(market: Market): void {
    const {underlyings, omitted = []} = market;
    if (omitted.length === 0 || underlyings.some(({expiries}) => expiries.length > 0)) return;
    const reasons = omitted.map(({underlying, expiry, error}) => [`${underlying}:${expiry}`, error.message] as const);
    const listed = reasons.map(([place, reason]) => `${place} ${reason}`).join("; ");
    throw new SurfaceError("nothing-fitted", `No expiry has a smile: ${listed}`, Object.fromEntries(reasons));
}

/** Reads a market and fits what is quoted in it; a wrong field is named in the error. */
export function parseMarket(text: string, limits: FitLimits = DEFAULT_LIMITS): Market {
    const parsed = MARKET.safeParse(jsonOf(text));
    if (!parsed.success) {
        const [issue] = parsed.error.issues;
        const field = issue?.path.join(".") ?? "";
        throw new SurfaceError("market-malformed", `${field}: ${issue?.message ?? ""}`, {field});
    }
    const time = Math.floor(Date.parse(parsed.data.now) / 1000);
    const fitted = Object.entries(parsed.data.underlyings).map(([name, {spot, expiries}]) => {
        const underlying = underlyingNumber(name);
        return {underlying, spotE18: spot, ...fitEach(underlying, expiries, time, limits)};
    });
    const market = {
        time,
        underlyings: fitted.map(({underlying, spotE18, quotes}) => ({underlying, spotE18, expiries: quotes})),
        omitted: fitted.flatMap(({omitted}) => omitted),
    };
    requireSome(market);
    return market;
}
