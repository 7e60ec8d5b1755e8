/** A chain of one's own with Ballast on it, served on a port and kept alive. */
import {rmSync} from "node:fs";
import {join} from "node:path";

import {HDNodeWallet, JsonRpcProvider, Mnemonic} from "ethers";
import type {NetworkManager} from "hardhat/types/network";

import {deployBallast} from "../../deploy/deployBallast.js";
import type {Deployment} from "../shared/deployment.js";
import {writeAtomically} from "../shared/files.js";
import type {Log} from "../shared/logger.js";
import {listen} from "./server.js";
import {driveOnce, every, feedOnce, firstPrices, keep, mint, publishSurfaces} from "./services.js";
import type {Chain} from "./services.js";

/** Hardhat's public words: nothing of value is ever behind them. */
const MNEMONIC = "test test test test test test test test test test test junk";
const ACCOUNTS = 20;
const KEEPER = 7;
const DRIVER = 8;
/** As often as a step of figures may be due. */
const DRIVE_SECONDS = 600;
const FIRST_USER = 10;
const USERS = 5;
const GIFTS = {USDC: "250000", WETH: "100", WBTC: "5", USDT: "50000"};

export type LocalOptions = {
    readonly network: NetworkManager;
    readonly port: number;
    /** Where the deployment file and the keeper's files go. */
    readonly folder: string;
    /** Seconds between prices, and between surfaces. */
    readonly priceSeconds: number;
    readonly surfaceSeconds: number;
    readonly log: Log;
};

export type LocalChain = {
    readonly url: string;
    readonly deployment: Deployment;
    readonly file: string;
    readonly users: readonly {readonly address: string; readonly privateKey: string}[];
    /** Stops the services, then the server; what runs is finished first. */
    stop(): Promise<void>;
    /** Ends when a service fails for good. */
    readonly failed: Promise<never>;
};

export function walletsOf(count: number): HDNodeWallet[] {
    const root = HDNodeWallet.fromMnemonic(Mnemonic.fromPhrase(MNEMONIC), "m/44'/60'/0'/0");
    return Array.from({length: count}, (_, index) => root.deriveChild(index));
}

function at<T>(list: readonly T[], index: number): T {
    const found = list[index];
    if (found === undefined) throw new Error(`There is no account ${index}`);
    return found;
}

export async function startLocal(options: LocalOptions): Promise<LocalChain> {
    const {network, port, folder, log} = options;
    const connection = await network.create({
        network: "default",
        override: {accounts: {mnemonic: MNEMONIC, count: ACCOUNTS}, mining: {auto: true, interval: 1000}},
    });
    const deployment = await deployBallast(connection);
    const server = await listen(connection.provider, port);
    const provider = new JsonRpcProvider(server.url, undefined, {cacheTimeout: -1, staticNetwork: true});
    provider.pollingInterval = 250;
    const chain: Chain = {
        deployment,
        provider,
        log,
        skip: async (seconds) => {
            await provider.send("evm_increaseTime", [seconds]);
            await provider.send("evm_mine", []);
        },
    };
    const signers = await connection.ethers.getSigners();
    const prices = firstPrices();
    // The chain is new: what a keeper remembers of another one would mislead it.
    rmSync(join(folder, "keeper"), {recursive: true, force: true});
    const wallets = walletsOf(ACCOUNTS);
    const users = wallets.slice(FIRST_USER, FIRST_USER + USERS);
    for (const {address} of users) await mint(chain, at(signers, 0), address, GIFTS);
    await feedOnce(chain, at(signers, 0), prices);
    const publishers = signers.filter(({address}) => deployment.actors.surfaceSigners.includes(address));
    await publishSurfaces(chain, publishers, prices);

    const stopping = new AbortController();
    const {signal} = stopping;
    const services = [
        every(options.priceSeconds, signal, () => feedOnce(chain, at(signers, 0), prices), log),
        every(options.surfaceSeconds, signal, () => publishSurfaces(chain, publishers, prices), log),
        every(DRIVE_SECONDS, signal, () => driveOnce(chain, at(signers, DRIVER)), log),
        keep(chain, at(wallets, KEEPER).connect(provider), folder, signal),
    ];
    const failed = Promise.all(services).then(() => new Promise<never>(() => undefined));
    const file = join(folder, "deployment.json");
    writeAtomically(file, `${JSON.stringify(deployment, null, 2)}\n`);
    return {
        url: server.url,
        deployment,
        file,
        users: users.map(({address, privateKey}) => ({address, privateKey})),
        failed,
        async stop() {
            stopping.abort();
            await Promise.allSettled(services);
            provider.destroy();
            await server.close();
            await connection.close();
        },
    };
}
