/** The ledger at a block: from the newest snapshot and the journal after it, or from the journal alone. */
import {applyEvent, emptyLedger, type Ledger} from "../chain/ledger.js";
import {decode, encode} from "./codec.js";
import {StoreError} from "./errors.js";
import {events} from "./journal.js";
import type {Source} from "./source.js";
import type {Tx} from "./store.js";

/** Goes up when the ledger's shape or meaning changes; snapshots of other versions are passed over. */
const LEDGER_VERSION = 1;

export type RebuildOptions = {
    /** The last block that was followed unless told otherwise. */
    readonly block?: number;
    /** Leaves snapshots out. */
    readonly fromGenesis?: boolean;
};

export type Rebuilt = {readonly ledger: Ledger; readonly block: number; readonly fromBlock: number};

/** @throws StoreError `block-not-followed` for a block that the journal has not reached, or that is before the source. */
export async function rebuild(tx: Tx, source: Source, options: RebuildOptions = {}): Promise<Rebuilt> {
    const {next_block: next} = await tx
        .selectFrom("source")
        .select("next_block")
        .where("id", "=", source.id)
        .executeTakeFirstOrThrow();
    const {block = next - 1, fromGenesis = false} = options;
    if (block >= next || block < source.firstBlock - 1) {
        const message = `Block ${block} is outside of what was followed, ${source.firstBlock} to ${next - 1}`;
        throw new StoreError("block-not-followed", message, {block, firstBlock: source.firstBlock, nextBlock: next});
    }
    const snapshot = fromGenesis ? undefined : await newestSnapshot(tx, source, block);
    const ledger = snapshot === undefined ? emptyLedger() : (decode(snapshot.ledger) as Ledger);
    const after = snapshot?.block ?? source.firstBlock - 1;
    for await (const event of events(tx, source, {after, upTo: block})) applyEvent(ledger, event);
    return {ledger, block, fromBlock: after + 1};
}

function newestSnapshot(
    tx: Tx,
    source: Source,
    block: number,
): Promise<{readonly block: number; readonly ledger: string} | undefined> {
    return tx
        .selectFrom("snapshot")
        .select(["block", "ledger"])
        .where("source_id", "=", source.id)
        .where("version", "=", LEDGER_VERSION)
        .where("block", "<=", block)
        .orderBy("block", "desc")
        .limit(1)
        .executeTakeFirst();
}

/** Keeps the books at the end of the last followed block, whose hash says on which chain they stand. */
export async function takeSnapshot(tx: Tx, source: Source, blockHash: string): Promise<void> {
    const {ledger, block} = await rebuild(tx, source);
    const row = {source_id: source.id, block, block_hash: blockHash, version: LEDGER_VERSION, ledger: encode(ledger)};
    await tx
        .insertInto("snapshot")
        .values(row)
        .onConflict((conflict) => conflict.columns(["source_id", "block"]).doUpdateSet(row))
        .execute();
}

/** One text for equal books. */
export const textOf = (ledger: Ledger): string => encode(ledger);
