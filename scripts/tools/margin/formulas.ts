/** Every formula of the margin model with the function that has it; its rounding is read from that function's comment. */
import {codeOnly, filesIn, read} from "../repository.js";

export type Formula = {
    readonly what: string;
    readonly formula: string;
    /** `File.function` below contracts/. */
    readonly code: string;
    /** Only where the comment does not say it. */
    readonly rounding?: string;
    /** Below test/, without the ending. */
    readonly test: string;
};

const REFERENCE = "unit/risk/RiskEngine/reference";
const BOOKS = "unit/risk/RiskEngine/assessBook";
const EDGES = "unit/risk/RiskEngine/assessBookEdges";

const VALUES: readonly Formula[] = [
    {what: "forward", formula: "F = S · ratio", code: "MarketReader.dated", rounding: "floor", test: REFERENCE},
    {
        what: "total variance (SVI)",
        formula: "w²(k) = a + b (ρ (k − m) + √((k − m)² + s²)), k = ln(K / F)",
        code: "Svi.totalVariance",
        test: "unit/libraries/Svi/reference",
    },
    {
        what: "w now",
        formula: "√(w²(k) · time left / time from the report)",
        code: "Svi.totalVol",
        test: "fuzz/Kernel",
    },
    {
        what: "call (Black-76)",
        formula: "D (F Φ(d₁) − K Φ(d₂)), d₁ = ln(F / K) / w + w / 2, d₂ = d₁ − w",
        code: "Black76.price",
        test: "unit/risk/Black76/reference",
    },
    {
        what: "put",
        formula: "D (call − F + K), the call undiscounted",
        code: "Options.open",
        rounding: "floor",
        test: "fuzz/Kernel",
    },
    {
        what: "delta",
        formula: "call D Φ(d₁), put D (Φ(d₁) − 1), linear 1",
        code: "Options.open",
        rounding: "floor",
        test: "differential/risk",
    },
    {
        what: "leg",
        formula: "q · price; a perpetual q · (mark − funding)",
        code: "Revaluation.open",
        rounding: "floor",
        test: BOOKS,
    },
    {
        what: "option past its time",
        formula: "max(±(S − K), 0), at the settlement price once it is fixed",
        code: "Revaluation._payoff",
        rounding: "exact",
        test: EDGES,
    },
    {
        what: "units of collateral that count",
        formula: "units · min(base, 1.1 / (k √value + 1))",
        code: "Collateral.creditedUnits",
        test: "unit/risk/RiskEngine/account",
    },
    {
        what: "cash",
        formula: "above zero cash · min(1, price of the coin), below zero all of it",
        code: "RiskCheck._cash",
        rounding: "floor",
        test: BOOKS,
    },
];

const GRID: readonly Formula[] = [
    {
        what: "factors on volatility",
        formula: "up 1 + rise · (30 / max(DTE, 1))^p, down max(1 − fall · (30 / max(DTE, 1))^p, 0)",
        code: "MarketReader.volFactors",
        rounding: "both moves ceil",
        test: "fuzz/Kernel",
    },
    {
        what: "w under a scenario",
        formula: "max(w · factor, floor · √T); flat w",
        code: "Options.reprice",
        rounding: "floor",
        test: "fuzz/Kernel",
    },
    {
        what: "profit of a scenario",
        formula: "Σ q (V(f, w) − V), collateral units · (S f − S)",
        code: "Revaluation.pnl",
        rounding: "floor",
        test: "fuzz/Kernel",
    },
    {what: "loss of a scenario", formula: "−weight · profit", code: "Revaluation.weightedLoss", test: BOOKS},
    {
        what: "scan",
        formula: "min(max(0, maxₛ loss), B)",
        code: "Aggregation.scan",
        rounding: "exact",
        test: "unit/risk/RiskEngine/report",
    },
];

const CHARGES: readonly Formula[] = [
    {what: "roll R", formula: "Σₑ abs(Δₑ) · S · max(r_min, r_year · T)", code: "AddOns.roll", test: BOOKS},
    {
        what: "hedged-delta floor",
        formula: "(f_net · abs(Δ) + f_hedged · (Σ abs(Δ_leg) − abs(Δ)) / 2) · S",
        code: "AddOns.hedgedDelta",
        test: BOOKS,
    },
    {what: "short-option floor", formula: "f_short · S · units sold", code: "AddOns.shortOptions", test: BOOKS},
    {
        what: "concentration C",
        formula: "½ spread · X + Y · σ_day · X · √(X / ADV), X = abs(Δ) · S",
        code: "AddOns.concentration",
        test: BOOKS,
    },
    {
        what: "cap B, by expiry",
        formula: "V − min(G(0), G(strikes)) − min(slope, 0) · f_max · F, G the payoff at expiry",
        code: "AddOns.worstLoss",
        test: "fuzz/Laws",
    },
    {
        what: "add-on A",
        formula: "min(max(R, max(floors) − scan), B − scan), then C within what is left of B",
        code: "Aggregation.extras",
        rounding: "exact",
        test: "unit/risk/RiskEngine/report",
    },
    {
        what: "crowding, IM only",
        formula: "(X − own IM) · min((OI · S − lower) / (upper − lower), 1), if above zero",
        code: "AddOns.crowding",
        test: BOOKS,
    },
    {
        what: "withheld profit, IM only",
        formula:
            "profit · (1 − (1 − units / OI) · (1 − scale)), if above zero; units linear, of the larger side; scale as above",
        code: "AddOns.withheld",
        test: "unit/risk/RiskEngine/withheld",
    },
];

const SUMS: readonly Formula[] = [
    {
        what: "joint loss J",
        formula: "min(max(0, maxₛ Σᵤ lossᵤ(s)), Σᵤ scanᵤ)",
        code: "Aggregation.joint",
        rounding: "exact",
        test: "unit/risk/RiskEngine/report",
    },
    {
        what: "charge of a group",
        formula: "ρ J + Σᵤ ((1 − ρ) scanᵤ + Aᵤ + Cᵤ); with one underlying ρ = 0",
        code: "Aggregation.groupCharge",
        test: BOOKS,
    },
    {
        what: "MM",
        formula: "Σ groups + base + per position · n",
        code: "RiskCheck._charge",
        rounding: "exact",
        test: "unit/risk/RiskEngine/report",
    },
    {
        what: "IM",
        formula: "MM / ratio + Σᵤ (crowdingᵤ + withheldᵤ)",
        code: "RiskCheck._initial",
        rounding: "ceil",
        test: BOOKS,
    },
    {
        what: "bound of a witness",
        formula: "the least MM that the scenarios named allow",
        code: "Aggregation.leastGroupCharge",
        rounding: "ceil",
        test: "unit/risk/RiskEngine/breaches",
    },
    {
        what: "isolated scan",
        formula: "Σ_legs max(0, maxₛ loss of the leg)",
        code: "Revaluation.isolated",
        rounding: "ceil",
        test: "unit/risk/RiskEngine/assessBook",
    },
    {
        what: "delta scan",
        formula: "max(abs(Δ) · S · range, scenario scan)",
        code: "AddOns.deltaMove",
        test: "unit/risk/models/delta",
    },
    {
        what: "Greeks scan",
        formula:
            "max over scenarios of weight 1 of −(Σ per expiry (Δ m + ½ Γ m²) + Σ per leg perW · Δw), m = F (f − 1)",
        code: "Greeks.scan",
        test: "unit/risk/models/greeks",
    },
];

export const FORMULAS = {values: VALUES, grid: GRID, charges: CHARGES, sums: SUMS} as const;

/** Where an invariant of the risk engine is kept, as `File.function` below contracts/ or a folder. */
export const KEPT_BY: Readonly<Record<string, readonly string[]>> = {
    "RSK-1": ["RiskCheck._assess", "RiskBounds.checkGlobal"],
    "RSK-2": ["Collateral.creditedUnits", "Aggregation.open", "RiskBounds.checkUnderlying"],
    "RSK-3": ["Revaluation.isolated", "Aggregation.groupCharge"],
    "RSK-4": ["Aggregation.groupCharge"],
    "RSK-5": ["Aggregation.leastGroupCharge"],
    "RSK-6": ["AddOns.worstLoss", "Aggregation.extras"],
    "RSK-7": ["scripts/sdk/risk"],
    "RSK-8": ["BookIndex.checkOrder"],
    "RSK-9": ["Revaluation.pnl"],
    "RSK-10": ["BookIndex.legsOf", "RiskCheck._openHoldings"],
    "RSK-11": ["RiskCheck._charge"],
    "RSK-12": ["Options.open", "Options.reprice"],
    "RSK-13": ["Aggregation.scan", "AddOns.hedgedDelta"],
    "RSK-14": ["AddOns.roll"],
    "RSK-15": ["AddOns.withheld"],
    "RSK-16": ["AddOns.concentration", "Aggregation.extras", "Collateral.creditedUnits"],
};

/** Path and text of the function that a pointer `File.function` means, comment included; throws where there is none. */
export function sourceOf(pointer: string): {readonly path: string; readonly comment: string} {
    const [file = "", name = ""] = pointer.split(".");
    const path = filesIn("contracts", `/${file}.sol`, `${file}.sol`).find((one) => one.endsWith(`/${file}.sol`));
    if (path === undefined) throw new Error(`${pointer}: there is no ${file}.sol`);
    const source = read(path);
    // Positions stay the same where comments are blanked.
    const at = codeOnly(source).search(new RegExp(`\\bfunction ${name}\\(`));
    if (at < 0) throw new Error(`${path} has no function ${name}`);
    const above = source.slice(0, at).split("\n").slice(0, -1).reverse();
    const end = above.findIndex((line) => !line.trim().startsWith("///"));
    return {path, comment: above.slice(0, end).reverse().join("\n")};
}

/** The rounding that a function's comment states, or that is given where it states none. */
export function roundingOf({code, rounding}: Formula): string {
    const stated = /@custom:rounding (.+)/.exec(sourceOf(code).comment)?.[1];
    if (rounding !== undefined) return rounding;
    if (stated === undefined) throw new Error(`${code} states no rounding`);
    return /^(floor|ceil|exact|nearest)/.exec(stated)?.[0] ?? stated;
}
