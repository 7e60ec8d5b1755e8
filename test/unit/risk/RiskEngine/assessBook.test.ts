import {expect} from "chai";
import {network} from "hardhat";

import * as risk from "../fixture.js";
import {book, BTC, call, days, e18, ETH, future, near, num, perp, put} from "../fixture.js";

const {ethers, networkHelpers} = await network.create(risk.RISK_CHAIN);

/** Requirement of a book whose charges beside the grid are not switched off. */
const WEEK = days(7);
const MONTH = days(30);
const QUARTER = days(90);

describe("RiskEngine.assessBook", () => {
    const fixture = async () => risk.riskFixture(ethers);
    const scanOnly = async () => risk.scanOnlyFixture(ethers);

    async function assess(input: risk.BookInput, of = scanOnly): Promise<{equity: number; im: number; mm: number}> {
        const {engine} = await networkHelpers.loadFixture(of);
        const {equityE18, initialE18, maintenanceE18} = await engine.assessBook(book(input));
        return {equity: num(equityE18), im: num(initialE18), mm: num(maintenanceE18)};
    }

    context("given an empty book", () => {
        it("should ask for nothing and read nothing", async () => {
            const {engine, market} = await networkHelpers.loadFixture(risk.bareFixture.bind(undefined, ethers));
            expect(await engine.assessBook(book({}))).to.deep.equal([0n, 0n, 0n]);
            expect(await market.openInterestE18(BTC)).to.equal(0n);
        });

        it("should take empty positions and holdings for nothing", async () => {
            const {engine} = await networkHelpers.loadFixture(fixture);
            const empty = book({legs: [[perp(77), 0]], collateral: [[risk.WETH, 0]]});
            expect(await engine.assessBook(empty)).to.deep.equal([0n, 0n, 0n]);
        });
    });

    context("given cash", () => {
        it("should count what is owed in full and read no price", async () => {
            const {engine} = await networkHelpers.loadFixture(risk.bareFixture.bind(undefined, ethers));
            expect(await engine.assessBook(book({cash: "-12.5"}))).to.deep.equal([e18("-12.5"), 0n, 0n]);
        });

        it("should count what is held at the coin's price, rounded down", async () => {
            const {engine, market} = await networkHelpers.loadFixture(fixture);
            await market.setPrice(risk.USDC_FEED, e18("0.97") + 1n);
            const {equityE18} = await engine.assessBook({...book({}), cashE18: e18(1) + 1n});
            // (1 + 1e-18) * (0.97 + 1e-18) = 0.97 + 1.97e-18 + ...: the cut is visible.
            expect(equityE18).to.equal(e18("0.97") + 1n);
        });

        it("should count a coin above one dollar at one dollar", async () => {
            const {engine, market} = await networkHelpers.loadFixture(fixture);
            await market.setPrice(risk.USDC_FEED, e18("1.03"));
            expect((await engine.assessBook(book({cash: 100}))).equityE18).to.equal(e18(100));
        });
    });

    context("given a lone perpetual", () => {
        it("should scan range times notional, long or short", async () => {
            near((await assess({legs: [[perp(BTC), 1]]})).mm, 0.16 * 70_000, 1e-8);
            // Up by the same step of the logarithm: a short loses more.
            near((await assess({legs: [[perp(BTC), -1]]})).mm, 70_000 * (1 / 0.84 - 1), 1e-8);
        });

        it("should ask 1 / 0.8 of it to open", async () => {
            const {im, mm} = await assess({legs: [[perp(ETH), 2]], quotes: [[ETH, -7_000]]});
            near(im, mm / 0.8, 1e-8);
        });

        it("should value size times mark less funding, and the entry cost", async () => {
            const {engine, market} = await networkHelpers.loadFixture(scanOnly);
            await market.setPerp(BTC, e18("1.01"), e18(150));
            const {equityE18, maintenanceE18} = await engine.assessBook(
                book({legs: [[perp(BTC), "-0.5"]], quotes: [[BTC, 36_000]]}),
            );
            expect(equityE18).to.equal(e18(-0.5 * (70_700 - 150) + 36_000));
            near(num(maintenanceE18), 0.5 * 70_700 * (1 / 0.84 - 1), 1e-8);
        });

        it("should round its value down in both signs", async () => {
            const {engine, market} = await networkHelpers.loadFixture(scanOnly);
            await market.setPrice(BTC, e18("0.5"));
            for (const [sizeE18, valueE18] of [
                [1n, 0n],
                [-1n, -1n],
                [3n, 1n],
                [-3n, -2n],
            ] as const) {
                const tiny = {...book({}), positions: [{instrument: perp(BTC), sizeE18}]};
                expect((await engine.assessBook(tiny)).equityE18, `size ${sizeE18}`).to.equal(valueE18);
            }
        });

        it("should round the requirement up", async () => {
            const {engine, market} = await networkHelpers.loadFixture(scanOnly);
            const entered = (underlying: number) => [{underlying, quoteE18: -70_000n}];
            const tiny = {...book({}), quotes: entered(BTC), positions: [{instrument: perp(BTC), sizeE18: 1n}]};
            // 1e-18 BTC loses 11,200 units of 1e-18 USD; 14,000 with the ratio.
            expect(await engine.assessBook(tiny)).to.deep.equal([0n, 14_000n, 11_200n]);
            const odd = {...book({}), quotes: entered(ETH), positions: [{instrument: perp(ETH), sizeE18: 1n}]};
            const {initialE18, maintenanceE18} = await engine.assessBook(odd);
            expect([maintenanceE18, initialE18]).to.deep.equal([630n, 788n]); // 787.5
            await market.setPrice(BTC, e18("70000.1"));
            // 11,200.016 units of 1e-18 USD.
            expect((await engine.assessBook(tiny)).maintenanceE18).to.equal(11_201n);
        });
    });

    context("given charges beside the grid", () => {
        it("should charge the keeper reserve by position", async () => {
            const {engine, parameters} = await networkHelpers.loadFixture(scanOnly);
            await parameters.setGlobal(risk.GLOBAL);
            const legs: risk.Leg[] = [
                [perp(BTC), 1],
                [future(BTC, MONTH), -1],
            ];
            // One forward equal to spot: nothing is left to scan but the reserve.
            expect((await engine.assessBook(book({legs}))).maintenanceE18).to.equal(e18("5.5"));
        });

        it("should charge basis between expiries, at least 1 % and 7.5 % a year", async () => {
            const {engine, parameters} = await networkHelpers.loadFixture(scanOnly);
            const {rollMinE18, rollYearE18} = risk.UNDERLYING[BTC];
            const params = {...risk.UNDERLYING[BTC], ...risk.SCAN_ONLY, rollMinE18, rollYearE18};
            await parameters.setUnderlying(BTC, params, risk.gridOf(await gridOf(BTC)));
            const hedged = await engine.assessBook(
                book({
                    legs: [
                        [perp(BTC), 1],
                        [future(BTC, QUARTER), -1],
                    ],
                }),
            );
            const {timestamp} = (await ethers.provider.getBlock("latest")) ?? {timestamp: 0};
            const years = (QUARTER - timestamp) / (365 * 86_400);
            near(num(hedged.maintenanceE18), 70_000 * (0.01 + 0.075 * years), 0.01);
        });

        it("should hold the hedged-delta floor: 1,400 for one perpetual against five calls of delta .3", async () => {
            const {engine, market} = await networkHelpers.loadFixture(fixture);
            const strike = await strikeOfDelta(0.3);
            await market.setSurface(BTC, MONTH, risk.flatSurface(MONTH, 0.6));
            const legs: risk.Leg[] = [
                [perp(BTC), 1],
                [call(BTC, MONTH, strike), -5],
            ];
            const [part] = (await engine.report(book({legs}))).underlyings;
            near(num(part?.deltaE18 ?? 0n), -0.5, 1e-4);
            near(num(part?.floorDeltaE18 ?? 0n), 1_400, 0.2);
        });

        it("should charge short options by their units", async () => {
            const {engine} = await networkHelpers.loadFixture(fixture);
            const legs: risk.Leg[] = [
                [call(BTC, MONTH, 300_000), "-3"],
                [call(BTC, MONTH, 310_000), "2"],
                [put(BTC, MONTH, 5_000), "-1"],
            ];
            const [part] = (await engine.report(book({legs}))).underlyings;
            expect(part?.floorShortE18).to.equal(e18(0.01 * 70_000 * 4));
        });

        it("should charge concentration on the net delta", async () => {
            const {engine} = await networkHelpers.loadFixture(fixture);
            const [part] = (await engine.report(book({legs: [[perp(BTC), 100]]}))).underlyings;
            const value = 7e6;
            const expected = 0.5 * 0.0005 * value + 0.04 * value * Math.sqrt(value / 2e9);
            near(num(part?.concentrationE18 ?? 0n), expected, 1e-6);
        });

        it("should raise the initial requirement alone as open interest is crowded", async () => {
            const {engine, market} = await networkHelpers.loadFixture(scanOnly);
            const lone = book({legs: [[perp(BTC), 1]], quotes: [[BTC, -70_000]]});
            const calm = await engine.assessBook(lone);
            const initialAt = async (openInterestUsd: number): Promise<number> => {
                await market.setOpenInterest(BTC, e18(openInterestUsd) / 70_000n);
                const {initialE18, maintenanceE18} = await engine.assessBook(lone);
                expect(maintenanceE18, "maintenance").to.equal(calm.maintenanceE18);
                return num(initialE18);
            };
            near(await initialAt(200e6), 14_000, 1e-6, "lower bound");
            near(await initialAt(300e6), (14_000 + 70_000) / 2, 1e-2, "half way");
            near(await initialAt(400e6), 70_000, 1e-2, "upper bound");
            near(await initialAt(4e9), 70_000, 1e-6, "beyond");
        });
    });

    context("given books of known risk", () => {
        it("should ask nothing of a box spread beside its time value", async () => {
            const legs: risk.Leg[] = [
                [call(BTC, MONTH, 65_000), 1],
                [call(BTC, MONTH, 75_000), -1],
                [put(BTC, MONTH, 65_000), -1],
                [put(BTC, MONTH, 75_000), 1],
            ];
            const {equity, mm} = await assess({legs});
            near(equity, 10_000, 1e-8);
            near(mm, 0, 1e-8);
        });

        it("should treat a synthetic long like a forward", async () => {
            const synthetic: risk.Leg[] = [
                [call(BTC, MONTH, 72_000), 1],
                [put(BTC, MONTH, 72_000), -1],
            ];
            const [a, b] = [await assess({legs: synthetic}), await assess({legs: [[future(BTC, MONTH), 1]]})];
            near(a.mm, b.mm, 1e-8);
            near(a.equity, b.equity - 72_000, 1e-8);
        });

        it("should never charge a bounded spread more than its width", async () => {
            for (const size of [1, 1_000]) {
                const legs: risk.Leg[] = [
                    [put(BTC, WEEK, 60_000), -size],
                    [put(BTC, WEEK, 59_900), size],
                ];
                const {equity, mm} = await assess({legs}, fixture);
                // What is left to lose beside the value booked already, and the reserve of two positions.
                expect(mm, `size ${size}`).to.be.at.most(100 * size + equity + 5.5 + 1e-6);
                expect(mm - 5.5, `size ${size}`).to.be.greaterThan(0.2 * size);
            }
        });

        it("should never charge a long option more than its worth", async () => {
            const {equity, mm} = await assess({legs: [[call(BTC, WEEK, 90_000), 500]]}, fixture);
            expect(mm).to.be.at.most(equity + 5.25 + 1e-6);
        });

        it("should ask more for a straddle sold than for either of its legs", async () => {
            const legs: risk.Leg[] = [
                [call(BTC, MONTH, 70_000), -1],
                [put(BTC, MONTH, 70_000), -1],
            ];
            const [both, one] = [await assess({legs}), await assess({legs: legs.slice(0, 1)})];
            const apart = one.mm + (await assess({legs: legs.slice(1)})).mm;
            expect(both.mm).to.be.greaterThan(one.mm * 0.5);
            expect(both.mm).to.be.lessThan(apart);
            near(both.equity, -9_586, 10);
        });

        it("should give a calendar part of the credit, not all", async () => {
            const near: risk.Leg = [call(BTC, WEEK, 70_000), -1];
            const far: risk.Leg = [call(BTC, QUARTER, 70_000), 1];
            const [both, one] = [await assess({legs: [near, far]}), await assess({legs: [near]})];
            expect(both.mm).to.be.greaterThan(0);
            expect(both.mm).to.be.lessThan(one.mm);
        });

        it("should blend two underlyings between moving together and each on its own", async () => {
            const {engine} = await networkHelpers.loadFixture(scanOnly);
            const legs: risk.Leg[] = [
                [perp(BTC), 1],
                [perp(ETH), -20],
            ];
            const report = await engine.report(book({legs}));
            const [btc, eth] = report.underlyings.map(({scanE18}) => num(scanE18));
            near(btc ?? 0, 11_200, 1e-8);
            near(eth ?? 0, 70_000 * (1 / 0.82 - 1), 1e-8);
            const losses = report.underlyings.map(({lossE18}) => lossE18);
            const joint = Math.max(...(losses[0] ?? []).map((loss, s) => num(loss + (losses[1]?.[s] ?? 0n))));
            const expected = 0.4 * joint + 0.6 * ((btc ?? 0) + (eth ?? 0));
            near(num(report.maintenanceE18), expected, 1e-6);
            expect(joint).to.be.lessThan((btc ?? 0) + (eth ?? 0));
            near(num(report.groupScanE18[0] ?? 0n), expected, 1e-6);
        });

        it("should not blend groups that are apart", async () => {
            const {engine, parameters} = await networkHelpers.loadFixture(scanOnly);
            const params = {...risk.UNDERLYING[ETH], ...risk.SCAN_ONLY, group: 2};
            await parameters.setUnderlying(ETH, params, risk.gridOf(await gridOf(ETH)));
            const legs: risk.Leg[] = [
                [perp(BTC), 1],
                [perp(ETH), -20],
            ];
            const {groups, maintenanceE18} = await engine.report(book({legs}));
            expect(groups).to.deep.equal([1n, 2n]);
            near(num(maintenanceE18), 11_200 + 70_000 * (1 / 0.82 - 1), 1e-6);
        });

        it("should add each leg's own worst under the isolated model", async () => {
            const legs: risk.Leg[] = [
                [perp(BTC), 1],
                [future(BTC, MONTH), -1],
                [perp(ETH), 1],
            ];
            const isolated = await assess({legs, model: 1});
            near(isolated.mm, 11_200 + 70_000 * (1 / 0.84 - 1) + 0.18 * 3_500, 1e-6);
            expect((await assess({legs})).mm).to.be.lessThan(isolated.mm);
        });
    });

    context("given collateral", () => {
        it("should move collateral of the grid with its underlying", async () => {
            const held = await assess({collateral: [[risk.WETH, 10]]});
            near(held.equity, 35_000, 1e-8);
            near(held.mm, 0.18 * 35_000, 1e-8);
            const hedged = await assess({collateral: [[risk.WETH, 10]], legs: [[perp(ETH), -10]]});
            near(hedged.mm, 0, 1e-8);
        });

        it("should count less of a large holding", async () => {
            const {engine} = await networkHelpers.loadFixture(scanOnly);
            const {equityE18} = await engine.assessBook(book({collateral: [[risk.WBTC, 10_000]]}));
            const value = 10_000 * 70_000;
            near(num(equityE18) / value, 1.1 / (2e-5 * Math.sqrt(value) + 1), 1e-9);
        });

        it("should haircut a stable coin and keep it out of the grid", async () => {
            const {equity, mm} = await assess({collateral: [[risk.USDT, 1_000]]});
            expect([equity, mm]).to.deep.equal([960, 0]);
        });
    });

    async function gridOf(underlying: typeof BTC | typeof ETH) {
        const {defaultGrid} = await import("../../../../scripts/sdk/risk/index.js");
        return defaultGrid(risk.RANGE[underlying]);
    }

    /** Strike of a month's call with this delta at 60 % volatility, by halving. */
    async function strikeOfDelta(delta: number): Promise<number> {
        const {engine} = await networkHelpers.loadFixture(fixture);
        let [low, high] = [70_000, 140_000];
        for (let step = 0; step < 24; step++) {
            const middle = Math.round(((low + high) / 2) * 100) / 100;
            const [part] = (await engine.report(book({legs: [[call(BTC, MONTH, middle), 1]]}))).underlyings;
            if (num(part?.deltaE18 ?? 0n) > delta) low = middle;
            else high = middle;
        }
        return low;
    }
});
