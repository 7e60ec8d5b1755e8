import {mock} from "node:test";

import {expect} from "chai";

import {countOf, EXIT_INPUT, NO_FLAGS, readArguments, runTool, UsageError} from "../../../scripts/tools/usage.js";

const OPTIONS = {check: {type: "boolean", default: false}, out: {type: "string"}} as const;

describe("tools: command lines", () => {
    const printed: string[] = [];
    const print = (text: string): void => void printed.push(text);

    beforeEach(() => {
        printed.length = 0;
        mock.method(console, "log", print);
        mock.method(console, "error", print);
    });
    afterEach(() => mock.restoreAll());

    it("should read flags and words", () => {
        const {values, words} = readArguments(["--check", "a", "--out", "x", "b"], OPTIONS, 2);
        expect({...values}, "flags").to.deep.equal({check: true, out: "x"});
        expect(words, "words").to.deep.equal(["a", "b"]);
    });

    for (const [what, args, words] of [
        ["an unknown flag", ["--chekc"], "'--chekc' (--help lists what there is)"],
        ["a flag without its value", ["--out"], "--out"],
        ["a word too many", ["a", "b"], 'Unexpected argument "b"'],
    ] as const) {
        it(`should refuse ${what} and name it`, () => {
            expect(() => readArguments(args, OPTIONS, 1), "error").to.throw(UsageError, words);
        });
    }

    for (const text of ["0", "-1", "1.5", "many", "", "9007199254740993"]) {
        it(`should refuse "${text}" as a count`, () => {
            expect(() => countOf("RUNS", text), "error").to.throw(UsageError, `RUNS needs a whole number above zero`);
        });
    }

    it("should explain the tool and not run it", async () => {
        const run = (): never => {
            throw new Error("ran");
        };
        expect(await runTool(["x", "--help"], "text", run), "exit code").to.equal(0);
        expect(printed, "printed").to.deep.equal(["text"]);
    });

    it("should end with 2 on bad input, with the tool's own code else, and let other errors through", async () => {
        const tool = (args: readonly string[]): number => Number(readArguments(args, NO_FLAGS, 1).words[0]);
        expect(await runTool(["--once"], "text", tool), "unknown flag").to.equal(EXIT_INPUT);
        expect(printed.join(), "reason").to.contain("--once");
        expect(await runTool(["1"], "text", tool), "code of the tool").to.equal(1);
        const broken = runTool([], "text", () => Promise.reject(new Error("no disk")));
        expect(await broken.catch((error: unknown) => error), "error").to.have.property("message", "no disk");
    });
});
