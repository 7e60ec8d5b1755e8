/** Charges beside the grid, the weight of collateral and the greatest loss of an expiry. */
import type {Rules} from "./types.js";
import {intrinsic} from "./options.js";

/** A loss without end is counted up to this multiple of the forward, or up to the highest strike where that is further. */

export const rollCharge = (delta: number, spot: number, years: number, {rollMin, rollYear}: Rules): number =>
    Math.abs(delta) * spot * Math.max(rollMin, rollYear * years);

export const hedgedDeltaFloor = (
    net: number,
    gross: number,
    spot: number,
    {floorNet, floorHedged}: Pick<Rules, "floorNet" | "floorHedged">,
): number => (floorNet * Math.abs(net) + (floorHedged * (gross - Math.abs(net))) / 2) * spot;

/** Of X USD to be traded out. */
export const concentrationCharge = (
    x: number,
    {spread, impact, sigmaDay, adv}: Pick<Rules, "spread" | "impact" | "sigmaDay" | "adv">,
): number => (spread / 2) * x + impact * sigmaDay * x * Math.sqrt(x / adv);

/** Share of the way from the lower to the upper bound of open interest, both in USD. */
export function crowdedShare(openInterest: number, {oiLower, oiUpper}: Pick<Rules, "oiLower" | "oiUpper">): number {
    return Math.min(Math.max((openInterest - oiLower) / (oiUpper - oiLower), 0), 1);
}

/** What of a profit does not count: all but (1 - share of the market) (1 - crowded share). */
export function withheldProfit(profit: number, units: number, openInterest: number, scale: number): number {
    const share = units === 0 ? 0 : Math.min(units / openInterest, 1);
    return Math.max(profit, 0) * (1 - (1 - share) * (1 - scale));
}

/** imf' = min(imf + max(scale (1 - imf), 0), 1). */
export const crowdedFraction = (imf: number, scale: number): number =>
    Math.min(imf + Math.max(scale * (1 - imf), 0), 1);

/** Weight of a holding: min(base, 1.1 / (k sqrt(value) + 1)). */
export const collateralWeight = (base: number, k: number, value: number): number =>
    Math.min(base, 1.1 / (k * Math.sqrt(value) + 1));

export type Terms = {
    /** Units that move with the price one to one. */
    readonly linear: number;
    readonly options: readonly {readonly kind: "CALL" | "PUT"; readonly strike: number; readonly size: number}[];
    readonly forward: number;
    readonly discount: number;
    /** Of the legs now, funding aside. */
    readonly value: number;
};

/** Most that can be lost under a grid whose greatest factor is given: beyond the last strike the price means that much at most. */
export function greatestLoss({linear, options, forward, discount, value}: Terms, factor: number): number {
    const calls = options.filter(({kind}) => kind === "CALL");
    const finalSlope = linear + discount * calls.reduce((sum, {size}) => sum + size, 0);
    const prices = [0, ...options.map(({strike}) => strike)];
    const worth = (x: number): number =>
        linear * x +
        discount * options.reduce((sum, {kind, strike, size}) => sum + size * intrinsic(kind, x, strike), 0);
    return Math.max(0, value - Math.min(...prices.map(worth)) - Math.min(finalSlope, 0) * factor * forward);
}
