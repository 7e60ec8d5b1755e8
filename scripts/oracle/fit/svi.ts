/**
 * Raw SVI through volatilities by strike, quasi-explicit: for a given centre m and width sigma the formula is linear in the other
 * three figures, so that least squares finds them and only two are searched for. Floating point: a model of the market, no money.
 */
import {minimise} from "./minimise.js";
import {innerFit} from "./inner.js";
import type {Inner, Sample} from "./inner.js";

/** Raw SVI of total variance, as `Smile` in floating point. */
export type RawSvi = {
    readonly a: number;
    readonly b: number;
    readonly rho: number;
    readonly m: number;
    readonly sigma: number;
};

/** One strike: where it is, its annual volatility, and how far that may be off. */
export type VolPoint = {
    /** ln(strike / forward). */
    readonly k: number;
    readonly vol: number;
    /** One standard deviation of the volatility, above zero. */
    readonly errorVol: number;
};

export type SviFit = {
    readonly svi: RawSvi;
    /** Fitted less quoted volatility, by point. */
    readonly residuals: readonly number[];
    /** 1 = counts in full, 0 = was taken for an outlier; by point. */
    readonly trust: readonly number[];
};

/** Robust passes: weights from residuals, then the search again. */
const PASSES = 4;
/** Residuals beyond these many scales lose weight, or all of it. */
const HUBER = 1.345;
const TUKEY = 6;
const CENTRES = 9;
const WIDTHS = 9;
/** Widths to start from, as shares of the span of the quoted strikes. */
const NARROWEST = 0.01;
const WIDEST = 5;
const STARTS = 3;
const RESTARTS = 6;
/** A sum of squared residuals, in standard deviations, that is nothing; and a relative gain that is none. */
const NO_RESIDUAL = 1e-8;
const NO_GAIN = 1e-3;
const NORMAL_MAD = 1.4826;
/** The narrowest and widest curve that is looked for. */
const MIN_SIGMA = 1e-4;
const MAX_SIGMA = 8;
const MAX_CENTRE = 4;

export const varianceAt = ({a, b, rho, m, sigma}: RawSvi, k: number): number =>
    a + b * (rho * (k - m) + Math.hypot(k - m, sigma));

/** Of total variance by log-strike. */
export const slopeAt = ({b, rho, m, sigma}: RawSvi, k: number): number =>
    b * (rho + (k - m) / Math.hypot(k - m, sigma));

/** Annual volatility; 0 where variance would be negative. */
export const volAt = (svi: RawSvi, k: number, years: number): number =>
    Math.sqrt(Math.max(varianceAt(svi, k), 0) / years);

export function median(values: readonly number[]): number {
    const sorted = [...values].sort((one, other) => one - other);
    const middle = sorted.length >> 1;
    const upper = sorted[middle] ?? 0;
    return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2;
}

/** Scale of standardised residuals: their spread, and never less than what quotes may be off by themselves. */
const scaleOf = (standardised: readonly number[]): number =>
    Math.max(1, NORMAL_MAD * median(standardised.map((residual) => Math.abs(residual))));

export const huber = (residual: number, scale: number): number =>
    Math.abs(residual) <= HUBER * scale ? 1 : (HUBER * scale) / Math.abs(residual);

const tukey = (residual: number, scale: number): number => {
    const share = residual / (TUKEY * scale);
    return Math.abs(share) >= 1 ? 0 : (1 - share * share) ** 2;
};

/** Sum of Huber losses: robust where a sum of squares follows the worst point. */
function loss(standardised: readonly number[]): number {
    return standardised.reduce((sum, residual) => {
        const size = Math.abs(residual);
        return sum + (size <= HUBER ? size * size : 2 * HUBER * size - HUBER * HUBER);
    }, 0);
}

type Place = readonly [centre: number, logWidth: number];

/** Best inner fits on a grid of centres and widths; each gives its outliers less weight before it is judged. */
function starts(samples: readonly Sample[], low: number, high: number): Place[] {
    const span = high - low;
    const narrow = Math.log(Math.max(span * NARROWEST, MIN_SIGMA));
    const wide = Math.log(Math.min(span * WIDEST, MAX_SIGMA));
    const judged: {readonly place: Place; readonly badness: number}[] = [];
    for (let column = 0; column < CENTRES; ++column) {
        const centre = low + span * (-0.5 + (2 * column) / (CENTRES - 1));
        for (let row = 0; row < WIDTHS; ++row) {
            const logWidth = narrow + ((wide - narrow) * row) / (WIDTHS - 1);
            let trust = samples.map(() => 1);
            let standardised: readonly number[] = [];
            for (let pass = 0; pass < PASSES; ++pass) {
                ({standardised} = innerFit(samples, trust, centre, Math.exp(logWidth)));
                const scale = scaleOf(standardised);
                trust = standardised.map((residual) => huber(residual, scale));
            }
            judged.push({place: [centre, logWidth], badness: loss(standardised)});
        }
    }
    judged.sort((one, other) => one.badness - other.badness);
    return judged.slice(0, STARTS).map(({place}) => place);
}

const clamp = (value: number, low: number, high: number): number => Math.min(Math.max(value, low), high);

const innerAt = (samples: readonly Sample[], trust: readonly number[], [centre, logWidth]: Place): Inner =>
    innerFit(samples, trust, clamp(centre, -MAX_CENTRE, MAX_CENTRE), clamp(Math.exp(logWidth), MIN_SIGMA, MAX_SIGMA));

/** Outside its bounds a place costs more the further it is, so that a search comes back. */
function badnessAt(samples: readonly Sample[], trust: readonly number[], place: Place): number {
    const [centre, logWidth] = place;
    const outside =
        Math.max(Math.abs(centre) - MAX_CENTRE, 0) +
        Math.max(logWidth - Math.log(MAX_SIGMA), 0) +
        Math.max(Math.log(MIN_SIGMA) - logWidth, 0);
    return innerAt(samples, trust, place).sumOfSquares * (1 + outside) + outside;
}

function search(samples: readonly Sample[], trust: readonly number[], from: readonly Place[], span: number): Place {
    let best: {readonly at: Place; readonly value: number} | undefined;
    for (const place of from) {
        const found = minimise((at) => badnessAt(samples, trust, at), place, [span / 8, 0.3]);
        if (best === undefined || found.value < best.value) best = found;
    }
    // A simplex can shrink on the side of a long valley; a fresh one goes on from there.
    for (let again = 0; again < RESTARTS && best !== undefined && best.value > NO_RESIDUAL; ++again) {
        const found = minimise((at) => badnessAt(samples, trust, at), best.at, [-span / 4, -0.5]);
        const gain = best.value - found.value;
        if (gain > 0) best = found;
        if (gain < best.value * NO_GAIN) break;
    }
    return best?.at ?? [0, 0];
}

/** Fits at least five strikes; whether it is a good fit is for the caller to judge. */
export function fitSvi(points: readonly VolPoint[], years: number): SviFit {
    const samples = points.map(({k, vol, errorVol}) => ({
        k,
        variance: vol * vol * years,
        error: 2 * vol * years * errorVol,
    }));
    const ks = points.map(({k}) => k);
    const [low, high] = [Math.min(...ks), Math.max(...ks)];
    let trust = samples.map(() => 1);
    let places = starts(samples, low, high);
    const [first] = places;
    if (first !== undefined) {
        const {standardised} = innerAt(samples, trust, first);
        const scale = scaleOf(standardised);
        trust = standardised.map((residual) => huber(residual, scale));
    }
    let inner: Inner | undefined;
    for (let pass = 0; pass < PASSES; ++pass) {
        const place = search(samples, trust, places, high - low);
        inner = innerAt(samples, trust, place);
        const {standardised} = inner;
        const scale = scaleOf(standardised);
        const isLast = pass === PASSES - 1;
        if (!isLast) trust = standardised.map((residual) => (pass === 0 ? huber : tukey)(residual, scale));
        places = pass === 0 ? [place, ...places] : [place];
    }
    const svi = inner?.svi ?? {a: 0, b: 0, rho: 0, m: 0, sigma: 1};
    return {svi, trust, residuals: points.map(({k, vol}) => volAt(svi, k, years) - vol)};
}

/**
 * Durrleman's function: the density of the price at expiry has its sign, so that below zero a butterfly costs less than nothing.
 */
export function densitySign(svi: RawSvi, k: number): number {
    const {b, m, sigma} = svi;
    const root = Math.hypot(k - m, sigma);
    const variance = varianceAt(svi, k);
    const slope = slopeAt(svi, k);
    const curvature = (b * sigma * sigma) / root ** 3;
    const lean = 1 - (k * slope) / (2 * variance);
    return lean * lean - ((slope * slope) / 4) * (1 / variance + 1 / 4) + curvature / 2;
}
