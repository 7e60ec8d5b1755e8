/**
 * Hourly closing prices of BTC and ETH, 8 to 16 March 2020, out of the built-in window. The first figure is the price at 00:00 UTC
 * on 8 March, the last at 00:00 UTC on 16 March.
 */
import {barsOf} from "../shared/prices/crashWindows.js";
import {MARCH_2020} from "../shared/prices/march2020.js";
import type {PriceBar} from "./priceFile.js";

export const FIRST_BAR = Date.UTC(2020, 2, 8) / 1000;
export const HOUR = 3600;
const LAST_BAR = Date.UTC(2020, 2, 16) / 1000;

/** One bar per hour, oldest first: what a bar closes at is the price of the hour that begins then. */
export function builtInPrices(): PriceBar[] {
    const eth = barsOf(MARCH_2020, "ETH");
    return barsOf(MARCH_2020, "BTC")
        .map(({time, close}, hour) => ({time: time + HOUR, BTC: close, ETH: eth[hour]?.close ?? ""}))
        .filter(({time}) => time >= FIRST_BAR && time <= LAST_BAR);
}
