/** The deployed contracts as typed objects. Types come from the compiler's output, code from the kit's own ABIs. */
import {Contract} from "ethers";
import type {ContractRunner} from "ethers";

import type {AccessManager} from "../../typechain-types/@openzeppelin/contracts/access/manager/AccessManager.js";
import type {Clearinghouse} from "../../typechain-types/contracts/core/Clearinghouse.js";
import type {MarginVault} from "../../typechain-types/contracts/core/MarginVault.js";
import type {RiskSteward} from "../../typechain-types/contracts/governance/RiskSteward.js";
import type {VolatilityDriver} from "../../typechain-types/contracts/governance/VolatilityDriver.js";
import type {Backstop} from "../../typechain-types/contracts/liquidation/Backstop.js";
import type {Liquidator} from "../../typechain-types/contracts/liquidation/Liquidator.js";
import type {SolvencyGate} from "../../typechain-types/contracts/liquidation/SolvencyGate.js";
import type {PriceOracle} from "../../typechain-types/contracts/oracle/PriceOracle.js";
import type {SurfaceOracle} from "../../typechain-types/contracts/oracle/SurfaceOracle.js";
import type {CloseOut} from "../../typechain-types/contracts/periphery/CloseOut.js";
import type {MarginLens} from "../../typechain-types/contracts/periphery/MarginLens.js";
import type {TradeLens} from "../../typechain-types/contracts/periphery/TradeLens.js";
import type {RiskEngine} from "../../typechain-types/contracts/risk/RiskEngine.js";
import type {RiskParameters} from "../../typechain-types/contracts/risk/RiskParameters.js";
import * as abi from "../sdk/abi/index.js";
import type {Deployment} from "../shared/deployment.js";

export type BallastContracts = {
    readonly manager: AccessManager;
    readonly vault: MarginVault;
    readonly clearinghouse: Clearinghouse;
    readonly riskEngine: RiskEngine;
    readonly riskParameters: RiskParameters;
    readonly priceOracle: PriceOracle;
    readonly surfaceOracle: SurfaceOracle;
    readonly liquidator: Liquidator;
    readonly backstop: Backstop;
    readonly solvencyGate: SolvencyGate;
    readonly riskSteward: RiskSteward;
    readonly volatilityDriver: VolatilityDriver;
    readonly marginLens: MarginLens;
    readonly tradeLens: TradeLens;
    readonly closeOut: CloseOut;
};

/** Contracts of a deployment, called through `runner`: a signer to write, a provider to read. */
export function ballastAt({contracts}: Deployment, runner: ContractRunner): BallastContracts {
    const at = (address: string, signatures: readonly string[]): Contract => new Contract(address, signatures, runner);
    return {
        manager: at(contracts.manager, abi.ACCESS_MANAGER_ABI) as unknown as AccessManager,
        vault: at(contracts.vault, abi.MARGIN_VAULT_ABI) as unknown as MarginVault,
        clearinghouse: at(contracts.clearinghouse, abi.CLEARINGHOUSE_ABI) as unknown as Clearinghouse,
        riskEngine: at(contracts.riskEngine, abi.RISK_ENGINE_ABI) as unknown as RiskEngine,
        riskParameters: at(contracts.riskParameters, abi.RISK_PARAMETERS_ABI) as unknown as RiskParameters,
        priceOracle: at(contracts.priceOracle, abi.PRICE_ORACLE_ABI) as unknown as PriceOracle,
        surfaceOracle: at(contracts.surfaceOracle, abi.SURFACE_ORACLE_ABI) as unknown as SurfaceOracle,
        liquidator: at(contracts.liquidator, abi.LIQUIDATOR_ABI) as unknown as Liquidator,
        backstop: at(contracts.backstop, abi.BACKSTOP_ABI) as unknown as Backstop,
        solvencyGate: at(contracts.solvencyGate, abi.SOLVENCY_GATE_ABI) as unknown as SolvencyGate,
        riskSteward: at(contracts.riskSteward, abi.RISK_STEWARD_ABI) as unknown as RiskSteward,
        volatilityDriver: at(contracts.volatilityDriver, abi.VOLATILITY_DRIVER_ABI) as unknown as VolatilityDriver,
        marginLens: at(contracts.marginLens, abi.MARGIN_LENS_ABI) as unknown as MarginLens,
        tradeLens: at(contracts.tradeLens, abi.TRADE_LENS_ABI) as unknown as TradeLens,
        closeOut: at(contracts.closeOut, abi.CLOSE_OUT_ABI) as unknown as CloseOut,
    };
}

/** What is needed of any token and of stand-in tokens and feeds. */
export const TOKEN_ABI = [
    "function approve(address spender, uint256 amount) returns (bool)",
    "function allowance(address owner, address spender) view returns (uint256)",
    "function balanceOf(address owner) view returns (uint256)",
    "function decimals() view returns (uint8)",
    "function mint(address to, uint256 amountNative)",
] as const;

export const FEED_ABI = [
    "function pushAnswer(int256 answer) returns (uint80)",
    "function pushRound(int256 answer, uint256 updatedAt) returns (uint80)",
    "function latestRound() view returns (uint80)",
    "function decimals() view returns (uint8)",
    "function latestRoundData() view returns (uint80 roundId, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound)",
    "function getRoundData(uint80 roundId) view returns (uint80, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound)",
] as const;
