/** What the publisher is told: spot, and per expiry a forward, a discount factor and a smile. Nothing is fitted here. */
import {z} from "zod";

import {InputError} from "../sdk/failures.js";
import {parseExpiry, underlyingNumber} from "../sdk/instruments.js";
import {parseE18} from "../sdk/units.js";
import {mulDivDown, mulDown} from "../sdk/math/index.js";
import {ONE_E18} from "../sdk/units.js";
import type {Smile} from "../sdk/risk/svi.js";
import {SurfaceError} from "./failures.js";

export const YEAR_SECONDS = 31_536_000;

export type ExpiryQuote = {
    /** Unix time, seconds. */
    readonly expiry: number;
    readonly forwardE18: bigint;
    readonly discountE18: bigint;
    /** Raw SVI of total variance as of the market's time. */
    readonly smile: Smile;
};

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

/** The same shape as the market part of a book file. */
const MARKET = z.strictObject({
    now: z.iso.datetime(),
    underlyings: z.record(
        z.string(),
        z.strictObject({
            spot: POSITIVE,
            expiries: z.record(
                z.string(),
                z.strictObject({forward: POSITIVE, discount: DECIMAL.default(ONE_E18), smile: SMILE}),
            ),
        }),
    ),
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

/** Reads a market file; a wrong field is named in the error. */
export function parseMarket(text: string): Market {
    const parsed = MARKET.safeParse(jsonOf(text));
    if (!parsed.success) {
        const [issue] = parsed.error.issues;
        const field = issue?.path.join(".") ?? "";
        throw new SurfaceError("market-malformed", `${field}: ${issue?.message ?? ""}`, {field});
    }
    const time = Math.floor(Date.parse(parsed.data.now) / 1000);
    const underlyings = Object.entries(parsed.data.underlyings).map(([name, {spot, expiries}]) => ({
        underlying: underlyingNumber(name),
        spotE18: spot,
        expiries: Object.entries(expiries)
            .map(([day, {forward, discount, smile}]) => {
                const expiry = expiryOf(day);
                return {expiry, forwardE18: forward, discountE18: discount, smile: smileOf(smile, expiry - time)};
            })
            .sort((one, other) => one.expiry - other.expiry),
    }));
    return {time, underlyings};
}
