/** The models behind one interface: what each must satisfy, and what the delta model asks. */
import {expect} from "chai";
import {network} from "hardhat";

import * as risk from "../fixture.js";
import {book, BTC, call, days, e18, ETH, future, MODEL, perp, put} from "../fixture.js";

const {ethers, networkHelpers} = await network.create(risk.RISK_CHAIN);

const MONTH = days(30);
const LINEAR: readonly (readonly risk.Leg[])[] = [
    [],
    [[perp(BTC), 1]],
    [[perp(BTC), -1]],
    [
        [perp(BTC), 2],
        [future(BTC, MONTH), -2],
    ],
    [
        [perp(BTC), 1],
        [perp(ETH), -20],
    ],
];
const OPTIONS: readonly (readonly risk.Leg[])[] = [
    [[call(BTC, MONTH, 70_000), -1]],
    [
        [call(BTC, MONTH, 70_000), -1],
        [put(BTC, MONTH, 70_000), -1],
    ],
];

describe("RiskEngine, models", () => {
    const fixture = async () => risk.riskFixture(ethers);
    const scanOnly = async () => risk.scanOnlyFixture(ethers);

    for (const [name, model] of Object.entries(MODEL)) {
        it(`should ask ${name}: IM >= MM >= 0, and no less health with more cash or collateral`, async () => {
            const {engine} = await networkHelpers.loadFixture(fixture);
            for (const legs of name === "delta" ? LINEAR : [...LINEAR, ...OPTIONS]) {
                const label = `${name}, ${legs.length} legs`;
                const base = await engine.assessBook(book({model, cash: 50_000, legs}));
                expect(base.initialE18, `${label}: IM`).to.be.at.least(base.maintenanceE18);
                const richer = await engine.assessBook(book({model, cash: 60_000, legs}));
                expect(richer.maintenanceE18, `${label}: cash leaves MM`).to.equal(base.maintenanceE18);
                expect(richer.equityE18, `${label}: cash is equity`).to.equal(base.equityE18 + e18(10_000));
                const held = await engine.assessBook(book({model, cash: 50_000, collateral: [[risk.USDT, 1]], legs}));
                expect(held.maintenanceE18, `${label}: stablecoins leave MM`).to.equal(base.maintenanceE18);
            }
        });
    }

    it("should never ask more of a netted book than of its legs apart", async () => {
        const {engine} = await networkHelpers.loadFixture(fixture);
        for (const legs of [...LINEAR, ...OPTIONS]) {
            const netted = await engine.assessBook(book({model: MODEL.scenario, legs}));
            const apart = await engine.assessBook(book({model: MODEL.isolated, legs}));
            expect(netted.maintenanceE18, `${legs.length} legs`).to.be.at.most(apart.maintenanceE18);
        }
    });

    describe("the delta model", () => {
        it("should charge the net delta of each underlying its price range, and net no underlyings", async () => {
            const {engine} = await networkHelpers.loadFixture(scanOnly);
            const of = async (legs: readonly risk.Leg[]): Promise<bigint> =>
                (await engine.assessBook(book({model: MODEL.delta, legs}))).maintenanceE18;
            expect(await of([[perp(BTC), 1]]), "long").to.equal(e18(70_000 * 0.16));
            expect(await of([[perp(BTC), -1]]), "short").to.equal(e18(70_000 * 0.16));
            const hedged: risk.Leg[] = [
                [perp(BTC), 1],
                [future(BTC, MONTH), -1],
            ];
            expect(await of(hedged), "hedged").to.equal(0n);
            const two: risk.Leg[] = [
                [perp(BTC), 1],
                [perp(ETH), -20],
            ];
            expect(await of(two), "two underlyings").to.equal(e18(70_000 * 0.16) + e18(20 * 3_500 * 0.18));
        });

        it("should refuse a book with an option", async () => {
            const {engine} = await networkHelpers.loadFixture(fixture);
            const option = call(BTC, MONTH, 70_000);
            await expect(engine.assessBook(book({model: MODEL.delta, legs: [[option, 1]]})))
                .to.be.revertedWithCustomError(engine, "RiskEngine_ModelNotForOptions")
                .withArgs(option);
        });

        it("should fail on a delta-neutral short straddle, which the scenario model charges for its gamma", async () => {
            const {engine} = await networkHelpers.loadFixture(scanOnly);
            const legs = OPTIONS[1] ?? [];
            const {underlyings} = await engine.report(book({legs}));
            const [part] = underlyings;
            const delta = Math.abs(risk.num(part?.deltaE18 ?? 0n));
            const asDelta = delta * 70_000 * 0.16;
            expect(risk.num(part?.scanE18 ?? 0n), "scan far above the delta's move").to.be.greaterThan(5 * asDelta);
        });
    });

    it("should refuse what its sums have no room for, by name", async () => {
        const {engine} = await networkHelpers.loadFixture(fixture);
        const option = call(BTC, MONTH, 70_000);
        await expect(engine.assessBook(book({legs: [[option, "1000000000000"]]})))
            .to.be.revertedWithCustomError(engine, "RiskEngine_LegTooGreat")
            .withArgs(option, 10n ** 30n);
        await expect(engine.assessBook(book({legs: [[perp(BTC), "1000000000000000"]]})))
            .to.be.revertedWithCustomError(engine, "RiskEngine_LegTooGreat")
            .withArgs(perp(BTC), 10n ** 33n);
        expect((await engine.assessBook(book({legs: [[option, "100000000"]]}))).equityE18, "1e8 units fit").to.be.above(
            0n,
        );
    });

    it("should assess an account under another model than its own", async () => {
        const {engine, market, account} = await networkHelpers.loadFixture(fixture);
        const held = book({model: MODEL.scenario, cash: 9_000, legs: LINEAR[3] ?? []});
        await market.setBook(account, held);
        expect(await engine.assessAs(account, MODEL.isolated)).to.deep.equal(
            await engine.assessBook({...held, model: MODEL.isolated}),
        );
    });

    it("should let a book whose terms bound its loss pass without the grid, and no other", async () => {
        const {engine, market, account} = await networkHelpers.loadFixture(fixture);
        const spread: risk.Leg[] = [
            [call(BTC, MONTH, 70_000), 1],
            [call(BTC, MONTH, 75_000), -1],
        ];
        await market.setBook(account, book({cash: 10_000, legs: spread}));
        const [bounded, whole] = [
            await engine.requireInitial.estimateGas(account),
            await engine.assess.estimateGas(account),
        ];
        expect(bounded, "without the grid").to.be.below(whole);
        await engine.requireInitial(account);
        await engine.requireMaintenance(account);
        await market.setBook(account, book({cash: 0, legs: [[call(BTC, MONTH, 70_000), -1]]}));
        await expect(engine.requireInitial(account)).to.be.revertedWithCustomError(engine, "RiskEngine_BelowInitial");
    });
});
