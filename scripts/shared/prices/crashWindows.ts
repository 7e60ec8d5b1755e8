/** Bars around three crashes: built in, so that replays need no file. The figures are public, their sources are named. */
import {MARCH_2020} from "./march2020.js";
import {NOVEMBER_2022} from "./november2022.js";
import {OCTOBER_2025} from "./october2025.js";
import type {PriceRow} from "./priceTable.js";

export type PriceWindow = {
    readonly name: string;
    readonly source: string;
    /** When the first bar opens, Unix seconds. */
    readonly first: number;
    /** Length of a bar. */
    readonly seconds: number;
    /** By asset, `high/low/close` of every bar, oldest first. */
    readonly bars: Readonly<Record<"BTC" | "ETH", string>>;
};

export const CRASH_WINDOWS: readonly PriceWindow[] = [MARCH_2020, NOVEMBER_2022, OCTOBER_2025];

/** The bars of one asset. */
export function barsOf({first, seconds, bars}: PriceWindow, asset: "BTC" | "ETH"): PriceRow[] {
    return bars[asset]
        .trim()
        .split(/\s+/)
        .map((bar, index) => {
            const [high = "", low = "", close = ""] = bar.split("/");
            return {asset, time: first + index * seconds, high, low, close, line: index + 1};
        });
}

export const crashBars = (): PriceRow[] =>
    CRASH_WINDOWS.flatMap((window) => [...barsOf(window, "BTC"), ...barsOf(window, "ETH")]);
