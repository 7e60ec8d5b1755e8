/** Written by `npm run abi`. */
export {MARGIN_VAULT_ABI} from "./MarginVault.js";
export {CLEARINGHOUSE_ABI} from "./Clearinghouse.js";
export {RISK_ENGINE_ABI} from "./RiskEngine.js";
export {RISK_MODELS_ABI} from "./RiskModels.js";
export {RISK_GREEKS_ABI} from "./RiskGreeks.js";
export {RISK_PARAMETERS_ABI} from "./RiskParameters.js";
export {PRICE_ORACLE_ABI} from "./PriceOracle.js";
export {SURFACE_ORACLE_ABI} from "./SurfaceOracle.js";
export {LIQUIDATOR_ABI} from "./Liquidator.js";
export {BACKSTOP_ABI} from "./Backstop.js";
export {SOLVENCY_GATE_ABI} from "./SolvencyGate.js";
export {LAST_KNOWN_RISK_ABI} from "./LastKnownRisk.js";
export {MARGIN_LENS_ABI} from "./MarginLens.js";
export {TRADE_LENS_ABI} from "./TradeLens.js";
export {CLOSE_OUT_ABI} from "./CloseOut.js";
export {ACCESS_MANAGER_ABI} from "./AccessManager.js";
export {ERRORS} from "./errors/index.js";
