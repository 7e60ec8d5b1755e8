/** Sensitivities on chain, and the model that asks for no more. Every figure is held to the twin by the differential tests. */
import {expect} from "chai";
import {network} from "hardhat";

import * as risk from "../fixture.js";
import {book, BTC, call, days, e18, ETH, future, MODEL, num, perp, put, SPOT} from "../fixture.js";

const {ethers, networkHelpers} = await network.create(risk.RISK_CHAIN);

const [WEEK, MONTH] = [days(7), days(30)];
const VOL = 0.6;
const YEAR_DAYS = 365;

describe("margin models: Greeks", () => {
    const fixture = async () => risk.riskFixture(ethers);
    const scanOnly = async () => risk.scanOnlyFixture(ethers);

    describe("greeks", () => {
        it("should be those of Black 1976 for an option at the forward", async () => {
            const {engine} = await networkHelpers.loadFixture(fixture);
            const [one] = await engine.greeks(book({legs: [[call(BTC, MONTH, SPOT[BTC]), 2]]}));
            const [leg] = one?.expiries[0]?.legs ?? [];
            const daysLeft = (MONTH - (await networkHelpers.time.latest())) / 86_400;
            const w = VOL * Math.sqrt(daysLeft / YEAR_DAYS);
            const density = Math.exp(-((w / 2) ** 2) / 2) / Math.sqrt(2 * Math.PI);
            risk.near(num(leg?.volE18 ?? 0n), VOL, 1e-6, "volatility");
            const {gammaE18 = 0n, vegaE18 = 0n, thetaE18 = 0n} = leg?.whole ?? {};
            risk.near(num(gammaE18) / ((2 * density) / (SPOT[BTC] * w)), 1, 1e-5, "gamma");
            const perW = 2 * SPOT[BTC] * density;
            risk.near(num(vegaE18) / (perW * Math.sqrt(daysLeft / YEAR_DAYS)), 1, 1e-5, "vega");
            risk.near(num(thetaE18) / ((-perW * w) / (2 * daysLeft)), 1, 1e-5, "theta, a day of thirty");
        });

        it("should add up by expiry and by underlying, with collateral of the grid in the whole delta", async () => {
            const {engine} = await networkHelpers.loadFixture(fixture);
            const legs: risk.Leg[] = [
                [perp(BTC), 1],
                [future(BTC, MONTH), -2],
                [call(BTC, MONTH, 72_000), 3],
                [put(BTC, WEEK, 66_000), -1],
                [perp(ETH), 5],
            ];
            const told = await engine.greeks(book({legs, collateral: [[risk.WBTC, 1]]}));
            expect(told.map(({underlying}) => Number(underlying))).to.deep.equal([BTC, ETH]);
            const [bitcoin, ether] = told;
            if (bitcoin === undefined || ether === undefined) throw new Error("two underlyings expected");
            expect(bitcoin.expiries.map(({expiry}) => Number(expiry))).to.deep.equal([0, WEEK, MONTH]);
            const sum = (values: readonly bigint[]): bigint => values.reduce((all, value) => all + value, 0n);
            for (const name of ["deltaE18", "gammaE18", "vegaE18", "thetaE18"] as const) {
                for (const expiry of bitcoin.expiries) {
                    expect(expiry.sum[name], name).to.equal(sum(expiry.legs.map(({whole}) => whole[name])));
                }
                const held = name === "deltaE18" ? e18(1) : 0n;
                const whole = sum(bitcoin.expiries.map((expiry) => expiry.sum[name]));
                // A coin counts by its weight, which is below one.
                expect(bitcoin.sum[name] - whole, name).to.be.closeTo(held, held / 10n);
            }
            expect(ether.sum.deltaE18, "a perpetual is its own delta").to.equal(e18(5));
            expect(ether.expiries[0]?.legs[0]?.volE18, "and has no volatility").to.equal(0n);
        });

        it("should keep an expired option at its intrinsic value and leave a settled one out", async () => {
            const {engine, market} = await networkHelpers.loadFixture(fixture);
            const [inside, beyond] = [call(BTC, WEEK, 60_000), put(BTC, WEEK, 60_000)];
            const legs: risk.Leg[] = [
                [inside, -1],
                [beyond, 1],
            ];
            await networkHelpers.time.increaseTo(WEEK);
            const [one] = await engine.greeks(book({legs}));
            const [sold, bought] = one?.expiries[0]?.legs ?? [];
            expect(sold?.priceE18, "what it pays").to.equal(e18(10_000));
            expect([...(sold?.whole ?? [])], "one unit sold").to.deep.equal([-e18(1), 0n, 0n, 0n]);
            expect([...(bought?.whole ?? [])], "out of the money").to.deep.equal([0n, 0n, 0n, 0n]);
            await market.setSettlement(BTC, WEEK, e18(65_000));
            expect((await engine.greeks(book({legs})))[0]?.expiries, "settled").to.deep.equal([]);
        });
    });

    it("should take linear legs like the scenario model over its regular scenarios", async () => {
        const {engine} = await networkHelpers.loadFixture(scanOnly);
        for (const size of [1, -1]) {
            const legs: risk.Leg[] = [[perp(BTC), size]];
            const [full] = (await engine.report(book({legs}))).underlyings;
            const regular = risk.defaultGrid(risk.RANGE[BTC]).map(({weightE18}) => weightE18 === e18(1));
            const losses = (full?.lossE18 ?? []).filter((_, place) => regular[place]);
            const worst = losses.reduce((most, one) => (one > most ? one : most), 0n);
            const [tangent] = (await engine.report(book({model: MODEL.greeks, legs}))).underlyings;
            expect(tangent?.scanE18, `size ${size}`).to.equal(worst);
        }
    });

    it("should show losses of the regular scenarios alone, the greatest of them the scan", async () => {
        const {engine} = await networkHelpers.loadFixture(scanOnly);
        const legs: risk.Leg[] = [
            [call(BTC, MONTH, 70_000), -1],
            [put(BTC, MONTH, 70_000), -1],
        ];
        const [part] = (await engine.report(book({model: MODEL.greeks, legs}))).underlyings;
        const grid = risk.defaultGrid(risk.RANGE[BTC]);
        for (const [place, {weightE18}] of grid.entries()) {
            const isCounted = part?.lossE18[place] !== 0n;
            expect(isCounted, `scenario ${place}`).to.equal(weightE18 === e18(1));
        }
        const greatest = (part?.lossE18 ?? []).reduce((most, one) => (one > most ? one : most), 0n);
        expect(part?.scanE18).to.equal(greatest);
        expect(part?.lossE18[Number(part.binding)], "binding").to.equal(greatest);
    });

    it("should understate a call far in the wing, which is why it governs nobody", async () => {
        const {engine} = await networkHelpers.loadFixture(scanOnly);
        const legs: risk.Leg[] = [[call(BTC, WEEK, 91_000), -1]];
        const [tangent] = (await engine.report(book({model: MODEL.greeks, legs}))).underlyings;
        const [full] = (await engine.report(book({legs}))).underlyings;
        expect((tangent?.scanE18 ?? 0n) * 20n).to.be.below(full?.scanE18 ?? 0n);
    });

    it("should answer for its own model alone", async () => {
        const {engine, greeks, models, market, account} = await networkHelpers.loadFixture(fixture);
        expect(await models.greeksModel(), "wired").to.equal(greeks);
        const own = book({legs: [[perp(BTC), 1]]});
        await market.setBook(account, own);
        const asked = [
            greeks.assessBook(own),
            greeks.assessBookAt(own, BTC, e18(60_000)),
            greeks.report(own),
            greeks.assessAs(account, MODEL.scenario),
        ];
        for (const one of asked) {
            await expect(one).to.be.revertedWithCustomError(engine, "RiskEngine_OtherModel").withArgs(MODEL.scenario);
        }
    });
});
