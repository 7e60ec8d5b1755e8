import {expect} from "chai";

import {expiriesFor} from "../../../scripts/demo/expiries.js";
import {parseOptions, UsageError} from "../../../scripts/demo/options.js";
import {hourOfLargestFall, parsePriceFile} from "../../../scripts/demo/priceFile.js";
import {builtInPrices} from "../../../scripts/demo/prices.js";
import {PriceFileError} from "../../../scripts/shared/prices/failures.js";
import {readTime} from "../../../scripts/shared/prices/priceTable.js";

const at = (text: string): number => Date.parse(text) / 1000;

describe("demo: options", () => {
    it("has defaults", () => {
        const options = {prices: undefined, out: "out/demo", bars: undefined, from: "0", json: false, help: false};
        expect(parseOptions([])).to.deep.equal(options);
    });

    it("reads what is given", () => {
        const options = parseOptions(["--bars", "30", "--out=elsewhere", "--json"]);
        expect([options.bars, options.out, options.json]).to.deep.equal([30, "elsewhere", true]);
    });

    for (const args of [["--bars", "1"], ["--bars", "many"], ["--bar"], ["--prices"], ["stray"]]) {
        it(`refuses ${args.join(" ")}`, () => {
            expect(() => parseOptions(args)).to.throw(UsageError);
        });
    }
});

describe("demo: price files", () => {
    const rows = (time: (hour: number) => string): string =>
        [0, 1, 2]
            .flatMap((hour) => [`BTC,${time(hour)},1,2,0.5,${100 + hour}`, `ETH,${time(hour)},1,2,0.5,10`])
            .join("\n");
    const expected = [0, 1, 2].map((hour) => ({
        time: 1_600_000_000 - 1600 + hour * 3600,
        BTC: String(100 + hour),
        ETH: "10",
    }));
    const first = 1_600_000_000 - 1600;

    it("reads Unix seconds, milliseconds and dates alike", () => {
        const styles = [
            (hour: number): string => String(first + hour * 3600),
            (hour: number): string => String((first + hour * 3600) * 1000),
            (hour: number): string =>
                new Date((first + hour * 3600) * 1000).toISOString().slice(0, 19).replace("T", " "),
        ];
        for (const [index, name] of ["time", "timestamp", "timestamp_utc"].entries()) {
            const text = `asset,${name},open,high,low,close\n${rows(styles[index] ?? String)}\n`;
            expect(parsePriceFile(text)).to.deep.equal(expected);
        }
    });

    it("repeats the price of bars wider than an hour", () => {
        const text = "asset,date,close\nBTC,1600000000,5\nETH,1600000000,6\nBTC,1600007200,7\nETH,1600007200,8\n";
        expect(parsePriceFile(text).map(({BTC}) => BTC)).to.deep.equal(["5", "5", "7"]);
    });

    it("names the missing column", () => {
        expect(() => parsePriceFile("asset,time,price\n")).to.throw(PriceFileError, "close");
    });

    it("names the line of a bad price", () => {
        expect(() => parsePriceFile("asset,time,close\nBTC,1600000000,oops\n")).to.throw(PriceFileError, "Line 2");
        expect(() => parsePriceFile("asset,time,close\nBTC,1600000000,1.2.3\n")).to.throw(PriceFileError, "Line 2");
    });

    it("asks for both assets and refuses a bad time", () => {
        expect(() => parsePriceFile("asset,time,close\nBTC,1600000000,5\n")).to.throw(PriceFileError, "fewer than two");
        expect(() => readTime("yesterday")).to.throw(PriceFileError, "yesterday");
    });
});

describe("demo: the built-in window", () => {
    it("has 193 hourly bars of both assets, the first great fall at 11:00 on 12 March", () => {
        const bars = builtInPrices();
        expect(bars).to.have.length(193);
        expect(bars.every(({ETH}) => Number(ETH) > 0)).to.equal(true);
        expect(bars[hourOfLargestFall(bars)]?.time).to.equal(at("2020-03-12T11:00:00Z"));
    });

    it("trades the Friday inside it and two month ends after it", () => {
        const days = ["2020-03-13", "2020-03-27", "2020-04-24"].map((day) => at(`${day}T08:00:00Z`));
        const {near, mid, far} = expiriesFor(builtInPrices());
        expect([near, mid, far]).to.deep.equal(days);
    });
});
