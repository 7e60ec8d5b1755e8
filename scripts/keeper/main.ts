/**
 * Reference keeper. `node scripts/run.mjs scripts/keeper/main.ts CONFIG.json`, the key in KEEPER_PRIVATE_KEY. Sends nothing
 * unless the configuration says `"dryRun": false`. Ends by SIGINT or SIGTERM after the round in hand; exit code 0 then,
 * 1 after too many failures or a wrong set-up.
 */
import {readFileSync} from "node:fs";
import {pathToFileURL} from "node:url";

import {JsonRpcProvider, Network, Wallet} from "ethers";

import {connect, hostOf} from "../chain/providers.js";
import {createLogger, logWith} from "../shared/logger.js";
import {ConfigError, parseKeeperConfig} from "./config.js";
import {runKeeper} from "./keeper.js";
import {createKeeper} from "./setup.js";
import {createTelemetry, serveTelemetry} from "./telemetry.js";

export async function main(configPath: string, env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<void> {
    const config = parseKeeperConfig(JSON.parse(readFileSync(configPath, "utf8")));
    const key = env["KEEPER_PRIVATE_KEY"];
    if (key === undefined) throw new ConfigError("KEEPER_PRIVATE_KEY is not set");
    const {maxBlockAgeSeconds, maxTickAgeSeconds} = config;
    const telemetry = createTelemetry({
        log: logWith(createLogger("keeper", config.logLevel)),
        nowMs: () => Date.now(),
        maxBlockAgeSeconds,
        maxTickAgeSeconds,
    });
    const {log} = telemetry;
    // Nodes are asked here, so that one that is away or on another chain is known at once.
    const urls = [config.rpcUrl, ...config.moreRpcUrls];
    const nodes = await connect({urls, chainId: config.chainId, stallMs: config.stallMs}, (url, error) =>
        log("node_away", {node: hostOf(url), reason: (error as {readonly code?: unknown}).code ?? "no answer"}),
    );
    const relay = config.relayUrl === undefined ? undefined : relayOf(config.relayUrl, config.chainId);
    const server = config.http === undefined ? undefined : await serveTelemetry(telemetry, config.http);
    try {
        if (server !== undefined) log("telemetry_served", {port: server.port});
        const signer = new Wallet(key, nodes.provider);
        const chain = {provider: nodes.provider, signer, peers: nodes.each, ...(relay === undefined ? {} : {relay})};
        const {memory, parts, close} = await createKeeper(config, chain, log);
        await runKeeper(memory, parts, signal).finally(close);
    } finally {
        await server?.close();
        relay?.destroy();
        nodes.close();
    }
}

function relayOf(url: string, chainId: bigint): JsonRpcProvider {
    const network = Network.from(chainId);
    return new JsonRpcProvider(url, network, {cacheTimeout: -1, staticNetwork: network});
}

const HELP = `node scripts/run.mjs scripts/keeper/main.ts [CONFIG.json]

Watches every account, starts auctions on those that fall short and takes slices. Without CONFIG it reads keeper.json. The key is in
KEEPER_PRIVATE_KEY. Nothing is sent unless the file says "dryRun": false. docs/keeper.md explains the file.

  --help   this text

Exit codes: 0 stopped by a signal, 1 wrong set-up or too many failures, 2 an unknown flag.`;

/** Help, or what is wrong with a flag; undefined for a command line without flags. */
export function answerToFlags(args: readonly string[]): {readonly code: 0 | 2; readonly text: string} | undefined {
    if (args.includes("--help") || args.includes("-h")) return {code: 0, text: HELP};
    const flag = args.find((arg) => arg.startsWith("-"));
    return flag === undefined ? undefined : {code: 2, text: `Unknown option "${flag}" (--help says what there is)`};
}

function start(args: readonly string[]): void {
    const answer = answerToFlags(args);
    if (answer !== undefined) {
        process.exitCode = answer.code;
        (answer.code === 0 ? process.stdout : process.stderr).write(`${answer.text}\n`);
        return;
    }
    const stop = new AbortController();
    for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => stop.abort());
    main(args[0] ?? "keeper.json", process.env, stop.signal).catch((error: unknown) => {
        logWith(createLogger("keeper", "info"))("keeper_failed", {error});
        process.exitCode = 1;
    });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) start(process.argv.slice(2));
