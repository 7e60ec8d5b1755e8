import {expect} from "chai";
import {network} from "hardhat";

import {CURVE, deployVault, e18, lendAndBorrow, RAY, surplusE18, usdc, YEAR} from "./fixture.js";

const {ethers, networkHelpers} = await network.create();
const FLAT = {...CURVE, baseE18: 0n, slopeLowE18: 0n, slopeHighE18: 0n};

/** Alice lends 1,000, Bob owes exactly 500, no interest so far, and then the curve starts. */
async function halfUsed() {
    const f = await deployVault(ethers);
    await f.vault.setRateCurve(FLAT);
    await lendAndBorrow(f);
    await f.vault.setRateCurve(CURVE);
    return f;
}

async function inAYear(share = 1n): Promise<number> {
    return (await networkHelpers.time.latest()) + Number(YEAR / share);
}

describe("MarginVault: accrue", () => {
    context("given half of the cash lent out for a year at 4.5 %", () => {
        it("should charge debtors, pay lenders and keep a tenth for the protocol", async () => {
            const f = await networkHelpers.loadFixture(halfUsed);
            const {vault, alice, bob, protocol} = f;
            const borrowIndexE27 = (await vault.cashTotals()).borrowIndexE27;
            await networkHelpers.time.setNextBlockTimestamp(await inAYear());
            await vault.accrue();
            // 0.02 + 0.04 * 0.5 / 0.8 = 0.045 on 500: 22.5, of which 2.25 is reserved and 20.25 is spread over 1,000.
            expect(await vault.cashOf(bob.id), "debtor").to.be.within(-e18("522.5") - 3n, -e18("522.5"));
            expect(await vault.cashOf(alice.id), "lender").to.be.within(e18("1020.25") - 3n, e18("1020.25"));
            expect(await vault.cashOf(protocol), "protocol").to.be.within(e18("2.25") - 3n, e18("2.25") + 3n);
            const totals = await vault.cashTotals();
            expect(totals.borrowIndexE27, "borrow index").to.be.closeTo((borrowIndexE27 * 1045n) / 1000n, 10n ** 9n);
            expect(totals.supplyIndexE27, "supply index").to.be.closeTo((RAY * 102_025n) / 100_000n, 10n ** 9n);
            expect(await surplusE18(f), "VLT-1").to.be.within(0n, 10n);
        });

        it("should show the same figures before the call as after it", async () => {
            const f = await networkHelpers.loadFixture(halfUsed);
            const {vault, alice, bob, protocol} = f;
            const figures = async () => ({
                alice: await vault.cashOf(alice.id),
                bob: await vault.cashOf(bob.id),
                protocol: await vault.cashOf(protocol),
                totals: [...(await vault.cashTotals())],
            });
            const at = await inAYear(3n);
            await networkHelpers.time.increaseTo(at);
            const before = await figures();
            expect(before.protocol, "the reserve shows before it is booked").to.be.greaterThan(0n);
            await networkHelpers.time.setNextBlockTimestamp(at + 1);
            await vault.accrue();
            const after = await figures();
            // One second more; stepping back is not possible, so compare at the same second instead.
            expect(after.alice - before.alice, "one second of interest").to.be.within(0n, e18("0.000001"));
            await networkHelpers.time.setNextBlockTimestamp(at + 2);
            const pending = (await ethers.provider.send("eth_call", [
                {to: await vault.getAddress(), data: vault.interface.encodeFunctionData("cashTotals")},
                "pending",
            ])) as string;
            await vault.accrue();
            expect(vault.interface.decodeFunctionResult("cashTotals", pending)[0]).to.deep.equal(
                await vault.cashTotals(),
            );
        });

        it("should emit the indices, the reserve and its credit", async () => {
            const {vault, protocol} = await networkHelpers.loadFixture(halfUsed);
            const at = await inAYear();
            await networkHelpers.time.setNextBlockTimestamp(at);
            const call = vault.accrue();
            const {supplyIndexE27, borrowIndexE27} = await call.then(() => vault.cashTotals());
            await expect(call)
                .to.emit(vault, "InterestAccrued")
                .withArgs(supplyIndexE27, borrowIndexE27, (reserveE18: bigint) => reserveE18 >= e18("2.25"))
                .and.to.emit(vault, "CashChanged")
                .withArgs(protocol, (deltaE18: bigint) => deltaE18 >= e18("2.25"), await vault.principalOf(protocol));
        });
    });

    context("given use above the kink", () => {
        it("should follow the steep part", async () => {
            const f = await networkHelpers.loadFixture(halfUsed);
            const {vault, bob, usdc: coin} = f;
            await vault.setRateCurve(FLAT);
            await vault.connect(bob.signer).withdraw(bob.id, coin, usdc(400), bob.address);
            await vault.setRateCurve(CURVE);
            const before = await vault.cashOf(bob.id);
            await networkHelpers.time.setNextBlockTimestamp(await inAYear());
            await vault.accrue();
            // 0.02 + 0.04 + 0.6 * (0.9 - 0.8) / 0.2 = 0.36
            expect(await vault.cashOf(bob.id)).to.be.closeTo((before * 136n) / 100n, e18("0.0001"));
            expect(await surplusE18(f), "VLT-1").to.be.at.least(0n);
        });
    });

    context("given no debt", () => {
        it("should pay nobody", async () => {
            const {vault, alice, usdc: coin, protocol} = await deployVault(ethers);
            await vault.connect(alice.signer).deposit(alice.id, coin, usdc(9));
            await networkHelpers.time.increase(Number(YEAR));
            await vault.accrue();
            expect(await vault.cashOf(alice.id)).to.equal(e18(9));
            expect(await vault.cashOf(protocol)).to.equal(0n);
            expect((await vault.cashTotals()).supplyIndexE27).to.equal(RAY);
        });

        it("VLT-7: should move no index and tell nothing, however high the base rate", async () => {
            const {vault, alice, usdc: coin} = await deployVault(ethers);
            await vault.setRateCurve({...CURVE, baseE18: e18(1)});
            await vault.connect(alice.signer).deposit(alice.id, coin, usdc(9));
            await networkHelpers.time.increase(Number(YEAR));
            await expect(vault.accrue()).not.to.emit(vault, "InterestAccrued");
            const {supplyIndexE27, borrowIndexE27} = await vault.cashTotals();
            expect([supplyIndexE27, borrowIndexE27], "indices").to.deep.equal([RAY, RAY]);
        });

        it("should charge the first debt from its own second on, not for the time before", async () => {
            const f = await deployVault(ethers);
            const {vault, alice, bob, usdc: coin, weth} = f;
            await vault.connect(alice.signer).deposit(alice.id, coin, usdc(1_000));
            await vault.connect(bob.signer).deposit(bob.id, weth, e18(1));
            await networkHelpers.time.increase(Number(YEAR));
            await vault.connect(bob.signer).withdraw(bob.id, coin, usdc(500), bob.address);
            expect(await vault.cashOf(bob.id), "at once").to.equal(-e18(500));
            await networkHelpers.time.setNextBlockTimestamp(await inAYear());
            await expect(vault.accrue()).to.emit(vault, "InterestAccrued");
            expect(await vault.cashOf(bob.id), "a year at 4.5 %").to.equal(-e18("522.5"));
        });

        it("should stop the clock with the last debt and start it again with the next", async () => {
            const f = await networkHelpers.loadFixture(halfUsed);
            const {vault, alice, bob, usdc: coin} = f;
            await networkHelpers.time.increase(Number(YEAR));
            await vault.connect(bob.signer).deposit(bob.id, coin, usdc(600));
            const {supplyIndexE27, borrowIndexE27, borrowedE18} = await vault.cashTotals();
            expect(borrowedE18, "nothing is owed").to.equal(0n);
            const lender = await vault.cashOf(alice.id);
            await networkHelpers.time.increase(Number(YEAR));
            const later = await vault.cashTotals();
            expect([later.supplyIndexE27, later.borrowIndexE27], "indices a year later").to.deep.equal([
                supplyIndexE27,
                borrowIndexE27,
            ]);
            expect(await vault.cashOf(alice.id), "lender").to.equal(lender);
            await vault.connect(bob.signer).withdraw(bob.id, coin, usdc(600), bob.address);
            const owed = await vault.cashOf(bob.id);
            expect(owed, "owes the interest of the first year and none of the second").to.be.within(
                -e18("522.6"),
                -e18("522.4"),
            );
            await networkHelpers.time.increase(Number(YEAR));
            expect(await vault.cashOf(bob.id), "the clock runs again").to.be.lessThan(owed);
            expect(await surplusE18(f), "VLT-1").to.be.at.least(0n);
        });

        it("should go on charging debts while new ones are paused", async () => {
            const {vault, bob} = await networkHelpers.loadFixture(halfUsed);
            await vault.pauseBorrowing();
            await networkHelpers.time.setNextBlockTimestamp(await inAYear());
            await expect(vault.accrue()).to.emit(vault, "InterestAccrued");
            expect(await vault.cashOf(bob.id), "debtor").to.be.lessThan(-e18(522));
            expect(await vault.borrowingPaused(), "still paused").to.equal(true);
        });
    });

    context("given next to no claims beside a large debt", () => {
        it("should not let the supply index leap; the reserve takes the rest", async () => {
            const f = await deployVault(ethers);
            const {vault, alice, bob, carol, clearinghouse, protocol, usdc: coin} = f;
            await clearinghouse.underLock(vault, [
                vault.interface.encodeFunctionData("settleCash", [bob.id, -e18(1_000_000)]),
                vault.interface.encodeFunctionData("settleCash", [alice.id, 1n]),
            ]);
            await networkHelpers.time.increase(Number(YEAR));
            await vault.accrue();
            const {supplyIndexE27} = await vault.cashTotals();
            expect(supplyIndexE27, "at most the debtors' rate of 66 %").to.be.within(RAY, (RAY * 1_661n) / 1_000n);
            expect(await vault.cashOf(protocol), "reserve").to.be.greaterThan(e18(600_000));
            await vault.connect(carol.signer).deposit(carol.id, coin, usdc(1));
            expect(await vault.cashOf(carol.id), "a later deposit counts in full").to.be.within(e18(1) - 2n, e18(1));
            expect(await surplusE18(f), "VLT-1").to.be.at.least(0n);
        });
    });

    context("given a donation of tokens", () => {
        it("should change no balance and no index (VLT-5)", async () => {
            const f = await deployVault(ethers);
            const {vault, alice, bob, usdc: coin, weth} = f;
            await vault.connect(alice.signer).deposit(alice.id, coin, 1n);
            await coin.mint(vault, usdc(1_000_000));
            await weth.mint(vault, e18(1_000));
            await vault.accrue();
            const {supplyIndexE27, suppliedE18} = await vault.cashTotals();
            expect([supplyIndexE27, suppliedE18]).to.deep.equal([RAY, 10n ** 12n]);
            await vault.connect(bob.signer).deposit(bob.id, coin, usdc("1.5"));
            expect(await vault.cashOf(bob.id), "no shares to inflate").to.equal(e18("1.5"));
            expect(await vault.cashOf(alice.id)).to.equal(10n ** 12n);
        });
    });
});
