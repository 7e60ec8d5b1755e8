import {expect} from "chai";
import {network} from "hardhat";

import type {Clearinghouse} from "../../../../typechain-types/index.js";
import {
    BTC,
    BTC_FUTURE,
    BTC_INDEX,
    BTC_PERP,
    call,
    DAILY,
    deployHouse,
    E18,
    E8,
    eventsOf,
    portfolio,
    put,
    START,
    trade,
    WEEKLY,
} from "./fixture.js";
import type {LegTerms, World} from "./fixture.js";

const {ethers, networkHelpers} = await network.create({override: {initialDate: START}});
const {loadFixture, time} = networkHelpers;
const fixture = (): Promise<World> => deployHouse(ethers);
const PRICE = 52_000n * E18;

const leg = (instrument: bigint, size: bigint, price = BTC_INDEX): LegTerms => ({instrument, size, price});
const cashOf = (world: World, name: "alice" | "bob" | "carol"): Promise<bigint> =>
    world.vault.cashOf(world[name].account);
const START_CASH = 1_000_000n * E18;

/** Alice makes `legs` against bob, then the expiry passes and its price is fixed. */
async function expired(world: World, legs: LegTerms[], price = PRICE): Promise<void> {
    await trade(ethers, world, {maker: world.alice, taker: world.bob, legs});
    await time.increaseTo(DAILY + 60);
    await world.spot.setPriceAt(BTC, DAILY, price);
    await world.house.settleExpiry(BTC, DAILY, 1, 2);
}

describe("Clearinghouse.settleExpiry", () => {
    const cannot = (world: World, attempt: Promise<unknown>, expiry: number) =>
        expect(attempt).to.be.revertedWithCustomError(world.house, "Clearinghouse_CannotSettle").withArgs(BTC, expiry);

    it("should fix the price once, for anybody, and say which round it came from", async () => {
        const world = await loadFixture(fixture);
        await world.spot.setPriceAt(BTC, DAILY, PRICE);
        await time.increaseTo(DAILY);
        await expect(world.house.connect(world.stranger.signer).settleExpiry(BTC, DAILY, 41, 42))
            .to.emit(world.house, "ExpirySettled")
            .withArgs(BTC, DAILY, PRICE, 41);
        expect(await world.house.settlementPriceE18(BTC, DAILY)).to.equal(PRICE);
        expect(await world.house.settlementPriceE18(2, DAILY), "another underlying").to.equal(0n);
        await world.spot.setPriceAt(BTC, DAILY, PRICE + 1n);
        await cannot(world, world.house.settleExpiry(BTC, DAILY, 41, 42), DAILY);
        expect(await world.house.settlementPriceE18(BTC, DAILY)).to.equal(PRICE);
    });

    it("should refuse a moment before the expiry and one that is no expiry", async () => {
        const world = await loadFixture(fixture);
        await time.setNextBlockTimestamp(DAILY - 1);
        await cannot(world, world.house.settleExpiry(BTC, DAILY, 1, 2), DAILY);
        await time.increaseTo(DAILY + 100);
        await cannot(world, world.house.settleExpiry(BTC, DAILY + 1, 1, 2), DAILY + 1);
    });

    context("given the real price oracle", () => {
        const withFeed = async () => {
            const world = await loadFixture(fixture);
            const [admin] = await ethers.getSigners();
            const authority = await ethers.deployContract("AccessManager", [admin!.address]);
            const oracle = await ethers.deployContract("PriceOracle", [await authority.getAddress(), 600]);
            const feed = await ethers.deployContract("MockAggregator", [8, 0]);
            await feed.pushRound(50_000n * E8, DAILY - 600);
            await feed.pushRound(51_000n * E8, DAILY - 60);
            await time.increaseTo(DAILY + 120);
            await feed.pushRound(53_000n * E8, DAILY + 60);
            await feed.pushRound(54_000n * E8, DAILY + 90);
            await oracle.setFeed(BTC, {
                aggregator: await feed.getAddress(),
                second: ethers.ZeroAddress,
                maxAgeSeconds: 3_900,
                maxDeviationE18: 0,
                maxJumpE18: E18 / 5n,
                minPriceE18: 1_000n * E18,
                maxPriceE18: 1_000_000n * E18,
            });
            await world.house.setPriceOracle(await oracle.getAddress());
            const id = (round: bigint): bigint => (1n << 64n) | round;
            return {...world, oracle, id};
        };

        it("should take the answer that stood at the expiry, proved by the two rounds around it", async () => {
            const {house, id} = await withFeed();
            await house.settleExpiry(BTC, DAILY, id(2n), id(3n));
            expect(await house.settlementPriceE18(BTC, DAILY)).to.equal(51_000n * E18);
        });

        it("should refuse rounds that do not straddle the expiry or are not neighbours", async () => {
            const {house, oracle, id} = await withFeed();
            for (const [first, second] of [
                [1n, 2n],
                [3n, 4n],
                [1n, 3n],
                [2n, 4n],
            ] as const) {
                await expect(house.settleExpiry(BTC, DAILY, id(first), id(second)))
                    .to.be.revertedWithCustomError(oracle, "PriceOracle_RoundsDoNotStraddle")
                    .withArgs(BTC, id(first), id(second), DAILY);
            }
        });
    });
});

describe("Clearinghouse.settleAccount", () => {
    context("given options", () => {
        it("should pay calls and puts their intrinsic value, longs from shorts to the unit", async () => {
            const world = await loadFixture(fixture);
            const legs = [
                leg(call(50_000n), 3n * E18, 0n),
                leg(call(52_000n), 5n * E18, 0n),
                leg(call(60_000n), 7n * E18, 0n),
                leg(put(50_000n), 11n * E18, 0n),
                leg(put(55_000n), -2n * E18, 0n),
            ];
            await expired(world, legs);
            const receipt = (await (await world.house.settleAccount(world.alice.account)).wait())!;
            await world.house.settleAccount(world.bob.account);
            // 3 calls at 2,000 less 2 puts at 3,000.
            expect((await portfolio(world, world.alice)).positions).to.deep.equal([]);
            expect(await cashOf(world, "alice")).to.equal(START_CASH);
            expect(await cashOf(world, "bob")).to.equal(START_CASH);
            const payoffs = eventsOf(world, receipt, "AccountSettled").map((event) => event["payoffE18"]);
            expect(payoffs, "last position first").to.deep.equal([-6_000n * E18, 0n, 0n, 0n, 6_000n * E18]);
            expect(await world.house.openInterestE18(BTC)).to.equal(0n);
            expect((await world.vault.cashTotals()).netSettledE18).to.equal(0n);
        });

        it("should let one side be settled ahead and keep the difference on record", async () => {
            const world = await loadFixture(fixture);
            await expired(world, [leg(call(50_000n), E18, 0n)]);
            await world.house.settleAccount(world.alice.account);
            expect(await cashOf(world, "alice")).to.equal(START_CASH + 2_000n * E18);
            expect(await cashOf(world, "bob")).to.equal(START_CASH);
            expect((await world.vault.cashTotals()).netSettledE18).to.equal(2_000n * E18);
            await world.house.settleAccount(world.bob.account);
            expect(await cashOf(world, "bob")).to.equal(START_CASH - 2_000n * E18);
            expect((await world.vault.cashTotals()).netSettledE18).to.equal(0n);
        });

        it("should round both sides down, so that together they never get more than nothing", async () => {
            const world = await loadFixture(fixture);
            await expired(world, [leg(call(50_000n), 1n, 0n)], 50_000n * E18 + E18 / 2n);
            await world.house.settleAccount(world.alice.account);
            await world.house.settleAccount(world.bob.account);
            expect(await cashOf(world, "alice"), "half a unit becomes none").to.equal(START_CASH);
            expect(await cashOf(world, "bob"), "minus half a unit becomes minus one").to.equal(START_CASH - 1n);
            expect((await world.vault.cashTotals()).netSettledE18, "stays in the vault").to.equal(-1n);
        });
    });

    context("given a future", () => {
        it("should close it at the settlement price and realise the figure", async () => {
            const world = await loadFixture(fixture);
            await expired(world, [leg(BTC_FUTURE, -2n * E18)]);
            await expect(world.house.settleAccount(world.alice.account))
                .to.emit(world.house, "AccountSettled")
                .withArgs(world.alice.account, BTC_FUTURE, -2n * E18, -104_000n * E18);
            await world.house.settleAccount(world.bob.account);
            expect(await cashOf(world, "alice")).to.equal(START_CASH - 4_000n * E18);
            expect(await cashOf(world, "bob")).to.equal(START_CASH + 4_000n * E18);
            expect((await portfolio(world, world.alice)).quotes).to.deep.equal([]);
            expect(await world.house.quoteOf(world.alice.account, BTC)).to.equal(0n);
        });

        it("should leave the gain in the figure while a perpetual of the underlying is left", async () => {
            const world = await loadFixture(fixture);
            await expired(world, [leg(BTC_PERP, -E18), leg(BTC_FUTURE, E18)]);
            await world.house.settleAccount(world.alice.account);
            expect(await portfolio(world, world.alice)).to.deep.equal({
                cash: START_CASH,
                positions: [[BTC_PERP, -E18]],
                quotes: [[BigInt(BTC), 52_000n * E18]],
            });
        });
    });

    context("given nothing to settle", () => {
        it("should leave what has not expired, and what has no price yet", async () => {
            const world = await loadFixture(fixture);
            const legs = [leg(BTC_PERP, E18), leg(call(50_000n), E18, 0n), leg(call(50_000n, WEEKLY), E18, 0n)];
            await trade(ethers, world, {maker: world.alice, taker: world.bob, legs});
            const before = await portfolio(world, world.alice);
            await time.increaseTo(DAILY + 60);
            const receipt = (await (await world.house.settleAccount(world.alice.account)).wait())!;
            expect(receipt.logs.length).to.equal(0);
            expect(await portfolio(world, world.alice)).to.deep.equal(before);
            await world.spot.setPriceAt(BTC, DAILY, PRICE);
            await world.house.settleExpiry(BTC, DAILY, 1, 2);
            await world.house.settleAccount(world.alice.account);
            const {positions} = await portfolio(world, world.alice);
            expect(positions).to.deep.equal([
                [BTC_PERP, E18],
                [call(50_000n, WEEKLY), E18],
            ]);
        });
    });

    context("given a trade of the account", () => {
        it("should settle both sides first", async () => {
            const world = await loadFixture(fixture);
            await expired(world, [leg(BTC_FUTURE, E18), leg(call(50_000n), E18, 0n)]);
            await trade(ethers, world, {
                maker: world.alice,
                taker: world.bob,
                legs: [leg(call(50_000n, WEEKLY), E18, 0n)],
            });
            for (const who of [world.alice, world.bob]) {
                expect((await portfolio(world, who)).positions.length, "only the new one").to.equal(1);
            }
            expect(await cashOf(world, "alice")).to.equal(START_CASH + 4_000n * E18);
            expect(await cashOf(world, "bob")).to.equal(START_CASH - 4_000n * E18);
        });
    });

    context("given the liquidator", () => {
        const notCore = (house: Clearinghouse, attempt: Promise<unknown>, caller: string) =>
            expect(attempt).to.be.revertedWithCustomError(house, "Clearinghouse_NotCore").withArgs(caller);

        it("should settle inside its lock, and for nobody else", async () => {
            const world = await loadFixture(fixture);
            const {house, liquidator, alice, stranger} = world;
            await expired(world, [leg(call(50_000n), E18, 0n)]);
            await notCore(house, house.connect(stranger.signer).settleAccountLocked(alice.account), stranger.address);
            await expect(liquidator.settleUnlocked(alice.account)).to.be.revertedWithCustomError(
                house,
                "Clearinghouse_LockNotHeld",
            );
            await liquidator.settle(alice.account);
            expect(await cashOf(world, "alice")).to.equal(START_CASH + 2_000n * E18);
        });
    });
});
