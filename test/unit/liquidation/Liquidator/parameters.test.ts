import {expect} from "chai";
import {encodeBytes32String} from "ethers";
import {network} from "hardhat";

import {CURVE, deployLiquidation, e18, fallShort, NO_WITNESS, ONE, PAY} from "./fixture.js";

const {ethers, networkHelpers} = await network.create();
const fixture = () => deployLiquidation(ethers);
const WEEK = 604_800n;

describe("Liquidator: setCurve", () => {
    it("should store the curve and say so", async () => {
        const {liquidator} = await networkHelpers.loadFixture(fixture);
        const curve = {...CURVE, dustE18: e18(20), targetHealthE18: e18("1.2")};
        await expect(liquidator.setCurve(curve)).to.emit(liquidator, "CurveSet").withArgs(Object.values(curve));
        expect([...(await liquidator.curve())]).to.deep.equal(Object.values(curve));
    });

    const bad = [
        ["discountFastE18", e18("0.01"), CURVE.discountStartE18, ONE],
        ["discountFastE18", ONE + 1n, CURVE.discountStartE18, ONE],
        ["fastSeconds", 0n, 1n, WEEK],
        ["slowSeconds", 0n, 1n, WEEK],
        ["slowSeconds", WEEK + 1n, 1n, WEEK],
        ["insolventSeconds", 0n, 1n, WEEK],
        ["insolventCapE18", ONE + 1n, 0n, ONE],
        ["targetHealthE18", ONE, e18("1.001"), e18(2)],
        ["targetHealthE18", e18(2) + 1n, e18("1.001"), e18(2)],
        ["dustE18", e18(100_001), 0n, e18(100_000)],
    ] as const;
    for (const [name, value, min, max] of bad) {
        it(`should refuse ${name} = ${value.toString()}`, async () => {
            const {liquidator} = await networkHelpers.loadFixture(fixture);
            await expect(liquidator.setCurve({...CURVE, [name]: value}))
                .to.be.revertedWithCustomError(liquidator, "Liquidator_ParameterOutOfBounds")
                .withArgs(encodeBytes32String(name), value, min, max);
        });
    }

    it("should refuse a caller without the role", async () => {
        const {liquidator, bob} = await networkHelpers.loadFixture(fixture);
        await expect(liquidator.connect(bob.signer).setCurve(CURVE))
            .to.be.revertedWithCustomError(liquidator, "AccessManagedUnauthorized")
            .withArgs(bob.address);
    });
});

describe("Liquidator: setKeeperPay", () => {
    it("should store the pay and say so", async () => {
        const {liquidator} = await networkHelpers.loadFixture(fixture);
        const pay = {...PAY, minE18: e18(1)};
        await expect(liquidator.setKeeperPay(pay)).to.emit(liquidator, "KeeperPaySet").withArgs(Object.values(pay));
        expect([...(await liquidator.keeperPay())]).to.deep.equal(Object.values(pay));
    });

    const bad = [
        ["startGas", 30_000_001n, 0n, 30_000_000n],
        ["takeGas", 30_000_001n, 0n, 30_000_000n],
        ["takeGasPerPosition", 30_000_001n, 0n, 30_000_000n],
        ["marginE18", ONE + 1n, 0n, ONE],
        ["maxGasPriceWei", 0n, 1n, 10n ** 14n],
        ["maxE18", 0n, PAY.minE18, e18(10_000)],
    ] as const;
    for (const [name, value, min, max] of bad) {
        it(`should refuse ${name} = ${value.toString()}`, async () => {
            const {liquidator} = await networkHelpers.loadFixture(fixture);
            await expect(liquidator.setKeeperPay({...PAY, [name]: value}))
                .to.be.revertedWithCustomError(liquidator, "Liquidator_ParameterOutOfBounds")
                .withArgs(encodeBytes32String(name), value, min, max);
        });
    }

    it("should refuse a caller without the role", async () => {
        const {liquidator, bob} = await networkHelpers.loadFixture(fixture);
        await expect(liquidator.connect(bob.signer).setKeeperPay(PAY))
            .to.be.revertedWithCustomError(liquidator, "AccessManagedUnauthorized")
            .withArgs(bob.address);
    });

    const cases = [
        ["base fee and tip below the cap", {maxGasPriceWei: 10n ** 12n}, 10n ** 9n, e18("66")],
        ["the cap on the gas price", {maxGasPriceWei: 10n ** 9n}, 10n ** 12n, e18(60)],
        ["the least pay", {minE18: e18(5)}, 10n ** 9n, e18(5)],
        ["the most pay", {maxE18: e18(2)}, 10n ** 9n, e18(2)],
    ] as const;
    for (const [name, change, baseFee, expected] of cases) {
        it(`should pay by ${name}`, async () => {
            const {liquidator, alice, bob} = await fallShort(await networkHelpers.loadFixture(fixture));
            await liquidator.setKeeperPay({...PAY, ...change});
            await networkHelpers.setNextBlockBaseFeePerGas(baseFee);
            // A tip of the keeper's own choice changes nothing.
            const options = {maxFeePerGas: 10n ** 13n, maxPriorityFeePerGas: 10n ** 12n, gasLimit: 3_000_000n};
            await liquidator.connect(bob.signer).start(alice.id, NO_WITNESS, bob.id, options);
            const [event] = await liquidator.queryFilter(liquidator.filters.AuctionStarted());
            expect(event?.args.payE18).to.equal(expected);
        });
    }
});
