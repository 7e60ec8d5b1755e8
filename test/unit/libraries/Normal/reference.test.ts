import {expect} from "chai";
import {network} from "hardhat";

import * as math from "../../../../scripts/sdk/math/index.js";
import {parseE18} from "../../../../scripts/sdk/units.js";

const {ethers, networkHelpers} = await network.create();

/** Computed with 50 digits, times 1e18, rounded to the nearest unit. */
const CDF: readonly (readonly [string, bigint])[] = [
    ["-9", 0n],
    ["-8.9", 0n],
    ["-8", 622n],
    ["-6", 986587645n],
    ["-5.5", 18989562466n],
    ["-5", 286651571879n],
    ["-3", 1349898031630095n],
    ["-2", 22750131948179207n],
    ["-1", 158655253931457051n],
    ["-0.7", 241963652223073015n],
    ["-0.67448975", 250000000062310184n],
    ["-0.5", 308537538725986896n],
    ["0", 500000000000000000n],
    ["0.5", 691462461274013104n],
    ["1", 841344746068542949n],
    ["2", 977249868051820793n],
    ["6", 999999999013412355n],
    ["9", 1000000000000000000n],
];

const PDF: readonly (readonly [string, bigint])[] = [
    ["0", 398942280401432678n],
    ["0.5", 352065326764299478n],
    ["-1", 241970724519143350n],
    ["3", 4431848411938007n],
    ["-8", 5052n],
    ["9", 0n],
];

describe("Normal", () => {
    async function fixture() {
        return {harness: await ethers.deployContract("PricingHarness")};
    }

    for (const [x, expected] of CDF) {
        it(`should know the distribution at ${x}`, async () => {
            const {harness} = await networkHelpers.loadFixture(fixture);
            const result = await harness.cdfE18(parseE18(x));
            expect(result).to.be.closeTo(expected, 1n);
            expect(math.cdfE18(parseE18(x)), "twin").to.equal(result);
        });
    }

    for (const [x, expected] of PDF) {
        it(`should know the density at ${x}`, async () => {
            const {harness} = await networkHelpers.loadFixture(fixture);
            const result = await harness.pdfE18(parseE18(x));
            expect(result).to.be.closeTo(expected, 1n);
            expect(math.pdfE18(parseE18(x)), "twin").to.equal(result);
        });
    }
});
