import {expect} from "chai";
import {network} from "hardhat";

import * as math from "../../../../scripts/sdk/math/index.js";
import {parseE18} from "../../../../scripts/sdk/units.js";

const {ethers, networkHelpers} = await network.create();

/** Expected figures were computed with 50 digits and cut (exp, pow) or rounded (ln) to 18 decimals. */
const EXP: readonly (readonly [string, bigint])[] = [
    ["-42", 0n],
    ["-41.5", 0n],
    ["-41", 1n],
    ["-20", 2061153622n],
    ["-1", 367879441171442321n],
    ["-0.000000000000000001", 999999999999999999n],
    ["0", 1000000000000000000n],
    ["0.05", 1051271096376024039n],
    ["1", 2718281828459045235n],
    ["2.302585092994045684", 9999999999999999999n],
    ["10", 22026465794806716516957n],
    ["50.5", 8548134287298057692257916908921684841847n],
];

const LN: readonly (readonly [string, bigint])[] = [
    ["0.000000000000000001", -41446531673892822312n],
    ["0.001", -6907755278982137052n],
    ["0.5", -693147180559945309n],
    ["0.84", -174353387144777753n],
    ["0.999999999999999999", -1n],
    ["1", 0n],
    ["1.000000000000000001", 1n],
    ["1.5", 405465108108164382n],
    ["2", 693147180559945309n],
    ["5", 1609437912434100375n],
    ["70000", 11156250521031496041n],
    ["10000000000000000000000000000000000000000", 92103403719761827361n],
];

const POW: readonly (readonly [string, string, bigint])[] = [
    ["30", "0.30", 2774191114672181086n],
    ["4.285714285714285714", "0.3", 1547415577210813198n],
    ["0.081967213114754098", "0.35", 416652564507473844n],
    ["2", "-3.5", 88388347648318440n],
    ["1", "77", 1000000000000000000n],
];

describe("Transcendental", () => {
    async function fixture() {
        return {harness: await ethers.deployContract("PricingHarness")};
    }

    for (const [x, expected] of EXP) {
        it(`should know e^${x}`, async () => {
            const {harness} = await networkHelpers.loadFixture(fixture);
            const result = await harness.expE18(parseE18(x));
            // Relative error below 1e-22, and one unit for the cut.
            expect(result).to.be.closeTo(expected, expected / 10n ** 22n + 1n);
            expect(math.expE18(parseE18(x)), "twin").to.equal(result);
        });
    }

    for (const [x, expected] of LN) {
        it(`should know ln ${x}`, async () => {
            const {harness} = await networkHelpers.loadFixture(fixture);
            expect(await harness.lnE18(parseE18(x))).to.equal(expected);
            expect(math.lnE18(parseE18(x)), "twin").to.equal(expected);
        });
    }

    for (const [x, p, expected] of POW) {
        it(`should know ${x}^${p}`, async () => {
            const {harness} = await networkHelpers.loadFixture(fixture);
            const result = await harness.powE18(parseE18(x), parseE18(p));
            expect(result).to.be.closeTo(expected, 6n);
            expect(math.powE18(parseE18(x), parseE18(p)), "twin").to.equal(result);
        });
    }

    it("should know the logarithm of a ratio both ways round", async () => {
        const {harness} = await networkHelpers.loadFixture(fixture);
        expect(await harness.lnRatioE18(2n, 1n)).to.equal(693147180559945309n);
        expect(await harness.lnRatioE18(1n, 2n)).to.equal(-693147180559945309n);
        expect(await harness.lnRatioE18(3n, 3n)).to.equal(0n);
        expect(await harness.lnRatioE18(1n, 10n ** 40n)).to.equal(-92103403719761827361n);
    });

    it("should round roots down", async () => {
        const {harness} = await networkHelpers.loadFixture(fixture);
        expect(await harness.sqrtE18(2n * 10n ** 18n)).to.equal(1414213562373095048n);
        expect(await harness.sqrtE18(0n)).to.equal(0n);
        expect(await harness.hypotE18(-3n, 4n)).to.equal(5n);
        expect(await harness.hypotE18(10n ** 18n, 10n ** 18n)).to.equal(1414213562373095048n);
        expect(math.sqrtE18(2n * 10n ** 18n), "twin").to.equal(1414213562373095048n);
    });

    context("when the exponential does not fit", () => {
        it("should revert with the argument", async () => {
            const {harness} = await networkHelpers.loadFixture(fixture);
            const limit = math.EXP_MAX_E18;
            const atLimit = 287264955081783193326733322496215381894532426973996295233800225105733746688n;
            expect(await harness.expE18(limit)).to.be.closeTo(atLimit, atLimit / 10n ** 22n);
            const errors = new ethers.Interface(["error Transcendental_ExpOverflow(int256 xE18)"]);
            await expect(harness.expE18(limit + 1n))
                .to.be.revertedWithCustomError({interface: errors}, "Transcendental_ExpOverflow")
                .withArgs(limit + 1n);
            expect(() => math.expE18(limit + 1n)).to.throw("too great");
        });
    });

    context("when the logarithm of zero is asked for", () => {
        it("should revert", async () => {
            const {harness} = await networkHelpers.loadFixture(fixture);
            const errors = new ethers.Interface(["error Transcendental_LnOfZero()"]);
            await expect(harness.lnE18(0n)).to.be.revertedWithCustomError(
                {interface: errors},
                "Transcendental_LnOfZero",
            );
            expect(() => math.lnE18(0n)).to.throw("above zero");
        });
    });
});
