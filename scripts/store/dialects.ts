/** The two databases behind one query builder: an SQLite file through `node:sqlite`, PostgreSQL through `pg`. */
import {mkdirSync} from "node:fs";
import {dirname} from "node:path";
import {DatabaseSync, type SQLInputValue, type StatementSync} from "node:sqlite";
import {setTimeout as sleep} from "node:timers/promises";

import {
    CompiledQuery,
    PostgresDialect,
    SqliteAdapter,
    SqliteDriver,
    SqliteIntrospector,
    SqliteQueryCompiler,
    type DatabaseConnection,
    type Dialect,
    type SqliteDatabase,
    type SqliteStatement,
    type TransactionSettings,
} from "kysely";
import pg from "pg";

export type DialectName = "sqlite" | "postgres";

/** How long a writer waits for another one, milliseconds. */
const WAIT_MS = 30_000;
/** Waiting inside SQLite stops this process, which may be the one that is waited for: it is kept this short. */
const BLOCK_MS = 5;
const SQLITE_BUSY = 5;
const CONNECTIONS = 4;

/**
 * Takes the lock for writing at the start, so that two processes never both read and then find that only one may write; a reader
 * takes its state of the file at the start too. After that nothing is refused any more.
 */
class PatientDriver extends SqliteDriver {
    override async beginTransaction(connection: DatabaseConnection, settings?: TransactionSettings): Promise<void> {
        const run = (statement: string): Promise<unknown> => connection.executeQuery(CompiledQuery.raw(statement));
        const isReader = settings?.accessMode === "read only";
        await patiently(() => run(isReader ? "begin" : "begin immediate"));
        if (isReader) await patiently(() => run("select 1 from sqlite_schema limit 1"));
    }
}

/** Tries until the file is not locked by another connection, up to the limit. */
async function patiently<T>(attempt: () => T | Promise<T>): Promise<T> {
    const deadline = Date.now() + WAIT_MS;
    for (;;) {
        try {
            return await attempt();
        } catch (error) {
            if (!isBusy(error) || Date.now() >= deadline) throw error;
        }
        await sleep(1 + Math.random() * 2 * BLOCK_MS);
    }
}

/** The lowest byte of SQLite's code; the others say more exactly who is in the way. */
const isBusy = (error: unknown): boolean =>
    error instanceof Error && "errcode" in error && (Number(error.errcode) & 0xff) === SQLITE_BUSY;

function statementOf(statement: StatementSync): SqliteStatement {
    const values = (parameters: readonly unknown[]): SQLInputValue[] => [...parameters] as SQLInputValue[];
    return {
        reader: statement.columns().length > 0,
        all: (parameters) => statement.all(...values(parameters)),
        run: (parameters) => statement.run(...values(parameters)),
        iterate: (parameters) => statement.iterate(...values(parameters)),
    };
}

function openFile(path: string): SqliteDatabase {
    if (path !== ":memory:") mkdirSync(dirname(path), {recursive: true});
    const database = new DatabaseSync(path, {timeout: BLOCK_MS});
    database.exec("pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on");
    return {close: () => database.close(), prepare: (sql) => statementOf(database.prepare(sql))};
}

export function sqliteDialect(path: string): Dialect {
    return {
        createAdapter: () => new SqliteAdapter(),
        createDriver: () => new PatientDriver({database: () => patiently(() => openFile(path))}),
        createIntrospector: (db) => new SqliteIntrospector(db),
        createQueryCompiler: () => new SqliteQueryCompiler(),
    };
}

/** Whole numbers of the schema are block numbers, counts and milliseconds: all below 2^53. */
const types: pg.CustomTypesConfig = {
    getTypeParser: (id, format) =>
        id === pg.types.builtins.INT8 ? Number : (pg.types.getTypeParser(id, format) as unknown),
};

export function postgresDialect(url: string, onError: (error: Error) => void): Dialect {
    const pool = new pg.Pool({connectionString: url, max: CONNECTIONS, types});
    // A connection that breaks while nobody uses it is replaced by the pool; whoever uses one gets the failure himself.
    pool.on("error", onError);
    return new PostgresDialect({pool});
}
