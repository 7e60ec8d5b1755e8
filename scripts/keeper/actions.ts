/** From a decision to a transaction: encodes it, has it tried out and sent, or tried out alone, and writes down what came of it. */
import {Interface, isError, type Provider} from "ethers";

import {DispatchError, type Call, type Dispatcher} from "../chain/dispatcher.js";
import {revertDataOf} from "../chain/reverts.js";
import {CLEARINGHOUSE_ABI} from "../sdk/abi/Clearinghouse.js";
import {LIQUIDATOR_ABI} from "../sdk/abi/Liquidator.js";
import {SOLVENCY_GATE_ABI} from "../sdk/abi/SolvencyGate.js";
import {VOLATILITY_DRIVER_ABI} from "../sdk/abi/VolatilityDriver.js";
import type {Move} from "../sdk/driver.js";
import {decodeError} from "../sdk/errors.js";
import type {AccountId} from "../sdk/ids.js";
import type {Log} from "../shared/logger.js";
import type {Alone} from "./backing.js";
import type {KeeperConfig} from "./config.js";
import type {Journal, JournalEntry} from "./journal.js";
import {encodeClosing} from "./layOff/closings.js";
import type {Hedge} from "./layOff/hedge.js";
import type {Witness} from "./reader.js";
import type {Straddle} from "./settler.js";
import type {Expiry} from "../chain/snapshot.js";
import type {Closing, Decision} from "./strategy.js";

const LIQUIDATOR = new Interface(LIQUIDATOR_ABI);
const CLEARINGHOUSE = new Interface(CLEARINGHOUSE_ABI);
const GATE = new Interface(SOLVENCY_GATE_ABI);
const DRIVER = new Interface(VOLATILITY_DRIVER_ABI);

export type Action = {
    readonly name: string;
    /** What no two keepers are at in the same moment. */
    readonly key: string;
    readonly account?: AccountId;
    readonly call: Call;
    readonly details: Readonly<Record<string, unknown>>;
};

type Contracts = KeeperConfig["contracts"];

export function actionOf(
    decision: Exclude<Decision, Closing>,
    contracts: Contracts,
    keeper: AccountId,
    witness: Witness,
): Action {
    const {kind, account, profitE18} = decision;
    const encode = (name: string, inputs: readonly unknown[]): Action => ({
        name: kind,
        key: account,
        account,
        call: {to: contracts.liquidator, data: LIQUIDATOR.encodeFunctionData(name, [...inputs])},
        details: {profitE18, ...(kind === "start" ? {witness} : {})},
    });
    switch (kind) {
        case "start":
            return encode("start", [account, witness, keeper]);
        case "take":
            return encode("take", [account, keeper, decision.maxFractionE18, decision.maxPriceE18, "0x"]);
        case "cancel":
            return encode("cancel", [account]);
        case "record":
            return encode("recordInsolvency", [account]);
    }
}

/** A slice that makers' quotes close; the order says what it must gain. */
export const closingOf = ({account, profitE18, gainE18, order}: Closing, closeOut: string): Action => ({
    name: "close_out",
    key: account,
    account,
    call: {to: closeOut, data: encodeClosing(order)},
    details: {profitE18, gainE18, minGainE18: order.minGainE18, fills: order.fills.length},
});

/** Lays off what the keeper's own account holds. */
export const hedgeOf = ({call, ...details}: Hedge, account: AccountId): Action => ({
    name: "hedge",
    key: `hedge:${account}`,
    account,
    call,
    details,
});

export const marginCallOf = (account: AccountId, contracts: Contracts): Action => ({
    name: "margin_call",
    key: account,
    account,
    call: {to: contracts.liquidator, data: LIQUIDATOR.encodeFunctionData("callMargin", [account])},
    details: {},
});

export const lookOf = (solvencyGate: string): Action => ({
    name: "gate_look",
    key: "gate",
    call: {to: solvencyGate, data: GATE.encodeFunctionData("look")},
    details: {},
});

export const driveOf = (volatilityDriver: string, underlying: number, move: Move | undefined): Action => ({
    name: "drive",
    key: `drive:${underlying}`,
    call: {to: volatilityDriver, data: DRIVER.encodeFunctionData("step", [underlying])},
    details: {underlying, move},
});

export function settlementOf({underlying, expiry}: Expiry, rounds: Straddle, contracts: Contracts): Action {
    const inputs = [underlying, expiry, rounds.roundId, rounds.nextRoundId];
    return {
        name: "settle_expiry",
        key: `settle:${underlying}:${expiry}`,
        call: {to: contracts.clearinghouse, data: CLEARINGHOUSE.encodeFunctionData("settleExpiry", inputs)},
        details: {underlying, expiry, ...rounds},
    };
}

export type ActParts = {
    readonly provider: Pick<Provider, "call">;
    readonly dispatcher: Dispatcher;
    readonly from: string;
    readonly dryRun: boolean;
    readonly journal: Journal;
    readonly alone: Alone;
    readonly log: Log;
    readonly nowMs: () => number;
};

/**
 * Tries the action on the block that it was decided on, then sends it.
 * @returns whether it got through, or would have in a dry run; false also if another keeper is at it.
 */
export async function act(action: Action, blockNumber: number, parts: ActParts): Promise<boolean> {
    const {name, account, key} = action;
    const outcome = await parts.alone(key, () => attempt(action, blockNumber, parts));
    if (outcome === undefined) parts.log("action_elsewhere", {action: name, account});
    return outcome?.result ?? false;
}

async function attempt(action: Action, blockTag: number, parts: ActParts): Promise<boolean> {
    const {name, account, call, details} = action;
    const note = async (outcome: JournalEntry["outcome"], more: Readonly<Record<string, unknown>>): Promise<void> => {
        const all = {...details, ...more};
        const entry = {action: name, outcome, details: all};
        await parts.journal.write(account === undefined ? entry : {...entry, account}, parts.nowMs());
        parts.log(`action_${outcome}`, {action: name, account, ...all});
    };
    try {
        await parts.provider.call({...call, from: parts.from, blockTag});
        if (parts.dryRun) {
            await note("simulated", {});
            return true;
        }
        const receipt = await parts.dispatcher.send(call, (tx) => note("sent", {tx}));
        await note("mined", {tx: receipt.hash, block: receipt.blockNumber, gasUsed: receipt.gasUsed});
        return true;
    } catch (error) {
        const reason = expectedFailure(error);
        if (reason === undefined) throw error;
        await note("failed", {reason});
        return false;
    }
}

/** What may happen to any keeper: somebody was faster, the price moved, the pool of transactions is full. */
function expectedFailure(error: unknown): string | undefined {
    const data = revertDataOf(error);
    if (data !== undefined) return decodeError(data)?.name ?? data;
    if (error instanceof DispatchError) return error.code;
    if (isError(error, "NONCE_EXPIRED") || isError(error, "REPLACEMENT_UNDERPRICED")) return error.code;
    return undefined;
}
