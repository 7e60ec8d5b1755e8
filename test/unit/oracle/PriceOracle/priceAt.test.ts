import {expect} from "chai";
import {network} from "hardhat";

import {deployOracle, E18, E8, FEED, MAX_AGE, MAX_PRICE, MIN_PRICE} from "./fixture.js";

const {ethers, networkHelpers} = await network.create();
const {time, loadFixture} = networkHelpers;

const id = (phase: bigint, round: bigint): bigint => (phase << 64n) | round;

describe("PriceOracle.priceAt", () => {
    /** Rounds 1 and 2 of phase 1 an hour apart; the moment lies in between. */
    async function straddled() {
        const world = await deployOracle(ethers);
        const start = BigInt(await time.latest());
        await world.feed.setRound(id(1n, 1n), 50_000n * E8, start, id(1n, 1n));
        await world.feed.pushRound(60_000n * E8, start + 3_600n);
        await time.increaseTo(start + 10_000n);
        return {...world, start, at: start + 1_800n};
    }

    const fixture = () => straddled();

    it("should take the earlier of two adjacent rounds around the moment", async () => {
        const {oracle, at} = await loadFixture(fixture);
        expect(await oracle.priceAt(FEED, at, id(1n, 1n), id(1n, 2n))).to.equal(50_000n * E18);
    });

    it("should count a round at the very moment as earlier, and one second before the next as earlier still", async () => {
        const {oracle, start} = await loadFixture(fixture);
        expect(await oracle.priceAt(FEED, start, id(1n, 1n), id(1n, 2n))).to.equal(50_000n * E18);
        expect(await oracle.priceAt(FEED, start + 3_599n, id(1n, 1n), id(1n, 2n))).to.equal(50_000n * E18);
        await expect(oracle.priceAt(FEED, start + 3_600n, id(1n, 1n), id(1n, 2n)))
            .to.be.revertedWithCustomError(oracle, "PriceOracle_RoundsDoNotStraddle")
            .withArgs(FEED, id(1n, 1n), id(1n, 2n), start + 3_600n);
        await expect(oracle.priceAt(FEED, start - 1n, id(1n, 1n), id(1n, 2n)))
            .to.be.revertedWithCustomError(oracle, "PriceOracle_RoundsDoNotStraddle")
            .withArgs(FEED, id(1n, 1n), id(1n, 2n), start - 1n);
    });

    it("should revert for a feed that was never set, or is braked", async () => {
        const {oracle, at} = await loadFixture(fixture);
        await expect(oracle.priceAt(9, at, id(1n, 1n), id(1n, 2n)))
            .to.be.revertedWithCustomError(oracle, "PriceOracle_UnknownFeed")
            .withArgs(9);
        await oracle.pauseFeed(FEED);
        await expect(oracle.priceAt(FEED, at, id(1n, 1n), id(1n, 2n)))
            .to.be.revertedWithCustomError(oracle, "PriceOracle_FeedPaused")
            .withArgs(FEED);
    });

    it("should not depend on the present: jump, age and sequencer are not asked", async () => {
        const {oracle, feed, at} = await loadFixture(fixture);
        const uptime = await ethers.deployContract("MockSequencerUptime", [1n]);
        await oracle.setSequencer(await uptime.getAddress(), 0n);
        await uptime.setDown(true);
        await feed.pushAnswer(1n);
        expect(await oracle.priceAt(FEED, at, id(1n, 1n), id(1n, 2n))).to.equal(50_000n * E18);
    });

    describe("given an earlier answer too old at the moment", () => {
        async function late() {
            const world = await deployOracle(ethers);
            const start = BigInt(await time.latest());
            await world.feed.setRound(id(1n, 1n), 50_000n * E8, start, id(1n, 1n));
            await world.feed.pushRound(60_000n * E8, start + 3n * MAX_AGE);
            await time.increaseTo(start + 4n * MAX_AGE);
            return {...world, start};
        }

        it("should take the later one, from one second beyond the greatest age", async () => {
            const {oracle, start} = await loadFixture(late);
            expect(await oracle.priceAt(FEED, start + MAX_AGE, id(1n, 1n), id(1n, 2n))).to.equal(50_000n * E18);
            expect(await oracle.priceAt(FEED, start + MAX_AGE + 1n, id(1n, 1n), id(1n, 2n))).to.equal(60_000n * E18);
        });

        it("should hold the later one to sign, completeness and bounds", async () => {
            const {oracle, feed, start} = await loadFixture(late);
            const read = () => oracle.priceAt(FEED, start + MAX_AGE + 1n, id(1n, 1n), id(1n, 2n));
            await feed.setRound(id(1n, 2n), -5n, start + 3n * MAX_AGE, id(1n, 2n));
            await expect(read()).to.be.revertedWithCustomError(oracle, "PriceOracle_NotPositive").withArgs(FEED, -5n);
        });
    });

    describe("given a bad answer at the moment", () => {
        it("should refuse it rather than look for another", async () => {
            const {oracle, feed, start, at} = await loadFixture(fixture);
            const read = () => oracle.priceAt(FEED, at, id(1n, 1n), id(1n, 2n));
            await feed.setRound(id(1n, 1n), 0n, start, id(1n, 1n));
            await expect(read()).to.be.revertedWithCustomError(oracle, "PriceOracle_NotPositive").withArgs(FEED, 0n);
            await feed.setRound(id(1n, 1n), 50_000n * E8, start, id(1n, 0n));
            await expect(read())
                .to.be.revertedWithCustomError(oracle, "PriceOracle_IncompleteRound")
                .withArgs(FEED, id(1n, 1n));
            await feed.setRound(id(1n, 1n), 999n * E8, start, id(1n, 1n));
            await expect(read())
                .to.be.revertedWithCustomError(oracle, "PriceOracle_OutOfBounds")
                .withArgs(FEED, 999n * E18, MIN_PRICE, MAX_PRICE);
        });

        it("should refuse a later round from the future", async () => {
            const {oracle, feed, at} = await loadFixture(fixture);
            const future = BigInt(await time.latest()) + 1_000n;
            await feed.setRound(id(1n, 2n), 60_000n * E8, future, id(1n, 2n));
            await expect(oracle.priceAt(FEED, at, id(1n, 1n), id(1n, 2n)))
                .to.be.revertedWithCustomError(oracle, "PriceOracle_FromFuture")
                .withArgs(FEED, future, BigInt(await time.latest()));
        });
    });

    describe("given a caller who picks rounds", () => {
        for (const revertOnMissing of [false, true]) {
            it(`should leave one pair of all, on a feed that ${revertOnMissing ? "reverts" : "answers zeros"} for missing rounds`, async () => {
                const {oracle, feed, start, at} = await loadFixture(fixture);
                await feed.setRevertOnMissing(revertOnMissing);
                for (const round of [3n, 4n]) await feed.pushRound(70_000n * E8, start + round * 1_800n);
                const ids = [0n, 1n, 2n, 3n, 4n, 5n].map((round) => id(1n, round));
                for (const first of ids) {
                    for (const second of ids) {
                        if (first === id(1n, 1n) && second === id(1n, 2n)) continue;
                        await expect(oracle.priceAt(FEED, at, first, second), `${first}, ${second}`)
                            .to.be.revertedWithCustomError(oracle, "PriceOracle_RoundsDoNotStraddle")
                            .withArgs(FEED, first, second, at);
                    }
                }
            });
        }

        it("should not overflow at the ends of the numbers", async () => {
            const {oracle, at} = await loadFixture(fixture);
            const last = (1n << 80n) - 1n;
            for (const [first, second] of [
                [last, 0n],
                [0n, last],
                [last, last],
                [id(1n, 1n), id(65_535n, 1n)],
            ] as const) {
                await expect(oracle.priceAt(FEED, at, first, second))
                    .to.be.revertedWithCustomError(oracle, "PriceOracle_RoundsDoNotStraddle")
                    .withArgs(FEED, first, second, at);
            }
        });

        it("should not be starved into seeing a missing round", async () => {
            const {oracle, at} = await loadFixture(fixture);
            await expect(oracle.priceAt(FEED, at, id(1n, 1n), id(1n, 2n), {gasLimit: 170_000n}))
                .to.be.revertedWithCustomError(oracle, "PriceOracle_TooLittleGas")
                .withArgs((left: bigint) => left < 150_000n, 150_000n);
        });
    });

    describe("given a change of phase", () => {
        /** Phase 1 ends before the moment, phase 2 begins after it. */
        async function gap() {
            const world = await deployOracle(ethers);
            const start = BigInt(await time.latest());
            await world.feed.setRound(id(1n, 1n), 49_000n * E8, start - 100n, id(1n, 1n));
            await world.feed.setRound(id(1n, 2n), 50_000n * E8, start, id(1n, 2n));
            await world.feed.startPhase();
            await world.feed.pushRound(52_000n * E8, start + 600n);
            await world.feed.pushRound(53_000n * E8, start + 1_200n);
            await time.increaseTo(start + 5_000n);
            return {...world, start, at: start + 300n};
        }

        it("should go from the last round of a phase to the first of the next", async () => {
            const {oracle, at} = await loadFixture(gap);
            expect(await oracle.priceAt(FEED, at, id(1n, 2n), id(2n, 1n))).to.equal(50_000n * E18);
        });

        it("should refuse a round of the old phase that is not its last, and one of the new that is not its first", async () => {
            const {oracle, at} = await loadFixture(gap);
            for (const [first, second] of [
                [id(1n, 1n), id(2n, 1n)],
                [id(1n, 2n), id(2n, 2n)],
                [id(1n, 2n), id(1n, 3n)],
            ] as const) {
                await expect(oracle.priceAt(FEED, at, first, second))
                    .to.be.revertedWithCustomError(oracle, "PriceOracle_RoundsDoNotStraddle")
                    .withArgs(FEED, first, second, at);
            }
        });

        it("should refuse to cross while the old phase has a further round, then want that one", async () => {
            const {oracle, feed, at, start} = await loadFixture(gap);
            await feed.setRound(id(1n, 3n), 51_000n * E8, start + 500n, id(1n, 3n));
            await expect(oracle.priceAt(FEED, at, id(1n, 2n), id(2n, 1n)))
                .to.be.revertedWithCustomError(oracle, "PriceOracle_RoundsDoNotStraddle")
                .withArgs(FEED, id(1n, 2n), id(2n, 1n), at);
            expect(await oracle.priceAt(FEED, at, id(1n, 2n), id(1n, 3n))).to.equal(50_000n * E18);
        });

        it("should pass over a phase without rounds and not over one with", async () => {
            const {oracle, feed, start} = await loadFixture(gap);
            await feed.startPhase();
            await feed.startPhase();
            await feed.pushRound(54_000n * E8, start + 2_400n);
            const at = start + 2_000n;
            expect(await oracle.priceAt(FEED, at, id(2n, 2n), id(4n, 1n))).to.equal(53_000n * E18);
            await feed.setRound(id(3n, 1n), 54_000n * E8, start + 2_300n, id(3n, 1n));
            await expect(oracle.priceAt(FEED, at, id(2n, 2n), id(4n, 1n)))
                .to.be.revertedWithCustomError(oracle, "PriceOracle_RoundsDoNotStraddle")
                .withArgs(FEED, id(2n, 2n), id(4n, 1n), at);
            expect(await oracle.priceAt(FEED, at, id(2n, 2n), id(3n, 1n))).to.equal(53_000n * E18);
        });

        it("should leave one price where phases overlap: that of the newest phase that had begun", async () => {
            const {oracle, feed, start} = await loadFixture(gap);
            await feed.setRound(id(1n, 3n), 51_000n * E8, start + 2_000n, id(1n, 3n));
            const at = start + 900n;
            expect(await oracle.priceAt(FEED, at, id(2n, 1n), id(2n, 2n))).to.equal(52_000n * E18);
            await expect(oracle.priceAt(FEED, at, id(1n, 2n), id(1n, 3n)))
                .to.be.revertedWithCustomError(oracle, "PriceOracle_RoundsDoNotStraddle")
                .withArgs(FEED, id(1n, 2n), id(1n, 3n), at);
        });

        it("should refuse a phase without a first round", async () => {
            const {oracle, feed, start} = await loadFixture(gap);
            await feed.startPhase();
            await feed.setRound(id(3n, 7n), 54_000n * E8, start + 2_000n, id(3n, 7n));
            await feed.setRound(id(3n, 8n), 54_000n * E8, start + 3_000n, id(3n, 8n));
            await expect(oracle.priceAt(FEED, start + 2_500n, id(3n, 7n), id(3n, 8n)))
                .to.be.revertedWithCustomError(oracle, "PriceOracle_RoundsDoNotStraddle")
                .withArgs(FEED, id(3n, 7n), id(3n, 8n), start + 2_500n);
        });
    });
});
