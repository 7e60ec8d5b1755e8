/** Written by `npm run abi`: every custom error that a call can end in, those of the libraries last. */
import {BACKSTOP_ERRORS} from "./Backstop.js";
import {CLEARINGHOUSE_ERRORS} from "./Clearinghouse.js";
import {CLOSE_OUT_ERRORS} from "./CloseOut.js";
import {DECIMALS_ERRORS} from "./Decimals.js";
import {FILL_PREVIEW_ERRORS} from "./FillPreview.js";
import {FIXED_POINT_ERRORS} from "./FixedPoint.js";
import {INSTRUMENT_ID_ERRORS} from "./InstrumentId.js";
import {LAST_KNOWN_RISK_ERRORS} from "./LastKnownRisk.js";
import {LIQUIDATOR_ERRORS} from "./Liquidator.js";
import {MARGIN_LENS_ERRORS} from "./MarginLens.js";
import {MARGIN_VAULT_ERRORS} from "./MarginVault.js";
import {PRICE_ORACLE_ERRORS} from "./PriceOracle.js";
import {RISK_ENGINE_ERRORS} from "./RiskEngine.js";
import {RISK_PARAMETERS_ERRORS} from "./RiskParameters.js";
import {RISK_STEWARD_ERRORS} from "./RiskSteward.js";
import {SOLVENCY_GATE_ERRORS} from "./SolvencyGate.js";
import {SURFACE_ORACLE_ERRORS} from "./SurfaceOracle.js";
import {TRADE_LENS_ERRORS} from "./TradeLens.js";
import {TRANSCENDENTAL_ERRORS} from "./Transcendental.js";
import {VOLATILITY_DRIVER_ERRORS} from "./VolatilityDriver.js";
import {LIBRARIES_ERRORS} from "./libraries.js";

export const ERRORS = [
    ...BACKSTOP_ERRORS,
    ...CLEARINGHOUSE_ERRORS,
    ...CLOSE_OUT_ERRORS,
    ...DECIMALS_ERRORS,
    ...FILL_PREVIEW_ERRORS,
    ...FIXED_POINT_ERRORS,
    ...INSTRUMENT_ID_ERRORS,
    ...LAST_KNOWN_RISK_ERRORS,
    ...LIQUIDATOR_ERRORS,
    ...MARGIN_LENS_ERRORS,
    ...MARGIN_VAULT_ERRORS,
    ...PRICE_ORACLE_ERRORS,
    ...RISK_ENGINE_ERRORS,
    ...RISK_PARAMETERS_ERRORS,
    ...RISK_STEWARD_ERRORS,
    ...SOLVENCY_GATE_ERRORS,
    ...SURFACE_ORACLE_ERRORS,
    ...TRADE_LENS_ERRORS,
    ...TRANSCENDENTAL_ERRORS,
    ...VOLATILITY_DRIVER_ERRORS,
    ...LIBRARIES_ERRORS,
] as const;
