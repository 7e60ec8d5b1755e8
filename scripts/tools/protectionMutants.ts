/** Deliberate mistakes in what protects the whole: bands, reductions, the gate, pay on rollups. */
import type {Mutant} from "./mutants.js";

const BAND = "test/unit/core/Clearinghouse/priceBand.test.ts";
const REDUCTIONS = "test/adversary/reductions.test.ts";
const GATE = "test/unit/liquidation/SolvencyGate.test.ts";
const DATA_FEE = "test/unit/liquidation/DataFee.test.ts";

export const PROTECTION_MUTANTS: readonly Mutant[] = [
    {
        name: "a leg trades below its band",
        file: "contracts/core/Clearinghouse.sol",
        find: "if (leg.priceE18 >= minE18 && leg.priceE18 <= maxE18) return;",
        replace: "if (leg.priceE18 <= maxE18) return;",
        expectedTest: BAND,
    },
    {
        name: "the band of a dated instrument does not grow with time",
        file: "contracts/core/clearing/PriceBand.sol",
        find: "if (expiry > block.timestamp) widthE18 +=",
        replace: "if (expiry == 1) widthE18 +=",
        expectedTest: BAND,
    },
    {
        name: "a fill at the last known prices may open",
        file: "contracts/core/Clearinghouse.sol",
        find: "if (tradable && !batch.reducing && ",
        replace: "if (tradable && ",
        expectedTest: REDUCTIONS,
    },
    {
        name: "a reduction may cost all that it releases",
        file: "contracts/risk/LastKnownRisk.sol",
        find: "int256 private constant COST_PARTS = 4;",
        replace: "int256 private constant COST_PARTS = 1;",
        expectedTest: REDUCTIONS,
    },
    {
        name: "the last accepted price stands in for a live one",
        file: "contracts/oracle/LastKnownPrices.sol",
        find: "return nowE18;",
        replace: "return nowE18 == 0 ? 0 : oracle.feedState(feedId).acceptedE18;",
        expectedTest: REDUCTIONS,
    },
    {
        name: "calm counts while nobody looks",
        file: "contracts/liquidation/SolvencyGate.sol",
        find: "else if (stand.calmSince == 0 || elapsed * LOOKS > dwell) {",
        replace: "else if (stand.calmSince == 0) {",
        expectedTest: GATE,
    },
    {
        name: "the gate opens as soon as it is calm",
        file: "contracts/liquidation/SolvencyGate.sol",
        find: "block.timestamp - stand.calmSince >= dwell",
        replace: "block.timestamp >= stand.calmSince",
        expectedTest: GATE,
    },
    {
        name: "what comes in does not count against what goes out",
        file: "contracts/liquidation/SolvencyGate.sol",
        find: "inE18 > outE18 ? (inE18 - outE18, uint256(0)) : (uint256(0), outE18 - inE18);",
        replace: "(uint256(0), outE18);",
        expectedTest: GATE,
    },
    {
        name: "a halted vault lets go who owes",
        file: "contracts/core/MarginVault.sol",
        find: "if (halted()) revert MarginVault_Halted(account);",
        replace: "",
        expectedTest: GATE,
    },
    {
        name: "the data fee is not paid",
        file: "contracts/liquidation/LiquidationParams.sol",
        find: "payE18 = _worthE18(pay, gas * gasPriceWei + dataWei);",
        replace: "payE18 = _worthE18(pay, gas * gasPriceWei);",
        expectedTest: DATA_FEE,
    },
];
