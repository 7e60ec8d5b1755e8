/** Strategies become books at one moment of the market. */
import {decodeInstrument, future, instrumentId, isLinear, perp} from "../../sdk/index.js";
import {strike} from "../../sdk/units.js";
import {divDown, mulDown, mulFloor, sum} from "../../sdk/math/index.js";
import type {Book, Market} from "../../sdk/risk/index.js";
import type {Prices, Quote} from "./pricing.js";
import {ruleOf} from "./rules.js";
import type {Rules} from "./rules.js";
import type {LegTerms, Strategy, StrategyLeg} from "./strategies.js";
import {deviation} from "./volatility.js";

const DAY = 86_400;
const E8 = 1e8;
const STRIKE_DIGITS = 6;

export const expiryAfter = (now: number, days: number): number => now + days * DAY;

/** What books are made of. */
export type Stage = {
    readonly rules: Rules;
    readonly market: Market;
    readonly prices: Prices;
    readonly quotes: readonly Quote[];
    readonly notionalE18: bigint;
};

type Option = Extract<LegTerms, {readonly kind: "CALL" | "PUT"}>;

/** Strike so many standard deviations from the forward, to six digits. */
function strikeOf({prices, market}: Stage, underlying: number, {state}: Quote, {days, deviations}: Option): bigint {
    const {markE18} = prices(future(underlying, expiryAfter(market.now, days)));
    const exact = (Number(markE18) / 1e18) * Math.exp(deviations * deviation(state, days * DAY));
    return BigInt(Math.round(Number(exact.toPrecision(STRIKE_DIGITS)) * E8));
}

function instrumentOf(stage: Stage, underlying: number, quote: Quote, terms: LegTerms): bigint | undefined {
    switch (terms.kind) {
        case "SPOT":
            return undefined;
        case "PERP":
            return perp(underlying);
        case "FUTURE":
            return future(underlying, expiryAfter(stage.market.now, terms.days));
        case "CALL":
        case "PUT": {
            const strikeE8 = strike(strikeOf(stage, underlying, quote, terms));
            const expiry = expiryAfter(stage.market.now, terms.days);
            return instrumentId({underlying, kind: terms.kind, expiry, strikeE8});
        }
    }
}

const underlyingOf = (instrument: bigint): number => decodeInstrument(instrument).underlying;

type Sized = {readonly instrument: bigint; readonly sizeE18: bigint};
type Holding = {readonly assetId: number; readonly unitsE18: bigint};

function placed(stage: Stage, leg: StrategyLeg): {readonly position: Sized | undefined; readonly holding?: Holding} {
    const quote = stage.quotes[leg.asset];
    if (quote === undefined) return {position: undefined};
    const {underlying, assetId} = ruleOf(stage.rules, quote.asset);
    const sizeE18 = BigInt(leg.units) * divDown(stage.notionalE18, quote.spotE18);
    const instrument = instrumentOf(stage, underlying, quote, leg.terms);
    if (instrument === undefined) return {position: undefined, holding: {assetId, unitsE18: sizeE18}};
    return {position: {instrument, sizeE18}};
}

/** A perpetual per asset against the delta of everything else in it. */
function hedgesOf({prices, quotes, rules}: Stage, positions: readonly Sized[]): Sized[] {
    return quotes.map(({asset}) => {
        const {underlying} = ruleOf(rules, asset);
        const own = positions.filter(({instrument}) => underlyingOf(instrument) === underlying);
        const deltas = own.map(({instrument, sizeE18}) => mulFloor(sizeE18, prices(instrument).deltaE18));
        return {instrument: perp(underlying), sizeE18: -sum(deltas)};
    });
}

const ascending = (one: Sized, other: Sized): number => (one.instrument < other.instrument ? -1 : 1);

/** What linear positions cost that are entered at the prices of the moment: a profit would not count in full. */
function entriesOf({prices}: Stage, positions: readonly Sized[]): Book["quotes"] {
    const linear = positions.filter(({instrument}) => isLinear(decodeInstrument(instrument).kind));
    return [...new Set(linear.map(({instrument}) => underlyingOf(instrument)))].map((underlying) => {
        const own = linear.filter(({instrument}) => underlyingOf(instrument) === underlying);
        const worth = own.map(({instrument, sizeE18}) => mulFloor(sizeE18, prices(instrument).markE18));
        return {underlying, quoteE18: -sum(worth)};
    });
}

export function bookOf(stage: Stage, {legs, isHedged}: Strategy): Book {
    const found = legs.map((leg) => placed(stage, leg));
    const positions = found.flatMap(({position}) => position ?? []);
    const hedges = isHedged ? hedgesOf(stage, positions) : [];
    const all = [...positions, ...hedges].sort(ascending);
    return {
        model: "SCENARIO",
        cashE18: 0n,
        collateral: found.flatMap(({holding}) => holding ?? []),
        quotes: entriesOf(stage, all),
        positions: all,
    };
}

/** Units of everything held or owed, long or short, at the price of the underlying. */
export function grossOf({quotes, rules}: Stage, {positions, collateral}: Book): bigint {
    const worth = quotes.map(({asset, spotE18}) => {
        const {underlying, assetId} = ruleOf(rules, asset);
        const sizes = positions
            .filter(({instrument}) => underlyingOf(instrument) === underlying)
            .map(({sizeE18}) => (sizeE18 < 0n ? -sizeE18 : sizeE18));
        const units = collateral.filter((one) => one.assetId === assetId).map(({unitsE18}) => unitsE18);
        return mulDown(sum([...sizes, ...units]), spotE18);
    });
    return sum(worth);
}
