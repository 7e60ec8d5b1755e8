import {expect} from "chai";

import {answerTo} from "../../../scripts/store/main.js";

describe("store program", () => {
    it("should explain itself", () => {
        const help = answerTo(["follow", "--help"]);
        expect(help, "help").to.include({code: 0});
        for (const word of ["follow", "catch-up", "prove"]) expect(help?.text, "help").to.contain(word);
    });

    it("should run a command with a file or without", () => {
        expect(answerTo(["prove"]), "command").to.equal(undefined);
        expect(answerTo(["catch-up", "indexer.json"]), "command and file").to.equal(undefined);
    });

    for (const [what, args, named] of [
        ["nothing", [], '""'],
        ["another command", ["watch"], '"watch"'],
        ["an unknown flag", ["follow", "--once"], '"--once"'],
        ["a second file", ["follow", "a.json", "b.json"], '"b.json"'],
    ] as const) {
        it(`should refuse ${what} and name it`, () => {
            const answer = answerTo(args);
            expect(answer, "exit code").to.include({code: 2});
            expect(answer?.text, "reason").to.match(new RegExp(`^${named} is not follow, catch-up or prove`));
        });
    }
});
