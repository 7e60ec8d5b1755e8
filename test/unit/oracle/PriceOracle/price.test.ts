import {expect} from "chai";
import {network} from "hardhat";

import {
    addSecond,
    addSequencer,
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

describe("PriceOracle.price", () => {
    const fixture = () => deployOracle(ethers);

    it("should scale an answer of 8 decimals to 18", async () => {
        const {oracle, feed} = await loadFixture(fixture);
        await feed.pushAnswer(50_123_45678901n);
        expect(await oracle.price(FEED)).to.equal(50_123_456789010000000000n);
    });

    it("should revert for a feed that was never set", async () => {
        const {oracle} = await loadFixture(fixture);
        await expect(oracle.price(7)).to.be.revertedWithCustomError(oracle, "PriceOracle_UnknownFeed").withArgs(7);
    });

    it("should revert while the feed is braked, and price again after", async () => {
        const {oracle} = await loadFixture(fixture);
        await oracle.pauseFeed(FEED);
        await expect(oracle.price(FEED)).to.be.revertedWithCustomError(oracle, "PriceOracle_FeedPaused").withArgs(FEED);
        await oracle.unpauseFeed(FEED);
        expect(await oracle.price(FEED)).to.equal(START * 10n ** 10n);
    });

    for (const answer of [0n, -1n, -(2n ** 255n)]) {
        it(`should refuse the answer ${answer}`, async () => {
            const {oracle, feed} = await loadFixture(fixture);
            await feed.pushAnswer(answer);
            await expect(oracle.price(FEED))
                .to.be.revertedWithCustomError(oracle, "PriceOracle_NotPositive")
                .withArgs(FEED, answer);
        });
    }

    describe("given an incomplete round", () => {
        it("should refuse an update time of zero", async () => {
            const {oracle, feed} = await loadFixture(fixture);
            await feed.pushRound(START, 0n);
            await expect(oracle.price(FEED))
                .to.be.revertedWithCustomError(oracle, "PriceOracle_IncompleteRound")
                .withArgs(FEED, await feed.latestRound());
        });

        it("should refuse an answer carried over from an earlier round", async () => {
            const {oracle, feed} = await loadFixture(fixture);
            const first = await feed.latestRound();
            await feed.setRound(first + 1n, START, await time.latest(), first);
            await expect(oracle.price(FEED))
                .to.be.revertedWithCustomError(oracle, "PriceOracle_IncompleteRound")
                .withArgs(FEED, first + 1n);
        });
    });

    describe("given the age of an answer", () => {
        it("should take an answer of exactly the greatest age and refuse one a second older", async () => {
            const {oracle, feed} = await loadFixture(fixture);
            const now = BigInt(await time.latest());
            await feed.pushRound(START, now);
            await time.increaseTo(now + MAX_AGE);
            expect(await oracle.price(FEED)).to.equal(START * 10n ** 10n);
            await time.increaseTo(now + MAX_AGE + 1n);
            await expect(oracle.price(FEED))
                .to.be.revertedWithCustomError(oracle, "PriceOracle_Stale")
                .withArgs(FEED, MAX_AGE + 1n, MAX_AGE);
        });

        it("should refuse an answer from the future", async () => {
            const {oracle, feed} = await loadFixture(fixture);
            const now = BigInt(await time.latest());
            await feed.pushRound(START, now + 100n);
            await expect(oracle.price(FEED))
                .to.be.revertedWithCustomError(oracle, "PriceOracle_FromFuture")
                .withArgs(FEED, now + 100n, BigInt(await time.latest()));
        });
    });

    describe("given the bounds", () => {
        for (const [title, answer, priceE18] of [
            ["at the lower bound", MIN_PRICE / 10n ** 10n, MIN_PRICE],
            ["at the upper bound", MAX_PRICE / 10n ** 10n, MAX_PRICE],
            ["far beyond what fits 256 bits", 2n ** 255n - 1n, 2n ** 256n - 1n],
        ] as const) {
            it(`should refuse an answer ${title}`, async () => {
                const {oracle, feed} = await loadFixture(fixture);
                await feed.pushAnswer(answer);
                await expect(oracle.price(FEED))
                    .to.be.revertedWithCustomError(oracle, "PriceOracle_OutOfBounds")
                    .withArgs(FEED, priceE18, MIN_PRICE, MAX_PRICE);
            });
        }

        it("should take an answer one unit inside the lower bound once its level is accepted", async () => {
            const {oracle, feed, config} = await loadFixture(fixture);
            await feed.pushAnswer(MIN_PRICE / 10n ** 10n + 1n);
            await oracle.setFeed(FEED, config);
            expect(await oracle.price(FEED)).to.equal(MIN_PRICE + 10n ** 10n);
        });
    });

    describe("given a move since the accepted value", () => {
        for (const [title, atBound, beyond] of [
            ["up", 60_000n * E8, 60_000n * E8 + 1n],
            ["down", 40_000n * E8, 40_000n * E8 - 1n],
        ] as const) {
            it(`should take a move ${title} of exactly the bound and refuse one unit more`, async () => {
                const {oracle, feed} = await loadFixture(fixture);
                await feed.pushAnswer(atBound);
                expect(await oracle.price(FEED)).to.equal(atBound * 10n ** 10n);
                await feed.pushAnswer(beyond);
                await expect(oracle.price(FEED))
                    .to.be.revertedWithCustomError(oracle, "PriceOracle_Jump")
                    .withArgs(FEED, beyond * 10n ** 10n, START * 10n ** 10n, MAX_JUMP);
            });
        }

        it("should measure against an accepted value older than the greatest age", async () => {
            const {oracle, feed} = await loadFixture(fixture);
            await time.increase(MAX_AGE * 10n);
            await feed.pushAnswer(61_000n * E8);
            await expect(oracle.price(FEED))
                .to.be.revertedWithCustomError(oracle, "PriceOracle_Jump")
                .withArgs(FEED, 61_000n * E18, 50_000n * E18, MAX_JUMP);
        });
    });

    describe("given a second source", () => {
        async function two() {
            const world = await deployOracle(ethers);
            return {...world, second: await addSecond(ethers, world, 18)};
        }

        it("should return the first source while both agree within the bound, whatever their decimals", async () => {
            const {oracle, feed, second} = await loadFixture(two);
            await feed.pushAnswer(51_000n * E8);
            await second.pushAnswer(50_000n * E18);
            expect(await oracle.price(FEED)).to.equal(51_000n * E18);
            await feed.pushAnswer(50_000n * E8);
            await second.pushAnswer(51_000n * E18);
            expect(await oracle.price(FEED)).to.equal(50_000n * E18);
        });

        for (const [title, first, other] of [
            ["below", 50_000n * E18, 51_000n * E18 + 1n],
            ["above", 51_000n * E18, 50_000n * E18 - 1n],
        ] as const) {
            it(`should refuse when the first is too far ${title} the second`, async () => {
                const {oracle, feed, second} = await loadFixture(two);
                await feed.pushAnswer(first / 10n ** 10n);
                await second.pushAnswer(other);
                await expect(oracle.price(FEED))
                    .to.be.revertedWithCustomError(oracle, "PriceOracle_Diverged")
                    .withArgs(FEED, first, other, MAX_DEVIATION);
            });
        }

        it("should hold the second source to the same guards", async () => {
            const {oracle, feed, second} = await loadFixture(two);
            await second.pushAnswer(0n);
            await expect(oracle.price(FEED))
                .to.be.revertedWithCustomError(oracle, "PriceOracle_NotPositive")
                .withArgs(FEED, 0n);
            const now = BigInt(await time.latest());
            await second.pushRound(50_000n * E18, now);
            await time.increaseTo(now + MAX_AGE);
            await feed.pushAnswer(START);
            await expect(oracle.price(FEED))
                .to.be.revertedWithCustomError(oracle, "PriceOracle_Stale")
                .withArgs(FEED, MAX_AGE + 1n, MAX_AGE);
        });

        it("should name the source that reverts", async () => {
            const {oracle, feed, second} = await loadFixture(two);
            await second.setBroken(true);
            await expect(oracle.price(FEED))
                .to.be.revertedWithCustomError(oracle, "PriceOracle_FeedFailed")
                .withArgs(FEED, await second.getAddress());
            await feed.setBroken(true);
            await expect(oracle.price(FEED))
                .to.be.revertedWithCustomError(oracle, "PriceOracle_FeedFailed")
                .withArgs(FEED, await feed.getAddress());
        });
    });

    describe("given a sequencer", () => {
        async function layerTwo() {
            const world = await deployOracle(ethers);
            return {...world, uptime: await addSequencer(ethers, world, 3_600n)};
        }

        it("should refuse while it is down, says nothing yet, or cannot be asked", async () => {
            const {oracle, uptime} = await loadFixture(layerTwo);
            expect(await oracle.price(FEED)).to.equal(50_000n * E18);
            await uptime.setDown(true);
            await expect(oracle.price(FEED))
                .to.be.revertedWithCustomError(oracle, "PriceOracle_SequencerDown")
                .withArgs();
            await uptime.setStatus(0n, 0n);
            await expect(oracle.price(FEED))
                .to.be.revertedWithCustomError(oracle, "PriceOracle_SequencerDown")
                .withArgs();
            await uptime.setStatus(0n, 1n);
            await uptime.setBroken(true);
            await expect(oracle.price(FEED))
                .to.be.revertedWithCustomError(oracle, "PriceOracle_SequencerDown")
                .withArgs();
        });

        it("should refuse through the whole grace time and not after", async () => {
            const {oracle, uptime, feed} = await loadFixture(layerTwo);
            await uptime.setDown(false);
            const upSince = BigInt(await time.latest());
            await feed.pushAnswer(START);
            await time.increaseTo(upSince + 3_600n);
            await expect(oracle.price(FEED))
                .to.be.revertedWithCustomError(oracle, "PriceOracle_SequencerGrace")
                .withArgs(3_600n, 3_600n);
            await time.increaseTo(upSince + 3_601n);
            expect(await oracle.price(FEED)).to.equal(50_000n * E18);
        });

        it("should count a change dated in the future as now", async () => {
            const {oracle, uptime} = await loadFixture(layerTwo);
            await uptime.setStatus(0n, BigInt(await time.latest()) + 10_000n);
            await expect(oracle.price(FEED))
                .to.be.revertedWithCustomError(oracle, "PriceOracle_SequencerGrace")
                .withArgs(0n, 3_600n);
        });
    });
});
