import {existsSync} from "node:fs";
import {basename, join} from "node:path";

import {expect} from "chai";

import {filesIn, read, ROOT} from "../../scripts/tools/repository.js";
import {ATTACKS_PAGE, attackRows} from "../support/weakened.js";

const LAST = 31;
const rows = attackRows();
const names = (text: string): string[] => [...text.matchAll(/`(\w+)`/g)].map(([, name = ""]) => name);
const files = (text: string): string[] => [...text.matchAll(/`(test\/[^`]+)`/g)].map(([, file = ""]) => file);
const twins = filesIn("contracts/test/weakened", ".sol").map((path) => basename(path, ".sol"));
/** Base of the oracles; nothing is missing in it. */
const BASE = "OracleInFront";

describe("architecture: docs/attacks.md", () => {
    it("should have one row for each incident family", () => {
        const ids = Array.from({length: LAST}, (_, index) => `R${index + 1}`);
        expect(rows.map(({id}) => id)).to.deep.equal(ids);
    });

    it("should name tests that there are, with the id in them", () => {
        const cited = rows.flatMap(({id, file}) => files(file).map((path) => ({id, path})));
        const gone = cited.filter(
            ({id, path}) => !existsSync(join(ROOT, path)) || !new RegExp(`\\b${id}\\b`).test(read(path)),
        );
        expect(gone).to.deep.equal([]);
        expect(new Set(cited.map(({id}) => id)).size, "ids with a control").to.be.at.least(16);
    });

    it("should say why where there is no control", () => {
        const without = rows.filter(({file}) => files(file).length === 0);
        expect(without.filter(({weakened}) => !/^none: .{20,}/.test(weakened))).to.deep.equal([]);
        const silent = rows.filter(({file, gains}) => files(file).length > 0 && !gains.includes("$"));
        expect(silent, "a control without a gain").to.deep.equal([]);
    });

    it("should name every weakened contract, and those only", () => {
        const named = new Set(rows.flatMap(({weakened}) => names(weakened)));
        expect([...named].sort()).to.deep.equal(twins.filter((name) => name !== BASE).sort());
    });

    it("should name refusals that the contracts have, where one is the answer", () => {
        const errors = read("docs/errors.md");
        const known = (name: string): boolean => errors.includes(name) || name.startsWith("AccessManager");
        const unknown = rows.flatMap(({here}) => names(here)).filter((name) => !known(name));
        expect(unknown).to.deep.equal([]);
    });

    it("should name every test of weakened builds", () => {
        const cited = new Set(rows.flatMap(({file}) => files(file)));
        expect(filesIn("test/adversary/weakened", ".ts").filter((path) => !cited.has(path))).to.deep.equal([]);
    });

    it("should be linked from the README", () => {
        expect(read("README.md")).to.contain(`](${ATTACKS_PAGE})`);
    });
});
