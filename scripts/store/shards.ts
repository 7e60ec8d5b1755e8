/** The accounts among several processes: each live one holds its fair part of the shards, and works on no other accounts. */
import {sql} from "kysely";

import type {Expiry} from "../chain/snapshot.js";
import type {AccountId} from "../sdk/ids.js";
import {claim} from "./leases.js";
import {shardOfKey, type Source} from "./source.js";
import {nowMs, type Store, type Tx} from "./store.js";

export type Member = {readonly holder: string; readonly leaseMs: number};

/**
 * Says that the process lives, keeps its shards, gives up what is above its part and takes what is free up to it. To be called
 * more than once in `leaseMs`; the shards of a process that stops calling are free after that.
 * @returns the shards held now.
 */
export function balanceShards(store: Store, source: Source, member: Member): Promise<readonly number[]> {
    return store.write(async (tx) => {
        await sayAlive(tx, store, source, member);
        const {members} = await tx
            .selectFrom("lease")
            .select((eb) => eb.fn.countAll<number>().as("members"))
            .where("source_id", "=", source.id)
            .where("kind", "=", "member")
            .where("until_ms", ">", nowMs(store.dialect))
            .executeTakeFirstOrThrow();
        const part = Math.ceil(source.shards / members);
        const held = await keepHeld(tx, store, source, member);
        const kept = held.slice(0, part);
        await giveUp(tx, store, source, held.slice(part));
        const request = {...member, kind: "shard" as const, count: part - kept.length};
        const taken = request.count === 0 ? [] : await claim(tx, store, source, request);
        return [...kept, ...taken.map(({key}) => key)].map(Number).sort((a, b) => a - b);
    });
}

/** Gives everything back at once, so that others need not wait for the end of the leases. */
export function leaveShards(store: Store, source: Source, {holder}: Member): Promise<void> {
    return store.write(async (tx) => {
        await tx
            .updateTable("lease")
            .set({holder: null, until_ms: nowMs(store.dialect)})
            .where("source_id", "=", source.id)
            .where("kind", "in", ["member", "shard"])
            .where("holder", "=", holder)
            .where("until_ms", ">", nowMs(store.dialect))
            .execute();
    });
}

/** Accounts of some shards, in order. */
export async function accountsOf(tx: Tx, source: Source, shards: readonly number[]): Promise<readonly AccountId[]> {
    if (shards.length === 0) return [];
    const rows = await tx
        .selectFrom("account")
        .select("id")
        .where("source_id", "=", source.id)
        .where("shard", "in", [...shards])
        .orderBy("id")
        .execute();
    return rows.map(({id}) => id as AccountId);
}

/** Expiries of some shards that no event has settled. */
export async function expiriesOf(tx: Tx, source: Source, shards: readonly number[]): Promise<readonly Expiry[]> {
    const rows = await tx
        .selectFrom("expiry")
        .select(["underlying", "expiry"])
        .where("source_id", "=", source.id)
        .where("settled_block", "is", null)
        .orderBy("expiry")
        .orderBy("underlying")
        .execute();
    return rows.filter(({underlying, expiry}) => shards.includes(shardOfKey(`${underlying}:${expiry}`, source.shards)));
}

async function sayAlive(tx: Tx, {dialect}: Store, source: Source, {holder, leaseMs}: Member): Promise<void> {
    const until = sql<number>`${nowMs(dialect)} + ${leaseMs}`;
    await tx
        .insertInto("lease")
        .values({source_id: source.id, kind: "member", key: holder, holder, token: 1, until_ms: until})
        .onConflict((conflict) => conflict.columns(["source_id", "kind", "key"]).doUpdateSet({holder, until_ms: until}))
        .execute();
}

async function keepHeld(
    tx: Tx,
    {dialect}: Store,
    source: Source,
    {holder, leaseMs}: Member,
): Promise<readonly string[]> {
    const rows = await tx
        .updateTable("lease")
        .set({until_ms: sql<number>`${nowMs(dialect)} + ${leaseMs}`})
        .where("source_id", "=", source.id)
        .where("kind", "=", "shard")
        .where("holder", "=", holder)
        .where("until_ms", ">", nowMs(dialect))
        .returning("key")
        .execute();
    return rows.map(({key}) => key).sort((a, b) => Number(a) - Number(b));
}

async function giveUp(tx: Tx, {dialect}: Store, source: Source, keys: readonly string[]): Promise<void> {
    if (keys.length === 0) return;
    await tx
        .updateTable("lease")
        .set({holder: null, until_ms: nowMs(dialect)})
        .where("source_id", "=", source.id)
        .where("kind", "=", "shard")
        .where("key", "in", [...keys])
        .execute();
}
