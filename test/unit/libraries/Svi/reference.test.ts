import {expect} from "chai";
import {network} from "hardhat";

import {lnRatioE18} from "../../../../scripts/sdk/math/index.js";
import * as svi from "../../../../scripts/sdk/risk/svi.js";
import {parseE18} from "../../../../scripts/sdk/units.js";

const {ethers, networkHelpers} = await network.create();

const ONE = 10n ** 18n;

/** A published two-week smile on a forward of 1805. */
const YEARS = parseE18("0.038356164383561646");
const SMILE: svi.Smile = {
    aE18: parseE18("0.027616438356164386"),
    bE18: parseE18("0.041424657534246574"),
    rhoE18: parseE18("0.003452054794520548"),
    mE18: parseE18("0.001726027397260274"),
    sigmaE18: parseE18("0.000345205479452055"),
};

const surface = (smile: svi.Smile) => ({...smile, publishedAt: 1n, forwardRatioE18: ONE, discountE18: ONE});

describe("Svi", () => {
    async function fixture() {
        return {harness: await ethers.deployContract("PricingHarness")};
    }

    for (const [strike, expected] of [
        ["1500", "0.9597244734120128"],
        ["2400", "1.0133571334275668"],
    ] as const) {
        it(`should know the volatility at strike ${strike}`, async () => {
            const {harness} = await networkHelpers.loadFixture(fixture);
            const k = lnRatioE18(parseE18(strike), parseE18("1805"));
            const result = await harness.volatility(surface(SMILE), k, YEARS);
            expect(result).to.be.closeTo(parseE18(expected), 1_000n);
            expect(svi.volatility(SMILE, k, YEARS), "twin").to.equal(result);
        });
    }

    it("should round variance down at both ends of a product", async () => {
        const {harness} = await networkHelpers.loadFixture(fixture);
        // rho * (k - m) = -0.5e-18 and sqrt(1 + 1) = 1.4: floors to -1 + 1 = 0.
        const smile: svi.Smile = {aE18: 5n, bE18: ONE, rhoE18: -ONE / 2n, mE18: 0n, sigmaE18: 1n};
        expect(await harness.totalVariance(surface(smile), 1n)).to.equal(5n);
        expect(svi.totalVariance(smile, 1n), "twin").to.equal(5n);
    });

    it("should never answer a variance below zero", async () => {
        const {harness} = await networkHelpers.loadFixture(fixture);
        const smile = {...SMILE, aE18: -ONE};
        expect(await harness.totalVariance(surface(smile), 0n)).to.equal(0n);
        expect(svi.totalVariance(smile, 0n), "twin").to.equal(0n);
    });

    const FLAT: svi.Smile = {aE18: ONE / 10n, bE18: 0n, rhoE18: 0n, mE18: 0n, sigmaE18: 1n};
    const WIDE: svi.Smile = {aE18: 0n, bE18: 2n * ONE, rhoE18: ONE - 1n, mE18: 0n, sigmaE18: ONE};
    const cases: readonly (readonly [string, svi.Smile, boolean])[] = [
        ["accept a published smile", SMILE, true],
        ["accept a flat smile", FLAT, true],
        ["accept slopes up to four", {...WIDE, bE18: 2n * ONE, rhoE18: ONE - 1n}, true],
        ["refuse slopes above four", {...WIDE, bE18: 2n * ONE + 2n}, false],
        ["refuse correlation of one", {...FLAT, rhoE18: ONE}, false],
        ["refuse correlation of minus one", {...FLAT, rhoE18: -ONE}, false],
        ["refuse a curvature of zero", {...FLAT, sigmaE18: 0n}, false],
        ["accept a least variance of zero", {...FLAT, aE18: -ONE, bE18: ONE, sigmaE18: ONE}, true],
        ["refuse a least variance below zero", {...FLAT, aE18: -ONE - 1n, bE18: ONE, sigmaE18: ONE}, false],
    ];

    for (const [title, smile, expected] of cases) {
        it(`should ${title}`, async () => {
            const {harness} = await networkHelpers.loadFixture(fixture);
            expect(await harness.isAcceptable(surface(smile))).to.equal(expected);
            expect(svi.isAcceptable(smile), "twin").to.equal(expected);
        });
    }
});
