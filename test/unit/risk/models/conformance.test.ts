/** One suite for every margin model: what each must satisfy, whatever it charges. */
import {expect} from "chai";
import {network} from "hardhat";

import type {AccountId} from "../../../../scripts/sdk/ids.js";
import {decodeInstrument, isLinear} from "../../../../scripts/sdk/instruments.js";
import {MARGIN_MODELS} from "../../../../scripts/sdk/risk/index.js";
import type {MockMarket} from "../../../../typechain-types/index.js";
import * as risk from "../fixture.js";
import {book, BTC, call, days, e18, ETH, future, MODEL, perp, put, SPOT} from "../fixture.js";

const {ethers, networkHelpers} = await network.create(risk.RISK_CHAIN);

const [WEEK, MONTH] = [days(7), days(30)];
type Named = readonly [name: string, legs: readonly risk.Leg[]];
const BOOKS: readonly Named[] = [
    ["nothing", []],
    ["a long perpetual", [[perp(BTC), 1]]],
    ["a short perpetual", [[perp(BTC), -1]]],
    [
        "a perpetual against a future",
        [
            [perp(BTC), 2],
            [future(BTC, MONTH), -2],
        ],
    ],
    [
        "two underlyings",
        [
            [perp(BTC), 1],
            [perp(ETH), -20],
        ],
    ],
    ["a short call", [[call(BTC, MONTH, 70_000), -1]]],
    [
        "a short straddle",
        [
            [call(BTC, MONTH, 70_000), -1],
            [put(BTC, MONTH, 70_000), -1],
        ],
    ],
    [
        "a covered call and a put on another underlying",
        [
            [perp(BTC), 1],
            [call(BTC, WEEK, 75_000), -1],
            [put(ETH, MONTH, 3_000), 10],
        ],
    ],
];
/** Rounding of the parts of a requirement. */
const UNITS = 100n;
const HELD = [[risk.USDT, 1]] as const;

const takes = (model: string, legs: readonly risk.Leg[]): boolean =>
    model !== "delta" || legs.every(([instrument]) => isLinear(decodeInstrument(instrument).kind));
const times = (legs: readonly risk.Leg[], factor: number): risk.Leg[] =>
    legs.map(([instrument, size]) => [instrument, Number(size) * factor]);

/** Sets an account's book while time stands still: options lose value by the second. */
async function hold(market: MockMarket, account: AccountId, held: risk.HeldBook): Promise<void> {
    await networkHelpers.time.setNextBlockTimestamp(await networkHelpers.time.latest());
    await market.setBook(account, held);
}

describe("margin models: conformance", () => {
    const fixture = async () => risk.riskFixture(ethers);

    it("should number the models as the contracts do", () => {
        expect(Object.keys(MODEL).map((name) => name.toUpperCase())).to.deep.equal([...MARGIN_MODELS]);
        expect(Object.values(MODEL)).to.deep.equal(MARGIN_MODELS.map((_, i) => i));
    });

    for (const [name, model] of Object.entries(MODEL)) {
        describe(name, () => {
            for (const [title, legs] of BOOKS.filter(([, one]) => takes(name, one))) {
                it(`should ask IM >= MM >= the scan, and the same of more cash or stablecoins: ${title}`, async () => {
                    const {engine} = await networkHelpers.loadFixture(fixture);
                    const told = await engine.report(book({model, cash: 50_000, legs}));
                    expect(told.initialE18, "IM").to.be.at.least(told.maintenanceE18);
                    const scans = told.groupScanE18.reduce((sum, one) => sum + one, 0n);
                    expect(told.maintenanceE18, "MM").to.be.at.least(scans);
                    expect(told.maintenanceE18 > 0n, "a book with legs is charged").to.equal(legs.length > 0);
                    const base = await engine.assessBook(book({model, cash: 50_000, legs}));
                    expect([...base], "assessment").to.deep.equal([
                        told.equityE18,
                        told.initialE18,
                        told.maintenanceE18,
                    ]);
                    const richer = await engine.assessBook(book({model, cash: 60_000, legs}));
                    expect(richer.maintenanceE18, "cash leaves MM").to.equal(base.maintenanceE18);
                    expect(richer.equityE18, "cash is equity").to.equal(base.equityE18 + e18(10_000));
                    const held = await engine.assessBook(book({model, cash: 50_000, collateral: HELD, legs}));
                    expect(held.maintenanceE18, "stablecoins leave MM").to.equal(base.maintenanceE18);
                });

                it(`should ask at least twice as much of twice the book, the reserve aside: ${title}`, async () => {
                    const {engine} = await networkHelpers.loadFixture(fixture);
                    const one = await engine.report(book({model, legs}));
                    const two = await engine.report(book({model, legs: times(legs, 2)}));
                    const [single, twice] = [one, two].map((told) => told.maintenanceE18 - told.reserveE18);
                    expect((twice ?? 0n) + UNITS).to.be.at.least(2n * (single ?? 0n));
                });

                it(`should answer alike for an account and for its book: ${title}`, async () => {
                    const {engine, market, account} = await networkHelpers.loadFixture(fixture);
                    const own = book({model, cash: 9_000, legs});
                    await hold(market, account, own);
                    const told = [...(await engine.assessBook(own))];
                    expect([...(await engine.assess(account))], "own model").to.deep.equal(told);
                    await hold(market, account, {...own, model: MODEL.isolated});
                    expect([...(await engine.assessAs(account, model))], "as if").to.deep.equal(told);
                });

                it(`should show by the empty witness what it asks, and pass who holds that: ${title}`, async () => {
                    const {engine, market, account} = await networkHelpers.loadFixture(fixture);
                    const own = book({model, legs});
                    const {equityE18, initialE18, maintenanceE18} = await engine.assessBook(own);
                    const holding = {...own, cashE18: own.cashE18 + initialE18 - equityE18};
                    await hold(market, account, holding);
                    await engine.requireInitial(account);
                    const [short, , bound] = await engine.breaches(account, {own: [], joint: []});
                    expect(bound, "bound").to.equal(maintenanceE18);
                    expect(short, "short").to.equal(false);
                    if (legs.length === 0) return;
                    await hold(market, account, {...holding, cashE18: holding.cashE18 - 1n});
                    await expect(engine.requireInitial(account))
                        .to.be.revertedWithCustomError(engine, "RiskEngine_BelowInitial")
                        .withArgs(account, initialE18 - 1n, initialE18);
                    const below = {...own, cashE18: own.cashE18 + maintenanceE18 - equityE18 - 1n};
                    await hold(market, account, below);
                    await expect(engine.requireMaintenance(account))
                        .to.be.revertedWithCustomError(engine, "RiskEngine_BelowMaintenance")
                        .withArgs(account, maintenanceE18 - 1n, maintenanceE18);
                    expect((await engine.breaches(account, {own: [], joint: []})).short, "now short").to.equal(true);
                });
            }

            it("should price another spot like a market that stands there", async () => {
                const {engine, market} = await networkHelpers.loadFixture(fixture);
                const own = book({model, cash: 5_000, legs: [[perp(BTC), 1]]});
                const told = [...(await engine.assessBookAt(own, BTC, e18(SPOT[BTC] - 7_000)))];
                await market.setPrice(BTC, e18(SPOT[BTC] - 7_000));
                expect([...(await engine.assessBook(own))]).to.deep.equal(told);
            });

            it("should net nothing between underlyings unless it is the scenario model", async () => {
                const {engine} = await networkHelpers.loadFixture(fixture);
                const asked = async (legs: readonly risk.Leg[]): Promise<bigint> => {
                    const {maintenanceE18, reserveE18} = await engine.report(book({model, legs}));
                    return maintenanceE18 - reserveE18;
                };
                const [one, other]: [risk.Leg[], risk.Leg[]] = [[[perp(BTC), 1]], [[perp(ETH), -20]]];
                const apart = (await asked(one)) + (await asked(other));
                const together = await asked([...one, ...other]);
                if (model === MODEL.scenario) expect(together).to.be.below(apart);
                else expect(together).to.equal(apart);
            });
        });
    }

    it("should never ask more of a netted book than of its legs apart", async () => {
        const {engine} = await networkHelpers.loadFixture(fixture);
        for (const [title, legs] of BOOKS) {
            const netted = await engine.assessBook(book({model: MODEL.scenario, legs}));
            const apart = await engine.assessBook(book({model: MODEL.isolated, legs}));
            expect(netted.maintenanceE18, title).to.be.at.most(apart.maintenanceE18);
        }
    });
});
