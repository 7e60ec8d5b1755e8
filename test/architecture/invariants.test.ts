import {expect} from "chai";

import {filesIn, read} from "../../scripts/tools/repository.js";

const stated = [...read("docs/invariants.md").matchAll(/^\| ([A-Z]+-\d+) \|/gm)].map(([, id = ""]) => id);
const prefixes = [...new Set(stated.map((id) => id.split("-")[0] ?? ""))];

/** Ids quoted anywhere in the tests: in a title or in the message of an assertion. */
const quoted = new Set(
    filesIn("test", ".test.ts", ".sol").flatMap(
        (file) => read(file).match(new RegExp(`\\b(?:${prefixes.join("|")})-\\d+\\b`, "g")) ?? [],
    ),
);

describe("architecture: invariants", () => {
    it("should state each invariant once", () => {
        expect(stated).to.have.lengthOf(new Set(stated).size).and.not.be.empty;
    });

    it("should have a test for every invariant", () => {
        expect(stated.filter((id) => !quoted.has(id))).to.deep.equal([]);
    });

    it("should quote no unknown invariant", () => {
        expect([...quoted].filter((id) => !stated.includes(id))).to.deep.equal([]);
    });
});
