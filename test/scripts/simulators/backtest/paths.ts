/** Made-up prices for the backtest's tests. */
import type {PriceRow} from "../../../../scripts/shared/prices/priceTable.js";
import type {BacktestOptions} from "../../../../scripts/simulators/backtest/backtest.js";

const BAR = 4 * 3600;
const T0 = Date.UTC(2024, 0, 1) / 1000;

/** Bars that end the warm-up of 72 h. */
export const WARM_BARS = 19;

export type Point = {readonly close: number; readonly high?: number; readonly low?: number};

export const path = (asset: string, points: readonly Point[]): PriceRow[] =>
    points.map(({close, high = close, low = close}, i) => ({
        asset,
        time: T0 + i * BAR,
        high: String(high),
        low: String(low),
        close: String(close),
        line: i + 2,
    }));

export const flat = (price: number, bars = WARM_BARS): Point[] => Array.from({length: bars}, () => ({close: price}));

/** Small steps up and down, the same every time. */
export const wave = (price: number, bars: number): Point[] =>
    Array.from({length: bars}, (_, i) => ({close: price * (1 + 0.01 * Math.sin(i) + 0.004 * Math.cos(3 * i))}));

export const OPTIONS: BacktestOptions = {
    assets: undefined,
    hours: 4,
    every: 1,
    intrabar: false,
    notionalE18: 100_000n * 10n ** 18n,
    parameters: undefined,
    seed: 1,
};

/** A table as an exchange would export it. */
export const csv = (rows: readonly PriceRow[]): string =>
    [
        "symbol,time,high,low,close",
        ...rows.map((row) => [row.asset, row.time, row.high, row.low, row.close].join(",")),
    ].join("\n");
