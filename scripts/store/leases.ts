/**
 * Leases: who may work on what, until when. Taken in one statement or under the writer's lock, so that no two processes hold the
 * same one; given back by name or by expiry. Time is the clock of the database.
 */
import {sql} from "kysely";

import type {LeaseKind} from "./schema.js";
import type {Source} from "./source.js";
import {nowMs, type Store, type Tx} from "./store.js";

export type Lease = {
    readonly kind: LeaseKind;
    readonly key: string;
    readonly holder: string;
    /** Goes up with every new holder: what an earlier one still does can be told from it. */
    readonly token: number;
};

export type LeaseRequest = {
    readonly kind: LeaseKind;
    readonly key: string;
    readonly holder: string;
    readonly leaseMs: number;
};

/** The lease, or undefined while somebody holds it, whoever that is. */
export function acquire(store: Store, source: Source, request: LeaseRequest): Promise<Lease | undefined> {
    return store.write((tx) => acquireIn(tx, store, source, request));
}

async function acquireIn(
    tx: Tx,
    {dialect}: Store,
    source: Source,
    {kind, key, holder, leaseMs}: LeaseRequest,
): Promise<Lease | undefined> {
    const until = sql<number>`${nowMs(dialect)} + ${leaseMs}`;
    const row = await tx
        .insertInto("lease")
        .values({source_id: source.id, kind, key, holder, token: 1, until_ms: until})
        .onConflict((conflict) =>
            conflict
                .columns(["source_id", "kind", "key"])
                .doUpdateSet((eb) => ({holder, token: sql<number>`${eb.ref("lease.token")} + 1`, until_ms: until}))
                .where("lease.until_ms", "<=", nowMs(dialect)),
        )
        .returning("token")
        .executeTakeFirst();
    return row === undefined ? undefined : {kind, key, holder, token: row.token};
}

/** Holds on for another span. @returns false if the lease has run out or is another's. */
export function renew(store: Store, source: Source, lease: Lease, leaseMs: number): Promise<boolean> {
    return store.write(async (tx) => {
        const result = await own(tx, source, lease)
            .set({until_ms: sql<number>`${nowMs(store.dialect)} + ${leaseMs}`})
            .where("until_ms", ">", nowMs(store.dialect))
            .executeTakeFirst();
        return result.numUpdatedRows === 1n;
    });
}

/** Gives a lease back; one that has run out stays with whoever has it now. */
export function release(store: Store, source: Source, lease: Lease): Promise<void> {
    return store.write(async (tx) => {
        await own(tx, source, lease)
            .set({holder: null, until_ms: nowMs(store.dialect)})
            .where("until_ms", ">", nowMs(store.dialect))
            .execute();
    });
}

const own = (tx: Tx, source: Source, {kind, key, holder, token}: Lease) =>
    tx
        .updateTable("lease")
        .where("source_id", "=", source.id)
        .where("kind", "=", kind)
        .where("key", "=", key)
        .where("holder", "=", holder)
        .where("token", "=", token);

export type ClaimRequest = Omit<LeaseRequest, "key"> & {readonly count: number};

/** Takes up to `count` free leases of a kind, the longest free first; rows that another process is taking are passed over. */
export async function claim(
    tx: Tx,
    {dialect}: Store,
    source: Source,
    request: ClaimRequest,
): Promise<readonly Lease[]> {
    const {kind, holder, leaseMs, count} = request;
    const free = tx
        .selectFrom("lease")
        .select("key")
        .where("source_id", "=", source.id)
        .where("kind", "=", kind)
        .where("until_ms", "<=", nowMs(dialect))
        .orderBy("until_ms")
        .orderBy("key")
        .limit(count);
    const keys = await (dialect === "postgres" ? free.forUpdate().skipLocked() : free).execute();
    if (keys.length === 0) return [];
    const rows = await tx
        .updateTable("lease")
        .set((eb) => ({
            holder,
            token: sql<number>`${eb.ref("token")} + 1`,
            until_ms: sql<number>`${nowMs(dialect)} + ${leaseMs}`,
        }))
        .where("source_id", "=", source.id)
        .where("kind", "=", kind)
        .where(
            "key",
            "in",
            keys.map(({key}) => key),
        )
        .returning(["key", "token"])
        .execute();
    return rows.map(({key, token}) => ({kind, key, holder, token}));
}

/**
 * Does work under a lease on its key, renewed while it runs.
 * @returns undefined, and nothing was done, if somebody else is at it.
 */
export async function withLease<T>(
    store: Store,
    source: Source,
    request: LeaseRequest,
    work: () => Promise<T>,
): Promise<{readonly result: T} | undefined> {
    const lease = await acquire(store, source, request);
    if (lease === undefined) return undefined;
    let renewal: Promise<unknown> = Promise.resolve();
    const timer = setInterval(
        () => {
            renewal = renewal.then(() => renew(store, source, lease, request.leaseMs));
            // Whatever keeps a renewal from the database keeps the release from it too, and that one is told.
            renewal.catch(() => undefined);
        },
        Math.max(1, Math.floor(request.leaseMs / 3)),
    );
    try {
        return {result: await work()};
    } finally {
        clearInterval(timer);
        await renewal.catch(() => undefined);
        await release(store, source, lease);
    }
}
