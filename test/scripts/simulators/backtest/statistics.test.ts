import {expect} from "chai";

import {blockBootstrap, randomFrom, wilson} from "../../../../scripts/simulators/backtest/statistics.js";
import {isAcceptable, volatility} from "../../../../scripts/sdk/risk/svi.js";
import {ONE_E18} from "../../../../scripts/sdk/units.js";
import {advance, fixed, smileAt, statesOf, volatilityAt} from "../../../../scripts/simulators/backtest/volatility.js";
import {expectNear} from "../../../support/near.js";

const DAY = 86_400;

describe("backtest: Wilson's interval", () => {
    /** Score intervals without continuity correction: the examples of Newcombe (1998), method 3, and two more. */
    const known: readonly (readonly [hits: number, count: number, low: number, high: number])[] = [
        [81, 263, 0.2553, 0.3662],
        [15, 148, 0.0624, 0.1605],
        [0, 20, 0, 0.1611],
        [1, 29, 0.0061, 0.1718],
        [5, 10, 0.2366, 0.7634],
        [10, 10, 0.7225, 1],
    ];
    for (const [hits, count, low, high] of known) {
        it(`should be ${low} to ${high} for ${hits} of ${count}`, () => {
            const [lower, upper] = wilson(hits, count);
            expectNear(lower, low, 5e-5, "lower end");
            expectNear(upper, high, 5e-5, "upper end");
        });
    }

    it("should know nothing without periods", () => {
        expect(wilson(0, 0), "interval").to.deep.equal([0, 1]);
    });
});

describe("backtest: block bootstrap", () => {
    const clustered = Array.from({length: 400}, (_, i) => i >= 100 && i < 120);
    const scattered = Array.from({length: 400}, (_, i) => i % 20 === 0);
    const width = ([low, high]: readonly [number, number]): number => high - low;

    it("should give the same interval for the same seed and another for another", () => {
        const bootstrap = {block: 24, draws: 500, seed: 7};
        const first = blockBootstrap(clustered, bootstrap);
        expect(blockBootstrap(clustered, bootstrap), "same seed").to.deep.equal(first);
        const others = [1, 2, 3, 4, 5].map((seed) => blockBootstrap(clustered, {...bootstrap, seed})[1]);
        expect(new Set(others).size, "upper ends of five seeds").to.be.greaterThan(1);
    });

    it("should be wider where hits cluster", () => {
        const bootstrap = {block: 24, draws: 1000, seed: 1};
        const spread = blockBootstrap(scattered, bootstrap);
        const close = blockBootstrap(clustered, bootstrap);
        expect(width(close) > 3 * width(spread), "clustered against scattered").to.equal(true);
        expect(close[0] <= 0.05 && close[1] >= 0.05, "contains the rate").to.equal(true);
    });

    it("should have no width where all or none are hits", () => {
        const bootstrap = {block: 5, draws: 100, seed: 1};
        expect(blockBootstrap([false, false, false], bootstrap), "none").to.deep.equal([0, 0]);
        expect(blockBootstrap([true, true, true], bootstrap), "all").to.deep.equal([1, 1]);
    });

    it("should draw evenly from [0, 1)", () => {
        const random = randomFrom(1);
        const draws = Array.from({length: 20_000}, () => random());
        expect(Math.min(...draws) >= 0 && Math.max(...draws) < 1, "within [0, 1)").to.equal(true);
        expectNear(draws.reduce((sum, draw) => sum + draw, 0) / draws.length, 0.5, 0.01, "mean");
    });
});

describe("backtest: the volatility rule", () => {
    const calm = {price: 100, level: 0.6, recent: 100};

    it("should read the level from mean absolute returns", () => {
        const closes = Array.from({length: 200}, (_, i) => (i % 2 === 0 ? 100 : 101));
        const level = 1.5 * Math.log(1.01) * Math.sqrt(8760);
        const states = statesOf(closes, 1);
        expect(states[71], "during the warm-up").to.equal(undefined);
        expectNear(states[72]?.level ?? NaN, level, 1e-9, "after it");
        expectNear(states[199]?.level ?? NaN, level, 1e-9, "at the end");
    });

    it("should carry a state on without a warm-up", () => {
        const [first] = statesOf([100, 101], 1, {state: calm, hours: 5});
        expect(first, "state at the first bar").to.deep.equal(advance(calm, 100, 5));
    });

    it("should be flat in a calm market, and rise in a fall, most for near expiries", () => {
        const at = (price: number): number[] =>
            [1, 7, 30, 90].map((days) => volatilityAt({...calm, price}, days * DAY));
        expect(at(100), "calm").to.deep.equal([0.6, 0.6, 0.6, 0.6]);
        const fallen = at(90);
        expect(
            [...fallen].sort((a, b) => b - a),
            "inverted",
        ).to.deep.equal(fallen);
        expectNear(fallen[2] ?? NaN, 0.6 * (1 + 4 * Math.log(100 / 90)), 1e-12, "30 days, by hand");
        expect(at(110), "a rise").to.deep.equal(at(100));
        expect(at(50), "beyond the deepest fall that counts").to.deep.equal(at(70));
    });

    it("should make smiles that the oracle would accept, with the volatility at the money and puts above calls", () => {
        for (const level of [0.05, 0.6, 3]) {
            for (const seconds of [DAY / 6, DAY, 30 * DAY, 365 * DAY]) {
                const state = {...calm, level};
                const smile = smileAt(state, seconds);
                const yearsE18 = (BigInt(seconds) * ONE_E18) / BigInt(365 * DAY);
                const at = (k: number): number => Number(volatility(smile, fixed(k), yearsE18)) / 1e18;
                const name = `level ${level}, ${seconds} s`;
                expect(isAcceptable(smile), `${name}: accepted`).to.equal(true);
                expectNear(at(0), volatilityAt(state, seconds), 1e-3, `${name}: at the money`);
                expect(at(-0.1) > at(0.1), `${name}: put above call`).to.equal(true);
            }
        }
    });
});
