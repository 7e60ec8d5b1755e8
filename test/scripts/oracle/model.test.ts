import {expect} from "chai";

import {modelMarket, modelVol} from "../../../scripts/oracle/model.js";
import type {ModelInput} from "../../../scripts/oracle/model.js";
import {atmVolatility, buildReports, checkReports, surfaceKey} from "../../../scripts/oracle/reports.js";
import {parseE18} from "../../../scripts/sdk/index.js";
import {expectNear} from "../../support/near.js";

const DAY = 86_400;
const NOW = Date.UTC(2020, 2, 12, 8) / 1000;
const EXPIRIES = [NOW + 7 * DAY, NOW + 30 * DAY, NOW + 90 * DAY];
const BOUNDS = {
    maxAgeSeconds: 900,
    maxRatioStepE18: parseE18("0.02"),
    minRatioE18: parseE18("0.5"),
    maxRatioE18: parseE18("2"),
    maxVolStepE18: parseE18("0.2"),
};

const calm: ModelInput = {
    underlying: 1,
    spotE18: parseE18("8000"),
    lastE18: parseE18("8000"),
    recentE18: parseE18("8000"),
    baseVolE18: parseE18("0.65"),
};
const at = (spot: string, last = spot): ModelInput => ({...calm, spotE18: parseE18(spot), lastE18: parseE18(last)});

/** The rule as it is stated in words, in floating point. */
function stated({spotE18, lastE18, recentE18, baseVolE18}: ModelInput, days: number): number {
    const [spot, last, recent, base] = [spotE18, lastE18, recentE18, baseVolE18].map((value) => Number(value) / 1e18);
    const stress = 1 + 4 * Math.max(0, Math.log(recent! / spot!)) + 1.5 * Math.abs(Math.log(spot! / last!));
    return Math.min(3, base! * stress * (30 / days) ** 0.2);
}

describe("oracle: a market made from prices", () => {
    describe("modelVol", () => {
        for (const [what, input] of [
            ["a calm market", calm],
            ["a fall below the level of the day", at("6000")],
            ["a fall within the bar", at("6000", "7500")],
            ["a rise", at("9000", "8200")],
            ["a collapse", at("2000", "6000")],
        ] as const) {
            it(`should follow the stated rule in ${what}`, () => {
                for (const days of [1, 7, 30, 90]) {
                    const vol = Number(modelVol(input, days * DAY)) / 1e18;
                    expectNear(vol, stated(input, days), 1e-9, `${days} days`);
                }
            });
        }

        it("should be the calm volatility at 30 days, and stop at 300 %", () => {
            const off = modelVol(calm, 30 * DAY) - parseE18("0.65");
            expect(off <= 0n && off > -(10n ** 6n), `off by ${off}`).to.equal(true);
            expect(modelVol(at("100"), 7 * DAY), "the most").to.equal(parseE18("3"));
        });

        it("should count less than a day as a day", () => {
            expect(modelVol(calm, 60), "a minute").to.equal(modelVol(calm, DAY));
        });
    });

    describe("modelMarket", () => {
        for (const [what, input] of [
            ["calm", calm],
            ["falling", at("6400", "7000")],
            ["rising", at("8800", "8500")],
        ] as const) {
            it(`should pass every rule of the oracle when ${what}, with its volatility at the money`, () => {
                const reports = buildReports(modelMarket(NOW, EXPIRIES, [input, {...input, underlying: 2}]));
                expect(
                    reports.map(({underlying, expiry}) => surfaceKey(underlying, expiry)),
                    "places",
                ).to.deep.equal(
                    [1, 2].flatMap((underlying) => EXPIRIES.map((expiry) => surfaceKey(underlying, expiry))),
                );
                expect(() => checkReports(reports, new Map(), BOUNDS, NOW), "rules").to.not.throw();
                for (const {expiry, surface} of reports) {
                    const off = atmVolatility(surface, expiry) - modelVol(input, expiry - NOW);
                    expect(off < 10n ** 9n && off > -(10n ** 9n), `${expiry}: off by ${off}`).to.equal(true);
                }
            });
        }

        it("should carry forwards above spot in calm and below in panic", () => {
            const [far] = modelMarket(NOW, [NOW + 365 * DAY], [calm]).underlyings[0]!.expiries;
            const [low] = modelMarket(NOW, [NOW + 365 * DAY], [at("4000")]).underlyings[0]!.expiries;
            expectNear(Number(far!.forwardE18) / 8000e18, Math.exp(0.06), 1e-9, "calm, a year");
            expectNear(Number(low!.forwardE18) / 4000e18, Math.exp(-0.3), 1e-9, "panic, a year");
        });

        it("should sort expiries and leave out those that are over", () => {
            const {expiries} = modelMarket(NOW, [NOW + 9 * DAY, NOW, NOW + DAY], [calm]).underlyings[0]!;
            expect(
                expiries.map(({expiry}) => expiry),
                "expiries",
            ).to.deep.equal([NOW + DAY, NOW + 9 * DAY]);
        });
    });
});
