/** Functions that take an account: assess, bookOf, requireInitial, requireMaintenance; and what the engine is built from. */
import {expect} from "chai";
import {ZeroAddress} from "ethers";
import {network} from "hardhat";

import * as risk from "../fixture.js";
import {book, BTC, days, e18, ETH, future, perp} from "../fixture.js";

const {ethers, networkHelpers} = await network.create(risk.RISK_CHAIN);

describe("RiskEngine, by account", () => {
    const fixture = async () => risk.riskFixture(ethers);
    const scanOnly = async () => risk.scanOnlyFixture(ethers);

    describe("constructor", () => {
        it("should name what it reads", async () => {
            const {engine, models, market, parameters, table} = await networkHelpers.loadFixture(fixture);
            for (const contract of [engine, models]) {
                expect(await contract.vault()).to.equal(market);
                expect(await contract.clearinghouse()).to.equal(market);
                expect(await contract.parameters()).to.equal(parameters);
                expect(await contract.table()).to.equal(table);
            }
            expect(await engine.models()).to.equal(models);
        });

        for (const place of [0, 1, 2]) {
            it(`should refuse to do without contract ${place}`, async () => {
                const {engine, market, parameters, table} = await networkHelpers.loadFixture(fixture);
                const or = <T>(at: number, contract: T): T | string => (at === place ? ZeroAddress : contract);
                await expect(
                    ethers.deployContract("RiskGreeks", [or(0, market), or(1, market), or(2, parameters), table]),
                ).to.be.revertedWithCustomError(engine, "RiskEngine_ZeroAddress");
            });
        }
    });

    describe("assess and bookOf", () => {
        it("should read the book from vault and clearinghouse", async () => {
            const {engine, market, account} = await networkHelpers.loadFixture(fixture);
            const held = book({
                model: 1,
                cash: "-250.5",
                collateral: [[risk.WETH, 3]],
                quotes: [
                    [BTC, 69_000],
                    [ETH, -10],
                ],
                legs: [
                    [perp(BTC), -1],
                    [future(ETH, days(30)), "2.5"],
                ],
            });
            await market.setBook(account, held);
            expect(await engine.assess(account)).to.deep.equal(await engine.assessBook(held));
        });

        it("should take positions in whatever order the clearinghouse keeps them", async () => {
            const {engine, market, account} = await networkHelpers.loadFixture(fixture);
            // Legs that hedge each other: a book that is taken apart is another book.
            const held = book({
                cash: 50_000,
                legs: [
                    [perp(BTC), 1],
                    [future(BTC, days(30)), -1],
                    [perp(ETH), -5],
                    [future(ETH, days(30)), 5],
                ],
            });
            await market.setBook(account, held);
            const ordered = await engine.assess(account);
            const [a, b, c, d] = held.positions;
            for (const positions of [
                [d, c, b, a],
                [c, a, d, b],
            ]) {
                await market.setBook(account, {...held, positions: positions.flatMap((one) => one ?? [])});
                expect(await engine.assess(account)).to.deep.equal(ordered);
            }
        });

        it("should find nothing in an account nobody used", async () => {
            const {engine, account} = await networkHelpers.loadFixture(risk.bareFixture.bind(undefined, ethers));
            expect(await engine.assess(account)).to.deep.equal([0n, 0n, 0n]);
        });
    });

    describe("requireInitial and requireMaintenance", () => {
        // One BTC long asks 11,200 to hold and 14,000 to open; entry at spot, so equity is the cash.
        for (const [cash, opens, holds] of [
            ["14000", true, true],
            ["13999.999999999999999999", false, true],
            ["11200", false, true],
            ["11199.999999999999999999", false, false],
        ] as const) {
            context(`when the account has ${cash}`, () => {
                async function funded() {
                    const all = await networkHelpers.loadFixture(scanOnly);
                    await all.market.setBook(
                        all.account,
                        book({cash, quotes: [[BTC, -70_000]], legs: [[perp(BTC), 1]]}),
                    );
                    return all;
                }

                it(`should ${opens ? "let it open" : "not let it open"}`, async () => {
                    const {engine, account} = await funded();
                    if (opens) {
                        await engine.requireInitial(account);
                        return;
                    }
                    await expect(engine.requireInitial(account))
                        .to.be.revertedWithCustomError(engine, "RiskEngine_BelowInitial")
                        .withArgs(account, e18(cash), e18(14_000));
                });

                it(`should ${holds ? "let it be" : "call it short"}`, async () => {
                    const {engine, account} = await funded();
                    if (holds) {
                        await engine.requireMaintenance(account);
                        return;
                    }
                    await expect(engine.requireMaintenance(account))
                        .to.be.revertedWithCustomError(engine, "RiskEngine_BelowMaintenance")
                        .withArgs(account, e18(cash), e18(11_200));
                });
            });
        }
    });

    describe("assessBookAt", () => {
        it("should move perpetual and forwards in proportion to spot", async () => {
            const {engine, market} = await networkHelpers.loadFixture(fixture);
            await market.setPerp(BTC, e18("1.002"), 0n);
            await market.setSurface(BTC, days(30), risk.flatSurface(days(30), 0.6, 1.01, 0.99));
            const held = book({
                cash: 50_000,
                collateral: [[risk.WBTC, 1]],
                legs: [
                    [perp(BTC), 1],
                    [future(BTC, days(30)), -2],
                    [risk.call(BTC, days(30), 75_000), 1],
                    [perp(ETH), 3],
                ],
            });
            const guess = await engine.assessBookAt(held, BTC, e18(77_777));
            await networkHelpers.time.setNextBlockTimestamp(await networkHelpers.time.latest());
            await market.setPrice(BTC, e18(77_777));
            expect(guess).to.deep.equal(await engine.assessBook(held));
        });

        it("should change nothing at the spot of now or for an underlying the book does not have", async () => {
            const {engine, market} = await networkHelpers.loadFixture(fixture);
            await market.setPerp(BTC, e18("1.002"), 0n);
            const held = book({cash: 50_000, legs: [[perp(BTC), 1]]});
            const now = await engine.assessBook(held);
            expect(await engine.assessBookAt(held, BTC, e18(70_000))).to.deep.equal(now);
            expect(await engine.assessBookAt(held, ETH, e18(1))).to.deep.equal(now);
        });

        for (const spotE18 of [0n, 2n ** 128n]) {
            it(`should refuse a spot of ${spotE18}`, async () => {
                const {engine} = await networkHelpers.loadFixture(fixture);
                await expect(engine.assessBookAt(book({}), BTC, spotE18))
                    .to.be.revertedWithCustomError(engine, "RiskEngine_InvalidSpot")
                    .withArgs(BTC, spotE18);
            });
        }
    });

    describe("assessBook of collateral alone", () => {
        const valueOf = async (engine: risk.RiskFixture["engine"], assetId: number, unitsE18: bigint) =>
            (await engine.assessBook({...book({}), collateral: [{assetId, unitsE18}]})).equityE18;

        it("should take the lesser of base weight and size-dependent weight", async () => {
            const {engine, parameters} = await networkHelpers.loadFixture(fixture);
            await parameters.setAsset(risk.WETH, {...risk.ASSETS[risk.WETH], weightE18: e18("0.9")});
            expect(await valueOf(engine, risk.WETH, e18(1))).to.equal(e18(3_150));
            const value = 100_000 * 3_500;
            const weight = 1.1 / (2e-5 * Math.sqrt(value) + 1);
            risk.near(risk.num(await valueOf(engine, risk.WETH, e18(100_000))), value * weight, 1e-5);
        });

        it("should round down", async () => {
            const {engine, market} = await networkHelpers.loadFixture(fixture);
            await market.setPrice(risk.USDT_FEED, e18("0.999"));
            // floor(101 * 0.96) = 96 units, floor(96 * 0.999) = 95.
            expect(await valueOf(engine, risk.USDT, 101n)).to.equal(95n);
        });

        it("should refuse an asset it does not know", async () => {
            const {engine, parameters} = await networkHelpers.loadFixture(fixture);
            await expect(valueOf(engine, 9, 1n))
                .to.be.revertedWithCustomError(parameters, "RiskParameters_UnknownAsset")
                .withArgs(9);
        });
    });
});
