import {posix} from "node:path";

import {expect} from "chai";

import {describeMargin} from "../../scripts/cli/describeMargin.js";
import {replaceBlock} from "../../scripts/tools/blocks.js";
import {FORMULAS, KEPT_BY, roundingOf, sourceOf} from "../../scripts/tools/margin/formulas.js";
import {measure, STATED} from "../../scripts/tools/margin/kernel.js";
import {marginBlocks, marksOf, PAGE, withBlocks} from "../../scripts/tools/margin/page.js";
import {cut, percent, whole} from "../../scripts/tools/margin/text.js";
import {BOOK, worked} from "../../scripts/tools/margin/worked.js";
import {filesIn, read} from "../../scripts/tools/repository.js";
import {parseE18} from "../../scripts/sdk/units.js";

const page = read(PAGE);
const blocks = marginBlocks();

/** What is written by hand: blocks and commands taken out. */
const prose = Object.keys(blocks)
    .reduce((text, name) => replaceBlock(text, marksOf(name), "") ?? "", page)
    .replace(/```[\s\S]*?```/g, "");
const headings = [...page.matchAll(/^#+ (.+)$/gm)].map(([, title = ""]) =>
    title
        .toLowerCase()
        .replace(/[^a-z0-9 -]/g, "")
        .replaceAll(" ", "-"),
);

describe("architecture: docs/margin.md", () => {
    it("should print what the twin computes now", () => {
        expect(withBlocks(page, blocks)).to.equal(page);
    });

    it("should have every block once, and no other", () => {
        const begun = [...page.matchAll(/<!-- ([\w-]+): begin/g)].map(([, name]) => name);
        expect(begun).to.have.members(Object.keys(blocks)).and.to.have.lengthOf(Object.keys(blocks).length);
        expect(() => withBlocks("text", {book: ""})).to.throw('docs/margin.md has no marks of the block "book"');
    });

    it("should print what the command answers", () => {
        const answer = describeMargin(worked().result);
        const {equityE18, maintenanceE18, initialE18} = worked().report;
        for (const figure of [equityE18, maintenanceE18, initialE18].map((value) => cut(value))) {
            expect(answer, "answer").to.contain(figure);
            expect(page, "page").to.contain(figure);
        }
        expect(page, "command").to.contain(`npx ballast margin --book ${BOOK}`);
    });

    it("should leave figures of the book to the blocks", () => {
        const [, forTraders = ""] = /## A book, worked([\s\S]*)## The formulas/.exec(prose) ?? [];
        expect(forTraders.length, "part").to.be.greaterThan(1000);
        expect(forTraders.match(/\d[\d.,]*\d/g)).to.equal(null);
    });

    it("should link to files and headings that exist", () => {
        for (const [, target = ""] of page.matchAll(/\]\(([^)]+)\)/g)) {
            const [file = "", heading] = target.split("#");
            if (file !== "") expect(read(posix.join("docs", file)).length, target).to.be.greaterThan(0);
            else expect(headings, target).to.include(heading);
        }
    });

    it("should name functions and tests that exist", () => {
        const names = [...prose.matchAll(/`([^`\n]+)`/g)].map(([, name = ""]) => name);
        const pointers = names.filter((name) => /^[A-Z]\w+\.\w+$/.test(name));
        for (const pointer of pointers) expect(sourceOf(pointer).path, pointer).to.match(/^contracts\//);
        const tests = names.filter((name) => /^(unit|fuzz|differential)\//.test(name));
        const known = filesIn("test", ".ts", ".sol").map((path) => path.replace(/\.(test\.ts|t\.sol)$/, ""));
        expect(known).to.include.members(tests.map((name) => `test/${name}`));
        expect([pointers.length > 2, tests.length > 4], "some of each").to.deep.equal([true, true]);
    });

    it("should place every invariant of the risk engine, and no other", () => {
        const stated = [...read("docs/invariants.md").matchAll(/^\| (RSK-\d+) \|/gm)].map(([, id]) => id);
        expect(Object.keys(KEPT_BY)).to.deep.equal(stated);
        for (const id of stated) expect(blocks["invariants"], id).to.contain(`| ${id} |`);
    });
});

describe("architecture: what the margin page measures", () => {
    it("should find prices within the stated error, and not exact", () => {
        for (const {kind, nowE18, shockedE18, prices} of measure()) {
            for (const errorE18 of [nowE18, shockedE18]) {
                expect(errorE18 <= STATED.errorE18, `${kind}: stated`).to.equal(true);
                expect(errorE18 * 100n > STATED.errorE18, `${kind}: a table is never exact`).to.equal(true);
            }
            expect(prices, kind).to.be.greaterThan(5000);
        }
    });

    it("should read roundings from the comments of functions, equity down and charges up", () => {
        const byCode = new Map(Object.values(FORMULAS).flatMap((rows) => rows.map((one) => [one.code, one] as const)));
        const told = ["Collateral.creditedUnits", "AddOns.roll", "Revaluation.weightedLoss"].map((code) =>
            roundingOf(byCode.get(code)!),
        );
        expect(told).to.deep.equal(["floor", "ceil", "ceil"]);
        for (const one of FORMULAS.charges) expect(roundingOf(one), one.what).to.match(/^(ceil|exact)$/);
        for (const one of FORMULAS.values) expect(roundingOf(one), one.what).to.match(/^(floor|exact)$/);
    });

    it("should name what it does not find", () => {
        expect(() => sourceOf("Nowhere.at")).to.throw("there is no Nowhere.sol");
        expect(() => sourceOf("AddOns.nothing")).to.throw("contracts/risk/AddOns.sol has no function nothing");
        const silent = {what: "", formula: "", code: "BookIndex.checkOrder", test: ""};
        expect(() => roundingOf(silent)).to.throw("BookIndex.checkOrder states no rounding");
    });

    it("should print figures cut toward zero, thousands apart", () => {
        const shown = ["1234.567", "-0.004", "-1234.5", "0"].map((text) => cut(parseE18(text)));
        expect(shown).to.deep.equal(["1,234.56", "0.00", "−1,234.50", "0.00"]);
        expect([cut(parseE18("12.9"), 0), whole(parseE18("-2000.25"))]).to.deep.equal(["12", "−2,000.25"]);
        expect(percent(parseE18("0.125"), 1)).to.equal("12.5 %");
    });
});
