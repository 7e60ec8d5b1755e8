/** What prices mean, without a chain: how a bar moves the state, how large a move waits, what every instrument is worth. */
import {surfaceKey} from "../oracle/reports.js";
import type {ModelInput} from "../oracle/model.js";
import {decodeInstrument, ONE_E18, parseE18} from "../sdk/index.js";
import type {InstrumentId, Surface} from "../sdk/index.js";
import {abs, lnRatioE18, mulDown, mulFloor, sqrtE18} from "../sdk/math/index.js";
import {black76, svi} from "../sdk/risk/index.js";
import type {PriceBar} from "./priceFile.js";

export const UNDERLYINGS = [1, 2] as const;
export const STRIKE_SCALE = 10n ** 10n;
const BASE_VOL: Readonly<Record<number, string>> = {1: "0.65", 2: "0.80"};
/** Weight of a new hour in the moving average of about a day. */
const RECENT_WEIGHT_E18 = parseE18("0.06");
/** The local network takes a larger move since the last look only after it stood for a while. */
const MAX_JUMP_E18 = parseE18("0.35");

/** By underlying, 18 decimals. */
export type Prices = Readonly<Record<number, bigint>>;

export type PriceState = {
    readonly spot: Prices;
    /** One bar ago. */
    readonly last: Prices;
    /** Moving average. */
    readonly recent: Prices;
};

export type Surfaces = ReadonlyMap<string, Surface>;

export const NO_PRICES: PriceState = {spot: {}, last: {}, recent: {}};

export const isJump = (before: bigint, now: bigint): boolean => abs(now - before) * ONE_E18 > before * MAX_JUMP_E18;

/** The state after one more bar; before the first there was no other price. */
export function advance(state: PriceState, bar: PriceBar): PriceState {
    const spot: Prices = {1: parseE18(bar.BTC), 2: parseE18(bar.ETH)};
    const recent = UNDERLYINGS.map((id): [number, bigint] => {
        const before = state.recent[id] ?? spot[id] ?? 0n;
        return [id, before + mulFloor((spot[id] ?? 0n) - before, RECENT_WEIGHT_E18)];
    });
    const last = Object.keys(state.spot).length === 0 ? spot : state.spot;
    return {spot, last, recent: Object.fromEntries(recent)};
}

/** What the volatility rule looks at. */
export const inputOf = ({spot, last, recent}: PriceState, underlying: number): ModelInput => ({
    underlying,
    spotE18: spot[underlying] ?? 0n,
    lastE18: last[underlying] ?? 0n,
    recentE18: recent[underlying] ?? 0n,
    baseVolE18: parseE18(BASE_VOL[underlying] ?? "0"),
});

/** Spot for a perpetual, forward for a future, Black-76 on the smile for an option. */
export function fairPrice({spot}: PriceState, surfaces: Surfaces, instrument: InstrumentId): bigint {
    const {underlying, kind, expiry, strikeE8} = decodeInstrument(instrument);
    const spotE18 = spot[underlying] ?? 0n;
    const surface = surfaces.get(surfaceKey(underlying, expiry));
    if (kind === "PERP" || surface === undefined) return spotE18;
    const forwardE18 = mulDown(spotE18, surface.forwardRatioE18);
    if (kind === "FUTURE") return forwardE18;
    const strikeE18 = strikeE8 * STRIKE_SCALE;
    const wE18 = sqrtE18(svi.totalVariance(surface, lnRatioE18(strikeE18, forwardE18)));
    return black76.price(black76.terms(kind, forwardE18, strikeE18, surface.discountE18), wE18);
}
