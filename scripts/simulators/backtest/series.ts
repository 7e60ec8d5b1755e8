/** Bars become runs: stretches of one width without a gap, in which every asset of a universe has a price. */
import {parseE18} from "../../sdk/index.js";
import {PriceFileError} from "../../shared/prices/failures.js";
import type {PriceRow} from "../../shared/prices/priceTable.js";

export type Bar = {
    readonly closeE18: bigint;
    /** Equal to the close where the table has no extremes. */
    readonly highE18: bigint;
    readonly lowE18: bigint;
};

/** Bars of one asset by the time they open. */
export type Series = ReadonlyMap<number, Bar>;

export type Run = {
    /** Length of a bar in seconds. */
    readonly seconds: number;
    /** When each bar closes. */
    readonly times: readonly number[];
    /** Per asset of the universe. */
    readonly bars: readonly (readonly Bar[])[];
};

/** Shorter runs are left out: they come of single bars between two gaps. */
export const MIN_BARS = 12;

function barOf({asset, time, close, high = close, low = close, line}: PriceRow): Bar {
    const bar = {closeE18: parseE18(close), highE18: parseE18(high), lowE18: parseE18(low)};
    if (bar.lowE18 <= bar.closeE18 && bar.closeE18 <= bar.highE18) return bar;
    const details = {asset, time: String(time), line: String(line), high, low, close};
    const message = `Line ${line}: the close ${close} of ${asset} is not between its low ${low} and its high ${high}`;
    throw new PriceFileError("bar-inconsistent", message, details);
}

const isSame = (one: Bar, other: Bar): boolean =>
    one.closeE18 === other.closeE18 && one.highE18 === other.highE18 && one.lowE18 === other.lowE18;

/** Series by asset; the same bar may come twice, two different ones for one time may not. */
export function seriesOf(rows: readonly PriceRow[]): ReadonlyMap<string, Series> {
    const found = new Map<string, Map<number, Bar>>();
    for (const row of rows) {
        const series = found.get(row.asset) ?? new Map<number, Bar>();
        found.set(row.asset, series);
        const bar = barOf(row);
        const known = series.get(row.time);
        if (known !== undefined && !isSame(known, bar)) {
            const details = {asset: row.asset, time: String(row.time), line: String(row.line)};
            const message = `Line ${row.line}: ${row.asset} has two different bars at ${row.time}`;
            throw new PriceFileError("bar-conflict", message, details);
        }
        series.set(row.time, bar);
    }
    return found;
}

function spans(times: readonly number[]): {readonly first: number; readonly last: number; readonly seconds: number}[] {
    const found: {first: number; last: number; seconds: number}[] = [];
    const step = (at: number): number => (times[at + 1] ?? NaN) - (times[at] ?? NaN);
    for (let first = 0; first < times.length - 1;) {
        const seconds = step(first);
        let last = first + 1;
        while (step(last) === seconds) last++;
        found.push({first, last, seconds});
        first = last + 1;
    }
    return found;
}

export type Runs = {
    readonly runs: readonly Run[];
    /** Bars that are in no run. */
    readonly leftOut: number;
};

/** Runs whose bars fit into a margin period a whole number of times. */
export function runsOf(series: readonly Series[], periodSeconds: number): Runs {
    const [first, ...others] = series;
    const shared = [...(first?.keys() ?? [])].filter((time) => others.every((other) => other.has(time)));
    const times = shared.sort((one, other) => one - other);
    const kept = spans(times).filter(
        ({first: from, last, seconds}) => last - from + 1 >= MIN_BARS && periodSeconds % seconds === 0,
    );
    const runs = kept.map(({first: from, last, seconds}): Run => {
        const own = times.slice(from, last + 1);
        const bars = series.map((one) => own.flatMap((time) => one.get(time) ?? []));
        return {seconds, times: own.map((time) => time + seconds), bars};
    });
    return {runs, leftOut: times.length - runs.reduce((count, run) => count + run.times.length, 0)};
}
