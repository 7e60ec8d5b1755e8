import {expect} from "chai";

import {errorRows} from "../../scripts/tools/errors.js";
import {codeOnly, filesIn, productionContracts, read} from "../../scripts/tools/repository.js";

type Declaration = {readonly name: string; readonly file: string};

const declarations: Declaration[] = productionContracts().flatMap((file) =>
    [...codeOnly(read(file)).matchAll(/\berror\s+(\w+)\s*\(/g)].map(([, name = ""]) => ({name, file})),
);

describe("architecture: errors", () => {
    it("should declare each name once", () => {
        const names = declarations.map(({name}) => name);
        const twice = declarations.filter(({name}) => names.indexOf(name) !== names.lastIndexOf(name));
        expect(twice.map(({name, file}) => `${name} in ${file}`)).to.deep.equal([]);
    });

    it("should name errors Component_Condition", () => {
        const odd = declarations.filter(({name}) => !/^[A-Z][A-Za-z0-9]*_[A-Z][A-Za-z0-9]*$/.test(name));
        expect(odd.map(({name, file}) => `${name} in ${file}`)).to.deep.equal([]);
    });

    it("should have a test for every error", () => {
        const tests = filesIn("test", ".ts", ".sol").map(read).join("\n");
        const tested = new Set(tests.match(/\b[A-Z]\w*_[A-Z]\w*\b/g));
        const untested = declarations.filter(({name}) => !tested.has(name));
        expect(untested.map(({name, file}) => `${name} in ${file}`)).to.deep.equal([]);
    });

    it("should say in NatSpec what every error means", () => {
        const silent = errorRows().filter(({meaning}) => meaning === "");
        expect(silent.map(({name}) => name)).to.deep.equal([]);
    });

    it("should revert with custom errors only", () => {
        const strings = productionContracts().filter((file) =>
            /\brequire\s*\(|\brevert\s*\(/.test(codeOnly(read(file))),
        );
        expect(strings).to.deep.equal([]);
    });
});
