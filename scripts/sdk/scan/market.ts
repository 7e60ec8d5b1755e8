/**
 * What a market makes of underlyings and assets, as doubles. Where it lacks something the figure is NaN: whoever holds it is left to the
 * exact twin, which says what is missing.
 */
import {InputError} from "../failures.js";
import {decodeInstrument} from "../instruments.js";
import {min, mulDown} from "../math/index.js";
import {priceOf, underlyingMarket} from "../risk/index.js";
import type {AssetParams, Market, RiskParameters, Shared} from "../risk/index.js";
import {ONE_E18} from "../units.js";
import {farthest, ratio, asDouble, VALUE, writeUnit} from "./units.js";

/** One underlying under the market, as doubles; USD per unit where nothing else is said. */
export type UnderlyingUnits = {
    readonly spot: number;
    /** Place of the correlation group, and its blend. */
    readonly group: number;
    readonly blend: number;
    readonly floorNet: number;
    readonly floorHedged: number;
    /** Floor per unit of short options. */
    readonly floorShort: number;
    readonly spread: number;
    /** Impact times daily volatility. */
    readonly impact: number;
    readonly adv: number;
    /** Weighted loss of a credited unit of collateral under every scenario, and the greatest. */
    readonly losses: Float64Array;
    readonly greatestLoss: number;
    readonly scale: number;
    readonly grain: number;
};

/** One asset under the market. Place of the underlying whose grid moves it; -1 = none. */
export type AssetUnits = {
    readonly underlying: number;
    readonly price: number;
    readonly weight: number;
    readonly size: number;
};

/** A market, and what has been worked out of it for everybody. */
export type Prices = {
    readonly market: Market;
    readonly parameters: RiskParameters;
    readonly shared: Shared;
};

/** The result, or undefined where the market lacks something or a figure is out of range. */
function whereKnown<T>(work: () => T): T | undefined {
    try {
        return work();
    } catch (error) {
        if (error instanceof InputError) return undefined;
        throw error;
    }
}

const NO_LOSSES = new Float64Array(0);
const UNKNOWN: UnderlyingUnits = {
    spot: NaN,
    group: 0,
    blend: 0,
    floorNet: 0,
    floorHedged: 0,
    floorShort: 0,
    spread: 0,
    impact: 0,
    adv: 1,
    losses: NO_LOSSES,
    greatestLoss: 0,
    scale: NaN,
    grain: 0,
};

/** An underlying that is collateral only needs no more than this; positions bring rows of their own. */
export function underlyingUnits(
    {market, parameters}: Prices,
    underlying: number,
    groups: readonly number[],
): UnderlyingUnits {
    const found = whereKnown(() => underlyingMarket({market, parameters}, underlying, []));
    if (found === undefined) return UNKNOWN;
    const {spotE18, params, scenarios} = found;
    const spot = asDouble(spotE18);
    const losses = new Float64Array(
        scenarios.map(({factorE18, weightE18}) =>
            ratio((spotE18 - mulDown(spotE18, factorE18)) * weightE18, ONE_E18 * ONE_E18),
        ),
    );
    const greatestLoss = Math.max(0, ...losses);
    const floors = asDouble(params.floorNetE18 + params.floorHedgedE18);
    const floorShort = ratio(params.floorShortE18 * spotE18, ONE_E18 * ONE_E18);
    const {factor, weight} = farthest(found);
    return {
        spot,
        group: groups.indexOf(params.group),
        blend: asDouble(parameters.blendsE18.get(params.group) ?? 0n),
        floorNet: asDouble(params.floorNetE18),
        floorHedged: asDouble(params.floorHedgedE18),
        floorShort,
        spread: asDouble(params.spreadE18),
        impact: ratio(params.impactE18 * params.sigmaDayE18, ONE_E18 * ONE_E18),
        adv: asDouble(params.advE18),
        losses,
        greatestLoss,
        scale: Math.max(spot * Math.max(1, floors), ...losses.map(Math.abs)),
        // Net and gross units, credited units and every sum, each cut at the last of 18 decimals.
        grain: 16e-18 * (1 + spot * (2 + floors + weight * (factor + 1))),
    };
}

export function assetUnits(
    market: Market,
    params: AssetParams | undefined,
    placeOf: (underlying: number) => number,
): AssetUnits {
    if (params === undefined) return {underlying: -1, price: NaN, weight: 0, size: 0};
    const inGrid = params.underlying !== 0;
    const price = whereKnown(() => priceOf(market, inGrid ? params.underlying : params.feedId));
    return {
        underlying: inGrid ? placeOf(params.underlying) : -1,
        price: price === undefined ? NaN : asDouble(price),
        weight: asDouble(params.weightE18),
        size: asDouble(params.sizeE18),
    };
}

export function settlementPrice({market, parameters}: Prices): number {
    const priceE18 = whereKnown(() => priceOf(market, parameters.global.settlementFeedId));
    return priceE18 === undefined ? NaN : asDouble(min(priceE18, ONE_E18));
}

/** Writes the row of an instrument: what the market makes of one unit. */
export function writeInstrument(row: Float64Array, prices: Prices, instrument: bigint): void {
    const isWritten = whereKnown(() => {
        const own = underlyingMarket(prices, decodeInstrument(instrument).underlying, [{instrument, sizeE18: ONE_E18}]);
        for (const expiry of own.expiries) writeUnit(row, own, expiry, instrument);
        return true;
    });
    if (isWritten !== true) row[VALUE] = NaN;
}
