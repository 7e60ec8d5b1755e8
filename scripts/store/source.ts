/** A source: one chain and one set of contracts in a database that may hold several, and how its accounts are divided. */
import {getBytes, id, keccak256} from "ethers";

import type {AccountId} from "../sdk/ids.js";
import {StoreError} from "./errors.js";
import type {Store, Tx} from "./store.js";

export type SourceSettings = {
    readonly chainId: bigint;
    /** Contracts whose events are kept. */
    readonly contracts: {readonly vault: string; readonly clearinghouse: string; readonly liquidator: string};
    readonly firstBlock: number;
    /** Into how many parts the accounts are divided; fixed for good when the source is made. */
    readonly shards: number;
};

export type Source = SourceSettings & {readonly id: number};

/** The part that an account belongs to: the first six bytes of the hash of its id, modulo the number of parts. */
export const shardOf = (account: AccountId, shards: number): number => partOf(keccak256(account), shards);

/** The same for work that is about no account. */
export const shardOfKey = (key: string, shards: number): number => partOf(id(key), shards);

function partOf(hash: string, shards: number): number {
    const head = getBytes(hash).slice(0, 6);
    return head.reduce((number, byte) => number * 256 + byte, 0) % shards;
}

/**
 * Finds the source in the database, or makes it.
 * @throws StoreError `source-differs` if it was made with another first block or number of shards.
 */
export async function openSource(store: Store, settings: SourceSettings): Promise<Source> {
    const {chainId, firstBlock, shards} = settings;
    const {vault, clearinghouse, liquidator} = settings.contracts;
    const names = {chain_id: chainId.toString(), contracts: `${vault} ${clearinghouse} ${liquidator}`.toLowerCase()};
    const found = await store.write(async (tx) => {
        await tx
            .insertInto("source")
            .values({...names, first_block: firstBlock, shards, next_block: firstBlock})
            .onConflict((conflict) => conflict.columns(["chain_id", "contracts"]).doNothing())
            .execute();
        const row = await tx
            .selectFrom("source")
            .select(["id", "first_block", "shards"])
            .where("chain_id", "=", names.chain_id)
            .where("contracts", "=", names.contracts)
            .executeTakeFirstOrThrow();
        if (row.first_block === firstBlock && row.shards === shards) await addShards(tx, row.id, shards);
        return row;
    });
    if (found.first_block !== firstBlock || found.shards !== shards) {
        const stored = `first block ${found.first_block} and ${found.shards} shards`;
        const message = `The database has these contracts with ${stored}, not ${firstBlock} and ${shards}`;
        throw new StoreError("source-differs", message, {...found, firstBlock, wantedShards: shards});
    }
    return {...settings, id: found.id};
}

async function addShards(tx: Tx, sourceId: number, shards: number): Promise<void> {
    const rows = Array.from({length: shards}, (_, shard) => ({
        source_id: sourceId,
        kind: "shard" as const,
        key: shard.toString(),
        token: 0,
        until_ms: 0,
    }));
    await tx
        .insertInto("lease")
        .values(rows)
        .onConflict((conflict) => conflict.columns(["source_id", "kind", "key"]).doNothing())
        .execute();
}
