/** A market after a shock of one's own: what every price and volatility would be, all at once. */
import {mulDivFloor} from "../math/index.js";
import {ONE_E18} from "../units.js";
import type {ExpiryQuote, Market, UnderlyingQuote} from "./types.js";

export type Shift = {
    /** Price after / price before, by feed; a perpetual's mark and the forwards move with their underlying. */
    readonly factorsE18: ReadonlyMap<number, bigint>;
    /** Volatility after / before, of every strike and expiry. */
    readonly volFactorE18: bigint;
};

/** @custom:rounding Prices and variances are rounded down. */
export function shifted(market: Market, {factorsE18, volFactorE18}: Shift): Market {
    const scaled = (id: number, priceE18: bigint): bigint =>
        mulDivFloor(priceE18, factorsE18.get(id) ?? ONE_E18, ONE_E18);
    const pricesE18 = new Map([...market.pricesE18].map(([id, priceE18]) => [id, scaled(id, priceE18)]));
    const underlyings = [...market.underlyings].map(([id, quote]): [number, UnderlyingQuote] => {
        const expiries = [...quote.expiries].map(([expiry, one]): [number, ExpiryQuote] => [
            expiry,
            {...one, vol: scaledVol(one.vol, volFactorE18)},
        ]);
        return [id, {...quote, markE18: scaled(id, quote.markE18), expiries: new Map(expiries)}];
    });
    return {...market, pricesE18, underlyings: new Map(underlyings)};
}

/** A smile is variance: its level and its slope go with the square, its place and width stay. */
function scaledVol(vol: ExpiryQuote["vol"], factorE18: bigint): ExpiryQuote["vol"] {
    if ("volE18" in vol) return {volE18: mulDivFloor(vol.volE18, factorE18, ONE_E18)};
    const squareE36 = factorE18 * factorE18;
    const {smile, publishedAt} = vol;
    const aE18 = mulDivFloor(smile.aE18, squareE36, ONE_E18 * ONE_E18);
    const bE18 = mulDivFloor(smile.bE18, squareE36, ONE_E18 * ONE_E18);
    return {smile: {...smile, aE18, bE18}, publishedAt};
}
