/** Twin of contracts/risk/MarketReader.sol: what the positions of one underlying need from the market. */
import {InputError} from "../failures.js";
import {cutE18, divDown, expE18, lnPriceE18, max, mulDivDown, mulDown, mulUp, sqrtE18} from "../math/index.js";
import {ONE_E18} from "../units.js";
import type {ExpiryMarket, Market, UnderlyingParams, UnderlyingQuote, VolSource} from "./types.js";

const DAY_SECONDS = 86_400n;
const YEAR_SECONDS = 365n * DAY_SECONDS;
const REFERENCE_DAYS_E18 = 30n * ONE_E18;

/** Asked for where an expiry has no volatility any more. */
const NO_VOL: VolSource = {volE18: 0n};

/** Years of 365 days. */
export const yearsOf = (seconds: number): bigint => mulDivDown(BigInt(seconds), ONE_E18, YEAR_SECONDS);

export function priceOf(market: Market, feedId: number): bigint {
    const priceE18 = market.pricesE18.get(feedId);
    if (priceE18 === undefined) {
        throw new InputError("market-missing", `No price of feed ${feedId}`, {feedId: String(feedId)});
    }
    return priceE18;
}

/** Factors on volatility: 1 + rise * (30 / DTE)^p and 1 - fall * (30 / DTE)^p, not below 0; DTE at least one day. */
export function volFactors(
    params: UnderlyingParams,
    daysE18: bigint,
): {readonly volUpE18: bigint; readonly volDownE18: bigint} {
    const powerE18 = daysE18 < REFERENCE_DAYS_E18 ? params.powerShortE18 : params.powerLongE18;
    const ratioE18 = divDown(REFERENCE_DAYS_E18, max(daysE18, ONE_E18));
    const scaleE18 = expE18(cutE18(lnPriceE18(ratioE18) * powerE18));
    return {
        volUpE18: ONE_E18 + mulUp(params.volUpE18, scaleE18),
        volDownE18: max(ONE_E18 - mulUp(params.volDownE18, scaleE18), 0n),
    };
}

/** An expiry whose volatility plays no part: the perpetual, and a dated one from its expiry on. */
const still = (expiry: number, phase: ExpiryMarket["phase"], priceE18: bigint): ExpiryMarket => ({
    expiry,
    phase,
    priceE18,
    discountE18: ONE_E18,
    yearsE18: 0n,
    rootYearsE18: 0n,
    reportYearsE18: 0n,
    lnPriceE18: 0n,
    discountedE18: priceE18,
    volUpE18: 0n,
    volDownE18: 0n,
    floorUpE18: 0n,
    floorDownE18: 0n,
    vol: NO_VOL,
    shape: {wE18: 0n},
});

export type Ask = {
    readonly market: Market;
    readonly quote: UnderlyingQuote;
    readonly params: UnderlyingParams;
    readonly underlying: number;
    /** Spot price to use, which may be another than the market's. */
    readonly spotE18: bigint;
};

/** A perpetual follows spot with its basis: asked about another spot, its mark moves in proportion. */
export function perpMarket({market, quote, underlying, spotE18}: Ask): ExpiryMarket {
    const indexE18 = priceOf(market, underlying);
    const priceE18 = indexE18 === spotE18 ? quote.markE18 : mulDivDown(quote.markE18, spotE18, indexE18);
    return still(0, "LIVE", priceE18);
}

export function datedMarket({market, quote, params, underlying, spotE18}: Ask, expiry: number): ExpiryMarket {
    if (market.now >= expiry) {
        const settlementE18 = quote.settlements.get(expiry);
        return settlementE18 === undefined
            ? still(expiry, "EXPIRED", spotE18)
            : still(expiry, "SETTLED", settlementE18);
    }
    const surface = quote.expiries.get(expiry);
    if (surface === undefined) {
        const details = {underlying: String(underlying), expiry: String(expiry)};
        throw new InputError("market-missing", `Underlying ${underlying} has no surface for ${expiry}`, details);
    }
    const {vol, discountE18} = surface;
    const seconds = expiry - market.now;
    const yearsE18 = yearsOf(seconds);
    const rootYearsE18 = sqrtE18(yearsE18);
    const priceE18 = mulDivDown(spotE18, surface.forwardNumeratorE18, surface.forwardDenominatorE18);
    const reported = "smile" in vol ? expiry - vol.publishedAt : seconds;
    return {
        expiry,
        phase: "LIVE",
        priceE18,
        discountE18,
        yearsE18,
        rootYearsE18,
        reportYearsE18: yearsOf(reported),
        lnPriceE18: lnPriceE18(priceE18),
        discountedE18: mulDown(priceE18, discountE18),
        ...volFactors(params, mulDivDown(BigInt(seconds), ONE_E18, DAY_SECONDS)),
        floorUpE18: mulDown(params.volFloorUpE18, rootYearsE18),
        floorDownE18: mulDown(params.volFloorDownE18, rootYearsE18),
        vol,
        shape:
            "smile" in vol
                ? {smile: vol.smile, timeScaleE18: mulDivDown(BigInt(seconds), ONE_E18, BigInt(reported))}
                : {wE18: mulDown(vol.volE18, rootYearsE18)},
    };
}
