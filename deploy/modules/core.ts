/** The six rooms and the lenses. Constructors name what never changes; everything else is wired afterwards. */
import {buildModule} from "@nomicfoundation/ignition-core";
import type {
    IgnitionModule,
    IgnitionModuleBuilder,
    NamedArtifactContractDeploymentFuture,
} from "@nomicfoundation/ignition-core";

import type {Parameters} from "../parameters/index.js";
import {
    auctionCurve,
    gateThresholds,
    gateTimes,
    globalParams,
    keeperPay,
    rateCurve,
    driverRules,
    stewardRules,
    surfaceBounds,
} from "../structs.js";
import {tokenOf} from "./outside.js";
import type {Manager, Outside} from "./outside.js";

type Contract<Name extends string> = NamedArtifactContractDeploymentFuture<Name>;

export type CoreContracts = {
    readonly vault: Contract<"MarginVault">;
    readonly clearinghouse: Contract<"Clearinghouse">;
    readonly riskEngine: Contract<"RiskEngine">;
    readonly riskModels: Contract<"RiskModels">;
    readonly riskGreeks: Contract<"RiskGreeks">;
    readonly riskParameters: Contract<"RiskParameters">;
    readonly cdfTable: Contract<"CdfTable">;
    readonly priceOracle: Contract<"PriceOracle">;
    readonly surfaceOracle: Contract<"SurfaceOracle">;
    readonly liquidator: Contract<"Liquidator">;
    readonly backstop: Contract<"Backstop">;
    readonly solvencyGate: Contract<"SolvencyGate">;
    readonly riskSteward: Contract<"RiskSteward">;
    readonly volatilityDriver: Contract<"VolatilityDriver">;
    readonly lastKnownPrices: Contract<"LastKnownPrices">;
    readonly lastKnownRisk: Contract<"LastKnownRisk">;
    readonly fillPreview: Contract<"FillPreview">;
    readonly previewEngine: Contract<"RiskEngine">;
    readonly previewModels: Contract<"RiskModels">;
    readonly previewGreeks: Contract<"RiskGreeks">;
    readonly marginLens: Contract<"MarginLens">;
    readonly tradeLens: Contract<"TradeLens">;
    readonly closeOut: Contract<"CloseOut">;
};

export type Core = IgnitionModule<"Core", string, CoreContracts>;

type Read = Pick<CoreContracts, "vault" | "clearinghouse" | "riskParameters" | "cdfTable">;
type Lenses = Pick<
    CoreContracts,
    "fillPreview" | "previewEngine" | "previewModels" | "previewGreeks" | "marginLens" | "tradeLens"
>;

/** The lenses answer what a fill would do through an engine of their own that reads the market from the preview. */
function lensContracts(m: IgnitionModuleBuilder, {vault, clearinghouse, riskParameters, cdfTable}: Read): Lenses {
    const fillPreview = m.contract("FillPreview", [vault, clearinghouse]);
    const previewed = [vault, fillPreview, riskParameters, cdfTable];
    const previewGreeks = m.contract("RiskGreeks", previewed, {id: "PreviewGreeks"});
    const previewModels = m.contract("RiskModels", [previewGreeks], {id: "PreviewModels"});
    const previewEngine = m.contract("RiskEngine", [previewModels], {id: "PreviewEngine"});
    const marginLens = m.contract("MarginLens", [vault, previewEngine]);
    const tradeLens = m.contract("TradeLens", [vault, previewEngine]);
    return {fillPreview, previewEngine, previewModels, previewGreeks, marginLens, tradeLens};
}

type Guards = Pick<CoreContracts, "solvencyGate" | "riskSteward" | "volatilityDriver">;
type Watched = Pick<CoreContracts, "vault" | "clearinghouse" | "riskParameters"> & {readonly manager: Manager};

/** What watches the rooms, and what moves their figures. */
function guardContracts(
    m: IgnitionModuleBuilder,
    parameters: Parameters,
    {vault, clearinghouse, riskParameters, manager}: Watched,
): Guards {
    const watched = [vault, clearinghouse, riskParameters, manager];
    const gate = [...watched, gateTimes(parameters), gateThresholds(parameters)];
    const solvencyGate = m.contract("SolvencyGate", gate);
    const riskSteward = m.contract("RiskSteward", [...watched, stewardRules(parameters)]);
    const driver = [riskSteward, riskParameters, manager, driverRules(parameters)];
    const volatilityDriver = m.contract("VolatilityDriver", driver);
    return {solvencyGate, riskSteward, volatilityDriver};
}

export function coreModule(parameters: Parameters, signers: readonly string[], outside: Outside): Core {
    return buildModule("Core", (m) => {
        const given = m.useModule(outside);
        const {manager} = given;
        const settlement = tokenOf(given, parameters, parameters.settlementToken);
        const {oracle, vault: vaultParameters, backstop: backstopParameters} = parameters;

        const priceOracle = m.contract("PriceOracle", [manager, oracle.confirmSeconds]);
        const surfaceOracle = m.contract("SurfaceOracle", [
            manager,
            [...signers],
            parameters.surfaces.threshold,
            surfaceBounds(parameters),
        ]);
        const vault = m.contract("MarginVault", [
            manager,
            settlement,
            rateCurve(parameters),
            vaultParameters.settlementCap,
        ]);
        const clearinghouse = m.contract("Clearinghouse", [vault, priceOracle, manager]);
        const risk = [manager, priceOracle, surfaceOracle, globalParams(parameters)];
        const riskParameters = m.contract("RiskParameters", risk);
        const cdfTable = m.contract("CdfTable");
        const riskGreeks = m.contract("RiskGreeks", [vault, clearinghouse, riskParameters, cdfTable]);
        const riskModels = m.contract("RiskModels", [riskGreeks]);
        const riskEngine = m.contract("RiskEngine", [riskModels]);
        const backstop = m.contract("Backstop", [
            vault,
            manager,
            backstopParameters.cooldownSeconds,
            backstopParameters.windowSeconds,
        ]);
        const liquidator = m.contract("Liquidator", [
            vault,
            clearinghouse,
            backstop,
            priceOracle,
            manager,
            auctionCurve(parameters),
            keeperPay(parameters),
        ]);
        const lastKnownPrices = m.contract("LastKnownPrices", [riskParameters]);
        const lastKnownRisk = m.contract("LastKnownRisk", [riskGreeks, lastKnownPrices]);
        const guards = guardContracts(m, parameters, {vault, clearinghouse, riskParameters, manager});
        const lenses = lensContracts(m, {vault, clearinghouse, riskParameters, cdfTable});
        const closeOut = m.contract("CloseOut", [vault, clearinghouse, liquidator]);
        return {
            vault,
            clearinghouse,
            riskEngine,
            riskModels,
            riskGreeks,
            riskParameters,
            cdfTable,
            priceOracle,
            surfaceOracle,
            liquidator,
            backstop,
            ...guards,
            lastKnownPrices,
            lastKnownRisk,
            ...lenses,
            closeOut,
        };
    });
}
