import {existsSync, lstatSync, readFileSync, rmSync} from "node:fs";
import {join} from "node:path";

import {expect} from "chai";

import {MUTANTS} from "../../../scripts/tools/mutants.js";
import {copyTree, mutated, verdictOf, whileBroken} from "../../../scripts/tools/mutate.js";
import {filesIn, read, ROOT} from "../../../scripts/tools/repository.js";

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

    it("should break a copy, mend it again, and leave the checkout as it is", () => {
        const [mutant] = MUTANTS;
        const copy = copyTree();
        try {
            const source = read(mutant!.file);
            const inCopy = (): string => readFileSync(join(copy, mutant!.file), "utf8");
            whileBroken(copy, mutant!, () => {
                expect(inCopy(), "copy while broken").to.equal(mutated(source, mutant!));
                expect(read(mutant!.file), "checkout").to.equal(source);
            });
            expect(inCopy(), "copy afterwards").to.equal(source);
            expect(lstatSync(join(copy, "node_modules")).isSymbolicLink(), "packages are a link").to.equal(true);
            expect(existsSync(join(copy, ".git")), "history").to.equal(false);
        } finally {
            rmSync(copy, {recursive: true, force: true});
        }
        expect(() => whileBroken(ROOT, mutant!, () => undefined)).to.throw("in a copy only");
    });

    it("should mend the copy when the test ends badly", () => {
        const [mutant] = MUTANTS;
        const copy = copyTree();
        try {
            const fail = (): never => {
                throw new Error("ended badly");
            };
            expect(() => whileBroken(copy, mutant!, fail), "failure").to.throw("ended badly");
            expect(readFileSync(join(copy, mutant!.file), "utf8"), "copy").to.equal(read(mutant!.file));
        } finally {
            rmSync(copy, {recursive: true, force: true});
        }
    });

    it("should tell a red test from a green one and from one that did not run", () => {
        expect(verdictOf("  3 passing (1s)\n  1 failing\n")).to.equal("caught");
        expect(verdictOf("  3 passing (1s)\n")).to.equal("survived");
        expect(verdictOf("Error HHE910: Compilation failed")).to.equal("broken");
        const notSetUp = "  1 failing\n  Error: failed to set up invariant testing environment: ...";
        expect(verdictOf(notSetUp), "a campaign that did not begin").to.equal("broken");
    });
});
