import {expect} from "chai";

import {option, perp} from "../../../scripts/sdk/instruments.js";
import type {TradablePool} from "../../../typechain-types/index.js";
import {
    BTC,
    createChain,
    deployWorld,
    deposit,
    E18,
    ETH,
    expiryAhead,
    feedOf,
    figuresOf,
    HOUR,
    idOf,
    move,
    now,
    pass,
    report,
    settleExpiry,
    start,
    take,
    trade,
    USD,
    usd,
    USDC_FEED,
    withdraw,
} from "../../support/world.js";
import type {Side, World} from "../../support/world.js";
import {expectGain, fieldsOf, weakenOracle} from "../../support/weakened.js";

const connection = await createChain();
const {loadFixture, time} = connection.networkHelpers;
const {ethers} = connection;
const SPOTS = {[BTC]: usd(50_000), [ETH]: usd(2500)};
const TO_FEED = 10n ** 10n;

type Cast = {world: World; attacker: Side; maker: Side; keeper: Side; pool: TradablePool; expiry: number};

/** Other people's money, a market maker, and a pool in which anybody trades ETH. */
async function fixture(): Promise<Cast> {
    const world = await deployWorld(connection);
    const [attacker, maker, keeper, saver] = world.owners.map((owner): Side => ({owner}));
    for (const side of [maker!, keeper!, saver!]) await deposit(world, side, "USDC", 2_000_000n * USD);
    const pool = await ethers.deployContract("TradablePool", [1000n * E18, usd(2_500_000)]);
    const expiry = await expiryAhead(world, 1);
    await report(world);
    return {world, attacker: attacker!, maker: maker!, keeper: keeper!, pool, expiry};
}

async function freshCast(): Promise<Cast> {
    const cast = await loadFixture(fixture);
    for (const [underlying, spotE18] of Object.entries(SPOTS)) cast.world.spotE18.set(Number(underlying), spotE18);
    return cast;
}

const answer = (world: World, feedId: number, priceE18: bigint): Promise<unknown> =>
    feedOf(world, feedId).getFunction("pushAnswer")(priceE18 / TO_FEED) as Promise<unknown>;

/** Puts tokens in and borrows dollars against them; what leaves less what the tokens cost. */
async function borrow(
    {world, attacker}: Cast,
    token: {readonly symbol: string; readonly amountNative: bigint; readonly costE18: bigint},
    dollars: bigint,
): Promise<bigint> {
    await deposit(world, attacker, token.symbol, token.amountNative);
    await withdraw(world, attacker, "USDC", dollars * USD);
    return usd(dollars) - token.costE18;
}

describe("a pool as an oracle", () => {
    /** Buys, borrows at the price so made, sells again. */
    async function pump(cast: Cast): Promise<bigint> {
        const {pool} = cast;
        const payE18 = usd(5_000_000);
        const bought = await pool.buy.staticCall(payE18);
        await pool.buy(payE18);
        const gain = await borrow(cast, {symbol: "WETH", amountNative: 40n * E18, costE18: usd(100_000)}, 500_000n);
        const backE18 = await pool.sell.staticCall(bought);
        await pool.sell(bought);
        return gain + backE18 - payE18;
    }

    it("R3: should lend on a price that the borrower made where it is one, and not here", async () => {
        const weak = await freshCast();
        await weakenOracle(weak.world, "PoolOracle", ETH, await weak.pool.getAddress());
        expectGain("R3", await pump(weak));
        const cast = await freshCast();
        await expect(pump(cast)).to.be.revertedWithCustomError(cast.world.all.riskEngine, "RiskEngine_BelowInitial");
    });
});

describe("a feed on the wrong scale", () => {
    /** One answer a hundred times too large. */
    async function mispriced(cast: Cast): Promise<bigint> {
        await answer(cast.world, ETH, usd(250_000));
        return borrow(cast, {symbol: "WETH", amountNative: 4n * E18, costE18: usd(10_000)}, 500_000n);
    }

    it("R4: should lend on any answer where nothing holds it to the last, and not here", async () => {
        const weak = await freshCast();
        await weakenOracle(weak.world, "JumpingOracle");
        expectGain("R4", await mispriced(weak));
        const cast = await freshCast();
        await expect(mispriced(cast)).to.be.revertedWithCustomError(cast.world.all.priceOracle, "PriceOracle_Jump");
    });
});

describe("a feed that cannot go lower", () => {
    const FLOOR = usd(100);

    /** The market falls to a dollar, the feed stays at the least it can say. */
    async function atTheFloor(cast: Cast): Promise<bigint> {
        await move(cast.world, {[ETH]: FLOOR + usd(1)});
        await answer(cast.world, ETH, FLOOR);
        return borrow(cast, {symbol: "WETH", amountNative: 10_000n * E18, costE18: usd(10_000)}, 500_000n);
    }
    async function bounded({world}: Cast, minPriceE18: bigint): Promise<void> {
        const {priceOracle} = world.all;
        const config = {...fieldsOf(await priceOracle.feed(ETH)), minPriceE18};
        await priceOracle.connect(world.officers.admin).setFeed(ETH, config as never);
    }

    it("R5: should lend on the floor of a feed where its bound is lower, and not where it is the floor", async () => {
        const weak = await freshCast();
        await bounded(weak, E18 / 100n);
        expectGain("R5", await atTheFloor(weak));
        const cast = await freshCast();
        await bounded(cast, FLOOR);
        await expect(atTheFloor(cast)).to.be.revertedWithCustomError(
            cast.world.all.priceOracle,
            "PriceOracle_OutOfBounds",
        );
    });
});

describe("a coin that is no dollar", () => {
    /** Buys a coin for 81 cents and borrows dollars on it. */
    async function depegged(cast: Cast): Promise<bigint> {
        await answer(cast.world, USDC_FEED + 1, usd(81) / 100n);
        return borrow(cast, {symbol: "USDT", amountNative: 1_000_000n * USD, costE18: usd(810_000)}, 940_000n);
    }

    it("R6: should lend at par where a coin is a dollar, and not here", async () => {
        const weak = await freshCast();
        await weakenOracle(weak.world, "ParOracle");
        expectGain("R6", await depegged(weak));
        const cast = await freshCast();
        await expect(depegged(cast)).to.be.revertedWithCustomError(
            cast.world.all.riskEngine,
            "RiskEngine_BelowInitial",
        );
    });
});

describe("an auction over a stop", () => {
    /** Two hours in which nobody can act, and the first who acts afterwards. */
    async function firstAfterTheStop({world, attacker: owner, maker, keeper}: Cast): Promise<bigint> {
        await deposit(world, owner, "USDC", 60_000n * USD);
        await trade(world, maker, owner, [{instrument: perp(BTC), sizeE18: -5n * E18, priceE18: usd(50_000)}]);
        await move(world, {[BTC]: usd(45_500)});
        await start(world, owner, keeper);
        await pass(world, 600);
        await world.all.priceOracle.connect(world.officers.guardian).pauseFeed(BTC);
        await time.increase(2 * HOUR);
        await world.all.priceOracle.connect(world.officers.risk).unpauseFeed(BTC);
        await report(world);
        const before = (await figuresOf(world, keeper)).equityE18;
        await take(world, owner, keeper);
        return (await figuresOf(world, keeper)).equityE18 - before;
    }

    it("R7: should sell at the price that the stop has made where the clock runs on, and not here", async () => {
        const weak = await freshCast();
        await weakenOracle(weak.world, "RunningClockOracle");
        expectGain("R7", await firstAfterTheStop(weak));
        const cast = await freshCast();
        await expect(firstAfterTheStop(cast)).to.be.revertedWithCustomError(
            cast.world.all.liquidator,
            "Liquidator_InGrace",
        );
    });
});

describe("the price of an expiry", () => {
    /** Buys calls, and settles them at the later of two rounds. */
    async function settleLate({world, attacker, maker, expiry}: Cast): Promise<bigint> {
        await deposit(world, attacker, "USDC", 100_000n * USD);
        const before = (await figuresOf(world, attacker)).equityE18;
        const call = option("CALL", BTC, expiry, 50_000n * 10n ** 8n);
        await trade(world, maker, attacker, [{instrument: call, sizeE18: -5n * E18, priceE18: usd(800)}]);
        await time.increaseTo(expiry - 60);
        await report(world);
        await time.increase(120);
        await move(world, {[BTC]: usd(55_000)});
        const feed = feedOf(world, BTC);
        const latest = (await feed.getFunction("latestRound").staticCall()) as bigint;
        expect(await now(world)).to.be.above(expiry);
        await world.all.clearinghouse.settleExpiry(BTC, expiry, latest, latest);
        await world.all.clearinghouse.settleAccount(idOf(attacker));
        return (await figuresOf(world, attacker)).equityE18 - before;
    }

    it("R11: should be who settles's choice where any round will do, and not here", async () => {
        const weak = await freshCast();
        await weakenOracle(weak.world, "AnyRoundOracle");
        expectGain("R11", await settleLate(weak));
        const cast = await freshCast();
        await expect(settleLate(cast)).to.be.revertedWithCustomError(
            cast.world.all.priceOracle,
            "PriceOracle_RoundsDoNotStraddle",
        );
        const {world, expiry} = cast;
        await settleExpiry(world, BTC, expiry);
        expect(await world.all.clearinghouse.settlementPriceE18(BTC, expiry), "the round that counts").to.equal(
            SPOTS[BTC],
        );
    });
});
