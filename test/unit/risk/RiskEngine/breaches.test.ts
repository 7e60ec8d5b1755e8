import {expect} from "chai";
import {network} from "hardhat";

import * as risk from "../fixture.js";
import {book, BTC, call, days, e18, ETH, perp, put} from "../fixture.js";

const {ethers, networkHelpers} = await network.create(risk.RISK_CHAIN);
const EMPTY = {own: [], joint: []};
/** The regular scenarios -4 (price falls most) and +4, with volatility up. */
const DOWN = 0;
const UP = 16;

describe("RiskEngine.breaches", () => {
    const scanOnly = async () => risk.scanOnlyFixture(ethers);
    const full = async () => risk.riskFixture(ethers);

    async function hold(input: risk.BookInput, of = scanOnly) {
        const all = await networkHelpers.loadFixture(of);
        const held = book(input);
        await all.market.setBook(all.account, held);
        const ask = async (own: number[], joint: number[]) => all.engine.breaches(all.account, {own, joint});
        return {...all, held, ask};
    }

    context("given no witness", () => {
        it("should evaluate the whole grid", async () => {
            const {engine, account} = await hold({cash: 5_000, legs: [[perp(BTC), -1]], quotes: [[BTC, 70_000]]}, full);
            const {equityE18, maintenanceE18} = await engine.assess(account);
            expect(await engine.breaches(account, EMPTY)).to.deep.equal([true, equityE18, maintenanceE18]);
        });

        it("should find no breach in an empty account", async () => {
            const {engine, account} = await networkHelpers.loadFixture(scanOnly);
            expect(await engine.breaches(account, EMPTY)).to.deep.equal([false, 0n, 0n]);
        });

        it("should find a debt without positions short of nothing but itself", async () => {
            const {engine, account} = await hold({cash: "-0.000000000000000001"});
            expect(await engine.breaches(account, EMPTY)).to.deep.equal([true, -1n, 0n]);
        });
    });

    context("given a witness", () => {
        const LONG: risk.BookInput = {cash: 11_000, quotes: [[BTC, -70_000]], legs: [[perp(BTC), 1]]};

        it("should show a breach by the scenario that binds", async () => {
            const {ask} = await hold(LONG);
            expect(await ask([DOWN], [DOWN])).to.deep.equal([true, e18(11_000), e18(11_200)]);
        });

        it("should show none by another", async () => {
            const {ask} = await hold(LONG);
            expect(await ask([UP], [UP])).to.deep.equal([false, e18(11_000), 0n]);
        });

        it("should not call equity that just covers a breach", async () => {
            const {ask} = await hold({...LONG, cash: 11_200});
            expect((await ask([DOWN], [DOWN])).short).to.equal(false);
        });

        it("should take the better of the two scenarios of an underlying", async () => {
            const {ask} = await hold(LONG);
            expect((await ask([UP], [DOWN])).boundE18).to.equal(e18(11_200));
        });

        it("should blend the own scenarios with the joint one", async () => {
            const {engine, account, held, ask} = await hold({
                legs: [
                    [perp(BTC), 1],
                    [perp(ETH), -20],
                ],
            });
            const {maintenanceE18} = await engine.assess(account);
            const {underlyings, groupBinding} = await engine.report(held);
            const own = underlyings.map(({binding}) => Number(binding));
            expect(own).to.deep.equal([DOWN, UP]);
            expect((await ask(own, groupBinding.map(Number))).boundE18).to.equal(maintenanceE18);
            // Without the joint scenario: the own ones, with the weight they have for certain.
            expect((await ask(own, [8])).boundE18).to.be.lessThan(maintenanceE18);
        });

        it("should be exact for one underlying, floors and cap included", async () => {
            for (const legs of [
                [[call(BTC, days(30), 300_000), -3]],
                [[call(BTC, days(30), 90_000), 5]],
                [[call(BTC, days(7), 75_000), -900], [call(BTC, days(7), 75_100), 900]], // prettier-ignore
            ] as risk.Leg[][]) {
                const {engine, account, held, ask} = await hold({legs, collateral: [[risk.WBTC, 1]]}, full);
                const {maintenanceE18} = await engine.assess(account);
                const {underlyings, groupBinding} = await engine.report(held);
                const bound = await ask([Number(underlyings[0]?.binding)], groupBinding.map(Number));
                expect(bound.boundE18).to.equal(maintenanceE18);
            }
        });

        it("should not take a floor that a greater scan would blend away", async () => {
            // Far short puts: a floor of 2,100. The scan of 1,000 that binds lowers the charge, as the group nets 40 % of it.
            const {engine, account, held, ask} = await hold(
                {
                    legs: [
                        [perp(BTC), "0.09"],
                        [put(BTC, days(30), 5_000), -3],
                        [perp(ETH), "-1.8"],
                    ],
                },
                full,
            );
            const {maintenanceE18} = await engine.assess(account);
            const {underlyings, groupBinding} = await engine.report(held);
            const [btc, eth] = underlyings;
            expect(btc?.scanE18).to.be.greaterThan(e18(1_000));
            expect(btc?.floorShortE18).to.equal(e18(2_100));
            for (let own = 0; own < 24; own++) {
                const {boundE18} = await ask([own, Number(eth?.binding)], groupBinding.map(Number));
                expect(boundE18, `scenario ${own}`).to.be.at.most(maintenanceE18);
            }
        });

        it("should add up own scenarios leg by leg under the isolated model", async () => {
            const {ask} = await hold({
                model: 1,
                legs: [
                    [perp(BTC), 1],
                    [call(BTC, days(30), 300_000), "0.000001"],
                ],
            });
            const {boundE18} = await ask([DOWN], [DOWN]);
            expect(boundE18).to.be.greaterThanOrEqual(e18(11_200));
        });

        for (const [title, own, joint] of [
            ["too few", [], [0]],
            ["too many", [0, 0], [0]],
            ["no joint", [0], []],
            ["too many joint", [0], [0, 0]],
            ["one off the grid", [24], [0]],
            ["a joint one off the grid", [0], [24]],
        ] as const) {
            it(`should refuse ${title}`, async () => {
                const {engine, ask} = await hold(LONG);
                await expect(ask([...own], [...joint])).to.be.revertedWithCustomError(
                    engine,
                    "RiskEngine_InvalidWitness",
                );
            });
        }
    });
});
