/** The whole test: rows of prices in, an outcome per strategy out. Pure: no files, no clock. */
import type {PriceRow} from "../../shared/prices/priceTable.js";
import {BacktestError} from "./failures.js";
import {outcomeOf} from "./outcome.js";
import type {Outcome, Sampling} from "./outcome.js";
import {playPeriod, prepare} from "./periods.js";
import type {PeriodOptions, Prepared} from "./periods.js";
import type {Rules} from "./rules.js";
import {rulesOf} from "./rules.js";
import {runsOf, seriesOf} from "./series.js";
import type {Series} from "./series.js";
import {titleOf, universesOf} from "./strategies.js";
import type {Universe} from "./strategies.js";
import {add, emptyTally} from "./tally.js";

export type BacktestOptions = PeriodOptions & {
    /** Assets to test; those of the rows if left out. */
    readonly assets: readonly string[] | undefined;
    /** Replaces risk parameters; `parameters` of a book file. */
    readonly parameters: unknown;
    readonly seed: number;
};

/** A stretch of bars that was tested. */
export type Stretch = {
    readonly assets: readonly string[];
    readonly from: number;
    readonly to: number;
    readonly seconds: number;
    readonly bars: number;
    readonly periods: number;
};

export type Backtest = {
    readonly options: BacktestOptions;
    readonly stretches: readonly Stretch[];
    /** Bars of some asset that are in no stretch. */
    readonly leftOut: number;
    readonly outcomes: readonly Outcome[];
};

/** Told of periods done and to do. */
export type Progress = (done: number, all: number) => void;

const HOUR = 3600;
const DAY = 86_400;

type Work = {readonly universe: Universe; readonly prepared: readonly Prepared[]; readonly leftOut: number};

function workOf(universe: Universe, series: ReadonlyMap<string, Series>, options: BacktestOptions): Work {
    const own = universe.assets.map((asset) => {
        const found = series.get(asset);
        if (found !== undefined) return found;
        throw new BacktestError("no-asset", `There are no prices of ${asset}`, {asset});
    });
    const {runs, leftOut} = runsOf(own, options.hours * HOUR);
    return {universe, prepared: prepare(runs, options), leftOut};
}

const count = (works: readonly Work[]): number =>
    works.flatMap(({prepared}) => prepared).reduce((total, {starts}) => total + starts.length, 0);

/** Part of a period before the next one starts. */
const shareOfOwn = ({steps}: Prepared, {every}: BacktestOptions): number => Math.min(every / steps, 1);

/** A block is a day where periods are densest. */
function samplingOf({prepared}: Work, {every, seed}: BacktestOptions): Sampling {
    const strides = prepared.map(({run}) => run.seconds * every);
    return {block: Math.max(1, Math.round(DAY / Math.min(...strides, DAY))), seed};
}

function outcomesOf(work: Work, rules: Rules, options: BacktestOptions, onPeriod: () => void): Outcome[] {
    const {universe, prepared} = work;
    const tallies = universe.strategies.map((strategy) =>
        emptyTally(titleOf(universe.assets, strategy), universe.assets),
    );
    for (const one of prepared) {
        const share = shareOfOwn(one, options);
        for (const start of one.starts) {
            const periods = playPeriod(one, universe, rules, options, start);
            tallies.forEach((tally, place) => {
                const period = periods[place];
                if (period !== undefined) add(tally, period, share);
            });
            onPeriod();
        }
    }
    const sampling = samplingOf(work, options);
    return tallies.flatMap((tally) => outcomeOf(tally, sampling) ?? []);
}

const stretchesOf = ({universe, prepared}: Work): Stretch[] =>
    prepared.map(({run, starts}) => ({
        assets: universe.assets,
        from: (run.times[0] ?? 0) - run.seconds,
        to: run.times.at(-1) ?? 0,
        seconds: run.seconds,
        bars: run.times.length,
        periods: starts.length,
    }));

export function backtest(
    rows: readonly PriceRow[],
    options: BacktestOptions,
    onProgress: Progress = () => undefined,
): Backtest {
    const series = seriesOf(rows);
    const assets = options.assets ?? [...series.keys()].sort();
    const rules = rulesOf(assets, options.parameters);
    const works = universesOf(assets).map((universe) => workOf(universe, series, options));
    const all = count(works);
    if (all === 0) {
        const message = `No margin period of ${options.hours} h fits into the bars: they must divide it and run for days without a gap`;
        throw new BacktestError("no-periods", message, {hours: String(options.hours), bars: String(rows.length)});
    }
    let done = 0;
    const outcomes = works.flatMap((work) => outcomesOf(work, rules, options, () => onProgress(++done, all)));
    return {
        options,
        stretches: works.flatMap(stretchesOf),
        leftOut: works.reduce((total, {leftOut}) => total + leftOut, 0),
        outcomes,
    };
}
