/** Hourly prices from a table of any width of bar. */
import {parseE18} from "../sdk/index.js";
import {divDown} from "../sdk/math/index.js";
import {PriceFileError} from "../shared/prices/failures.js";
import {readPriceTable} from "../shared/prices/priceTable.js";

/** Prices at one full hour, decimal text. */
export type PriceBar = {readonly time: number; readonly BTC: string; readonly ETH: string};

const HOUR = 3600;
const MAX_GAP = 86_400;
const MAX_BARS = 500;

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
    for (const {asset, time, close} of readPriceTable(text)) {
        if (time >= from && (asset === "BTC" || asset === "ETH"))
            byTime.set(time, {...byTime.get(time), [asset]: close});
    }
    const bars: PriceBar[] = [];
    for (const bar of complete(byTime)) {
        const last = bars.at(-1);
        if (last !== undefined && bar.time - last.time > MAX_GAP) break;
        if (last !== undefined) bars.push(...hoursUntil(last, bar.time));
        bars.push(bar);
    }
    if (bars.length < 2) {
        const message = "The price file holds fewer than two times at which both BTC and ETH have a price";
        throw new PriceFileError("bars-too-few", message, {bars: String(bars.length)});
    }
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
