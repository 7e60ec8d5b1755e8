import {expect} from "chai";
import {network} from "hardhat";

import {
    ALL,
    ANY_PRICE,
    DAY,
    deployLiquidation,
    e18,
    fallInsolvent,
    fillBackstop,
    type LiquidationFixture,
    marginOf,
    NO_WITNESS,
    startAuction,
    totalEquityE18,
} from "./fixture.js";

const {ethers, networkHelpers} = await network.create();
/** Alice owes 200 beyond her equity, and a million lies in the backstop. */
const insolvent = async () => startAuction(await fillBackstop(await fallInsolvent(await deployLiquidation(ethers))));

/** Ten seconds after the start the slice costs 206.3: the deficit of 200 and the fixed pay. */
async function takeAt({liquidator, alice, bob}: LiquidationFixture, seconds: number) {
    const {startedAt} = await liquidator.auction(alice.id);
    await networkHelpers.time.setNextBlockTimestamp(Number(startedAt) + seconds);
    return liquidator.connect(bob.signer).take(alice.id, bob.id, ALL, ANY_PRICE, "0x");
}

async function layersOf({liquidator}: LiquidationFixture): Promise<{paid: bigint; down: bigint; due: bigint}> {
    const [event] = (await liquidator.queryFilter(liquidator.filters.SliceTaken())).slice(-1);
    if (event === undefined) throw new Error("no slice was taken");
    return {paid: event.args.backstopPaidE18, down: event.args.socialisedE18, due: -event.args.priceE18};
}

describe("Liquidator: loss waterfall", () => {
    it("should write down what the backstop's budget leaves, and count each layer (LIQ-5, LIQ-8)", async () => {
        const fixture = await networkHelpers.loadFixture(insolvent);
        const {liquidator, backstop, vault, alice} = fixture;
        const before = await totalEquityE18(fixture);
        const earlier = await liquidator.losses();
        expect([...earlier], "start pay of an account without equity").to.deep.equal([e18(3), 0n]);
        // Half of it may be lost at once; what the start took has drained from the larger budget.
        await backstop.setLossBudget(0, e18(100), DAY);
        await takeAt(fixture, 10);
        const {paid, down, due} = await layersOf(fixture);
        expect(due, "due").to.equal(e18("206.3"));
        expect(paid, "backstop").to.equal(e18(50));
        expect(paid + down, "layers add up to the loss").to.be.within(due - 1_000n, due);
        const {budget, roomE18} = await backstop.lossBudget(0);
        expect(roomE18, "room").to.equal(0n);
        expect(budget.filledE18, "bucket").to.equal(e18(50));
        const after = await liquidator.losses();
        expect(after.backstopE18 - earlier.backstopE18, "paid since the beginning").to.equal(paid);
        expect(after.writtenDownE18, "written down since the beginning").to.equal(down);
        expect((await vault.cashTotals()).supplyIndexE27, "index").to.be.lt(10n ** 27n);
        expect(await marginOf(fixture, alice.id), "account").to.deep.equal([0n, 0n]);
        expect(await totalEquityE18(fixture), "LIQ-5: sum").to.be.within(before - 1_000n, before);
    });

    it("should write everything down where no budget is left, with money in the backstop", async () => {
        const fixture = await networkHelpers.loadFixture(insolvent);
        const {backstop, coin} = fixture;
        await backstop.setLossBudget(0, 0n, DAY);
        const held = await coin.balanceOf(backstop);
        await takeAt(fixture, 10);
        const {paid, down, due} = await layersOf(fixture);
        expect(paid, "backstop").to.equal(0n);
        expect(down, "written down").to.be.within(due - 1_000n, due);
        expect(await coin.balanceOf(backstop), "coins").to.equal(held);
    });

    it("should pay for a start within the budget of losses that belong to no underlying, or less", async () => {
        const fixture = await fillBackstop(await fallInsolvent(await deployLiquidation(ethers)));
        const {liquidator, backstop, vault, alice, bob} = fixture;
        await backstop.setLossBudget(0, e18(2), DAY);
        const before = await vault.cashOf(bob.id);
        await expect(liquidator.connect(bob.signer).start(alice.id, NO_WITNESS, bob.id))
            .to.emit(liquidator, "AuctionStarted")
            .withArgs(alice.id, bob.id, -e18(200), e18("605.25"), e18(1));
        expect((await vault.cashOf(bob.id)) - before, "half of the limit at once").to.equal(e18(1));
        expect((await liquidator.losses()).writtenDownE18, "pay is never written down").to.equal(0n);
    });
});
