/** What the keeper remembers between two runs: where it is in the chain, and which accounts and expiries it has met. */
import type {Log as ChainLog} from "ethers";
import {z} from "zod";

import type {CursorState} from "../chain/cursor.js";
import {accountsIn as accountsOf, decodeLog, expiryIn} from "../chain/events.js";
import type {Expiry} from "../chain/snapshot.js";
import {readIfPresent, writeAtomically} from "../shared/files.js";
import {parseAccount, type AccountId} from "../sdk/ids.js";

export type KeeperState = {
    readonly chainId: bigint;
    readonly cursor: CursorState;
    readonly accounts: ReadonlySet<AccountId>;
    /** By `underlying:expiry`. */
    readonly expiries: ReadonlyMap<string, KnownExpiry>;
};

/** `settledAt` is the block by which its price was first seen. */
export type KnownExpiry = Expiry & {readonly settledAt?: number | undefined};

const schema = z.strictObject({
    version: z.literal(1),
    chainId: z.string(),
    nextBlock: z.int().min(0),
    seen: z.array(z.strictObject({number: z.int(), hash: z.string()})),
    accounts: z.array(z.string()),
    expiries: z.array(z.strictObject({underlying: z.int(), expiry: z.int(), settledAt: z.int().optional()})),
});

export class StateError extends Error {
    readonly code = "state-of-another-chain";
}

export function loadState(path: string, chainId: bigint, firstBlock: number): KeeperState {
    const text = readIfPresent(path);
    if (text === undefined) {
        const cursor = {nextBlock: firstBlock, seen: []};
        return {chainId, cursor, accounts: new Set(), expiries: new Map()};
    }
    const stored = schema.parse(JSON.parse(text));
    if (stored.chainId !== chainId.toString()) {
        throw new StateError(`${path} belongs to chain ${stored.chainId}, not to ${chainId}`);
    }
    return {
        chainId,
        cursor: {nextBlock: stored.nextBlock, seen: stored.seen},
        accounts: new Set(stored.accounts.map(parseAccount)),
        expiries: new Map(stored.expiries.map((expiry) => [keyOf(expiry), expiry])),
    };
}

export function saveState(path: string, state: KeeperState): void {
    const {chainId, cursor, accounts, expiries} = state;
    const stored = {
        version: 1,
        chainId: chainId.toString(),
        nextBlock: cursor.nextBlock,
        seen: cursor.seen,
        accounts: [...accounts].sort(),
        expiries: [...expiries.values()],
    };
    writeAtomically(path, `${JSON.stringify(stored)}\n`);
}

/** What logs name: whatever changes a book names its account. */
export type Named = Pick<KeeperState, "accounts" | "expiries">;

export function namedIn(logs: readonly ChainLog[]): Named {
    const accounts = new Set<AccountId>();
    const expiries = new Map<string, KnownExpiry>();
    for (const log of logs) {
        const event = decodeLog(log);
        if (event === undefined) continue;
        for (const account of accountsOf(event)) accounts.add(account);
        const expiry = expiryIn(event);
        if (expiry !== undefined) expiries.set(keyOf(expiry), expiry);
    }
    return {accounts, expiries};
}

/** Adds what logs name. Adding twice changes nothing, so logs may come again after a reorganisation. */
export const withNamed = (state: KeeperState, cursor: CursorState, named: Named): KeeperState => ({
    ...state,
    cursor,
    accounts: new Set([...state.accounts, ...named.accounts]),
    expiries: new Map([...state.expiries, ...named.expiries]),
});

export function withExpiry(state: KeeperState, expiry: KnownExpiry): KeeperState {
    return {...state, expiries: new Map(state.expiries).set(keyOf(expiry), expiry)};
}

export function withoutExpiry(state: KeeperState, expiry: Expiry): KeeperState {
    const expiries = new Map(state.expiries);
    expiries.delete(keyOf(expiry));
    return {...state, expiries};
}

export const keyOf = ({underlying, expiry}: Expiry): string => `${underlying}:${expiry}`;
