import {expect} from "chai";

import {PriceFileError} from "../../../../scripts/shared/prices/failures.js";
import type {PriceFileCode} from "../../../../scripts/shared/prices/failures.js";
import {crashBars} from "../../../../scripts/shared/prices/crashWindows.js";
import {assetOf, assetOfFile, readPriceTable} from "../../../../scripts/shared/prices/priceTable.js";
import type {TableOptions} from "../../../../scripts/shared/prices/priceTable.js";
import {runsOf, seriesOf} from "../../../../scripts/simulators/backtest/series.js";

const HOUR = 3600;
const T0 = 1_600_000_000 - 1600;

function failure(run: () => unknown): PriceFileError {
    try {
        run();
    } catch (error) {
        if (error instanceof PriceFileError) return error;
        throw error;
    }
    throw new Error("nothing was refused");
}

describe("backtest: price tables", () => {
    const read = (text: string, options: TableOptions = {}): (() => unknown) => {
        return () => seriesOf(readPriceTable(text, options));
    };

    it("should find columns by name in any order, below a line about who made the file", () => {
        const text =
            "https://www.example.org\nclose,Volume,low,HIGH,Open Time,Symbol\n9,1,8,10,1600000000000,BTC/USD\n";
        expect(readPriceTable(text, {extremes: true}), "the only row").to.deep.equal([
            {asset: "BTC", time: 1_600_000_000, high: "10", low: "8", close: "9", line: 3},
        ]);
    });

    it("should take the asset from elsewhere where no column has it", () => {
        const text = "time,close\n1600000000,9\n";
        expect(readPriceTable(text, {asset: "ETH"})[0]?.asset, "asset").to.equal("ETH");
    });

    it("should name assets by what is priced, not by what it is quoted in", () => {
        const names = ["BTCUSDT", "XBTUSD", "XBT/USD", "btc-perp", "ETH/USDT:USDT", "SOLUSDC", "ARBUSD", "ETH"].map(
            assetOf,
        );
        expect(names, "symbols").to.deep.equal(["BTC", "BTC", "BTC", "BTC", "ETH", "SOL", "ARB", "ETH"]);
        const files = [
            "data/Binance_ETHUSDT_1h.csv",
            "btc-hourly.csv",
            "BTC_USDT_2h.csv",
            "SOL-USDT.csv",
            "prices.csv",
        ];
        expect(files.map(assetOfFile), "file names").to.deep.equal(["ETH", "BTC", "BTC", "SOL", undefined]);
    });

    const refused: readonly (readonly [PriceFileCode, string, string, TableOptions?])[] = [
        ["column-missing", "a table without closes", "asset,time,open\nBTC,1600000000,1\n"],
        [
            "column-missing",
            "a table without lows that needs them",
            "asset,time,high,close\nBTC,1600000000,1,1\n",
            {extremes: true},
        ],
        ["column-missing", "a table without an asset", "time,close\n1600000000,1\n"],
        ["asset-unknown", "a row without a symbol", "asset,time,close\n,1600000000,1\n"],
        ["time-malformed", "a time that is none", "asset,time,close\nBTC,soon,1\n"],
        ["price-malformed", "a price in words", "asset,time,close\nBTC,1600000000,much\n"],
        ["price-malformed", "a price of zero", "asset,time,close\nBTC,1600000000,0\n"],
        ["price-malformed", "a negative low", "asset,time,high,low,close\nBTC,1600000000,2,-1,1\n", {extremes: true}],
        [
            "bar-inconsistent",
            "a close above the high",
            "asset,time,high,low,close\nBTC,1600000000,2,1,3\n",
            {extremes: true},
        ],
        ["bar-conflict", "two prices for one time", "asset,time,close\nBTC,1600000000,1\nBTC,1600000000,2\n"],
    ];
    for (const [code, what, text, options] of refused) {
        it(`should refuse ${what} as ${code}`, () => {
            const error = failure(read(text, options));
            expect(error.code, "code").to.equal(code);
            expect(Object.keys(error.details), "details").to.not.be.empty;
        });
    }

    it("should name the line of the file, blank lines and comments counted", () => {
        const text = "# made by hand\n\nasset,time,close\nBTC,1600000000,1\n\nBTC,1600003600,x\n";
        expect(failure(read(text)).details["line"], "line").to.equal("6");
    });

    it("should take the same bar twice for one", () => {
        const text = "asset,time,close\nBTC,1600000000,1\nBTC,1600000000,1.0\n";
        expect(seriesOf(readPriceTable(text)).get("BTC")?.size, "bars").to.equal(1);
    });
});

describe("backtest: runs", () => {
    const rows = (asset: string, hours: readonly number[]): ReturnType<typeof readPriceTable> =>
        hours.map((hour, i) => ({asset, time: T0 + hour * HOUR, high: undefined, low: undefined, close: "7", line: i}));
    const range = (from: number, to: number, step = 1): number[] =>
        Array.from({length: Math.floor((to - from) / step) + 1}, (_, i) => from + i * step);
    const runs = (hours: readonly number[], period = 4): ReturnType<typeof runsOf> =>
        runsOf([...seriesOf(rows("BTC", hours)).values()], period * HOUR);

    it("should end a run at a gap and begin another after it", () => {
        const found = runs([...range(0, 19), ...range(21, 40)]);
        expect(
            found.runs.map(({times}) => times.length),
            "bars per run",
        ).to.deep.equal([20, 20]);
        expect(found.runs[1]?.times[0], "close of the first bar after the gap").to.equal(T0 + 22 * HOUR);
    });

    it("should tell widths apart and leave out what is too short", () => {
        const found = runs([...range(0, 19), ...range(24, 84, 4), ...range(200, 205)]);
        expect(
            found.runs.map(({seconds}) => seconds / HOUR),
            "widths",
        ).to.deep.equal([1, 4]);
        expect(found.leftOut, "bars left out").to.equal(6);
    });

    it("should leave out bars that do not divide the period", () => {
        expect(runs(range(0, 60, 3)).runs, "runs of 3 h for periods of 4 h").to.deep.equal([]);
        expect(runs(range(0, 60, 3), 6).runs.length, "runs of 3 h for periods of 6 h").to.equal(1);
    });

    it("should keep only times at which every asset has a bar", () => {
        const series = seriesOf([...rows("BTC", range(0, 30)), ...rows("ETH", range(10, 40))]);
        const {runs: shared} = runsOf([...series.values()], 4 * HOUR);
        expect(
            shared.map(({times}) => times.length),
            "shared bars",
        ).to.deep.equal([21]);
    });
});

describe("backtest: the built-in windows", () => {
    it("should hold 1,200 consistent bars of BTC and ETH in three windows", () => {
        const series = seriesOf(crashBars());
        expect(
            [...series].map(([asset, bars]) => [asset, bars.size]),
            "bars",
        ).to.deep.equal([
            ["BTC", 600],
            ["ETH", 600],
        ]);
        const {runs, leftOut} = runsOf([...series.values()], 4 * HOUR);
        expect(
            runs.map(({times}) => times.length),
            "bars per window",
        ).to.deep.equal([384, 120, 96]);
        expect(leftOut, "bars left out").to.equal(0);
    });

    it("should hold the low of 13 March 2020", () => {
        const lows = crashBars().filter(({asset, time}) => asset === "BTC" && time < Date.UTC(2021, 0) / 1000);
        expect(Math.min(...lows.map(({low}) => Number(low))), "lowest BTC of the window").to.equal(3850);
    });
});
