/** Logs of the core as events, and what they name: accounts and expiries. */
import {Interface, type Log} from "ethers";

import {CLEARINGHOUSE_ABI} from "../sdk/abi/Clearinghouse.js";
import {LIQUIDATOR_ABI} from "../sdk/abi/Liquidator.js";
import {MARGIN_VAULT_ABI} from "../sdk/abi/MarginVault.js";
import {parseAccount, type AccountId} from "../sdk/ids.js";
import type {LedgerEvent} from "./ledger.js";
import type {Expiry} from "./snapshot.js";

const EVENTS = new Interface([...MARGIN_VAULT_ABI, ...CLEARINGHOUSE_ABI, ...LIQUIDATOR_ABI]);
/** Arguments of events that are accounts. */
const ACCOUNT_ARGUMENTS: ReadonlySet<string> = new Set(["account", "maker", "taker", "keeper", "creditedAccount"]);
const UNDERLYING_SHIFT = 112n;
const EXPIRY_SHIFT = 72n;
const EXPIRY_MASK = 2n ** 40n - 1n;

/** Undefined for a log that no event of the core has. */
export function decodeLog(log: Pick<Log, "topics" | "data">): LedgerEvent | undefined {
    const event = EVENTS.parseLog(log);
    if (event === null) return undefined;
    return {name: event.name, args: event.args.toObject(true) as Readonly<Record<string, unknown>>};
}

export function accountsIn({args}: LedgerEvent): readonly AccountId[] {
    const named = Object.entries(args).filter(([name]) => ACCOUNT_ARGUMENTS.has(name));
    return named.map(([, value]) => parseAccount(String(value)));
}

/** The expiry of the instrument that the event is about, undefined for none. */
export function expiryIn({args}: LedgerEvent): Expiry | undefined {
    const {instrument} = args;
    if (typeof instrument !== "bigint") return undefined;
    const expiry = Number((instrument >> EXPIRY_SHIFT) & EXPIRY_MASK);
    return expiry === 0 ? undefined : {underlying: Number(instrument >> UNDERLYING_SHIFT), expiry};
}
