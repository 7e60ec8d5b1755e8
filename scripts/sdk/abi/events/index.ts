/** Written by `npm run abi`: the events by the name that a deployment gives their contract. */
import {MARGIN_VAULT_EVENTS} from "./MarginVault.js";
import type {MarginVaultEvents} from "./MarginVault.js";
import {CLEARINGHOUSE_EVENTS} from "./Clearinghouse.js";
import type {ClearinghouseEvents} from "./Clearinghouse.js";
import {RISK_PARAMETERS_EVENTS} from "./RiskParameters.js";
import type {RiskParametersEvents} from "./RiskParameters.js";
import {PRICE_ORACLE_EVENTS} from "./PriceOracle.js";
import type {PriceOracleEvents} from "./PriceOracle.js";
import {SURFACE_ORACLE_EVENTS} from "./SurfaceOracle.js";
import type {SurfaceOracleEvents} from "./SurfaceOracle.js";
import {LIQUIDATOR_EVENTS} from "./Liquidator.js";
import type {LiquidatorEvents} from "./Liquidator.js";
import {BACKSTOP_EVENTS} from "./Backstop.js";
import type {BackstopEvents} from "./Backstop.js";
import {SOLVENCY_GATE_EVENTS} from "./SolvencyGate.js";
import type {SolvencyGateEvents} from "./SolvencyGate.js";
import {RISK_STEWARD_EVENTS} from "./RiskSteward.js";
import type {RiskStewardEvents} from "./RiskSteward.js";
import {VOLATILITY_DRIVER_EVENTS} from "./VolatilityDriver.js";
import type {VolatilityDriverEvents} from "./VolatilityDriver.js";
import {CLOSE_OUT_EVENTS} from "./CloseOut.js";
import type {CloseOutEvents} from "./CloseOut.js";
import {ACCESS_MANAGER_EVENTS} from "./AccessManager.js";
import type {AccessManagerEvents} from "./AccessManager.js";

export const EVENTS = {
    vault: MARGIN_VAULT_EVENTS,
    clearinghouse: CLEARINGHOUSE_EVENTS,
    riskParameters: RISK_PARAMETERS_EVENTS,
    priceOracle: PRICE_ORACLE_EVENTS,
    surfaceOracle: SURFACE_ORACLE_EVENTS,
    liquidator: LIQUIDATOR_EVENTS,
    backstop: BACKSTOP_EVENTS,
    solvencyGate: SOLVENCY_GATE_EVENTS,
    riskSteward: RISK_STEWARD_EVENTS,
    volatilityDriver: VOLATILITY_DRIVER_EVENTS,
    closeOut: CLOSE_OUT_EVENTS,
    manager: ACCESS_MANAGER_EVENTS,
} as const;

/** The values of each event. */
export type EventValues = {
    readonly vault: MarginVaultEvents;
    readonly clearinghouse: ClearinghouseEvents;
    readonly riskParameters: RiskParametersEvents;
    readonly priceOracle: PriceOracleEvents;
    readonly surfaceOracle: SurfaceOracleEvents;
    readonly liquidator: LiquidatorEvents;
    readonly backstop: BackstopEvents;
    readonly solvencyGate: SolvencyGateEvents;
    readonly riskSteward: RiskStewardEvents;
    readonly volatilityDriver: VolatilityDriverEvents;
    readonly closeOut: CloseOutEvents;
    readonly manager: AccessManagerEvents;
};
