/** Deliberate mistakes in how figures move: order, pace, comparison, laws. */
import type {Mutant} from "./mutants.js";

const STEWARD = "test/unit/governance/RiskSteward.test.ts";
const TIGHTENING = "test/unit/governance/tightening.test.ts";
const STEPS = "test/unit/governance/steps.test.ts";
const DRIVER = "test/unit/governance/VolatilityDriver.test.ts";
const VOLATILITY = "test/unit/governance/volatility.test.ts";

export const STEWARD_MUTANTS: readonly Mutant[] = [
    {
        name: "a tightening may loosen",
        file: "contracts/governance/RiskSteward.sol",
        find: "if (loosened == 0) return;",
        replace: "if (loosened != type(uint256).max) return;",
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
    {
        name: "a rise does not wait for its notice",
        file: "contracts/governance/VolatilityDriver.sol",
        find: "if (block.timestamp < notice.riseAt) return Move.NONE;",
        replace: "",
        expectedTest: DRIVER,
    },
    {
        name: "a rise goes further than announced",
        file: "contracts/governance/VolatilityDriver.sol",
        find: "uint256 toE18 = _min(s.wantedE18, notice.rangeE18);",
        replace: "uint256 toE18 = s.wantedE18;",
        expectedTest: DRIVER,
    },
    {
        name: "a stopped change is still asked for",
        file: "contracts/governance/RiskSteward.sol",
        find: "if (ramp_.target == _governed[id]) delete _governed[id];",
        replace: "",
        expectedTest: DRIVER,
    },
    {
        name: "a spike counts as far as it goes",
        file: "contracts/governance/VolatilityDriver.sol",
        find: "if (returnE18 < -mostE18) returnE18 = -mostE18;",
        replace: "",
        expectedTest: VOLATILITY,
    },
    {
        name: "what nobody watched was calm",
        file: "contracts/libraries/math/Ewma.sol",
        find: "if (observedE18 < varianceE18 && weighedSeconds > calmSeconds) weighedSeconds = calmSeconds;",
        replace: "",
        expectedTest: VOLATILITY,
    },
];
