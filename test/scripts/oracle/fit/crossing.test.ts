import {expect} from "chai";
import fc from "fast-check";

import {dropFalling, fallOf} from "../../../../scripts/oracle/fit/calendar.js";
import type {Calendared} from "../../../../scripts/oracle/fit/calendar.js";
import {crossingOf, overlap} from "../../../../scripts/oracle/fit/crossing.js";
import {FitError} from "../../../../scripts/oracle/fit/failures.js";
import {slopeAt, varianceAt} from "../../../../scripts/oracle/fit/svi.js";
import type {RawSvi} from "../../../../scripts/oracle/fit/svi.js";
import {parseMarket} from "../../../../scripts/oracle/market.js";
import {SurfaceError} from "../../../../scripts/oracle/failures.js";
import {parseE18} from "../../../../scripts/sdk/units.js";

const SPAN = {low: -0.7, high: 0.7};
const TOLERANCE = 1e-7;

const near: RawSvi = {a: 0.01, b: 0.1, rho: -0.3, m: 0, sigma: 0.1};
/** More variance at the money, less in the left wing. */
const flatter: RawSvi = {a: 0.03, b: 0.04, rho: 0, m: 0, sigma: 0.1};
const above: RawSvi = {...near, a: 0.02};

const calendared = (expiry: number, {a, b, rho, m, sigma}: RawSvi, more: Partial<Calendared> = {}): Calendared => ({
    expiry,
    smile: {
        aE18: parseE18(a.toFixed(15)),
        bE18: parseE18(b.toFixed(15)),
        rhoE18: parseE18(rho.toFixed(15)),
        mE18: parseE18(m.toFixed(15)),
        sigmaE18: parseE18(sigma.toFixed(15)),
    },
    ...more,
});
const quality = (rmsVol: number) => ({points: 9, outliers: 0, rmsVol, worstVol: rmsVol, inside: 1});

describe("oracle: smiles that cross", () => {
    it("should be found in a wing, where variance falls most", () => {
        const crossing = crossingOf(near, flatter, SPAN);
        expect(crossing?.k, "at the end of the span, the wings part").to.equal(SPAN.low);
        expect(crossing?.earlier).to.equal(varianceAt(near, SPAN.low));
        expect(crossing?.later).to.equal(varianceAt(flatter, SPAN.low));
        expect(crossingOf(near, flatter, {low: -0.05, high: 0.3}), "outside the span").to.equal(undefined);
        expect(crossingOf(near, above, SPAN), "none").to.equal(undefined);
        expect(crossingOf(near, near, SPAN), "the same smile").to.equal(undefined);
    });

    it("should be found between two points of any grid", () => {
        // A dip as wide as a ten-thousandth of the span, into a smile that lies a hair below its tips.
        const kink: RawSvi = {a: 0.04, b: 0.5, rho: 0, m: 0.01234, sigma: 1e-6};
        const shelf: RawSvi = {a: 0.04 + 1e-5, b: 0, rho: 0, m: 0, sigma: 0.1};
        const crossing = crossingOf(shelf, kink, SPAN);
        expect(Math.abs(crossing!.k - kink.m), "place").to.be.below(1e-6);
        expect(Math.abs(crossing!.earlier - crossing!.later - (1e-5 - 5e-7)), "depth").to.be.below(TOLERANCE);
    });

    it("should be what a fine grid finds, and no less, for any two smiles", () => {
        const figure = (min: number, max: number) => fc.double({min, max, noNaN: true});
        const smile = fc.record({
            a: figure(0, 0.05),
            b: figure(0, 1),
            rho: figure(-0.99, 0.99),
            m: figure(-0.5, 0.5),
            sigma: figure(0.001, 1),
        });
        let crossings = 0;
        fc.assert(
            fc.property(smile, smile, figure(-0.05, 0.2), (earlier, {a, b, rho, m, sigma}, lift) => {
                const later = {a: a + lift, b, rho, m, sigma};
                const found = crossingOf(earlier, later, SPAN);
                const depth = found === undefined ? 0 : found.earlier - found.later;
                if (found !== undefined) crossings += 1;
                let most = 0;
                for (let step = 0; step <= 2_000; ++step) {
                    const k = SPAN.low + ((SPAN.high - SPAN.low) * step) / 2_000;
                    most = Math.max(most, varianceAt(earlier, k) - varianceAt(later, k));
                }
                expect(most, "on the grid").to.be.at.most(depth + 1.001 * TOLERANCE);
            }),
            {numRuns: 200, seed: 1},
        );
        expect(crossings, "both outcomes occur").to.be.within(20, 180);
    });

    it("should be looked for with the slope of the formula", () => {
        const step = 1e-6;
        for (const k of [-0.4, 0, 0.3]) {
            const difference = (varianceAt(near, k + step) - varianceAt(near, k - step)) / (2 * step);
            expect(Math.abs(slopeAt(near, k) - difference)).to.be.below(1e-8);
        }
    });

    it("should be looked for where both stand on quotes", () => {
        expect(overlap({low: -0.2, high: 0.1}, {low: -0.1, high: 0.4})).to.deep.equal({low: -0.1, high: 0.1});
        const [earlier, later] = [calendared(1, near), calendared(2, flatter)];
        expect(fallOf(earlier, later)?.code, "given").to.equal("fit-calendar");
        const quoted = {low: -0.05, high: 0.05};
        expect(fallOf({...earlier, quoted}, later), "the earlier one's quotes end before").to.equal(undefined);
        expect(fallOf(earlier, {...later, quoted}), "the later one's do").to.equal(undefined);
        const apart = {low: 0.2, high: 0.3};
        expect(fallOf({...earlier, quoted}, {...later, quoted: apart}), "no strike in common").to.equal(undefined);
    });

    it("should cost the one that fits less well its place, and say where variance falls", () => {
        const [earlier, later] = [calendared(1, near, {quality: quality(0.01)}), calendared(2, flatter)];
        const {kept, dropped} = dropFalling([earlier, {...later, quality: quality(0.02)}]);
        expect(kept).to.deep.equal([earlier]);
        expect(dropped[0]?.error).to.be.instanceOf(FitError);
        expect(dropped[0]?.error.details).to.include({earlier: "1", later: "2", k: "-0.69314718"});
        expect(dropped[0]?.error.message).to.match(
            /falls from 0\.\d+ to 0\.\d+ at the later expiry, at log-strike -0\.69/,
        );
    });

    it("should be a market that cannot be when both were given", () => {
        const text = ({a, b, rho, m, sigma}: RawSvi) => ({
            forward: "70000",
            smile: {a: String(a), b: String(b), rho: String(rho), m: String(m), sigma: String(sigma)},
        });
        const file = (later: RawSvi): string =>
            JSON.stringify({
                now: "2030-03-01T08:00:00Z",
                underlyings: {BTC: {spot: 70_000, expiries: {"2030-03-15": text(near), "2030-03-29": text(later)}}},
            });
        expect(parseMarket(file(above)).underlyings[0]?.expiries, "rising").to.have.lengthOf(2);
        expect(() => parseMarket(file(flatter)))
            .to.throw(SurfaceError, /Variance falls .* at log-strike -0\.69/)
            .with.property("code", "calendar");
    });
});
