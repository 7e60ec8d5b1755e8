import {expect} from "chai";

import {EXPIRIES, FEW_SIZES, legsOf, sizeLabel, SIZES, START} from "../../../../scripts/tools/gas/books.js";
import {chart} from "../../../../scripts/tools/gas/chart.js";
import {describe as tables, markdown, readmeTable} from "../../../../scripts/tools/gas/describe.js";
import {differences, figureOf, fromJson, toJson} from "../../../../scripts/tools/gas/figures.js";
import type {Figure} from "../../../../scripts/tools/gas/figures.js";
import {COUNTS, intrinsicGas, NAMES} from "../../../../scripts/tools/gas/measure.js";
import {BEGIN, END, gasBlock, withBlock} from "../../../../scripts/tools/gas/pages.js";
import {peerGas} from "../../../../scripts/tools/gas/peers.js";
import {decodeInstrument} from "../../../../scripts/sdk/instruments.js";

const size = (positions: number, expiries = 1, underlyings = 1) => ({positions, expiries, underlyings});

/** Every figure of the benchmark, each another number of gas. */
const figures: readonly Figure[] = SIZES.flatMap((one, i) =>
    NAMES.map((name, j) => figureOf(name, one, BigInt(200_000 + 1000 * i + j))),
);

describe("gas benchmark: books", () => {
    it("should hold as many positions as they say, spread evenly over expiries and underlyings", () => {
        for (const one of SIZES) {
            const ids = legsOf(one).map(([instrument]) => instrument);
            expect(new Set(ids).size, sizeLabel(one)).to.equal(one.positions);
            expect(
                [...ids].sort((a, b) => (a < b ? -1 : 1)),
                "ascending",
            ).to.deep.equal(ids);
            const counts = new Map<string, number>();
            for (const id of ids) {
                const {underlying, expiry} = decodeInstrument(id);
                counts.set(`${underlying} ${expiry}`, (counts.get(`${underlying} ${expiry}`) ?? 0) + 1);
            }
            expect(counts.size, `series of ${sizeLabel(one)}`).to.equal(one.expiries * one.underlyings);
            expect(Math.max(...counts.values()) - Math.min(...counts.values()), "difference").to.equal(0);
        }
    });

    it("should expire about a week, one month, three and six ahead", () => {
        const days = EXPIRIES.map((expiry) => (expiry - START) / 86_400);
        expect(days).to.deep.equal([7, 31, 87, 178]);
    });

    it("should check the ends and the middle in a quick look", () => {
        expect(FEW_SIZES.map(sizeLabel)).to.deep.equal([
            "1 position, 1 expiry, 1 underlying",
            "8 positions, 1 expiry, 1 underlying",
            "64 positions, 1 expiry, 1 underlying",
            "64 positions, 4 expiries, 2 underlyings",
        ]);
    });
});

describe("gas benchmark: the peer", () => {
    it("should be looked up by question, size and manager", () => {
        expect(peerGas("assess", size(64), "PMRM"), "one expiry").to.equal(14_459_169);
        expect(peerGas("assess", size(64, 4), "PMRM"), "four expiries").to.equal(14_570_015);
        expect(peerGas("assess", size(64, 4), "PMRM_2"), "another manager").to.equal(21_196_826);
        expect(peerGas("take", size(8), "PMRM"), "a bid").to.equal(2_320_000);
    });

    it("should have no figure where none was measured", () => {
        expect(peerGas("assess", size(2), "PMRM"), "another size").to.equal(undefined);
        expect(peerGas("withdraw", size(64, 4), "PMRM"), "more expiries").to.equal(undefined);
        expect(peerGas("assess", size(64, 4, 2), "PMRM"), "two underlyings").to.equal(undefined);
        expect(peerGas("witness", size(64), "PMRM"), "a question of ours").to.equal(undefined);
    });
});

describe("gas benchmark: figures", () => {
    it("should be read as they were written, a line each", () => {
        const text = toJson(figures);
        expect(fromJson(text), "figures").to.deep.equal(figures);
        expect(text.trimEnd().split("\n").length, "lines").to.equal(figures.length + 2);
        expect((JSON.parse(text) as unknown[])[0], "shape").to.deep.equal({
            name: "assess",
            positions: 1,
            expiries: 1,
            underlyings: 1,
            gas: 200_000,
            peer: {gas: 556_574, manager: "Derive PMRM, 23 scenarios"},
        });
        expect(figureOf("witness", size(1), 5n).peer, "no peer").to.equal(null);
    });

    it("should be refused with fields missing or unknown", () => {
        expect(() => fromJson('[{"name":"assess","gas":1}]'), "missing").to.throw();
        expect(() => fromJson(toJson([{...figureOf("take", size(1), 5n), name: "give" as "take"}])), "name").to.throw();
    });

    it("should differ only where they were measured again", () => {
        const measured = figures.slice(0, 2).map((figure, i) => ({...figure, gas: figure.gas + i}));
        expect(differences(figures, measured), "one changed").to.deep.equal([
            "witness, 1 position, 1 expiry, 1 underlying: 200001 -> 200002",
        ]);
        expect(differences([], measured).length, "nothing recorded").to.equal(2);
    });

    it("should leave out what a transaction pays before its first instruction", () => {
        expect(intrinsicGas("0x"), "no calldata").to.equal(21_000n);
        expect(intrinsicGas("0x00ff01"), "one zero byte, two others").to.equal(21_036n);
    });
});

describe("gas benchmark: tables", () => {
    it("should put the peer and the ratio beside a figure", () => {
        const lines = tables(figures.filter(({positions}) => positions === 64)).split("\n");
        expect(lines[0], "head").to.contain("assess (execution)").and.contain("Derive / Ballast");
        expect(lines[2]).to.equal(
            "64 positions, 1 expiry, 1 underlying     206,000                 14,459,169             70.2×",
        );
        expect(
            lines.some((line) => line.startsWith("take (transaction)")),
            "every question",
        ).to.equal(true);
    });

    it("should have a column per size on a page, and rows of the peer where it has figures", () => {
        const lines = markdown(figures, {expiries: 4, underlyings: 1}).split("\n");
        expect(lines[0]).to.equal("| positions | 4 | 8 | 16 | 32 | 64 |");
        expect(lines[3]).to.equal("| *Derive PMRM* | – | – | – | – | 14,570,015 |");
        expect(lines.filter((line) => line.includes("Derive PMRM")).length, "peer's rows").to.equal(1);
    });

    it("should be short in the README", () => {
        const lines = readmeTable(figures).split("\n");
        expect(lines.length, "rows").to.equal(2 + NAMES.length);
        expect(lines[2]).to.equal(
            "| margin check, the whole grid | execution | 200,000 | 203,000 | 206,000 | 556,574 | 2,053,800 | 14,459,169 |",
        );
        expect(
            NAMES.map((name) => COUNTS[name]),
            "what is counted",
        ).to.include.members(["execution", "transaction"]);
    });
});

describe("gas benchmark: pages", () => {
    const page = `before\n\n${BEGIN}\nold\n${END}\nafter\n`;

    it("should replace what stands between the marks, and nothing else", () => {
        const once = withBlock(page, "new", "page");
        expect(once).to.equal(`before\n\n${BEGIN}\n\nnew\n\n${END}\nafter\n`);
        expect(withBlock(once, "new", "page"), "again").to.equal(once);
    });

    it("should name a page without marks", () => {
        expect(() => withBlock("text", "new", "page.md"))
            .to.throw("page.md has no")
            .with.property("code", "page-without-block");
        expect(() => withBlock(`${END}${BEGIN}`, "new", "page.md"), "wrong order").to.throw("page.md has no");
    });

    it("should have a section per kind of book", () => {
        const heads = gasBlock(figures).match(/^### .*$/gm);
        expect(heads).to.deep.equal([
            "### One expiry, one underlying",
            "### 4 expiries, one underlying",
            "### 4 expiries, 2 underlyings",
        ]);
    });
});

describe("gas benchmark: chart", () => {
    const picture = chart(figures);
    const count = (pattern: RegExp): number => [...picture.matchAll(pattern)].length;

    it("should be a picture of its own that follows light and dark", () => {
        expect(picture).to.match(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg"/);
        expect(picture).to.contain("prefers-color-scheme:dark");
        expect(picture, "labels").to.contain("Derive PMRM, 23 scenarios").and.contain("Derive PMRM_2, 33 scenarios");
    });

    it("should have a dot per figure of one expiry", () => {
        expect(count(/class="dot one"/g), "ours").to.equal(7 * NAMES.length);
        expect(count(/class="dot warn"/g), "PMRM").to.equal(6 + 2 + 3 + 3 + 3);
        expect(count(/class="dot bad"/g), "PMRM_2").to.equal(6 + 2 + 3 + 3 + 3);
    });

    it("should begin lower where figures are lower", () => {
        expect(picture, "above a hundred thousand").to.contain(">100k<").and.not.contain(">30k<");
        const low = figures.map((figure) => ({...figure, gas: 40_000}));
        expect(chart(low), "below").to.contain(">30k<").and.not.contain(">10k<");
    });
});
