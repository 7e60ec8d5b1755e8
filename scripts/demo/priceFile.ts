/** Prices from a file: any exchange table with asset, time, open, high, low, close under the usual names. */
import {parseE18} from "../sdk/index.js";
import {divDown} from "../sdk/math/index.js";

/** Prices at one full hour, decimal text. */
export type PriceBar = {readonly time: number; readonly BTC: string; readonly ETH: string};

const HOUR = 3600;
const MAX_GAP = 86_400;
const MAX_BARS = 500;

const NAMES = {
    asset: /^(asset|symbol|ticker|pair|instrument|market|currency)$/,
    time: /^(time|timestamp|timestamp_utc|date|datetime|unix|open_?time|time_?utc)$/,
    close: /^(close|closing|close_?price|last|c)$/,
} as const;

/** What is wrong with a price file. */
export class PriceFileError extends Error {}

type Row = {readonly asset: "BTC" | "ETH"; readonly time: number; readonly close: string};

/** Seconds since 1970 of what exchanges write: seconds, milliseconds, microseconds, or a date in UTC. */
export function readTime(text: string): number {
    if (/^\d+(\.\d+)?$/.test(text)) {
        const value = Number(text);
        const scale = value > 1e14 ? 1e6 : value > 1e11 ? 1e3 : 1;
        return Math.floor(value / scale);
    }
    const iso = text.trim().replace(" ", "T");
    const zoned = /(Z|[+-]\d{2}:?\d{2})$/.test(iso) ? iso : `${iso.includes("T") ? iso : `${iso}T00:00:00`}Z`;
    const time = Date.parse(zoned) / 1000;
    if (!Number.isFinite(time)) throw new PriceFileError(`"${text}" is not a time`);
    return time;
}

function assetOf(text: string): "BTC" | "ETH" | undefined {
    const upper = text.toUpperCase();
    if (upper.startsWith("BTC") || upper.startsWith("XBT")) return "BTC";
    return upper.startsWith("ETH") ? "ETH" : undefined;
}

function readRow(cells: readonly string[], columns: Readonly<Record<keyof typeof NAMES, number>>, line: number): Row[] {
    const asset = assetOf(cells[columns.asset] ?? "");
    if (asset === undefined) return [];
    const close = cells[columns.close] ?? "";
    if (!/^\d+(\.\d+)?$/.test(close) || parseE18(close) <= 0n)
        throw new PriceFileError(`Line ${line}: "${close}" is not a price`);
    return [{asset, time: readTime(cells[columns.time] ?? ""), close}];
}

function readRows(text: string): Row[] {
    const [header = "", ...lines] = text.split(/\r?\n/).filter((line) => line.trim() !== "" && !line.startsWith("#"));
    const split = (line: string): string[] => line.split(/[,;\t]/).map((cell) => cell.trim().replace(/^"|"$/g, ""));
    const names = split(header.toLowerCase());
    const columns = {
        asset: names.findIndex((name) => NAMES.asset.test(name)),
        time: names.findIndex((name) => NAMES.time.test(name)),
        close: names.findIndex((name) => NAMES.close.test(name)),
    };
    const missing = Object.entries(columns).filter(([, index]) => index < 0);
    if (missing.length > 0) {
        throw new PriceFileError(
            `The price file has no column for ${missing.map(([name]) => name).join(", ")}: ${header}`,
        );
    }
    return lines.flatMap((line, index) => readRow(split(line), columns, index + 2));
}

type Times = Map<number, Partial<Record<"BTC" | "ETH", string>>>;

/** Times at which both assets have a price, in order. */
function complete(byTime: Times): PriceBar[] {
    return [...byTime]
        .flatMap(([time, {BTC, ETH}]) => (BTC === undefined || ETH === undefined ? [] : [{time, BTC, ETH}]))
        .sort((one, other) => one.time - other.time);
}

/** The bar before, repeated for every full hour until the next. */
function hoursUntil(last: PriceBar, time: number): PriceBar[] {
    const hours: PriceBar[] = [];
    for (let hour = last.time + HOUR; hour < time; hour += HOUR) hours.push({...last, time: hour});
    return hours;
}

/** The first stretch without a gap of more than a day, hour by hour; bars wider than an hour repeat their price. */
export function parsePriceFile(text: string, from = 0): PriceBar[] {
    const byTime: Times = new Map();
    for (const {asset, time, close} of readRows(text)) {
        if (time >= from) byTime.set(time, {...byTime.get(time), [asset]: close});
    }
    const bars: PriceBar[] = [];
    for (const bar of complete(byTime)) {
        const last = bars.at(-1);
        if (last !== undefined && bar.time - last.time > MAX_GAP) break;
        if (last !== undefined) bars.push(...hoursUntil(last, bar.time));
        bars.push(bar);
    }
    if (bars.length < 2)
        throw new PriceFileError("The price file holds fewer than two times at which both BTC and ETH have a price");
    return bars.slice(0, MAX_BARS);
}

/** The first hour in which BTC falls by more than a tenth; without one, the hour of its largest fall. */
export function hourOfLargestFall(bars: readonly PriceBar[]): number {
    const change = (hour: number): bigint => {
        const beforeE18 = parseE18(bars[hour - 1]?.BTC ?? "1");
        return divDown(parseE18(bars[hour]?.BTC ?? "1") - beforeE18, beforeE18);
    };
    const hours = bars.map((_, hour) => hour).slice(1);
    const steep = hours.find((hour) => change(hour) < parseE18("-0.1"));
    return steep ?? hours.reduce((lowest, hour) => (change(hour) < change(lowest) ? hour : lowest), 1);
}
