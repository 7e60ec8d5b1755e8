import {expect} from "chai";
import {ZeroAddress, ZeroHash} from "ethers";
import {network} from "hardhat";

import {accountId} from "../../../../scripts/sdk/ids.js";
import {deployVault, e18, lendAndBorrow, RIGHTS, surplusE18, WETH} from "./fixture.js";

const {ethers, networkHelpers} = await network.create();

const fixture = async () => {
    const f = await lendAndBorrow(await deployVault(ethers));
    await f.vault.connect(f.alice.signer).deposit(f.alice.id, f.weth, e18(3));
    return f;
};

describe("MarginVault: transfer", () => {
    context("given enough", () => {
        it("should move cash without touching tokens", async () => {
            const f = await networkHelpers.loadFixture(fixture);
            const {vault, alice, carol, usdc: coin} = f;
            const before = await vault.cashOf(alice.id);
            const call = vault.connect(alice.signer).transfer(alice.id, carol.id, coin, e18(100) + 1n);
            await expect(call).to.changeTokenBalances(ethers, coin, [vault], [0n]);
            expect(await vault.cashOf(carol.id), "receiver").to.be.closeTo(e18(100) + 1n, 2n);
            expect(await vault.cashOf(carol.id), "never more").to.be.at.most(e18(100) + 1n);
            expect(await vault.cashOf(alice.id), "payer").to.be.closeTo(before - e18(100), e18("0.0001"));
            expect(await surplusE18(f), "VLT-1").to.be.at.least(0n);
        });

        it("should move collateral and leave the total alone", async () => {
            const {vault, alice, carol, weth} = await networkHelpers.loadFixture(fixture);
            await expect(vault.connect(alice.signer).transfer(alice.id, carol.id, weth, e18(1)))
                .to.emit(vault, "CollateralChanged")
                .withArgs(alice.id, WETH, -e18(1), e18(2))
                .and.to.emit(vault, "CollateralChanged")
                .withArgs(carol.id, WETH, e18(1), e18(1));
            expect((await vault.asset(WETH)).totalE18).to.equal(e18(4));
        });

        it("should change nothing when an account pays itself", async () => {
            const {vault, alice, weth} = await networkHelpers.loadFixture(fixture);
            await vault.connect(alice.signer).transfer(alice.id, alice.id, weth, e18(3));
            expect(await vault.unitsOf(alice.id, WETH)).to.equal(e18(3));
            const [, collateral] = await vault.holdingsOf(alice.id);
            expect(collateral).to.have.lengthOf(1);
        });
    });

    context("given a paying account that owes", () => {
        it("should ask the engine about the payer only", async () => {
            const {vault, engine, alice, bob, weth} = await networkHelpers.loadFixture(fixture);
            await engine.setAnswer(bob.id, -1n, 0n);
            await vault.connect(alice.signer).transfer(alice.id, bob.id, weth, 1n);
            await expect(vault.connect(bob.signer).transfer(bob.id, alice.id, weth, 1n))
                .to.be.revertedWithCustomError(engine, "RiskEngine_BelowInitial")
                .withArgs(bob.id, -1n, 0n);
        });

        it("should lend on transfer, but not while borrowing is paused", async () => {
            const {vault, bob, carol, usdc: coin} = await networkHelpers.loadFixture(fixture);
            await vault.connect(bob.signer).transfer(bob.id, carol.id, coin, e18(1));
            expect(await vault.lastCheckedBlock(bob.id)).to.equal(await ethers.provider.getBlockNumber());
            await vault.pauseBorrowing();
            await networkHelpers.time.setNextBlockTimestamp((await networkHelpers.time.latest()) + 1);
            await expect(
                vault.connect(bob.signer).transfer(bob.id, carol.id, coin, e18(1)),
            ).to.be.revertedWithCustomError(vault, "MarginVault_BorrowingPaused");
        });
    });

    context("given operators", () => {
        it("should let TRANSFER move between accounts of the owner only", async () => {
            const {vault, alice, bob, weth} = await networkHelpers.loadFixture(fixture);
            await vault.connect(alice.signer).setOperator(alice.id, bob.address, RIGHTS.transfer, 2n ** 40n - 1n);
            await vault.connect(bob.signer).transfer(alice.id, alice.second, weth, 1n);
            expect(await vault.unitsOf(alice.second, WETH)).to.equal(1n);
            await expect(vault.connect(bob.signer).transfer(alice.id, bob.id, weth, 1n))
                .to.be.revertedWithCustomError(vault, "MarginVault_NotAuthorised")
                .withArgs(alice.id, bob.address, RIGHTS.transfer);
        });
    });

    context("given something wrong", () => {
        it("should refuse strangers, zero, unknown tokens, too much and accounts that lose it", async () => {
            const {vault, alice, bob, carol, weth} = await networkHelpers.loadFixture(fixture);
            const asAlice = vault.connect(alice.signer);
            await expect(vault.connect(bob.signer).transfer(alice.id, alice.second, weth, 1n))
                .to.be.revertedWithCustomError(vault, "MarginVault_NotAuthorised")
                .withArgs(alice.id, bob.address, RIGHTS.transfer);
            await expect(asAlice.transfer(alice.id, carol.id, weth, 0n)).to.be.revertedWithCustomError(
                vault,
                "MarginVault_ZeroAmount",
            );
            await expect(asAlice.transfer(alice.id, carol.id, carol.address, 1n))
                .to.be.revertedWithCustomError(vault, "MarginVault_AssetNotOpen")
                .withArgs(carol.address);
            await expect(asAlice.transfer(alice.id, carol.id, weth, e18(3) + 1n))
                .to.be.revertedWithCustomError(vault, "MarginVault_InsufficientCollateral")
                .withArgs(alice.id, WETH, e18(3), e18(3) + 1n);
            const self = await vault.getAddress();
            for (const [account, lost] of [
                [ZeroHash, ZeroAddress],
                [accountId(self), self],
            ] as const) {
                await expect(asAlice.transfer(alice.id, account, weth, 1n))
                    .to.be.revertedWithCustomError(vault, "MarginVault_InvalidRecipient")
                    .withArgs(lost);
            }
        });
    });
});
