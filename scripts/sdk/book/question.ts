/** From a book file to a question for the risk twin. */
import {isLinear} from "../instruments.js";
import {mulDivDown, mulFloor, sum} from "../math/index.js";
import {DEFAULT_BLEND_E18, DEFAULT_GLOBAL} from "../risk/defaults.js";
import {datedMarket, perpMarket} from "../risk/marketReader.js";
import type {Question} from "../risk/riskEngine.js";
import type {Book, Market, RiskParameters} from "../risk/types.js";
import {ONE_E18} from "../units.js";
import {assetsOf, isCash} from "./assets.js";
import type {Asset} from "./assets.js";
import {checkExpiry, quoteOf} from "./expiries.js";
import {legsOf} from "./legs.js";
import type {BookLeg} from "./legs.js";
import {modelOf} from "./models.js";
import {namesOf, numberOf} from "./names.js";
import type {Names} from "./names.js";
import {checkLengths, rulesOf} from "./parameters.js";
import type {UnderlyingRules} from "./parameters.js";
import type {BookFile} from "./schema.js";

const SETTLEMENT_FEED = 1000;

/** A leg with what its entry has put into the quote figure; options cost cash, not quote. */
export type QuotedLeg = BookLeg & {readonly quoteE18: bigint};

export type PreparedBook = {
    readonly question: Question;
    readonly names: Names;
    readonly legs: readonly QuotedLeg[];
    readonly assets: readonly Asset[];
    readonly warnings: readonly string[];
};

type Rules = ReadonlyMap<number, UnderlyingRules>;

/** A market that is not crowded and that the book is a small part of. */
const ordinaryInterest = (rules: UnderlyingRules | undefined, spotE18: bigint): bigint =>
    rules === undefined ? 0n : mulDivDown(rules.params.oiLowerE18, ONE_E18, spotE18);

function marketOf(file: BookFile, names: Names, assets: readonly Asset[], rules: Rules): Market {
    const quotes = Object.entries(file.underlyings).map(([name, quote]) => {
        const number = numberOf(names, name) ?? 0;
        const ordinaryE18 = ordinaryInterest(rules.get(number), quote.spot);
        return {number, spotE18: quote.spot, quote: quoteOf(file, name, quote, ordinaryE18)};
    });
    return {
        now: file.now,
        pricesE18: new Map([
            [SETTLEMENT_FEED, file.prices?.["USDC"] ?? ONE_E18],
            ...assets.map(({params, priceE18}) => [params.feedId, priceE18] as const),
            ...quotes.map(({number, spotE18}) => [number, spotE18] as const),
        ]),
        underlyings: new Map(quotes.map(({number, quote}) => [number, quote])),
    };
}

function parametersOf({parameters}: BookFile, rules: Rules, assets: readonly Asset[]): RiskParameters {
    const blendE18 = parameters?.blend ?? DEFAULT_BLEND_E18;
    return {
        underlyings: rules,
        blendsE18: new Map([...rules.values()].map(({params}) => [params.group, blendE18])),
        assets: new Map(assets.map(({assetId, params}) => [assetId, params])),
        global: {
            initialRatioE18: parameters?.initialRatio ?? DEFAULT_GLOBAL.initialRatioE18,
            reserveBaseE18: parameters?.reserveBase ?? DEFAULT_GLOBAL.reserveBaseE18,
            reservePerPositionE18: parameters?.reservePerPosition ?? DEFAULT_GLOBAL.reservePerPositionE18,
            settlementFeedId: SETTLEMENT_FEED,
        },
    };
}

/** Linear legs without an entry count as entered at their price now: no profit so far. */
function quoted(leg: BookLeg, market: Market, rules: ReadonlyMap<number, UnderlyingRules>): QuotedLeg {
    if (!isLinear(leg.instrument.kind)) return {...leg, quoteE18: 0n};
    if (leg.paidE18 !== undefined) return {...leg, quoteE18: leg.paidE18};
    const {underlying, expiry} = leg.instrument;
    const quote = market.underlyings.get(underlying);
    const params = rules.get(underlying)?.params;
    const spotE18 = market.pricesE18.get(underlying);
    if (quote === undefined || params === undefined || spotE18 === undefined) return {...leg, quoteE18: 0n};
    const ask = {market, quote, params, underlying, spotE18};
    const {priceE18} = expiry === 0 ? perpMarket(ask) : datedMarket(ask, expiry);
    return {...leg, quoteE18: mulFloor(-leg.sizeE18, priceE18)};
}

function bookOf({account}: BookFile, legs: readonly QuotedLeg[], assets: readonly Asset[]): Book {
    const linear = legs.filter(({instrument}) => isLinear(instrument.kind));
    const underlyings = [...new Set(linear.map(({instrument}) => instrument.underlying))];
    const coins = Object.entries(account.collateral ?? {}).filter(([symbol]) => isCash(symbol));
    return {
        model: modelOf(account.model ?? "scenario"),
        cashE18: (account.cash ?? 0n) + sum(coins.map(([, units]) => units)),
        collateral: assets.map(({assetId, unitsE18}) => ({assetId, unitsE18})),
        quotes: underlyings.map((underlying) => {
            const own = linear.filter(({instrument}) => instrument.underlying === underlying);
            return {underlying, quoteE18: sum(own.map(({quoteE18}) => quoteE18))};
        }),
        positions: legs.map(({id, sizeE18}) => ({instrument: id, sizeE18})),
    };
}

/** Everything the twin needs, with names to speak of the answer. Throws an InputError that names the field at fault. */
export function prepareBook(file: BookFile): PreparedBook {
    const names = namesOf(file);
    const rules = rulesOf(file, names);
    const bare = legsOf(file, names);
    for (const leg of bare) checkExpiry(file, names, leg);
    const {assets, warnings} = assetsOf(file, names);
    const held = assets.map(({params}) => params.underlying).filter((number) => number !== 0);
    const used = [...new Set([...bare.map(({instrument}) => instrument.underlying), ...held])];
    checkLengths(
        rules,
        used.sort((a, b) => a - b),
        names,
    );
    const market = marketOf(file, names, assets, rules);
    const legs = bare.map((leg) => quoted(leg, market, rules));
    const question = {book: bookOf(file, legs, assets), market, parameters: parametersOf(file, rules, assets)};
    return {question, names, legs, assets, warnings};
}
