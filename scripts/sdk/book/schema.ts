/**
 * The book file: market data, an account and, if wanted, other risk parameters. Published as docs/book.schema.json.
 * Every figure is a JSON number or decimal text; numbers are read by their shortest decimal form, so that no digit that is
 * written is lost to binary floating point.
 */
import {z} from "zod";

import {InputError} from "../failures.js";
import {parseExpiry} from "../instruments.js";
import {ONE_E18} from "../units.js";
import {FIGURE, readFigure} from "./figure.js";
import {MODEL_NAMES} from "./models.js";

/** Puts a reader that throws InputError behind a shape, so that its message comes with the field's path. */
function reading<Text, Value>(
    read: (text: Text) => Value,
): (text: Text, context: {addIssue: (issue: {code: "custom"; message: string}) => void}) => Value {
    return (text, context) => {
        try {
            return read(text);
        } catch (error) {
            if (!(error instanceof InputError)) throw error;
            context.addIssue({code: "custom", message: error.message});
            return z.NEVER;
        }
    };
}

const NOT_A_FIGURE = 'must be a number or decimal text such as "0.05"';
const figure = z
    .union([z.number(), z.string().regex(FIGURE, NOT_A_FIGURE)], {error: NOT_A_FIGURE})
    .transform(reading(readFigure));
const positive = figure.refine((value) => value > 0n, "must be above 0");
const nonNegative = figure.refine((value) => value >= 0n, "must not be below 0");
const fraction = figure.refine((value) => value >= 0n && value <= ONE_E18, "must be between 0 and 1");
const openFraction = figure.refine((value) => value > 0n && value < ONE_E18, "must be above 0 and below 1");
const positiveFraction = figure.refine((value) => value > 0n && value <= ONE_E18, "must be above 0 and at most 1");

const symbol = z.string().regex(/^[A-Z][A-Z0-9]{0,15}$/, "must be a symbol in capitals such as ETH");

const instant = z.iso
    .datetime({offset: true, error: "must be a time such as 2026-03-13T08:00:00Z"})
    .transform((text) => Math.floor(Date.parse(text) / 1000));

/** Days are 2026-03-27 or, as in instrument names, 27MAR26; both mean 08:00 UTC. */
const DAY = /^(\d{4}-\d{2}-\d{2}|\d{1,2}[A-Za-z]{3}\d{2})$/;

export function expiryOf(day: string): number {
    if (!/^\d{4}-/.test(day)) return parseExpiry(day);
    const time = Date.parse(`${day}T08:00:00Z`);
    if (Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== day) {
        throw new InputError("book-malformed", `"${day}" is not a day`);
    }
    return time / 1000;
}

const smile = z.union(
    [
        z.strictObject({vol: positive}),
        z.strictObject({a: figure, b: nonNegative, rho: figure, m: figure, sigma: positive}),
    ],
    {error: "must be {vol} or {a, b, rho, m, sigma}, all figures"},
);

const expiry = z.strictObject({
    forward: positive.optional().describe("price of the underlying for this expiry, USD"),
    discount: positive.optional().describe("discount factor to expiry; 1 if left out"),
    smile: smile.optional().describe("flat annual volatility, or raw SVI parameters of total variance as of `now`"),
    settlement: positive.optional().describe("settlement price, once fixed"),
});

const underlying = z.strictObject({
    spot: positive.describe("index price, USD"),
    mark: positive.optional().describe("price of the perpetual; spot if left out"),
    openInterest: nonNegative
        .optional()
        .describe("units long over all instruments; as much as the lower bound of crowding allows if left out"),
    expiries: z.record(z.string().regex(DAY, "must be a day such as 2026-03-27"), expiry).optional(),
});

const position = z.strictObject({
    instrument: z.string().describe("ETH-PERP, ETH-27MAR26 or ETH-27MAR26-3000-C"),
    size: figure.describe("units of the underlying, above 0 = long"),
    entry: nonNegative
        .optional()
        .describe(
            "price paid. Perpetuals and futures: sets their profit so far, none if left out. Options: for information",
        ),
});

const account = z.strictObject({
    model: z.enum(MODEL_NAMES).optional().describe("rule of the requirement; scenario if left out"),
    cash: figure.optional().describe("settlement coin, below 0 = owed"),
    collateral: z.record(symbol, nonNegative).optional().describe("units by asset: WETH, WBTC, USDC, USDT ..."),
    positions: z.array(position).optional(),
});

const scenario = z.strictObject({
    move: figure.refine((value) => value > -ONE_E18, "must be above -1").describe("relative move of the price"),
    vol: z.enum(["up", "down", "flat"]),
    weight: positiveFraction.optional().describe("weight of the loss; 1 if left out"),
});
const scenarios = z.array(scenario).min(1, "must name at least one scenario");

export const underlyingOverrides = z.strictObject({
    group: z.int().min(0).max(255).optional().describe("correlation group; 1 for BTC and ETH, else one of its own"),
    priceRange: openFraction.optional().describe("greatest regular fall of the price; shapes the default scenarios"),
    volUp: nonNegative.optional(),
    volDown: fraction.optional(),
    volFloor: nonNegative.optional().describe("least annual volatility of the up state"),
    volFloorDown: nonNegative.optional().describe("least annual volatility of the down state"),
    powerShort: fraction.optional().describe("exponent of (30 / days) below 30 days"),
    powerLong: fraction.optional().describe("exponent of (30 / days) from 30 days on"),
    rollMin: nonNegative.optional(),
    rollYear: nonNegative.optional(),
    floorNet: nonNegative.optional(),
    floorHedged: nonNegative.optional(),
    floorShort: nonNegative.optional(),
    spread: nonNegative.optional(),
    impact: nonNegative.optional(),
    sigmaDay: nonNegative.optional(),
    adv: positive.optional().describe("average daily volume, USD"),
    oiLower: nonNegative.optional().describe("open interest from which the initial requirement rises, USD"),
    oiUpper: positive.optional().describe("open interest at which it reaches 100 %, USD"),
    scenarios: scenarios.optional().describe("all scenarios of the underlying, instead of the default 24"),
});

const assetOverrides = z.strictObject({weight: fraction.optional(), size: nonNegative.optional()});

const parameters = z
    .object({
        initialRatio: positiveFraction.optional().describe("maintenance / initial"),
        reserveBase: nonNegative.optional(),
        reservePerPosition: nonNegative.optional(),
        blend: fraction.optional().describe("blend of every correlation group"),
        scenarios: scenarios.optional().describe("all scenarios of every underlying that names none of its own"),
        collateral: z.record(symbol, assetOverrides).optional(),
    })
    .catchall(underlyingOverrides);

export const bookSchema = z.strictObject({
    $schema: z.string().optional(),
    now: instant.describe("time of the market data"),
    underlyings: z.record(symbol, underlying),
    prices: z.record(symbol, positive).optional().describe("USD prices of assets; 1 for stablecoins if left out"),
    account,
    parameters: parameters.optional().describe("other risk parameters: general ones, and by underlying"),
});

export type BookFile = z.output<typeof bookSchema>;
export type BookUnderlying = z.output<typeof underlying>;
export type BookExpiry = z.output<typeof expiry>;
export type UnderlyingOverrides = z.output<typeof underlyingOverrides>;
export type BookScenario = z.output<typeof scenario>;

/** `account.positions[0].size` */
const pathOf = (path: readonly PropertyKey[]): string =>
    path.reduce<string>((text, step) => {
        if (typeof step === "number") return `${text}[${step}]`;
        return text === "" ? String(step) : `${text}.${String(step)}`;
    }, "");

/** An error that names a field of the book. */
export const bookError = (field: string, problem: string): InputError =>
    new InputError("book-malformed", `${field === "" ? "book" : field}: ${problem}`, {field});

type Issue = z.core.$ZodIssue;

function problemOf(issue: Issue): {readonly field: string; readonly problem: string} {
    if (issue.code === "unrecognized_keys") {
        return {field: pathOf([...issue.path, issue.keys[0] ?? ""]), problem: "is not a field of a book"};
    }
    if (issue.input === undefined && (issue.code === "invalid_type" || issue.code === "invalid_union")) {
        return {field: pathOf(issue.path), problem: "is missing"};
    }
    return {field: pathOf(issue.path), problem: issue.message};
}

/** Reads what JSON.parse returned; the first wrong field is named in the error. */
export function readBook(json: unknown): BookFile {
    const result = bookSchema.safeParse(json, {reportInput: true});
    if (result.success) return result.data;
    const [issue] = result.error.issues;
    const {field, problem} = issue === undefined ? {field: "", problem: "is malformed"} : problemOf(issue);
    throw bookError(field, problem);
}

/** The published JSON schema of the format. */
export const bookJsonSchema = (): Readonly<Record<string, unknown>> => ({
    ...z.toJSONSchema(bookSchema, {io: "input"}),
    title: "Ballast book",
    description: "Input of `ballast margin --book FILE`. Figures may be JSON numbers or decimal text.",
});
