import {expect} from "chai";
import {network} from "hardhat";

import * as math from "../../../../scripts/sdk/math/index.js";

const {ethers, networkHelpers} = await network.create();

describe("Decimals", () => {
    async function fixture() {
        return {harness: await ethers.deployContract("FixedPointHarness")};
    }

    /** Native amount, decimals, the same with 18 decimals. */
    const exact: readonly (readonly [bigint, number, bigint])[] = [
        [1_234_567n, 6, 1_234_567_000_000_000_000n],
        [1n, 8, 10_000_000_000n],
        [5n, 18, 5n],
        [7n, 0, 7_000_000_000_000_000_000n],
    ];

    for (const [native, decimals, e18] of exact) {
        it(`should convert ${native} of ${decimals} decimals both ways`, async () => {
            const {harness} = await networkHelpers.loadFixture(fixture);
            expect(await harness.toE18(native, decimals), "toE18").to.equal(e18);
            expect(await harness.toNativeDown(e18, decimals), "toNativeDown").to.equal(native);
            expect(await harness.toNativeUp(e18, decimals), "toNativeUp").to.equal(native);
            expect(math.toE18(native, decimals), "toE18 of the twin").to.equal(e18);
        });
    }

    it("should pay out less and ask for more when there is a remainder", async () => {
        const {harness} = await networkHelpers.loadFixture(fixture);
        const e18 = 1_999_999_999_999n;
        expect(await harness.toNativeDown(e18, 6), "down").to.equal(1n);
        expect(await harness.toNativeUp(e18, 6), "up").to.equal(2n);
        expect(math.toNativeDown(e18, 6), "down of the twin").to.equal(1n);
        expect(math.toNativeUp(e18, 6), "up of the twin").to.equal(2n);
    });

    context("when a token has more than 18 decimals", () => {
        it("should revert with the number", async () => {
            const {harness} = await networkHelpers.loadFixture(fixture);
            const errors = new ethers.Interface(["error Decimals_TooMany(uint8 decimals)"]);
            for (const call of [harness.toE18, harness.toNativeDown, harness.toNativeUp]) {
                await expect(call(1n, 19))
                    .to.be.revertedWithCustomError({interface: errors}, "Decimals_TooMany")
                    .withArgs(19);
            }
            expect(() => math.toE18(1n, 19)).to.throw("19 decimals");
        });
    });
});
