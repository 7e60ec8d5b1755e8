/** The whole deployed protocol, and the hands that integration tests need: prices, time, surfaces, money, quotes, auctions. */
import type {HardhatEthersSigner} from "@nomicfoundation/hardhat-ethers/types";
import {Contract, MaxUint256} from "ethers";
import type {ContractTransactionReceipt, ContractTransactionResponse} from "ethers";
import {network} from "hardhat";
import type {NetworkConnection} from "hardhat/types/network";

import {deployBallast} from "../../deploy/deployBallast.js";
import type {DeployOptions} from "../../deploy/deployBallast.js";
import {ballastAt, FEED_ABI, TOKEN_ABI} from "../../scripts/chain/contracts.js";
import type {BallastContracts} from "../../scripts/chain/contracts.js";
import {flatSmile} from "../../scripts/oracle/market.js";
import {accountId, ANYONE} from "../../scripts/sdk/ids.js";
import type {AccountId} from "../../scripts/sdk/ids.js";
import type {InstrumentId} from "../../scripts/sdk/instruments.js";
import {buildQuote, quoteDomain, signQuote} from "../../scripts/sdk/quotes.js";
import type {Quote} from "../../scripts/sdk/quotes.js";
import {signReport, surfaceDomain} from "../../scripts/sdk/surfaces.js";
import type {PriceE18, SizeE18, UnitsE18} from "../../scripts/sdk/units.js";
import type {Deployment} from "../../scripts/shared/deployment.js";
import type {IClearinghouse} from "../../typechain-types/contracts/interfaces/IClearinghouse.js";
import {stewardOf} from "./steward.js";

export const E18 = 10n ** 18n;
export const USD = 10n ** 6n;
export const HOUR = 3600;
export const DAY = 86_400;
export const BTC = 1;
export const ETH = 2;
export const UNDERLYINGS = [BTC, ETH] as const;
export const USDC_FEED = 1000;
export const EVERYTHING = {own: [], joint: []};

/** Fixed gas, because an estimate is too small when the next second adds interest; fixed start, because expiries are dates. */
const CHAIN = {override: {gas: 60_000_000n, initialDate: "2026-01-05T10:00:00Z"}};

const FIRST_OWNER = 8;
const FEED_SCALE = 10n ** 10n;
const STEPS_OF_PRICE = 30n;

export type World = {
    readonly connection: NetworkConnection;
    readonly deployment: Deployment;
    readonly all: BallastContracts;
    /** People; nobody else has a right. */
    readonly owners: readonly HardhatEthersSigner[];
    readonly officers: {
        readonly admin: HardhatEthersSigner;
        readonly risk: HardhatEthersSigner;
        readonly guardian: HardhatEthersSigner;
        /** The contract that sets parameters, as if it had a key: for tests that need figures at once. */
        readonly steward: HardhatEthersSigner;
    };
    /** Expiries that get surfaces. */
    readonly expiries: Set<number>;
    readonly spotE18: Map<number, bigint>;
    readonly volE18: Map<number, bigint>;
    nonce: bigint;
};

/** A leg as the maker sees it. */
export type Leg = {readonly instrument: InstrumentId; readonly sizeE18: bigint; readonly priceE18: bigint};
export type Side = {readonly owner: HardhatEthersSigner; readonly sub?: bigint};

export const idOf = ({owner, sub}: Side): AccountId => accountId(owner.address, sub ?? 0n);
export const usd = (whole: number | bigint): bigint => BigInt(whole) * E18;

/** A chain on which each transaction comes one second after the last block, however long the machine takes. */
export async function createChain(): Promise<NetworkConnection> {
    const connection = await network.create(CHAIN);
    const {provider} = connection;
    const request: (call: {method: string; params?: unknown[]}) => Promise<unknown> = provider.request.bind(provider);
    provider.request = async (call) => {
        if (call.method === "eth_sendTransaction" || call.method === "eth_sendRawTransaction") {
            const latest = (await request({method: "eth_getBlockByNumber", params: ["latest", false]})) as {
                timestamp: string;
            };
            await request({method: "evm_setNextBlockTimestamp", params: [Number(latest.timestamp) + 1]});
        }
        return request(call as {method: string; params?: unknown[]});
    };
    return connection;
}

export async function deployWorld(connection: NetworkConnection, options: DeployOptions = {}): Promise<World> {
    const deployment = await deployBallast(connection, options);
    const signers = await connection.ethers.getSigners();
    const steward = await stewardOf(connection, deployment);
    const world: World = {
        connection,
        deployment,
        all: ballastAt(deployment, signers[0]!),
        owners: signers.slice(FIRST_OWNER),
        officers: {admin: signers[1]!, risk: signers[2]!, guardian: signers[3]!, steward},
        expiries: new Set(),
        spotE18: new Map([
            [BTC, usd(50_000)],
            [ETH, usd(2500)],
        ]),
        volE18: new Map([
            [BTC, (6n * E18) / 10n],
            [ETH, (7n * E18) / 10n],
        ]),
        nonce: 0n,
    };
    // The deployment's first prices are far from these, so they are confirmed as any jump is.
    for (const underlying of UNDERLYINGS) await push(world, underlying, world.spotE18.get(underlying)!);
    await connection.networkHelpers.time.increase(await world.all.priceOracle.confirmSeconds());
    await report(world);
    return world;
}

// --- prices and time

export const now = (world: World): Promise<number> => world.connection.networkHelpers.time.latest();

export function feedOf(world: World, feedId: number): Contract {
    return new Contract(world.deployment.feeds[String(feedId)] ?? "", FEED_ABI, world.owners[0]);
}

export function tokenOf(world: World, symbol: string, runner: HardhatEthersSigner = world.owners[0]!): Contract {
    return new Contract(world.deployment.tokens[symbol]?.address ?? "", TOKEN_ABI, runner);
}

async function push(world: World, feedId: number, priceE18: bigint): Promise<void> {
    await feedOf(world, feedId).getFunction("pushAnswer")(priceE18 / FEED_SCALE);
    await world.all.priceOracle.poke(feedId);
}

/** Reports every feed and every surface anew. */
export async function report(world: World): Promise<void> {
    await push(world, USDC_FEED, E18);
    await push(world, USDC_FEED + 1, E18);
    for (const underlying of UNDERLYINGS) await push(world, underlying, world.spotE18.get(underlying)!);
    await publish(world);
}

export async function publish(world: World): Promise<void> {
    const {ethers} = world.connection;
    const publishedAt = await now(world);
    const live = [...world.expiries].filter((expiry) => expiry > publishedAt + 1).sort((a, b) => a - b);
    if (live.length === 0) return;
    const {chainId} = await ethers.provider.getNetwork();
    const domain = surfaceDomain(chainId, world.deployment.contracts.surfaceOracle);
    const signers = await Promise.all(
        world.deployment.actors.surfaceSigners.slice(0, 2).map((one) => ethers.getSigner(one)),
    );
    const signed = await Promise.all(
        UNDERLYINGS.flatMap((underlying) =>
            live.map((expiry) =>
                signReport(signers, domain, {
                    underlying,
                    expiry,
                    surface: {
                        publishedAt,
                        forwardRatioE18: E18,
                        discountE18: E18,
                        ...flatSmile(world.volE18.get(underlying)!, expiry - publishedAt),
                    },
                }),
            ),
        ),
    );
    await world.all.surfaceOracle.publish(
        signed.map(({report: one}) => one),
        signed.map(({signatures}) => [...signatures]),
    );
}

/** Moves prices, in steps that the feeds' jump guards accept. */
export async function move(world: World, prices: Readonly<Record<number, bigint>>): Promise<void> {
    for (const [name, goal] of Object.entries(prices)) {
        const underlying = Number(name);
        for (let last = world.spotE18.get(underlying)!; last !== goal;) {
            const most = (last * STEPS_OF_PRICE) / 100n;
            const gap = goal - last;
            last += gap > most ? most : gap < -most ? -most : gap;
            await push(world, underlying, last);
        }
        world.spotE18.set(underlying, goal);
    }
    await report(world);
}

/** Time passes, then everything is reported anew. */
export async function pass(world: World, seconds: number): Promise<void> {
    await world.connection.networkHelpers.time.increase(seconds);
    await report(world);
}

/** The next 08:00 UTC at least so many days away; every day of the next week is an expiry. */
export async function expiryAhead(world: World, days: number): Promise<number> {
    const from = (await now(world)) + days * DAY;
    const expiry = from - (from % DAY) + 8 * HOUR + (from % DAY > 8 * HOUR ? DAY : 0);
    world.expiries.add(expiry);
    return expiry;
}

/** Fixes the price of an expiry from the two rounds around it, which are looked up from the latest backwards. */
export async function settleExpiry(world: World, underlying: number, expiry: number): Promise<void> {
    const feed = feedOf(world, underlying);
    let later = (await feed.getFunction("latestRound").staticCall()) as bigint;
    for (;;) {
        const round = (await feed.getFunction("getRoundData").staticCall(later - 1n)) as bigint[];
        if (round[3]! <= BigInt(expiry)) break;
        later -= 1n;
    }
    await world.all.clearinghouse.settleExpiry(underlying, expiry, later - 1n, later);
}

// --- money

export async function deposit(world: World, side: Side, symbol: string, amountNative: bigint): Promise<void> {
    const token = tokenOf(world, symbol, side.owner);
    await token.getFunction("mint")(side.owner.address, amountNative);
    await token.getFunction("approve")(world.deployment.contracts.vault, MaxUint256);
    await world.all.vault.connect(side.owner).deposit(idOf(side), await token.getAddress(), amountNative);
}

export async function withdraw(world: World, side: Side, symbol: string, amountNative: bigint): Promise<void> {
    const {address} = world.deployment.tokens[symbol]!;
    await world.all.vault.connect(side.owner).withdraw(idOf(side), address, amountNative, side.owner.address);
}

export async function balanceOf(world: World, symbol: string, holder: string): Promise<bigint> {
    return (await tokenOf(world, symbol).getFunction("balanceOf").staticCall(holder)) as bigint;
}

export async function fundBackstop(world: World, side: Side, amountNative: bigint): Promise<void> {
    const token = tokenOf(world, "USDC", side.owner);
    await token.getFunction("mint")(side.owner.address, amountNative);
    await token.getFunction("approve")(world.deployment.contracts.backstop, MaxUint256);
    await world.all.backstop.connect(side.owner).deposit(amountNative, side.owner.address);
}

// --- trades

/** A quote of one unit to one taker, signed by the maker's owner. */
export async function offer(
    world: World,
    maker: Side,
    taker: Side,
    legs: readonly Leg[],
    terms: Partial<Quote> = {},
): Promise<IClearinghouse.FillStruct> {
    const {chainId} = await world.connection.ethers.provider.getNetwork();
    world.nonce += 1n;
    const quote = buildQuote({
        maker: idOf(maker),
        taker: ANYONE,
        legs: legs.map(({instrument, sizeE18, priceE18}) => ({
            instrument,
            sizePerUnitE18: sizeE18 as SizeE18,
            priceE18: priceE18 as PriceE18,
        })),
        unitsE18: E18 as UnitsE18,
        epoch: await world.all.clearinghouse.epochOf(idOf(maker)),
        nonce: world.nonce,
        deadline: (await now(world)) + HOUR,
        ...terms,
    });
    const domain = quoteDomain(chainId, world.deployment.contracts.clearinghouse);
    const {signer, signature} = await signQuote(maker.owner, domain, quote);
    return {
        quote: {...quote, legs: quote.legs.map((leg) => ({...leg}))},
        signer,
        signature,
        taker: idOf(taker),
        unitsE18: quote.unitsE18,
    };
}

export async function trade(world: World, maker: Side, taker: Side, legs: readonly Leg[]): Promise<void> {
    const item = await offer(world, maker, taker, legs);
    await world.all.clearinghouse.connect(taker.owner).fill(item);
}

// --- figures and auctions

export type Figures = {readonly equityE18: bigint; readonly initialE18: bigint; readonly maintenanceE18: bigint};

export async function figuresOf(world: World, side: Side): Promise<Figures> {
    const {equityE18, initialE18, maintenanceE18} = await world.all.riskEngine.assess(idOf(side));
    return {equityE18, initialE18, maintenanceE18};
}

export async function start(world: World, account: Side, keeper: Side): Promise<void> {
    await world.all.liquidator.connect(keeper.owner).start(idOf(account), EVERYTHING, idOf(keeper));
}

export function take(
    world: World,
    account: Side,
    keeper: Side,
    fractionE18: bigint = E18,
): Promise<ContractTransactionResponse> {
    return world.all.liquidator
        .connect(keeper.owner)
        .take(idOf(account), idOf(keeper), fractionE18, (1n << 255n) - 1n, "0x");
}

/** Arguments of the one event of a name in a receipt. */
export function eventOf(
    world: World,
    contract: "vault" | "clearinghouse" | "liquidator" | "backstop",
    receipt: ContractTransactionReceipt | null,
    name: string,
): Readonly<Record<string, bigint>> {
    const source = world.all[contract];
    for (const log of receipt?.logs ?? []) {
        if (log.address !== world.deployment.contracts[contract]) continue;
        const parsed = source.interface.parseLog(log);
        if (parsed?.name === name) return parsed.args.toObject() as Record<string, bigint>;
    }
    throw new Error(`No ${name} in the transaction`);
}
