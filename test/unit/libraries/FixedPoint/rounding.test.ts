import {expect} from "chai";
import {network} from "hardhat";

import * as math from "../../../../scripts/sdk/math/index.js";

const {ethers, networkHelpers} = await network.create();

const ONE = 10n ** 18n;
const MIN_INT = -(2n ** 255n);
const MAX_UINT = 2n ** 256n - 1n;

describe("FixedPoint", () => {
    async function fixture() {
        return {harness: await ethers.deployContract("FixedPointHarness")};
    }

    /** a, b, denominator, floor, ceil: remainders in both signs, none, and products above 256 bits. */
    const signed: readonly (readonly [bigint, bigint, bigint, bigint, bigint])[] = [
        [7n, 1n, 2n, 3n, 4n],
        [-7n, 1n, 2n, -4n, -3n],
        [7n, -1n, 2n, -4n, -3n],
        [-7n, -1n, 2n, 3n, 4n],
        [-6n, 1n, 2n, -3n, -3n],
        [0n, -5n, 3n, 0n, 0n],
        [1n, 1n, 10n ** 30n, 0n, 1n],
        [-1n, 1n, 10n ** 30n, -1n, 0n],
        [2n ** 200n + 1n, 2n ** 100n, 2n ** 100n * 3n, (2n ** 200n + 1n) / 3n, (2n ** 200n + 1n) / 3n + 1n],
        [-(2n ** 200n) - 1n, 2n ** 100n, 2n ** 100n * 3n, -(2n ** 200n + 1n) / 3n - 1n, -(2n ** 200n + 1n) / 3n],
    ];

    for (const [a, b, denominator, floor, ceil] of signed) {
        it(`should round ${a} * ${b} / ${denominator} down to ${floor} and up to ${ceil}`, async () => {
            const {harness} = await networkHelpers.loadFixture(fixture);
            expect(await harness.mulDivFloor(a, b, denominator), "floor").to.equal(floor);
            expect(await harness.mulDivCeil(a, b, denominator), "ceil").to.equal(ceil);
            expect(math.mulDivFloor(a, b, denominator), "floor of the twin").to.equal(floor);
            expect(math.mulDivCeil(a, b, denominator), "ceil of the twin").to.equal(ceil);
        });
    }

    it("should round unsigned quotients by name", async () => {
        const {harness} = await networkHelpers.loadFixture(fixture);
        expect(await harness.mulDivDown(7n, 3n, 2n), "mulDivDown").to.equal(10n);
        expect(await harness.mulDivUp(7n, 3n, 2n), "mulDivUp").to.equal(11n);
        expect(await harness.mulDown(ONE + 1n, ONE - 1n), "mulDown").to.equal(ONE - 1n);
        expect(await harness.mulUp(ONE + 1n, ONE - 1n), "mulUp").to.equal(ONE);
        expect(await harness.divDown(ONE, 3n * ONE), "divDown").to.equal(333333333333333333n);
        expect(await harness.divUp(ONE, 3n * ONE), "divUp").to.equal(333333333333333334n);
    });

    it("should round signed products by name", async () => {
        const {harness} = await networkHelpers.loadFixture(fixture);
        expect(await harness.mulFloor(-1n, ONE / 2n), "mulFloor").to.equal(-1n);
        expect(await harness.mulCeil(-1n, ONE / 2n), "mulCeil").to.equal(0n);
        expect(await harness.mulFloor(1n, ONE / 2n), "mulFloor of a positive product").to.equal(0n);
        expect(await harness.mulCeil(1n, ONE / 2n), "mulCeil of a positive product").to.equal(1n);
    });

    context("when the denominator is not positive", () => {
        for (const denominator of [0n, -1n, MIN_INT]) {
            it(`should revert for ${denominator}`, async () => {
                const {harness} = await networkHelpers.loadFixture(fixture);
                // A free function's error is part of no ABI, so the harness's own view of it is spelled out.
                const errors = new ethers.Interface(["error FixedPoint_NonPositiveDenominator(int256 denominator)"]);
                for (const name of ["mulDivFloor", "mulDivCeil"] as const) {
                    await expect(harness[name](1n, 1n, denominator), name)
                        .to.be.revertedWithCustomError({interface: errors}, "FixedPoint_NonPositiveDenominator")
                        .withArgs(denominator);
                    expect(() => math[name](1n, 1n, denominator), name).to.throw("must be above zero");
                }
            });
        }
    });

    context("when a signed result does not fit", () => {
        it("should revert", async () => {
            const {harness} = await networkHelpers.loadFixture(fixture);
            const errors = new ethers.Interface(["error SafeCastOverflowedUintToInt(uint256 value)"]);
            await expect(harness.mulDivFloor(MIN_INT, -1n, 1n))
                .to.be.revertedWithCustomError({interface: errors}, "SafeCastOverflowedUintToInt")
                .withArgs(2n ** 255n);
            await expect(harness.mulDivDown(MAX_UINT, 2n, 1n)).to.be.revertedWithPanic(0x11);
        });
    });
});
