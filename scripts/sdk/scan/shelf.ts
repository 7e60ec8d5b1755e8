/**
 * What accounts share: every instrument that any of them holds, priced once per market, whoever and however many hold it. What an
 * expiry needs is worked out once for all its strikes.
 */
import {decodeInstrument} from "../instruments.js";
import {share} from "../risk/index.js";
import type {Market, RiskParameters} from "../risk/index.js";
import {intAt, roomyFloats, roomyInts} from "./columns.js";
import {assetUnits, settlementPrice, underlyingUnits, writeInstrument} from "./market.js";
import type {AssetUnits, Prices, UnderlyingUnits} from "./market.js";
import {LOSSES, asDouble} from "./units.js";

export type Shelf = {
    /** By instrument: places of its underlying and of its expiry. */
    underlyings: Int32Array;
    expiries: Int32Array;
    /** A row of `width` figures per instrument, see units. */
    rows: Float64Array;
    width: number;
    /** Scenarios of the longest grid. */
    scenarios: number;
    /** By place. */
    underlyingUnits: UnderlyingUnits[];
    assetUnits: AssetUnits[];
    /** By correlation group. */
    blends: number[];
    /** Price of the settlement coin, at most 1. */
    settlement: number;
    reserveBase: number;
    reservePerPosition: number;
};

/** Names in the order in which they were first asked for. */
type Register<Name> = {readonly places: Map<Name, number>; readonly names: Name[]};

/** The shelf and its registers. */
export type Keeping = {
    readonly shelf: Shelf;
    readonly underlyings: Register<number>;
    readonly expiries: Register<string>;
    readonly assets: Register<number>;
    readonly instruments: Register<bigint>;
    /** By instrument: how many accounts hold it. */
    holders: Int32Array;
    /** Correlation groups by place. */
    groups: readonly number[];
    prices: Prices | undefined;
};

const register = <Name>(): Register<Name> => ({places: new Map(), names: []});

function placeIn<Name>({places, names}: Register<Name>, name: Name, onNew: (place: number) => void): number {
    const known = places.get(name);
    if (known !== undefined) return known;
    const place = names.push(name) - 1;
    places.set(name, place);
    onNew(place);
    return place;
}

export const openShelf = (): Keeping => ({
    shelf: {
        underlyings: new Int32Array(0),
        expiries: new Int32Array(0),
        rows: new Float64Array(0),
        width: LOSSES,
        scenarios: 0,
        underlyingUnits: [],
        assetUnits: [],
        blends: [],
        settlement: NaN,
        reserveBase: 0,
        reservePerPosition: 0,
    },
    underlyings: register(),
    expiries: register(),
    assets: register(),
    instruments: register(),
    holders: new Int32Array(0),
    groups: [],
    prices: undefined,
});

function priceUnderlying({shelf, underlyings, prices, groups}: Keeping, place: number): void {
    const underlying = underlyings.names[place];
    if (prices === undefined || underlying === undefined) return;
    shelf.underlyingUnits[place] = underlyingUnits(prices, underlying, groups);
}

const underlyingPlace = (keeping: Keeping, underlying: number): number =>
    placeIn(keeping.underlyings, underlying, (place) => priceUnderlying(keeping, place));

function priceAsset(keeping: Keeping, place: number): void {
    const {shelf, assets, prices} = keeping;
    const assetId = assets.names[place];
    if (prices === undefined || assetId === undefined) return;
    const params = prices.parameters.assets.get(assetId);
    shelf.assetUnits[place] = assetUnits(prices.market, params, (underlying) => underlyingPlace(keeping, underlying));
}

function priceInstrument({shelf, instruments, holders, prices}: Keeping, place: number): void {
    const instrument = instruments.names[place];
    if (prices === undefined || instrument === undefined || intAt(holders, place) === 0) return;
    writeInstrument(shelf.rows.subarray(place * shelf.width, (place + 1) * shelf.width), prices, instrument);
}

export const assetPlace = (keeping: Keeping, assetId: number): number =>
    placeIn(keeping.assets, assetId, (place) => priceAsset(keeping, place));

export const instrumentPlace = (keeping: Keeping, instrument: bigint): number => {
    if (!keeping.instruments.places.has(instrument)) decodeInstrument(instrument);
    return placeIn(keeping.instruments, instrument, (place) => {
        const {shelf} = keeping;
        const {underlying, expiry} = decodeInstrument(instrument);
        shelf.underlyings = roomyInts(shelf.underlyings, place + 1);
        shelf.expiries = roomyInts(shelf.expiries, place + 1);
        shelf.rows = roomyFloats(shelf.rows, (place + 1) * shelf.width);
        keeping.holders = roomyInts(keeping.holders, place + 1);
        shelf.underlyings[place] = underlyingPlace(keeping, underlying);
        shelf.expiries[place] = placeIn(keeping.expiries, `${underlying}:${expiry}`, () => undefined);
    });
};

/** Counts one more holder; the first has the instrument priced, which the last market passed by. */
export function hold(keeping: Keeping, place: number): void {
    keeping.holders[place] = intAt(keeping.holders, place) + 1;
    if (keeping.holders[place] === 1) priceInstrument(keeping, place);
}

export function release({holders}: Keeping, place: number): void {
    holders[place] = intAt(holders, place) - 1;
}

/** Instruments that somebody holds. */
export const heldCount = ({holders}: Keeping): number => holders.reduce((count, one) => count + (one > 0 ? 1 : 0), 0);

/** Prices everything under another market. */
export function reprice(keeping: Keeping, market: Market, parameters: RiskParameters): void {
    const {shelf, underlyings, assets, instruments} = keeping;
    const rules = [...parameters.underlyings.values()];
    const prices = {market, parameters, shared: share(market, parameters)};
    keeping.prices = prices;
    keeping.groups = [...new Set(rules.map(({params}) => params.group))];
    shelf.blends = keeping.groups.map((group) => asDouble(parameters.blendsE18.get(group) ?? 0n));
    shelf.scenarios = Math.max(0, ...rules.map(({grid}) => grid.length));
    shelf.width = LOSSES + shelf.scenarios;
    shelf.rows = roomyFloats(shelf.rows, instruments.names.length * shelf.width);
    shelf.settlement = settlementPrice(prices);
    shelf.reserveBase = asDouble(parameters.global.reserveBaseE18);
    shelf.reservePerPosition = asDouble(parameters.global.reservePerPositionE18);
    for (const place of underlyings.names.keys()) priceUnderlying(keeping, place);
    for (const place of assets.names.keys()) priceAsset(keeping, place);
    for (const place of instruments.names.keys()) priceInstrument(keeping, place);
}
