import {expect} from "chai";
import {network} from "hardhat";

import {
    ALL,
    ANY_PRICE,
    deployLiquidation,
    e18,
    fallInsolvent,
    fallShort,
    NO_WITNESS,
    startAuction,
    usdc,
    WETH,
    WETH_FEED,
} from "./fixture.js";

const {ethers, networkHelpers} = await network.create();
const {time, loadFixture} = networkHelpers;
/** Instruments of the stand-in belong to underlying 0, and the settlement coin has feed 0 too. */
const FEED = 0;
const short = async () => fallShort(await deployLiquidation(ethers));
const running = async () => startAuction(await short());

describe("Liquidator: clockOf", () => {
    it("should leave out the seconds in which prices were stopped", async () => {
        const {liquidator, prices, alice} = await loadFixture(running);
        const startedAt = Number((await liquidator.auction(alice.id)).startedAt);
        await time.increaseTo(startedAt + 900);
        expect([...(await liquidator.clockOf(alice.id))], "never stopped").to.deep.equal([BigInt(startedAt + 900), 0n]);
        await prices.setHalt(FEED, 300, 77);
        await time.increaseTo(startedAt + 1_000);
        expect([...(await liquidator.clockOf(alice.id))], "stopped").to.deep.equal([BigInt(startedAt + 700), 77n]);
    });

    it("should ask about the feed of collateral worth a twentieth of the maintenance, and of none that is worth less", async () => {
        const {liquidator, prices, vault, weth, engine, alice, bob} = await loadFixture(running);
        await prices.setHalt(WETH_FEED, 50, 0);
        await engine.setCollateral(WETH, 0n, 0n);
        const stopped = async () => BigInt(await time.latest()) - (await liquidator.clockOf(alice.id)).nowOnClock;
        expect(await stopped(), "no collateral").to.equal(0n);
        // A twentieth of 605.25; anybody may bring it.
        await vault.connect(bob.signer).deposit(alice.id, weth, e18("30.2625") - 1n);
        expect(await stopped(), "dust").to.equal(0n);
        await vault.connect(bob.signer).deposit(alice.id, weth, 1n);
        expect(await stopped(), "what matters").to.equal(50n);
    });

    it("should ask about the coin's feed on the same terms", async () => {
        const {liquidator, books, vault, weth, prices, engine, alice} = await loadFixture(running);
        // Without positions feed 0 is the coin's alone; the requirement of 600 comes from the collateral.
        await books.setSize(alice.id, 1, 0n);
        await books.setQuote(alice.id, 0n);
        await engine.setCollateral(WETH, 0n, e18(600));
        await vault.connect(alice.signer).deposit(alice.id, weth, e18(1));
        await prices.setHalt(FEED, 50, 0);
        const stopped = async () => BigInt(await time.latest()) - (await liquidator.clockOf(alice.id)).nowOnClock;
        await books.settleCash(alice.id, e18(30) - e18(997));
        expect(await stopped(), "a twentieth in cash").to.equal(50n);
        await books.settleCash(alice.id, -1n);
        expect(await stopped(), "less").to.equal(0n);
        await books.settleCash(alice.id, -e18(100));
        expect(await stopped(), "a debt").to.equal(0n);
    });

    it("should refuse without an auction", async () => {
        const {liquidator, bob} = await loadFixture(running);
        await expect(liquidator.clockOf(bob.id))
            .to.be.revertedWithCustomError(liquidator, "Liquidator_NoAuction")
            .withArgs(bob.id);
    });
});

describe("Liquidator: while prices were stopped", () => {
    it("should sell at the discount of the clock (R7)", async () => {
        const fixture = await loadFixture(running);
        const {liquidator, prices, alice} = fixture;
        const startedAt = Number((await liquidator.auction(alice.id)).startedAt);
        await time.increaseTo(startedAt + 600);
        const before = await liquidator.previewTake(alice.id, ALL);
        await time.setNextBlockTimestamp(startedAt + 600 + 7_201);
        await prices.setHalt(FEED, 7_200, 0);
        const after = await liquidator.previewTake(alice.id, ALL);
        // One second of 3,000 on the way from 10 % to all of 547.
        const second = (e18(547) * 9n) / 10n / 3_000n;
        expect(after.discountE18, "no more than a second later").to.be.within(
            before.discountE18,
            before.discountE18 + second,
        );
        await prices.setHalt(FEED, 0, 0);
        expect(
            (await liquidator.previewTake(alice.id, ALL)).discountE18,
            "without the stop all, and the most the backstop adds",
        ).to.equal(e18("668.05"));
    });

    it("should neither start nor sell in the grace after, and do both from its end on", async () => {
        const fixture = await loadFixture(short);
        const {liquidator, prices, vault, coin, alice, bob} = fixture;
        const openAt = (await time.latest()) + 1_000;
        await prices.setHalt(FEED, 0, openAt);
        const asBob = liquidator.connect(bob.signer);
        const start = () => asBob.start(alice.id, NO_WITNESS, bob.id);
        const take = () => asBob.take(alice.id, bob.id, ALL, ANY_PRICE, "0x");
        await time.setNextBlockTimestamp(openAt - 1);
        await expect(start())
            .to.be.revertedWithCustomError(liquidator, "Liquidator_InGrace")
            .withArgs(alice.id, openAt);
        await time.setNextBlockTimestamp(openAt);
        await start();
        await prices.setHalt(FEED, 0, openAt + 500);
        await time.setNextBlockTimestamp(openAt + 499);
        await expect(take())
            .to.be.revertedWithCustomError(liquidator, "Liquidator_InGrace")
            .withArgs(alice.id, openAt + 500);
        await vault.connect(alice.signer).deposit(alice.id, coin, usdc(1));
        await time.setNextBlockTimestamp(openAt + 510);
        await expect(take()).to.emit(liquidator, "SliceTaken");
    });

    it("should record insolvency in the grace too, by the clock", async () => {
        const fixture = await loadFixture(running);
        const {liquidator, prices, alice} = fixture;
        await fallInsolvent(fixture);
        const now = await time.latest();
        await prices.setHalt(FEED, 5, now + 1_000);
        await time.setNextBlockTimestamp(now + 100);
        await expect(liquidator.recordInsolvency(alice.id)).to.emit(liquidator, "InsolvencyRecorded");
        expect((await liquidator.auction(alice.id)).insolventAt, "on the clock").to.equal(BigInt(now + 95));
    });
});
