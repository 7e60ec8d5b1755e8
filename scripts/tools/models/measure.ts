/** What each model asks of a book, how far its Greeks are from its full revaluation, and what it lost in the crashes. */
import {abs, divUp, max, sum} from "../../sdk/math/index.js";
import {assessBook, greeksReport, isRegular, report} from "../../sdk/risk/index.js";
import type {Assessment, Book, GreeksScan, MarginModel, Question, UnderlyingReport} from "../../sdk/risk/index.js";
import {ONE_E18} from "../../sdk/units.js";
import {crashBars} from "../../shared/prices/crashWindows.js";
import {bookOf, expiryAfter} from "../../simulators/backtest/books.js";
import type {Stage} from "../../simulators/backtest/books.js";
import {playPeriod, prepare, stageOf} from "../../simulators/backtest/periods.js";
import type {Moment, Period, PeriodOptions} from "../../simulators/backtest/periods.js";
import {rulesOf} from "../../simulators/backtest/rules.js";
import {runsOf, seriesOf} from "../../simulators/backtest/series.js";
import {tenorsOf} from "../../simulators/backtest/strategies.js";
import type {Strategy} from "../../simulators/backtest/strategies.js";
import {add, emptyTally} from "../../simulators/backtest/tally.js";
import {ASSETS, hasOptions} from "./books.js";
import {ModelsError} from "./failures.js";

const HOUR = 3600;

/** One unit of a book is worth this much of the underlying. */
export const NOTIONAL_E18 = 100_000n * ONE_E18;

/** The margin period of the backtest: a start at every bar, the end of 4 hours. */
export const PERIOD: PeriodOptions = {hours: 4, every: 1, intrabar: false, notionalE18: NOTIONAL_E18};

/** Below this a scan is what rounding leaves of legs that cancel, and a share of it says nothing. */
const LEAST_SCAN_E18 = ONE_E18;

/** A calm day: prices stand at their recent level, so volatility is the same at every expiry and carry is 6 % a year. */
export const MOMENT: Moment = {
    time: Date.UTC(2026, 0, 9, 8) / 1000,
    quotes: [
        {asset: "BTC", spotE18: 70_000n * ONE_E18, state: {price: 70_000, level: 0.6, recent: 70_000}},
        {asset: "ETH", spotE18: 2_500n * ONE_E18, state: {price: 2_500, level: 0.75, recent: 2_500}},
    ],
};

export const rules = rulesOf(ASSETS, undefined);

/** The calm day with every expiry that the strategies deal in. */
export function openStage(strategies: readonly Strategy[]): Stage {
    const expiries = tenorsOf(strategies).map((days) => expiryAfter(MOMENT.time, days));
    return stageOf(rules, MOMENT, expiries, NOTIONAL_E18);
}

export type Need = Pick<Assessment, "maintenanceE18" | "initialE18">;

export type Needs = {
    readonly isolated: Need;
    /** Undefined where the model takes no such book. */
    readonly delta: Need | undefined;
    readonly greeks: Need;
    readonly scenario: Need;
};

/** Largest difference between Greeks and full revaluation over the regular grid, underlyings added up. */
export type Taylor = {
    readonly greeksScanE18: bigint;
    readonly scanE18: bigint;
    readonly differenceE18: bigint;
    /** Of the scan; undefined where the scan is nothing. */
    readonly shareE18: bigint | undefined;
};

const askOf = (question: Question, model: MarginModel): Need => {
    const {maintenanceE18, initialE18} = assessBook({...question, book: {...question.book, model}});
    return {maintenanceE18, initialE18};
};

function differenceOf({pnlE36}: UnderlyingReport, scan: GreeksScan, {parameters}: Question): bigint {
    const grid = parameters.underlyings.get(scan.greeks.underlying)?.grid ?? [];
    const differences = grid.map((scenario, s) =>
        isRegular(scenario) ? abs((pnlE36[s] ?? 0n) - (scan.pnlE36[s] ?? 0n)) : 0n,
    );
    return max(0n, ...differences) / ONE_E18;
}

export function taylorOf(question: Question): Taylor {
    const {underlyings} = report(question);
    const scans = greeksReport(question);
    const differences = underlyings.map((one, i) => {
        const scan = scans[i];
        return scan === undefined ? 0n : differenceOf(one, scan, question);
    });
    const scanE18 = sum(underlyings.map((one) => one.scanE18));
    const differenceE18 = sum(differences);
    return {
        greeksScanE18: sum(scans.map((one) => one.scanE18)),
        scanE18,
        differenceE18,
        shareE18: scanE18 < LEAST_SCAN_E18 ? undefined : divUp(differenceE18, scanE18),
    };
}

export type Asked = {readonly book: Book; readonly needs: Needs; readonly taylor: Taylor};

/** A book opened on the calm day. */
export function ask(stage: Stage, strategy: Strategy): Asked {
    const book = bookOf(stage, strategy);
    const question: Question = {book, market: stage.market, parameters: stage.rules.parameters};
    return {
        book,
        needs: {
            isolated: askOf(question, "ISOLATED"),
            delta: hasOptions(strategy) ? undefined : askOf(question, "DELTA"),
            greeks: askOf(question, "GREEKS"),
            scenario: askOf(question, "SCENARIO"),
        },
        taylor: taylorOf(question),
    };
}

/** The period of a strategy whose loss was the largest share of its requirement. */
export type Crash = {readonly periods: number; readonly exceedances: number; readonly worst: Period};

/** Told of starts done and to do. */
export type Progress = (done: number, all: number) => void;

/** Every strategy opened at every start of the built-in windows, as the backtest does. */
export function crashesOf(strategies: readonly Strategy[], onProgress: Progress = () => undefined): Crash[] {
    const known = seriesOf(crashBars());
    const series = ASSETS.map((asset) => {
        const found = known.get(asset);
        if (found !== undefined) return found;
        throw new ModelsError("no-asset", `The crash windows have no prices of ${asset}`, {asset});
    });
    const prepared = prepare(runsOf(series, PERIOD.hours * HOUR).runs, PERIOD);
    const all = prepared.reduce((count, {starts}) => count + starts.length, 0);
    const tallies = strategies.map(({name}) => emptyTally(name, ASSETS));
    let done = 0;
    for (const one of prepared) {
        for (const start of one.starts) {
            const periods = playPeriod(one, {assets: ASSETS, strategies}, rules, PERIOD, start);
            for (const [place, period] of periods.entries()) {
                const tally = tallies[place];
                if (tally !== undefined) add(tally, period, 1);
            }
            onProgress(++done, all);
        }
    }
    return tallies.map(({title, times, exceeded, worst}) => {
        if (worst === undefined) throw new ModelsError("no-periods", `No period was long enough for ${title}`);
        return {periods: times.length, exceedances: exceeded.filter(Boolean).length, worst};
    });
}
