/** What keepers did: one row per action and outcome, only ever added to. */
import type {Source} from "./source.js";
import {nowMs, type Store, type Tx} from "./store.js";
import {decode, encode} from "./codec.js";

export type ActionRecord = {
    readonly holder: string;
    readonly action: string;
    readonly account?: string;
    readonly outcome: string;
    readonly txHash?: string;
    readonly details: Readonly<Record<string, unknown>>;
};

export type StoredAction = ActionRecord & {readonly atMs: number};

export function addAction(store: Store, source: Source, record: ActionRecord): Promise<void> {
    const {holder, action, account, outcome, txHash, details} = record;
    return store.write(async (tx) => {
        await tx
            .insertInto("action")
            .values({
                source_id: source.id,
                at_ms: nowMs(store.dialect),
                holder,
                action,
                account: account ?? null,
                outcome,
                tx_hash: txHash ?? null,
                details: encode(details),
            })
            .execute();
    });
}

/** Every action in the order in which it was written down. */
export async function actionsOf(tx: Tx, source: Source): Promise<readonly StoredAction[]> {
    const rows = await tx.selectFrom("action").selectAll().where("source_id", "=", source.id).orderBy("id").execute();
    return rows.map(({holder, action, account, outcome, tx_hash: txHash, details, at_ms: atMs}) => ({
        holder,
        action,
        outcome,
        atMs,
        details: decode(details) as ActionRecord["details"],
        ...(account === null ? {} : {account}),
        ...(txHash === null ? {} : {txHash}),
    }));
}
