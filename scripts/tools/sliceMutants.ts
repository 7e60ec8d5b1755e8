import type {Mutant} from "./mutants.js";

const POSITIONS = "contracts/core/clearing/Positions.sol";
const LIQUIDATOR = "contracts/liquidation/Liquidator.sol";
const MOVE_FRACTION = "test/unit/core/Clearinghouse/moveFraction.test.ts";
const END = "test/unit/liquidation/Liquidator/end.test.ts";

/** Mistakes in what a slice moves, and in what is said of the rest without pricing it. */
export const SLICE_MUTANTS: readonly Mutant[] = [
    {
        name: "a slice leaves open interest as it was",
        file: POSITIONS,
        find: "if (longE18 != 0) _addInterest(instrument.underlying(), longE18);",
        replace: "",
        expectedTest: MOVE_FRACTION,
    },
    {
        name: "a slice that closes a position leaves a gap in the list",
        file: POSITIONS,
        find: "if (i - 1 == count) continue;",
        replace: "if (i - 1 <= count) continue;",
        expectedTest: MOVE_FRACTION,
    },
    {
        name: "a slice says what is left of a position instead of what moved",
        file: POSITIONS,
        find: "putFigure(share.sizesE18, share.moved++, movedE18);",
        replace: "putFigure(share.sizesE18, share.moved++, fromBeforeE18 - movedE18);",
        expectedTest: "test/integration/replay.test.ts",
    },
    {
        name: "a keeper's linear positions out of a slice are not counted",
        file: POSITIONS,
        find: "_countLinear(share.to, instrument, toBeforeE18, toAfterE18);",
        replace: "",
        expectedTest: MOVE_FRACTION,
    },
    {
        name: "what is paid in a coin below par counts in full",
        file: LIQUIDATOR,
        find: "return priceE18 < ONE_E18 ? cashE18 - mulDown(cashE18, priceE18) : 0;",
        replace: "return priceE18 < ONE_E18 ? 0 : 0;",
        expectedTest: END,
    },
    {
        name: "what is paid is counted at the price of another oracle than the engine's",
        file: LIQUIDATOR,
        find: "(IPriceOracle oracle, ) = _engine().parameters().oracles();",
        replace: "IPriceOracle oracle = ORACLE;",
        expectedTest: END,
    },
    {
        name: "a coin without a price counts in full",
        file: LIQUIDATOR,
        find: "            return cashE18;\n",
        replace: "            return 0;\n",
        expectedTest: END,
    },
    {
        name: "an account that was not short is not priced once more",
        file: LIQUIDATOR,
        find: "if (terms.fractionE18 == 0 || terms.equityE18 >= int256(terms.maintenanceE18)) return false;",
        replace: "if (terms.fractionE18 == 0) return false;",
        expectedTest: END,
    },
    {
        name: "a rest may be short and end its auction",
        file: LIQUIDATOR,
        find: "if (equityE18 < int256(maintenanceE18 + SURE_E18)) return false;",
        replace: "",
        expectedTest: END,
    },
    {
        name: "the reserve shrinks with the book",
        file: "contracts/liquidation/SliceMath.sol",
        find: "return mulDown(maintenanceE18 - keptE18, ONE_E18 - fractionE18) + keptE18;",
        replace: "return mulDown(maintenanceE18, ONE_E18 - fractionE18);",
        expectedTest: "test/unit/liquidation/Liquidator/take.test.ts",
    },
    {
        name: "a smaller book asks for more than its part, because impact grows slower than size",
        file: "contracts/risk/AddOns.sol",
        find: "mulDivUp(valueE18 * rootE18, impactE36, ONE_E54);",
        replace: "mulDivUp(1e6 * ONE_E18 * rootE18, impactE36, ONE_E54);",
        expectedTest: "test/fuzz/Risk.t.sol",
    },
];
