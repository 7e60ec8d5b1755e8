/** Black 1976 and the smile. */
import {normalCdf} from "./normal.js";
import type {Smile} from "./types.js";

const LEAST_W = 1e-9;
const GREATEST_W = 24;
export const YEAR = 365 * 86_400;

export type Option = {
    readonly kind: "CALL" | "PUT";
    readonly forward: number;
    readonly strike: number;
    readonly discount: number;
    /** Volatility times the root of the time to expiry. */
    readonly w: number;
};

function d1Of({forward, strike, w}: Option): {readonly d1: number; readonly width: number} {
    const width = Math.min(Math.max(w, LEAST_W), GREATEST_W);
    return {d1: Math.log(forward / strike) / width + width / 2, width};
}

/** D (F cdf(d1) - K cdf(d2)); the put directly as D (K cdf(-d2) - F cdf(-d1)), which parity makes the same. */
export function black76(option: Option): number {
    const {kind, forward, strike, discount} = option;
    const {d1, width} = d1Of(option);
    const d2 = d1 - width;
    const value =
        kind === "CALL"
            ? forward * normalCdf(d1) - strike * normalCdf(d2)
            : strike * normalCdf(-d2) - forward * normalCdf(-d1);
    return discount * Math.max(value, 0);
}

/** Change of the value per unit of forward. */
export function delta76(option: Option): number {
    const {d1} = d1Of(option);
    return option.discount * (option.kind === "CALL" ? normalCdf(d1) : -normalCdf(-d1));
}

export const intrinsic = (kind: "CALL" | "PUT", price: number, strike: number): number =>
    Math.max(kind === "CALL" ? price - strike : strike - price, 0);

/** w^2(k) = a + b (rho (k - m) + sqrt((k - m)^2 + s^2)). */
export function totalVariance({a, b, rho, m, sigma}: Smile, k: number): number {
    return a + b * (rho * (k - m) + Math.hypot(k - m, sigma));
}

/** Annual volatility of a strike, as of the smile's report. */
export function volatility(smile: Smile, strike: number, forward: number, reportYears: number): number {
    return Math.sqrt(Math.max(totalVariance(smile, Math.log(strike / forward)), 0) / reportYears);
}
