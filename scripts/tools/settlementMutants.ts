import type {Mutant} from "./mutants.js";

const ORACLE = "contracts/oracle/PriceOracle.sol";
const WINDOW = "test/unit/oracle/PriceOracle/settlementWindow.test.ts";

/** Mistakes in the average that expiries settle at. */
export const SETTLEMENT_MUTANTS: readonly Mutant[] = [
    {
        name: "a settlement window changes at once",
        file: ORACLE,
        find: "block.timestamp + Math.max(last.seconds_, seconds_)",
        replace: "block.timestamp",
        expectedTest: "test/unit/oracle/PriceOracle/setSettlementWindow.test.ts",
    },
    {
        name: "a settlement price leaves out what is before the oldest round",
        file: ORACLE,
        find: "if (until > span.from) sum += _weigh(span, next, until - span.from);",
        replace: "",
        expectedTest: WINDOW,
    },
    {
        name: "a settlement price counts an old phase beyond the start of the next",
        file: "contracts/oracle/Rounds.sol",
        find: "return _lastUntil(walk, older, round.updatedAt);",
        replace: "return _lastUntil(walk, older, type(uint256).max);",
        expectedTest: WINDOW,
    },
];
