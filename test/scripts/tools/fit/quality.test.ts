import {spawnSync} from "node:child_process";
import {join} from "node:path";

import {expect} from "chai";

import {CASES, describeFits, measureFits, parseSmiles} from "../../../../scripts/tools/fit/quality.js";
import type {Case, Figure} from "../../../../scripts/tools/fit/quality.js";
import {RECORDED_SMILES} from "../../../../scripts/tools/fit/recorded.js";
import {ROOT} from "../../../../scripts/tools/repository.js";

describe("bench:fit", () => {
    let figures: readonly Figure[];
    before(function () {
        this.timeout(120_000);
        figures = measureFits(RECORDED_SMILES, CASES, 1);
    });
    const of = (name: string): Figure => figures.find((figure) => figure.name === name)!;

    it("should fit every recorded smile in every case", () => {
        for (const {name, fits, failed} of figures) {
            expect(failed, name).to.deep.equal([]);
            expect(fits, name).to.equal(RECORDED_SMILES.length);
        }
    });

    it("should recover exact quotes to a thousandth of a point", () => {
        expect(of("exact").worstStrikePoints).to.be.below(0.001);
    });

    for (const [name, points] of [
        ["noise of 0.2 points", 0.2],
        ["noise of 0.5 points", 0.5],
        ["prices of calls and puts, no forward", 0.2],
    ] as const) {
        it(`should recover the smile from ${name} with a smaller error than the noise`, () => {
            expect(of(name).worstFitPoints, "worst mean square of a fit").to.be.below(points);
            expect(of(name).middlePoints, "the usual one, five figures out of 25 quotes").to.be.below(points * 0.6);
        });
    }

    it("should lie between all bids and asks that straddle the smile", () => {
        expect(of("spread of 2 points around the truth").inside).to.equal(1);
    });

    it("should find the forward in calls and puts", () => {
        expect(of("prices of calls and puts, no forward").forwardError).to.be.within(1e-9, 0.005);
    });

    it("should count and name a smile that cannot be fitted", () => {
        const noise: Case = {name: "wild", noiseVol: 1, halfVol: 0.001, straddle: 0, unit: "vol"};
        const [figure] = measureFits(RECORDED_SMILES.slice(0, 1), [noise], 1);
        expect(figure!.fits, "fits").to.equal(0);
        expect(figure!.failed[0], "reason").to.match(/^BTC 2026-02-13: fit-/);
    });

    it("should print a row per case", () => {
        expect(
            describeFits(figures)
                .split("\n")
                .slice(2)
                .map((row) => row.split(" | ")[0]),
        ).to.deep.equal(CASES.map(({name}) => `| ${name}`));
    });

    it("should read a list of smiles and refuse what is none", () => {
        const smile = {
            currency: "BTC",
            expiry: "2030-03-01",
            T_years: 1,
            forward: 1,
            a: 1,
            b: 1,
            rho: 0,
            m: 0,
            sigma: 1,
        };
        expect(parseSmiles([smile])[0]).to.deep.include({name: "BTC 2030-03-01", years: 1});
        expect(() => parseSmiles([{...smile, sigma: "wide"}])).to.throw("sigma");
    });

    it("should explain itself, and end with 2 for a file that is not there", () => {
        const run = (...args: string[]) =>
            spawnSync(process.execPath, ["scripts/run.mjs", join("scripts", "tools", "benchFit.ts"), ...args], {
                cwd: ROOT,
                encoding: "utf8",
            });
        expect(run("--help").stdout, "help").to.include("SMILES.json");
        const absent = run("absent.json");
        expect(absent.status, absent.stderr).to.equal(2);
        expect(absent.stderr, "message").to.include("absent.json");
    });
});
