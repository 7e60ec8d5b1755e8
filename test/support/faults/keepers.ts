/** Keepers under test: what they are told to do, the rounds that they finish, and what they wrote down beside what the chain holds. */
import {existsSync, readFileSync} from "node:fs";
import {join} from "node:path";

import {Wallet} from "ethers";

import {connect} from "../../../scripts/chain/providers.js";
import {parseKeeperConfig} from "../../../scripts/keeper/config.js";
import {runKeeper} from "../../../scripts/keeper/keeper.js";
import type {KeeperParts, Memory} from "../../../scripts/keeper/keeper.js";
import {createKeeper} from "../../../scripts/keeper/setup.js";
import type {Log} from "../../../scripts/shared/logger.js";
import {idOf} from "../world.js";
import type {Keeperhood, Street} from "./street.js";

export type Entry = {
    readonly action: string;
    readonly account?: string;
    readonly outcome: "simulated" | "sent" | "mined" | "failed";
    readonly details: Readonly<Record<string, unknown>>;
};

/** The configuration file of a keeper of a street. */
export function configOf(
    {world, node}: Street,
    {side}: Keeperhood,
    folder: string,
    change: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> {
    const {vault, clearinghouse, riskEngine, priceOracle, liquidator, marginLens} = world.deployment.contracts;
    return {
        rpcUrl: node.url,
        chainId: String(world.deployment.chainId),
        contracts: {vault, clearinghouse, riskEngine, priceOracle, liquidator, lens: marginLens},
        account: idOf(side),
        pollMs: 100,
        stallMs: 3_000,
        timeoutMs: 2_000,
        // Tips of the test chain are above what the pay allows for.
        minProfit: "-1000000",
        // Margin calls are another matter.
        callEverySeconds: 1_000_000_000,
        maxFailures: 20,
        stateFile: join(folder, "state.json"),
        journalFile: join(folder, "journal.jsonl"),
        dryRun: false,
        ...change,
    };
}

export type Rounds = {
    /** Hears every event of the keeper. */
    readonly log: Log;
    /** How often each event was logged. */
    readonly seen: ReadonlyMap<string, number>;
    /** Ends with the next event of a name, by default with the next round, whatever becomes of it. */
    readonly next: (name?: RegExp) => Promise<void>;
    /** Ends whoever waits: there will be nothing more. */
    readonly end: () => void;
};

const ROUND = /^tick_(finished|failed)$/;

export function countRounds(): Rounds {
    const seen = new Map<string, number>();
    let waiting: {readonly name: RegExp; readonly wake: () => void}[] = [];
    const wake = (isMeant: (name: RegExp) => boolean): void => {
        const woken = waiting.filter(({name}) => isMeant(name));
        waiting = waiting.filter((one) => !woken.includes(one));
        for (const one of woken) one.wake();
    };
    return {
        seen,
        log: (event) => {
            seen.set(event, (seen.get(event) ?? 0) + 1);
            wake((name) => name.test(event));
        },
        next: (name = ROUND) => new Promise((settle) => waiting.push({name, wake: settle})),
        end: () => wake(() => true),
    };
}

export type RunningKeeper = Rounds & {
    readonly folder: string;
    /** Ends after the round in hand. */
    stop(): Promise<Memory>;
};

type Put = {readonly memory: Memory; readonly parts: KeeperParts; readonly close: () => void};

/** A keeper put together as its program does it, without the program. */
async function putTogether(street: Street, who: Keeperhood, raw: object, log: Log): Promise<Put> {
    const config = parseKeeperConfig(raw);
    const urls = [config.rpcUrl, ...config.moreRpcUrls];
    const {chainId, stallMs} = config;
    const nodes = await connect({urls, chainId, stallMs}, (url, error) => log("node_away", {url, error}));
    const signer = new Wallet(who.wallet.privateKey, nodes.provider);
    try {
        const keeper = await createKeeper(config, {provider: nodes.provider, signer, peers: nodes.each}, log);
        return {...keeper, close: nodes.close};
    } catch (error) {
        nodes.close();
        throw error;
    }
}

/** Starts a keeper in this process; nodes that fail may take a few tries. */
export async function runHere(
    street: Street,
    who: Keeperhood,
    folder: string,
    change: Readonly<Record<string, unknown>> = {},
): Promise<RunningKeeper> {
    const rounds = countRounds();
    const raw = configOf(street, who, folder, change);
    const tries = 10;
    let put: Put | undefined;
    for (let left = tries; put === undefined; --left) {
        put = await putTogether(street, who, raw, rounds.log).catch((error: unknown) => {
            if (left === 0) throw error;
            return undefined;
        });
    }
    const stopping = new AbortController();
    const {memory, parts, close} = put;
    const running = runKeeper(memory, parts, stopping.signal).finally(() => {
        close();
        rounds.end();
    });
    // Whoever stops it hears of it.
    running.catch(() => undefined);
    return {
        ...rounds,
        folder,
        stop: () => {
            stopping.abort();
            return running;
        },
    };
}

/** Lines of a journal that are whole; one that a kill has torn is told apart. */
export function journalOf(folder: string): {readonly entries: readonly Entry[]; readonly torn: number} {
    const path = join(folder, "journal.jsonl");
    const lines = existsSync(path)
        ? readFileSync(path, "utf8")
              .split("\n")
              .filter((line) => line !== "")
        : [];
    const entries: Entry[] = [];
    for (const line of lines) {
        try {
            entries.push(JSON.parse(line) as Entry);
        } catch (error) {
            if (!(error instanceof SyntaxError)) throw error;
        }
    }
    return {entries, torn: lines.length - entries.length};
}

export type Sent = {readonly hash: string; readonly nonce: number; readonly ok: boolean};

/** Transactions of an address in blocks, from a block on. */
export async function minedBy({world}: Street, address: string, fromBlock: number): Promise<Sent[]> {
    const {provider} = world.connection.ethers;
    const mined: Sent[] = [];
    const last = await provider.getBlockNumber();
    for (let number = fromBlock; number <= last; ++number) {
        const block = await provider.getBlock(number, true);
        for (const {hash, nonce, from} of block!.prefetchedTransactions) {
            if (from !== address) continue;
            const receipt = await provider.getTransactionReceipt(hash);
            mined.push({hash, nonce, ok: receipt!.status === 1});
        }
    }
    return mined;
}

export const hashesOf = (entries: readonly Entry[], outcome: Entry["outcome"]): string[] =>
    entries.filter((entry) => entry.outcome === outcome).map(({details}) => String(details["tx"]));
