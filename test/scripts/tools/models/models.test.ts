import {expect} from "chai";

import {MARGIN_MODELS} from "../../../../scripts/sdk/risk/index.js";
import {parseE18, parseUsd} from "../../../../scripts/sdk/units.js";
import {BOOKS, FAMILIES, hasOptions, wordsOf} from "../../../../scripts/tools/models/books.js";
import {chart} from "../../../../scripts/tools/models/chart.js";
import {
    describe as tables,
    legsTable,
    lossTable,
    needsTable,
    summary,
    usd,
} from "../../../../scripts/tools/models/describe.js";
import {figureOf, fromJson, rounded, toJson} from "../../../../scripts/tools/models/figures.js";
import type {Figure} from "../../../../scripts/tools/models/figures.js";
import {ask, crashesOf, openStage} from "../../../../scripts/tools/models/measure.js";
import type {Asked} from "../../../../scripts/tools/models/measure.js";
import {BEGIN, END, filesOf, LIST, modelsBlock, PAGE, PICTURE} from "../../../../scripts/tools/models/pages.js";
import {readOptions} from "../../../../scripts/tools/models/program.js";
import {read} from "../../../../scripts/tools/repository.js";

const strategies = BOOKS.map(({strategy}) => strategy);
const stage = openStage(strategies);
const asked = new Map(BOOKS.map(({strategy}) => [strategy.name, ask(stage, strategy)] as const));
const recorded = fromJson(read(LIST));
const of = (name: string): Asked => asked.get(name)!;
const figureNamed = (name: string): Figure => recorded.find((figure) => figure.name === name)!;

describe("models: books", () => {
    it("should have distinct names and legs of every family", () => {
        expect(new Set(BOOKS.map(({strategy}) => strategy.name)).size, "names").to.equal(BOOKS.length);
        expect(new Set(BOOKS.map(({strategy}) => wordsOf(strategy))).size, "legs").to.equal(BOOKS.length);
        expect(new Set(BOOKS.map(({family}) => family)).size, "families").to.equal(FAMILIES.length);
        expect(BOOKS.length, "books").to.be.greaterThan(23);
    });

    it("should hold a position per leg, and a perpetual where a book is hedged", () => {
        for (const {strategy} of BOOKS) {
            const {positions, collateral} = of(strategy.name).book;
            const held = positions.filter(({sizeE18}) => sizeE18 !== 0n).length + collateral.length;
            const assets = new Set(strategy.legs.map(({asset}) => asset)).size;
            expect(held, strategy.name).to.equal(strategy.legs.length + (strategy.isHedged ? assets : 0));
        }
    });

    it("should be told in words", () => {
        const wordsOfBook = (name: string): string => wordsOf(strategies.find((one) => one.name === name)!);
        expect(wordsOfBook("collar")).to.equal("+1 spot, +1 P −1σ 7d, −1 C +1σ 7d");
        expect(wordsOfBook("covered call on ETH")).to.equal("+1 ETH spot, −1 ETH C +1σ 7d");
        expect(wordsOfBook("conversion")).to.equal("+1 future 30d, +1 P at F 30d, −1 C at F 30d");
        expect(wordsOfBook("short strangle, delta-neutral")).to.equal("−1 P −1σ 7d, −1 C +1σ 7d, perp against delta");
    });
});

describe("models: requirements", () => {
    it("should never ask more at Scenario than at Isolated, and the same of a single leg", () => {
        for (const {strategy} of BOOKS) {
            const {isolated, scenario} = of(strategy.name).needs;
            expect(scenario.maintenanceE18 <= isolated.maintenanceE18, `${strategy.name}: MM`).to.equal(true);
            expect(scenario.initialE18 <= isolated.initialE18, `${strategy.name}: IM`).to.equal(true);
            if (strategy.legs.length > 1) continue;
            expect(scenario, strategy.name).to.deep.equal(isolated);
        }
    });

    it("should ask an initial requirement above the maintenance requirement in every model", () => {
        for (const {strategy} of BOOKS) {
            const {isolated, delta, greeks, scenario} = of(strategy.name).needs;
            for (const need of [isolated, delta ?? scenario, greeks, scenario]) {
                expect(need.initialE18 > need.maintenanceE18 && need.maintenanceE18 > 0n, strategy.name).to.equal(true);
            }
        }
    });

    it("should ask of the delta model about books without options only", () => {
        const withDelta = strategies.filter(({name}) => of(name).needs.delta !== undefined);
        expect(withDelta, "books").to.deep.equal(strategies.filter((one) => !hasOptions(one)));
        expect(withDelta.length, "linear books").to.equal(6);
        expect(MARGIN_MODELS, "models of the engine").to.have.lengthOf(4);
    });

    it("should ask no less at Delta than at Scenario", () => {
        for (const {name} of strategies) {
            const {delta, scenario} = of(name).needs;
            if (delta === undefined) continue;
            expect(delta.maintenanceE18 >= scenario.maintenanceE18, name).to.equal(true);
        }
        for (const name of ["long perpetual", "short perpetual"]) {
            expect(of(name).needs.delta, name).to.deep.equal(of(name).needs.scenario);
        }
    });

    it("should ask the keeper reserve alone of legs that cancel by parity", () => {
        for (const name of ["conversion", "reversal", "box spread"]) {
            const {needs, taylor} = of(name);
            expect(needs.scenario.maintenanceE18 < 7n * parseE18("1"), name).to.equal(true);
            expect(taylor.shareE18, `${name}: share of nothing`).to.equal(undefined);
        }
    });

    it("should let Greeks miss nearly all of a far wing and nothing of a straight line", () => {
        const {greeksScanE18, scanE18} = of("short far call").taylor;
        expect(greeksScanE18 * 20n < scanE18, "short far call").to.equal(true);
        for (const name of ["long perpetual", "synthetic long", "perpetual against future", "long BTC, short ETH"]) {
            expect(of(name).taylor.differenceE18 < parseE18("0.01"), name).to.equal(true);
        }
    });
});

describe("models: recorded figures", () => {
    const pieces = recorded.map(({name, family}) => ({name, family}));

    it("should be of the books there are, in their order", () => {
        expect(pieces).to.deep.equal(BOOKS.map(({family, strategy}) => ({name: strategy.name, family})));
    });

    for (const book of BOOKS) {
        it(`should be what the twin asks of "${book.strategy.name}"`, () => {
            const known = figureNamed(book.strategy.name);
            const {crash} = known;
            const worst = {time: 0, lossE18: 0n, maintenanceE18: 1n, initialE18: 1n, grossE18: 1n};
            const told = figureOf(book, of(book.strategy.name), {periods: 1, exceedances: 0, worst});
            expect({...told, crash}).to.deep.equal(known);
            expect(Number(crash.ratio) > 1, "an exceedance is a loss above the requirement").to.equal(
                crash.exceedances > 0,
            );
        });
    }

    it("should be what some books lost in the crash windows", () => {
        const some = BOOKS.filter(({strategy}) => ["bull put spread", "long BTC, short ETH"].includes(strategy.name));
        const crashes = crashesOf(some.map(({strategy}) => strategy));
        expect(crashes.length, "books").to.equal(2);
        for (const [i, book] of some.entries()) {
            const {crash} = figureOf(book, of(book.strategy.name), crashes[i]!);
            expect(crash, book.strategy.name).to.deep.equal(figureNamed(book.strategy.name).crash);
        }
    }).timeout(60_000);

    it("should be in the page, the list and the picture to the byte", () => {
        const files = filesOf(recorded, read(PAGE));
        expect([...files.keys()], "files").to.deep.equal([PAGE, LIST, PICTURE]);
        for (const [path, text] of files) expect(read(path) === text, path).to.equal(true);
    });
});

describe("models: figures", () => {
    it("should be read as they were written, a line each", () => {
        const text = toJson(recorded);
        expect(fromJson(text), "figures").to.deep.equal(recorded);
        expect(text.trimEnd().split("\n").length, "lines").to.equal(recorded.length + 2);
        expect(() => fromJson('[{"name":"collar"}]'), "missing fields").to.throw();
        expect(() => fromJson(text.replace('"family":"carry"', '"family":"other"')), "no such family").to.throw();
    });

    it("should be rounded to the nearest, halves up, below zero as well", () => {
        const cases = ["1.005", "1.00499", "-1.005", "-1.0051", "0.004", "-0.001"].map((text) =>
            rounded(parseE18(text), 2),
        );
        expect(cases).to.deep.equal(["1.01", "1", "-1", "-1.01", "0", "0"]);
    });

    it("should say what is saved by the exact requirements", () => {
        const [book] = BOOKS;
        const need = (text: string) => ({maintenanceE18: parseUsd(text), initialE18: parseUsd(text)});
        const base = of("collar");
        const needs = {...base.needs, isolated: need("400"), scenario: need("100")};
        const worst = {time: 0, lossE18: parseE18("3"), maintenanceE18: parseE18("2"), initialE18: 1n, grossE18: 1n};
        const told = figureOf(book!, {...base, needs}, {periods: 2, exceedances: 1, worst});
        expect(told.saved, "saved").to.equal("0.75");
        expect(told.crash).to.deep.equal({
            periods: 2,
            exceedances: 1,
            loss: "3",
            maintenance: "2",
            ratio: "1.5",
            time: "1970-01-01T00:00:00Z",
        });
    });
});

describe("models: tables", () => {
    it("should show money without cents but where there is little", () => {
        const shown = ["1234.56", "5.75", "6", "-3.2", "-1234.4", "-0.4", undefined].map(usd);
        expect(shown).to.deep.equal(["1,235", "5.75", "6", "−3.20", "−1,234", "−0.40", "–"]);
    });

    it("should have a row per book under its family", () => {
        for (const table of [needsTable(recorded), lossTable(recorded)]) {
            const lines = table.split("\n");
            expect(lines.length, "rows").to.equal(2 + FAMILIES.length + BOOKS.length);
            expect(new Set(lines.map((line) => line.split(" | ").length)).size, "columns").to.equal(1);
        }
        expect(legsTable(recorded).split("\n").length, "legs").to.equal(2 + BOOKS.length);
        expect(tables(recorded).split("\n").length, "terminal").to.equal(2 * (2 + BOOKS.length) + 1);
    });

    it("should cut what is saved, so that nothing is saved whole", () => {
        const line = (name: string): string =>
            needsTable(recorded)
                .split("\n")
                .find((one) => one.startsWith(`| ${name} |`))!;
        expect(line("box spread"), "reserve").to.contain("| 99.9 % |");
        expect(line("long call"), "no delta model").to.contain("| – | – |").and.contain("| 0.0 % |");
    });

    it("should name the ends in its summary", () => {
        const figures = ["risk reversal", "box spread", "short far call", "call backspread"].map(figureNamed);
        const lines = summary(figures).split("\n");
        expect(lines.length, "lines").to.equal(3);
        expect(lines[0], "savings").to.contain("Of 3 books").and.contain("(risk reversal)").and.contain("(box spread)");
        expect(lines[1], "Greeks").to.contain("the call backspread miss").and.contain("Of the short far call");
        expect(lines[2], "losses").to.contain("the risk reversal lost most").and.contain("4 of 4 books");
        expect(summary([]), "of nothing").to.equal("");
    });
});

describe("models: chart", () => {
    const picture = chart(recorded);
    const count = (pattern: RegExp): number => [...picture.matchAll(pattern)].length;

    it("should be a picture of its own that follows light and dark", () => {
        expect(picture).to.match(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg"/);
        expect(picture)
            .to.contain("prefers-color-scheme:dark")
            .and.not.match(/NaN|undefined|Infinity/);
    });

    it("should have a mark per model and book", () => {
        // One more of each in the legend.
        expect(count(/class="scenario"/g), "Scenario").to.equal(BOOKS.length + 1);
        expect(count(/class="isolated"/g), "Isolated").to.equal(BOOKS.length + 1);
        expect(count(/class="greeks"/g), "Greeks").to.equal(BOOKS.length + 1);
        expect(count(/class="delta"/g), "Delta").to.equal(6 + 1);
        const above = recorded.filter(({crash}) => Number(crash.ratio) > 1);
        expect(count(/class="above"/g), "losses above the requirement").to.equal(above.length + 1);
    });
});

describe("models: pages", () => {
    it("should name a page without marks", () => {
        expect(() => filesOf(recorded, "text"))
            .to.throw("docs/models.md has no")
            .with.property("code", "page-without-block");
    });

    it("should replace what stands between the marks, and nothing else", () => {
        const page = filesOf(recorded, `before\n${BEGIN}\nold\n${END}\nafter`).get(PAGE);
        expect(page).to.equal(`before\n${BEGIN}\n\n${modelsBlock(recorded)}\n\n${END}\nafter`);
    });
});

describe("models: command line", () => {
    it("should take --json with a file and without", () => {
        expect(readOptions({json: true})).to.deep.equal({json: "-", docs: false, check: false});
        expect(readOptions({json: "out.json", docs: true})).to.deep.equal({json: "out.json", docs: true, check: false});
    });

    it("should refuse to write what it checks, and options it does not know", () => {
        const code = (raw: unknown): unknown => {
            try {
                return readOptions(raw);
            } catch (error) {
                return error;
            }
        };
        expect(code({check: true, docs: true}), "both").to.include({name: "ModelsError", code: "option-malformed"});
        expect(code({docs: 3}), "no flag").to.include({code: "option-malformed"});
    });
});
