import {expect} from "chai";
import fc from "fast-check";

import {blackPrice, normalCdf, totalVolOf} from "../../../../scripts/oracle/fit/black.js";
import {leastSquares} from "../../../../scripts/oracle/fit/linear.js";
import {minimise} from "../../../../scripts/oracle/fit/minimise.js";
import {densitySign, fitSvi, varianceAt, volAt} from "../../../../scripts/oracle/fit/svi.js";
import type {RawSvi, VolPoint} from "../../../../scripts/oracle/fit/svi.js";
import {expectNear} from "../../../support/near.js";

const ERROR_VOL = 0.001;
/** Strikes reach this many standard deviations to either side of the forward. */
const REACH = 2.5;

const strikes = (count: number, deviation: number): number[] =>
    Array.from({length: count}, (_, index) => (REACH * (2 * index)) / (count - 1) - REACH).map((x) => x * deviation);

const sample = (svi: RawSvi, years: number, ks: readonly number[]): VolPoint[] =>
    ks.map((k) => ({k, vol: volAt(svi, k, years), errorVol: ERROR_VOL}));

const furthest = (one: RawSvi, other: RawSvi, years: number, ks: readonly number[]): number =>
    Math.max(...ks.map((k) => Math.abs(volAt(one, k, years) - volAt(other, k, years))));

const unit = (min: number, max: number) => fc.double({min, max, noNaN: true});

/** A smile by its volatility at the money, and its shape in standard deviations; expiries of a day to two years. */
const smiles = fc
    .record({
        logYears: unit(Math.log(1 / 365), Math.log(2)),
        vol: unit(0.2, 1.5),
        logWidth: unit(Math.log(0.1), Math.log(6)),
        centre: unit(-2, 2),
        rho: unit(-0.95, 0.95),
        steepness: unit(0, 1),
        count: fc.integer({min: 9, max: 30}),
    })
    .map(({logYears, vol, logWidth, centre, rho, steepness, count}) => {
        const years = Math.exp(logYears);
        const deviation = vol * Math.sqrt(years);
        const [m, sigma] = [centre * deviation, Math.exp(logWidth) * deviation];
        const b = steepness * Math.min(3.9 / (1 + Math.abs(rho)), (6 * deviation * deviation) / sigma);
        const a = deviation * deviation - b * (Math.hypot(m, sigma) - rho * m);
        return {svi: {a, b, rho, m, sigma}, years, ks: strikes(count, deviation), deviation};
    })
    .filter(({svi: {a, b, rho, sigma}}) => {
        // What a report holds, and what the oracle takes.
        const isHeld = sigma < 8 && b * sigma * (1 + Math.abs(rho)) < 9;
        return isHeld && a + b * sigma * Math.sqrt(1 - rho * rho) > 1e-5;
    })
    .filter(({svi, deviation}) => strikes(101, deviation).every((k) => densitySign(svi, k) > 0));

describe("oracle: the fit of a smile", () => {
    describe("fitSvi", () => {
        it("should recover any smile without arbitrage from its strikes to a hundredth of a volatility point", function () {
            this.timeout(120_000);
            fc.assert(
                fc.property(smiles, ({svi, years, ks}) => {
                    const fit = fitSvi(sample(svi, years, ks), years);
                    return furthest(fit.svi, svi, years, ks) < 1e-4;
                }),
                {numRuns: 60, seed: 1},
            );
        });

        it("should stay inside the oracle's rules whatever the quotes", function () {
            this.timeout(120_000);
            const wild = fc.array(unit(0.05, 3), {minLength: 7, maxLength: 15});
            fc.assert(
                fc.property(wild, unit(0.01, 2), (vols, years) => {
                    const ks = strikes(vols.length, Math.sqrt(years));
                    const points = vols.map((vol, index) => ({k: ks[index]!, vol, errorVol: ERROR_VOL}));
                    const {a, b, rho, sigma} = fitSvi(points, years).svi;
                    const isSteep = b * (1 + Math.abs(rho)) > 4;
                    return !isSteep && Math.abs(rho) < 1 && b >= 0 && a + b * sigma * Math.sqrt(1 - rho * rho) >= 0;
                }),
                {numRuns: 15, seed: 2},
            );
        });

        const svi: RawSvi = {a: 0.002, b: 0.06, rho: -0.3, m: 0.01, sigma: 0.12};
        const years = 0.05;
        const ks = strikes(21, 0.12);

        it("should give no say to quotes that are far off", () => {
            const off = [4, 11, 15];
            const points = sample(svi, years, ks).map((point, index) =>
                off.includes(index) ? {...point, vol: point.vol + 0.2} : point,
            );
            const fit = fitSvi(points, years);
            expect(furthest(fit.svi, svi, years, ks), "error with outliers").to.be.below(1e-4);
            for (const index of off) expect(fit.trust[index], `trust in ${index}`).to.equal(0);
        });

        it("should follow narrow quotes rather than wide ones", () => {
            const points = sample(svi, years, ks).map((point, index) =>
                index % 2 === 0 ? point : {...point, vol: point.vol + 0.01, errorVol: 0.05},
            );
            const near = ks.filter((_, index) => index % 2 === 0);
            expect(furthest(fitSvi(points, years).svi, svi, years, near), "error at narrow quotes").to.be.below(5e-4);
        });

        it("should state residuals as fitted less quoted", () => {
            const points = sample(svi, years, ks).map((point, index) =>
                index === 10 ? {...point, vol: point.vol + 0.1} : point,
            );
            expectNear(fitSvi(points, years).residuals[10]!, -0.1, 1e-4, "residual of the one raised");
        });
    });

    describe("densitySign", () => {
        it("should be below zero where second differences of call prices are", () => {
            // The smile of Axel Vogt, the usual example of one with a butterfly arbitrage.
            const vogt: RawSvi = {a: -0.041, b: 0.1331, rho: 0.306, m: 0.3586, sigma: 0.4153};
            const call = (k: number): number => blackPrice("call", 1, Math.exp(k), Math.sqrt(varianceAt(vogt, k)));
            for (const k of [-1, -0.2, 0.3, 0.8, 0.9, 1.1]) {
                const step = 1e-3;
                const [low, middle, high] = [k - step, k, k + step];
                const slope = (from: number, to: number): number =>
                    (call(to) - call(from)) / (Math.exp(to) - Math.exp(from));
                const isPositive = slope(middle, high) > slope(low, middle);
                expect(densitySign(vogt, k) > 0, `at ${k}`).to.equal(isPositive);
            }
            expect(densitySign(vogt, 0.9), "where it is known to fail").to.be.below(0);
        });
    });

    describe("leastSquares", () => {
        it("should find the coefficients, and 0 for a column that repeats another", () => {
            const columns = [
                [1, 1, 1, 1],
                [0, 1, 2, 3],
            ];
            const target = [1, 3, 5, 7];
            const [level, slope] = leastSquares(columns, target);
            expectNear(level!, 1, 1e-12, "level");
            expectNear(slope!, 2, 1e-12, "slope");
            expect(leastSquares([...columns, columns[1]!], target)[2], "repeated column").to.equal(0);
        });
    });

    describe("minimise", () => {
        it("should find the bottom of a curved valley", () => {
            const valley = ([x, y]: readonly [number, number]): number => (1 - x) ** 2 + 100 * (y - x * x) ** 2;
            const {at, value} = minimise(valley, [-1.2, 1], [0.5, 0.5]);
            expectNear(at[0], 1, 1e-5, "x");
            expectNear(at[1], 1, 1e-5, "y");
            expect(value, "value").to.be.below(1e-12);
        });
    });

    describe("Black-76", () => {
        it("should have the known values of the normal distribution", () => {
            for (const [x, value] of [
                [0, 0.5],
                [1, 0.8413447460685429],
                [-1.959963984540054, 0.025],
                [3, 0.9986501019683699],
            ] as const) {
                expectNear(normalCdf(x), value, 1e-14, `at ${x}`);
            }
            expectNear(normalCdf(-6) / 9.865876450376981e-10, 1, 1e-9, "far tail, relative");
            expectNear(normalCdf(6), 1 - 9.865876450376981e-10, 1e-15, "far tail above");
        });

        it("should return the volatility behind a price", () => {
            const cases = fc.tuple(fc.constantFrom("call", "put"), unit(-2, 2), unit(0.01, 2));
            fc.assert(
                fc.property(cases, ([side, distance, totalVol]) => {
                    const strike = 100 * Math.exp(distance * totalVol);
                    const isOut = (side === "call") === distance >= 0;
                    if (!isOut) return true;
                    const found = totalVolOf(side, 100, strike, blackPrice(side, 100, strike, totalVol)) ?? NaN;
                    return Math.abs(found - totalVol) < 1e-9;
                }),
                {seed: 3},
            );
        });

        it("should find none for a price below exercise or above the underlying", () => {
            expect(totalVolOf("call", 100, 90, 10), "exercise value").to.equal(undefined);
            expect(totalVolOf("call", 100, 90, 100), "the forward").to.equal(undefined);
            expect(totalVolOf("put", 100, 90, 90), "the strike").to.equal(undefined);
        });
    });
});
