/** Where a keeper keeps what it learns and does: in files of its own, or in a database that several keepers share. */
import {randomUUID} from "node:crypto";
import {setTimeout} from "node:timers/promises";

import type {Provider} from "ethers";

import {stepCursor, type CursorState} from "../chain/cursor.js";
import {accountsIn as accountsNamed} from "../chain/events.js";
import type {AccountId} from "../sdk/ids.js";
import type {Log} from "../shared/logger.js";
import {addAction} from "../store/actions.js";
import {catchUp} from "../store/catchUp.js";
import {placeOf} from "../store/follow.js";
import {events} from "../store/journal.js";
import {withLease} from "../store/leases.js";
import {accountsOf, balanceShards, expiriesOf, leaveShards} from "../store/shards.js";
import {openSource, type Source} from "../store/source.js";
import {openStore, type Tx} from "../store/store.js";
import {keepingOf, type KeeperConfig} from "./config.js";
import {createJournal, type Journal} from "./journal.js";
import type {Seen} from "./lookout.js";
import {keyOf, loadState, namedIn, saveState, withNamed, type KeeperState} from "./state.js";

/** Does work unless another keeper is at the same; undefined, and nothing was done, if so. */
export type Alone = <T>(key: string, work: () => Promise<T>) => Promise<{readonly result: T} | undefined>;

export type Followed = {readonly state: KeeperState; readonly seen: Seen};

export type Backing = {
    readonly start: KeeperState;
    /** Follows the chain to its head; what is returned are the accounts and expiries of this keeper. */
    readonly follow: (state: KeeperState) => Promise<Followed>;
    readonly alone: Alone;
    readonly journal: Journal;
    readonly close: () => Promise<void>;
};

const FOLLOW_TRIES = 20;
const FOLLOW_PAUSE_MS = 100;

type Parts = {readonly config: KeeperConfig; readonly provider: Provider; readonly log: Log};

export function openBacking(parts: Parts, from: string): Promise<Backing> {
    const keeping = keepingOf(parts.config);
    if ("database" in keeping) return databaseBacking(parts, keeping.database, from);
    return Promise.resolve(fileBacking(parts, keeping.stateFile));
}

function fileBacking({config, provider, log}: Parts, stateFile: string): Backing {
    const {vault, clearinghouse, liquidator} = config.contracts;
    const {reorgDepth, maxRange} = config;
    const options = {provider, addresses: [vault, clearinghouse, liquidator], reorgDepth, maxRange};
    return {
        start: loadState(stateFile, config.chainId, config.firstBlock),
        follow: async (start) => {
            let state = start;
            let isRewound = false;
            const touched = new Set<AccountId>();
            for (;;) {
                const step = await stepCursor(state.cursor, options);
                isRewound ||= step.rewoundTo !== undefined;
                const named = namedIn(step.logs);
                for (const account of named.accounts) touched.add(account);
                if (step.rewoundTo !== undefined) log("chain_reorganised", {fromBlock: step.rewoundTo});
                const isStuck = step.state.nextBlock <= state.cursor.nextBlock && step.rewoundTo === undefined;
                state = withNamed(state, step.state, named);
                if (step.state.nextBlock > step.head || isStuck) break;
            }
            saveState(stateFile, state);
            return {state, seen: {touched, isRewound}};
        },
        alone: async (_, work) => ({result: await work()}),
        journal: createJournal(config.journalFile),
        close: () => Promise.resolve(),
    };
}

async function databaseBacking(parts: Parts, database: string, from: string): Promise<Backing> {
    const {config, provider, log} = parts;
    const {chainId, contracts, firstBlock, shards, reorgDepth, maxRange, snapshotEvery} = config;
    const store = await openStore(database, {onError: (error) => log("database_connection_lost", {error})});
    const source = await openSource(store, {chainId, contracts: coreOf(contracts), firstBlock, shards});
    const member = {holder: `${from}/${randomUUID()}`, leaseMs: config.leaseSeconds * 1000};
    const alone: Alone = (key, work) => withLease(store, source, {...member, kind: "work", key}, work);
    const options = {provider, reorgDepth, maxRange, snapshotEvery};
    log("database_opened", {dialect: store.dialect, ...member});
    return {
        start: {chainId, cursor: {nextBlock: firstBlock, seen: []}, accounts: new Set(), expiries: new Map()},
        follow: async (state) => {
            // Whoever does not follow waits for what the other one writes: what he decided on would be old.
            const head = await provider.getBlockNumber();
            const isThere = async (): Promise<boolean> =>
                (await alone("follow", () => catchUp(store, source, options, log))) !== undefined ||
                (await store.read((tx) => placeOf(tx, source))).nextBlock > head;
            for (let left = FOLLOW_TRIES; left > 0 && !(await isThere()); --left) {
                log("chain_followed_elsewhere");
                await setTimeout(FOLLOW_PAUSE_MS);
            }
            const held = await balanceShards(store, source, member);
            const work = await store.read((tx) => workOf(tx, source, held));
            const learned = await store.read((tx) => learnedSince(tx, source, state));
            // An account that has just come from another keeper is as good as touched.
            for (const account of work.accounts) if (!state.accounts.has(account)) learned.touched.add(account);
            const {cursor, ...seen} = learned;
            return {state: {...state, ...work, cursor}, seen};
        },
        alone,
        journal: {
            write: ({action, account, outcome, details}) => {
                const {tx} = details;
                const record = {holder: member.holder, action, outcome, details};
                return addAction(store, source, {
                    ...record,
                    ...(account === undefined ? {} : {account}),
                    ...(typeof tx === "string" ? {txHash: tx} : {}),
                });
            },
        },
        close: async () => {
            await leaveShards(store, source, member);
            await store.close();
        },
    };
}

const coreOf = ({vault, clearinghouse, liquidator}: KeeperConfig["contracts"]): Source["contracts"] => ({
    vault,
    clearinghouse,
    liquidator,
});

/** Accounts and unsettled expiries of some shards. */
async function workOf(
    tx: Tx,
    source: Source,
    shards: readonly number[],
): Promise<Pick<KeeperState, "accounts" | "expiries">> {
    const accounts = await accountsOf(tx, source, shards);
    const expiries = await expiriesOf(tx, source, shards);
    return {accounts: new Set(accounts), expiries: new Map(expiries.map((expiry) => [keyOf(expiry), expiry]))};
}

type Learned = {readonly cursor: CursorState; readonly touched: Set<AccountId>; readonly isRewound: boolean};

/** What the journal has gained since a round, whoever wrote it; its last block tells whether blocks were replaced since. */
async function learnedSince(tx: Tx, source: Source, {cursor}: KeeperState): Promise<Learned> {
    const {nextBlock, seen} = await placeOf(tx, source);
    const [last] = cursor.seen;
    const stands = seen.some(({number, hash}) => number === last?.number && hash === last.hash);
    const touched = new Set<AccountId>();
    for await (const event of events(tx, source, {after: cursor.nextBlock - 1, upTo: nextBlock - 1})) {
        for (const account of accountsNamed(event)) touched.add(account);
    }
    return {cursor: {nextBlock, seen: seen.slice(0, 1)}, touched, isRewound: last !== undefined && !stands};
}
