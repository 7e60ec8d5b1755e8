import {expect} from "chai";
import {network} from "hardhat";

import {addSequencer, deployOracle, FEED, type OracleWorld} from "./fixture.js";

const {ethers, networkHelpers} = await network.create();
const {time, loadFixture} = networkHelpers;
const OTHER = 2n;
const GRACE = 900;
const HOUR = 3_600;

type Halts = {readonly stopped: bigint; readonly openAt: bigint};
type World = OracleWorld & {readonly t0: number; readonly halts: (since: number, ids?: bigint[]) => Promise<Halts>};

/** Two feeds, a clock that starts at t0 and only moves when it is told to. */
async function fixture(): Promise<World> {
    const world = await deployOracle(ethers);
    await world.oracle.setFeed(OTHER, world.config);
    const halts = async (since: number, ids = [FEED]): Promise<Halts> => {
        const {stoppedSeconds, openAt} = await world.oracle.halts(ids, since);
        return {stopped: stoppedSeconds, openAt};
    };
    return {...world, t0: (await time.latest()) + 100, halts};
}

/** The next transaction comes at a time. */
const at = (seconds: number): Promise<void> => time.setNextBlockTimestamp(seconds);
/** It is that time. */
async function on(seconds: number): Promise<void> {
    await time.increaseTo(seconds);
}

describe("PriceOracle: halts", () => {
    it("should know of none before the first brake", async () => {
        const {t0, halts} = await loadFixture(fixture);
        await on(t0);
        expect(await halts(t0 - 50), "none").to.deep.equal({stopped: 0n, openAt: 0n});
    });

    it("should count a brake, while it holds and with the grace after its release", async () => {
        const {oracle, t0, halts} = await loadFixture(fixture);
        await at(t0);
        await oracle.pauseFeed(FEED);
        await on(t0 + 500);
        expect(await halts(t0 - 50), "braked").to.deep.equal({stopped: 500n, openAt: 0n});
        expect(await halts(t0 + 400), "since then").to.deep.equal({stopped: 100n, openAt: 0n});
        await at(t0 + 7_200);
        await oracle.unpauseFeed(FEED);
        expect(await oracle.brakeGraceSeconds(), "grace").to.equal(BigInt(GRACE));
        const openAt = BigInt(t0 + 7_200 + GRACE);
        await on(t0 + 7_300);
        expect(await halts(t0 - 50), "in the grace").to.deep.equal({stopped: 7_300n, openAt});
        await on(t0 + 7_200 + GRACE);
        expect(await halts(t0 - 50), "open").to.deep.equal({stopped: 8_100n, openAt: 0n});
        await on(t0 + 20_000);
        expect(await halts(t0 - 50), "later").to.deep.equal({stopped: 8_100n, openAt: 0n});
        expect(await halts(t0 + 8_100), "from its end on").to.deep.equal({stopped: 0n, openAt: 0n});
        expect(await halts(t0 - 50, [OTHER]), "of the other feed").to.deep.equal({stopped: 0n, openAt: 0n});
    });

    it("should count a second brake within the grace as one stop, and one after it as another", async () => {
        const {oracle, t0, halts} = await loadFixture(fixture);
        for (const [seconds, paused] of [
            [0, true],
            [100, false],
            [100 + GRACE, true],
            [2_000, false],
            [5_000, true],
            [5_100, false],
        ] as const) {
            await at(t0 + seconds);
            await (paused ? oracle.pauseFeed(FEED) : oracle.unpauseFeed(FEED));
        }
        await on(t0 + 10_000);
        expect(await halts(t0), "2,900 and 1,000").to.deep.equal({stopped: 3_900n, openAt: 0n});
        expect(await halts(t0 + 5_500), "part of the second").to.deep.equal({stopped: 500n, openAt: 0n});
    });

    it("should not start a stop anew when a brake is pulled twice, nor end one twice", async () => {
        const {oracle, t0, halts} = await loadFixture(fixture);
        await at(t0);
        await oracle.pauseFeed(FEED);
        await at(t0 + 1_000);
        await oracle.pauseFeed(FEED);
        await at(t0 + 2_000);
        await oracle.unpauseFeed(FEED);
        await at(t0 + 2_500);
        await oracle.unpauseFeed(FEED);
        await on(t0 + 4_000);
        expect(await halts(t0), "2,000 and the grace").to.deep.equal({stopped: 2_900n, openAt: 0n});
    });

    it("should add up the stops of several feeds, up to the time that has passed", async () => {
        const {oracle, t0, halts} = await loadFixture(fixture);
        await at(t0);
        await oracle.pauseFeed(FEED);
        await at(t0 + 100);
        await oracle.pauseFeed(OTHER);
        await at(t0 + 200);
        await oracle.unpauseFeed(FEED);
        await on(t0 + 300);
        const both = [FEED, OTHER];
        expect(await halts(t0, both), "no more than 300").to.deep.equal({
            stopped: 300n,
            openAt: BigInt(t0 + 200 + GRACE),
        });
        expect(await halts(t0 - 1_000, both), "300 and 200").to.deep.include({stopped: 500n});
    });

    it("should know nothing of the future", async () => {
        const {oracle, t0, halts} = await loadFixture(fixture);
        await at(t0);
        await oracle.pauseFeed(FEED);
        expect(await halts(t0 + HOUR)).to.deep.equal({stopped: 0n, openAt: 0n});
    });

    context("given a sequencer with an hour of grace", () => {
        const sequenced = async () => {
            const world = await fixture();
            const uptime = await addSequencer(ethers, world, BigInt(HOUR));
            return {...world, uptime};
        };

        it("should count its outages, each with the grace after it", async () => {
            const {uptime, t0, halts} = await loadFixture(sequenced);
            for (const [seconds, down] of [
                [0, true],
                [1_000, false],
                [20_000, true],
                [21_000, false],
                // Down again within the grace.
                [22_000, true],
                [22_500, false],
            ] as const) {
                await at(t0 + seconds);
                await uptime.setDown(down);
            }
            await on(t0 + 100_000);
            // 1,000 + 3,600, then 20,000 to 26,100.
            expect(await halts(t0 - 10, []), "all").to.deep.equal({stopped: 10_700n, openAt: 0n});
            expect(await halts(t0 + 500, []), "from the middle of the first").to.deep.include({stopped: 10_200n});
            expect(await halts(t0 + 4_000, []), "from its grace").to.deep.include({stopped: 6_700n});
            expect(await halts(t0 + 26_100, []), "from the end").to.deep.include({stopped: 0n});
        });

        it("should count an outage that goes on", async () => {
            const {uptime, t0, halts} = await loadFixture(sequenced);
            await at(t0);
            await uptime.setDown(true);
            await on(t0 + 700);
            expect(await halts(t0 - 10, [FEED])).to.deep.equal({stopped: 700n, openAt: 0n});
        });

        it("should take a feed that cannot answer for one that knows of no outage", async () => {
            const {uptime, t0, halts} = await loadFixture(sequenced);
            await at(t0);
            await uptime.setDown(true);
            await uptime.setBroken(true);
            await on(t0 + 700);
            expect(await halts(t0 - 10, [])).to.deep.equal({stopped: 0n, openAt: 0n});
        });

        it("should not be led around by rounds that go forward in time", async () => {
            const {uptime, t0, halts} = await loadFixture(sequenced);
            await uptime.setStatus(1n, t0 + 50_000);
            await at(t0 + 10);
            await uptime.setDown(false);
            await on(t0 + 2_000);
            expect(await halts(t0, [])).to.deep.equal({stopped: 0n, openAt: 0n});
        });
    });
});
