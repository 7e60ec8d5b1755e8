import {expect} from "chai";
import {network} from "hardhat";

import {
    addSecond,
    CONFIRM,
    deployOracle,
    E18,
    E8,
    FEED,
    MAX_AGE,
    MAX_DEVIATION,
    MAX_JUMP,
    MAX_PRICE,
    MIN_PRICE,
    START,
} from "./fixture.js";

const {ethers, networkHelpers} = await network.create();
const {time, loadFixture} = networkHelpers;

const DAY = 86_400n;

describe("PriceOracle settings", () => {
    const fixture = () => deployOracle(ethers);

    it("should refuse strangers", async () => {
        const {oracle, config} = await loadFixture(fixture);
        const [, stranger] = await ethers.getSigners();
        const as = oracle.connect(stranger);
        for (const call of [
            () => as.setFeed(FEED, config),
            () => as.setSequencer(ethers.ZeroAddress, 0),
            () => as.setConfirmSeconds(60),
            () => as.setSettlementWindow(60),
            () => as.pauseFeed(FEED),
            () => as.unpauseFeed(FEED),
        ]) {
            await expect(call())
                .to.be.revertedWithCustomError(oracle, "AccessManagedUnauthorized")
                .withArgs(stranger!.address);
        }
    });

    describe("setFeed", () => {
        it("should keep the configuration and accept the live price", async () => {
            const world = await loadFixture(fixture);
            const second = await addSecond(ethers, world, 18);
            const stored = await world.oracle.feed(FEED);
            expect(stored).to.deep.equal([
                await world.feed.getAddress(),
                await second.getAddress(),
                MAX_AGE,
                MAX_DEVIATION,
                world.config.maxJumpE18,
                MIN_PRICE,
                MAX_PRICE,
            ]);
            expect(await world.oracle.feedState(FEED)).to.deep.equal([START * 10n ** 10n, 0n, 0n]);
        });

        it("should tell what was set and accepted", async () => {
            const {oracle, config, feed} = await loadFixture(fixture);
            await feed.pushAnswer(70_000n * E8);
            const setting = oracle.setFeed(FEED, config);
            await expect(setting).to.emit(oracle, "FeedSet").withArgs(FEED, Object.values(config));
            await expect(setting)
                .to.emit(oracle, "PriceAccepted")
                .withArgs(FEED, 70_000n * E18);
            expect(await oracle.price(FEED)).to.equal(70_000n * E18);
        });

        it("should drop a candidate and keep a brake", async () => {
            const {oracle, config, feed} = await loadFixture(fixture);
            await feed.pushAnswer(70_000n * E8);
            await oracle.poke(FEED);
            await oracle.pauseFeed(FEED);
            await oracle.setFeed(FEED, config);
            expect(await oracle.feedState(FEED)).to.deep.equal([70_000n * E18, 0n, 0n]);
            expect(await oracle.feedPaused(FEED)).to.equal(true);
        });

        it("should refuse what makes no sense", async () => {
            const {oracle, config, feed} = await loadFixture(fixture);
            const [account] = await ethers.getSigners();
            const second = await (await ethers.deployContract("MockAggregator", [8, START])).getAddress();
            const odd = await (await ethers.deployContract("MockAggregator", [37, START])).getAddress();
            const silent = await (await ethers.deployContract("AccessManager", [account!.address])).getAddress();
            const late = await ethers.deployContract("MockAggregator", [8, 0]);
            await late.setRound((1n << 64n) | 5n, START, await time.latest(), (1n << 64n) | 5n);
            const bad = [
                {aggregator: ethers.ZeroAddress},
                {aggregator: account!.address},
                {aggregator: silent},
                {aggregator: odd},
                {aggregator: await late.getAddress()},
                {second: account!.address, maxDeviationE18: 1n},
                {second: await feed.getAddress(), maxDeviationE18: 1n},
                {second, maxDeviationE18: 0n},
                {second, maxDeviationE18: E18},
                {second: odd, maxDeviationE18: 1n},
                {maxAgeSeconds: 0n},
                {maxAgeSeconds: 7n * DAY + 1n},
                {maxJumpE18: 0n},
                {maxJumpE18: E18 + 1n},
                {minPriceE18: MAX_PRICE},
                // Finer or larger than what can be stored exactly.
                {maxJumpE18: MAX_JUMP + 1n},
                {maxJumpE18: MAX_JUMP - 1n},
                {minPriceE18: MIN_PRICE + 1n},
                {maxPriceE18: MAX_PRICE - 1n},
                {maxPriceE18: 2n ** 64n * 10n ** 10n},
            ];
            for (const changes of bad) {
                await expect(oracle.setFeed(2, {...config, ...changes}), JSON.stringify(Object.keys(changes)))
                    .to.be.revertedWithCustomError(oracle, "PriceOracle_InvalidConfig")
                    .withArgs(2);
            }
            await expect(oracle.setFeed(0, config))
                .to.be.revertedWithCustomError(oracle, "PriceOracle_InvalidConfig")
                .withArgs(0);
        });

        it("should keep the finest and the largest values that are allowed", async () => {
            const {oracle, config} = await loadFixture(fixture);
            const edge = {
                ...config,
                maxAgeSeconds: 7n * DAY,
                maxJumpE18: 10n ** 12n,
                minPriceE18: 10n ** 10n,
                maxPriceE18: (2n ** 64n - 1n) * 10n ** 10n,
            };
            await oracle.setFeed(2, edge);
            const stored = await oracle.feed(2);
            expect([stored.maxAgeSeconds, stored.maxJumpE18], "age and jump").to.deep.equal([7n * DAY, 10n ** 12n]);
            expect([stored.minPriceE18, stored.maxPriceE18], "bounds").to.deep.equal([
                edge.minPriceE18,
                edge.maxPriceE18,
            ]);
            await oracle.setFeed(2, {...config, maxJumpE18: E18});
            expect((await oracle.feed(2)).maxJumpE18, "a jump of everything").to.equal(E18);
        });

        it("should take 256 feeds and no more, and still replace each of them", async () => {
            const {oracle, config} = await loadFixture(fixture);
            for (let feedId = 2; feedId <= 256; feedId++) await oracle.setFeed(feedId, config);
            await expect(oracle.setFeed(257, config), "one too many")
                .to.be.revertedWithCustomError(oracle, "PriceOracle_InvalidConfig")
                .withArgs(257);
            await oracle.setFeed(256, {...config, maxAgeSeconds: DAY});
            expect((await oracle.feed(256)).maxAgeSeconds, "replaced").to.equal(DAY);
        });

        it("should refuse a feed whose live price no guard would pass", async () => {
            const {oracle, config} = await loadFixture(fixture);
            const rate = await ethers.deployContract("MockAggregator", [8, 1_01000000n]);
            await expect(oracle.setFeed(2, {...config, aggregator: await rate.getAddress()}))
                .to.be.revertedWithCustomError(oracle, "PriceOracle_OutOfBounds")
                .withArgs(2, (101n * E18) / 100n, MIN_PRICE, MAX_PRICE);
            const second = await ethers.deployContract("MockAggregator", [8, 2n * START]);
            const pair = {...config, second: await second.getAddress(), maxDeviationE18: MAX_DEVIATION};
            await expect(oracle.setFeed(2, pair))
                .to.be.revertedWithCustomError(oracle, "PriceOracle_Diverged")
                .withArgs(2, 50_000n * E18, 100_000n * E18, MAX_DEVIATION);
            expect((await oracle.feed(2)).aggregator).to.equal(ethers.ZeroAddress);
        });
    });

    describe("setSequencer", () => {
        it("should keep and tell it", async () => {
            const {oracle} = await loadFixture(fixture);
            const uptime = await (await ethers.deployContract("MockSequencerUptime", [1n])).getAddress();
            await expect(oracle.setSequencer(uptime, DAY)).to.emit(oracle, "SequencerSet").withArgs(uptime, DAY);
            expect(await oracle.sequencer()).to.deep.equal([uptime, DAY]);
        });

        it("should stand before every feed, set before it or after, and before none once it is taken away", async () => {
            const {oracle, config} = await loadFixture(fixture);
            await oracle.setFeed(2, config);
            const uptime = await ethers.deployContract("MockSequencerUptime", [1n]);
            await oracle.setSequencer(uptime, 60);
            await oracle.setFeed(3, config);
            await oracle.setFeed(FEED, config);
            await uptime.setDown(true);
            for (const feedId of [FEED, 2n, 3n]) {
                await expect(oracle.price(feedId), `feed ${feedId}`).to.be.revertedWithCustomError(
                    oracle,
                    "PriceOracle_SequencerDown",
                );
                await expect(oracle.poke(feedId), `feed ${feedId}`).to.be.revertedWithCustomError(
                    oracle,
                    "PriceOracle_SequencerDown",
                );
            }
            await oracle.setSequencer(ethers.ZeroAddress, 0);
            await oracle.setFeed(4, config);
            for (const feedId of [FEED, 2n, 3n, 4n]) {
                expect(await oracle.price(feedId), `feed ${feedId}`).to.equal(50_000n * E18);
            }
        });

        it("should refuse an address without code and a grace time above a day", async () => {
            const {oracle} = await loadFixture(fixture);
            const [account] = await ethers.getSigners();
            for (const [address, grace] of [
                [account!.address, 60n],
                [ethers.ZeroAddress, DAY + 1n],
            ] as const) {
                await expect(oracle.setSequencer(address, grace))
                    .to.be.revertedWithCustomError(oracle, "PriceOracle_InvalidSequencer")
                    .withArgs(address, grace);
            }
        });
    });

    describe("setConfirmSeconds", () => {
        it("should keep and tell it, at both ends", async () => {
            const {oracle} = await loadFixture(fixture);
            await expect(oracle.setConfirmSeconds(60)).to.emit(oracle, "ConfirmSecondsSet").withArgs(CONFIRM, 60);
            await expect(oracle.setConfirmSeconds(3600)).to.emit(oracle, "ConfirmSecondsSet").withArgs(60, 3600);
            expect(await oracle.confirmSeconds()).to.equal(3600);
        });

        it("should refuse less than a minute and more than an hour, at deployment too", async () => {
            const {oracle} = await loadFixture(fixture);
            for (const seconds of [59, 3601]) {
                await expect(oracle.setConfirmSeconds(seconds))
                    .to.be.revertedWithCustomError(oracle, "PriceOracle_InvalidConfirmSeconds")
                    .withArgs(seconds, 60, 3600);
            }
            await expect(ethers.deployContract("PriceOracle", [await oracle.authority(), 0]))
                .to.be.revertedWithCustomError(oracle, "PriceOracle_InvalidConfirmSeconds")
                .withArgs(0, 60, 3600);
        });
    });

    describe("pauseFeed and unpauseFeed", () => {
        it("should tell of the brake and touch no other feed", async () => {
            const {oracle, config} = await loadFixture(fixture);
            await oracle.setFeed(2, config);
            await expect(oracle.pauseFeed(FEED)).to.emit(oracle, "FeedPausedSet").withArgs(FEED, true);
            expect(await oracle.feedPaused(FEED)).to.equal(true);
            expect(await oracle.price(2)).to.equal(50_000n * E18);
            await expect(oracle.unpauseFeed(FEED)).to.emit(oracle, "FeedPausedSet").withArgs(FEED, false);
        });

        it("should refuse a feed that was never set", async () => {
            const {oracle} = await loadFixture(fixture);
            await expect(oracle.pauseFeed(9))
                .to.be.revertedWithCustomError(oracle, "PriceOracle_UnknownFeed")
                .withArgs(9);
        });
    });
});
