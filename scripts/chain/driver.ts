/** What the volatility driver has to do now, and the transactions that make it do that. */
import type {VolatilityDriver} from "../../typechain-types/contracts/governance/VolatilityDriver.js";
import {MOVES} from "../sdk/driver.js";
import type {Move} from "../sdk/driver.js";
import {decodeError} from "../sdk/errors.js";
import type {Log} from "../shared/logger.js";
import {revertDataOf} from "./reverts.js";

/** What a call would do, or the name of the error that it would end with: without a price, for one. */
export type Due =
    {readonly underlying: number; readonly move: Move} | {readonly underlying: number; readonly refused: string};

export async function dueMove(driver: VolatilityDriver, underlying: number): Promise<Due> {
    try {
        const move = MOVES[Number(await driver.step.staticCall(underlying))];
        if (move === undefined) throw new Error("The driver knows a move that this kit does not");
        return {underlying, move};
    } catch (error) {
        const data = revertDataOf(error);
        if (data === undefined) throw error;
        return {underlying, refused: decodeError(data)?.name ?? data};
    }
}

/** Takes one step of each underlying that has one to take. One that is refused does not keep the others. */
export async function moveDrivers(
    driver: VolatilityDriver,
    underlyings: readonly number[],
    log: Log,
): Promise<readonly Due[]> {
    const all: Due[] = [];
    for (const underlying of underlyings) {
        const due = await dueMove(driver, underlying);
        all.push(due);
        if ("refused" in due) {
            log("driver_refused", due);
            continue;
        }
        if (due.move === "NONE") continue;
        const receipt = await (await driver.step(underlying)).wait();
        log("driver_moved", {...due, tx: receipt?.hash, gasUsed: receipt?.gasUsed});
    }
    return all;
}
