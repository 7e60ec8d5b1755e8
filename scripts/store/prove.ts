/** Proof of the rebuilt books: every figure of every account, and the sums over all of them, against the chain at one block. */
import {Contract, type Provider} from "ethers";

import type {AccountBooks} from "../chain/ledger.js";
import {CLEARINGHOUSE_ABI} from "../sdk/abi/Clearinghouse.js";
import {LIQUIDATOR_ABI} from "../sdk/abi/Liquidator.js";
import {MARGIN_VAULT_ABI} from "../sdk/abi/MarginVault.js";
import {rebuild, type RebuildOptions} from "./books.js";
import {encode} from "./codec.js";
import {StoreError} from "./errors.js";
import {events} from "./journal.js";
import {readTotals, rebuiltTotals} from "./proveTotals.js";
import type {Source} from "./source.js";
import type {Store, Tx} from "./store.js";

/** One figure on which books and chain differ, both as text. */
export type Difference = {readonly figure: string; readonly rebuilt: string; readonly chain: string};

export type Proof = {
    readonly block: number;
    readonly accounts: number;
    /** Figures that were compared. */
    readonly figures: number;
    readonly differences: readonly Difference[];
};

/** Figures by name; two sets are equal when each name has the same value in both. */
export type Figures = ReadonlyMap<string, unknown>;

export type Ask = <T>(room: Room, name: string, ...inputs: readonly unknown[]) => Promise<T>;
export type Room = "vault" | "clearinghouse" | "liquidator";

/** Accounts whose figures are asked for at the same time. */
const ACCOUNTS_AT_ONCE = 20;

/**
 * Compares the books at a block, the last followed one unless told otherwise, with what the contracts say at it. The node must
 * still have the state of that block.
 */
export async function prove(
    store: Store,
    source: Source,
    provider: Provider,
    options: RebuildOptions = {},
): Promise<Proof> {
    const {rebuilt, grants, accruedBlock, hash} = await store.read(async (tx) => {
        const books = await rebuild(tx, source, options);
        return {
            rebuilt: books,
            grants: await grantsUpTo(tx, source, books.block),
            accruedBlock: await lastAccrual(tx, source, books.block),
            hash: await hashOf(tx, source, books.block),
        };
    });
    const {ledger, block} = rebuilt;
    const nowSeconds = await timestampOf(provider, block, hash);
    const ask = askAt(source, provider, block);
    const assets = Number(await ask<bigint>("vault", "assetCount"));
    const compared = new Comparison();
    const accounts = [...ledger.accounts];
    for (let from = 0; from < accounts.length; from += ACCOUNTS_AT_ONCE) {
        await Promise.all(
            accounts.slice(from, from + ACCOUNTS_AT_ONCE).map(async ([account, books]) => {
                const operators = grants.get(account) ?? [];
                const onChain = await readAccount(ask, account, {assets, operators, books});
                compared.add(`account ${account}`, rebuiltAccount(books, operators), onChain);
            }),
        );
    }
    const accruedSeconds = accruedBlock === undefined ? nowSeconds : await timestampOf(provider, accruedBlock);
    const context = {assets, nowSeconds, accruedSeconds};
    compared.add("total", await rebuiltTotals(ledger, ask, context), await readTotals(ledger, ask, assets));
    return {block, accounts: accounts.length, figures: compared.figures, differences: compared.differences};
}

/** Unix time of a block that must be the one that the journal knows. */
async function timestampOf(provider: Provider, number: number, hash?: string): Promise<number> {
    const block = await provider.getBlock(number);
    if (block !== null && (hash === undefined || block.hash === hash)) return block.timestamp;
    const found = block?.hash ?? "none";
    const message = `Block ${number} of the chain is ${found}, the journal has ${hash ?? "its events"}`;
    throw new StoreError("chain-wrong", message, {number, journal: hash, chain: found});
}

class Comparison {
    readonly differences: Difference[] = [];
    figures = 0;

    add(subject: string, rebuilt: Figures, chain: Figures): void {
        for (const name of new Set([...rebuilt.keys(), ...chain.keys()])) {
            const [ours, theirs] = [rebuilt, chain].map((figures) => encode(figures.get(name) ?? null));
            this.figures += 1;
            if (ours === theirs) continue;
            const text = (figures: Figures): string => plain(figures.get(name));
            this.differences.push({figure: `${subject}: ${name}`, rebuilt: text(rebuilt), chain: text(chain)});
        }
    }
}

/** Numbers as they are, "none" for nothing, other values in the store's text. */
function plain(value: unknown): string {
    if (value === undefined) return "none";
    return typeof value === "bigint" || typeof value === "number" ? value.toString() : encode(value);
}

function askAt({contracts}: Source, provider: Provider, blockTag: number): Ask {
    const rooms: Readonly<Record<Room, Contract>> = {
        vault: new Contract(contracts.vault, MARGIN_VAULT_ABI, provider),
        clearinghouse: new Contract(contracts.clearinghouse, CLEARINGHOUSE_ABI, provider),
        liquidator: new Contract(contracts.liquidator, LIQUIDATOR_ABI, provider),
    };
    return async <T>(room: Room, name: string, ...inputs: readonly unknown[]): Promise<T> =>
        (await rooms[room].getFunction(name).staticCall(...inputs, {blockTag})) as T;
}

function rebuiltAccount(books: AccountBooks, operators: readonly string[]): Figures {
    const figures = new Map<string, unknown>([
        ["principal", books.principalE18],
        ["model", books.model],
        ["epoch", books.epoch],
        ["auction", books.auction],
        ["insolvent at", books.insolventAt],
    ]);
    for (const [asset, unitsE18] of books.unitsE18) figures.set(`units of asset ${asset}`, unitsE18);
    for (const [instrument, sizeE18] of books.sizeE18) figures.set(`size of ${instrument}`, sizeE18);
    for (const [underlying, quoteE18] of books.quoteE18) figures.set(`quote figure of ${underlying}`, quoteE18);
    for (const operator of operators) {
        figures.set(`rights of ${operator}`, books.operators.get(operator) ?? {rights: 0, expiresAt: 0});
    }
    return figures;
}

type RawBook = readonly [
    readonly {readonly instrument: bigint; readonly sizeE18: bigint}[],
    readonly {readonly underlying: bigint; readonly quoteE18: bigint}[],
];

async function readAccount(
    ask: Ask,
    account: string,
    {
        assets,
        operators,
        books,
    }: {
        readonly assets: number;
        readonly operators: readonly string[];
        readonly books: AccountBooks;
    },
): Promise<Figures> {
    const [principal, holdings, [positions, quotes], epoch, auction] = await Promise.all([
        ask<bigint>("vault", "principalOf", account),
        ask<{readonly model: bigint}>("vault", "holdingsOf", account),
        ask<RawBook>("clearinghouse", "positionsOf", account),
        ask<bigint>("clearinghouse", "epochOf", account),
        ask<{readonly startedAt: bigint; readonly insolventAt: bigint}>("liquidator", "auction", account),
    ]);
    const figures = new Map<string, unknown>([
        ["principal", principal],
        ["model", Number(holdings.model)],
        ["epoch", epoch],
        ["auction", auction.startedAt !== 0n],
        ["insolvent at", Number(auction.insolventAt)],
    ]);
    const put = (name: string, value: bigint): void => {
        if (value !== 0n) figures.set(name, value);
    };
    for (let asset = 0; asset < assets; ++asset) {
        put(`units of asset ${asset}`, await ask<bigint>("vault", "unitsOf", account, asset));
    }
    for (const {instrument, sizeE18} of positions) put(`size of ${instrument}`, sizeE18);
    for (const {underlying, quoteE18} of quotes) put(`quote figure of ${underlying}`, quoteE18);
    for (const underlying of books.quoteE18.keys()) {
        put(`quote figure of ${underlying}`, await ask<bigint>("clearinghouse", "quoteOf", account, underlying));
    }
    for (const operator of operators) {
        type Grant = {readonly rights: bigint; readonly expiresAt: bigint};
        const {rights, expiresAt} = await ask<Grant>("vault", "operatorGrant", account, operator);
        const isNone = rights === 0n;
        figures.set(`rights of ${operator}`, {rights: Number(rights), expiresAt: isNone ? 0 : Number(expiresAt)});
    }
    return figures;
}

/** Operators that an account ever named. */
async function grantsUpTo(tx: Tx, source: Source, upTo: number): Promise<ReadonlyMap<string, readonly string[]>> {
    const grants = new Map<string, string[]>();
    for await (const {args} of events(tx, source, {after: source.firstBlock - 1, upTo, name: "OperatorSet"})) {
        const {account, operator} = args as {readonly account: string; readonly operator: string};
        const known = grants.get(account) ?? [];
        if (!known.includes(operator)) grants.set(account, [...known, operator]);
    }
    return grants;
}

/** While anybody owes, cash changes only after interest was brought to the same block; the first debt starts the clock. */
async function lastAccrual(tx: Tx, source: Source, block: number): Promise<number | undefined> {
    const {last} = await tx
        .selectFrom("event")
        .select((eb) => eb.fn.max<number | null>("block").as("last"))
        .where("source_id", "=", source.id)
        .where("orphaned", "=", 0)
        .where("name", "in", ["InterestAccrued", "CashChanged"])
        .where("block", "<=", block)
        .executeTakeFirstOrThrow();
    return last ?? undefined;
}

async function hashOf(tx: Tx, source: Source, number: number): Promise<string | undefined> {
    const row = await tx
        .selectFrom("block")
        .select("hash")
        .where("source_id", "=", source.id)
        .where("number", "=", number)
        .executeTakeFirst();
    return row?.hash;
}
