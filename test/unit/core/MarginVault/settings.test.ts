import {expect} from "chai";
import {encodeBytes32String, ZeroAddress} from "ethers";
import {network} from "hardhat";

import {CURVE, deployBare, deployVault, e18, RAY, WETH} from "./fixture.js";

const {ethers, networkHelpers} = await network.create();
const fixture = () => deployVault(ethers);
const bare = () => deployBare(ethers);

describe("MarginVault: constructor", () => {
    it("should start with indices of one and tell every parameter", async () => {
        const {vault, usdc: coin} = await networkHelpers.loadFixture(bare);
        expect(await vault.settlementToken()).to.equal(await coin.getAddress());
        expect(await vault.settlementDecimals()).to.equal(6n);
        expect(await vault.settlementCapE18()).to.equal(e18(1_000_000_000));
        const totals = await vault.cashTotals();
        expect([totals.supplyIndexE27, totals.borrowIndexE27]).to.deep.equal([RAY, RAY]);
        const deployment = vault.deploymentTransaction();
        await expect(deployment)
            .to.emit(vault, "RateCurveSet")
            .withArgs(Object.values(CURVE))
            .and.to.emit(vault, "SettlementCapSet")
            .withArgs(e18(1_000_000_000))
            .and.to.emit(vault, "InterestAccrued")
            .withArgs(RAY, RAY, 0n);
    });

    it("should refuse a settlement coin that cannot be held", async () => {
        const {vault, authority, alice} = await networkHelpers.loadFixture(bare);
        const factory = await ethers.getContractFactory("MarginVault");
        await expect(factory.deploy(authority, alice.address, CURVE, 1n))
            .to.be.revertedWithCustomError(vault, "MarginVault_CannotList")
            .withArgs(alice.address);
    });
});

describe("MarginVault: listAsset", () => {
    it("should number assets as they come and read their decimals", async () => {
        const {vault, weth, wbtc} = await networkHelpers.loadFixture(bare);
        await vault.listAsset(weth, 5n);
        await expect(vault.listAsset(wbtc, 7n)).to.emit(vault, "AssetListed").withArgs(1, wbtc, 8, 7n);
        expect([...(await vault.asset(1))]).to.deep.equal([await wbtc.getAddress(), 8n, true, 7n, 0n]);
        expect([...(await vault.assetIdOf(wbtc))]).to.deep.equal([true, 1n]);
        expect([...(await vault.assetIdOf(ZeroAddress))]).to.deep.equal([false, 0n]);
        expect(await vault.assetCount()).to.equal(2n);
    });

    it("should refuse the settlement coin, a listed token, and what is no token it can hold", async () => {
        const {vault, usdc: coin, weth, alice} = await networkHelpers.loadFixture(bare);
        await vault.listAsset(weth, 5n);
        const fine = await ethers.deployContract("MockToken", ["WIDE", 19]);
        const silent = await ethers.deployContract("TokenWithoutBalances");
        const bald = await ethers.deployContract("TokenWithoutDecimals");
        for (const token of [coin, weth, alice.address, ZeroAddress, fine, silent, bald]) {
            await expect(vault.listAsset(token, 1n))
                .to.be.revertedWithCustomError(vault, "MarginVault_CannotList")
                .withArgs(token);
        }
    });

    it("should take 32 assets, all of them into one account, and no more", async () => {
        const {vault, alice} = await networkHelpers.loadFixture(bare);
        for (let i = 0; i < 32; i++) {
            const token = await ethers.deployContract("MockToken", [`T${i}`, 18]);
            await vault.listAsset(token, e18(1));
            await token.mint(alice.address, 1n);
            await token.connect(alice.signer).approve(vault, 1n);
            await vault.connect(alice.signer).deposit(alice.id, token, 1n);
        }
        const [, collateral] = await vault.holdingsOf(alice.id);
        expect(collateral.map(({assetId}) => Number(assetId))).to.deep.equal([...Array(32).keys()]);
        const next = await ethers.deployContract("MockToken", ["T32", 18]);
        await expect(vault.listAsset(next, 1n))
            .to.be.revertedWithCustomError(vault, "MarginVault_CannotList")
            .withArgs(next);
    });
});

describe("MarginVault: setAssetCap, setSettlementCap", () => {
    it("should tell the cap before and after", async () => {
        const {vault} = await networkHelpers.loadFixture(fixture);
        await expect(vault.setAssetCap(WETH, 3n, false))
            .to.emit(vault, "AssetCapSet")
            .withArgs(WETH, e18(10_000), 3n, false);
        const {capE18, depositsOpen} = await vault.asset(WETH);
        expect([capE18, depositsOpen]).to.deep.equal([3n, false]);
        await expect(vault.setSettlementCap(9n)).to.emit(vault, "SettlementCapSet").withArgs(9n);
        expect(await vault.settlementCapE18()).to.equal(9n);
    });

    it("should refuse an asset that is not there and a cap that cannot be meant", async () => {
        const {vault} = await networkHelpers.loadFixture(fixture);
        for (const call of [() => vault.setAssetCap(2, 1n, true), () => vault.asset(2)]) {
            await expect(call())
                .to.be.revertedWithCustomError(vault, "MarginVault_ParameterOutOfBounds")
                .withArgs(encodeBytes32String("assetId"), 2, 0, 1);
        }
        const max = 2n ** 120n - 1n;
        await vault.setSettlementCap(max);
        await expect(vault.setSettlementCap(max + 1n))
            .to.be.revertedWithCustomError(vault, "MarginVault_ParameterOutOfBounds")
            .withArgs(encodeBytes32String("settlementCap"), max + 1n, 0, max);
    });
});

describe("MarginVault: setRateCurve", () => {
    it("should tell and keep the curve", async () => {
        const {vault} = await networkHelpers.loadFixture(fixture);
        const curve = {...CURVE, baseE18: 7n * 10n ** 9n};
        await expect(vault.setRateCurve(curve)).to.emit(vault, "RateCurveSet").withArgs(Object.values(curve));
        expect([...(await vault.rateCurve())]).to.deep.equal(Object.values(curve));
    });

    const cases = [
        ["base", "baseE18", 0n, e18(1)],
        ["kink", "kinkE18", e18("0.01"), e18("0.99")],
        ["slopeLow", "slopeLowE18", 0n, e18(4)],
        ["slopeHigh", "slopeHighE18", 0n, e18(4)],
        ["reserve", "reserveE18", 0n, e18("0.5")],
    ] as const;
    for (const [name, field, min, max] of cases) {
        it(`should keep ${name} within its bounds`, async () => {
            const {vault} = await networkHelpers.loadFixture(fixture);
            for (const value of [min, max]) await vault.setRateCurve({...CURVE, [field]: value});
            for (const value of min > 0n ? [min - 1n, max + 1n] : [max + 1n]) {
                await expect(vault.setRateCurve({...CURVE, [field]: value}))
                    .to.be.revertedWithCustomError(vault, "MarginVault_ParameterOutOfBounds")
                    .withArgs(encodeBytes32String(name), value, min, max);
            }
        });

        it(`should refuse a ${name} finer than its unit, and keep the finest`, async () => {
            const {vault} = await networkHelpers.loadFixture(fixture);
            const finest = {...CURVE, [field]: CURVE[field] + 10n ** 9n};
            await vault.setRateCurve(finest);
            for (const value of [CURVE[field] + 1n, CURVE[field] + 10n ** 9n - 1n]) {
                await expect(vault.setRateCurve({...CURVE, [field]: value}))
                    .to.be.revertedWithCustomError(vault, "MarginVault_InexactParameter")
                    .withArgs(encodeBytes32String(name), value, 10n ** 9n);
            }
            expect([...(await vault.rateCurve())], "stored without loss").to.deep.equal(Object.values(finest));
        });
    }
});

describe("MarginVault: pauseBorrowing, unpauseBorrowing", () => {
    it("should be two functions, so that the first can do without delay", async () => {
        const {vault} = await networkHelpers.loadFixture(fixture);
        await expect(vault.pauseBorrowing()).to.emit(vault, "BorrowingPausedSet").withArgs(true);
        expect(await vault.borrowingPaused()).to.equal(true);
        await vault.pauseBorrowing();
        expect(await vault.borrowingPaused(), "paused twice").to.equal(true);
        await expect(vault.unpauseBorrowing()).to.emit(vault, "BorrowingPausedSet").withArgs(false);
        expect(await vault.borrowingPaused()).to.equal(false);
    });
});

describe("MarginVault: restricted functions", () => {
    it("should refuse everyone without the role", async () => {
        const {vault, alice, weth} = await networkHelpers.loadFixture(fixture);
        const stranger = vault.connect(alice.signer);
        const rooms = await vault.core();
        for (const call of [
            () => stranger.setCore(rooms[0], rooms[1], rooms[2], rooms[3]),
            () => stranger.listAsset(weth, 1n),
            () => stranger.setAssetCap(0, 1n, true),
            () => stranger.setSettlementCap(1n),
            () => stranger.setRateCurve(CURVE),
            () => stranger.pauseBorrowing(),
            () => stranger.unpauseBorrowing(),
        ]) {
            await expect(call())
                .to.be.revertedWithCustomError(vault, "AccessManagedUnauthorized")
                .withArgs(alice.address);
        }
    });
});
