/** From runs of bars to margin periods: every strategy at every start, its requirement then and its loss until the end. */
import {divDown} from "../../sdk/math/index.js";
import {formatE18} from "../../sdk/index.js";
import {assessBook} from "../../sdk/risk/index.js";
import {bookOf, expiryAfter, grossOf} from "./books.js";
import type {Stage} from "./books.js";
import {lossOf, marketOf, pricesOf, worthOf} from "./pricing.js";
import type {Quote} from "./pricing.js";
import type {Rules} from "./rules.js";
import type {Bar, Run} from "./series.js";
import {tenorsOf} from "./strategies.js";
import type {Strategy, Universe} from "./strategies.js";
import {advance, statesOf} from "./volatility.js";
import type {VolState} from "./volatility.js";

export type PeriodOptions = {
    readonly hours: number;
    /** A start at every so many bars. */
    readonly every: number;
    readonly intrabar: boolean;
    readonly notionalE18: bigint;
};

/** One strategy over one margin period. */
export type Period = {
    /** Start, Unix seconds. */
    readonly time: number;
    readonly lossE18: bigint;
    readonly maintenanceE18: bigint;
    readonly initialE18: bigint;
    readonly grossE18: bigint;
};

/** Takes what a strategy, by its place in the universe, went through. */
export type Sink = (strategy: number, period: Period) => void;

const HOUR = 3600;
/** Over a wider gap the past says too little about volatility: the run warms up anew. */
const MAX_GAP = 86_400;

export type Prepared = {
    readonly run: Run;
    /** Per asset, by bar. */
    readonly states: readonly (readonly (VolState | undefined)[])[];
    /** Places of the bars at whose close a period starts. */
    readonly starts: readonly number[];
    /** Bars in a period. */
    readonly steps: number;
};

const toNumber = (valueE18: bigint): number => Number(formatE18(valueE18));

function startsOf({run, states}: Pick<Prepared, "run" | "states">, steps: number, every: number): number[] {
    const warm = run.times.map((_, bar) => bar).filter((bar) => states.every((own) => own[bar] !== undefined));
    const first = warm[0] ?? Infinity;
    return warm.filter((bar) => bar + steps < run.times.length && (bar - first) % every === 0);
}

/** Adds states and starts to runs; close neighbours carry their state on. */
export function prepare(runs: readonly Run[], {hours, every}: PeriodOptions): Prepared[] {
    let before: Prepared | undefined;
    return runs.map((run) => {
        const last = before;
        const gap = (run.times[0] ?? 0) - (last?.run.times.at(-1) ?? -Infinity);
        const states = run.bars.map((bars, asset) => {
            const closes = bars.map(({closeE18}) => toNumber(closeE18));
            const state = gap <= MAX_GAP ? last?.states[asset]?.at(-1) : undefined;
            return statesOf(closes, run.seconds / HOUR, state && {state, hours: gap / HOUR});
        });
        const steps = (hours * HOUR) / run.seconds;
        before = {run, states, steps, starts: startsOf({run, states}, steps, every)};
        return before;
    });
}

export type Moment = {readonly time: number; readonly quotes: readonly Quote[]};

function momentAt({run, states}: Prepared, assets: readonly string[], bar: number): Moment {
    const quotes = assets.flatMap((asset, place): Quote[] => {
        const state = states[place]?.[bar];
        const spotE18 = run.bars[place]?.[bar]?.closeE18;
        return state === undefined || spotE18 === undefined ? [] : [{asset, spotE18, state}];
    });
    return {time: run.times[bar] ?? 0, quotes};
}

/** The moment at which all assets stand at their high, or all at their low, of a bar: as if it closed there. */
function extremeAt(prepared: Prepared, assets: readonly string[], bar: number, at: (bar: Bar) => bigint): Moment {
    const {run} = prepared;
    const {quotes} = momentAt(prepared, assets, bar - 1);
    return {
        time: run.times[bar] ?? 0,
        quotes: quotes.map(({asset, spotE18: beforeE18, state}, place) => {
            const own = run.bars[place]?.[bar];
            const spotE18 = own === undefined ? beforeE18 : at(own);
            return {asset, spotE18, state: advance(state, toNumber(spotE18), run.seconds / HOUR)};
        }),
    };
}

function momentsAfter(prepared: Prepared, assets: readonly string[], start: number, intrabar: boolean): Moment[] {
    const end = start + prepared.steps;
    const close = momentAt(prepared, assets, end);
    if (!intrabar) return [close];
    const within = Array.from({length: prepared.steps}, (_, step) => start + 1 + step);
    const extremes = within.flatMap((bar) => [
        extremeAt(prepared, assets, bar, ({lowE18}) => lowE18),
        extremeAt(prepared, assets, bar, ({highE18}) => highE18),
    ]);
    return [close, ...extremes];
}

/** Everything at one moment that all strategies share. */
export function stageOf(rules: Rules, {time, quotes}: Moment, expiries: readonly number[], notionalE18: bigint): Stage {
    const market = marketOf(rules, quotes, time, expiries);
    return {rules, market, prices: pricesOf(market, rules.parameters), quotes, notionalE18};
}

/** All strategies of a universe over the period that starts at one bar. */
export function playPeriod(
    prepared: Prepared,
    {assets, strategies}: Universe,
    rules: Rules,
    options: PeriodOptions,
    start: number,
): Period[] {
    const now = momentAt(prepared, assets, start);
    const expiries = tenorsOf(strategies).map((days) => expiryAfter(now.time, days));
    const stage = stageOf(rules, now, expiries, options.notionalE18);
    const after = momentsAfter(prepared, assets, start, options.intrabar).map((moment) =>
        stageOf(rules, moment, expiries, options.notionalE18),
    );
    return strategies.map((strategy: Strategy) => {
        const book = bookOf(stage, strategy);
        const {equityE18, maintenanceE18, initialE18} = assessBook({
            book,
            market: stage.market,
            parameters: rules.parameters,
        });
        const worthE18 = after.map(({market, prices}) => worthOf(book, market, rules, prices));
        const lossE18 = lossOf(equityE18, worthE18);
        return {time: now.time, lossE18, maintenanceE18, initialE18, grossE18: grossOf(stage, book)};
    });
}

/** A share of an amount, for statistics. */
export const shareOf = (partE18: bigint, wholeE18: bigint): number =>
    wholeE18 <= 0n ? 0 : toNumber(divDown(partE18, wholeE18));
