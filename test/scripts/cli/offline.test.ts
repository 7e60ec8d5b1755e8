import {spawnSync} from "node:child_process";
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";

import {expect} from "chai";

import {ROOT} from "../../../scripts/tools/repository.js";
import {expectNear} from "../../support/near.js";

type Run = {readonly status: number | null; readonly stdout: string; readonly stderr: string};

/** Runs the command line as a user does, from a directory that is not the repository's. */
function ballast(args: readonly string[], input = ""): Run {
    const launcher = join(ROOT, "scripts", "cli", "ballast.mjs");
    return spawnSync(process.execPath, [launcher, ...args], {cwd: tmpdir(), encoding: "utf8", input});
}

/** The book of the format's documentation. */
const BOOK = {
    now: "2026-03-13T08:00:00Z",
    underlyings: {
        BTC: {
            spot: "70000",
            expiries: {"2026-03-27": {forward: "70010", discount: "1", smile: {vol: "0.55"}}},
        },
    },
    account: {
        cash: "0",
        collateral: {WETH: "10"},
        positions: [
            {instrument: "BTC-PERP", size: "1", entry: "69000"},
            {instrument: "BTC-27MAR26-75000-C", size: "-5"},
        ],
    },
    parameters: {
        BTC: {volUp: "0.40", volDown: "0.22", scenarios: [{move: "0.16", vol: "up", weight: "1"}]},
    },
};

type Answer = {
    readonly equity: string;
    readonly health: string;
    readonly bindingScenario: {readonly index: number};
    readonly scenarios: readonly {readonly move: string; readonly loss: string}[];
    readonly legs: readonly {readonly instrument: string; readonly value: string; readonly delta: string}[];
    readonly warnings: readonly string[];
};

describe("ballast, offline", () => {
    let folder: string;
    const write = (name: string, content: unknown): string => {
        const path = join(folder, name);
        writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
        return path;
    };

    before(() => {
        folder = mkdtempSync(join(tmpdir(), "ballast-"));
    });
    after(() => rmSync(folder, {recursive: true}));

    describe("margin", () => {
        it("should answer a book file in JSON", () => {
            const {status, stdout, stderr} = ballast(["margin", "--book", write("book.json", BOOK), "--json"]);
            expect(stderr).to.equal("");
            expect(status).to.equal(0);
            const answer = JSON.parse(stdout) as Answer;
            expect(Object.keys(answer)).to.include.members(["initialMargin", "maintenanceMargin", "addOns"]);
            expect(answer.legs.map(({instrument}) => instrument)).to.deep.equal(["BTC-PERP", "BTC-27MAR26-75000-C"]);
            expect(answer.scenarios).to.have.lengthOf(1);
            expect(answer.scenarios[0]?.move).to.equal("0.16");
            // 1,000 of profit on the perpetual less five calls of 1,233.67.
            expectNear(Number(answer.equity), 1000 + Number(answer.legs[1]?.value), 1e-9);
            expectNear(Number(answer.legs[1]?.value), -5 * 1233.6709, 1e-3);
            expect(answer.warnings).to.have.lengthOf(1);
        });

        it("should read the standard input, take the model from an option and print a table", () => {
            const json = {...BOOK, underlyings: {...BOOK.underlyings, ETH: {spot: "2000"}}, parameters: {}};
            const {status, stdout, stderr} = ballast(
                ["margin", "--book", "-", "--model", "isolated"],
                JSON.stringify(json),
            );
            expect(stderr).to.equal("");
            expect(status).to.equal(0);
            expect(stdout).to.match(/^model isolated\n/);
            expect(stdout).to.match(/^underlying +spot +delta +gamma +vega +theta$/m);
            expect(stdout).to.match(/^maintenance margin +[\d,.]+$/m);
            expect(stdout).to.match(/^BTC-27MAR26-75000-C +-5 +1,233\.67\d* /m);
            expect(stdout).to.match(/^WETH +10 +2,000 +10 +20,000$/m);
        });

        it("should leave with 2 and name the field that is wrong", () => {
            const wrong = {...BOOK, account: {positions: [{instrument: "BTC-PERP", size: "much"}]}};
            const {status, stdout, stderr} = ballast(["margin", "--book", write("wrong.json", wrong), "--json"]);
            expect(status).to.equal(2);
            expect(stdout).to.equal("");
            expect(stderr).to.match(/^error: account\.positions\[0\]\.size: must be a number/);
        });

        it("should leave with 2 when the file is missing, no JSON, or not named", () => {
            const missing = ballast(["margin", "--book", join(folder, "none.json")]);
            expect([missing.status, missing.stderr]).to.satisfy(
                ([status, text]: [number, string]) => status === 2 && text.includes("cannot read"),
            );
            const broken = ballast(["margin", "--book", write("broken.json", "{")]);
            expect([broken.status, broken.stderr]).to.satisfy(
                ([status, text]: [number, string]) => status === 2 && text.includes("is not JSON"),
            );
            const unnamed = ballast(["margin"]);
            expect(unnamed.status).to.equal(2);
            expect(unnamed.stderr).to.include("--book");
        });
    });

    describe("compare", () => {
        const example = join(ROOT, "docs", "examples", "condor.json");

        it("should print requirements, parts and what they rest on", () => {
            const {status, stdout, stderr} = ballast(["compare", "--book", example]);
            expect([status, stderr]).to.deep.equal([0, ""]);
            expect(stdout).to.match(/^equity 10,830\.11 USD$/m);
            expect(stdout).to.match(/^venue, USD +initial +maintenance +of Scenario +worst scenario$/m);
            expect(stdout).to.match(/^Ballast, Scenario +[\d,.]+ +[\d,.]+ +100 % +BTC \+19\.04 %, volatility down$/m);
            // Reg-T: the wider side, 4,000, less what the four options bring in, 1,169.88.
            expect(stdout).to.match(/^Reg-T strategy rules +2,830\.11 +2,830\.11 +104 % +-$/m);
            expect(stdout).to.match(/^CME SPAN: short option minimum +BTC +0$/m);
            expect(stdout).to.contain("\n  - only USDC is collateral: coins hedge nothing\n");
        });

        it("should print the same figures as JSON, from the standard input, and warn in it", () => {
            const {status, stdout, stderr} = ballast(["compare", "--book", "-", "--json"], JSON.stringify(BOOK));
            expect([status, stderr]).to.deep.equal([0, ""]);
            const answer = JSON.parse(stdout) as {
                readonly equity: string;
                readonly venues: readonly {readonly id: string; readonly assumptions: readonly string[]}[];
                readonly warnings: readonly string[];
            };
            expect(Object.keys(answer)).to.deep.equal(["equity", "venues", "warnings"]);
            expect(answer.venues.map(({id}) => id)).to.include.members(["ballast", "deribit", "span", "reg-t"]);
            expect(answer.venues.every(({assumptions}) => assumptions.length > 0)).to.equal(true);
            expect(answer.warnings).to.have.lengthOf(1);
        });

        it("should warn of collateral without a price beside the tables", () => {
            const {status, stderr} = ballast(["compare", "--book", write("book.json", BOOK)]);
            expect(status).to.equal(0);
            expect(stderr).to.match(/^warning: account\.collateral\.WETH counts for nothing/);
        });

        it("should draw a picture where it is told to, a bar for each venue and requirement", () => {
            const chart = join(folder, "deep", "chart.svg");
            expect(ballast(["compare", "--book", example, "--chart", chart]).status).to.equal(0);
            const picture = readFileSync(chart, "utf8");
            expect(picture).to.match(/^<svg .*<\/svg>\n$/s);
            expect(picture.match(/<rect [^>]*class="(initial|maintenance)"/g)).to.have.lengthOf(14);
            expect(picture.match(/class="own"/g)).to.have.lengthOf(1);
        });

        it("should draw an account that is asked for nothing, and one whose equity is in sight", () => {
            const empty = {now: BOOK.now, underlyings: {}, account: {cash: "5"}};
            const drawn = (book: unknown): string => {
                const chart = join(folder, "chart.svg");
                const run = ballast(["compare", "--book", "-", "--chart", chart], JSON.stringify(book));
                expect([run.status, run.stdout.includes("part ")]).to.deep.equal([0, book !== empty]);
                return readFileSync(chart, "utf8");
            };
            expect(drawn(empty)).not.to.match(/NaN|Infinity/);
            const poor = JSON.parse(readFileSync(example, "utf8")) as {account: object};
            expect(drawn({...poor, account: {...poor.account, cash: "2500"}})).to.contain(">equity<");
        });

        it("should leave with 2 without a book, or with a wrong one, and with 1 where it cannot write", () => {
            const unnamed = ballast(["compare"]);
            expect([unnamed.status, unnamed.stderr.includes("--book")]).to.deep.equal([2, true]);
            const wrong = ballast(["compare", "--book", write("wrong.json", {...BOOK, now: "yesterday"})]);
            expect([wrong.status, wrong.stderr.startsWith("error: now: ")]).to.deep.equal([2, true]);
            const missing = ballast(["compare", "--book", join(folder, "none.json")]);
            expect([missing.status, missing.stderr.includes("cannot read")]).to.deep.equal([2, true]);
            const file = write("file", "text");
            const unwritten = ballast(["compare", "--book", example, "--chart", join(file, "chart.svg")]);
            expect([unwritten.status, unwritten.stdout]).to.deep.equal([1, ""]);
        });
    });

    describe("price", () => {
        const reference: readonly (readonly [readonly string[], number])[] = [
            [["--forward", "60000", "--strike", "60000", "--days", "30", "--vol", "0.60"], 4112.364430952128],
            [["--forward", "60000", "--strike", "75000", "--days", "7", "--vol", ".80"], 60.67592255492276],
            [["--forward", "3000", "--strike", "3000", "--days", "1", "--vol", "0.90"], 56.37508917630847],
        ];
        for (const [args, expected] of reference) {
            it(`should know the reference price ${expected}`, () => {
                const {status, stdout} = ballast(["price", "--type", "call", ...args, "--json"]);
                expect(status).to.equal(0);
                const answer = JSON.parse(stdout) as Record<string, string>;
                expect(Object.keys(answer)).to.deep.equal(["price", "delta", "gamma", "vega", "theta"]);
                expectNear(Number(answer["price"]), expected, 1e-9);
            });
        }

        it("should discount and print a table", () => {
            const args = ["--forward", "100", "--strike", "90", "--days", "0", "--vol", "0.5", "--discount", "0.9"];
            const {status, stdout} = ballast(["price", "--type", "put", ...args]);
            expect(status).to.equal(0);
            expect(stdout).to.match(/^price +0$/m);
            const call = ballast(["price", "--type", "call", ...args]);
            expect(call.stdout).to.match(/^price +9$/m);
            expect(call.stdout).to.match(/^delta +0\.9$/m);
        });

        it("should leave with 2 and name the option that is wrong", () => {
            const args = ["--forward", "100", "--strike", "0", "--days", "1", "--vol", "0.5"];
            const strike = ballast(["price", "--type", "call", ...args]);
            expect([strike.status, strike.stderr]).to.deep.equal([2, "error: --strike: must be above 0\n"]);
            const type = ballast(["price", "--type", "straddle", ...args]);
            expect(type.status).to.equal(2);
            expect(type.stderr).to.include("--type");
        });
    });
});
