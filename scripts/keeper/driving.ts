/** Makes the price ranges follow the market: the volatility driver's step of each underlying, whenever one is due. */
import {Contract, type Provider} from "ethers";

import {isRevert, revertDataOf} from "../chain/reverts.js";
import {RISK_ENGINE_ABI} from "../sdk/abi/RiskEngine.js";
import {RISK_PARAMETERS_ABI} from "../sdk/abi/RiskParameters.js";
import {VOLATILITY_DRIVER_ABI} from "../sdk/abi/VolatilityDriver.js";
import {MOVES} from "../sdk/driver.js";
import {decodeError} from "../sdk/errors.js";
import type {Log} from "../shared/logger.js";
import {act, driveOf, type ActParts} from "./actions.js";
import type {KeeperConfig} from "./config.js";

export type DrivingParts = {
    readonly config: {readonly contracts: Pick<KeeperConfig["contracts"], "riskEngine" | "volatilityDriver">};
    readonly provider: Provider;
    readonly acting: ActParts;
    readonly log: Log;
};

/** Nobody is paid for it; without `contracts.volatilityDriver` this keeper leaves it to others. */
export async function driveRanges(blockNumber: number, {config, provider, acting, log}: DrivingParts): Promise<void> {
    const {volatilityDriver, riskEngine} = config.contracts;
    if (volatilityDriver === undefined) return;
    const at = {blockTag: blockNumber};
    const engine = new Contract(riskEngine, RISK_ENGINE_ABI, provider);
    const rules = new Contract((await engine.getFunction("parameters")(at)) as string, RISK_PARAMETERS_ABI, provider);
    const driver = new Contract(volatilityDriver, VOLATILITY_DRIVER_ABI, provider);
    for (const underlying of (await rules.getFunction("underlyings")(at)) as readonly bigint[]) {
        try {
            const move = MOVES[Number(await driver.getFunction("step").staticCall(underlying, at))];
            if (move !== "NONE") await act(driveOf(volatilityDriver, Number(underlying), move), blockNumber, acting);
        } catch (error) {
            // No price for the moment, or the guardian's pause: the others have theirs.
            if (!isRevert(error)) throw error;
            const data = revertDataOf(error) ?? "0x";
            log("drive_refused", {underlying, reason: decodeError(data)?.name ?? data});
        }
    }
}
