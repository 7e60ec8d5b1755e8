/**
 * Follows a chain into the journal. Each batch is one transaction that moves journal and cursor together, so a process may be
 * killed anywhere and several may follow at once: whoever finds that another one was faster writes nothing.
 */
import type {Provider} from "ethers";

import {takeSnapshot} from "./books.js";
import {StoreError} from "./errors.js";
import {append, unwind, type JournalLog} from "./journal.js";
import type {Source} from "./source.js";
import type {Store, Tx} from "./store.js";

export type FollowOptions = {
    readonly provider: Pick<Provider, "getBlock" | "getBlockNumber" | "getLogs">;
    /** Blocks at the head that may be replaced by others. */
    readonly reorgDepth: number;
    /** Most blocks in one request. */
    readonly maxRange: number;
    /** A snapshot is taken at every block whose number is a multiple of it, but for block 0. */
    readonly snapshotEvery: number;
};

export type FollowStep = {
    /** `unsettled`: the chain changed while it was read. `overtaken`: another process wrote first. Neither wrote anything. */
    readonly outcome: "advanced" | "idle" | "unsettled" | "overtaken";
    readonly nextBlock: number;
    readonly events: number;
    /** First block whose events were taken back. */
    readonly unwoundTo?: number;
};

type Seen = {readonly number: number; readonly hash: string};
type Header = Seen & {readonly parentHash: string};
/** Where the source stands: the next block, and the last ones before it, newest first. */
export type Place = {readonly nextBlock: number; readonly seen: readonly Seen[]};
type Batch = {readonly logs: readonly JournalLog[]; readonly headers: readonly Header[]; readonly toBlock: number};

/** How often a chain that changes while it is read is read anew before the caller hears of it. */
const TRIES = 5;

export async function placeOf(tx: Tx, source: Source): Promise<Place> {
    const {next_block: nextBlock} = await tx
        .selectFrom("source")
        .select("next_block")
        .where("id", "=", source.id)
        .executeTakeFirstOrThrow();
    const seen = await tx
        .selectFrom("block")
        .select(["number", "hash"])
        .where("source_id", "=", source.id)
        .orderBy("number", "desc")
        .execute();
    return {nextBlock, seen};
}

/** One step: at most `maxRange` blocks. @throws StoreError `reorg-too-deep` if no block that was kept still stands. */
export async function followOnce(store: Store, source: Source, options: FollowOptions): Promise<FollowStep> {
    const place = await store.read((tx) => placeOf(tx, source));
    const ancestor = await ancestorOf(place, source, options);
    const head = await options.provider.getBlockNumber();
    const isUnwound = ancestor + 1 < place.nextBlock;
    if (ancestor >= head && !isUnwound) return {outcome: "idle", nextBlock: place.nextBlock, events: 0};

    const parent = place.seen.find(({number}) => number === ancestor);
    const batch = ancestor >= head ? EMPTY(ancestor) : await readBatch(ancestor + 1, head, parent, source, options);
    if (batch === undefined) return {outcome: "unsettled", nextBlock: place.nextBlock, events: 0};
    const isWritten = await store.write(async (tx) => {
        if (!(await isStill(tx, store, source, place))) return false;
        if (isUnwound) await unwind(tx, source, ancestor);
        await writeBatch(tx, source, batch, options);
        return true;
    });
    const {toBlock, logs} = batch;
    if (!isWritten) return {outcome: "overtaken", nextBlock: place.nextBlock, events: 0};
    const step = {outcome: "advanced", nextBlock: toBlock + 1, events: logs.length} as const;
    return isUnwound ? {...step, unwoundTo: ancestor + 1} : step;
}

/** Steps until nothing is left, or the chain does not hold still; tells each step. @returns the next block. */
export async function followToHead(
    store: Store,
    source: Source,
    options: FollowOptions,
    onStep: (step: FollowStep) => void = () => undefined,
): Promise<number> {
    for (let unsettled = 0; ;) {
        const step = await followOnce(store, source, options);
        onStep(step);
        if (step.outcome === "unsettled") unsettled += 1;
        if (step.outcome === "idle" || unsettled >= TRIES) return step.nextBlock;
    }
}

/**
 * After `reorg-too-deep`: goes back to the newest snapshot that stands on the present chain, or to the beginning.
 * @returns the next block.
 */
export async function recover(store: Store, source: Source, options: FollowOptions): Promise<number> {
    const place = await store.read((tx) => placeOf(tx, source));
    const snapshots = await store.read((tx) =>
        tx
            .selectFrom("snapshot")
            .select(["block as number", "block_hash as hash"])
            .where("source_id", "=", source.id)
            .orderBy("block", "desc")
            .execute(),
    );
    let found: Seen | undefined;
    for (const one of snapshots) {
        if (!(await stands(one, options))) continue;
        found = one;
        break;
    }
    const last = found?.number ?? source.firstBlock - 1;
    const isWritten = await store.write(async (tx) => {
        if (!(await isStill(tx, store, source, place))) return false;
        await unwind(tx, source, last);
        await setPlace(tx, source, last + 1, found === undefined ? [] : [found]);
        return true;
    });
    return isWritten ? last + 1 : place.nextBlock;
}

const EMPTY = (toBlock: number): Batch => ({logs: [], headers: [], toBlock});

async function stands({number, hash}: Seen, {provider}: FollowOptions): Promise<boolean> {
    return (await provider.getBlock(number))?.hash === hash;
}

/** The newest followed block that is still in the chain. */
async function ancestorOf({nextBlock, seen}: Place, source: Source, options: FollowOptions): Promise<number> {
    for (const block of seen) if (await stands(block, options)) return block.number;
    // Nothing was followed yet, or all that was followed is kept and gone.
    const oldest = seen.at(-1)?.number ?? nextBlock;
    if (oldest === source.firstBlock) return source.firstBlock - 1;
    const message = `No block from ${oldest} to ${nextBlock - 1} is in the chain any more`;
    throw new StoreError("reorg-too-deep", message, {oldestKept: oldest, nextBlock, kept: seen.length});
}

/** Blocks with their logs, undefined if they are not of one chain that continues from the parent. */
async function readBatch(
    fromBlock: number,
    head: number,
    parent: Seen | undefined,
    source: Source,
    options: FollowOptions,
): Promise<Batch | undefined> {
    const {provider, maxRange, reorgDepth, snapshotEvery} = options;
    const boundary = Math.max(1, Math.ceil(fromBlock / snapshotEvery)) * snapshotEvery;
    const toBlock = Math.min(head, fromBlock + maxRange - 1, boundary);
    // Blocks below the depth are taken as final; the last of them is where a chain of the whole depth would begin.
    const firstHeader = Math.min(toBlock, Math.max(fromBlock, head - reorgDepth));
    const headers = await readHeaders(firstHeader, toBlock, options);
    if (headers === undefined) return undefined;
    const before = firstHeader === fromBlock ? parent : undefined;
    const isLinked = headers.every(({parentHash}, index) => {
        const previous = index === 0 ? before : headers[index - 1];
        return previous === undefined || previous.hash === parentHash;
    });
    if (!isLinked) return undefined;
    const address = Object.values(source.contracts);
    const logs = await provider.getLogs({address, fromBlock, toBlock});
    const hashes = new Map(headers.map(({number, hash}) => [number, hash]));
    const isOfThem = logs.every(({blockNumber, blockHash}) => (hashes.get(blockNumber) ?? blockHash) === blockHash);
    // Asked once more, because the logs may be those of a chain that came in between.
    const last = headers.at(-1);
    if (!isOfThem || last === undefined || !(await stands(last, options))) return undefined;
    return {logs, headers, toBlock};
}

async function readHeaders(
    fromBlock: number,
    toBlock: number,
    {provider}: FollowOptions,
): Promise<readonly Header[] | undefined> {
    const numbers = Array.from({length: toBlock - fromBlock + 1}, (_, index) => fromBlock + index);
    const blocks = await Promise.all(numbers.map((number) => provider.getBlock(number)));
    const headers = blocks.flatMap((block) => {
        if (typeof block?.hash !== "string") return [];
        return [{number: block.number, hash: block.hash, parentHash: block.parentHash}];
    });
    return headers.length === numbers.length ? headers : undefined;
}

/** Locks the source and looks whether it is where it was: another process may have written since. */
async function isStill(tx: Tx, store: Store, source: Source, place: Place): Promise<boolean> {
    const row = tx.selectFrom("source").select("next_block").where("id", "=", source.id);
    await (store.dialect === "postgres" ? row.forUpdate() : row).executeTakeFirstOrThrow();
    const now = await placeOf(tx, source);
    return now.nextBlock === place.nextBlock && now.seen[0]?.hash === place.seen[0]?.hash;
}

async function writeBatch(tx: Tx, source: Source, batch: Batch, options: FollowOptions): Promise<void> {
    const {logs, headers, toBlock} = batch;
    await append(tx, source, logs);
    await setPlace(tx, source, toBlock + 1, headers);
    // The newest block stays, however old: without one nobody could tell that it was replaced.
    const {newest} = await tx
        .selectFrom("block")
        .select((eb) => eb.fn.max<number | null>("number").as("newest"))
        .where("source_id", "=", source.id)
        .executeTakeFirstOrThrow();
    await tx
        .deleteFrom("block")
        .where("source_id", "=", source.id)
        .where("number", "<", toBlock - options.reorgDepth)
        .where("number", "<", newest ?? 0)
        .execute();
    const last = headers.at(-1);
    if (last !== undefined && toBlock > 0 && toBlock % options.snapshotEvery === 0)
        await takeSnapshot(tx, source, last.hash);
}

async function setPlace(tx: Tx, source: Source, nextBlock: number, seen: readonly Seen[]): Promise<void> {
    await tx.updateTable("source").set({next_block: nextBlock}).where("id", "=", source.id).execute();
    if (seen.length === 0) return;
    await tx
        .insertInto("block")
        .values(seen.map(({number, hash}) => ({source_id: source.id, number, hash})))
        .onConflict((conflict) =>
            conflict.columns(["source_id", "number"]).doUpdateSet((eb) => ({hash: eb.ref("excluded.hash")})),
        )
        .execute();
}
