import {expect} from "chai";

import {assessBook} from "../../../../scripts/sdk/risk/index.js";
import {backtest} from "../../../../scripts/simulators/backtest/backtest.js";
import type {BacktestOptions} from "../../../../scripts/simulators/backtest/backtest.js";
import {bookOf, expiryAfter, grossOf} from "../../../../scripts/simulators/backtest/books.js";
import {describe as describeFigures, verdictOf} from "../../../../scripts/simulators/backtest/describe.js";
import {BacktestError} from "../../../../scripts/simulators/backtest/failures.js";
import {figuresOf} from "../../../../scripts/simulators/backtest/figures.js";
import type {Figures, StrategyFigures} from "../../../../scripts/simulators/backtest/figures.js";
import {outcomeOf} from "../../../../scripts/simulators/backtest/outcome.js";
import type {Period} from "../../../../scripts/simulators/backtest/periods.js";
import {marketOf, pricesOf, worthOf} from "../../../../scripts/simulators/backtest/pricing.js";
import {page} from "../../../../scripts/simulators/backtest/report/page.js";
import {rulesOf} from "../../../../scripts/simulators/backtest/rules.js";
import {DOUBLE, SINGLE, tenorsOf} from "../../../../scripts/simulators/backtest/strategies.js";
import {add, emptyTally} from "../../../../scripts/simulators/backtest/tally.js";
import type {PriceRow} from "../../../../scripts/shared/prices/priceTable.js";
import {expectNear} from "../../../support/near.js";
import {flat, OPTIONS, path, WARM_BARS, wave} from "./paths.js";

const run = (rows: readonly PriceRow[], options: Partial<BacktestOptions> = {}): Figures =>
    figuresOf(backtest(rows, {...OPTIONS, ...options}), "test");

function strategy({strategies}: Figures, name: string): StrategyFigures {
    const found = strategies.find((one) => one.strategy === name);
    if (found === undefined) throw new Error(`There is no ${name}`);
    return found;
}

describe("backtest: a path worked out by hand", () => {
    // 100,000 USD at 100 are 1,000 units; the price falls to 80 in the last bar.
    const fall = path("BTC", [...flat(100), {close: 100}, {close: 80, low: 75, high: 104}]);
    // 16 % of 100,000, roll 1 %, half a spread of 0.05 %, 4 % · √(100,000 / 2 bn) of impact, 5.25 of reserve.
    const maintenance = 16_000 + 1000 + 25 + 4000 * Math.sqrt(100_000 / 2e9) + 5.25;

    it("should lose what 1,000 units lose, and need what the model says", () => {
        const {periods, exceedances, worst, rate} = strategy(run(fall), "BTC long perpetual");
        expect([periods, exceedances, rate], "periods, exceedances, rate").to.deep.equal([2, 1, "0.5"]);
        expect(worst.loss, "loss").to.equal("20000");
        expectNear(Number(worst.maintenance), maintenance, 1e-6, "maintenance");
        expectNear(Number(worst.initial), maintenance / 0.8, 1e-6, "initial");
        expect(worst.gross, "gross notional").to.equal("100000");
        expect(worst.time, "start of the worst period").to.equal("2024-01-04T08:00:00Z");
    });

    it("should not count a loss between maintenance and initial as above initial", () => {
        const {exceedancesInitial} = strategy(run(fall), "BTC long perpetual");
        expect(exceedancesInitial, "above initial").to.equal(0);
    });

    it("should count a loss just above the requirement and not one just below", () => {
        const ending = (close: number): Figures => run(path("BTC", [...flat(100), {close: 100}, {close}]));
        const above = 100 - maintenance / 1000 - 0.0001;
        const below = 100 - maintenance / 1000 + 0.0001;
        expect(strategy(ending(above), "BTC long perpetual").exceedances, "just above").to.equal(1);
        expect(strategy(ending(below), "BTC long perpetual").exceedances, "just below").to.equal(0);
    });

    it("should report a gain as a loss below zero", () => {
        const {worst, exceedances} = strategy(run(path("BTC", [...flat(100), {close: 80}])), "BTC short perpetual");
        expect([worst.loss, exceedances], "loss and exceedances").to.deep.equal(["-20000", 0]);
    });

    it("should find the worst point of highs and lows where that is asked for", () => {
        const figures = run(fall, {intrabar: true});
        expect(strategy(figures, "BTC long perpetual").worst.loss, "long, at the low").to.equal("25000");
        expect(strategy(figures, "BTC short perpetual").worst.loss, "short, at the high").to.equal("4000");
    });

    it("should hold a call spread to what it cost", () => {
        const bought = strategy(run(fall), "BTC call spread, bought");
        expect(bought.exceedances, "exceedances").to.equal(0);
        const ratio = Number(bought.worst.ratio);
        expect(ratio > 0.9 && ratio <= 1, `loss over requirement: ${ratio}`).to.equal(true);
    });

    it("should take the pair of assets from both paths", () => {
        const eth = path("ETH", [...flat(10), {close: 10}, {close: 9}]);
        const {worst, assets} = strategy(run([...fall, ...eth]), "long BTC, short ETH");
        expect(assets, "assets").to.deep.equal(["BTC", "ETH"]);
        // 20 % of 100,000 lost, 10 % of 100,000 won.
        expect(worst.loss, "loss").to.equal("10000");
    });

    it("should hold a longer period over more bars", () => {
        const steps = path("BTC", [...flat(100), {close: 95}, {close: 90}, {close: 85}]);
        expect(strategy(run(steps), "BTC long perpetual").worst.loss, "4 h").to.equal("5555.555555555555555555");
        expect(strategy(run(steps, {hours: 12}), "BTC long perpetual").worst.loss, "12 h").to.equal("15000");
    });
});

describe("backtest: requirements that are too low", () => {
    const rows = path("BTC", wave(100, 80));
    const tooLow = {
        BTC: {
            priceRange: "0.002",
            rollMin: "0",
            rollYear: "0",
            floorNet: "0",
            floorHedged: "0",
            floorShort: "0",
            impact: "0",
        },
    };

    it("should keep the promise on quiet prices with the model's parameters", () => {
        const figures = run(rows);
        expect(figures.missed, "missed").to.deep.equal([]);
        expect(verdictOf(figures), "verdict").to.contain("Each of 29 strategies keeps");
    });

    it("should report strategies as missing it with a range of 0.2 %", () => {
        const figures = run(rows, {parameters: tooLow});
        const {rate, kept, worst} = strategy(figures, "BTC long perpetual");
        expect(figures.kept, "kept").to.equal(false);
        expect(figures.missed, "missed").to.include("BTC long perpetual").and.include("BTC short perpetual");
        expect(Number(rate) > 0.3, `rate of a long perpetual: ${rate}`).to.equal(true);
        expect(Number(worst.ratio) > 2, `worst loss over requirement: ${worst.ratio}`).to.equal(true);
        expect(kept, "long perpetual kept").to.equal(false);
        expect(describeFigures(figures), "table").to.match(/^! BTC long perpetual/m);
        expect(verdictOf(figures), "verdict").to.contain("miss the promise");
    });

    it("should name a parameter that does not exist", () => {
        expect(() => run(rows, {parameters: {BTC: {range: "1"}}}), "unknown parameter").to.throw("BTC");
    });
});

describe("backtest: counting", () => {
    const rows = path("BTC", wave(100, 60));
    const starts = 60 - WARM_BARS;

    it("should start at every bar after the warm-up that leaves room for the period", () => {
        expect(strategy(run(rows), "BTC long perpetual").periods, "every bar").to.equal(starts);
        expect(strategy(run(rows, {every: 10}), "BTC long perpetual").periods, "every tenth").to.equal(
            Math.ceil(starts / 10),
        );
        expect(strategy(run(rows, {hours: 24}), "BTC long perpetual").periods, "24 h").to.equal(starts - 5);
    });

    it("should widen the interval where periods overlap", () => {
        const single = strategy(run(rows, {hours: 4}), "BTC long perpetual").intervals;
        const overlapping = strategy(run(rows, {hours: 24}), "BTC long perpetual").intervals;
        expect(single.separate, "no overlap").to.deep.equal(single.wilson);
        const [upper, naive] = [Number(overlapping.separate[1]), Number(overlapping.wilson[1])];
        expect(upper > 2 * naive, `six-fold overlap: ${upper} against ${naive}`).to.equal(true);
    });

    it("should weigh periods by the time before the next", () => {
        const period = (time: number, lossE18: bigint): Period => ({
            time,
            lossE18,
            maintenanceE18: 10n,
            initialE18: 12n,
            grossE18: 100n,
        });
        const tally = emptyTally("one", ["BTC"]);
        // Four hourly starts, each repeated by the next three, then three starts four hours apart.
        [11n, 10n, 11n, 0n].forEach((loss, hour) => add(tally, period(hour, loss), 0.25));
        [0n, 13n, -5n].forEach((loss, place) => add(tally, period(100 + place, loss), 1));
        const outcome = outcomeOf(tally, {block: 1, seed: 1});
        expect(outcome?.exceedances, "exceedances").to.equal(3);
        expect(outcome?.rate, "rate").to.equal(3 / 7);
        expect(outcome?.separateRate, "1.5 of 4").to.equal(0.375);
        expect(outcome?.initialRate, "rate above initial").to.equal(1 / 7);
        expect(outcome?.worst.lossE18, "worst loss").to.equal(13n);
    });

    it("should tell how far it is", () => {
        const told: number[] = [];
        backtest(rows, OPTIONS, (done, all) => told.push(done, all));
        expect(told.slice(-2), "last").to.deep.equal([starts, starts]);
    });

    it("should refuse bars that no period fits into, and assets without prices", () => {
        const code = (rowsOf: readonly PriceRow[], options: Partial<BacktestOptions>): string => {
            try {
                run(rowsOf, options);
            } catch (error) {
                if (error instanceof BacktestError) return error.code;
                throw error;
            }
            return "none";
        };
        expect(code(rows, {hours: 3}), "bars of 4 h in periods of 3 h").to.equal("no-periods");
        expect(code(path("BTC", flat(100)), {}), "only a warm-up").to.equal("no-periods");
        expect(code(rows, {assets: ["ETH"]}), "asset without prices").to.equal("no-asset");
    });
});

describe("backtest: books", () => {
    const rules = rulesOf(["BTC", "ETH"], undefined);
    const now = Date.UTC(2024, 0, 1) / 1000;
    const quotes = [
        {asset: "BTC", spotE18: 42_000n * 10n ** 18n, state: {price: 42_000, level: 0.5, recent: 43_000}},
        {asset: "ETH", spotE18: 2300n * 10n ** 18n, state: {price: 2300, level: 0.7, recent: 2250}},
    ];
    const market = marketOf(
        rules,
        quotes,
        now,
        tenorsOf([...SINGLE, ...DOUBLE]).map((days) => expiryAfter(now, days)),
    );
    const prices = pricesOf(market, rules.parameters);
    const stage = {rules, market, prices, quotes, notionalE18: OPTIONS.notionalE18};

    for (const one of [...SINGLE, ...DOUBLE]) {
        it(`should value "${one.name}" as the twin's equity does`, () => {
            const book = bookOf(stage, one);
            const {equityE18, maintenanceE18, initialE18} = assessBook({book, market, parameters: rules.parameters});
            expect(worthOf(book, market, rules, prices), "worth").to.equal(equityE18);
            expect(initialE18 >= maintenanceE18 && maintenanceE18 > 0n, "requirements").to.equal(true);
            expect(grossOf(stage, book) > 0n, "gross notional").to.equal(true);
        });
    }

    it("should leave no delta in a hedged book", () => {
        for (const one of [...SINGLE, ...DOUBLE].filter(({isHedged}) => isHedged)) {
            const {positions} = bookOf(stage, one);
            const deltas = positions.map(({instrument, sizeE18}) => sizeE18 * prices(instrument).deltaE18);
            const deltaE36 = deltas.reduce((total, delta) => total + delta, 0n);
            // One unit in the last place per leg and asset.
            expect(deltaE36 < 0n ? -deltaE36 : deltaE36, one.name).to.be.below(10n * 10n ** 18n);
        }
    });
});

describe("backtest: figures", () => {
    const rows = [...path("BTC", wave(100, 40)), ...path("ETH", wave(10, 40))];
    const result = backtest(rows, OPTIONS);
    const figures = figuresOf(result, "test");

    it("should be the same bytes for the same input", () => {
        const again = backtest([...rows].reverse(), OPTIONS);
        expect(JSON.stringify(figuresOf(again, "test")), "figures").to.equal(JSON.stringify(figures));
        expect(page(again, figuresOf(again, "test")), "page").to.equal(page(result, figures));
    });

    it("should hold every strategy once, with figures as decimal text", () => {
        const names = figures.strategies.map((one) => one.strategy);
        expect(names.length, "strategies").to.equal(2 * SINGLE.length + DOUBLE.length);
        expect(new Set(names).size, "distinct names").to.equal(names.length);
        const decimal = /^-?\d+(\.\d+)?$/;
        for (const one of figures.strategies) {
            const {loss, maintenance, initial, gross, ratio} = one.worst;
            const {wilson, separate, bootstrap} = one.intervals;
            const shares = [one.rate, one.rateSeparate, one.rateInitial, one.meanRequirement];
            for (const text of [
                loss,
                maintenance,
                initial,
                gross,
                ratio,
                ...shares,
                ...wilson,
                ...separate,
                ...bootstrap,
            ]) {
                expect(text, one.strategy).to.match(decimal);
            }
            expect(one.worst.time, one.strategy).to.match(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/);
        }
    });

    it("should keep the shape that readers rely on", () => {
        expect(Object.keys(figures), "top").to.deep.equal([
            "source",
            "promise",
            "hours",
            "every",
            "intrabar",
            "notional",
            "bootstrap",
            "stretches",
            "barsLeftOut",
            "strategies",
            "kept",
            "missed",
        ]);
        expect(Object.keys(figures.strategies[0] ?? {}), "strategy").to.deep.equal([
            "strategy",
            "assets",
            "periods",
            "exceedances",
            "rate",
            "rateSeparate",
            "intervals",
            "exceedancesInitial",
            "rateInitial",
            "worst",
            "meanRequirement",
            "kept",
        ]);
    });

    it("should draw a page that loads nothing from anywhere", () => {
        const html = page(result, figures);
        expect(html, "charts").to.match(/<svg/);
        expect(html, "nothing loaded, nothing undefined").not.to.match(
            /(src|href)="|url\(|@import|NaN|undefined|Infinity/,
        );
    });
});
