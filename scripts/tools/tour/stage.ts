/** The chain of the tour: prices and time stand still between its scenes, so that every run prints the same. */
import {mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {dirname, join} from "node:path";

import {Contract, JsonRpcProvider, toQuantity} from "ethers";
import type {HDNodeWallet} from "ethers";
import {network} from "hardhat";

import {deployBallast} from "../../../deploy/deployBallast.js";
import {ballastAt, TOKEN_ABI} from "../../chain/contracts.js";
import {parseKeeperConfig} from "../../keeper/config.js";
import {tick} from "../../keeper/keeper.js";
import {createKeeper} from "../../keeper/setup.js";
import {createTelemetry, serveTelemetry} from "../../keeper/telemetry.js";
import {walletsOf} from "../../node/local.js";
import {listen} from "../../node/server.js";
import {feedOnce, firstPrices, mint, publishSurfaces} from "../../node/services.js";
import type {Chain, Prices} from "../../node/services.js";
import {accountId, parseFixed} from "../../sdk/index.js";
import {createLogger, logWith} from "../../shared/logger.js";
import {steadyClock} from "../gas/clock.js";
import type {Clock, Rpc} from "../gas/clock.js";
import {ROOT} from "../repository.js";
import {ballastIn} from "./terminal.js";
import type {Run} from "./terminal.js";

/** A Monday, four days before the first expiry. */
const START = Date.UTC(2026, 2, 9, 8) / 1000;
const FIRST_USER = 10;
const KEEPER = 7;
const GIFT = {USDC: "250000"};
const CAPITAL = "1000000";
/** Time between two rounds of the keeper: the discount of an auction grows with it. */
const ROUND_SECONDS = 60;
const STALE_SECONDS = 900;
/** Gas as dear as on a busy chain: what a keeper is paid follows the base fee, and nothing else uses this chain. */
const BASE_FEE_WEI = 20_000_000_000n;

export type Stage = {
    /** A command of `ballast` with the key of the first or the second user. */
    readonly ballast: (user: 0 | 1, args: readonly string[]) => Promise<Run>;
    readonly write: (file: string, text: string) => void;
    /** Moves both prices to so many percent of what they are, and the surfaces with them. */
    readonly move: (percent: bigint) => Promise<void>;
    /** Rounds of the keeper, a minute apart: its log, and what /health answers at the end. */
    readonly keep: (rounds: number) => Promise<{readonly log: readonly string[]; readonly health: string}>;
    readonly close: () => Promise<void>;
};

type Parts = {
    readonly chain: Chain;
    readonly clock: Clock;
    readonly rpc: Rpc;
    readonly url: string;
    readonly folder: string;
    readonly wallets: readonly HDNodeWallet[];
};

function walletAt(wallets: readonly HDNodeWallet[], index: number): HDNodeWallet {
    const wallet = wallets[index];
    if (wallet === undefined) throw new Error(`There is no account ${index}`);
    return wallet;
}

/** Gives the keeper capital, puts it together and lets it look. */
async function keep({chain, clock, rpc, url, folder, wallets}: Parts, rounds: number): ReturnType<Stage["keep"]> {
    const {deployment, provider} = chain;
    const signer = walletAt(wallets, KEEPER).connect(provider);
    const account = accountId(signer.address);
    await mint(chain, signer, signer.address, {USDC: CAPITAL});
    const usdc = deployment.tokens["USDC"];
    if (usdc === undefined) throw new Error("The chain has no USDC");
    const capital = parseFixed(CAPITAL, usdc.decimals);
    const {vault, clearinghouse, riskEngine, priceOracle, liquidator, marginLens} = deployment.contracts;
    const token = new Contract(usdc.address, TOKEN_ABI, signer);
    await ((await token.getFunction("approve").send(vault, capital)) as {wait(): Promise<unknown>}).wait();
    await (await ballastAt(deployment, signer).vault.deposit(account, usdc.address, capital)).wait();
    const config = parseKeeperConfig({
        rpcUrl: url,
        chainId: deployment.chainId,
        contracts: {vault, clearinghouse, riskEngine, priceOracle, liquidator, lens: marginLens},
        account,
        firstBlock: deployment.block,
        stateFile: join(folder, "keeper/state.json"),
        journalFile: join(folder, "keeper/journal.jsonl"),
        dryRun: false,
    });
    const log: string[] = [];
    const stream = {write: (line: string) => void log.push(line.trimEnd())};
    const telemetry = createTelemetry({
        log: logWith(createLogger("keeper", "info", stream)),
        nowMs: () => clock.now() * 1000,
        maxBlockAgeSeconds: STALE_SECONDS,
        maxTickAgeSeconds: STALE_SECONDS,
    });
    const {memory, parts} = await createKeeper(config, {provider, signer}, telemetry.log);
    let known = memory;
    for (let round = 0; round < rounds; round++) {
        await rpc.request({method: "hardhat_setNextBlockBaseFeePerGas", params: [toQuantity(BASE_FEE_WEI)]});
        await skip(clock, rpc, ROUND_SECONDS);
        known = await tick(known, parts);
    }
    const served = await serveTelemetry(telemetry, {host: "127.0.0.1", port: 0});
    try {
        const answer = await fetch(`http://127.0.0.1:${served.port}/health`);
        return {log, health: await answer.text()};
    } finally {
        await served.close();
    }
}

async function skip(clock: Clock, rpc: Rpc, seconds: number): Promise<void> {
    clock.moveTo(clock.now() + seconds);
    await rpc.request({method: "evm_setNextBlockTimestamp", params: [clock.now()]});
    await rpc.request({method: "evm_mine", params: []});
}

export async function openStage(): Promise<Stage> {
    const connection = await network.create({override: {initialDate: new Date(START * 1000)}});
    const rpc: Rpc = connection.provider;
    const clock = steadyClock(rpc, START);
    const deployment = await deployBallast(connection);
    const server = await listen(connection.provider, 0);
    const provider = new JsonRpcProvider(server.url, undefined, {cacheTimeout: -1, staticNetwork: true});
    provider.pollingInterval = 20;
    const chain: Chain = {deployment, provider, log: () => undefined, skip: (seconds) => skip(clock, rpc, seconds)};
    const [payer, ...others] = await connection.ethers.getSigners();
    if (payer === undefined) throw new Error("The chain has no accounts");
    const publishers = others.filter(({address}) => deployment.actors.surfaceSigners.includes(address));
    const prices: Prices = firstPrices();
    const tell = async (): Promise<void> => {
        await feedOnce(chain, payer, prices);
        await publishSurfaces(chain, publishers, prices);
    };
    await tell();
    const wallets = walletsOf(20);
    const folder = mkdtempSync(join(tmpdir(), "ballast-tour-"));
    const write = (file: string, text: string): void => {
        mkdirSync(dirname(join(folder, file)), {recursive: true});
        writeFileSync(join(folder, file), text);
    };
    symlinkSync(join(ROOT, "docs"), join(folder, "docs"), "junction");
    write("out/local/deployment.json", JSON.stringify(deployment));
    for (const user of [0, 1]) await mint(chain, payer, walletAt(wallets, FIRST_USER + user).address, GIFT);
    const parts = {chain, clock, rpc, url: server.url, folder, wallets};
    return {
        write,
        ballast: (user, args) => {
            const {privateKey} = walletAt(wallets, FIRST_USER + user);
            return ballastIn(folder, {BALLAST_RPC_URL: server.url, BALLAST_PRIVATE_KEY: privateKey}, args);
        },
        move: async (percent) => {
            for (const quote of prices.values()) {
                quote.spot = {...quote.spot, priceE18: (quote.spot.priceE18 * percent) / 100n};
            }
            await tell();
        },
        keep: (rounds) => keep(parts, rounds),
        close: async () => {
            provider.destroy();
            await server.close();
            await connection.close();
            rmSync(folder, {recursive: true, force: true});
        },
    };
}
