/**
 * Indexer. `node scripts/run.mjs scripts/store/main.ts follow|catch-up|prove CONFIG.json`: `follow` keeps up with the chain until
 * SIGINT or SIGTERM, `catch-up` ends at its head, `prove` catches up and compares every figure with the chain. Exit code 0,
 * 1 after a failure or a difference, 2 for a command line that it does not know.
 */
import {readFileSync} from "node:fs";
import {setTimeout as sleep} from "node:timers/promises";
import {pathToFileURL} from "node:url";

import {JsonRpcProvider, Network} from "ethers";

import {createLogger, logWith, type Log} from "../shared/logger.js";
import {catchUp} from "./catchUp.js";
import {parseIndexerConfig, type IndexerConfig} from "./config.js";
import {StoreError} from "./errors.js";
import {prove} from "./prove.js";
import {openSource} from "./source.js";
import {openStore} from "./store.js";

export type Command = "follow" | "catch-up" | "prove";

/** @returns whether all is well: for `prove`, whether no figure differs. */
export async function main(command: Command, config: IndexerConfig, log: Log, signal: AbortSignal): Promise<boolean> {
    const {chainId, contracts, firstBlock, shards, pollMs} = config;
    const network = Network.from(chainId);
    const provider = new JsonRpcProvider(config.rpcUrl, network, {cacheTimeout: -1, staticNetwork: network});
    const store = await openStore(config.database, {onError: (error) => log("database_connection_lost", {error})});
    try {
        const found = BigInt((await provider.send("eth_chainId", [])) as string);
        if (found !== chainId) {
            throw new StoreError("chain-wrong", `The node is on chain ${found}, not on ${chainId}`, {found, chainId});
        }
        const source = await openSource(store, {chainId, contracts, firstBlock, shards});
        const options = {...config, provider};
        do {
            await catchUp(store, source, options, log);
            if (command === "follow") await pause(pollMs, signal);
        } while (command === "follow" && !signal.aborted);
        if (command !== "prove") return true;
        const {differences, ...proof} = await prove(store, source, provider);
        for (const difference of differences) log("figure_differs", difference);
        log("books_compared", {...proof, differences: differences.length});
        return differences.length === 0;
    } finally {
        provider.destroy();
        await store.close();
    }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
    // The only way that this sleep fails is the signal.
    await sleep(ms, undefined, {signal}).catch(() => undefined);
}

const HELP = `node scripts/run.mjs scripts/store/main.ts COMMAND [CONFIG.json]

Keeps events in a database, and the books that they make. Without CONFIG it reads indexer.json; docs/store.md explains the file.

  follow     keeps up with the chain until SIGINT or SIGTERM
  catch-up   ends at the head of the chain
  prove      catches up and compares every figure with the chain
  --help     this text

Exit codes: 0 done, 1 failed, or a figure differs, 2 bad input.`;

const isCommand = (text: string | undefined): text is Command => ["follow", "catch-up", "prove"].includes(text ?? "");

/** What a command line without a command is answered with; undefined for one that can be run. */
export function answerTo(args: readonly string[]): {readonly code: 0 | 2; readonly text: string} | undefined {
    if (args.includes("--help") || args.includes("-h")) return {code: 0, text: HELP};
    const wrong = args.find((arg) => arg.startsWith("-")) ?? (isCommand(args[0]) ? args[2] : (args[0] ?? ""));
    if (wrong === undefined) return undefined;
    return {code: 2, text: `"${wrong}" is not follow, catch-up or prove and one file (--help says what there is)`};
}

async function start(command: Command, path: string, signal: AbortSignal): Promise<boolean> {
    const config = parseIndexerConfig(JSON.parse(readFileSync(path, "utf8")));
    return main(command, config, logWith(createLogger("indexer", config.logLevel)), signal);
}

function run(args: readonly string[]): void {
    const answer = answerTo(args);
    const [command, path = "indexer.json"] = args;
    if (answer !== undefined || !isCommand(command)) {
        process.exitCode = answer?.code ?? 2;
        (answer?.code === 0 ? process.stdout : process.stderr).write(`${answer?.text ?? HELP}\n`);
        return;
    }
    const stop = new AbortController();
    for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => stop.abort());
    start(command, path, stop.signal)
        .then((isWell) => {
            if (!isWell) process.exitCode = 1;
        })
        .catch((error: unknown) => {
            logWith(createLogger("indexer", "info"))("indexer_failed", {error});
            process.exitCode = 1;
        });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) run(process.argv.slice(2));
