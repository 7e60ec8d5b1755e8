/** What keeps a local chain alive: prices, surfaces, and a keeper. Each runs until it is told to stop. */
import {setTimeout} from "node:timers/promises";

import {Contract} from "ethers";
import type {JsonRpcProvider, Signer} from "ethers";

import {ballastAt, FEED_ABI, TOKEN_ABI} from "../chain/contracts.js";
import {moveDrivers} from "../chain/driver.js";
import {parseKeeperConfig} from "../keeper/config.js";
import {runKeeper} from "../keeper/keeper.js";
import {createKeeper} from "../keeper/setup.js";
import {readOracle, surfaceSender} from "../oracle/chain.js";
import {feedPrices} from "../oracle/feeder.js";
import {modelMarket} from "../oracle/model.js";
import {publishOnce} from "../oracle/publisher.js";
import {accountId, formatFixed, parseE18, parseFixed} from "../sdk/index.js";
import type {Deployment} from "../shared/deployment.js";
import type {Log} from "../shared/logger.js";
import {step} from "./walk.js";
import type {Walk} from "./walk.js";

const UNDERLYINGS = [1, 2] as const;
const COINS = [1000, 1001];
const FEED_DECIMALS = 8;
const ORIGINS: Readonly<Record<number, bigint>> = {1: parseE18("60000"), 2: parseE18("3000")};
const BASE_VOLS: Readonly<Record<number, string>> = {1: "0.55", 2: "0.70"};
const CONFIRM_SECONDS = 301;
/** Weight of a new price in the moving average that volatility follows. */
const RECENT_SHIFT = 6n;
const DAY = 86_400;
const EIGHT = 8 * 3600;
const FRIDAY = 5;
const WEEKS = 3;

export type Chain = {
    readonly deployment: Deployment;
    readonly provider: JsonRpcProvider;
    readonly log: Log;
    /** Moves the chain's clock and mines. */
    readonly skip: (seconds: number) => Promise<void>;
};

type Quote = {spot: Walk; lastE18: bigint; recentE18: bigint};
export type Prices = Map<number, Quote>;

export const firstPrices = (): Prices =>
    new Map(
        UNDERLYINGS.map((id): [number, Quote] => {
            const origin = ORIGINS[id] ?? 0n;
            return [id, {spot: {priceE18: origin, seed: BigInt(id)}, lastE18: origin, recentE18: origin}];
        }),
    );

/** Takes one step in every price and writes it to the feeds. */
export async function feedOnce({deployment, skip}: Chain, signer: Signer, prices: Prices): Promise<void> {
    const {priceOracle} = ballastAt(deployment, signer);
    for (const [id, quote] of prices) {
        quote.lastE18 = quote.spot.priceE18;
        quote.spot = step(quote.spot, ORIGINS[id] ?? 0n);
        quote.recentE18 += (quote.spot.priceE18 - quote.recentE18) >> RECENT_SHIFT;
    }
    const feeds = [...UNDERLYINGS, ...COINS].map((feedId) => ({
        feedId,
        decimals: FEED_DECIMALS,
        push: async (answer: bigint) => {
            const feed = new Contract(deployment.feeds[String(feedId)] ?? "", FEED_ABI, signer);
            const sent = (await feed.getFunction("pushAnswer").send(answer)) as {wait(): Promise<unknown>};
            await sent.wait();
        },
    }));
    const parts = {
        feeds,
        poke: async (feedId: number) => (await priceOracle.poke(feedId)).wait(),
        isWaiting: async (feedId: number) => (await priceOracle.feedState(feedId)).candidateE18 > 0n,
        confirm: () => skip(CONFIRM_SECONDS),
    };
    const cut = (valueE18: bigint): string => formatFixed(valueE18 / 10n ** 10n, FEED_DECIMALS);
    const texts = [...prices].map(([id, {spot}]): [number, string] => [id, cut(spot.priceE18)]);
    await feedPrices(parts, Object.fromEntries([...texts, ...COINS.map((id): [number, string] => [id, "1"])]));
}

/** The next Fridays at 08:00 UTC, the first at least a day away. */
export function expiriesFrom(now: number): number[] {
    let day = Math.floor(now / DAY) * DAY + DAY;
    while (new Date(day * 1000).getUTCDay() !== FRIDAY || day + EIGHT < now + DAY) day += DAY;
    return Array.from({length: WEEKS}, (_, week) => day + EIGHT + week * 7 * DAY);
}

/** Signs and publishes surfaces for the prices of now. */
export async function publishSurfaces(
    {deployment, provider, log}: Chain,
    signers: readonly Signer[],
    prices: Prices,
): Promise<void> {
    const [sender] = signers;
    if (sender === undefined) throw new Error("There is no signer of surfaces");
    const {surfaceOracle} = deployment.contracts;
    await publishOnce({
        market: async () => {
            const now = (await provider.getBlock("latest"))?.timestamp ?? 0;
            const inputs = [...prices].map(([underlying, {spot, lastE18, recentE18}]) => ({
                underlying,
                spotE18: spot.priceE18,
                lastE18,
                recentE18,
                baseVolE18: parseE18(BASE_VOLS[underlying] ?? "0.5"),
            }));
            return modelMarket(now, expiriesFrom(now), inputs);
        },
        state: () => readOracle(provider, surfaceOracle, UNDERLYINGS),
        signers,
        send: surfaceSender(sender, surfaceOracle),
        log,
    });
}

/** Mints tokens of the local chain to somebody. */
export async function mint(
    {deployment}: Chain,
    payer: Signer,
    to: string,
    gifts: Readonly<Record<string, string>>,
): Promise<void> {
    for (const [symbol, amount] of Object.entries(gifts)) {
        const token = deployment.tokens[symbol];
        if (token === undefined) continue;
        const contract = new Contract(token.address, TOKEN_ABI, payer);
        const sent = (await contract.getFunction("mint").send(to, parseFixed(amount, token.decimals))) as {
            wait(): Promise<unknown>;
        };
        await sent.wait();
    }
}

/** Gives the keeper capital and runs it until the signal. */
export async function keep(chain: Chain, signer: Signer, folder: string, signal: AbortSignal): Promise<void> {
    const {deployment, provider, log} = chain;
    const owner = await signer.getAddress();
    const account = accountId(owner);
    const {vault, clearinghouse, riskEngine, priceOracle, liquidator, marginLens} = deployment.contracts;
    const usdc = deployment.tokens[deployment.settlementToken];
    if (usdc === undefined) throw new Error("The deployment has no settlement token");
    const capital = parseFixed("1000000", usdc.decimals);
    await mint(chain, signer, owner, {[deployment.settlementToken]: "1000000"});
    const token = new Contract(usdc.address, TOKEN_ABI, signer);
    await ((await token.getFunction("approve").send(vault, capital)) as {wait(): Promise<unknown>}).wait();
    await (await ballastAt(deployment, signer).vault.deposit(account, usdc.address, capital)).wait();
    const config = parseKeeperConfig({
        rpcUrl: provider._getConnection().url,
        chainId: deployment.chainId,
        contracts: {vault, clearinghouse, riskEngine, priceOracle, liquidator, lens: marginLens},
        account,
        firstBlock: deployment.block,
        pollMs: 1000,
        stateFile: `${folder}/keeper/state.json`,
        journalFile: `${folder}/keeper/journal.jsonl`,
        dryRun: false,
    });
    const {memory, parts} = await createKeeper(config, {provider, signer}, log);
    await runKeeper(memory, parts, signal);
}

/** Lets the price ranges follow the prices. */
export async function driveOnce({deployment, log}: Chain, signer: Signer): Promise<void> {
    await moveDrivers(ballastAt(deployment, signer).volatilityDriver, UNDERLYINGS, log);
}

/** Repeats something until the signal; one failure is reported and does not end it. */
export async function every(seconds: number, signal: AbortSignal, act: () => Promise<void>, log: Log): Promise<void> {
    while (!signal.aborted) {
        await act().catch((error: unknown) => log("round_failed", {error}));
        await setTimeout(seconds * 1000, undefined, {signal}).catch((error: unknown) => {
            if (!signal.aborted) throw error;
        });
    }
}
