import {expect} from "chai";

import {
    lossesOf,
    SPAN,
    SPAN_BITCOIN,
    spanCharge,
    spanScenarios,
    spreadCharge,
    totalsE36,
    worstOf,
} from "../../../../scripts/sdk/venues/index.js";
import type {Row, SpanParams, Worst} from "../../../../scripts/sdk/venues/index.js";
import {expectNear} from "../../../support/near.js";
import {book, e18, linear, option, part, usd} from "./legs.js";

const DAY = 86_400;

/**
 * Published example: L. McMillan, Options as a Strategic Investment, chapter 34, risk arrays of an S&P 500 future (range 20 points of
 * 500 USD, extreme move 14 points) and of a December 410 call, gains of one bought.
 */
const FUTURE = [0, 0, 3330, 3330, -3330, -3330, 6670, 6670, -6670, -6670, 10000, 10000, -10000, -10000, 7000, -7000];
const CALL = [460, -610, 2640, 1730, -1270, -2340, 5210, 4540, -2540, -3430, 8060, 7640, -3380, -3990, 3130, -1500];

const SCENARIOS = spanScenarios(SPAN_BITCOIN);
/** The published arrays carry their cover already. */
const COVERED = SCENARIOS.map((scenario) => ({...scenario, weightE18: e18(1)}));
const row = (size: number, gains: readonly number[]): Row => ({sizeE18: e18(size), profitsE18: gains.map(e18)});
const scan = (...rows: readonly Row[]): Worst | null => worstOf(lossesOf(totalsE36(rows, COVERED), COVERED), COVERED);

const GOLD: SpanParams = {...SPAN_BITCOIN, scanRangeE18: e18("0.05")};

describe("venues: CME SPAN", () => {
    it("should scan 16 scenarios in the order of the risk array", () => {
        expect(SCENARIOS.length).to.equal(16);
        const third = {...SPAN_BITCOIN, scanRangeE18: e18("0.3")};
        expect(spanScenarios(third).map(({moveE18, vol}) => `${usd(moveE18)} ${vol}`)).to.deep.equal([
            ...["0 UP", "0 DOWN", "0.1 UP", "0.1 DOWN", "-0.1 UP", "-0.1 DOWN", "0.2 UP", "0.2 DOWN"],
            ...["-0.2 UP", "-0.2 DOWN", "0.3 UP", "0.3 DOWN", "-0.3 UP", "-0.3 DOWN", "0.9 FLAT", "-0.9 FLAT"],
        ]);
        expect(SCENARIOS.slice(14).map(({weightE18}) => usd(weightE18))).to.deep.equal([0.33, 0.33]);
    });

    describe("the published example", () => {
        it("should ask 10,000 of the future, 3,990 of the call, 6,620 of the covered write", () => {
            expect(usd(scan(row(1, FUTURE))!.lossE18), "future").to.equal(10_000);
            expect(usd(scan(row(1, CALL))!.lossE18), "call").to.equal(3990);
            const write = scan(row(1, FUTURE), row(-1, CALL))!;
            expect([usd(write.lossE18), write.index], "covered write").to.deep.equal([6620, 12]);
        });

        it("should multiply the arrays for a ratio write", () => {
            // Down by the extreme move: -3 * 7,000 + 5 * 1,500.
            const ratio = scan(row(3, FUTURE), row(-5, CALL))!;
            expect([usd(ratio.lossE18), ratio.index]).to.deep.equal([13_500, 15]);
        });

        it("should compute the future's array from its range and extreme move", () => {
            const rule = {...SPAN_BITCOIN, scanRangeE18: e18("0.05"), extremeMultipleE18: e18(2)};
            const future = spanCharge({...rule, extremeCoverE18: e18("0.35")}, book(400, [linear(500, 400, 90)]));
            // 5 % of 400 is 20 points, twice that at 35 % is 14 points.
            expectNear(usd(future.worst!.lossE18), 10_000, 1e-9);
            const only = spanCharge({...rule, extremeCoverE18: e18("0.55")}, book(400, [linear(500, 400, 90)]));
            expectNear(usd(only.worst!.lossE18), 11_000, 1e-9);
            expect(only.worst!.index).to.equal(15);
        });
    });

    it("should scan an outright to its range on scenario 13 or 11, and 110 % of it to open", () => {
        for (const [size, index] of [
            [1, 12],
            [-1, 10],
        ] as const) {
            const charge = spanCharge(GOLD, book(3200, [linear(100 * size, 3200, 60)]));
            expectNear(usd(charge.maintenanceE18), 16_000, 1e-9);
            expectNear(usd(charge.initialE18), 17_600, 1e-9);
            expect(charge.worst?.index).to.equal(index);
        }
    });

    it("should scan a calendar to nothing but the difference of prices, and charge the spread on the far price", () => {
        const legs = [linear(2, 70000, 14), linear(-2, 70000, 90)];
        const charge = SPAN.charge(book(70000, legs));
        expect(part(charge, "scan")).to.equal(0);
        expectNear(usd(charge.maintenanceE18), 0.0175 * 2 * 70000, 1e-9);
    });

    it("should form spreads of the nearest first, once for each unit", () => {
        // 1 of the first against 1 of the second at 200; 1 left of the second against the third at 300; 1 of the third is left.
        const legs = [linear(1, 100, 10), linear(-2, 200, 20), linear(2, 300, 30)];
        expectNear(usd(spreadCharge(legs, e18("0.01"))), 2 + 3, 1e-12);
        expect(spreadCharge([linear(1, 100, 10), linear(2, 200, 20)], e18("0.01"))).to.equal(0n);
    });

    it("should ask at least the minimum of options sold", () => {
        const far = option({kind: "CALL", size: -10, strike: 900, forward: 100, vol: "0.3", seconds: 5 * DAY});
        const least = {...SPAN_BITCOIN, scanRangeE18: e18("0.05"), shortMinimumE18: e18("0.03")};
        const charge = spanCharge(least, book(100, [far]));
        expect(part(charge, "scan")).to.equal(0);
        expectNear(usd(charge.maintenanceE18), 30, 1e-9);
        const bought = spanCharge(least, book(100, [{...far, sizeE18: -far.sizeE18}]));
        expect(bought.maintenanceE18).to.equal(0n);
    });

    it("should let a day pass: an option bought loses time where nothing moves", () => {
        const still = {...SPAN_BITCOIN, scanRangeE18: 0n, volRangeE18: 0n};
        const call = option({kind: "CALL", size: 1, strike: 100, forward: 100, vol: "0.5", seconds: 10 * DAY});
        const after = option({kind: "CALL", size: 1, strike: 100, forward: 100, vol: "0.5", seconds: 9 * DAY});
        const charge = spanCharge(still, book(100, [call]));
        expectNear(usd(charge.worst!.lossE18), usd(call.markE18 - after.markE18), 1e-9);
    });
});
