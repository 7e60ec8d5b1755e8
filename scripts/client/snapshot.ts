/** Everything that the twin needs to answer by itself, read from the chain at one block. */
import {Contract} from "ethers";

import {TOKEN_ABI} from "../chain/contracts.js";
import {InputError} from "../sdk/failures.js";
import type {AccountId} from "../sdk/ids.js";
import {decodeInstrument} from "../sdk/instruments.js";
import type {InstrumentId} from "../sdk/instruments.js";
import type {ExpiryQuote, Market, RiskParameters, UnderlyingQuote} from "../sdk/risk/types.js";
import {NOBODY} from "../sdk/trade/index.js";
import type {Holder, Role, Terms, TradeQuestion, WithdrawQuestion, WithdrawToken} from "../sdk/trade/index.js";
import {ONE_E18} from "../sdk/units.js";
import {bookFrom} from "./books.js";
import type {Core} from "./core.js";
import {refusing} from "./failures.js";
import {parametersOf} from "./parameters.js";
import type {At} from "./parameters.js";

export type SnapshotAsk = {
    readonly account: AccountId;
    readonly counterparty?: AccountId;
    readonly role?: Role;
    /** Instruments that will be asked about beside those that the accounts hold. */
    readonly instruments?: readonly InstrumentId[];
};

/** The question of every function of the twin: `assessBook`, `report`, `previewLegs`, `maxSize`, `cheapestHedge`, `maxWithdraw`, … */
export type Snapshot = TradeQuestion &
    WithdrawQuestion & {
        readonly block: number;
        /** Tokens by symbol, for `maxWithdraw`. */
        readonly tokens: ReadonlyMap<string, WithdrawToken>;
    };

type Dated = ReadonlyMap<number, readonly number[]>;

async function holderOf({contracts}: Core, id: AccountId | undefined, at: At): Promise<Holder> {
    if (id === undefined) return NOBODY;
    const [principal, book] = [await contracts.vault.principalOf(id, at), await contracts.marginLens.bookOf(id, at)];
    return {principal, book: bookFrom(book)};
}

async function expiryOf({contracts}: Core, underlying: number, expiry: number, at: At): Promise<ExpiryQuote> {
    const surface = await contracts.surfaceOracle.surface(underlying, expiry, at);
    const {aE18, bE18, rhoE18, mE18, sigmaE18} = surface;
    return {
        forwardNumeratorE18: surface.forwardRatioE18,
        forwardDenominatorE18: ONE_E18,
        discountE18: surface.discountE18,
        vol: {smile: {aE18, bE18, rhoE18, mE18, sigmaE18}, publishedAt: Number(surface.publishedAt)},
    };
}

type Asked = {readonly underlying: number; readonly spotE18: bigint; readonly expiries: readonly number[]};

async function quoteOf(
    core: Core,
    {underlying, spotE18, expiries}: Asked,
    now: number,
    at: At,
): Promise<UnderlyingQuote> {
    const {clearinghouse} = core.contracts;
    const {markE18, cumulativeFundingE18: fundingE18} = await clearinghouse.perpMark(underlying, spotE18, at);
    const quotes = new Map<number, ExpiryQuote>();
    const settlements = new Map<number, bigint>();
    for (const expiry of expiries) {
        if (expiry > now) quotes.set(expiry, await expiryOf(core, underlying, expiry, at));
        else {
            const priceE18 = await clearinghouse.settlementPriceE18(underlying, expiry, at);
            if (priceE18 !== 0n) settlements.set(expiry, priceE18);
        }
    }
    const openInterestE18 = await clearinghouse.openInterestE18(underlying, at);
    return {markE18, fundingE18, openInterestE18, expiries: quotes, settlements};
}

/** Underlyings and, for each, the expiries that books and instruments touch. */
function datesOf(underlyings: readonly number[], instruments: readonly bigint[]): Dated {
    const terms = instruments.map(decodeInstrument);
    return new Map(
        underlyings.map((underlying) => {
            const own = terms.filter((one) => one.underlying === underlying && one.expiry !== 0);
            return [underlying, [...new Set(own.map(({expiry}) => expiry))]] as const;
        }),
    );
}

async function marketOf(core: Core, parameters: RiskParameters, dates: Dated, now: number, at: At): Promise<Market> {
    const feeds = [
        ...dates.keys(),
        parameters.global.settlementFeedId,
        ...[...parameters.assets.values()].map(({feedId}) => feedId),
    ];
    const prices = [...new Set(feeds)].map(
        async (feed) => [feed, await core.contracts.priceOracle.price(feed, at)] as const,
    );
    const pricesE18 = new Map(await Promise.all(prices));
    const quotes = [...dates].map(async ([underlying, expiries]) => {
        const asked = {underlying, expiries, spotE18: pricesE18.get(underlying) ?? 0n};
        return [underlying, await quoteOf(core, asked, now, at)] as const;
    });
    return {now, pricesE18, underlyings: new Map(await Promise.all(quotes))};
}

async function tradableOf({contracts}: Core, instruments: readonly bigint[], at: At): Promise<Terms["isTradable"]> {
    const known = new Map<bigint, boolean>();
    for (const instrument of instruments)
        known.set(instrument, await contracts.clearinghouse.isTradable(instrument, at));
    return (instrument) => {
        const answer = known.get(instrument);
        if (answer !== undefined) return answer;
        const details = {instrument: String(instrument)};
        throw new InputError("market-missing", `The snapshot was not taken for instrument ${instrument}`, details);
    };
}

async function termsOf(
    core: Core,
    underlyings: readonly number[],
    isTradable: Terms["isTradable"],
    at: At,
): Promise<Terms> {
    const {clearinghouse, vault} = core.contracts;
    const perps = underlyings.map(async (underlying) => {
        const {premiumE18, sampledAt} = await clearinghouse.perpState(underlying, at);
        return [underlying, {premiumE18, sampledAt}] as const;
    });
    const caps = underlyings.map(async (underlying) => {
        const {openInterestCapE18} = await clearinghouse.listing(underlying, at);
        return [underlying, openInterestCapE18] as const;
    });
    const {linearE18, optionE18, optionCapE18} = await clearinghouse.fees(at);
    const {maxPremiumE18, averageSeconds, sampleNotionalE18} = await clearinghouse.fundingParams(at);
    const {supplyIndexE27, borrowIndexE27} = await vault.cashTotals(at);
    return {
        fees: {linearE18, optionE18, optionCapE18},
        funding: {maxPremiumE18, averageSeconds, sampleNotionalE18},
        perps: new Map(await Promise.all(perps)),
        openInterestCapsE18: new Map(await Promise.all(caps)),
        openingPaused: await clearinghouse.openingPaused(at),
        isTradable,
        supplyIndexE27,
        borrowIndexE27,
    };
}

async function tokensOf({contracts, deployment, provider}: Core, at: At): Promise<Snapshot["tokens"]> {
    const found = Object.entries(deployment.tokens).map(async ([symbol, {address, decimals}]) => {
        const balance = new Contract(address, TOKEN_ABI, provider).getFunction("balanceOf");
        const heldNative = (await balance.staticCall(deployment.contracts.vault, at)) as bigint;
        const {listed, assetId} = await contracts.vault.assetIdOf(address, at);
        const isCoin = symbol === deployment.settlementToken;
        const token = {asset: listed ? Number(assetId) : ("settlement" as const), decimals, heldNative};
        return listed || isCoin ? [[symbol, token] as const] : [];
    });
    return new Map((await Promise.all(found)).flat());
}

/** Reads one block. Strict like the engine: a price or surface that is not to be had is a `RefusedError`. */
export const snapshot = (core: Core, ask: SnapshotAsk): Promise<Snapshot> =>
    refusing(async () => {
        const latest = await core.provider.getBlock("latest");
        const [number, now] = [latest?.number ?? 0, latest?.timestamp ?? 0];
        const at = {blockTag: number};
        const account = await holderOf(core, ask.account, at);
        const counterparty = await holderOf(core, ask.counterparty, at);
        const parameters = await parametersOf(core, at);
        const held = [account, counterparty].flatMap(({book}) => book.positions.map(({instrument}) => instrument));
        const instruments = [...new Set([...held, ...(ask.instruments ?? [])])];
        const underlyings = [...parameters.underlyings.keys()];
        const dates = datesOf(underlyings, instruments);
        const isTradable = await tradableOf(core, instruments, at);
        const terms = await termsOf(core, underlyings, isTradable, at);
        const {supplyIndexE27, borrowIndexE27} = terms;
        const borrowingPaused = await core.contracts.vault.borrowingPaused(at);
        return {
            block: number,
            account,
            counterparty,
            role: ask.role ?? "TAKER",
            book: account.book,
            market: await marketOf(core, parameters, dates, now, at),
            parameters,
            terms,
            vault: {supplyIndexE27, borrowIndexE27, borrowingPaused},
            tokens: await tokensOf(core, at),
        };
    });
