/** Traders who fall short one after the other while the price falls, and keepers who are about to notice. */
import {setTimeout} from "node:timers/promises";

import {Wallet} from "ethers";
import type {HDNodeWallet} from "ethers";

import {readStanding, solvencyOf} from "../../../scripts/chain/solvency.js";
import {walletsOf} from "../../../scripts/node/local.js";
import {listen} from "../../../scripts/node/server.js";
import type {RunningServer} from "../../../scripts/node/server.js";
import type {AccountId} from "../../../scripts/sdk/ids.js";
import {perp} from "../../../scripts/sdk/instruments.js";
import {randomFrom} from "../bits.js";
import {BTC, createChain, deployWorld, deposit, E18, feedOf, idOf, report, trade, USD, usd} from "../world.js";
import type {Side, World} from "../world.js";

/** Signers before the first owner of a world. */
const OFFICERS = 8;
const SIGNERS = 20;
const FEED_SCALE = 10n ** 10n;
const BLOCK_SECONDS = 12;
const CAPITAL = 2_000_000n * USD;
/** What traders put behind one bitcoin of 50,000: enough to open, and different for each. */
const LEAST_STAKE = 15_000n;
const MOST_STAKE = 19_000n;

export type Keeperhood = {readonly side: Side; readonly wallet: Wallet};

export type Street = {
    readonly world: World;
    readonly node: RunningServer;
    readonly maker: Side;
    readonly traders: readonly Side[];
    readonly keepers: readonly Keeperhood[];
    close(): Promise<void>;
};

export type StreetOptions = {readonly traders: number; readonly keepers: number; readonly seed: bigint};

/** Changes of the chain come one after the other, whoever asks for them. */
function inTurn(world: World["connection"]): void {
    const {provider} = world;
    const request = provider.request.bind(provider) as (call: {method: string; params?: unknown[]}) => Promise<unknown>;
    let tail: Promise<unknown> = Promise.resolve();
    provider.request = (call) => {
        if (!/^(eth_send|evm_|hardhat_)/.test(call.method)) return request(call as never);
        const result = tail.then(() => request(call as never));
        tail = result.catch(() => undefined);
        return result;
    };
}

const keyOf = ({privateKey}: HDNodeWallet): Wallet => new Wallet(privateKey);

export async function openStreet({traders, keepers, seed}: StreetOptions): Promise<Street> {
    const connection = await createChain();
    inTurn(connection);
    const world = await deployWorld(connection);
    const sides = world.owners.map((owner) => ({owner}));
    const wallets = walletsOf(SIGNERS).slice(OFFICERS).map(keyOf);
    const [maker, ...others] = sides;
    const street: Street = {
        world,
        node: await listen(connection.provider, 0),
        maker: maker!,
        traders: others.slice(0, traders),
        keepers: others.slice(traders, traders + keepers).map((side, index) => {
            const wallet = wallets[1 + traders + index]!;
            if (wallet.address !== side.owner.address) throw new Error(`${wallet.address} is another's key`);
            return {side, wallet};
        }),
        close: async () => {
            await street.node.close();
            await connection.close();
        },
    };
    await report(world);
    await deposit(world, street.maker, "USDC", CAPITAL);
    for (const {side} of street.keepers) await deposit(world, side, "USDC", CAPITAL);
    const random = randomFrom(seed);
    for (const trader of street.traders) {
        await deposit(world, trader, "USDC", random.between(LEAST_STAKE, MOST_STAKE) * USD);
        await trade(world, street.maker, trader, [{instrument: perp(BTC), sizeE18: -E18, priceE18: usd(50_000)}]);
    }
    return street;
}

export const blockOf = ({world}: Street): Promise<number> => world.connection.ethers.provider.getBlockNumber();

/** An empty block, twelve seconds later. */
export async function mine({world}: Street, blocks = 1): Promise<void> {
    const {provider} = world.connection.ethers;
    for (let i = 0; i < blocks; ++i) {
        const latest = await provider.getBlock("latest");
        await provider.send("evm_setNextBlockTimestamp", [latest!.timestamp + BLOCK_SECONDS]);
        await provider.send("evm_mine", []);
    }
}

/** Moves the price by two blocks. */
export async function priceAt({world}: Street, whole: number): Promise<void> {
    await feedOf(world, BTC).getFunction("pushAnswer")(usd(whole) / FEED_SCALE);
    await (await world.all.priceOracle.poke(BTC)).wait();
}

/** Traders who are short or in an auction at a block. */
export async function openCases(
    {world, traders}: Street,
    blockTag: number | "latest" = "latest",
): Promise<AccountId[]> {
    const accounts = traders.map(idOf);
    const views = await world.all.marginLens.accounts(accounts, {blockTag});
    return accounts.filter((_, index) => {
        const {assessment, auction} = views[index]!;
        return auction.startedAt > 0n || assessment.equityE18 < assessment.maintenanceE18;
    });
}

/** Most blocks in a row in which one trader was short or in an auction. */
export async function longestCase(street: Street, fromBlock: number): Promise<number> {
    const last = await blockOf(street);
    const runs = new Map<AccountId, number>();
    let longest = 0;
    for (let block = fromBlock; block <= last; ++block) {
        const open = new Set(await openCases(street, block));
        for (const account of street.traders.map(idOf)) {
            const run = open.has(account) ? (runs.get(account) ?? 0) + 1 : 0;
            runs.set(account, run);
            longest = Math.max(longest, run);
        }
    }
    return longest;
}

/** What is bought and not sold of the perpetual, by traders and by keepers. */
export async function boughtE18({world, traders, keepers}: Street): Promise<bigint> {
    const sides = [...traders, ...keepers.map(({side}) => side)];
    const books = await Promise.all(sides.map((side) => world.all.clearinghouse.positionsOf(idOf(side))));
    return books.flatMap(([positions]) => positions).reduce((sum, {sizeE18}) => sum + sizeE18, 0n);
}

export type Clock = {stop(): Promise<void>};

const LOOK_MS = 40;

/** Blocks come when somebody waits for one, and once after each word: transactions meet in a pool, as they do outside of tests. */
export async function startClock(street: Street, isDue: () => boolean): Promise<Clock> {
    const {provider} = street.world.connection.ethers;
    await provider.send("evm_setAutomine", [false]);
    const stopping = new AbortController();
    const run = async (): Promise<void> => {
        let waited = 0;
        while (!stopping.signal.aborted) {
            await setTimeout(LOOK_MS);
            const waiting = (await provider.send("eth_pendingTransactions", [])) as readonly unknown[];
            waited = waiting.length === 0 ? 0 : waited + 1;
            if (waited > 1 || isDue()) await mine(street);
        }
    };
    const running = run();
    return {
        stop: async () => {
            stopping.abort();
            await running;
            await provider.send("evm_setAutomine", [true]);
        },
    };
}

export type Sale = {readonly account: AccountId; readonly startedAt: number; readonly endedAt: number | undefined};

/** Auctions of the chain, in the order of their starts: blocks in which they began and ended. */
export async function salesOf({world}: Street): Promise<Sale[]> {
    const {liquidator} = world.all;
    const started = await liquidator.queryFilter(liquidator.filters.AuctionStarted());
    const ended = await liquidator.queryFilter(liquidator.filters.AuctionEnded());
    return started.map(({args, blockNumber, index}) => {
        const end = ended.find(
            (one) =>
                one.args.account === args.account &&
                (one.blockNumber > blockNumber || (one.blockNumber === blockNumber && one.index > index)),
        );
        return {account: args.account as AccountId, startedAt: blockNumber, endedAt: end?.blockNumber};
    });
}

/** What books rebuilt from events say beside what the contracts say. */
export async function differences({world}: Street): Promise<unknown> {
    const source = {provider: world.connection.ethers.provider, deployment: world.deployment};
    const standing = await readStanding(source);
    const {counts, tokens, unbalanced, holds} = await solvencyOf(standing, source);
    const off = counts.filter(({booksE18, contractE18}) => booksE18 !== contractE18);
    return {off, uncovered: tokens.filter(({heldE18, claimedE18}) => heldE18 < claimedE18), unbalanced, holds};
}

export const NO_DIFFERENCE = {off: [], uncovered: [], unbalanced: [], holds: true};
