import {posix} from "node:path";

import {expect} from "chai";

import {
    BOOKS,
    compareBlocks,
    compared,
    fileOf,
    PAGE,
    PICTURE,
    picture,
    SHOWN,
    withBlocks,
} from "../../scripts/tools/compare/page.js";
import {marksOf, replaceBlocks} from "../../scripts/tools/blocks.js";
import {filesIn, read} from "../../scripts/tools/repository.js";

const page = read(PAGE);

describe("architecture: docs/compare.md", () => {
    it("should print what the rules ask now, and draw it", () => {
        expect(withBlocks(page), "page").to.equal(page);
        expect(picture(), "picture").to.equal(read(PICTURE));
    });

    it("should have every block once, and no other", () => {
        const begun = [...page.matchAll(/<!-- ([\w-]+): begin/g)].map(([, name]) => name);
        expect(begun).to.have.members(Object.keys(compareBlocks())).and.to.have.lengthOf(3);
        const {begin, end} = marksOf("one");
        expect(replaceBlocks("a.md", `${begin}${end}`, {one: "text"})).to.equal(`${begin}\n\ntext\n\n${end}`);
        expect(() => replaceBlocks("a.md", "text", {one: ""})).to.throw('a.md has no marks of the block "one"');
    });

    it("should show examples that exist, and all of them", () => {
        expect(filesIn("docs/examples", ".json")).to.have.members(BOOKS.map(fileOf));
        expect(page).to.contain(`npx ballast compare --book ${fileOf(SHOWN)}`);
    });

    it("should state every assumption of every venue", () => {
        for (const {assumptions} of compared(SHOWN).venues.slice(1)) {
            for (const assumption of assumptions) expect(page).to.contain(assumption);
        }
    });

    it("should link to files and name tests that exist", () => {
        for (const [, target = ""] of page.matchAll(/\]\(([^)]+)\)/g)) {
            expect(read(posix.join("docs", target)).length, target).to.be.greaterThan(0);
        }
        const named = [...page.matchAll(/`(scripts\/sdk\/venues\/\w+)`/g)].map(
            ([, name = ""]) => `test/${name}.test.ts`,
        );
        expect(named).to.have.lengthOf(5);
        expect(filesIn("test", ".test.ts")).to.include.members(named);
    });
});
