import {spawnSync} from "node:child_process";
import {join} from "node:path";

import {expect} from "chai";

import {NETWORKS, parametersOf} from "../../../../deploy/parameters/index.js";
import {lawsOf} from "../../../../scripts/sdk/index.js";
import {sum} from "../../../../scripts/sdk/math/index.js";
import {defaultGrid} from "../../../../scripts/sdk/risk/index.js";
import {ONE_E18} from "../../../../scripts/sdk/units.js";
import {baseFees, CLASSES, drawBreaches, stepOf} from "../../../../scripts/simulators/gasSweep/breaches.js";
import {delaysOf} from "../../../../scripts/simulators/gasSweep/delay.js";
import {SweepError} from "../../../../scripts/simulators/gasSweep/failures.js";
import {figuresOf, measuredSeconds} from "../../../../scripts/simulators/gasSweep/figures.js";
import {recordedGas} from "../../../../scripts/simulators/gasSweep/gas.js";
import {DEFAULTS, readOptions} from "../../../../scripts/simulators/gasSweep/program.js";
import {defaultHouse, fixedAt, payFor} from "../../../../scripts/simulators/gasSweep/rules.js";
import {meet} from "../../../../scripts/simulators/gasSweep/run.js";
import type {Met, Scene} from "../../../../scripts/simulators/gasSweep/run.js";
import {simulate} from "../../../../scripts/simulators/gasSweep/simulate.js";
import {percentile, resultOf, sweep} from "../../../../scripts/simulators/gasSweep/sweep.js";
import type {Cell} from "../../../../scripts/simulators/gasSweep/sweep.js";
import {read, ROOT} from "../../../../scripts/tools/repository.js";

const GWEI = 10n ** 9n;
const WITHIN = 5;
const OPTIONS = {
    breaches: 40,
    seed: 3,
    gasPriceWei: GWEI / 10n,
    factors: [1, 10, 50],
    nativePriceE18: 3_000n * ONE_E18,
    within: WITHIN,
    horizon: 900,
};
const done = sweep(OPTIONS);
const house = defaultHouse();
const some = <T>(found: T | undefined): T => found ?? expect.fail("there is none");
const cellOf = (rule: string, factor: number): Cell =>
    some(done.cells.find((cell) => cell.rule === rule && cell.factor === factor));
const coveredOf = ({met, covered}: Cell): Met[] => met.filter(({breach}) => covered.has(breach.number));

describe("gas sweep: what the reward is worth", () => {
    it("MCA-5: should execute what the gas-aware reward pays the gas of, at x1, x10 and x50", () => {
        for (const factor of OPTIONS.factors) {
            const own = coveredOf(cellOf("gas-aware", factor));
            expect(own.length, `x${factor}`).to.be.greaterThan(OPTIONS.breaches / 2);
            expect(
                own.filter(({fate}) => fate === "open"),
                `x${factor}`,
            ).to.deep.equal([]);
            expect(resultOf(own, WITHIN).within, `x${factor}`).to.be.greaterThan(0.85);
        }
        expect(coveredOf(cellOf("gas-aware", 1)).length, "all of them at x1").to.equal(OPTIONS.breaches);
    });

    it("MCA-5: should see the reward that is right at x1 stop paying, and breaches stay open", () => {
        const within = OPTIONS.factors.map(
            (factor) => resultOf(cellOf("fixed, right at x1", factor).met, WITHIN).within,
        );
        expect(some(within[0]), "x1").to.be.greaterThan(0.8);
        expect(some(within[1]), "x10").to.be.lessThan(some(within[0]));
        expect(some(within[2]), "x50").to.be.lessThan(0.5);
        expect(cellOf("fixed, right at x1", 50).covered.size).to.equal(0);
        const [fixed, aware] = (["fixed, right at x1", "gas-aware"] as const).map((rule) =>
            resultOf(cellOf(rule, 50).met, WITHIN),
        );
        expect(some(fixed).executed).to.be.lessThan(some(aware).executed / 2);
    });

    it("MCA-5: should overpay many times the gas at x1 with the reward that is right at x50", () => {
        const [dear, aware] = (["fixed, right at x50", "gas-aware"] as const).map((rule) =>
            resultOf(cellOf(rule, 1).met, WITHIN),
        );
        expect(some(dear).overpaidE18 > 10n * some(aware).overpaidE18).to.equal(true);
    });

    it("MCA-5: should start nothing for no pay, discounts aside", () => {
        const none = {...house.pay, minE18: 0n, maxE18: 0n};
        const scene = sceneOf({pay: none});
        const small = drawBreaches(40, 3, house).filter(({class: name}) => name === "smallest");
        expect(small.map((breach) => meet(scene, breach).fate)).to.not.include("executed");
        expect(small.map((breach) => meet(sceneOf({}), breach).fate)).to.include("executed");
    });

    it("MCA-5: should let no keeper act at a loss, and reconcile what is paid", () => {
        for (const {met} of done.cells) {
            const executed = met.filter(({fate}) => fate === "executed");
            for (const one of executed) expect(one.paidE18 >= one.gasCostE18).to.equal(true);
            const {profitE18, paidE18, gasCostE18, fates} = resultOf(met, WITHIN);
            expect(paidE18).to.equal(sum(met.map((one) => one.paidE18)));
            expect(profitE18).to.equal(paidE18 - gasCostE18);
            expect(fates.executed + fates.open + fates.recovered).to.equal(OPTIONS.breaches);
            for (const one of met) expect(one.overpaidE18 <= one.paidE18 && one.sloE18 >= 0n).to.equal(true);
        }
    });

    it("MCA-5: should meet the same breaches under every rule, and others with another seed", () => {
        const [first, ...others] = done.cells.map(({met}) => met.map(({breach}) => breach));
        for (const one of others) expect(one).to.deep.equal(first);
        expect(figuresOf(sweep(OPTIONS))).to.deep.equal(figuresOf(done));
        expect(drawBreaches(5, 4, house)).to.not.deep.equal(drawBreaches(5, 3, house));
    });
});

function sceneOf(change: Partial<Scene>): Scene {
    return {
        ...{house, pay: house.pay, gas: recordedGas(), horizon: 900, tipWei: GWEI / 10n},
        baseFeesWei: baseFees(GWEI / 10n, 1300, 1),
        nativePriceE18: 3_000n * ONE_E18,
        ...change,
    };
}

describe("gas sweep: its parts", () => {
    it("MCA-5: should reckon with the recorded gas, and with straight lines between", () => {
        const snapshot = JSON.parse(read("snapshots/gas.json")) as Record<string, number>;
        const {start, take} = recordedGas();
        expect(start(8)).to.equal(BigInt(some(snapshot["liquidator: start by witness, 8 positions"])));
        expect(take(1)).to.equal(BigInt(some(snapshot["liquidator: take to the target, 1 position"])));
        expect(take(32)).to.equal(BigInt(some(snapshot["liquidator: take to the target, 32 positions"])));
        expect(take(20), "rounded up").to.equal((take(8) + take(32) + 1n) / 2n);
        expect(take(4) > take(3) && take(64) > take(32), "grows").to.equal(true);
        expect(() => recordedGas({})).to.throw(SweepError, "start by witness, 1 position");
    });

    it("MCA-5: should fix a reward by its bounds, and cap every pay by the book", () => {
        const fees = {baseFeeWei: 5n * GWEI, nativePriceE18: 3_000n * ONE_E18};
        const fixed = fixedAt(house.pay, fees);
        const book = {equityE18: 1_000n * ONE_E18, maintenanceE18: 1_001n * ONE_E18, positions: 4};
        const [calm, dear] = [fees, {...fees, baseFeeWei: 500n * GWEI}].map((one) => payFor(fixed, "take", book, one));
        expect(calm).to.equal(dear).and.to.equal(fixed.minE18);
        const [start, take] = (["start", "take"] as const).map((work) => payFor(house.pay, work, book, fees));
        expect(fixed.minE18).to.equal((some(start) + some(take)) / 2n);
        const small = {equityE18: 4n * ONE_E18, maintenanceE18: 6n * ONE_E18, positions: 4};
        expect(payFor(fixed, "start", small, fees)).to.equal(6n * ONE_E18);
    });

    it("MCA-5: should keep the base fee within a factor of two, and spread accounts over all sizes", () => {
        const fees = baseFees(GWEI, 2000, 9);
        expect(fees.every((fee) => fee >= GWEI / 2n && fee <= 2n * GWEI)).to.equal(true);
        expect(fees.some((fee) => fee < (GWEI * 7n) / 10n) && fees.some((fee) => fee > (GWEI * 14n) / 10n)).to.equal(
            true,
        );
        const breaches = drawBreaches(50, 1, house);
        expect(new Set(breaches.map((one) => one.class))).to.deep.equal(new Set(CLASSES));
        for (const {equityE18, maintenanceE18, reserveE18} of breaches) {
            expect(equityE18 > 0n && equityE18 < maintenanceE18 && reserveE18 < maintenanceE18).to.equal(true);
        }
        // 7,200 blocks of a day: the deviation of the day is that of a step times their root.
        const day = Number(stepOf(house)) * Math.sqrt(7200);
        expect(Math.abs(day / Number(house.sigmaDayE18) - 1)).to.be.lessThan(1e-6);
    });

    it("MCA-5: should take percentiles by nearest rank over all breaches", () => {
        const met = some(done.cells[0]).met.slice(0, 4);
        const fates = (...list: (readonly [Met["fate"], number])[]): Met[] =>
            list.map(([fate, blocks], i) => ({...some(met[i]), fate, blocks}));
        const all = fates(["executed", 7], ["executed", 2], ["executed", 3], ["open", 900]);
        expect([percentile(all, 50), percentile(all, 75), percentile(all, 95)]).to.deep.equal([3, 7, undefined]);
        const {within, executed} = resultOf(all, WITHIN);
        expect([within, executed]).to.deep.equal([0.5, 0.75]);
    });
});

describe("gas sweep: delay and requirement", () => {
    const seconds = some(measuredSeconds(done));

    it("MCA-5: should find the measured delay within the steward's reaction time, on every network", () => {
        for (const network of NETWORKS) {
            expect(seconds, network).to.be.lessThan(parametersOf(network).steward.reactionSeconds);
        }
    });

    it("MCA-5: should hold the maintenance fractions of every network against the measured delay", () => {
        const delays = delaysOf(seconds);
        expect(delays.map(({network}) => network)).to.include.members([...NETWORKS]);
        for (const {network, underlying, measured, configured, mostSeconds} of delays) {
            const name = `${network}, ${underlying}`;
            expect([measured.coversDelay, configured.coversDelay], name).to.deep.equal([true, true]);
            expect(mostSeconds, name).to.be.greaterThan(parametersOf(network).steward.reactionSeconds);
            const {risk, clearing} = parametersOf(network);
            const own = some(risk.underlyings.find((one) => one.name === underlying));
            const params = {
                ...{rangeE18: own.priceRange, spreadE18: own.spread},
                ...{impactE18: own.impact, sigmaDayE18: own.sigmaDay},
            };
            const grid = defaultGrid(own.priceRange);
            const feeE18 = clearing.fees.linear;
            const [most, beyond] = [mostSeconds, mostSeconds + 1].map((reactionSeconds) =>
                lawsOf(params, grid, {feeE18, reactionSeconds}),
            );
            expect([most?.coversDelay, beyond?.coversDelay], name).to.deep.equal([true, false]);
        }
    });

    it("MCA-5: should measure no delay where some that are paid for stay open", () => {
        const cells = done.cells.map((cell) => ({
            ...cell,
            met: cell.met.map((one): Met => ({...one, fate: "open"})),
        }));
        expect(measuredSeconds({...done, cells})).to.equal(undefined);
        expect(figuresOf({...done, cells}).delays).to.deep.equal([]);
    });
});

describe("gas sweep: the command", function () {
    this.timeout(60_000);
    const run = (...args: string[]) => {
        const script = join(ROOT, "scripts", "simulators", "gasSweep", "main.ts");
        return spawnSync(process.execPath, [join(ROOT, "scripts", "run.mjs"), script, ...args], {encoding: "utf8"});
    };

    it("MCA-5: should print figures alone, the same as the kit gives", () => {
        const {status, stdout, stderr} = run("--breaches", "5", "--factors", "1,50", "--blocks", "100", "--json");
        expect(status, stderr).to.equal(0);
        const asked = readOptions({...DEFAULTS, breaches: "5", factors: "1,50", blocks: "100"});
        expect(JSON.parse(stdout)).to.deep.equal(simulate(asked));
    });

    it("MCA-5: should print latency, profit and SLO of every gas price and rule", () => {
        const {status, stdout} = run("--breaches", "5", "--factors", "1,50", "--blocks", "100");
        expect(status).to.equal(0);
        for (const words of ["x50, gas-aware", "95th percentile", "keepers' profit", "SLO", "local, BTC"]) {
            expect(stdout).to.contain(words);
        }
    });

    it("should leave with 2 on bad input and name it", () => {
        for (const [args, words] of [
            [["--factors", "1,0"], "option-malformed: --factors"],
            [["--gas-price", "0"], "option-malformed: --gas-price"],
            [["--factor", "1"], "unknown option"],
        ] as const) {
            const {status, stderr} = run(...args);
            expect([status, stderr.includes(words)], stderr).to.deep.equal([2, true]);
        }
    });

    it("should explain itself", () => {
        const {status, stdout} = run("--help");
        expect(status).to.equal(0);
        expect(stdout).to.contain("--native-price").and.contain("Exit codes");
    });
});
