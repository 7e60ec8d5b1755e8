/** The delta model: each underlying's net delta times its price range, and never less than its worst scenario. */
import {expect} from "chai";
import {network} from "hardhat";

import * as risk from "../fixture.js";
import {book, BTC, call, days, e18, ETH, future, MODEL, perp, put} from "../fixture.js";

const {ethers, networkHelpers} = await network.create(risk.RISK_CHAIN);

const MONTH = days(30);
const RANGE = 0.16;

describe("margin models: delta", () => {
    const fixture = async () => risk.riskFixture(ethers);
    const scanOnly = async () => risk.scanOnlyFixture(ethers);

    it("should charge the worst scenario where it is more than the price range, as for a short perpetual", async () => {
        const {engine} = await networkHelpers.loadFixture(scanOnly);
        for (const size of [1, -1]) {
            const legs: risk.Leg[] = [[perp(BTC), size]];
            const [part] = (await engine.report(book({model: MODEL.delta, legs}))).underlyings;
            const worst = (part?.lossE18 ?? []).reduce((most, one) => (one > most ? one : most), 0n);
            const moved = e18(70_000 * RANGE);
            expect(part?.scanE18, `size ${size}`).to.equal(worst > moved ? worst : moved);
            const scenario = await engine.assessBook(book({legs}));
            const delta = await engine.assessBook(book({model: MODEL.delta, legs}));
            expect(delta.maintenanceE18, `size ${size}`).to.be.at.least(scenario.maintenanceE18);
        }
        const [short] = (await engine.report(book({model: MODEL.delta, legs: [[perp(BTC), -1]]}))).underlyings;
        expect(short?.scanE18, "a far rise is worse than the range").to.be.above(e18(70_000 * RANGE));
    });

    it("should charge the price range where the grid stops short of it", async () => {
        const {engine, parameters} = await networkHelpers.loadFixture(scanOnly);
        const params = {...risk.UNDERLYING[BTC], ...risk.SCAN_ONLY, rangeE18: e18("0.9")};
        await parameters.setUnderlying(BTC, params, risk.gridOf(risk.defaultGrid(risk.RANGE[BTC])));
        const of = async (legs: readonly risk.Leg[]): Promise<bigint> =>
            (await engine.assessBook(book({model: MODEL.delta, legs}))).maintenanceE18;
        expect(await of([[perp(BTC), 1]]), "long").to.equal(e18(70_000 * 0.9));
        expect(await of([[perp(BTC), -2]]), "short").to.equal(e18(2 * 70_000 * 0.9));
    });

    it("should ask nothing of a hedge within one underlying and net no underlyings", async () => {
        const {engine} = await networkHelpers.loadFixture(scanOnly);
        const of = async (legs: readonly risk.Leg[]): Promise<bigint> =>
            (await engine.assessBook(book({model: MODEL.delta, legs}))).maintenanceE18;
        const hedged: risk.Leg[] = [
            [perp(BTC), 1],
            [future(BTC, MONTH), -1],
        ];
        expect(await of(hedged), "hedged").to.equal(0n);
        const [one, other]: [risk.Leg[], risk.Leg[]] = [[[perp(BTC), 1]], [[perp(ETH), -20]]];
        expect(await of([...one, ...other]), "two underlyings").to.equal((await of(one)) + (await of(other)));
    });

    it("should refuse a book with an option", async () => {
        const {engine, market, account} = await networkHelpers.loadFixture(fixture);
        const option = call(BTC, MONTH, 70_000);
        const held = book({model: MODEL.delta, legs: [[option, 1]]});
        await expect(engine.assessBook(held))
            .to.be.revertedWithCustomError(engine, "RiskEngine_ModelNotForOptions")
            .withArgs(option);
        await market.setBook(account, held);
        await expect(engine.assess(account))
            .to.be.revertedWithCustomError(engine, "RiskEngine_ModelNotForOptions")
            .withArgs(option);
    });

    it("should by its delta alone miss a delta-neutral short straddle, which the grid charges for its gamma", async () => {
        const {engine} = await networkHelpers.loadFixture(scanOnly);
        const legs: risk.Leg[] = [
            [call(BTC, MONTH, 70_000), -1],
            [put(BTC, MONTH, 70_000), -1],
        ];
        const [part] = (await engine.report(book({legs}))).underlyings;
        const asDelta = Math.abs(risk.num(part?.deltaE18 ?? 0n)) * 70_000 * RANGE;
        expect(risk.num(part?.scanE18 ?? 0n), "scan far above the delta's move").to.be.greaterThan(5 * asDelta);
    });
});
