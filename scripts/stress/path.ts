/** The way that prices take through their bars, and what of it the feeds know when. */
import {barsOf, CRASH_WINDOWS} from "../shared/prices/crashWindows.js";
import type {PriceRow} from "../shared/prices/priceTable.js";
import {parseE18} from "../sdk/index.js";
import {abs} from "../sdk/math/index.js";
import {StressError} from "./failures.js";

/** Prices at one moment, decimal text: as they are, and as the feeds say. */
export type Point = {
    readonly time: number;
    readonly truth: {readonly BTC: string; readonly ETH: string};
    readonly written: {readonly BTC: string; readonly ETH: string};
    /** Whether the bar that the point belongs to is one of a crash. */
    readonly crash: boolean;
};

const HOUR = 3600;
const QUARTERS = 4;
const MAX_GAP = 86_400;
/** Bars that move less are walked to their close only. */
const CALM_E18 = parseE18("0.015");
/** A bar whose low is so far below its first price belongs to the crash. */
const CRASH_E18 = parseE18("0.05");

type Bar = {readonly time: number; readonly BTC: PriceRow; readonly ETH: PriceRow};

/** Rows of a built-in window, or of all of them. */
export function windowRows(name: string): PriceRow[] {
    const found = CRASH_WINDOWS.find((one) => one.name === name);
    if (found === undefined) {
        const known = CRASH_WINDOWS.map((one) => one.name).join(", ");
        throw new StressError("unknown-window", `There is no window "${name}" (${known})`, {name});
    }
    return [...barsOf(found, "BTC"), ...barsOf(found, "ETH")];
}

/** Times at which both assets have a bar, in order, up to the first gap of more than a day. */
export function barsFrom(rows: readonly PriceRow[]): Bar[] {
    const byTime = new Map<number, Partial<Record<"BTC" | "ETH", PriceRow>>>();
    for (const row of rows) {
        if (row.asset !== "BTC" && row.asset !== "ETH") continue;
        byTime.set(row.time, {...byTime.get(row.time), [row.asset]: row});
    }
    const all = [...byTime]
        .flatMap(([time, {BTC, ETH}]) => (BTC === undefined || ETH === undefined ? [] : [{time, BTC, ETH}]))
        .sort((one, other) => one.time - other.time);
    const gap = all.findIndex(({time}, index) => index > 0 && time - (all[index - 1]?.time ?? time) > MAX_GAP);
    const bars = gap === -1 ? all : all.slice(0, gap);
    if (bars.length < 2) {
        throw new StressError("no-bars", "Fewer than two times at which both BTC and ETH have a bar", {
            bars: String(bars.length),
        });
    }
    return bars;
}

/** Least distance between two bars. */
export function widthOf(bars: readonly Bar[]): number {
    const gaps = bars.slice(1).map(({time}, index) => time - (bars[index]?.time ?? 0));
    return Math.min(...gaps);
}

const reach = (row: PriceRow, before: string): bigint => {
    const from = parseE18(before);
    const high = abs(parseE18(row.high ?? row.close) - from);
    const low = abs(parseE18(row.low ?? row.close) - from);
    return ((high > low ? high : low) * 10n ** 18n) / from;
};

/** High before low if the bar falls, low before high if it rises; then the close. */
function wayOf(row: PriceRow, before: string): readonly [string, string, string] {
    const {high = row.close, low = row.close, close} = row;
    return parseE18(close) < parseE18(before) ? [high, low, close] : [low, high, close];
}

const falls = (row: PriceRow, before: string): boolean => {
    const from = parseE18(before);
    return (from - parseE18(row.low ?? row.close)) * 10n ** 18n > from * CRASH_E18;
};

/** Points of one bar, a quarter of it apart; of a calm one those that keep feeds young enough. */
function pointsOf(bar: Bar, before: Bar, width: number): Omit<Point, "written">[] {
    const crash = falls(bar.BTC, before.BTC.close) || falls(bar.ETH, before.ETH.close);
    const calm = reach(bar.BTC, before.BTC.close) < CALM_E18 && reach(bar.ETH, before.ETH.close) < CALM_E18;
    const step = width / QUARTERS;
    const ways = {BTC: wayOf(bar.BTC, before.BTC.close), ETH: wayOf(bar.ETH, before.ETH.close)};
    const closes = {BTC: bar.BTC.close, ETH: bar.ETH.close};
    return Array.from({length: QUARTERS}, (_, quarter) => quarter)
        .filter((quarter) => quarter === QUARTERS - 1 || !calm || step >= HOUR)
        .map((quarter) => {
            const place = quarter < 2 && !calm ? quarter : 2;
            const truth = {BTC: ways.BTC[place] ?? closes.BTC, ETH: ways.ETH[place] ?? closes.ETH};
            return {time: bar.time + (quarter + 1) * step, truth, crash};
        });
}

/** The whole way. With a delay, feeds say what was true so many seconds ago. */
export function pathOf(bars: readonly Bar[], delaySeconds: number): Point[] {
    const width = widthOf(bars);
    const first = bars[0];
    if (first === undefined) return [];
    const start = {BTC: first.BTC.close, ETH: first.ETH.close};
    const points = [
        {time: first.time + width, truth: start, crash: false},
        ...bars.slice(1).flatMap((bar, index) => pointsOf(bar, bars[index] ?? first, width)),
    ];
    let known = 0;
    return points.map((point): Point => {
        while ((points[known + 1]?.time ?? Infinity) <= point.time - delaySeconds) known += 1;
        const late = points[known]?.truth ?? start;
        return {...point, written: delaySeconds === 0 ? point.truth : late};
    });
}
