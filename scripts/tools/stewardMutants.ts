/** Deliberate mistakes in how figures move: order, pace, comparison, laws. */
import type {Mutant} from "./mutants.js";

const STEWARD = "test/unit/governance/RiskSteward.test.ts";
const TIGHTENING = "test/unit/governance/tightening.test.ts";
const STEPS = "test/unit/governance/steps.test.ts";

export const STEWARD_MUTANTS: readonly Mutant[] = [
    {
        name: "a tightening may loosen",
        file: "contracts/governance/RiskSteward.sol",
        find: "if (loosened != 0) {",
        replace: "if (loosened == type(uint256).max) {",
        expectedTest: TIGHTENING,
    },
    {
        name: "only the first figure is compared",
        file: "contracts/governance/Moves.sol",
        find: 'if (x == y || way == "~") continue;',
        replace: 'if (x == y || way == "~" || loosened + costE18 != 0) continue;',
        expectedTest: TIGHTENING,
    },
    {
        name: "steps follow each other without waiting",
        file: "contracts/governance/RiskSteward.sol",
        find: "if (block.timestamp < readyAt) revert RiskSteward_TooEarly(readyAt);\n        return",
        replace: "return",
        expectedTest: STEWARD,
    },
    {
        name: "a step goes as far as its budget twice",
        file: "contracts/governance/RiskSteward.sol",
        find: "uint256 reachE18 = divDown(budgetE18, costE18);",
        replace: "uint256 reachE18 = divDown(2 * budgetE18, costE18);",
        expectedTest: TIGHTENING,
    },
    {
        name: "a wider shock costs as if no short option stood beside it",
        file: "contracts/governance/Moves.sol",
        find: "partE18 += _over(mulUp(2 * d, _max(v, w)), floorE18, place, x, y);",
        replace: "",
        expectedTest: STEPS,
    },
    {
        name: "a loosening arrives at once",
        file: "contracts/governance/RiskSteward.sol",
        find: "if (block.timestamp < ramp_.endsAt) {",
        replace: "if (block.timestamp < ramp_.steppedAt) {",
        expectedTest: STEWARD,
    },
    {
        name: "tightenings follow each other without waiting",
        file: "contracts/governance/RiskSteward.sol",
        find: "if (last != 0 && block.timestamp < readyAt) revert",
        replace: "if (last > readyAt) revert",
        expectedTest: TIGHTENING,
    },
    {
        name: "figures are replaced under open positions",
        file: "contracts/governance/RiskSteward.sol",
        find: "unitsE18 = CLEARINGHOUSE.openInterestE18(id);",
        replace: "unitsE18 = 0;",
        expectedTest: STEWARD,
    },
    {
        name: "a shock need not pay for the sale",
        file: "contracts/governance/Laws.sol",
        find: "uint256 neededE18 = normalMove(params, reactionSeconds) + saleE18;",
        replace: "uint256 neededE18 = normalMove(params, reactionSeconds);",
        expectedTest: STEWARD,
    },
];
