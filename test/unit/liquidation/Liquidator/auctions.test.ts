import {expect} from "chai";
import {network} from "hardhat";

import {ALL, ANY_PRICE, deployLiquidation, e18, fallInsolvent, fallShort, startAuction, usdc} from "./fixture.js";

const {ethers, networkHelpers} = await network.create();
const healthy = () => deployLiquidation(ethers);
const running = async () => startAuction(await fallShort(await healthy()));
const insolvent = async () => startAuction(await fallInsolvent(await healthy()));

describe("Liquidator: callMargin", () => {
    const at = async (priceE18: bigint) => {
        const fixture = await networkHelpers.loadFixture(healthy);
        await fixture.engine.setPrice(1, priceE18, e18(60));
        return fixture;
    };

    it("should name the shortfall of an account between maintenance and initial, and the scenarios behind it", async () => {
        const {liquidator, carol, alice} = await at(e18(1_970));
        // The engine's report of this book: one underlying, bound by scenario 100, in no group.
        await expect(liquidator.connect(carol.signer).callMargin(alice.id))
            .to.emit(liquidator, "MarginCall")
            .withArgs(alice.id, e18(700), e18("756.5625"), e18("605.25"), e18("56.5625"), [[100n], []]);
    });

    for (const [name, price] of [
        ["healthy", "1975.65625"],
        ["short", "1960.52499"],
    ] as const) {
        it(`should refuse for an account that is ${name}`, async () => {
            const {liquidator, alice} = await at(e18(price));
            const equity = (e18(price) - e18(1_900)) * 10n;
            await expect(liquidator.callMargin(alice.id))
                .to.be.revertedWithCustomError(liquidator, "Liquidator_NoMarginCall")
                .withArgs(alice.id, equity, e18("756.5625"), e18("605.25"));
        });
    }

    it("should call from the maintenance itself up to just below the initial", async () => {
        for (const price of [e18("1960.525"), e18("1975.65625") - 1n]) {
            const {liquidator, alice} = await at(price);
            await expect(liquidator.callMargin(alice.id)).to.emit(liquidator, "MarginCall");
        }
    });
});

describe("Liquidator: cancel", () => {
    it("should refuse below the target, a unit short of it too", async () => {
        const {liquidator, books, alice} = await networkHelpers.loadFixture(running);
        await books.settleCash(alice.id, e18("118.775") - 1n);
        await expect(liquidator.cancel(alice.id))
            .to.be.revertedWithCustomError(liquidator, "Liquidator_StillShort")
            .withArgs(alice.id, e18("665.775") - 1n, e18("665.775"));
    });

    it("should end the auction at the target, for anyone", async () => {
        const {liquidator, books, vault, alice, carol} = await networkHelpers.loadFixture(running);
        await books.settleCash(alice.id, e18("118.775"));
        await expect(liquidator.connect(carol.signer).cancel(alice.id))
            .to.emit(liquidator, "AuctionEnded")
            .withArgs(alice.id, e18("665.775"), e18("605.25"));
        expect([...(await liquidator.auction(alice.id))], "auction").to.deep.equal([0n, 0n]);
        expect(await vault.isLocked(), "lock").to.equal(false);
    });

    it("should count what has expired first", async () => {
        const {liquidator, books, alice} = await networkHelpers.loadFixture(running);
        await books.setPendingCash(alice.id, e18("118.775"));
        await expect(liquidator.cancel(alice.id)).to.emit(liquidator, "AuctionEnded");
    });

    it("should end the auction of an account without requirement, if nothing is owed", async () => {
        const {liquidator, books, alice} = await networkHelpers.loadFixture(running);
        await books.setSize(alice.id, 1, 0n);
        await books.setQuote(alice.id, 0n);
        await expect(liquidator.cancel(alice.id)).to.emit(liquidator, "AuctionEnded").withArgs(alice.id, e18(997), 0n);
    });

    it("should take the insolvency off the count", async () => {
        const {liquidator, books, alice} = await networkHelpers.loadFixture(insolvent);
        expect(await liquidator.insolventAuctions(), "before").to.equal(1n);
        await books.settleCash(alice.id, e18(2_000));
        await liquidator.cancel(alice.id);
        expect(await liquidator.insolventAuctions(), "after").to.equal(0n);
    });

    it("should refuse without an auction", async () => {
        const {liquidator, bob} = await networkHelpers.loadFixture(running);
        await expect(liquidator.cancel(bob.id))
            .to.be.revertedWithCustomError(liquidator, "Liquidator_NoAuction")
            .withArgs(bob.id);
    });
});

describe("Liquidator: restart", () => {
    /** The auction has run for ten minutes when a gain brings Alice to her maintenance, or to a unit below. */
    const recovered = async (missing = 0n) => {
        const fixture = await networkHelpers.loadFixture(running);
        await networkHelpers.time.increase(600);
        await fixture.books.settleCash(fixture.alice.id, e18("58.25") - missing);
        return fixture;
    };

    it("should set the clock to zero for an account that is not short any more, for anyone", async () => {
        const {liquidator, vault, engine, carol, alice} = await recovered();
        const restartedAt = (await networkHelpers.time.latest()) + 10;
        await networkHelpers.time.setNextBlockTimestamp(restartedAt);
        await expect(liquidator.connect(carol.signer).restart(alice.id))
            .to.emit(liquidator, "AuctionRestarted")
            .withArgs(alice.id, e18("605.25"), e18("605.25"));
        expect([...(await liquidator.auction(alice.id))], "auction").to.deep.equal([BigInt(restartedAt), 0n]);
        expect(await vault.isLocked(), "lock").to.equal(false);
        // The next fall meets the discount of a new auction: 2 % of 555.25 and not the 10 % of ten minutes.
        await engine.setPrice(1, e18(1_950), e18(60));
        await networkHelpers.time.setNextBlockTimestamp(restartedAt + 450);
        await networkHelpers.mine();
        const {equityE18, priceE18, discountE18, fractionE18} = await liquidator.previewTake(alice.id, ALL);
        expect(equityE18, "equity").to.equal(e18("555.25"));
        const whole = (e18("555.25") * 8n) / 100n;
        expect(discountE18, "8 % of the fraction after 450 seconds").to.equal((whole * fractionE18) / ALL);
        expect(priceE18, "price").to.be.gt(0n);
    });

    it("should refuse a unit below the maintenance", async () => {
        const {liquidator, alice} = await recovered(1n);
        await expect(liquidator.restart(alice.id))
            .to.be.revertedWithCustomError(liquidator, "Liquidator_StillBelowMaintenance")
            .withArgs(alice.id, e18("605.25") - 1n, e18("605.25"));
    });

    it("should count what has expired first, and forget an insolvency", async () => {
        const {liquidator, books, alice} = await networkHelpers.loadFixture(insolvent);
        expect(await liquidator.insolventAuctions(), "before").to.equal(1n);
        await books.setPendingCash(alice.id, e18(2_000));
        await expect(liquidator.restart(alice.id)).to.emit(liquidator, "AuctionRestarted");
        expect(await liquidator.insolventAuctions(), "after").to.equal(0n);
    });

    it("should refuse without an auction", async () => {
        const {liquidator, bob} = await networkHelpers.loadFixture(running);
        await expect(liquidator.restart(bob.id))
            .to.be.revertedWithCustomError(liquidator, "Liquidator_NoAuction")
            .withArgs(bob.id);
    });
});

describe("Liquidator: recordInsolvency", () => {
    it("should start the clock of an auction whose account fell below zero", async () => {
        const fixture = await networkHelpers.loadFixture(running);
        const {liquidator, carol, alice} = fixture;
        await fallInsolvent(fixture);
        await expect(liquidator.connect(carol.signer).recordInsolvency(alice.id)).to.emit(
            liquidator,
            "InsolvencyRecorded",
        );
        const recordedAt = await networkHelpers.time.latest();
        expect((await liquidator.auction(alice.id)).insolventAt, "recorded").to.equal(BigInt(recordedAt));
        expect(await liquidator.insolventAuctions(), "count").to.equal(1n);
        await networkHelpers.time.increaseTo(recordedAt + 500);
        expect((await liquidator.previewTake(alice.id, ALL)).priceE18, "half of the cap").to.equal(-e18("263.525"));
    });

    it("should refuse with equity, and twice", async () => {
        const fixture = await networkHelpers.loadFixture(running);
        const {liquidator, alice} = fixture;
        await expect(liquidator.recordInsolvency(alice.id))
            .to.be.revertedWithCustomError(liquidator, "Liquidator_NotInsolvent")
            .withArgs(alice.id, e18(547), 0n);
        await fallInsolvent(fixture);
        await liquidator.recordInsolvency(alice.id);
        const {insolventAt} = await liquidator.auction(alice.id);
        await expect(liquidator.recordInsolvency(alice.id))
            .to.be.revertedWithCustomError(liquidator, "Liquidator_NotInsolvent")
            .withArgs(alice.id, -e18(203), insolventAt);
    });

    it("should refuse without an auction", async () => {
        const {liquidator, bob} = await networkHelpers.loadFixture(running);
        await expect(liquidator.recordInsolvency(bob.id)).to.be.revertedWithCustomError(
            liquidator,
            "Liquidator_NoAuction",
        );
    });
});

describe("Liquidator: previewTake", () => {
    it("should tell what take does, within a second of the clock", async () => {
        const {liquidator, alice, bob} = await networkHelpers.loadFixture(running);
        const next = (await networkHelpers.time.latest()) + 100;
        await networkHelpers.time.increaseTo(next - 1);
        const call = liquidator.connect(bob.signer).take;
        for (const fraction of [ALL, e18("0.07")]) {
            const terms = await liquidator.previewTake(alice.id, fraction);
            const taken = await call.staticCall(alice.id, bob.id, fraction, ANY_PRICE, "0x", {blockTag: "latest"});
            expect(taken.fractionE18, "fraction").to.equal(terms.fractionE18);
            expect(taken.priceE18, "price").to.be.within(terms.priceE18 - e18("0.02"), terms.priceE18 + e18("0.02"));
        }
    });

    it("should show nothing to take of an account at its target", async () => {
        const {liquidator, vault, coin, alice} = await networkHelpers.loadFixture(running);
        await vault.connect(alice.signer).deposit(alice.id, coin, usdc(200));
        const terms = await liquidator.previewTake(alice.id, ALL);
        expect([...terms]).to.deep.equal([0n, e18(747), e18("605.25"), 0n, 0n]);
    });

    it("should refuse without an auction, and a fraction out of range", async () => {
        const {liquidator, alice, bob} = await networkHelpers.loadFixture(running);
        await expect(liquidator.previewTake(bob.id, ALL))
            .to.be.revertedWithCustomError(liquidator, "Liquidator_NoAuction")
            .withArgs(bob.id);
        await expect(liquidator.previewTake(alice.id, 0n))
            .to.be.revertedWithCustomError(liquidator, "Liquidator_InvalidFraction")
            .withArgs(0n);
    });
});
