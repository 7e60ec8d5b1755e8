/** From what strategies went through to rates, intervals and the verdict. */
import type {Period} from "./periods.js";
import {shareOf} from "./periods.js";
import {blockBootstrap, mean, wilson} from "./statistics.js";
import type {Interval} from "./statistics.js";
import type {Tally} from "./tally.js";

/** Share of margin periods whose loss the maintenance requirement is to cover. */
export const PROMISE = 0.99;

export const BOOTSTRAP_DRAWS = 2000;

export type Outcome = {
    readonly tally: Tally;
    readonly periods: number;
    readonly exceedances: number;
    readonly rate: number;
    readonly intervals: {
        /** As if every period were independent. */
        readonly wilson: Interval;
        /** Of `separateRate`, over as many periods as fit without overlap. */
        readonly separate: Interval;
        /** Blocks of a day drawn with replacement. */
        readonly bootstrap: Interval;
    };
    /** Rate in which an hour counts once, however many periods cover it. */
    readonly separateRate: number;
    readonly initialRate: number;
    readonly worst: Period;
    /** Worst loss over the requirement of its period. */
    readonly worstRatio: number;
    readonly meanNeed: number;
    readonly isKept: boolean;
};

export type Sampling = {
    /** Periods that start within a day. */
    readonly block: number;
    readonly seed: number;
};

/** Undefined for a strategy that met no period. */
export function outcomeOf(tally: Tally, {block, seed}: Sampling): Outcome | undefined {
    const periods = tally.times.length;
    const {worst} = tally;
    if (worst === undefined) return undefined;
    const exceedances = tally.exceeded.filter(Boolean).length;
    const rate = exceedances / periods;
    return {
        tally,
        periods,
        exceedances,
        rate,
        intervals: {
            wilson: wilson(exceedances, periods),
            separate: wilson(tally.separateExceeded, tally.separate),
            bootstrap: blockBootstrap(tally.exceeded, {block, draws: BOOTSTRAP_DRAWS, seed}),
        },
        separateRate: tally.separateExceeded / tally.separate,
        initialRate: tally.exceededInitial / periods,
        worst,
        worstRatio: shareOf(worst.lossE18, worst.maintenanceE18),
        meanNeed: mean(tally.needs),
        isKept: exceedances <= (1 - PROMISE) * periods,
    };
}
