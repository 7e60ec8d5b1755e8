/** The outcome as data: decimal strings, in a shape that stays. */
import {formatE18, formatTime} from "../../sdk/index.js";
import type {Backtest, Stretch} from "./backtest.js";
import {BOOTSTRAP_DRAWS, PROMISE} from "./outcome.js";
import type {Outcome} from "./outcome.js";
import type {Interval} from "./statistics.js";

const PLACES = 6;

const decimal = (value: number): string => {
    const text = value.toFixed(PLACES).replace(/\.?0+$/, "");
    return text === "-0" ? "0" : text;
};
const pair = ([low, high]: Interval): [string, string] => [decimal(low), decimal(high)];

export type StrategyFigures = {
    readonly strategy: string;
    readonly assets: readonly string[];
    readonly periods: number;
    readonly exceedances: number;
    readonly rate: string;
    readonly rateSeparate: string;
    readonly intervals: {
        readonly wilson: [string, string];
        readonly separate: [string, string];
        readonly bootstrap: [string, string];
    };
    readonly exceedancesInitial: number;
    readonly rateInitial: string;
    readonly worst: {
        readonly time: string;
        readonly loss: string;
        readonly maintenance: string;
        readonly initial: string;
        readonly gross: string;
        readonly ratio: string;
    };
    readonly meanRequirement: string;
    readonly kept: boolean;
};

export type Figures = {
    readonly source: string;
    readonly promise: string;
    readonly hours: number;
    readonly every: number;
    readonly intrabar: boolean;
    readonly notional: string;
    readonly bootstrap: {readonly draws: number; readonly seed: number};
    readonly stretches: readonly {
        readonly assets: readonly string[];
        readonly from: string;
        readonly to: string;
        readonly barSeconds: number;
        readonly bars: number;
        readonly periods: number;
    }[];
    readonly barsLeftOut: number;
    readonly strategies: readonly StrategyFigures[];
    readonly kept: boolean;
    readonly missed: readonly string[];
};

function strategyFigures(outcome: Outcome): StrategyFigures {
    const {tally, periods, exceedances, rate, intervals, worst} = outcome;
    return {
        strategy: tally.title,
        assets: tally.assets,
        periods,
        exceedances,
        rate: decimal(rate),
        rateSeparate: decimal(outcome.separateRate),
        intervals: {
            wilson: pair(intervals.wilson),
            separate: pair(intervals.separate),
            bootstrap: pair(intervals.bootstrap),
        },
        exceedancesInitial: tally.exceededInitial,
        rateInitial: decimal(outcome.initialRate),
        worst: {
            time: formatTime(worst.time),
            loss: formatE18(worst.lossE18),
            maintenance: formatE18(worst.maintenanceE18),
            initial: formatE18(worst.initialE18),
            gross: formatE18(worst.grossE18),
            ratio: decimal(outcome.worstRatio),
        },
        meanRequirement: decimal(outcome.meanNeed),
        kept: outcome.isKept,
    };
}

const stretchFigures = ({assets, from, to, seconds, bars, periods}: Stretch): Figures["stretches"][number] => ({
    assets,
    from: formatTime(from),
    to: formatTime(to),
    barSeconds: seconds,
    bars,
    periods,
});

export function figuresOf({options, stretches, leftOut, outcomes}: Backtest, source: string): Figures {
    const missed = outcomes.filter(({isKept}) => !isKept).map(({tally}) => tally.title);
    return {
        source,
        promise: String(PROMISE),
        hours: options.hours,
        every: options.every,
        intrabar: options.intrabar,
        notional: formatE18(options.notionalE18),
        bootstrap: {draws: BOOTSTRAP_DRAWS, seed: options.seed},
        stretches: stretches.map(stretchFigures),
        barsLeftOut: leftOut,
        strategies: outcomes.map(strategyFigures),
        kept: missed.length === 0,
        missed,
    };
}
