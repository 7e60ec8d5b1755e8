import {expect} from "chai";

import {assessBook} from "../../../../scripts/sdk/risk/index.js";
import {createScan} from "../../../../scripts/sdk/scan/index.js";
import {ONE_E18, parseE18} from "../../../../scripts/sdk/units.js";
import {describe as tables} from "../../../../scripts/tools/scan/describe.js";
import {ScanError} from "../../../../scripts/tools/scan/failures.js";
import {measure, missed} from "../../../../scripts/tools/scan/measure.js";
import {marketAt, PARAMETERS, populate} from "../../../../scripts/tools/scan/population.js";
import {readOptions} from "../../../../scripts/tools/scan/program.js";

const silent = (): void => undefined;
const OPTIONS = {accounts: "10", seed: "1", verify: "0"};

describe("bench:scan", () => {
    const figure = measure(400, 3, 400, silent);

    it("should find every short account of its own population, and ask about few others", () => {
        expect(figure.falseNegatives, "missed").to.equal(0);
        expect(figure.verified, "verified").to.equal(400);
        expect(figure.short, "short").to.be.within(1, 40);
        expect(figure.asked, "asked").to.be.within(figure.short, figure.short + 2);
        expect(figure.scenarios, "scenarios").to.equal(24);
        expect(figure.positions / figure.accounts, "positions per account").to.be.within(15, 18);
        expect(figure.positionsPerSecond * figure.seconds, "rate").to.be.within(
            figure.positions - 1,
            figure.positions + 1,
        );
    });

    it("should count whom a list leaves out", () => {
        const scan = createScan();
        const market = marketAt(0, ONE_E18);
        scan.reprice(market, PARAMETERS);
        const books = populate(scan, 200, 3);
        const fallen = marketAt(0, parseE18("0.9"));
        const short = [...books].filter(([, book]) => {
            const {equityE18, maintenanceE18} = assessBook({book, market: fallen, parameters: PARAMETERS});
            return equityE18 < maintenanceE18;
        });
        expect(short.length, "short accounts").to.be.greaterThan(5);
        const list = new Set(short.slice(2).map(([account]) => account));
        expect(missed(books, fallen, list, 200, silent), "two are not on the list").to.equal(2);
        expect(missed(books, fallen, list, 0, silent), "nobody is asked about").to.equal(0);
    });

    it("should leave nobody short before the price moves", () => {
        const scan = createScan();
        scan.reprice(marketAt(0, ONE_E18), PARAMETERS);
        populate(scan, 200, 3);
        expect(scan.find().short).to.deep.equal([]);
    });

    it("should show its figures", () => {
        const text = tables([figure]);
        expect(text).to.contain("positions/s").and.to.contain("missed");
        expect(text.split("\n")[2], "accounts").to.match(/^400 /);
    });

    it("should read its options, and name what is wrong with one", () => {
        expect(readOptions(OPTIONS)).to.deep.equal({accounts: 10, seed: 1, verify: 0, json: false});
        for (const [option, value] of [
            ["accounts", "0"],
            ["seed", "x"],
            ["verify", "-1"],
        ] as const) {
            let found: unknown;
            try {
                readOptions({...OPTIONS, [option]: value});
            } catch (error) {
                found = error;
            }
            expect(found instanceof ScanError && [found.code, found.details["option"]], option).to.deep.equal([
                "option-malformed",
                `--${option}`,
            ]);
        }
    });
});
