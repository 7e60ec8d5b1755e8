import {expect} from "chai";
import {network} from "hardhat";

import {addSequencer, CONFIRM, deployOracle, E18, E8, FEED, MAX_AGE, MAX_JUMP} from "./fixture.js";

const {ethers, networkHelpers} = await network.create();
const {time, loadFixture} = networkHelpers;

/** 40 % below the first answer. */
const CRASH = 30_000n;

describe("PriceOracle.poke", () => {
    const fixture = () => deployOracle(ethers);

    async function crashed() {
        const world = await loadFixture(fixture);
        await world.feed.pushAnswer(CRASH * E8);
        await world.oracle.poke(FEED);
        return {...world, since: BigInt(await time.latest())};
    }

    const state = async ({oracle}: {oracle: Awaited<ReturnType<typeof deployOracle>>["oracle"]}) => {
        const {acceptedE18, candidateE18, candidateSince} = await oracle.feedState(FEED);
        return {acceptedE18, candidateE18, candidateSince};
    };

    describe("given a move within the bound", () => {
        it("should accept the answer, whoever calls", async () => {
            const {oracle, feed} = await loadFixture(fixture);
            const [, stranger] = await ethers.getSigners();
            await feed.pushAnswer(45_000n * E8);
            await expect(oracle.connect(stranger).poke(FEED))
                .to.emit(oracle, "PriceAccepted")
                .withArgs(FEED, 45_000n * E18);
            expect(await state({oracle})).to.deep.equal({
                acceptedE18: 45_000n * E18,
                candidateE18: 0n,
                candidateSince: 0n,
            });
        });

        it("should say nothing when the answer is the accepted value already", async () => {
            const {oracle} = await loadFixture(fixture);
            await expect(oracle.poke(FEED)).not.to.emit(oracle, "PriceAccepted");
        });

        it("should carry the accepted value along a slide that no single step could make", async () => {
            const {oracle, feed} = await loadFixture(fixture);
            for (const price of [41_000n, 33_000n, 27_000n]) {
                await feed.pushAnswer(price * E8);
                await oracle.poke(FEED);
                expect(await oracle.price(FEED)).to.equal(price * E18);
            }
        });
    });

    describe("given a jump", () => {
        it("should remember it as candidate and keep refusing", async () => {
            const {oracle, feed} = await loadFixture(fixture);
            await feed.pushAnswer(CRASH * E8);
            const poking = oracle.poke(FEED);
            await poking;
            const since = BigInt(await time.latest());
            await expect(poking)
                .to.emit(oracle, "CandidateSeen")
                .withArgs(FEED, CRASH * E18, since);
            expect(await state({oracle})).to.deep.equal({
                acceptedE18: 50_000n * E18,
                candidateE18: CRASH * E18,
                candidateSince: since,
            });
            await expect(oracle.price(FEED))
                .to.be.revertedWithCustomError(oracle, "PriceOracle_Jump")
                .withArgs(FEED, CRASH * E18, 50_000n * E18, MAX_JUMP);
        });

        it("should change nothing before the confirmation time and accept at it", async () => {
            const {oracle, since} = await loadFixture(crashed);
            await time.setNextBlockTimestamp(since + CONFIRM - 1n);
            await oracle.poke(FEED);
            expect((await state({oracle})).candidateSince).to.equal(since);
            await time.setNextBlockTimestamp(since + CONFIRM);
            await expect(oracle.poke(FEED))
                .to.emit(oracle, "PriceAccepted")
                .withArgs(FEED, CRASH * E18);
            expect(await oracle.price(FEED)).to.equal(CRASH * E18);
        });

        it("should accept the price of the confirmation when it stayed near the candidate", async () => {
            const {oracle, feed, since} = await loadFixture(crashed);
            await feed.pushAnswer(25_000n * E8);
            await oracle.poke(FEED);
            await time.setNextBlockTimestamp(since + CONFIRM);
            await oracle.poke(FEED);
            expect(await oracle.price(FEED)).to.equal(25_000n * E18);
        });

        it("should not let small steps carry a candidate away from where it was first seen", async () => {
            const {oracle, feed, since} = await loadFixture(crashed);
            for (const price of [26_000n, 24_500n]) {
                await feed.pushAnswer(price * E8);
                await oracle.poke(FEED);
                expect((await state({oracle})).candidateE18).to.equal(CRASH * E18);
            }
            await feed.pushAnswer(23_000n * E8);
            await time.setNextBlockTimestamp(since + CONFIRM);
            await oracle.poke(FEED);
            expect(await state({oracle})).to.deep.equal({
                acceptedE18: 50_000n * E18,
                candidateE18: 23_000n * E18,
                candidateSince: since + CONFIRM,
            });
        });

        it("should drop the candidate when the old level returns", async () => {
            const {oracle, feed, since} = await loadFixture(crashed);
            await feed.pushAnswer(50_000n * E8);
            await expect(oracle.poke(FEED))
                .to.emit(oracle, "PriceAccepted")
                .withArgs(FEED, 50_000n * E18);
            await feed.pushAnswer(CRASH * E8);
            await time.setNextBlockTimestamp(since + CONFIRM);
            await expect(oracle.poke(FEED)).to.emit(oracle, "CandidateSeen");
            expect((await state({oracle})).acceptedE18).to.equal(50_000n * E18);
        });

        it("should start anew when nobody came to confirm for the confirmation time and the greatest age", async () => {
            const {oracle, feed, since} = await loadFixture(crashed);
            const last = since + CONFIRM + MAX_AGE;
            await feed.pushRound(CRASH * E8, last - 10n);
            await time.increaseTo(last - 5n);
            const snapshot = await networkHelpers.takeSnapshot();
            await time.setNextBlockTimestamp(last);
            await expect(oracle.poke(FEED)).to.emit(oracle, "PriceAccepted");
            await snapshot.restore();
            await time.setNextBlockTimestamp(last + 1n);
            await expect(oracle.poke(FEED))
                .to.emit(oracle, "CandidateSeen")
                .withArgs(FEED, CRASH * E18, last + 1n);
        });

        it("should not let anyone restart a candidate that the market supports", async () => {
            const {oracle, since} = await loadFixture(crashed);
            for (let step = 1n; step < 6n; ++step) {
                await time.setNextBlockTimestamp(since + step * 100n);
                await oracle.poke(FEED);
            }
            await time.setNextBlockTimestamp(since + CONFIRM);
            await oracle.poke(FEED);
            expect(await oracle.price(FEED)).to.equal(CRASH * E18);
        });

        it("should make a fall of 40 % in an hour usable one confirmation time after it stands", async () => {
            const {oracle, feed} = await loadFixture(fixture);
            for (let step = 1n; step <= 6n; ++step) {
                await feed.pushAnswer((50_000n - (step * 20_000n) / 6n) * E8);
                await oracle.poke(FEED);
                await time.increase(600n);
            }
            expect(await oracle.price(FEED)).to.equal(30_000n * E18);
        });
    });

    describe("given a price that no guard but the jump would pass", () => {
        it("should revert for an unknown, a braked and a stale feed, and while the sequencer is down", async () => {
            const world = await loadFixture(fixture);
            const {oracle, feed} = world;
            await expect(oracle.poke(9)).to.be.revertedWithCustomError(oracle, "PriceOracle_UnknownFeed").withArgs(9);
            await oracle.pauseFeed(FEED);
            await expect(oracle.poke(FEED))
                .to.be.revertedWithCustomError(oracle, "PriceOracle_FeedPaused")
                .withArgs(FEED);
            await oracle.unpauseFeed(FEED);
            await feed.pushAnswer(0n);
            await expect(oracle.poke(FEED))
                .to.be.revertedWithCustomError(oracle, "PriceOracle_NotPositive")
                .withArgs(FEED, 0n);
            const uptime = await addSequencer(ethers, world, 60n);
            await uptime.setDown(true);
            await expect(oracle.poke(FEED))
                .to.be.revertedWithCustomError(oracle, "PriceOracle_SequencerDown")
                .withArgs();
        });
    });
});
