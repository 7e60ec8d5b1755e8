/** Quotes of one expiry become a forward, a discount factor and a smile, or a failure that says why not. */
import {parseE18} from "../../sdk/units.js";
import {isAcceptable} from "../../sdk/risk/svi.js";
import type {Smile} from "../../sdk/risk/svi.js";
import type {Span} from "./crossing.js";
import {FitError} from "./failures.js";
import {fitCarry} from "./forward.js";
import type {Carry} from "./forward.js";
import {pairsOf, pointsOf} from "./quotes.js";
import type {OptionQuote, QuotedPoint} from "./quotes.js";
import {densitySign, fitSvi, median} from "./svi.js";
import type {RawSvi, SviFit} from "./svi.js";

export type FitLimits = {
    /** Greatest root mean square of the errors in volatility; half of the usual spread, where that is more. */
    readonly maxErrorVol: number;
};

export const DEFAULT_LIMITS: FitLimits = {maxErrorVol: 0.02};

/** A raw SVI has five figures. */
export const MIN_STRIKES = 5;
/** More outliers than this share, and it is the smile that is off. */
const MAX_OUTLIERS = 0.25;
const OUTLIER_TRUST = 0.1;
const DENSITY_STEPS = 100;
/** Decimals that a double still has beside figures of this size. */
const DECIMALS = 15;
const MIN_INT_64 = -(2n ** 63n);
const MAX_INT_64 = 2n ** 63n - 1n;
const MAX_UINT_64 = 2n ** 64n - 1n;

export type FitQuality = {
    /** Quotes that made points, and how many of them were taken for outliers. */
    readonly points: number;
    readonly outliers: number;
    /** Errors in annual volatility, outliers left aside: 0.01 = one point. */
    readonly rmsVol: number;
    readonly worstVol: number;
    /** Share of all points at which the fitted volatility lies between bid and ask. */
    readonly inside: number;
};

export type FittedExpiry = {
    readonly forwardE18: bigint;
    readonly discountE18: bigint;
    readonly smile: Smile;
    readonly quality: FitQuality;
    readonly quoted: Span;
};

export type ExpiryBook = {
    readonly years: number;
    readonly quotes: readonly OptionQuote[];
    readonly forward?: number | undefined;
    readonly discount?: number | undefined;
};

const toE18 = (figure: number): bigint => parseE18(figure.toFixed(DECIMALS));

function qualityOf(points: readonly QuotedPoint[], {residuals, trust}: SviFit): FitQuality {
    const isTrusted = (index: number): boolean => (trust[index] ?? 0) >= OUTLIER_TRUST;
    const trusted = residuals.filter((_, index) => isTrusted(index));
    const isInside = ({bidVol, askVol, vol}: QuotedPoint, index: number): boolean => {
        const fitted = vol + (residuals[index] ?? 0);
        return fitted >= bidVol && fitted <= askVol;
    };
    return {
        points: points.length,
        outliers: points.length - trusted.length,
        rmsVol: Math.sqrt(trusted.reduce((sum, residual) => sum + residual * residual, 0) / trusted.length),
        worstVol: Math.max(...trusted.map((residual) => Math.abs(residual))),
        inside: points.filter(isInside).length / points.length,
    };
}

function requireClose(points: readonly QuotedPoint[], quality: FitQuality, {maxErrorVol}: FitLimits): void {
    const most = Math.max(maxErrorVol, median(points.map(({errorVol}) => errorVol)));
    if (quality.rmsVol <= most && quality.outliers <= MAX_OUTLIERS * quality.points) return;
    const values = {
        rmsVol: String(quality.rmsVol),
        most: String(most),
        outliers: String(quality.outliers),
        points: String(quality.points),
    };
    const message = `The best smile is off by ${values.rmsVol} with ${values.outliers} outliers of ${values.points} points`;
    throw new FitError("fit-poor", message, values);
}

function requireDensity(svi: RawSvi, {low, high}: Span): void {
    for (let step = 0; step <= DENSITY_STEPS; ++step) {
        const k = low + ((high - low) * step) / DENSITY_STEPS;
        const sign = densitySign(svi, k);
        if (sign >= 0) continue;
        const values = {k: String(k), density: String(sign)};
        throw new FitError("fit-butterfly", `The smile has a negative density at log-strike ${k}: ${sign}`, values);
    }
}

/** @throws FitError for figures that a report cannot hold or the oracle would refuse. */
function roundSmile({a, b, rho, m, sigma}: RawSvi): Smile {
    const smile = {
        aE18: toE18(a),
        bE18: toE18(b),
        rhoE18: toE18(rho),
        mE18: toE18(m),
        sigmaE18: toE18(sigma),
    };
    const fits =
        [smile.aE18, smile.mE18].every((figure) => figure >= MIN_INT_64 && figure <= MAX_INT_64) &&
        [smile.bE18, smile.sigmaE18].every((figure) => figure <= MAX_UINT_64);
    if (fits && isAcceptable(smile)) return smile;
    const values = {a: String(a), b: String(b), rho: String(rho), m: String(m), sigma: String(sigma)};
    throw new FitError("fit-bounds", `The oracle does not take a smile of a ${a}, b ${b}, rho ${rho}`, values);
}

function carryOf({quotes, forward, discount}: ExpiryBook): Carry {
    return fitCarry({pairs: pairsOf(quotes), forward, discount});
}

/** @throws FitError with the reason and its values. */
export function fitExpiry(book: ExpiryBook, limits: FitLimits = DEFAULT_LIMITS): FittedExpiry {
    const carry = carryOf(book);
    const points = pointsOf(book.quotes, carry, book.years);
    const strikes = new Set(points.map(({strike}) => strike)).size;
    if (strikes < MIN_STRIKES) {
        const values = {strikes: String(strikes), needed: String(MIN_STRIKES)};
        throw new FitError("fit-few", `${strikes} strikes have bid and ask, a smile needs ${MIN_STRIKES}`, values);
    }
    const fit = fitSvi(points, book.years);
    const quality = qualityOf(points, fit);
    requireClose(points, quality, limits);
    const quoted = {low: points[0]?.k ?? 0, high: points.at(-1)?.k ?? 0};
    requireDensity(fit.svi, quoted);
    return {
        forwardE18: toE18(carry.forward),
        discountE18: toE18(carry.discount),
        smile: roundSmile(fit.svi),
        quality,
        quoted,
    };
}
