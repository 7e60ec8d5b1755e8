import {expect} from "chai";
import {ZeroAddress, ZeroHash} from "ethers";
import {network} from "hardhat";

import {accountId} from "../../../../scripts/sdk/ids.js";
import {deployVault, e18, surplusE18, usdc, WBTC, WETH} from "./fixture.js";

const {ethers, networkHelpers} = await network.create();
const fixture = () => deployVault(ethers);

describe("MarginVault: deposit", () => {
    context("given an open token", () => {
        it("should credit settlement coin with 18 decimals", async () => {
            const {vault, alice, usdc: coin} = await networkHelpers.loadFixture(fixture);
            await expect(vault.connect(alice.signer).deposit(alice.id, coin, usdc("12.345678")))
                .to.emit(vault, "Deposited")
                .withArgs(alice.id, coin, alice.address, 12_345_678n, e18("12.345678"))
                .and.to.emit(vault, "CashChanged")
                .withArgs(alice.id, e18("12.345678"), e18("12.345678"));
            expect(await vault.cashOf(alice.id), "cash").to.equal(e18("12.345678"));
            expect(await coin.balanceOf(vault), "tokens").to.equal(12_345_678n);
            expect((await vault.cashTotals()).suppliedE18, "supplied").to.equal(e18("12.345678"));
        });

        it("should credit collateral with 18 decimals and mark the asset", async () => {
            const {vault, alice, wbtc} = await networkHelpers.loadFixture(fixture);
            await expect(vault.connect(alice.signer).deposit(alice.id, wbtc, 150_000_001n))
                .to.emit(vault, "Deposited")
                .withArgs(alice.id, wbtc, alice.address, 150_000_001n, e18("1.50000001"))
                .and.to.emit(vault, "CollateralChanged")
                .withArgs(alice.id, WBTC, e18("1.50000001"), e18("1.50000001"));
            const [cashE18, collateral, model] = await vault.holdingsOf(alice.id);
            expect([cashE18, model]).to.deep.equal([0n, 0n]);
            expect(collateral.map((held) => [...held])).to.deep.equal([[1n, e18("1.50000001")]]);
            expect((await vault.asset(WBTC)).totalE18, "total").to.equal(e18("1.50000001"));
        });

        it("should list several assets in ascending order", async () => {
            const {vault, alice, weth, wbtc} = await networkHelpers.loadFixture(fixture);
            await vault.connect(alice.signer).deposit(alice.id, wbtc, 1n);
            await vault.connect(alice.signer).deposit(alice.id, weth, 5n);
            await vault.connect(alice.signer).deposit(alice.id, weth, 2n);
            const [, collateral] = await vault.holdingsOf(alice.id);
            expect(collateral.map((held) => [...held])).to.deep.equal([
                [0n, 7n],
                [1n, 10n ** 10n],
            ]);
            expect(await vault.unitsOf(alice.id, WETH)).to.equal(7n);
        });

        it("should credit the account of another, from the caller's tokens", async () => {
            const {vault, alice, bob, usdc: coin} = await networkHelpers.loadFixture(fixture);
            await expect(vault.connect(bob.signer).deposit(alice.second, coin, usdc(3))).to.changeTokenBalances(
                ethers,
                coin,
                [bob.address, alice.address, vault],
                [-usdc(3), 0n, usdc(3)],
            );
            expect(await vault.cashOf(alice.second), "second").to.equal(e18(3));
            expect(await vault.cashOf(alice.id), "first").to.equal(0n);
            expect(await vault.cashOf(bob.id), "payer").to.equal(0n);
        });

        it("should work while every feed is down (FSP-1)", async () => {
            const {vault, alice, clearinghouse, engine, usdc: coin} = await networkHelpers.loadFixture(fixture);
            await engine.setDown(true);
            await clearinghouse.setPositions(alice.id, 1, 0);
            await vault.connect(alice.signer).deposit(alice.id, coin, usdc(1));
            expect(await vault.cashOf(alice.id)).to.equal(e18(1));
        });
    });

    context("given a cap", () => {
        it("should fill the cap of an asset to the unit and no further", async () => {
            const {vault, alice, weth} = await networkHelpers.loadFixture(fixture);
            await vault.setAssetCap(WETH, 10n, true);
            await vault.connect(alice.signer).deposit(alice.id, weth, 10n);
            await expect(vault.connect(alice.signer).deposit(alice.id, weth, 1n))
                .to.be.revertedWithCustomError(vault, "MarginVault_CapExceeded")
                .withArgs(weth, 11n, 10n);
        });

        it("should fill the cap of the settlement coin to the unit and no further", async () => {
            const {vault, alice, usdc: coin} = await networkHelpers.loadFixture(fixture);
            await vault.setSettlementCap(e18(10));
            await vault.connect(alice.signer).deposit(alice.id, coin, usdc(10));
            await expect(vault.connect(alice.signer).deposit(alice.id, coin, 1n))
                .to.be.revertedWithCustomError(vault, "MarginVault_CapExceeded")
                .withArgs(coin, e18("10.000001"), e18(10));
        });

        it("should take what only repays a debt, whatever the cap", async () => {
            const f = await networkHelpers.loadFixture(fixture);
            const {vault, alice, bob, usdc: coin, weth} = f;
            await vault.connect(alice.signer).deposit(alice.id, coin, usdc(10));
            await vault.connect(bob.signer).deposit(bob.id, weth, e18(1));
            await vault.connect(bob.signer).withdraw(bob.id, coin, usdc(5), bob.address);
            await vault.setSettlementCap(0n);
            await vault.connect(bob.signer).deposit(bob.id, coin, usdc(5));
            expect(await vault.cashOf(bob.id)).to.be.lessThan(0n); // interest of a few seconds
            expect(await surplusE18(f), "VLT-1").to.be.at.least(0n);
        });
    });

    context("given something wrong", () => {
        it("should refuse an amount of zero", async () => {
            const {vault, alice, usdc: coin} = await networkHelpers.loadFixture(fixture);
            await expect(vault.connect(alice.signer).deposit(alice.id, coin, 0n)).to.be.revertedWithCustomError(
                vault,
                "MarginVault_ZeroAmount",
            );
        });

        it("should refuse an unknown token", async () => {
            const {vault, alice} = await networkHelpers.loadFixture(fixture);
            const other = await ethers.deployContract("MockToken", ["DAI", 18]);
            await expect(vault.connect(alice.signer).deposit(alice.id, other, 1n))
                .to.be.revertedWithCustomError(vault, "MarginVault_AssetNotOpen")
                .withArgs(other);
        });

        it("should refuse a closed asset and still let it out", async () => {
            const {vault, alice, weth} = await networkHelpers.loadFixture(fixture);
            await vault.connect(alice.signer).deposit(alice.id, weth, 1n);
            await vault.setAssetCap(WETH, e18(1), false);
            await expect(vault.connect(alice.signer).deposit(alice.id, weth, 1n))
                .to.be.revertedWithCustomError(vault, "MarginVault_AssetNotOpen")
                .withArgs(weth);
            await vault.connect(alice.signer).withdraw(alice.id, weth, 1n, alice.address);
            expect(await vault.unitsOf(alice.id, WETH)).to.equal(0n);
        });

        it("should refuse accounts that nobody could empty", async () => {
            const {vault, alice, usdc: coin} = await networkHelpers.loadFixture(fixture);
            await expect(vault.connect(alice.signer).deposit(ZeroHash, coin, 1n))
                .to.be.revertedWithCustomError(vault, "MarginVault_InvalidRecipient")
                .withArgs(ZeroAddress);
            const self = await vault.getAddress();
            await expect(vault.connect(alice.signer).deposit(accountId(self), coin, 1n))
                .to.be.revertedWithCustomError(vault, "MarginVault_InvalidRecipient")
                .withArgs(self);
        });
    });
});
