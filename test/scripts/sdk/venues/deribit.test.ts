import {expect} from "chai";

import {
    DERIBIT,
    DERIBIT_COIN,
    DERIBIT_FIGURES,
    deribitCharge,
    deribitTables,
    EXTENDED,
    standardScenarios,
} from "../../../../scripts/sdk/venues/index.js";
import {expectNear} from "../../../support/near.js";
import {book, e18, linear, option, part, usd} from "./legs.js";

const DAY = 86_400;

/** Published by the venue: the response example of private/pme/simulate, index and marks of 17 June 2024. */
const PUBLISHED = {
    index: "65666.19",
    perp: ["0.314538364", "65910.57"],
    future: ["-0.001187534", "67371.75"],
    perpVector: {
        "-16": -0.05991206933333334,
        "-12": -0.04289159509090909,
        "-4": -0.013105765166666668,
        "4": 0.012097629384615385,
        "16": 0.043384601931034494,
    },
    extended: [-0.05991206933333334, -0.05991206933333334, ...Array<number>(6).fill(0.04338460193103449)],
    aggregated: {
        standard: [-0.05968587238095239, -0.04272965863636364, -0.02724789826086957, -0.013056284583333334, 0],
        extended: 0,
    },
    worst: 0.05968587238095239,
    rollShock: 0.00315725898,
    riskMatrixMargin: 0.06284313098,
    maintenance: 0.050274504784,
};

const perp = linear(PUBLISHED.perp[0]!, PUBLISHED.perp[1]!);
const future = linear(PUBLISHED.future[0]!, PUBLISHED.future[1]!, 11);
const published = book(PUBLISHED.index, [perp, future]);
const inCoins = (valueE18: bigint): number => usd(valueE18) / Number(PUBLISHED.index);
const inCoinsE36 = (valueE36: bigint): number => inCoins(valueE36 / 10n ** 18n);

describe("venues: Deribit", () => {
    it("should scan nine prices by three volatilities, and eight far moves", () => {
        expect([standardScenarios({rangeE18: e18("0.16")}).length, EXTENDED.length]).to.deep.equal([27, 8]);
        expect(standardScenarios({rangeE18: e18("0.16")}).map(({moveE18}) => usd(moveE18))).to.include.members([
            -0.16, -0.12, -0.08, -0.04, 0, 0.04, 0.08, 0.12, 0.16,
        ]);
    });

    describe("the official response", () => {
        it("should have the same risk vectors of the perpetual", () => {
            const {standardE36, extendedE36} = deribitTables(
                book(PUBLISHED.index, [perp]),
                DERIBIT_FIGURES.BTC,
                "COIN",
            );
            const scenarios = standardScenarios(DERIBIT_FIGURES.BTC);
            for (const [percent, coins] of Object.entries(PUBLISHED.perpVector)) {
                const place = scenarios.findIndex(({moveE18}) => moveE18 === e18(Number(percent) / 100));
                expectNear(inCoinsE36(standardE36[place]!), coins, 1e-12, `${percent} %`);
            }
            extendedE36.forEach((gain, s) =>
                expectNear(inCoinsE36(gain), PUBLISHED.extended[s]!, 1e-12, `extended ${s}`),
            );
        });

        it("should lose the same over the falling half, the future taken off", () => {
            const {standardE36} = deribitTables(published, DERIBIT_FIGURES.BTC, "COIN");
            PUBLISHED.aggregated.standard.forEach((coins, step) =>
                expectNear(inCoinsE36(standardE36[step * 3]!), coins, 1e-12, `step ${step}`),
            );
        });

        it("should ask for the same: worst case, shocks, risk matrix margin, maintenance", () => {
            const charge = deribitCharge(DERIBIT_FIGURES.BTC, "COIN", published);
            expect(charge.worst?.index, "bucket 1, the first").to.equal(0);
            expectNear(inCoins(charge.worst!.lossE18), PUBLISHED.worst, 1e-12, "worst case");
            expectNear(part(charge, "delta shock"), 0, 0, "delta shock");
            expectNear(part(charge, "roll shock") / 65666.19, PUBLISHED.rollShock, 1e-12, "roll shock");
            // The response rounds before it adds.
            expectNear(inCoins(charge.initialE18), PUBLISHED.riskMatrixMargin, 1e-9, "risk matrix margin");
            expectNear(inCoins(charge.maintenanceE18), PUBLISHED.maintenance, 1e-9, "maintenance");
        });
    });

    it("should charge a perpetual its range in dollars", () => {
        const charge = DERIBIT.charge(book(70000, [linear(1, 70000)]));
        // 16 % of 70,000, and 1 % for the roll.
        expectNear(usd(charge.initialE18), 11_200 + 700, 1e-9);
        expectNear(usd(charge.maintenanceE18), 0.8 * 11_900, 1e-9);
    });

    it("should take the far date's carry where it is more than the least roll", () => {
        const charge = DERIBIT.charge(book(70000, [linear(-2, 70000, 365)]));
        // 140,000 * (e^0.075 - 1).
        expectNear(part(charge, "roll shock"), 10903.79, 0.01);
    });

    it("should shock a delta above 20M USD, up to a tenth of it", () => {
        const at = (coins: number): number => part(DERIBIT.charge(book(50000, [linear(coins, 50000)])), "delta shock");
        expect(at(400), "20M").to.equal(0);
        // 600 coins are 30M: 200 above, 200 * 0.00005 = 1 %.
        expectNear(at(600), 300_000, 1e-6);
        // 5,000 coins are 250M: 4,600 * 0.00005 = 23 %, at most 10 %.
        expectNear(at(5000), 25_000_000, 1e-6);
    });

    it("should forgive far losses by the dampener, and count what is above it", () => {
        const sold = (size: number): ReturnType<typeof DERIBIT.charge> =>
            DERIBIT.charge(
                book(70000, [
                    option({kind: "CALL", size, strike: 140000, forward: 70000, vol: "0.5", seconds: 7 * DAY}),
                ]),
            );
        // One far call: what it loses at +500 % is 280,000 * 0.16 / 5 = 8,960, far below 3,025,000.
        expect(sold(-1).worst!.index! < 27).to.equal(true);
        // A thousand lose 8,960,000 there less (5 / 0.16 - 1) * 100,000.
        const many = sold(-1000);
        const at500 = 8_960_000 - 3_025_000;
        const at400 = (210_000 * 0.16 * 1000) / 4 - 2_400_000;
        const at300 = (140_000 * 0.16 * 1000) / 3 - 1_775_000;
        const at200 = (70_000 * 0.16 * 1000) / 2 - 1_150_000;
        expect(many.worst!.label).to.equal("+400 %, volatility up");
        expectNear(usd(many.worst!.lossE18), Math.max(at500, at400, at300, at200), 2000);
        expect(many.worst!.index).to.equal(27 + 6);
    });

    it("should take the price in coins off the delta of an option that pays in coins", () => {
        const call = option({kind: "CALL", size: -1, strike: 70000, forward: 70000, vol: "0.5", seconds: 7 * DAY});
        const asked = (venue: typeof DERIBIT): number => part(venue.charge(book(70000, [call])), "roll shock");
        expectNear(asked(DERIBIT), 700 * usd(call.deltaE18), 1e-9);
        expectNear(asked(DERIBIT_COIN), 700 * usd(call.deltaE18) - 0.01 * usd(call.markE18), 1e-9);
    });

    it("should let coins hedge in both tables where contracts pay in dollars, and stand still where they pay in coins", () => {
        const hedged = book(2000, [linear(-3, 2000)], {name: "ETH", coins: "3"});
        const {standardE36, extendedE36} = deribitTables(hedged, DERIBIT_FIGURES.ETH, "USD");
        expect([...standardE36, ...extendedE36].every((gain) => gain === 0n)).to.equal(true);
        const bare = deribitTables({...hedged, coinsE18: 0n}, DERIBIT_FIGURES.ETH, "COIN");
        expect(deribitTables(hedged, DERIBIT_FIGURES.ETH, "COIN")).to.deep.equal(bare);
    });

    it("should never let volatility rise to less than 50 %", () => {
        const calm = book(70000, [
            option({kind: "CALL", size: -1, strike: 70000, forward: 70000, vol: "0.10", seconds: 30 * DAY}),
        ]);
        const low = deribitCharge(
            {...DERIBIT_FIGURES.BTC, vol: {...DERIBIT_FIGURES.BTC.vol, leastUpE18: 0n}},
            "USD",
            calm,
        );
        expect(DERIBIT.charge(calm).initialE18 > low.initialE18).to.equal(true);
    });
});
