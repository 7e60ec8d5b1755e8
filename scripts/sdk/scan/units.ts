/**
 * What one unit of an instrument is worth and loses under every scenario, as doubles. The figures are the exact twin's, without
 * the rounding that it does per position, and each is rounded to a double once it is exact: within three roundings of 2^-53.
 */
import {decodeInstrument, isOption} from "../instruments.js";
import {CDF_BITS, max, mulDown, mulUp} from "../math/index.js";
import {strikeE18} from "../risk/addOns.js";
import type {OptionKind} from "../risk/black76.js";
import {legValue, sharedOption} from "../risk/revaluation.js";
import type {ExpiryMarket, UnderlyingMarket} from "../risk/types.js";
import {ONE_E18} from "../units.js";

/** Places in the row of an instrument. Amounts are USD per unit. */
export const VALUE = 0;
/** Delta times spot, and the roll charge that this delta makes. */
export const DELTA = 1;
export const ROLL = 2;
/** 1 for an option that has not settled. */
export const SHORTABLE = 3;
/** Not below any figure that a unit adds anywhere; what the relative error of sums is measured against. */
export const SCALE = 4;
/** Most that the twin's own rounding of one position, whatever its size, adds or takes. */
export const GRAIN = 5;
/** What bounds the loss of an expiry by its terms: the price, the strike, the side, the farthest price, the discount factor. */
export const MARK = 6;
export const STRIKE = 7;
/** 0 linear, 1 call, -1 put, NaN settled. */
export const SIDE = 8;
export const FAR = 9;
export const DISCOUNT = 10;
/** Weighted losses from here on, one per scenario. */
export const LOSSES = 11;

const ONE_E36 = ONE_E18 * ONE_E18;
const ONE_E54 = ONE_E36 * ONE_E18;
const LOSS_UNIT = ONE_E54 << CDF_BITS;
/** USD of one step of a lane, see options. */
const LANE_STEP = 1e-12;
const STEP = 1e-18;

/** A fraction of integers as a double, within three roundings. */
export const ratio = (numerator: bigint, denominator: bigint): number => Number(numerator) / Number(denominator);
/** A figure with 18 decimals as a double, within two roundings. */
export const asDouble = (xE18: bigint): number => Number(xE18) / 1e18;

/** Value, delta and gains under all scenarios of one unit; gains have 36 decimals and CDF_BITS fractional bits. */
type Unit = {readonly markE18: bigint; readonly deltaE18: bigint; readonly gains: readonly bigint[]};

function liveOption(market: UnderlyingMarket, expiry: ExpiryMarket, kind: OptionKind, id: bigint): Unit {
    const strike = strikeE18(decodeInstrument(id));
    const {unit, odds} = sharedOption(market, expiry, kind, id);
    const {markE18, deltaE18} = unit;
    const presentStrikeE18 = mulDown(strike, expiry.discountE18);
    const linearE18 = kind === "CALL" ? 0n : -expiry.discountedE18;
    const baseE36 = ((kind === "CALL" ? 0n : presentStrikeE18) - markE18) * ONE_E18;
    const gains = odds.map(({p, q}, s) => {
        const factorE18 = market.scenarios[s]?.factorE18 ?? 0n;
        const optionE36 = p * expiry.discountedE18 * factorE18 - q * presentStrikeE18 * ONE_E18;
        return optionE36 + ((linearE18 * factorE18 + baseE36) << CDF_BITS);
    });
    return {markE18, deltaE18, gains};
}

function unitOf(market: UnderlyingMarket, expiry: ExpiryMarket, id: bigint): Unit {
    const instrument = decodeInstrument(id);
    const {kind} = instrument;
    if (expiry.phase === "LIVE" && (kind === "CALL" || kind === "PUT")) {
        return liveOption(market, expiry, kind, id);
    }
    // Exact for one unit: every product with it is a multiple of what is cut off.
    const {markE18, deltaE18, linearE36, baseE36, paysE36} = legValue(market, expiry, {
        instrument: id,
        sizeE18: ONE_E18,
    });
    const gains = market.scenarios.map(
        ({factorE18}, s) => ((linearE36 / ONE_E18) * factorE18 + baseE36 + (paysE36?.[s] ?? 0n)) << CDF_BITS,
    );
    return {markE18, deltaE18, gains};
}

/** Greatest factor and weight of a grid, as doubles. */
export const farthest = ({grid}: UnderlyingMarket): {readonly factor: number; readonly weight: number} => ({
    factor: asDouble(max(0n, ...grid.map(({factorE18}) => factorE18))),
    weight: asDouble(max(0n, ...grid.map(({weightE18}) => weightE18))),
});

/** Writes the row of an instrument. */
export function writeUnit(row: Float64Array, market: UnderlyingMarket, expiry: ExpiryMarket, id: bigint): void {
    const {params, spotE18, scenarios} = market;
    const {kind, strikeE8} = decodeInstrument(id);
    const {markE18, deltaE18, gains} = unitOf(market, expiry, id);
    const isOpen = expiry.phase !== "SETTLED";
    const rateE18 = max(mulUp(params.rollYearE18, expiry.yearsE18), params.rollMinE18);
    const {factor, weight} = farthest(market);
    const spot = asDouble(spotE18);
    row.fill(0);
    row[VALUE] = asDouble(markE18 - (expiry.expiry === 0 ? market.fundingE18 : 0n));
    row[DELTA] = ratio(deltaE18 * spotE18, ONE_E36);
    row[ROLL] = ratio(deltaE18 * spotE18 * rateE18, ONE_E54);
    row[SHORTABLE] = isOpen && isOption(kind) ? 1 : 0;
    row[MARK] = asDouble(markE18);
    row[STRIKE] = asDouble(strikeE18({strikeE8}));
    row[SIDE] = isOpen ? (kind === "CALL" ? 1 : kind === "PUT" ? -1 : 0) : NaN;
    row[FAR] = asDouble(expiry.priceE18) * factor;
    row[DISCOUNT] = asDouble(expiry.discountE18);
    let largest = 0;
    for (const [s, gain] of gains.entries()) {
        const loss = ratio(-gain * (scenarios[s]?.weightE18 ?? 0n), LOSS_UNIT);
        row[LOSSES + s] = loss;
        largest = Math.max(largest, Math.abs(loss));
    }
    const floors = Math.max(1, asDouble(params.floorNetE18 + params.floorHedgedE18));
    row[SCALE] = Math.max(
        Math.abs(row[VALUE]),
        largest,
        Math.abs(row[ROLL]),
        Math.abs(row[DELTA]) * floors,
        row[SHORTABLE] * spot * asDouble(params.floorShortE18),
    );
    // Two lanes cut, each times at most the factor and the weight; all else is cut at the last of 18 decimals.
    const lanes = expiry.phase === "LIVE" && isOption(kind) ? 2 * LANE_STEP * weight * (factor + 1) : 0;
    row[GRAIN] = lanes + 8 * STEP * (1 + spot * (1 + asDouble(rateE18)));
}
