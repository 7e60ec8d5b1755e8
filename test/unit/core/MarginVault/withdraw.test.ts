import {expect} from "chai";
import {ZeroAddress} from "ethers";
import {network} from "hardhat";

import {CURVE, deployVault, e18, lendAndBorrow, RIGHTS, surplusE18, usdc, WETH} from "./fixture.js";

const {ethers, networkHelpers} = await network.create();
const fixture = () => deployVault(ethers);

async function funded() {
    const f = await deployVault(ethers);
    await f.vault.connect(f.alice.signer).deposit(f.alice.id, f.usdc, usdc(1_000));
    await f.vault.connect(f.alice.signer).deposit(f.alice.id, f.weth, e18(2));
    return f;
}

const borrowed = async () => lendAndBorrow(await deployVault(ethers));

describe("MarginVault: withdraw", () => {
    context("given an account without positions and debt", () => {
        it("should pay settlement coin to anyone the owner names", async () => {
            const {vault, alice, carol, usdc: coin} = await networkHelpers.loadFixture(funded);
            const call = vault.connect(alice.signer).withdraw(alice.id, coin, usdc(400), carol.address);
            await expect(call)
                .to.emit(vault, "Withdrawn")
                .withArgs(alice.id, coin, carol.address, usdc(400), e18(400))
                .and.to.emit(vault, "CashChanged")
                .withArgs(alice.id, -e18(400), e18(600));
            await expect(call).to.changeTokenBalances(ethers, coin, [carol.address, vault], [usdc(400), -usdc(400)]);
            expect(await vault.cashOf(alice.id)).to.equal(e18(600));
        });

        it("should pay collateral and forget an asset that is gone", async () => {
            const {vault, alice, weth} = await networkHelpers.loadFixture(funded);
            await vault.connect(alice.signer).withdraw(alice.id, weth, e18(1), alice.address);
            expect((await vault.asset(WETH)).totalE18, "total").to.equal(e18(1));
            await expect(vault.connect(alice.signer).withdraw(alice.id, weth, e18(1), alice.address))
                .to.emit(vault, "CollateralChanged")
                .withArgs(alice.id, WETH, -e18(1), 0n);
            const [, collateral] = await vault.holdingsOf(alice.id);
            expect(collateral).to.have.lengthOf(0);
        });

        it("should pay everything while every feed is down (VLT-6)", async () => {
            const {vault, engine, alice, usdc: coin, weth} = await networkHelpers.loadFixture(funded);
            await engine.setDown(true);
            await vault.connect(alice.signer).withdraw(alice.id, coin, usdc(1_000), alice.address);
            await vault.connect(alice.signer).withdraw(alice.id, weth, e18(2), alice.address);
            expect(await vault.cashOf(alice.id)).to.equal(0n);
            expect(await vault.lastCheckedBlock(alice.id), "no check, no mark").to.equal(0n);
        });
    });

    context("given debt or positions", () => {
        it("should lend against collateral and mark the check", async () => {
            const f = await networkHelpers.loadFixture(borrowed);
            const {vault, bob} = f;
            expect(await vault.principalOf(bob.id), "principal").to.be.lessThan(0n);
            expect(await vault.lastCheckedBlock(bob.id), "mark").to.equal(await ethers.provider.getBlockNumber());
            expect((await vault.cashTotals()).borrowedE18, "borrowed").to.be.closeTo(e18(500), e18("0.001"));
            expect(await surplusE18(f), "VLT-1").to.be.at.least(0n);
        });

        it("should refuse what the engine refuses, cash or collateral", async () => {
            const {vault, engine, bob, usdc: coin, weth} = await networkHelpers.loadFixture(borrowed);
            await engine.setAnswer(bob.id, 99n, 100n);
            for (const [token, amount] of [
                [coin, 1n],
                [weth, 1n],
            ] as const) {
                await expect(vault.connect(bob.signer).withdraw(bob.id, token, amount, bob.address))
                    .to.be.revertedWithCustomError(engine, "RiskEngine_BelowInitial")
                    .withArgs(bob.id, 99n, 100n);
            }
            await engine.setAnswer(bob.id, 100n, 100n);
            await vault.connect(bob.signer).withdraw(bob.id, weth, 1n, bob.address);
        });

        for (const [name, positions, quotes] of [
            ["a position", 1, 0],
            ["a quote figure", 0, 1],
        ] as const) {
            it(`should ask the engine for an account with ${name}`, async () => {
                const {vault, engine, clearinghouse, alice, usdc: coin} = await networkHelpers.loadFixture(funded);
                await clearinghouse.setPositions(alice.id, positions, quotes);
                await engine.setDown(true);
                await expect(
                    vault.connect(alice.signer).withdraw(alice.id, coin, 1n, alice.address),
                ).to.be.revertedWithCustomError(engine, "MockRiskEngine_Down");
                await engine.setDown(false);
                await vault.connect(alice.signer).withdraw(alice.id, coin, 1n, alice.address);
                expect(await vault.lastCheckedBlock(alice.id)).to.equal(await ethers.provider.getBlockNumber());
            });
        }

        it("should ask the engine when one unit is borrowed", async () => {
            const {vault, engine, alice, bob, usdc: coin} = await networkHelpers.loadFixture(funded);
            await vault.connect(bob.signer).deposit(bob.id, coin, 5n);
            await engine.setDown(true);
            await expect(
                vault.connect(bob.signer).withdraw(bob.id, coin, 6n, alice.address),
            ).to.be.revertedWithCustomError(engine, "MockRiskEngine_Down");
            await vault.connect(bob.signer).withdraw(bob.id, coin, 5n, alice.address);
        });
    });

    context("given a pause of borrowing", () => {
        it("should refuse to lend, and pay out what is the account's", async () => {
            const {vault, alice, bob, usdc: coin, weth} = await networkHelpers.loadFixture(borrowed);
            await vault.pauseBorrowing();
            await vault.connect(bob.signer).deposit(bob.second, coin, usdc(1));
            await vault.connect(bob.signer).deposit(bob.second, weth, e18(1));
            await expect(vault.connect(bob.signer).withdraw(bob.second, coin, usdc(2), bob.address))
                .to.be.revertedWithCustomError(vault, "MarginVault_BorrowingPaused")
                .withArgs(bob.second, (cashE18: bigint) => cashE18 < 0n && cashE18 >= -e18(1));
            await vault.connect(bob.signer).withdraw(bob.second, coin, usdc(1), bob.address);
            await vault.connect(alice.signer).withdraw(alice.id, coin, usdc(100), alice.address);
            // Collateral of a debtor is free as far as the engine says.
            await vault.connect(bob.signer).withdraw(bob.id, weth, 1n, bob.address);
            await vault.unpauseBorrowing();
            await vault.connect(bob.signer).withdraw(bob.second, coin, usdc(1), bob.address);
            expect(await vault.cashOf(bob.second)).to.be.closeTo(-e18(1), e18("0.00001"));
        });
    });

    context("given operators", () => {
        it("should let an operator with WITHDRAW pay the owner and nobody else", async () => {
            const {vault, alice, bob, usdc: coin} = await networkHelpers.loadFixture(funded);
            await vault.connect(alice.signer).setOperator(alice.id, bob.address, RIGHTS.withdraw, 2n ** 40n - 1n);
            await vault.connect(bob.signer).withdraw(alice.id, coin, 1n, alice.address);
            await expect(vault.connect(bob.signer).withdraw(alice.id, coin, 1n, bob.address))
                .to.be.revertedWithCustomError(vault, "MarginVault_NotAuthorised")
                .withArgs(alice.id, bob.address, RIGHTS.withdraw);
        });

        it("should refuse strangers, other rights, other accounts and expired grants", async () => {
            const {vault, alice, bob, usdc: coin} = await networkHelpers.loadFixture(funded);
            const refused = async (account: string) =>
                expect(vault.connect(bob.signer).withdraw(account, coin, 1n, alice.address))
                    .to.be.revertedWithCustomError(vault, "MarginVault_NotAuthorised")
                    .withArgs(account, bob.address, RIGHTS.withdraw);
            await refused(alice.id);
            await vault.connect(alice.signer).setOperator(alice.id, bob.address, 13, 2n ** 40n - 1n);
            await refused(alice.id);
            const expiresAt = (await networkHelpers.time.latest()) + 100;
            await vault.connect(alice.signer).setOperator(alice.id, bob.address, RIGHTS.withdraw, expiresAt);
            await refused(alice.second);
            await networkHelpers.time.setNextBlockTimestamp(expiresAt);
            await vault.connect(bob.signer).withdraw(alice.id, coin, 1n, alice.address);
            await refused(alice.id);
        });
    });

    context("given something wrong", () => {
        it("should refuse more collateral than held", async () => {
            const {vault, alice, bob, weth} = await networkHelpers.loadFixture(funded);
            await vault.connect(bob.signer).deposit(bob.id, weth, e18(5));
            await expect(vault.connect(alice.signer).withdraw(alice.id, weth, e18(2) + 1n, alice.address))
                .to.be.revertedWithCustomError(vault, "MarginVault_InsufficientCollateral")
                .withArgs(alice.id, WETH, e18(2), e18(2) + 1n);
        });

        it("should refuse coin that is lent out", async () => {
            const {vault, alice, usdc: coin} = await networkHelpers.loadFixture(borrowed);
            await expect(vault.connect(alice.signer).withdraw(alice.id, coin, usdc(501), alice.address))
                .to.be.revertedWithCustomError(vault, "MarginVault_InsufficientLiquidity")
                .withArgs(coin, usdc(500), usdc(501));
            await vault.connect(alice.signer).withdraw(alice.id, coin, usdc(500), alice.address);
        });

        it("should refuse zero, unknown tokens and recipients that lose the money", async () => {
            const {vault, alice, usdc: coin} = await networkHelpers.loadFixture(funded);
            const asAlice = vault.connect(alice.signer);
            await expect(asAlice.withdraw(alice.id, coin, 0n, alice.address)).to.be.revertedWithCustomError(
                vault,
                "MarginVault_ZeroAmount",
            );
            await expect(asAlice.withdraw(alice.id, alice.address, 1n, alice.address))
                .to.be.revertedWithCustomError(vault, "MarginVault_AssetNotOpen")
                .withArgs(alice.address);
            for (const to of [ZeroAddress, await vault.getAddress()]) {
                await expect(asAlice.withdraw(alice.id, coin, 1n, to))
                    .to.be.revertedWithCustomError(vault, "MarginVault_InvalidRecipient")
                    .withArgs(to);
            }
        });

        it("should refuse to borrow before an engine is named", async () => {
            const {authority, usdc: coin, alice} = await networkHelpers.loadFixture(fixture);
            const vault = await ethers.deployContract("MarginVault", [authority, coin, CURVE, e18(1_000)]);
            await coin.connect(alice.signer).approve(vault, usdc(10));
            await vault.connect(alice.signer).deposit(alice.id, coin, usdc(10));
            await vault.connect(alice.signer).withdraw(alice.id, coin, usdc(4), alice.address);
            await expect(
                vault.connect(alice.signer).withdraw(alice.id, coin, usdc(7), alice.address),
            ).to.be.revertedWithCustomError(vault, "MarginVault_InvalidCore");
        });
    });
});
