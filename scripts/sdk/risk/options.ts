/**
 * Twin of contracts/risk/kernel/Options.sol and Row.sol: European options on a forward with the tabulated normal
 * distribution. Lanes count 1e-12 USD times 2^36.
 */
import {InputError} from "../failures.js";
import {
    CDF_BITS,
    CDF_ONE,
    EDGE,
    abs,
    cdfOfCells,
    cellsOf,
    cutE24,
    lnPriceE18,
    max,
    min,
    mulDown,
} from "../math/index.js";
import {reciprocalCells} from "../math/index.js";
import {ONE_E18} from "../units.js";
import type {OptionKind} from "./black76.js";
import {totalVol} from "./svi.js";
import type {ExpiryMarket, Scenario, VolState} from "./types.js";

export const MIN_W_E18 = 10n ** 9n;
export const MAX_W_E18 = 24n * ONE_E18;
const MAX_LANE = 1n << 84n;

/** Argument of cdf for d1 at the forward, cells per unit of a logarithm, and w in cells. */
type Shape = {readonly centre: bigint; readonly slope: bigint; readonly width: bigint};

function shapeOf(lnMoneynessE18: bigint, wE18: bigint): Shape {
    const bounded = min(max(wE18, MIN_W_E18), MAX_W_E18);
    const slope = reciprocalCells(bounded);
    const width = cellsOf(bounded);
    return {slope, width, centre: EDGE + (width >> 1n) + ((lnMoneynessE18 * slope) >> 96n)};
}

/** One unit of an option, valued now. */
export type UnitOption = {
    readonly markE18: bigint;
    readonly deltaE18: bigint;
    readonly lnMoneynessE18: bigint;
    readonly wE18: bigint;
};

/** One option of a size, valued now. */
export type OptionTerms = UnitOption & {
    readonly forwardLane: bigint;
    readonly strikeLane: bigint;
    readonly linearE36: bigint;
    readonly baseE36: bigint;
};

/** Undiscounted call between intrinsic value and forward. */
function callE18(forwardE18: bigint, strikeE18: bigint, p: bigint, q: bigint): bigint {
    const difference = forwardE18 * p - strikeE18 * q;
    return max(difference > 0n ? difference >> CDF_BITS : 0n, forwardE18 - strikeE18);
}

export function unitOption(kind: OptionKind, expiry: ExpiryMarket, strikeE18: bigint): UnitOption {
    const {priceE18, discountE18} = expiry;
    const lnMoneynessE18 = expiry.lnPriceE18 - lnPriceE18(strikeE18);
    const wE18 = totalVol(expiry, -lnMoneynessE18);
    const {centre, width} = shapeOf(lnMoneynessE18, wE18);
    const p = cdfOfCells(centre);
    const undiscountedE18 = callE18(priceE18, strikeE18, p, cdfOfCells(centre - width));
    const isCall = kind === "CALL";
    return {
        markE18: mulDown(isCall ? undiscountedE18 : undiscountedE18 + strikeE18 - priceE18, discountE18),
        deltaE18: ((isCall ? p : p - CDF_ONE) * discountE18) >> CDF_BITS,
        lnMoneynessE18,
        wE18,
    };
}

export function openOption(
    kind: OptionKind,
    expiry: ExpiryMarket,
    strikeE18: bigint,
    sizeE18: bigint,
    unit: UnitOption = unitOption(kind, expiry, strikeE18),
): OptionTerms {
    const {discountE18} = expiry;
    const isCall = kind === "CALL";
    const forwardE36 = sizeE18 * expiry.discountedE18;
    const strikeE36 = sizeE18 * mulDown(strikeE18, discountE18);
    const [forwardLane, strikeLane] = [cutE24(forwardE36), -cutE24(strikeE36)];
    if (abs(forwardLane) >= MAX_LANE || abs(strikeLane) >= MAX_LANE) {
        throw new InputError("number-out-of-range", `A position of ${sizeE18}e-18 options is too great to be priced`);
    }
    return {
        ...unit,
        forwardLane,
        strikeLane,
        linearE36: isCall ? 0n : -forwardE36,
        baseE36: (isCall ? 0n : strikeE36) - sizeE18 * unit.markE18,
    };
}

/** w in a state of volatility. */
export function volIn(state: VolState, expiry: ExpiryMarket, wE18: bigint): bigint {
    switch (state) {
        case "UP":
            return max(mulDown(wE18, expiry.volUpE18), expiry.floorUpE18);
        case "DOWN":
            return max(mulDown(wE18, expiry.volDownE18), expiry.floorDownE18);
        case "FLAT":
            return wE18;
    }
}

/** What a scenario multiplies by its factor, and what it does not. */
export type Lanes = {readonly upper: bigint; readonly lower: bigint};

/** Probabilities of one option under every scenario, whatever its size: cdf at d1 and at d2. */
export type Odds = {readonly p: bigint; readonly q: bigint};

export function oddsOf(
    expiry: ExpiryMarket,
    unit: Pick<UnitOption, "lnMoneynessE18" | "wE18">,
    scenarios: readonly Scenario[],
): Odds[] {
    const shapes = new Map<VolState, Shape>();
    return scenarios.map(({lnFactorE18, vol}) => {
        const shape = shapes.get(vol) ?? shapeOf(unit.lnMoneynessE18, volIn(vol, expiry, unit.wE18));
        shapes.set(vol, shape);
        const x = shape.centre + ((lnFactorE18 * shape.slope) >> 96n);
        return {p: cdfOfCells(x), q: cdfOfCells(x - shape.width)};
    });
}

/** Lanes of one option under every scenario. */
export const lanesOf = (
    expiry: ExpiryMarket,
    terms: OptionTerms,
    scenarios: readonly Scenario[],
    odds: readonly Odds[] = oddsOf(expiry, terms, scenarios),
): Lanes[] => odds.map(({p, q}) => ({upper: p * terms.forwardLane, lower: q * terms.strikeLane}));

/** What all positions in one option share under one market. */
export type SharedOption = {readonly unit: UnitOption; readonly odds: readonly Odds[]};
