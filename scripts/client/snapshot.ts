/** Everything that the twin needs to answer by itself, read from the chain at one block. */
import {Contract} from "ethers";

import {TOKEN_ABI} from "../chain/contracts.js";
import {createSnapshotReader, expiriesOf} from "../chain/snapshot.js";
import {InputError} from "../sdk/failures.js";
import type {AccountId} from "../sdk/ids.js";
import type {InstrumentId} from "../sdk/instruments.js";
import {NOBODY} from "../sdk/trade/index.js";
import type {Holder, Role, Terms, TradeQuestion, WithdrawQuestion, WithdrawToken} from "../sdk/trade/index.js";
import {bookFrom} from "../chain/snapshot.js";
import type {Core} from "./core.js";
import {refusing} from "./failures.js";

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

/** A block to read at. */
type At = {readonly blockTag: number};

async function holderOf({contracts}: Core, id: AccountId | undefined, at: At): Promise<Holder> {
    if (id === undefined) return NOBODY;
    const [principal, book] = [await contracts.vault.principalOf(id, at), await contracts.marginLens.bookOf(id, at)];
    return {principal, book: bookFrom(book)};
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

type ReadTerms = Omit<Terms, "isTradable" | "supplyIndexE27" | "borrowIndexE27">;

async function termsOf({contracts: {clearinghouse}}: Core, underlyings: readonly number[], at: At): Promise<ReadTerms> {
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
    return {
        fees: {linearE18, optionE18, optionCapE18},
        funding: {maxPremiumE18, averageSeconds, sampleNotionalE18},
        perps: new Map(await Promise.all(perps)),
        openInterestCapsE18: new Map(await Promise.all(caps)),
        openingPaused: await clearinghouse.openingPaused(at),
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

/** Reads one block. What is not to be had, a price or a surface, is missing: the twin says so when a question needs it. */
export const snapshot = (core: Core, ask: SnapshotAsk): Promise<Snapshot> =>
    refusing(async () => {
        const block = await core.provider.getBlockNumber();
        const at = {blockTag: block};
        const account = await holderOf(core, ask.account, at);
        const counterparty = await holderOf(core, ask.counterparty, at);
        const held = [account, counterparty].flatMap(({book}) => book.positions.map(({instrument}) => instrument));
        const instruments = [...new Set([...held, ...(ask.instruments ?? [])])];
        const reader = createSnapshotReader(core.provider, core.deployment.contracts);
        const {market, parameters, indices} = await reader.snapshot(expiriesOf(instruments), block);
        const isTradable = await tradableOf(core, instruments, at);
        const terms = await termsOf(core, [...parameters.underlyings.keys()], at);
        const borrowingPaused = await core.contracts.vault.borrowingPaused(at);
        return {
            block,
            account,
            counterparty,
            role: ask.role ?? "TAKER",
            book: account.book,
            market,
            parameters,
            terms: {...terms, ...indices, isTradable},
            vault: {...indices, borrowingPaused},
            tokens: await tokensOf(core, at),
        };
    });
