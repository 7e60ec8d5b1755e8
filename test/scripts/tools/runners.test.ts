import {expect} from "chai";

import {parseLcov} from "../../../scripts/tools/coverage.js";
import {batches, campaignsOf, countLines, inAll} from "../../../scripts/tools/fuzz.js";
import {filesIn} from "../../../scripts/tools/repository.js";
import {closingLine, countTests, jobsOf, runsOf} from "../../../scripts/tools/test.js";
import {mochaHooks} from "../../support/failures.js";

describe("tools: closing line", () => {
    it("should add what both runners report, and count pending tests apart", () => {
        const output = [
            "  12 passing (3s)",
            "  2 pending",
            "  1 failing",
            "",
            "18 passing (4 solidity, 14 mocha)",
            "3 failing (2 solidity, 1 mocha)",
        ].join("\n");
        expect(countTests(output)).to.deep.equal({passed: 16, failed: 3, skipped: 2});
        expect(closingLine({passed: 16, failed: 3, skipped: 2})).to.equal("16 passed, 3 failed, 2 skipped");
    });

    it("should see through colours", () => {
        expect(
            countTests("\u001b[92m \u001b[0m\u001b[32m 12 passing\u001b[0m\u001b[90m (3s)\u001b[0m").passed,
        ).to.equal(12);
    });

    it("should count a run of one kind", () => {
        expect(countTests("4 passing (4 solidity)")).to.deep.equal({passed: 4, failed: 0, skipped: 0});
    });
});

describe("tools: processes for the tests", () => {
    it("should be as many as there are cores for the whole suite, and one for a part of it", () => {
        expect(jobsOf([], {}, 2), "all").to.equal(2);
        expect(jobsOf(["--grep", "keeper", "--no-compile"], {}, 3), "all, by title").to.equal(3);
        expect(jobsOf([], {}, 64), "memory is the limit").to.equal(4);
        expect(jobsOf(["test/gas/fill.test.ts"], {}, 2), "a file").to.equal(1);
        expect(jobsOf(["--no-compile", "test/fuzz/Cash.t.sol"], {}, 2), "a Solidity file").to.equal(1);
        expect(jobsOf([], {BALLAST_TEST_JOBS: "1"}, 2), "asked for").to.equal(1);
        expect(jobsOf(["test/gas/fill.test.ts"], {BALLAST_TEST_JOBS: "2"}, 1), "asked for a part").to.equal(2);
    });

    it("should run every file once, and what goes by the clock by itself", () => {
        const files = filesIn("test", ".test.ts");
        const [solidity, divided, timed, ...more] = runsOf(["--grep", "words", "--no-compile"], 2, files);
        expect(more).to.deep.equal([]);
        expect(solidity).to.deep.equal({args: ["test", "solidity", "--grep", "words", "--no-compile"], jobs: 1});
        const options = ["test", "mocha", "--no-compile", "--grep", "words"];
        for (const run of [divided!, timed!]) expect(run.args.slice(0, options.length)).to.deep.equal(options);
        expect([divided!.jobs, timed!.jobs]).to.deep.equal([2, 1]);
        const ran = [divided!, timed!].flatMap(({args}) => args.slice(options.length));
        expect(ran, "each once").to.have.members(files);
        expect(new Set(ran).size).to.equal(files.length);
        expect(timed!.args).to.include("test/integration/faults/nodes.test.ts");
        expect(divided!.args).to.include("test/integration/lifecycle.test.ts");
    });

    it("should leave a part, and everything in one process, to one run", () => {
        expect(runsOf(["test/gas/fill.test.ts"], 2, ["a"])).to.deep.equal([
            {args: ["test", "test/gas/fill.test.ts"], jobs: 2},
        ]);
        expect(runsOf(["--grep", "words"], 1, ["a"])).to.deep.equal([{args: ["test", "--grep", "words"], jobs: 1}]);
    });
});

describe("tools: coverage", () => {
    it("should tell reached lines from missed ones, file by file", () => {
        const lcov =
            "TN:\nSF:contracts/core/A.sol\nDA:3,1\nDA:4,0\nDA:9,12\nend_of_record\nTN:\nSF:b.sol\nDA:1,0\nend_of_record\n";
        expect(parseLcov(lcov)).to.deep.equal([
            {path: "contracts/core/A.sol", covered: 2, missed: [4]},
            {path: "b.sol", covered: 0, missed: [1]},
        ]);
    });
});

describe("tools: long campaigns", () => {
    const output = [
        "  test/invariant/Ballast.t.sol:BallastInvariantTest",
        "    \u001b[32m✔\u001b[39m invariant_BooksHold() (runs: 800)",
        "",
        "  test/invariant/Vault.t.sol:VaultInvariantTest",
        "    ✔ invariantLockIsOpen() (runs: 20)",
        "    1) invariantClaimsAreCovered()",
        "    ✔ testFuzz_Rounding(uint256) (runs: 5000)",
    ].join("\n");

    it("should count the calls of campaigns that held, and nothing else", () => {
        expect(campaignsOf(output, 128)).to.deep.equal([
            {suite: "BallastInvariantTest", name: "invariant_BooksHold", calls: 102_400},
            {suite: "VaultInvariantTest", name: "invariantLockIsOpen", calls: 2_560},
        ]);
    });

    it("should print a line for each and one for all", () => {
        expect(countLines(campaignsOf(output, 128))).to.deep.equal([
            "    102,400 calls  BallastInvariantTest.invariant_BooksHold",
            "      2,560 calls  VaultInvariantTest.invariantLockIsOpen",
            "    104,960 calls in all",
        ]);
    });

    it("should split runs over processes, and add their calls up", () => {
        expect(batches(200, 100)).to.deep.equal(Array(8).fill(25));
        expect(batches(70, 100)).to.deep.equal([25, 25, 20]);
        expect(batches(7, 100)).to.deep.equal([7]);
        expect(batches(2, 10_000), "at least one").to.deep.equal([1, 1]);
        const [first, second] = campaignsOf(output, 128);
        expect(inAll([first!, second!, first!])).to.deep.equal([{...first!, calls: 204_800}, second!]);
    });
});

describe("failures in a process that runs test files for another", () => {
    it("should tell another process of bigints in what failed as text", () => {
        const err = Object.assign(new Error("unequal"), {actual: [1n], expected: {size: {units: 2n}}});
        mochaHooks.afterEach.call({currentTest: {err}});
        expect(JSON.stringify(err)).to.equal('{"actual":["1n"],"expected":{"size":{"units":"2n"}}}');
        expect(() => mochaHooks.afterEach.call({})).not.to.throw();
    });
});
