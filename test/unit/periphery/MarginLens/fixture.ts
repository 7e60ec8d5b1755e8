import {Contract, MaxUint256} from "ethers";
import type {HardhatEthersSigner} from "@nomicfoundation/hardhat-ethers/types";
import type {NetworkConnection} from "hardhat/types/network";

import {deployBallast} from "../../../../deploy/deployBallast.js";
import {ballastAt, FEED_ABI, TOKEN_ABI} from "../../../../scripts/chain/contracts.js";
import type {BallastContracts} from "../../../../scripts/chain/contracts.js";
import {readOracle, surfaceSender} from "../../../../scripts/oracle/chain.js";
import {flatSmile} from "../../../../scripts/oracle/market.js";
import type {Market} from "../../../../scripts/oracle/market.js";
import {publishOnce} from "../../../../scripts/oracle/publisher.js";
import {ANYONE, accountId} from "../../../../scripts/sdk/ids.js";
import type {AccountId} from "../../../../scripts/sdk/ids.js";
import {buildQuote, quoteDomain, signQuote} from "../../../../scripts/sdk/quotes.js";
import type {QuoteLeg} from "../../../../scripts/sdk/quotes.js";
import type {PriceE18, SizeE18, UnitsE18} from "../../../../scripts/sdk/units.js";
import type {InstrumentId} from "../../../../scripts/sdk/instruments.js";
import type {Deployment} from "../../../../scripts/shared/deployment.js";
import type {IClearinghouse} from "../../../../typechain-types/contracts/interfaces/IClearinghouse.js";
import type {FillPreview, MarginLens, RiskEngine} from "../../../../typechain-types/index.js";

export const E18 = 10n ** 18n;
export const DAY = 86_400;
export const BTC = 1;
export const ETH = 2;
export const BTC_PRICE = 50_000n;
export const ETH_PRICE = 3_000n;

export interface LensWorld {
    deployment: Deployment;
    all: BallastContracts;
    lens: MarginLens;
    fills: FillPreview;
    previewEngine: RiskEngine;
    owners: HardhatEthersSigner[];
    ids: AccountId[];
    expiries: {week: number; month: number};
    spots: Record<number, bigint>;
}

const FRIDAY = 5;

/** The Friday, 08:00 UTC, that comes next after a moment plus some days. */
function fridayAfter(seconds: number, days: number): number {
    const day = new Date((seconds + days * DAY) * 1000);
    day.setUTCHours(8, 0, 0, 0);
    while (day.getUTCDay() !== FRIDAY || day.getTime() / 1000 <= seconds) day.setUTCDate(day.getUTCDate() + 1);
    return day.getTime() / 1000;
}

/** Writes spot prices (confirmed when they jump) and surfaces of 60 % volatility. */
export async function setMarket(
    connection: NetworkConnection,
    world: Pick<LensWorld, "deployment" | "all" | "expiries" | "spots">,
    prices: Record<number, bigint> = {},
): Promise<void> {
    const {ethers, networkHelpers} = connection;
    const [first] = await ethers.getSigners();
    Object.assign(world.spots, prices);
    for (const turn of [0, 1]) {
        for (const [feedId, address] of Object.entries(world.deployment.feeds)) {
            const price = world.spots[Number(feedId)] ?? 1n;
            await new Contract(address, FEED_ABI, first).getFunction("pushAnswer")(price * 10n ** 8n);
            await world.all.priceOracle.poke(Number(feedId));
        }
        const states = await Promise.all([BTC, ETH].map((id) => world.all.priceOracle.feedState(id)));
        if (turn === 1 || states.every(({candidateE18}) => candidateE18 === 0n)) break;
        await networkHelpers.time.increase(await world.all.priceOracle.confirmSeconds());
    }
    const time = await networkHelpers.time.latest();
    const market: Market = {
        time,
        underlyings: [BTC, ETH].map((underlying) => {
            const spotE18 = world.spots[underlying]! * E18;
            const smiles = Object.values(world.expiries)
                .filter((expiry) => expiry > time)
                .map((expiry) => ({
                    expiry,
                    forwardE18: spotE18 + spotE18 / 500n,
                    discountE18: (998n * E18) / 1000n,
                    smile: {...flatSmile((6n * E18) / 10n, expiry - time), bE18: E18 / 100n, rhoE18: -E18 / 5n},
                }));
            return {underlying, spotE18, expiries: smiles};
        }),
    };
    const signers = await Promise.all(world.deployment.actors.surfaceSigners.map((one) => ethers.getSigner(one)));
    const {surfaceOracle} = world.deployment.contracts;
    await publishOnce({
        market: () => Promise.resolve(market),
        state: () => readOracle(ethers.provider, surfaceOracle, [BTC, ETH]),
        signers,
        send: surfaceSender(first!, surfaceOracle),
        log: () => undefined,
    });
}

/** The whole system with a lens, and three owners with 200,000 dollars and 20 ether each. */
export async function deployLens(connection: NetworkConnection): Promise<LensWorld> {
    const {ethers, networkHelpers} = connection;
    const deployment = await deployBallast(connection);
    const all = ballastAt(deployment, (await ethers.getSigners())[0]!);
    const {vault} = deployment.contracts;
    const fills = await ethers.getContractAt("FillPreview", deployment.contracts.fillPreview);
    const previewEngine = await ethers.getContractAt("RiskEngine", deployment.contracts.previewEngine);
    const lens = await ethers.getContractAt("MarginLens", deployment.contracts.marginLens);

    const owners = (await ethers.getSigners()).slice(10, 13);
    const ids = owners.map(({address}) => accountId(address));
    for (const [index, owner] of owners.entries()) {
        for (const [symbol, amount] of [
            ["USDC", 200_000n * 10n ** 6n],
            ["WETH", 20n * E18],
        ] as const) {
            const token = new Contract(deployment.tokens[symbol]!.address, TOKEN_ABI, owner);
            await token.getFunction("mint")(owner.address, amount);
            await token.getFunction("approve")(vault, MaxUint256);
            await all.vault.connect(owner).deposit(ids[index]!, await token.getAddress(), amount);
        }
    }
    const now = await networkHelpers.time.latest();
    const expiries = {week: fridayAfter(now, 2), month: fridayAfter(now, 16)};
    const spots = {[BTC]: BTC_PRICE, [ETH]: ETH_PRICE};
    const world = {deployment, all, lens, fills, previewEngine, owners, ids, expiries, spots};
    await setMarket(connection, world);
    return world;
}

export interface Offer {
    instrument: InstrumentId;
    /** Seen from the maker. */
    sizeE18: bigint;
    priceE18: bigint;
}

/** A signed fill of one quote in full. */
export async function fillOf(
    connection: NetworkConnection,
    world: LensWorld,
    [maker, taker]: readonly [number, number],
    offers: readonly Offer[],
    nonce = 1n,
): Promise<IClearinghouse.FillStruct> {
    const {chainId} = await connection.ethers.provider.getNetwork();
    const legs: QuoteLeg[] = offers.map(({instrument, sizeE18, priceE18}) => ({
        instrument,
        sizePerUnitE18: sizeE18 as SizeE18,
        priceE18: priceE18 as PriceE18,
    }));
    const quote = buildQuote({
        maker: world.ids[maker]!,
        taker: ANYONE,
        legs,
        unitsE18: E18 as UnitsE18,
        nonce,
        deadline: (await connection.networkHelpers.time.latest()) + 365 * DAY,
    });
    const domain = quoteDomain(chainId, world.deployment.contracts.clearinghouse);
    const signed = await signQuote(world.owners[maker]!, domain, quote);
    return {
        quote: {...quote, legs: quote.legs.map((leg) => ({...leg}))},
        signer: signed.signer,
        signature: signed.signature,
        taker: world.ids[taker]!,
        unitsE18: E18,
    };
}
