import {expect} from "chai";

import {RushError} from "../../../../scripts/tools/rush/failures.js";
import {buildProgram, readOptions} from "../../../../scripts/tools/rush/program.js";
import {rush} from "../../../../scripts/tools/rush/run.js";

const RAW = {accounts: "10", short: "4", inFlight: "8", blockMs: "50", keepers: "1"};

describe("tools: a rush on the keeper", () => {
    it("should read numbers within their bounds, and name the option that is not", () => {
        expect(readOptions(RAW)).to.deep.equal({
            accounts: 10,
            short: 4,
            inFlight: 8,
            blockMs: 50,
            keepers: 1,
            json: false,
        });
        const wrong: readonly (readonly [object, RegExp])[] = [
            [{accounts: "ten"}, /^--accounts must be a whole number/],
            [{short: "11"}, /^--short must not be above --accounts/],
            [{inFlight: "0"}, /^--in-flight must be between 1 and 256/],
            [{blockMs: "1"}, /^--block-ms must be between/],
            [{keepers: "9"}, /^--keepers must be between 1 and 8/],
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
            {accounts: 24, short: 6, inFlight: 16, blockMs: 400, keepers: 1, json: false},
            (line) => void lines.push(line),
        );
        expect(figures).to.include({accounts: 24, short: 6, keepers: 1, failed: 0, leftShort: 0});
        // A burst of transactions may meet the end of a block.
        expect(figures.blocks.lastStart - figures.blocks.firstStart, "all at once").to.be.within(0, 1);
        expect(figures.sentAfter.first, "sent before it is in a block").to.be.below(figures.blocks.firstStart);
        expect(figures.sentMs.first, "sent after the update").to.be.within(1, figures.sentMs.last);
        // A start and a slice for each.
        expect(figures.transactions).to.equal(12);
        expect(figures.blocks.cleared).to.be.greaterThan(figures.blocks.lastStart);
        expect(figures.gas.fullestBlock).to.be.within(figures.gas.all / 12, figures.gas.all);
        expect(figures.longestBlockMs, "blocks keep their pace or are late").to.be.at.least(390);
        expect(figures.spent.clearing.processor, "this process has worked").to.be.greaterThan(0);
        expect(lines.at(-1)).to.match(/knows \d+ accounts/);
    }).timeout(120_000);

    it("DCR-6: should leave nobody short when two keepers share the accounts", async () => {
        const figures = await rush(
            {accounts: 24, short: 8, inFlight: 16, blockMs: 400, keepers: 2, json: false},
            () => undefined,
        );
        expect(figures).to.include({keepers: 2, failed: 0, leftShort: 0, transactions: 16});
        expect(Math.min(...figures.startsOfEach), "both have started auctions").to.be.greaterThan(0);
    }).timeout(120_000);
});
