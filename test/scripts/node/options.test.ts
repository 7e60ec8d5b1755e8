import {expect} from "chai";

import {HELP, parseOptions, UsageError} from "../../../scripts/node/options.js";

describe("local node: options", () => {
    it("should have defaults", () => {
        const defaults = {port: 8545, priceSeconds: 15, out: "out/local", verbose: false, help: false};
        expect(parseOptions([]), "options").to.deep.equal(defaults);
    });

    it("should read what is given", () => {
        const given = ["--port", "0", "--prices=86400", "--out", "elsewhere", "--verbose", "--help"];
        const expected = {port: 0, priceSeconds: 86_400, out: "elsewhere", verbose: true, help: true};
        expect(parseOptions(given), "options").to.deep.equal(expected);
    });

    for (const args of [
        ["--port", "65536"],
        ["--port", "http"],
        ["--prices", "0"],
        ["--prices", "1.5"],
        ["--prot"],
        ["x"],
    ]) {
        it(`should refuse ${args.join(" ")} and name it`, () => {
            expect(() => parseOptions(args), "error").to.throw(UsageError, args[0]!.replace("--", ""));
        });
    }

    it("should explain every option", () => {
        for (const name of ["port", "prices", "out", "verbose", "help"]) expect(HELP, "help").to.include(`--${name}`);
    });
});
