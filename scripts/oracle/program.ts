/** The publisher as a program: it makes sure of chain and keys first, then runs one round after the other. */
import {readFileSync} from "node:fs";
import {setTimeout} from "node:timers/promises";

import {Contract, FetchRequest, JsonRpcProvider, Network, Wallet} from "ethers";

import {createDispatcher} from "../chain/dispatcher.js";
import type {Dispatcher} from "../chain/dispatcher.js";
import {SURFACE_ORACLE_ABI} from "../sdk/abi/SurfaceOracle.js";
import type {Log} from "../shared/logger.js";
import {publishCall, readOracle} from "./chain.js";
import {SettingError} from "./config.js";
import type {Keys, PublisherConfig} from "./config.js";
import {parseMarket} from "./market.js";
import {prepare} from "./publisher.js";

export type RunParts = {
    readonly config: PublisherConfig;
    readonly keys: Keys;
    readonly once: boolean;
    readonly log: Log;
    readonly signal: AbortSignal;
};

type Desk = {
    readonly config: PublisherConfig;
    readonly provider: JsonRpcProvider;
    readonly signers: readonly Wallet[];
    readonly sender: Wallet;
    readonly dispatcher: Dispatcher;
    readonly log: Log;
};

/** Publishes until the signal, or once; ends with the last failure after too many in a row. */
export async function runPublisher({config, keys, once, log, signal}: RunParts): Promise<void> {
    const request = new FetchRequest(config.rpcUrl);
    request.timeout = config.timeoutMs;
    // The chain is named by the configuration and checked below, so a node that is away is an error at once.
    const network = Network.from(config.chainId);
    const provider = new JsonRpcProvider(request, network, {cacheTimeout: -1, staticNetwork: network});
    try {
        const desk = openDesk(config, keys, provider, log);
        await check(desk);
        const {dryRun} = config;
        log("publisher_ready", {
            sender: desk.sender.address,
            signers: desk.signers.map(({address}) => address),
            dryRun,
        });
        if (once) await round(desk);
        else await rounds(desk, signal);
        log("publisher_stopped");
    } finally {
        provider.destroy();
    }
}

function openDesk(config: PublisherConfig, keys: Keys, provider: JsonRpcProvider, log: Log): Desk {
    const sender = new Wallet(keys.sender, provider);
    const {timeoutMs, attempts, maxFeePerGasGwei: maxFeePerGasWei} = config;
    const dispatcher = createDispatcher({signer: sender, provider, timeoutMs, attempts, maxFeePerGasWei});
    return {config, provider, signers: keys.signers.map((key) => new Wallet(key)), sender, dispatcher, log};
}

/** Fails before the first round rather than in every one. */
async function check({config, provider, signers}: Desk): Promise<void> {
    const {chainId, surfaceOracle} = config;
    const found = BigInt((await provider.send("eth_chainId", [])) as string);
    if (found !== chainId) throw new SettingError("wrong-chain", `The node is on chain ${found}, not on ${chainId}`);
    if ((await provider.getCode(surfaceOracle)) === "0x") {
        throw new SettingError("no-code", `No code at surfaceOracle ${surfaceOracle}`);
    }
    const oracle = new Contract(surfaceOracle, SURFACE_ORACLE_ABI, provider);
    for (const {address} of signers) {
        if ((await oracle.getFunction("isSigner").staticCall(address)) === true) continue;
        throw new SettingError("not-a-signer", `${address} is no signer of the oracle`);
    }
    const threshold = Number(await oracle.getFunction("threshold").staticCall());
    if (signers.length < threshold) {
        throw new SettingError("too-few-keys", `${signers.length} keys cannot make ${threshold} signatures`);
    }
}

async function rounds(desk: Desk, signal: AbortSignal): Promise<void> {
    const {everySeconds, maxFailures} = desk.config;
    let failures = 0;
    while (!signal.aborted) {
        try {
            await round(desk);
            failures = 0;
        } catch (error) {
            failures += 1;
            desk.log("round_failed", {error, failures});
            if (failures >= maxFailures) throw error;
        }
        await setTimeout(everySeconds * 1000, undefined, {signal}).catch((error: unknown) => {
            if (!signal.aborted) throw error;
        });
    }
}

/** Reads the market, signs what is new in it, asks the oracle, and sends unless this is a rehearsal. */
async function round({config, provider, signers, sender, dispatcher, log}: Desk): Promise<void> {
    const {surfaceOracle, marketFile, dryRun} = config;
    const market = readMarket(marketFile);
    const {signed, limited} = await prepare({
        market: () => Promise.resolve(market),
        state: () =>
            readOracle(
                provider,
                surfaceOracle,
                market.underlyings.map(({underlying}) => underlying),
            ),
        signers,
    });
    if (signed.length === 0) {
        log("nothing_new", {marketTime: market.time});
        return;
    }
    const call = publishCall(surfaceOracle, signed);
    const facts = {
        marketTime: market.time,
        limited,
        surfaces: signed.map(({report: {underlying, expiry}}) => `${underlying}:${expiry}`),
    };
    await provider.call({...call, from: sender.address});
    if (dryRun) {
        log("surfaces_simulated", facts);
        return;
    }
    const {hash, blockNumber, gasUsed} = await dispatcher.send(call);
    log("surfaces_published", {...facts, tx: hash, block: blockNumber, gasUsed});
}

function readMarket(path: string): ReturnType<typeof parseMarket> {
    return parseMarket(readSetting("marketFile", path));
}

/** Text of a file that the operator named. */
export function readSetting(name: string, path: string): string {
    try {
        return readFileSync(path, "utf8");
    } catch (error) {
        if (!(error instanceof Error)) throw error;
        throw new SettingError("file-unreadable", `${name}: ${error.message}`);
    }
}
