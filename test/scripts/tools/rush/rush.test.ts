import {expect} from "chai";

import {RushError} from "../../../../scripts/tools/rush/failures.js";
import {buildProgram, readOptions} from "../../../../scripts/tools/rush/program.js";
import {rush} from "../../../../scripts/tools/rush/run.js";

const RAW = {accounts: "10", short: "4", inFlight: "8", blockMs: "50"};

describe("tools: a rush on the keeper", () => {
    it("should read numbers within their bounds, and name the option that is not", () => {
        expect(readOptions(RAW)).to.deep.equal({accounts: 10, short: 4, inFlight: 8, blockMs: 50, json: false});
        const wrong: readonly (readonly [object, RegExp])[] = [
            [{accounts: "ten"}, /^--accounts must be a whole number/],
            [{short: "11"}, /^--short must not be above --accounts/],
            [{inFlight: "0"}, /^--in-flight must be between 1 and 256/],
            [{blockMs: "1"}, /^--block-ms must be between/],
        ];
        for (const [change, message] of wrong) {
            expect(() => readOptions({...RAW, ...change}))
                .to.throw(RushError, message)
                .with.property("code", "option-malformed");
        }
        expect(buildProgram(() => Promise.resolve()).helpInformation()).to.include("--in-flight");
    });

    it("DCR-6: should start on all that fall short in one block or the next, and leave nobody short", async () => {
        const lines: string[] = [];
        const figures = await rush(
            {accounts: 24, short: 6, inFlight: 16, blockMs: 400, json: false},
            (line) => void lines.push(line),
        );
        expect(figures).to.include({accounts: 24, short: 6, failed: 0, leftShort: 0});
        // A burst of transactions may meet the end of a block.
        expect(figures.blocks.lastStart - figures.blocks.firstStart, "all at once").to.be.within(0, 1);
        // A start and a slice for each.
        expect(figures.transactions).to.equal(12);
        expect(figures.blocks.cleared).to.be.greaterThan(figures.blocks.lastStart);
        expect(figures.gas.fullestBlock).to.be.within(figures.gas.all / 12, figures.gas.all);
        expect(lines.at(-1)).to.match(/the keeper knows \d+ accounts/);
    }).timeout(120_000);
});
