/** A database with the tables of this version: opened by a path or a URL, brought up to date, read and written in transactions. */
import {Kysely, sql, type RawBuilder, type Transaction} from "kysely";

import {postgresDialect, sqliteDialect, type DialectName} from "./dialects.js";
import {StoreError} from "./errors.js";
import {MIGRATIONS, type Migration} from "./migrations.js";
import type {Tables} from "./schema.js";

export type Tx = Transaction<Tables>;

export type Store = {
    readonly dialect: DialectName;
    /** All or nothing; on SQLite one writer at a time. */
    readonly write: <T>(work: (tx: Tx) => Promise<T>) => Promise<T>;
    /** One state of the database from the first query to the last. */
    readonly read: <T>(work: (tx: Tx) => Promise<T>) => Promise<T>;
    readonly close: () => Promise<void>;
};

/** Any number that all processes agree on: the lock under which PostgreSQL is migrated. */
const MIGRATION_LOCK = 8_101_998_397;

/** Time by the clock of the database, milliseconds: processes need not agree about theirs. */
export const nowMs = (dialect: DialectName): RawBuilder<number> =>
    dialect === "postgres"
        ? sql<number>`(extract(epoch from clock_timestamp()) * 1000)::bigint`
        : sql<number>`cast(unixepoch('subsec') * 1000 as integer)`;

export function dialectOf(database: string): DialectName {
    if (/^postgres(ql)?:\/\//.test(database)) return "postgres";
    if (database === "" || database.includes("://")) {
        const scheme = database.split("://")[0] ?? "";
        const message = `A database is a file or a postgres:// URL, not "${scheme}"`;
        throw new StoreError("database-url-invalid", message, {scheme});
    }
    return "sqlite";
}

/**
 * Opens `database`, a path or a URL, and applies the migrations that it lacks.
 * @throws StoreError `database-url-invalid`, or `schema-newer` if a later version has migrated it.
 */
export async function openStore(
    database: string,
    {
        migrations = MIGRATIONS,
        onError = () => undefined,
    }: {
        readonly migrations?: readonly Migration[];
        /** Told of idle connections that broke. */
        readonly onError?: (error: Error) => void;
    } = {},
): Promise<Store> {
    const dialect = dialectOf(database);
    const db = new Kysely<Tables>({
        dialect: dialect === "postgres" ? postgresDialect(database, onError) : sqliteDialect(database),
    });
    const store: Store = {
        dialect,
        write: (work) => db.transaction().execute(work),
        read: (work) => readTransaction(db, dialect).execute(work),
        close: () => db.destroy(),
    };
    try {
        await store.write((tx) => migrate(tx, dialect, migrations));
    } catch (error) {
        await store.close();
        throw error;
    }
    return store;
}

function readTransaction(db: Kysely<Tables>, dialect: DialectName): ReturnType<typeof db.transaction> {
    const transaction = db.transaction().setAccessMode("read only");
    return dialect === "postgres" ? transaction.setIsolationLevel("repeatable read") : transaction;
}

async function migrate(tx: Tx, dialect: DialectName, migrations: readonly Migration[]): Promise<void> {
    if (dialect === "postgres") await sql`select pg_advisory_xact_lock(${MIGRATION_LOCK}::bigint)`.execute(tx);
    await sql`create table if not exists migration
        (number bigint primary key, name text not null, applied_ms bigint not null)`.execute(tx);
    const {last} = await tx
        .selectFrom("migration")
        .select((eb) => eb.fn.max<number | null>("number").as("last"))
        .executeTakeFirstOrThrow();
    const applied = last ?? 0;
    if (applied > migrations.length) {
        const message = `The database is at migration ${applied}, this version knows ${migrations.length}`;
        throw new StoreError("schema-newer", message, {applied, known: migrations.length});
    }
    for (const [index, {name, statements}] of migrations.entries()) {
        if (index < applied) continue;
        for (const statement of statements(dialect)) await sql.raw(statement).execute(tx);
        const row = {number: index + 1, name, applied_ms: nowMs(dialect)};
        await tx.insertInto("migration").values(row).execute();
    }
}
