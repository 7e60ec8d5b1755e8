/** The two databases behind one query builder: an SQLite file through `node:sqlite`, PostgreSQL through `pg`. */
import {mkdirSync} from "node:fs";
import {dirname} from "node:path";
import {DatabaseSync, type SQLInputValue, type StatementSync} from "node:sqlite";

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
const BUSY_MS = 30_000;
const CONNECTIONS = 4;

/** Takes the lock for writing at the start, so that two processes never both read and then find that only one may write. */
class ImmediateDriver extends SqliteDriver {
    override async beginTransaction(connection: DatabaseConnection, settings?: TransactionSettings): Promise<void> {
        const begin = settings?.accessMode === "read only" ? "begin" : "begin immediate";
        await connection.executeQuery(CompiledQuery.raw(begin));
    }
}

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
    const database = new DatabaseSync(path, {timeout: BUSY_MS});
    database.exec("pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on");
    return {close: () => database.close(), prepare: (sql) => statementOf(database.prepare(sql))};
}

export function sqliteDialect(path: string): Dialect {
    return {
        createAdapter: () => new SqliteAdapter(),
        createDriver: () => new ImmediateDriver({database: () => Promise.resolve(openFile(path))}),
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
