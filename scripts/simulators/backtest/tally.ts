/** What one strategy went through, kept small: shares for statistics, exact figures for the worst period only. */
import {shareOf} from "./periods.js";
import type {Period} from "./periods.js";

export type Tally = {
    readonly title: string;
    readonly assets: readonly string[];
    /** By period, in the order of time. */
    readonly times: number[];
    /** Loss and requirements as shares of the gross notional. */
    readonly losses: number[];
    readonly needs: number[];
    readonly exceeded: boolean[];
    exceededInitial: number;
    /** Periods and exceedances, each counted for the share of it that no later period repeats. */
    separate: number;
    separateExceeded: number;
    /** The period whose loss is the largest share of its maintenance requirement. */
    worst: Period | undefined;
};

export const emptyTally = (title: string, assets: readonly string[]): Tally => ({
    title,
    assets,
    times: [],
    losses: [],
    needs: [],
    exceeded: [],
    exceededInitial: 0,
    separate: 0,
    separateExceeded: 0,
    worst: undefined,
});

const isWorse = (one: Period, other: Period): boolean =>
    one.lossE18 * other.maintenanceE18 > other.lossE18 * one.maintenanceE18;

/** A loss of exactly the requirement is covered. `share` is the part of the period before the next one starts. */
export function add(tally: Tally, period: Period, share: number): void {
    const {time, lossE18, maintenanceE18, initialE18, grossE18} = period;
    tally.times.push(time);
    tally.losses.push(shareOf(lossE18, grossE18));
    tally.needs.push(shareOf(maintenanceE18, grossE18));
    tally.exceeded.push(lossE18 > maintenanceE18);
    tally.separate += share;
    if (lossE18 > maintenanceE18) tally.separateExceeded += share;
    if (lossE18 > initialE18) tally.exceededInitial++;
    if (tally.worst === undefined || isWorse(period, tally.worst)) tally.worst = period;
}
