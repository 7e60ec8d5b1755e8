/** One moment of the market: what the twin is asked about, and what one unit of an instrument is worth then. */
import {decodeInstrument} from "../../sdk/index.js";
import {expE18, min, mulDown, mulFloor, sum} from "../../sdk/math/index.js";
import {creditedUnits, datedMarket, legValue, perpMarket, yearsOf} from "../../sdk/risk/index.js";
import type {Book, LegValue, Market, RiskParameters, UnderlyingQuote} from "../../sdk/risk/index.js";
import {ONE_E18} from "../../sdk/units.js";
import {carryE18} from "../../shared/carry.js";
import {BacktestError} from "./failures.js";
import {ruleOf} from "./rules.js";
import type {Rules} from "./rules.js";
import {fixed, smileAt} from "./volatility.js";
import type {VolState} from "./volatility.js";

/** One asset at one moment. */
export type Quote = {readonly asset: string; readonly spotE18: bigint; readonly state: VolState};

const forwardRatio = (carry: bigint, seconds: number): bigint => expE18(mulFloor(carry, yearsOf(seconds)));

/** Forwards follow their carry, smiles the rule of `volatility.ts`; the perpetual stands at the index. */
function quoteOf({spotE18, state}: Quote, now: number, expiries: readonly number[]): UnderlyingQuote {
    const carry = carryE18({spotE18, recentE18: fixed(state.recent)});
    const alive = expiries.filter((expiry) => expiry > now);
    return {
        markE18: spotE18,
        fundingE18: 0n,
        openInterestE18: 0n,
        expiries: new Map(
            alive.map((expiry) => [
                expiry,
                {
                    forwardNumeratorE18: forwardRatio(carry, expiry - now),
                    forwardDenominatorE18: ONE_E18,
                    discountE18: ONE_E18,
                    vol: {smile: smileAt(state, expiry - now), publishedAt: now},
                },
            ]),
        ),
        settlements: new Map(),
    };
}

export function marketOf(rules: Rules, quotes: readonly Quote[], now: number, expiries: readonly number[]): Market {
    const numbered = quotes.map((quote) => ({quote, number: ruleOf(rules, quote.asset).underlying}));
    return {
        now,
        pricesE18: new Map([
            [rules.parameters.global.settlementFeedId, ONE_E18],
            ...numbered.map(({quote, number}) => [number, quote.spotE18] as const),
        ]),
        underlyings: new Map(numbered.map(({quote, number}) => [number, quoteOf(quote, now, expiries)])),
    };
}

export type UnitPrice = Pick<LegValue, "markE18" | "deltaE18">;
/** Price of one unit of an instrument, worked out once. */
export type Prices = (instrument: bigint) => UnitPrice;

function priceOf(market: Market, {underlyings}: RiskParameters, instrument: bigint): UnitPrice {
    const terms = decodeInstrument(instrument);
    const {underlying} = terms;
    const quote = market.underlyings.get(underlying);
    const rule = underlyings.get(underlying);
    const spotE18 = market.pricesE18.get(underlying);
    if (quote === undefined || rule === undefined || spotE18 === undefined) {
        throw new BacktestError("no-asset", `Underlying ${underlying} has no market`, {underlying: String(underlying)});
    }
    const ask = {market, quote, params: rule.params, underlying, spotE18};
    const expiry = terms.expiry === 0 ? perpMarket(ask) : datedMarket(ask, terms.expiry);
    return legValue({scenarios: []}, expiry, {instrument, sizeE18: ONE_E18});
}

export function pricesOf(market: Market, parameters: RiskParameters): Prices {
    const known = new Map<bigint, UnitPrice>();
    return (instrument) => {
        const price = known.get(instrument) ?? priceOf(market, parameters, instrument);
        known.set(instrument, price);
        return price;
    };
}

/** Worth of a book as the twin's equity has it: each position rounded down, collateral by the units that count. */
export function worthOf({positions, collateral, quotes}: Book, market: Market, rules: Rules, prices: Prices): bigint {
    const legs = positions.map(({instrument, sizeE18}) => mulFloor(sizeE18, prices(instrument).markE18));
    const held = collateral.map(({assetId, unitsE18}) => {
        const params = rules.parameters.assets.get(assetId);
        const priceE18 = params === undefined ? 0n : (market.pricesE18.get(params.feedId) ?? 0n);
        return params === undefined ? 0n : mulDown(creditedUnits(params, unitsE18, priceE18), priceE18);
    });
    return sum([...legs, ...held, ...quotes.map(({quoteE18}) => quoteE18)]);
}

/** Fall of a book's worth from before to the lowest of what came after; a gain is below zero. */
export const lossOf = (beforeE18: bigint, [first = beforeE18, ...others]: readonly bigint[]): bigint =>
    beforeE18 - min(first, ...others);
