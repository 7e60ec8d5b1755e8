/** A question to the twin, in the plain numbers of the reference. */
import {decodeInstrument} from "../../scripts/sdk/instruments.js";
import type {AssetParams, ExpiryQuote, Question, UnderlyingQuote} from "../../scripts/sdk/risk/index.js";
import type {Expiry, Leg, Portfolio, Rules, Underlying} from "./types.js";

const E8 = 1e8;
export const toNumber = (valueE18: bigint): number => Number(valueE18) / 1e18;

/** `volUpE18: 5n * 10n ** 17n` becomes `volUp: 0.5`. */
function rulesOf(params: Readonly<Record<string, bigint | number>>): Rules {
    const plain = Object.entries(params).map(([name, value]) => [name.replace(/E18$/, ""), Number(value) / 1e18]);
    return Object.fromEntries(plain) as Rules;
}

function expiryOf(spot: number, quote: ExpiryQuote): Expiry {
    if (!("smile" in quote.vol)) throw new Error("The reference knows volatility by smile only");
    const {aE18, bE18, rhoE18, mE18, sigmaE18} = quote.vol.smile;
    const ratio = Number(quote.forwardNumeratorE18) / Number(quote.forwardDenominatorE18);
    return {
        forward: spot * ratio,
        discount: toNumber(quote.discountE18),
        smile: {
            a: toNumber(aE18),
            b: toNumber(bE18),
            rho: toNumber(rhoE18),
            m: toNumber(mE18),
            sigma: toNumber(sigmaE18),
        },
        publishedAt: quote.vol.publishedAt,
    };
}

const legOf = (instrument: bigint, sizeE18: bigint): Leg => {
    const {kind, expiry, strikeE8} = decodeInstrument(instrument);
    return {kind, expiry, strike: Number(strikeE8) / E8, size: toNumber(sizeE18)};
};

const assetOf = ({parameters}: Question, assetId: number): AssetParams => {
    const asset = parameters.assets.get(assetId);
    if (asset === undefined) throw new Error(`No asset ${assetId}`);
    return asset;
};

function underlyingOf(question: Question, number: number): Underlying {
    const {book, market, parameters} = question;
    const stored = parameters.underlyings.get(number);
    const quote: UnderlyingQuote | undefined = market.underlyings.get(number);
    if (stored === undefined || quote === undefined) throw new Error(`No underlying ${number}`);
    const spot = toNumber(market.pricesE18.get(number) ?? 0n);
    const {group, ...params} = stored.params;
    return {
        underlying: number,
        group,
        spot,
        mark: toNumber(quote.markE18),
        funding: toNumber(quote.fundingE18),
        openInterest: toNumber(quote.openInterestE18),
        expiries: new Map([...quote.expiries].map(([expiry, one]) => [expiry, expiryOf(spot, one)])),
        settlements: new Map([...quote.settlements].map(([expiry, price]) => [expiry, toNumber(price)])),
        rules: rulesOf(params),
        grid: stored.grid.map(({factorE18, weightE18, vol}) => ({
            factor: toNumber(factorE18),
            weight: toNumber(weightE18),
            vol,
        })),
        legs: book.positions
            .filter(({instrument, sizeE18}) => sizeE18 !== 0n && decodeInstrument(instrument).underlying === number)
            .map(({instrument, sizeE18}) => legOf(instrument, sizeE18)),
    };
}

export function portfolioOf(question: Question): Portfolio {
    const {book, market, parameters} = question;
    if (book.model === "GREEKS") throw new Error("The reference reprices in full: it has no Greeks model");
    const held = book.collateral.filter(({unitsE18}) => unitsE18 !== 0n);
    const named = [
        ...book.positions
            .filter(({sizeE18}) => sizeE18 !== 0n)
            .map(({instrument}) => decodeInstrument(instrument).underlying),
        ...held.map(({assetId}) => assetOf(question, assetId).underlying).filter((number) => number !== 0),
    ];
    const {global} = parameters;
    return {
        now: market.now,
        model: book.model,
        cash: toNumber(book.cashE18),
        coinPrice: toNumber(market.pricesE18.get(global.settlementFeedId) ?? 0n),
        quotes: book.quotes.map(({underlying, quoteE18}) => ({underlying, quote: toNumber(quoteE18)})),
        collateral: held.map(({assetId, unitsE18}) => {
            const {underlying, feedId, weightE18, sizeE18} = assetOf(question, assetId);
            const price = toNumber(market.pricesE18.get(feedId) ?? 0n);
            return {underlying, price, units: toNumber(unitsE18), weight: toNumber(weightE18), k: toNumber(sizeE18)};
        }),
        underlyings: [...new Set(named)].sort((a, b) => a - b).map((number) => underlyingOf(question, number)),
        blends: new Map([...parameters.blendsE18].map(([group, blend]) => [group, toNumber(blend)])),
        ratio: toNumber(global.initialRatioE18),
        reserveBase: toNumber(global.reserveBaseE18),
        reservePerPosition: toNumber(global.reservePerPositionE18),
    };
}
