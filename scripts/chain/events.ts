/** Logs of the core as events, and what they name: accounts and expiries. */
import {type EventFragment, Interface, type Log} from "ethers";

import {CLEARINGHOUSE_ABI} from "../sdk/abi/Clearinghouse.js";
import {LIQUIDATOR_ABI} from "../sdk/abi/Liquidator.js";
import {MARGIN_VAULT_ABI} from "../sdk/abi/MarginVault.js";
import {valuesOf} from "../sdk/events.js";
import {parseAccount, type AccountId} from "../sdk/ids.js";
import type {LedgerEvent} from "./ledger.js";
import type {Expiry} from "./snapshot.js";

const EVENTS = new Interface([...MARGIN_VAULT_ABI, ...CLEARINGHOUSE_ABI, ...LIQUIDATOR_ABI]);
/** Arguments of events that are accounts. */
const ACCOUNT_ARGUMENTS: ReadonlySet<string> = new Set(["account", "maker", "taker", "keeper", "creditedAccount"]);
const UNDERLYING_SHIFT = 112n;
const EXPIRY_SHIFT = 72n;
const EXPIRY_MASK = 2n ** 40n - 1n;

/** An interface that is asked for a topic hashes the signatures of all its events, every time. */
const BY_TOPIC = new Map<string, EventFragment>();
EVENTS.forEachEvent((event) => BY_TOPIC.set(event.topicHash, event));

/** Undefined for a log that no event of the core has. */
export function decodeLog({topics, data}: Pick<Log, "topics" | "data">): LedgerEvent | undefined {
    const event = BY_TOPIC.get(topics[0] ?? "");
    if (event === undefined) return undefined;
    return {name: event.name, args: valuesOf(event.inputs, EVENTS.decodeEventLog(event, data, topics))};
}

export function accountsIn({args}: LedgerEvent): readonly AccountId[] {
    const named = Object.entries(args).filter(([name]) => ACCOUNT_ARGUMENTS.has(name));
    return named.map(([, value]) => parseAccount(String(value)));
}

/** The expiry of the instrument that the event is about, undefined for none. What a slice moves was opened by another event. */
export function expiryIn({args}: LedgerEvent): Expiry | undefined {
    const {instrument} = args;
    if (typeof instrument !== "bigint") return undefined;
    const expiry = Number((instrument >> EXPIRY_SHIFT) & EXPIRY_MASK);
    return expiry === 0 ? undefined : {underlying: Number(instrument >> UNDERLYING_SHIFT), expiry};
}
