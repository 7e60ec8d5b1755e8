import {expect} from "chai";

import {instructionsOf, placesOf, rangesOf} from "../../../../scripts/tools/gas/sources.js";
import {costsOf, framesOf, kindOf} from "../../../../scripts/tools/gas/trace.js";
import type {Step} from "../../../../scripts/tools/gas/trace.js";
import {locate, sharesOf} from "../../../../scripts/tools/gas/where.js";
import {parseSize, readOptions} from "../../../../scripts/tools/gas/program.js";

const OUTER = `0x${"a".repeat(40)}`;
const INNER = `0x${"b".repeat(40)}`;
const IDENTITY = "0x0000000000000000000000000000000000000004";

const step = (pc: number, op: string, gas: number, gasCost: number, depth: number): Step => ({
    pc,
    op,
    gas,
    gasCost,
    depth,
});

/** 1000 gas: a push, a call that is given 500 and uses 103 of it, a read of a slot, a stop. */
const STEPS = [
    step(0, "PUSH1", 1000, 3, 1),
    step(2, "STATICCALL", 997, 600, 1),
    step(0, "PUSH1", 500, 3, 2),
    step(2, "SLOAD", 497, 100, 2),
    step(3, "STOP", 397, 0, 2),
    step(3, "SLOAD", 794, 100, 1),
    step(4, "STOP", 694, 0, 1),
];

describe("gas benchmark: trace", () => {
    it("should list the contracts in the order in which they run, precompiled ones left out", () => {
        const call = {
            to: OUTER,
            calls: [{to: IDENTITY}, {to: INNER.toUpperCase().replace("X", "x"), calls: [{to: OUTER}]}],
        };
        expect(framesOf(call)).to.deep.equal([OUTER, INNER, OUTER]);
    });

    it("should leave to a call what the call itself costs", () => {
        const costs = costsOf(STEPS, [OUTER, INNER]);
        expect(costs.map(({op, gas}) => [op, gas])).to.deep.equal([
            ["PUSH1", 3],
            ["PUSH1", 3],
            ["SLOAD", 100],
            ["STOP", 0],
            ["STATICCALL", 100],
            ["SLOAD", 100],
            ["STOP", 0],
        ]);
        expect(
            sharesOf(costs, ({address}) => address),
            "by contract",
        ).to.deep.equal([
            {label: OUTER, gas: 203},
            {label: INNER, gas: 103},
        ]);
        expect(
            costs.reduce((sum, {gas}) => sum + gas, 0),
            "all that was used",
        ).to.equal(1000 - 694);
    });

    it("should refuse a trace that runs more code than was called", () => {
        expect(() => costsOf(STEPS, [OUTER])).to.throw("more code than its calls name");
    });

    it("should know kinds of instructions", () => {
        const kinds = {
            storage: ["SLOAD", "SSTORE", "TLOAD", "TSTORE"],
            calls: ["STATICCALL", "CALL", "EXTCODECOPY", "CREATE2"],
            hashing: ["KECCAK256", "SHA3"],
            memory: ["MLOAD", "MSTORE8", "MCOPY", "CALLDATALOAD", "RETURNDATASIZE", "RETURN", "REVERT", "LOG3"],
            arithmetic: ["MUL", "MULMOD", "MOD", "ADD", "SAR", "ISZERO", "SIGNEXTEND"],
            jumps: ["JUMP", "JUMPI", "JUMPDEST", "STOP"],
            stack: ["PUSH0", "DUP16", "SWAP1", "POP", "GAS", "TIMESTAMP"],
        };
        for (const [kind, ops] of Object.entries(kinds)) {
            expect(ops.map(kindOf), kind).to.deep.equal(ops.map(() => kind));
        }
    });
});

describe("gas benchmark: sources", () => {
    it("should number instructions, not the bytes that they push", () => {
        expect([...instructionsOf("600160025f0100")]).to.deep.equal([
            [0, 0],
            [2, 1],
            [4, 2],
            [5, 3],
            [6, 4],
        ]);
    });

    it("should carry on what a source map leaves out", () => {
        expect(rangesOf("1:2:3:-;;:9;5::-1;")).to.deep.equal([
            {start: 1, length: 2, file: 3},
            {start: 1, length: 2, file: 3},
            {start: 1, length: 9, file: 3},
            {start: 5, length: 9, file: -1},
            {start: 5, length: 9, file: -1},
        ]);
    });

    it("should find files and functions of a compiled contract", () => {
        const placed = placesOf("RiskEngine");
        const found = Array.from({length: 20_000}, (_, pc) => placed?.(pc)).filter((place) => place !== undefined);
        const files = new Set(found.map(({file}) => file));
        expect([...files], "files").to.include.members(["risk/RiskEngine.sol", "risk/Aggregation.sol"]);
        expect(
            found.every(({file, line}) => line > 0 || file.includes("@")),
            "lines of our own",
        ).to.equal(true);
        expect(placesOf("NoSuchContract"), "not compiled").to.equal(undefined);
    });

    it("should count what the compiler adds to the function before it", () => {
        const place = {file: "A.sol", name: "f", line: 7};
        const costs = costsOf(STEPS, [OUTER, INNER]);
        const placed = locate(
            costs,
            (address) => (address === OUTER ? "Outer" : "Inner"),
            (contract) => (contract === "Outer" ? (pc) => (pc === 0 ? place : undefined) : undefined),
        );
        expect(placed.filter(({place: {file}}) => file === "A.sol").map(({compiler}) => compiler)).to.deep.equal([
            false,
            true,
            true,
            true,
        ]);
        expect(placed.filter(({contract}) => contract === "Inner").map(({place: {file}}) => file)).to.deep.equal([
            "(no source)",
            "(no source)",
            "(no source)",
        ]);
    });
});

describe("gas benchmark: options", () => {
    it("should read sizes with what is left out as one", () => {
        expect(parseSize("64"), "positions").to.deep.equal({positions: 64, expiries: 1, underlyings: 1});
        expect(parseSize("64,4,2"), "all").to.deep.equal({positions: 64, expiries: 4, underlyings: 2});
        for (const wrong of ["65", "1,4", "64,4,2,1", "x"]) {
            expect(() => parseSize(wrong), wrong)
                .to.throw("is none of")
                .with.property("code", "unknown-size");
        }
    });

    it("should take the standard output for a list without a file", () => {
        expect(readOptions({of: "assess", json: true}).json, "no file").to.equal("-");
        expect(readOptions({of: "assess", json: "a.json"}).json, "a file").to.equal("a.json");
    });

    it("should refuse unknown names, and pages with a few sizes only", () => {
        expect(() => readOptions({of: "give"}))
            .to.throw("is none of")
            .with.property("code", "unknown-name");
        expect(() => readOptions({of: "assess", docs: true, quick: true})).to.throw("--docs needs every size");
    });
});
