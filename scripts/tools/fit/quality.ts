/** How well fits recover known smiles: quotes are made of a smile and noise, and the fit is held against the smile itself. */
import {z} from "zod";

import {blackPrice} from "../../oracle/fit/black.js";
import {fitExpiry} from "../../oracle/fit/expiry.js";
import type {FittedExpiry} from "../../oracle/fit/expiry.js";
import {FitError} from "../../oracle/fit/failures.js";
import type {OptionQuote} from "../../oracle/fit/quotes.js";
import {varianceAt, volAt} from "../../oracle/fit/svi.js";
import type {RawSvi} from "../../oracle/fit/svi.js";
import {Random} from "../../shared/random.js";

/** A smile as it was recorded: total variance by ln(strike / forward), and its time to expiry. */
const RECORDED = z.object({
    currency: z.string(),
    expiry: z.string(),
    T_years: z.number().positive(),
    forward: z.number().positive(),
    a: z.number(),
    b: z.number(),
    rho: z.number(),
    m: z.number(),
    sigma: z.number(),
});

export type KnownSmile = {
    readonly name: string;
    readonly years: number;
    readonly forward: number;
    readonly svi: RawSvi;
};

/** Reads a list of recorded smiles. @throws ZodError that names the wrong field. */
export const parseSmiles = (json: unknown): readonly KnownSmile[] =>
    z
        .array(RECORDED)
        .parse(json)
        .map(({currency, expiry, T_years: years, forward, a, b, rho, m, sigma}) => ({
            name: `${currency} ${expiry}`,
            years,
            forward,
            svi: {a, b, rho, m, sigma},
        }));

export type Case = {
    readonly name: string;
    /** Standard deviation of the middle of each quote, in annual volatility. */
    readonly noiseVol: number;
    /** Half of the spread. */
    readonly halfVol: number;
    /** Where the truth may lie between bid and ask, as a share of half the spread; 0 = the noise is normal and not bounded by it. */
    readonly straddle: number;
    readonly unit: "vol" | "price";
};

export const CASES: readonly Case[] = [
    {name: "exact", noiseVol: 0, halfVol: 0, straddle: 0, unit: "vol"},
    {name: "noise of 0.2 points", noiseVol: 0.002, halfVol: 0.002, straddle: 0, unit: "vol"},
    {name: "noise of 0.5 points", noiseVol: 0.005, halfVol: 0.005, straddle: 0, unit: "vol"},
    {name: "spread of 2 points around the truth", noiseVol: 0, halfVol: 0.01, straddle: 0.6, unit: "vol"},
    {name: "prices of calls and puts, no forward", noiseVol: 0.002, halfVol: 0.002, straddle: 0, unit: "price"},
];

export type Figure = {
    readonly name: string;
    readonly fits: number;
    readonly failed: readonly string[];
    /** Errors against the truth at the quoted strikes, in points of volatility (0.01): middle and worst of the fits' mean squares, worst strike. */
    readonly middlePoints: number;
    readonly worstFitPoints: number;
    readonly worstStrikePoints: number;
    /** Share of quotes between whose bid and ask the fit lies; undefined where there is no spread. */
    readonly inside: number | undefined;
    /** Greatest error of a forward, relative. */
    readonly forwardError: number;
    readonly msPerFit: number;
};

const STRIKES = 25;
/** Strikes reach this many standard deviations to either side. */
const REACH = 2.5;
const DISCOUNT = 0.995;
const STEPS = 1_000_000;
const PERCENT = 100;

const uniform = (random: Random): number => (random.below(STEPS) + 0.5) / STEPS;
const normal = (random: Random): number =>
    Math.sqrt(-2 * Math.log(uniform(random))) * Math.cos(2 * Math.PI * uniform(random));

function logStrikes({svi, years}: KnownSmile): number[] {
    const deviation = volAt(svi, 0, years) * Math.sqrt(years);
    return Array.from({length: STRIKES}, (_, index) => REACH * deviation * ((2 * index) / (STRIKES - 1) - 1));
}

function quotesAt({svi, years, forward}: KnownSmile, k: number, how: Case, random: Random): OptionQuote[] {
    const {noiseVol, halfVol, straddle, unit} = how;
    const strike = forward * Math.exp(k);
    const vols = (): readonly [number, number] => {
        const off = straddle > 0 ? straddle * halfVol * (2 * uniform(random) - 1) : noiseVol * normal(random);
        const middle = Math.max(volAt(svi, k, years) + off, 2 * halfVol);
        return [middle - halfVol, middle + halfVol];
    };
    if (unit === "vol") {
        const [bidVol, askVol] = vols();
        return [{strike, bidVol, askVol}];
    }
    return (["call", "put"] as const).map((type) => {
        const price = (vol: number): number => DISCOUNT * blackPrice(type, forward, strike, vol * Math.sqrt(years));
        const [bidVol, askVol] = vols();
        return {strike, type, bid: price(bidVol), ask: price(askVol)};
    });
}

const floats = ({smile}: FittedExpiry): RawSvi => ({
    a: Number(smile.aE18) / 1e18,
    b: Number(smile.bE18) / 1e18,
    rho: Number(smile.rhoE18) / 1e18,
    m: Number(smile.mE18) / 1e18,
    sigma: Number(smile.sigmaE18) / 1e18,
});

type Outcome = {readonly errors: readonly number[]; readonly inside: number; readonly forwardError: number};

function fitOne(known: KnownSmile, how: Case, random: Random): Outcome {
    const {svi, years, forward} = known;
    const ks = logStrikes(known);
    const quotes = ks.flatMap((k) => quotesAt(known, k, how, random));
    const fit = fitExpiry({years, quotes, forward: how.unit === "vol" ? forward : undefined});
    const fittedForward = Number(fit.forwardE18) / 1e18;
    const fitted = floats(fit);
    // The truth and the fit at one strike, each by its own forward.
    const errors = ks.map((k) => {
        const own = k + Math.log(forward / fittedForward);
        return Math.sqrt(Math.max(varianceAt(fitted, own), 0) / years) - volAt(svi, k, years);
    });
    return {errors, inside: fit.quality.inside, forwardError: Math.abs(fittedForward / forward - 1)};
}

const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);
const meanSquare = (errors: readonly number[]): number =>
    Math.sqrt(sumOf(errors.map((error) => error * error)) / errors.length);

/** One figure per case over all smiles; the same for the same seed, but for the time. */
export function measureFits(smiles: readonly KnownSmile[], cases: readonly Case[], seed: number): readonly Figure[] {
    return cases.map((how) => {
        const random = new Random(seed);
        const outcomes: Outcome[] = [];
        const failed: string[] = [];
        const startedMs = performance.now();
        for (const known of smiles) {
            try {
                outcomes.push(fitOne(known, how, random));
            } catch (error) {
                if (!(error instanceof FitError)) throw error;
                failed.push(`${known.name}: ${error.code}: ${error.message}`);
            }
        }
        const means = outcomes.map(({errors}) => meanSquare(errors)).sort((one, other) => one - other);
        const greatest = (values: readonly number[]): number => Math.max(0, ...values);
        return {
            name: how.name,
            fits: outcomes.length,
            failed,
            middlePoints: PERCENT * (means[means.length >> 1] ?? 0),
            worstFitPoints: PERCENT * greatest(means),
            worstStrikePoints: PERCENT * greatest(outcomes.flatMap(({errors}) => errors.map(Math.abs))),
            inside: how.halfVol === 0 ? undefined : sumOf(outcomes.map(({inside}) => inside)) / outcomes.length,
            forwardError: greatest(outcomes.map(({forwardError}) => forwardError)),
            msPerFit: (performance.now() - startedMs) / smiles.length,
        };
    });
}

const DIGITS = 4;

/** A table for people. */
export function describeFits(figures: readonly Figure[]): string {
    const head =
        "| quotes | fits | failed | middle error | worst fit | worst strike | inside the spread | forward off |";
    const rows = figures.map(
        ({name, fits, failed, middlePoints, worstFitPoints, worstStrikePoints, inside, forwardError}) =>
            [
                name,
                String(fits),
                String(failed.length),
                ...[middlePoints, worstFitPoints, worstStrikePoints].map((points) => points.toFixed(DIGITS)),
                inside === undefined ? "" : `${(PERCENT * inside).toFixed(1)} %`,
                `${(PERCENT * forwardError).toFixed(DIGITS)} %`,
            ].join(" | "),
    );
    return [head, "| --- | --- | --- | --- | --- | --- | --- | --- |", ...rows.map((row) => `| ${row} |`)].join("\n");
}
