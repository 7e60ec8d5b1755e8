/** The journal of decoded events: added to, marked where blocks were replaced, read in order. */
import type {Log} from "ethers";

import {accountsIn, decodeLog, expiryIn} from "../chain/events.js";
import type {LedgerEvent} from "../chain/ledger.js";
import type {AccountId} from "../sdk/ids.js";
import {decode, encode} from "./codec.js";
import {shardOf, type Source} from "./source.js";
import type {Tx} from "./store.js";

export type JournalLog = Pick<
    Log,
    "topics" | "data" | "address" | "blockNumber" | "blockHash" | "index" | "transactionHash"
>;

export type JournalEvent = LedgerEvent & {readonly block: number; readonly logIndex: number};

/** Rows in one statement: databases bound the number of parameters. */
const ROWS = 500;
const PAGE = 5_000;
const UNKNOWN = "unknown";

/** Adds events and what they name. A row that is there already stays as it is, but counts again. */
export async function append(tx: Tx, source: Source, logs: readonly JournalLog[]): Promise<void> {
    const decoded = logs.map((log) => ({log, event: eventOf(log)}));
    const rows = decoded.map(({log, event}) => ({
        source_id: source.id,
        block: log.blockNumber,
        log_index: log.index,
        block_hash: log.blockHash,
        tx_hash: log.transactionHash,
        address: log.address,
        name: event.name,
        args: encode(event.args),
        orphaned: 0,
    }));
    for (const chunk of chunks(rows)) {
        await tx
            .insertInto("event")
            .values(chunk)
            .onConflict((conflict) =>
                conflict.columns(["source_id", "block", "log_index", "block_hash"]).doUpdateSet({orphaned: 0}),
            )
            .execute();
    }
    await addAccounts(tx, source, decoded);
    await addExpiries(tx, source, decoded);
}

type Decoded = {readonly log: JournalLog; readonly event: LedgerEvent};

/** A log that the ABIs do not know is kept as it is: whoever follows goes on, and a proof tells whether books miss it. */
function eventOf({topics, data}: JournalLog): LedgerEvent {
    return decodeLog({topics, data}) ?? {name: UNKNOWN, args: {topics: [...topics], data}};
}

async function addAccounts(tx: Tx, source: Source, decoded: readonly Decoded[]): Promise<void> {
    const met = new Map<AccountId, number>();
    for (const {log, event} of decoded) {
        for (const account of accountsIn(event)) if (!met.has(account)) met.set(account, log.blockNumber);
    }
    const rows = [...met].map(([id, block]) => {
        return {source_id: source.id, id, shard: shardOf(id, source.shards), first_block: block};
    });
    for (const chunk of chunks(rows)) {
        await tx
            .insertInto("account")
            .values(chunk)
            .onConflict((conflict) => conflict.columns(["source_id", "id"]).doNothing())
            .execute();
    }
}

async function addExpiries(tx: Tx, source: Source, decoded: readonly Decoded[]): Promise<void> {
    for (const {log, event} of decoded) {
        const expiry = expiryIn(event);
        if (expiry !== undefined) {
            await tx
                .insertInto("expiry")
                .values({source_id: source.id, ...expiry, first_block: log.blockNumber})
                .onConflict((conflict) => conflict.columns(["source_id", "underlying", "expiry"]).doNothing())
                .execute();
        }
        if (event.name === "ExpirySettled") {
            await tx
                .updateTable("expiry")
                .set({settled_block: log.blockNumber})
                .where("source_id", "=", source.id)
                .where("underlying", "=", Number(event.args["underlying"]))
                .where("expiry", "=", Number(event.args["expiry"]))
                .execute();
        }
    }
}

/** Takes back everything after a block: marks the events, forgets what only they named. */
export async function unwind(tx: Tx, source: Source, block: number): Promise<void> {
    await tx
        .updateTable("event")
        .set({orphaned: 1})
        .where("source_id", "=", source.id)
        .where("block", ">", block)
        .execute();
    for (const table of ["account", "expiry"] as const) {
        await tx.deleteFrom(table).where("source_id", "=", source.id).where("first_block", ">", block).execute();
    }
    await tx
        .updateTable("expiry")
        .set({settled_block: null})
        .where("source_id", "=", source.id)
        .where("settled_block", ">", block)
        .execute();
    await tx.deleteFrom("block").where("source_id", "=", source.id).where("number", ">", block).execute();
    await tx.deleteFrom("snapshot").where("source_id", "=", source.id).where("block", ">", block).execute();
}

/** Events after one block up to the end of another, in the order of the chain; `name` picks one kind. */
export async function* events(
    tx: Tx,
    source: Source,
    range: {readonly after: number; readonly upTo: number; readonly name?: string},
): AsyncGenerator<JournalEvent> {
    let last = {block: range.after, logIndex: Number.MAX_SAFE_INTEGER};
    for (;;) {
        let query = tx
            .selectFrom("event")
            .select(["block", "log_index", "name", "args"])
            .where("source_id", "=", source.id)
            .where("orphaned", "=", 0)
            .where("block", "<=", range.upTo)
            .where((eb) =>
                eb.or([
                    eb("block", ">", last.block),
                    eb.and([eb("block", "=", last.block), eb("log_index", ">", last.logIndex)]),
                ]),
            );
        if (range.name !== undefined) query = query.where("name", "=", range.name);
        const page = await query.orderBy("block").orderBy("log_index").limit(PAGE).execute();
        for (const {block, log_index: logIndex, name, args} of page) {
            yield {block, logIndex, name, args: decode(args) as LedgerEvent["args"]};
            last = {block, logIndex};
        }
        if (page.length < PAGE) return;
    }
}

function chunks<T>(rows: readonly T[]): T[][] {
    return Array.from({length: Math.ceil(rows.length / ROWS)}, (_, n) => rows.slice(n * ROWS, (n + 1) * ROWS));
}
