import {expect} from "chai";
import {network} from "hardhat";

import {deployOracle} from "./fixture.js";

const {ethers, networkHelpers} = await network.create();
const {time, loadFixture} = networkHelpers;

const WINDOW = 1_800;
const LONGEST = 3_600;

const fixture = () => deployOracle(ethers);

/** Half an hour is set and counts from `start` on. */
async function withWindow() {
    const world = await fixture();
    await world.oracle.setSettlementWindow(WINDOW);
    await time.increase(2 * LONGEST);
    return {...world, start: await time.latest()};
}

describe("PriceOracle.setSettlementWindow", () => {
    it("DCR-5: should begin without one, and count for expiries later than a window from now", async () => {
        const {oracle} = await loadFixture(fixture);
        const far = 2n ** 40n - 1n;
        expect(await oracle.settlementWindow(far)).to.equal(0);
        const now = (await time.latest()) + 10;
        await time.setNextBlockTimestamp(now);
        await expect(oracle.setSettlementWindow(WINDOW))
            .to.emit(oracle, "SettlementWindowSet")
            .withArgs(0, WINDOW, now + WINDOW);
        expect(await oracle.settlementWindow(far)).to.equal(WINDOW);
        expect(await oracle.settlementWindow(now + WINDOW), "its window would have begun now").to.equal(0);
        expect(await oracle.settlementWindow(now + WINDOW + 1)).to.equal(WINDOW);
    });

    it("DCR-5: should change no expiry whose window has begun, under the old window or the new", async () => {
        const {oracle, start} = await loadFixture(withWindow);
        for (const [seconds, longer] of [
            [LONGEST, LONGEST],
            [60, LONGEST],
            [0, 60],
        ] as const) {
            const before = await oracle.settlementWindow(2n ** 40n - 1n);
            await time.increase(2 * LONGEST);
            const now = (await time.latest()) + 10;
            await time.setNextBlockTimestamp(now);
            await oracle.setSettlementWindow(seconds);
            expect(await oracle.settlementWindow(now + longer), `${before} to ${seconds}`).to.equal(before);
            expect(await oracle.settlementWindow(now + longer + 1)).to.equal(seconds);
        }
        expect(await oracle.settlementWindow(start), "long past and perhaps not settled yet").to.equal(WINDOW);
    });

    it("DCR-5: should let no second change overtake the first", async () => {
        const {oracle} = await loadFixture(withWindow);
        const now = (await time.latest()) + 10;
        await time.setNextBlockTimestamp(now);
        await oracle.setSettlementWindow(0);
        await time.setNextBlockTimestamp(now + 60);
        await expect(oracle.setSettlementWindow(300))
            .to.emit(oracle, "SettlementWindowSet")
            .withArgs(0, 300, now + WINDOW);
        expect(await oracle.settlementWindow(now + WINDOW), "its window of half an hour has begun").to.equal(WINDOW);
        expect(await oracle.settlementWindow(now + WINDOW + 1)).to.equal(300);
    });

    it("DCR-5: should refuse more than an hour, and strangers", async () => {
        const {oracle} = await loadFixture(fixture);
        await expect(oracle.setSettlementWindow(LONGEST + 1))
            .to.be.revertedWithCustomError(oracle, "PriceOracle_InvalidSettlementWindow")
            .withArgs(LONGEST + 1, LONGEST);
        await oracle.setSettlementWindow(LONGEST);
        const [, stranger] = await ethers.getSigners();
        await expect(oracle.connect(stranger).setSettlementWindow(0))
            .to.be.revertedWithCustomError(oracle, "AccessManagedUnauthorized")
            .withArgs(stranger!.address);
    });
});
