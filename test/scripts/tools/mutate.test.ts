import {expect} from "chai";

import {MUTANTS} from "../../../scripts/tools/mutants.js";
import {mutated, verdictOf} from "../../../scripts/tools/mutate.js";
import {filesIn, read} from "../../../scripts/tools/repository.js";

describe("tools: mutants", () => {
    it("should find every mistake's place once, and its test", () => {
        const tests = filesIn("test", ".test.ts", ".t.sol");
        for (const mutant of MUTANTS) {
            const source = read(mutant.file);
            expect(mutated(source, mutant), mutant.name).to.not.equal(source);
            expect(tests, mutant.name).to.include(mutant.expectedTest);
        }
    });

    it("should give every mistake its own name", () => {
        expect(new Set(MUTANTS.map(({name}) => name)).size).to.equal(MUTANTS.length);
    });

    it("should refuse a text that occurs never or twice", () => {
        const mutant = {name: "twice", file: "a", find: "x", replace: "y", expectedTest: "b"};
        expect(() => mutated("x x", mutant)).to.throw('Mutant "twice": its text occurs 2 times');
        expect(() => mutated("", mutant)).to.throw('Mutant "twice": its text occurs 0 times');
    });

    it("should tell a red test from a green one and from one that did not run", () => {
        expect(verdictOf("  3 passing (1s)\n  1 failing\n")).to.equal("caught");
        expect(verdictOf("  3 passing (1s)\n")).to.equal("survived");
        expect(verdictOf("Error HHE910: Compilation failed")).to.equal("broken");
    });
});
