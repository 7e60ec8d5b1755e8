import {expect} from "chai";
import {network} from "hardhat";

import {
    ALL,
    ANY_PRICE,
    deployLiquidation,
    e18,
    fallInsolvent,
    fallShort,
    fillBackstop,
    LIQUIDATE,
    marginOf,
    NATIVE_FEED,
    NO_WITNESS,
    startAuction,
    totalEquityE18,
    usdc,
} from "./fixture.js";

const {ethers, networkHelpers} = await network.create();
const healthy = () => deployLiquidation(ethers);
const short = async () => fallShort(await healthy());
const insolvent = async () => fallInsolvent(await healthy());

describe("Liquidator: start", () => {
    context("given a healthy account", () => {
        for (const own of [[], [0], [50], [99], [100]]) {
            it(`should refuse the witness [${own.join()}]`, async () => {
                const {liquidator, alice, bob} = await networkHelpers.loadFixture(healthy);
                const boundE18 = (e18("605.25") * BigInt(own[0] ?? 100)) / 100n;
                await expect(liquidator.connect(bob.signer).start(alice.id, {own, joint: []}, bob.id))
                    .to.be.revertedWithCustomError(liquidator, "Liquidator_NotShort")
                    .withArgs(alice.id, e18(1_000), boundE18);
            });
        }

        it("should count what has expired before looking (LIQ-1)", async () => {
            const {liquidator, books, alice, bob} = await networkHelpers.loadFixture(short);
            await books.setPendingCash(alice.id, e18(60));
            await expect(liquidator.connect(bob.signer).start(alice.id, NO_WITNESS, bob.id))
                .to.be.revertedWithCustomError(liquidator, "Liquidator_NotShort")
                .withArgs(alice.id, e18(610), e18("605.25"));
        });
    });

    context("given an account that is short", () => {
        it("should start the clock and pay the keeper from the account's equity", async () => {
            const fixture = await networkHelpers.loadFixture(short);
            const {liquidator, vault, alice, bob} = fixture;
            const before = await totalEquityE18(fixture);
            const call = liquidator.connect(bob.signer).start(alice.id, {own: [95], joint: []}, bob.id);
            await expect(call)
                .to.emit(liquidator, "AuctionStarted")
                .withArgs(alice.id, bob.id, e18(550), e18("574.9875"), e18(3));
            const startedAt = await networkHelpers.time.latest();
            expect([...(await liquidator.auction(alice.id))], "auction").to.deep.equal([BigInt(startedAt), 0n]);
            expect(await vault.cashOf(bob.id), "keeper").to.equal(e18(100_003));
            expect(await marginOf(fixture, alice.id), "account").to.deep.equal([e18(547), e18("605.25")]);
            expect(await totalEquityE18(fixture), "LIQ-5: nothing is lost").to.equal(before);
            expect(await vault.isLocked(), "lock").to.equal(false);
        });

        it("should refuse a witness that shows too little", async () => {
            const {liquidator, alice, bob} = await networkHelpers.loadFixture(short);
            await expect(liquidator.connect(bob.signer).start(alice.id, {own: [90], joint: []}, bob.id))
                .to.be.revertedWithCustomError(liquidator, "Liquidator_NotShort")
                .withArgs(alice.id, e18(550), e18("544.725"));
        });

        it("should refuse a caller without the right, and take an operator with it", async () => {
            const {liquidator, vault, alice, bob, carol} = await networkHelpers.loadFixture(short);
            const start = () => liquidator.connect(carol.signer).start(alice.id, NO_WITNESS, bob.id);
            const forever = 2n ** 40n - 1n;
            await vault.connect(bob.signer).setOperator(bob.id, carol.address, LIQUIDATE - 1n, forever);
            await expect(start())
                .to.be.revertedWithCustomError(liquidator, "Liquidator_NotAuthorised")
                .withArgs(bob.id, carol.address);
            await vault.connect(bob.signer).setOperator(bob.id, carol.address, LIQUIDATE, forever);
            await expect(start()).to.emit(liquidator, "AuctionStarted");
        });

        it("should refuse a keeper's account of the same owner (LIQ-6)", async () => {
            const {liquidator, alice} = await networkHelpers.loadFixture(short);
            await expect(liquidator.connect(alice.signer).start(alice.id, NO_WITNESS, alice.second))
                .to.be.revertedWithCustomError(liquidator, "Liquidator_SelfLiquidation")
                .withArgs(alice.id, alice.second);
        });

        it("should refuse a second start while the first auction runs", async () => {
            const {liquidator, alice, carol} = await startAuction(await networkHelpers.loadFixture(short));
            const {startedAt} = await liquidator.auction(alice.id);
            await expect(liquidator.connect(carol.signer).start(alice.id, NO_WITNESS, carol.id))
                .to.be.revertedWithCustomError(liquidator, "Liquidator_AlreadyStarted")
                .withArgs(alice.id, startedAt);
        });

        it("should give a new clock only after the old auction was cancelled", async () => {
            const {liquidator, engine, alice, bob} = await startAuction(await networkHelpers.loadFixture(short));
            await networkHelpers.time.increase(3_000);
            await engine.setPrice(1, e18(2_000), e18(60));
            await engine.setPrice(1, e18(1_955), e18(60));
            const start = () => liquidator.connect(bob.signer).start(alice.id, NO_WITNESS, bob.id);
            await expect(start()).to.be.revertedWithCustomError(liquidator, "Liquidator_AlreadyStarted");
            await engine.setPrice(1, e18(2_000), e18(60));
            await liquidator.cancel(alice.id);
            await engine.setPrice(1, e18(1_955), e18(60));
            await start();
            expect((await liquidator.auction(alice.id)).startedAt).to.equal(BigInt(await networkHelpers.time.latest()));
        });
    });

    context("given an account that passed a check in this block", () => {
        it("should refuse (LIQ-1)", async () => {
            const {liquidator, vault, engine, weth, alice, bob} = await networkHelpers.loadFixture(healthy);
            await vault.connect(alice.signer).deposit(alice.id, weth, 1n);
            const provider = ethers.provider;
            await provider.send("evm_setAutomine", [false]);
            const options = {gasLimit: 3_000_000n};
            await vault.connect(alice.signer).withdraw(alice.id, weth, 1n, alice.address, options);
            await engine.setPrice(1, e18(1_955), e18(60), options);
            const sent = await liquidator.connect(bob.signer).start(alice.id, NO_WITNESS, bob.id, options);
            await provider.send("evm_mine", []);
            await provider.send("evm_setAutomine", [true]);
            const receipt = await provider.getTransactionReceipt(sent.hash);
            expect(receipt?.status, "in the block of the check").to.equal(0);
            expect(await vault.lastCheckedBlock(alice.id), "checked").to.equal(receipt?.blockNumber);
            await expect(
                liquidator.connect(bob.signer).start.staticCall(alice.id, NO_WITNESS, bob.id, {
                    blockTag: receipt?.blockNumber ?? 0,
                }),
            )
                .to.be.revertedWithCustomError(liquidator, "Liquidator_CheckedThisBlock")
                .withArgs(alice.id, receipt?.blockNumber);
            await expect(liquidator.connect(bob.signer).start(alice.id, NO_WITNESS, bob.id)).to.emit(
                liquidator,
                "AuctionStarted",
            );
        });
    });

    context("given an account without enough equity for the start pay", () => {
        it("should take what there is and the rest from the backstop", async () => {
            const fixture = await fillBackstop(await networkHelpers.loadFixture(healthy));
            const {liquidator, engine, backstop, coin, alice, bob} = fixture;
            await engine.setPrice(1, e18("1900.1"), e18(60));
            await expect(liquidator.connect(bob.signer).start(alice.id, NO_WITNESS, bob.id))
                .to.emit(liquidator, "AuctionStarted")
                .withArgs(alice.id, bob.id, e18(1), e18("605.25"), e18(3));
            expect(await coin.balanceOf(backstop), "backstop").to.equal(usdc(1_000_000 - 2));
            expect(await marginOf(fixture, alice.id), "account").to.deep.equal([0n, e18("605.25")]);
        });

        it("should start without pay when the backstop is empty, and record insolvency", async () => {
            const fixture = await networkHelpers.loadFixture(insolvent);
            const {liquidator, alice, bob} = fixture;
            await expect(liquidator.connect(bob.signer).start(alice.id, NO_WITNESS, bob.id))
                .to.emit(liquidator, "AuctionStarted")
                .withArgs(alice.id, bob.id, -e18(200), e18("605.25"), 0n)
                .and.to.emit(liquidator, "InsolvencyRecorded");
            const now = BigInt(await networkHelpers.time.latest());
            expect([...(await liquidator.auction(alice.id))], "auction").to.deep.equal([now, now]);
            expect(await liquidator.insolventAuctions(), "count").to.equal(1n);
        });
    });

    context("given no price for the chain's coin", () => {
        it("should pay the least pay rather than stop", async () => {
            const {liquidator, prices, alice, bob} = await networkHelpers.loadFixture(short);
            await prices.setPrice(NATIVE_FEED, 0n);
            await expect(liquidator.connect(bob.signer).start(alice.id, NO_WITNESS, bob.id))
                .to.emit(liquidator, "AuctionStarted")
                .withArgs(alice.id, bob.id, e18(550), e18("605.25"), e18("0.01"));
        });
    });

    context("given a short account of any shape", () => {
        const shapes = {
            "equity of one unit": async ({engine}: Awaited<ReturnType<typeof healthy>>) => {
                await engine.setPrice(1, e18(1_900) + 1n, e18(60));
            },
            "equity of zero": async ({engine}: Awaited<ReturnType<typeof healthy>>) => {
                await engine.setPrice(1, e18(1_900), e18(60));
            },
            "a deep hole": async ({engine}: Awaited<ReturnType<typeof healthy>>) => {
                await engine.setPrice(1, e18(1), e18(60));
            },
            "a requirement that is all reserve": async ({engine}: Awaited<ReturnType<typeof healthy>>) => {
                await engine.setPrice(1, e18("1900.5"), 0n);
            },
            "collateral and debt alone": async (fixture: Awaited<ReturnType<typeof healthy>>) => {
                const {books, vault, weth, engine, alice} = fixture;
                await engine.setCollateral(0, e18(2_000), e18(100));
                await vault.connect(alice.signer).deposit(alice.id, weth, e18(1));
                await books.setSize(alice.id, 1, 0n);
                await books.setQuote(alice.id, 0n);
                await books.settleCash(alice.id, -e18(2_950));
            },
            "stable collateral under its debt, no requirement": async (
                fixture: Awaited<ReturnType<typeof healthy>>,
            ) => {
                const {books, vault, weth, engine, alice} = fixture;
                await engine.setCollateral(0, e18(1), 0n);
                await vault.connect(alice.signer).deposit(alice.id, weth, e18(100));
                await books.setSize(alice.id, 1, 0n);
                await books.setQuote(alice.id, 0n);
                await books.settleCash(alice.id, -e18(1_101));
            },
            "64 positions of one unit each": async ({books, engine, alice}: Awaited<ReturnType<typeof healthy>>) => {
                for (let i = 2; i <= 64; ++i) await books.setSize(alice.id, i, 1n);
                await engine.setPrice(1, e18(1_955), e18(60));
            },
        };
        for (const [name, shape] of Object.entries(shapes)) {
            it(`should start and take all with ${name} (LIQ-2)`, async () => {
                const fixture = await networkHelpers.loadFixture(healthy);
                const {liquidator, books, vault, alice, bob} = fixture;
                await shape(fixture);
                const before = await totalEquityE18(fixture);
                await liquidator.connect(bob.signer).start(alice.id, NO_WITNESS, bob.id);
                await networkHelpers.time.increase(3_700);
                await liquidator.connect(bob.signer).take(alice.id, bob.id, ALL, ANY_PRICE, "0x");
                expect((await liquidator.auction(alice.id)).startedAt, "ended").to.equal(0n);
                const [positions, quotes] = await books.positionsOf(alice.id);
                expect([positions.length, quotes.length], "positions").to.deep.equal([0, 0]);
                expect(await vault.unitsOf(alice.id, 0), "collateral").to.equal(0n);
                expect(await totalEquityE18(fixture), "LIQ-5: sum").to.be.within(before - 100n, before + 100n);
                expect((await marginOf(fixture, alice.id))[0], "not below zero").to.be.gte(0n);
            });
        }
    });
});
