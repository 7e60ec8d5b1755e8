/** Books at and past the edges: expired legs, and books that do not read. */
import {expect} from "chai";
import {network} from "hardhat";

import * as risk from "../fixture.js";
import {book, BTC, call, days, e18, ETH, future, near, num, perp, put} from "../fixture.js";

const {ethers, networkHelpers} = await network.create(risk.RISK_CHAIN);
const MONTH = days(30);

describe("RiskEngine.assessBook, edges", () => {
    const fixture = async () => risk.riskFixture(ethers);
    const scanOnly = async () => risk.scanOnlyFixture(ethers);

    context("given expired legs", () => {
        const EXPIRED = days(-1);

        it("should hold their settlement price, which nothing moves", async () => {
            const {engine, market} = await networkHelpers.loadFixture(scanOnly);
            await market.setSettlement(BTC, EXPIRED, e18(68_000));
            const legs: risk.Leg[] = [
                [future(BTC, EXPIRED), 2],
                [call(BTC, EXPIRED, 66_000), -1],
                [put(BTC, EXPIRED, 69_000), 3],
                [put(BTC, EXPIRED, 60_000), -9],
            ];
            expect(await engine.assessBook(book({legs}))).to.deep.equal([e18(2 * 68_000 - 2_000 + 3_000), 0n, 0n]);
        });

        it("should take intrinsic value at the index while the price is not fixed", async () => {
            const {engine} = await networkHelpers.loadFixture(scanOnly);
            const legs: risk.Leg[] = [
                [call(BTC, EXPIRED, 66_000), -1],
                [put(BTC, EXPIRED, 60_000), -1],
            ];
            const {equityE18, maintenanceE18} = await engine.assessBook(book({legs}));
            expect(equityE18).to.equal(e18(-4_000));
            // Worst regular move: up to 70,000 / 0.84.
            near(num(maintenanceE18), 70_000 * (1 / 0.84 - 1), 1e-6);
            const [part] = (await engine.report(book({legs}))).underlyings;
            expect(part?.deltaE18).to.equal(e18(-1));
        });
    });

    context("given a book that does not read", () => {
        const ascending: risk.Leg[] = [
            [perp(BTC), 1],
            [future(BTC, MONTH), 1],
        ];

        it("should refuse positions out of order or twice", async () => {
            const {engine} = await networkHelpers.loadFixture(fixture);
            const good = book({legs: ascending});
            for (const positions of [[...good.positions].reverse(), [good.positions[0], good.positions[0]]]) {
                const bad = {...good, positions: positions as typeof good.positions};
                await expect(engine.assessBook(bad)).to.be.revertedWithCustomError(engine, "RiskEngine_UnorderedBook");
            }
        });

        it("should refuse quotes or collateral out of order or twice", async () => {
            const {engine} = await networkHelpers.loadFixture(fixture);
            for (const bad of [
                book({quotes: [[ETH, 1], [BTC, 1]]}), // prettier-ignore
                book({quotes: [[BTC, 1], [BTC, 1]]}), // prettier-ignore
                book({collateral: [[1, 1], [0, 1]]}), // prettier-ignore
                book({collateral: [[1, 1], [1, 1]]}), // prettier-ignore
            ]) {
                await expect(engine.assessBook(bad)).to.be.revertedWithCustomError(engine, "RiskEngine_UnorderedBook");
            }
        });

        it("should name an underlying or an asset it does not know", async () => {
            const {engine, parameters} = await networkHelpers.loadFixture(fixture);
            await expect(engine.assessBook(book({legs: [[perp(9), 1]]})))
                .to.be.revertedWithCustomError(parameters, "RiskParameters_UnknownUnderlying")
                .withArgs(9);
            await expect(engine.assessBook(book({collateral: [[7, 1]]})))
                .to.be.revertedWithCustomError(parameters, "RiskParameters_UnknownAsset")
                .withArgs(7);
        });

        it("should pass on what a feed refuses", async () => {
            const {engine, market} = await networkHelpers.loadFixture(fixture);
            const oracle = await ethers.getContractAt("IPriceOracle", market);
            const surfaces = await ethers.getContractAt("ISurfaceOracle", market);
            await market.setPrice(ETH, 0n);
            await expect(engine.assessBook(book({legs: [[perp(ETH), 1]]})))
                .to.be.revertedWithCustomError(oracle, "PriceOracle_UnknownFeed")
                .withArgs(ETH);
            await expect(engine.assessBook(book({legs: [[future(BTC, days(13)), 1]]})))
                .to.be.revertedWithCustomError(surfaces, "SurfaceOracle_NoSurface")
                .withArgs(BTC, days(13));
        });
    });
});
