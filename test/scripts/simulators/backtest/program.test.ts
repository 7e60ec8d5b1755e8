import {spawnSync} from "node:child_process";
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";

import {expect} from "chai";

import {readOptions} from "../../../../scripts/simulators/backtest/program.js";
import {progressOn} from "../../../../scripts/simulators/backtest/progress.js";
import {ROOT} from "../../../../scripts/tools/repository.js";
import {csv, path, wave} from "./paths.js";

type Run = {readonly status: number | null; readonly stdout: string; readonly stderr: string};

describe("backtest: the command", function () {
    this.timeout(60_000);
    let folder: string;
    let prices: string;

    before(() => {
        folder = mkdtempSync(join(tmpdir(), "backtest-"));
        prices = join(folder, "prices.csv");
        writeFileSync(prices, csv(path("BTC", wave(100, 30))));
    });
    after(() => rmSync(folder, {recursive: true}));

    const run = (...args: string[]): Run => {
        const script = join(ROOT, "scripts", "simulators", "backtest", "main.ts");
        return spawnSync(process.execPath, [join(ROOT, "scripts", "run.mjs"), script, ...args], {
            cwd: folder,
            encoding: "utf8",
        });
    };
    const file = (name: string, text: string): string => {
        writeFileSync(join(folder, name), text);
        return join(folder, name);
    };

    it("should leave with 0 where the promise is kept, and write what is asked for", () => {
        const [json, report] = [join(folder, "out", "figures.json"), join(folder, "out", "report.html")];
        const {status, stdout, stderr} = run("--prices", prices, "--json", json, "--report", report);
        expect(status, stderr).to.equal(0);
        expect(stdout, "table").to.contain("BTC long perpetual").and.contain("keeps the promise");
        expect(readFileSync(json, "utf8"), "figures").to.contain('"kept": true');
        expect(readFileSync(report, "utf8"), "page").to.contain("<!doctype html>");
    });

    it("should leave with 3 where a strategy misses it, and print figures alone", () => {
        const parameters = file(
            "low.json",
            JSON.stringify({BTC: {priceRange: 0.001, rollMin: 0, rollYear: 0, floorNet: 0}}),
        );
        const {status, stdout} = run("--prices", prices, "--parameters", parameters, "--json", "-");
        expect(status, "exit code").to.equal(3);
        expect(JSON.parse(stdout), "figures").to.include({kept: false, promise: "0.99"});
    });

    it("should leave with 2 on bad input and name it", () => {
        const one = file("one.csv", "time,close\n1600000000,1\n");
        const cases: readonly (readonly [string, readonly string[]])[] = [
            ["file-unreadable", ["--prices", join(folder, "none.csv")]],
            ["column-missing", ["--prices", one]],
            ["no-periods", ["--prices", `BTC=${one}`]],
            ["option-malformed: --hours", ["--hours", "0"]],
            ["file-malformed", ["--prices", prices, "--parameters", one]],
            ["book-malformed", ["--prices", prices, "--parameters", file("bad.json", '{"BTC": {"range": 1}}')]],
            ["unknown option", ["--hour", "4"]],
        ];
        for (const [words, args] of cases) {
            const {status, stderr} = run(...args);
            expect([status, stderr.includes(words)], `${words}: ${stderr}`).to.deep.equal([2, true]);
        }
    });

    it("should explain itself", () => {
        const {status, stdout} = run("--help");
        expect(status, "exit code").to.equal(0);
        expect(stdout, "help").to.contain("--intrabar").and.contain("Exit codes");
    });
});

describe("backtest: options and progress", () => {
    const given = {hours: "4", every: "1", notional: "100000", seed: "1"};

    it("should read what is given", () => {
        const {hours, prices, from, assets} = readOptions({...given, from: "2020-03-12", assets: "btc,eth"});
        expect([hours, prices, from, assets], "options").to.deep.equal([
            4,
            [],
            Date.UTC(2020, 2, 12) / 1000,
            ["BTC", "ETH"],
        ]);
    });

    for (const [option, value] of [
        ["hours", "25"],
        ["hours", "four"],
        ["every", "0"],
        ["notional", "-1"],
        ["notional", "much"],
        ["seed", "4294967296"],
        ["other", "1"],
    ] as const) {
        it(`should refuse ${option} ${value}`, () => {
            expect(() => readOptions({...given, [option]: value}), "refused")
                .to.throw()
                .with.property("code", "option-malformed");
        });
    }

    it("should tell now and then how much is left", () => {
        let now = 0;
        const lines: string[] = [];
        const progress = progressOn(
            (line) => lines.push(line),
            () => now,
        );
        for (let done = 1; done <= 100; done++) {
            now += 1000;
            progress(done, 100);
        }
        expect(lines.length, "lines in 100 s").to.equal(19);
        expect(lines[0], "first line").to.equal("5 of 100 starts, 1m 35s left");
    });
});
