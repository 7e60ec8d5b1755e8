import {expect} from "chai";
import {network} from "hardhat";

import {
    ALL,
    ANY_PRICE,
    CURVE,
    deployLiquidation,
    e18,
    fallInsolvent,
    fallShort,
    fillBackstop,
    type LiquidationFixture,
    marginOf,
    ONE,
    PAY,
    startAuction,
    totalEquityE18,
    usdc,
} from "./fixture.js";

const {ethers, networkHelpers} = await network.create();
const running = async () => startAuction(await fallShort(await deployLiquidation(ethers)));
const insolvent = async () => startAuction(await fallInsolvent(await deployLiquidation(ethers)));

const ceilDiv = (a: bigint, b: bigint): bigint => (a + b - 1n) / b;

/** Next block comes so many seconds after the start of Alice's auction. */
async function at({liquidator, alice}: LiquidationFixture, seconds: number): Promise<void> {
    const {startedAt} = await liquidator.auction(alice.id);
    await networkHelpers.time.setNextBlockTimestamp(Number(startedAt) + seconds);
}

const takeAll = ({liquidator, alice, bob}: LiquidationFixture, fraction = ALL, limit = ANY_PRICE) =>
    liquidator.connect(bob.signer).take(alice.id, bob.id, fraction, limit, "0x");

describe("Liquidator: take", () => {
    context("given an account with equity", () => {
        it("should stop at the target health by the discount, and end", async () => {
            const fixture = await networkHelpers.loadFixture(running);
            const {liquidator, books, vault, alice, bob} = fixture;
            const before = await totalEquityE18(fixture);
            // E = 547, MM = 605.25 of which 5.25 stay, d = 10 %: x = (1.1 * 605.25 - 547) / (1.1 * 600 - 54.7)
            const x = ceilDiv(e18("118.775") * ONE, e18("605.3"));
            const cost = (e18("54.7") * x) / ONE;
            const price = ceilDiv(e18(547) * x, ONE) - cost;
            await at(fixture, 600);
            await expect(takeAll(fixture))
                .to.emit(liquidator, "SliceTaken")
                .withArgs(alice.id, bob.id, x, e18(547), e18("605.25"), price, 0n, 0n)
                .and.to.emit(liquidator, "AuctionEnded");
            expect(x, "fraction").to.equal(196225012390550141n);
            expect(await books.sizeOf(bob.id, 1), "keeper's position").to.equal((e18(10) * x) / ONE);
            const [equity, maintenance] = await marginOf(fixture, alice.id);
            expect(equity * 10n, "LIQ-4: at the target").to.be.within(maintenance * 11n, maintenance * 11n + 20_000n);
            expect((await liquidator.auction(alice.id)).startedAt, "ended").to.equal(0n);
            expect(await totalEquityE18(fixture), "LIQ-5: sum").to.be.within(before - 10n, before + 10n);
            expect(await vault.isLocked(), "lock").to.equal(false);
            expect(await vault.lastCheckedBlock(bob.id), "keeper was checked").to.equal(
                await ethers.provider.getBlockNumber(),
            );
        });

        it("should stop at the target health by the fixed pay while the discount is smaller", async () => {
            const fixture = await networkHelpers.loadFixture(running);
            const {liquidator, alice, bob} = fixture;
            const x = ceilDiv((e18("118.775") + e18("6.3")) * ONE, e18(660));
            const price = ceilDiv(e18(547) * x, ONE) - e18("6.3");
            await at(fixture, 10);
            await expect(takeAll(fixture))
                .to.emit(liquidator, "SliceTaken")
                .withArgs(alice.id, bob.id, x, e18(547), e18("605.25"), price, 0n, 0n)
                .and.to.emit(liquidator, "AuctionEnded");
            const [equity, maintenance] = await marginOf(fixture, alice.id);
            expect(equity, "equity less the pay").to.be.within(e18("540.7") - 20n, e18("540.7") + 20n);
            expect(equity * 10n, "LIQ-4: at the target").to.be.within(maintenance * 11n, maintenance * 11n + 20_000n);
        });

        it("should give a smaller slice the discount alone and keep the clock", async () => {
            const fixture = await networkHelpers.loadFixture(running);
            const {liquidator, alice, bob} = fixture;
            const {startedAt} = await liquidator.auction(alice.id);
            const [equityBefore, maintenanceBefore] = await marginOf(fixture, alice.id);
            await at(fixture, 600);
            await expect(takeAll(fixture, e18("0.05")))
                .to.emit(liquidator, "SliceTaken")
                .withArgs(alice.id, bob.id, e18("0.05"), e18(547), e18("605.25"), e18("24.615"), 0n, 0n)
                .and.not.to.emit(liquidator, "AuctionEnded");
            const [equity, maintenance] = await marginOf(fixture, alice.id);
            expect(equity, "equity").to.equal(e18("544.265"));
            expect(maintenance, "maintenance").to.equal(e18("575.25"));
            expect(equity * maintenanceBefore, "LIQ-3").to.be.gt(equityBefore * maintenance);
            expect((await liquidator.auction(alice.id)).startedAt, "clock").to.equal(startedAt);
            await takeAll(fixture);
            expect((await liquidator.auction(alice.id)).startedAt, "ended").to.equal(0n);
        });

        it("should never pay the fixed pay twice, however small the slices", async () => {
            const fixture = await networkHelpers.loadFixture(running);
            const {liquidator, alice} = fixture;
            for (let i = 0; i < 5; ++i) await takeAll(fixture, e18("0.0001"));
            const [equity] = await marginOf(fixture, alice.id);
            const {discountFastE18} = CURVE;
            expect(equity, "cost").to.be.gte(e18(547) - (e18(547) * 5n * discountFastE18) / 10_000n / ONE);
            await takeAll(fixture);
            expect((await liquidator.auction(alice.id)).startedAt, "ended").to.equal(0n);
        });

        it("should move hedges, quote figure, cash and collateral by the same fraction", async () => {
            const fixture = await networkHelpers.loadFixture(running);
            const {books, engine, vault, weth, alice, bob} = fixture;
            await vault.connect(alice.signer).deposit(alice.id, weth, e18(3));
            await books.setSize(alice.id, 2, -e18(4));
            await engine.setPrice(2, 0n, e18(1));
            await at(fixture, 600);
            const cashBefore = await vault.cashOf(bob.id);
            const aliceCash = await vault.cashOf(alice.id);
            await takeAll(fixture, e18("0.1"));
            expect(await books.sizeOf(bob.id, 1), "long").to.equal(e18(1));
            expect(await books.sizeOf(bob.id, 2), "short").to.equal(-e18("0.4"));
            expect(await books.quoteOf(bob.id), "quote figure").to.equal(-e18(2_000));
            expect(await vault.unitsOf(bob.id, 0), "collateral").to.equal(e18("0.3"));
            const price = e18("54.7") - e18("5.47");
            expect(await vault.cashOf(bob.id), "cash").to.equal(cashBefore + aliceCash / 10n - price);
        });

        it("should refuse a price above the keeper's limit", async () => {
            const fixture = await networkHelpers.loadFixture(running);
            const {liquidator} = fixture;
            await at(fixture, 600);
            await expect(takeAll(fixture, e18("0.05"), e18("24.615") - 1n))
                .to.be.revertedWithCustomError(liquidator, "Liquidator_PriceAboveLimit")
                .withArgs(e18("24.615"), e18("24.615") - 1n);
        });

        for (const fraction of [0n, ONE + 1n]) {
            it(`should refuse the fraction ${fraction.toString()}`, async () => {
                const fixture = await networkHelpers.loadFixture(running);
                await expect(takeAll(fixture, fraction))
                    .to.be.revertedWithCustomError(fixture.liquidator, "Liquidator_InvalidFraction")
                    .withArgs(fraction);
            });
        }

        it("should refuse a part when only the whole would help", async () => {
            const fixture = await networkHelpers.loadFixture(running);
            const {liquidator, alice} = fixture;
            await at(fixture, 3_600);
            // The whole equity is on offer: what is left keeps its health, less what the reserve weighs on a smaller book.
            await expect(takeAll(fixture, e18("0.5")))
                .to.be.revertedWithCustomError(liquidator, "Liquidator_NoImprovement")
                .withArgs(alice.id, e18(547), e18("605.25"), e18("273.5"), e18("305.25"));
            await takeAll(fixture);
            expect(await marginOf(fixture, alice.id), "nothing left").to.deep.equal([0n, 0n]);
        });

        it("should take a rest that would be dust with the slice", async () => {
            const fixture = await networkHelpers.loadFixture(running);
            const {liquidator, engine, books, alice, bob} = fixture;
            await books.setSize(alice.id, 1, e18("0.2"));
            await books.setQuote(alice.id, -e18(997 + 400));
            await engine.setPrice(1, e18("2050"), e18(60));
            // MM = 12 + 5.25, E = 997 - 1397 + 410 = 10: what the fixed pay leaves would not carry a rest of 10.
            const preview = await liquidator.previewTake(alice.id, e18("0.1"));
            expect(preview.fractionE18, "a part is possible").to.equal(e18("0.1"));
            await expect(takeAll(fixture))
                .to.emit(liquidator, "SliceTaken")
                .withArgs(alice.id, bob.id, ONE, e18(10), e18("17.25"), e18("3.7"), 0n, 0n)
                .and.to.emit(liquidator, "AuctionEnded")
                .withArgs(alice.id, e18("3.7"), 0n);
        });

        it("should let nobody leave dust behind", async () => {
            const fixture = await networkHelpers.loadFixture(insolvent);
            const {liquidator, alice} = fixture;
            await expect(takeAll(fixture, e18("0.9999")))
                .to.be.revertedWithCustomError(liquidator, "Liquidator_DustLeft")
                .withArgs(alice.id, e18("5.31"), CURVE.dustE18);
        });

        it("should end, and move nothing, when the account is back at its target", async () => {
            const fixture = await networkHelpers.loadFixture(running);
            const {liquidator, vault, coin, alice, bob} = fixture;
            await vault.connect(alice.signer).deposit(alice.id, coin, usdc(200));
            const before = await vault.cashOf(bob.id);
            await expect(takeAll(fixture))
                .to.emit(liquidator, "AuctionEnded")
                .withArgs(alice.id, e18(747), e18("605.25"))
                .and.not.to.emit(liquidator, "SliceTaken");
            expect(await vault.cashOf(bob.id), "keeper").to.equal(before);
        });

        it("should need a smaller slice after a top-up", async () => {
            const fixture = await networkHelpers.loadFixture(running);
            const {liquidator, vault, coin, alice} = fixture;
            const before = await liquidator.previewTake(alice.id, ALL);
            await vault.connect(alice.signer).deposit(alice.id, coin, usdc(50));
            const after = await liquidator.previewTake(alice.id, ALL);
            expect(after.fractionE18).to.be.lt(before.fractionE18);
        });

        it("should let the account pay a fixed pay above the slice's value", async () => {
            const fixture = await networkHelpers.loadFixture(running);
            const {liquidator, vault, coin, alice, bob} = fixture;
            await at(fixture, 1);
            await liquidator.setKeeperPay({...PAY, minE18: e18(90), maxE18: e18(90)});
            await at(fixture, 2);
            await vault.connect(alice.signer).deposit(alice.id, coin, usdc(115));
            await at(fixture, 10);
            const x = ceilDiv((e18("3.775") + e18(90)) * ONE, e18(660));
            const price = ceilDiv(e18(662) * x, ONE) - e18(90);
            await expect(takeAll(fixture, ALL))
                .to.emit(liquidator, "SliceTaken")
                .withArgs(alice.id, bob.id, x, e18(662), e18("605.25"), price, 0n, 0n);
            const [equity] = await marginOf(fixture, alice.id);
            expect(equity, "equity less the pay").to.be.within(e18(572) - 20n, e18(572) + 20n);
        });

        it("should finish even when the coin is below par", async () => {
            const fixture = await networkHelpers.loadFixture(running);
            const {liquidator, engine, alice} = fixture;
            await engine.setCoin(e18("0.97"));
            await at(fixture, 600);
            await takeAll(fixture);
            const [equity, maintenance] = await marginOf(fixture, alice.id);
            expect(equity, "healthy").to.be.gte(maintenance);
            expect(equity * 10n, "below the target by the discount of the coin").to.be.lt(maintenance * 11n);
            expect((await liquidator.auction(alice.id)).startedAt, "ended").to.equal(0n);
        });

        it("should overshoot by no more than concentration frees", async () => {
            const fixture = await networkHelpers.loadFixture(running);
            const {engine, alice} = fixture;
            await engine.setConvex(e18("0.004"));
            const [equityBefore, maintenanceBefore] = await marginOf(fixture, alice.id);
            await at(fixture, 600);
            await takeAll(fixture);
            const [equity, maintenance] = await marginOf(fixture, alice.id);
            expect(equity * maintenanceBefore, "LIQ-3").to.be.gt(equityBefore * maintenance);
            const share = (e18("0.004") * 24_494n) / 1_000n / ONE; // percent of the linear part: 0.004 * sqrt(600)
            expect(equity * 100n, "bounded").to.be.lte((maintenance * 110n * (100n + share + 10n)) / 100n);
        });
    });

    context("given an account without equity", () => {
        it("should be paid by the backstop for the loss and the pay", async () => {
            const fixture = await fillBackstop(await networkHelpers.loadFixture(insolvent));
            const {liquidator, coin, vault, backstop, alice, bob} = fixture;
            const before = await totalEquityE18(fixture);
            const {suppliedE18, supplyIndexE27} = await vault.cashTotals();
            await at(fixture, 10);
            // k has run for 10 of 1,000 s: 0.2 % of the maintenance is less than the fixed pay.
            await expect(takeAll(fixture))
                .to.emit(liquidator, "SliceTaken")
                .withArgs(alice.id, bob.id, ONE, -e18(200), e18("605.25"), -e18("206.3"), e18("206.3"), 0n)
                .and.to.emit(liquidator, "AuctionEnded")
                .withArgs(alice.id, 0n, 0n);
            expect(await coin.balanceOf(backstop), "backstop").to.equal(usdc(1_000_000) - usdc("206.3"));
            expect((await vault.cashTotals()).supplyIndexE27, "LIQ-7: nothing written down").to.equal(supplyIndexE27);
            expect(suppliedE18).to.be.gt(0n);
            expect(await totalEquityE18(fixture), "LIQ-5: sum").to.equal(before);
            expect(await liquidator.insolventAuctions(), "count").to.equal(0n);
        });

        it("should raise what the backstop adds with time, up to the cap", async () => {
            const fixture = await fillBackstop(await networkHelpers.loadFixture(insolvent));
            const {liquidator, alice} = fixture;
            await at(fixture, 500);
            await networkHelpers.mine();
            expect((await liquidator.previewTake(alice.id, ALL)).priceE18, "half").to.equal(-e18("260.525"));
            await networkHelpers.time.increase(10_000);
            expect((await liquidator.previewTake(alice.id, ALL)).priceE18, "cap").to.equal(-e18("321.05"));
        });

        it("should sell any fraction, and shrink the deficit", async () => {
            const fixture = await fillBackstop(await networkHelpers.loadFixture(insolvent));
            const {liquidator, alice, bob} = fixture;
            await at(fixture, 500);
            await expect(takeAll(fixture, e18("0.25")))
                .to.emit(liquidator, "SliceTaken")
                .withArgs(
                    alice.id,
                    bob.id,
                    e18("0.25"),
                    -e18(200),
                    e18("605.25"),
                    -e18("65.13125"),
                    e18("65.131250"),
                    0n,
                );
            expect(await marginOf(fixture, alice.id), "rest").to.deep.equal([-e18(150), e18("455.25")]);
            expect(await liquidator.insolventAuctions(), "count").to.equal(1n);
        });

        it("should write down what an empty backstop cannot pay", async () => {
            const fixture = await networkHelpers.loadFixture(insolvent);
            const {liquidator, vault, alice, bob, carol} = fixture;
            const before = await totalEquityE18(fixture);
            const filter = liquidator.filters.SliceTaken();
            await at(fixture, 10);
            await takeAll(fixture);
            const [event] = await liquidator.queryFilter(filter);
            expect(event?.args.priceE18, "price").to.equal(-e18("206.3"));
            expect(event?.args.backstopPaidE18, "backstop").to.equal(0n);
            expect(event?.args.socialisedE18, "written down").to.be.within(e18("206.3") - 1_000n, e18("206.3"));
            expect(await vault.cashOf(carol.id), "a lender bears his share").to.be.lt(e18(100_000));
            expect((await marginOf(fixture, alice.id))[0], "account").to.equal(0n);
            // He holds half of all cash, so he bears half of it himself.
            expect((await marginOf(fixture, bob.id))[0], "keeper").to.be.closeTo(e18("99902.64"), e18("0.01"));
            expect(await totalEquityE18(fixture), "LIQ-5: sum").to.be.within(before - 1_000n, before);
        });

        it("should use the backstop's cash in the vault before writing down (LIQ-7)", async () => {
            const fixture = await networkHelpers.loadFixture(insolvent);
            const {liquidator, vault, books, alice, bob, protocol} = fixture;
            await books.settleCash(protocol, e18(500));
            const {supplyIndexE27} = await vault.cashTotals();
            await at(fixture, 500);
            await expect(takeAll(fixture))
                .to.emit(liquidator, "SliceTaken")
                .withArgs(alice.id, bob.id, ONE, -e18(200), e18("605.25"), -e18("260.525"), e18("260.525"), 0n);
            expect(await vault.cashOf(protocol), "protocol").to.equal(e18("239.475"));
            expect((await vault.cashTotals()).supplyIndexE27, "index").to.equal(supplyIndexE27);
        });

        it("should refuse only when all cash together is less than the loss", async () => {
            const fixture = await networkHelpers.loadFixture(insolvent);
            const {liquidator, engine} = fixture;
            await engine.setPrice(1, -e18(30_000), e18(60));
            await expect(takeAll(fixture)).to.be.revertedWithCustomError(liquidator, "Liquidator_LossNotCovered");
        });

        it("should forget the insolvency when the price comes back", async () => {
            const fixture = await networkHelpers.loadFixture(insolvent);
            const {liquidator, alice} = fixture;
            await fallShort(fixture);
            await at(fixture, 500);
            await expect(takeAll(fixture, e18("0.05")))
                .to.emit(liquidator, "InsolvencyRecorded")
                .withArgs(alice.id, e18(550), 0n);
            expect((await liquidator.auction(alice.id)).insolventAt, "auction").to.equal(0n);
            expect(await liquidator.insolventAuctions(), "count").to.equal(0n);
        });
    });

    context("given a keeper that may not", () => {
        it("should refuse without an auction", async () => {
            const fixture = await networkHelpers.loadFixture(running);
            const {liquidator, bob, carol} = fixture;
            await expect(liquidator.connect(bob.signer).take(carol.id, bob.id, ALL, ANY_PRICE, "0x"))
                .to.be.revertedWithCustomError(liquidator, "Liquidator_NoAuction")
                .withArgs(carol.id);
        });

        it("should refuse the owner and strangers", async () => {
            const {liquidator, alice, bob, carol} = await networkHelpers.loadFixture(running);
            await expect(liquidator.connect(alice.signer).take(alice.id, alice.second, ALL, ANY_PRICE, "0x"))
                .to.be.revertedWithCustomError(liquidator, "Liquidator_SelfLiquidation")
                .withArgs(alice.id, alice.second);
            await expect(liquidator.connect(carol.signer).take(alice.id, bob.id, ALL, ANY_PRICE, "0x"))
                .to.be.revertedWithCustomError(liquidator, "Liquidator_NotAuthorised")
                .withArgs(bob.id, carol.address);
        });

        it("should refuse a keeper's account that does not cover its initial requirement", async () => {
            const {liquidator, engine, alice, bob} = await networkHelpers.loadFixture(running);
            const errors = await ethers.getContractAt("IRiskEngine", engine);
            await expect(
                liquidator.connect(bob.signer).take(alice.id, bob.second, ALL, ANY_PRICE, "0x"),
            ).to.be.revertedWithCustomError(errors, "RiskEngine_BelowInitial");
        });
    });

    context("given two keepers in turn", () => {
        it("should pay a friend of the owner no more than the owner lost (LIQ-6)", async () => {
            const fixture = await networkHelpers.loadFixture(running);
            const {alice, bob} = fixture;
            const [ownerBefore] = await marginOf(fixture, alice.id);
            const [friendBefore] = await marginOf(fixture, bob.id);
            await at(fixture, 1_800);
            await takeAll(fixture);
            const [ownerAfter] = await marginOf(fixture, alice.id);
            const [friendAfter] = await marginOf(fixture, bob.id);
            expect(friendAfter - friendBefore, "reward").to.be.gt(0n);
            expect(friendAfter - friendBefore, "LIQ-6: reward ≤ penalty").to.be.lte(ownerBefore - ownerAfter + 10n);
        });
    });
});
