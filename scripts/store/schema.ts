/** The tables, the same in both databases. Block numbers, counts and times are whole numbers; everything larger is text. */
import type {Generated} from "kysely";

/** One chain and one set of contracts, with the place up to which its events are in the journal. */
export type SourceTable = {
    id: Generated<number>;
    chain_id: string;
    /** Addresses in order, separated by spaces. */
    contracts: string;
    first_block: number;
    shards: number;
    next_block: number;
};

/** Hashes of the last blocks that were followed, for finding where a reorganisation begins. */
export type BlockTable = {source_id: number; number: number; hash: string};

/** The journal. Rows are only ever added; those of blocks that were replaced are marked. */
export type EventTable = {
    source_id: number;
    block: number;
    log_index: number;
    block_hash: string;
    tx_hash: string;
    address: string;
    name: string;
    args: string;
    /** 1 when the block is no longer in the chain. */
    orphaned: number;
};

/** Books rebuilt up to the end of a block. */
export type SnapshotTable = {source_id: number; block: number; block_hash: string; version: number; ledger: string};

export type AccountTable = {source_id: number; id: string; shard: number; first_block: number};

export type ExpiryTable = {
    source_id: number;
    underlying: number;
    expiry: number;
    first_block: number;
    settled_block: number | null;
};

export type LeaseKind = "member" | "shard" | "work";

/** Who may work on what, and until when by the clock of the database, milliseconds. */
export type LeaseTable = {
    source_id: number;
    kind: LeaseKind;
    key: string;
    holder: string | null;
    /** Goes up with every new holder. */
    token: number;
    until_ms: number;
};

/** What keepers did; rows are only ever added. */
export type ActionTable = {
    id: Generated<number>;
    source_id: number;
    at_ms: number;
    holder: string;
    action: string;
    account: string | null;
    outcome: string;
    tx_hash: string | null;
    details: string;
};

export type MigrationTable = {number: number; name: string; applied_ms: number};

export type Tables = {
    migration: MigrationTable;
    source: SourceTable;
    block: BlockTable;
    event: EventTable;
    snapshot: SnapshotTable;
    account: AccountTable;
    expiry: ExpiryTable;
    lease: LeaseTable;
    action: ActionTable;
};
