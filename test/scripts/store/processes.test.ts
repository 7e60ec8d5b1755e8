import {spawn} from "node:child_process";
import type {ChildProcess} from "node:child_process";
import {mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {setTimeout as sleep} from "node:timers/promises";
import {pathToFileURL} from "node:url";

import {expect} from "chai";

import {listen} from "../../../scripts/node/server.js";
import type {RunningServer} from "../../../scripts/node/server.js";
import {accountId} from "../../../scripts/sdk/ids.js";
import {rebuild, textOf} from "../../../scripts/store/books.js";
import {followToHead, placeOf} from "../../../scripts/store/follow.js";
import {prove} from "../../../scripts/store/prove.js";
import {openSource, shardOf} from "../../../scripts/store/source.js";
import type {Source} from "../../../scripts/store/source.js";
import {openStore} from "../../../scripts/store/store.js";
import type {Store} from "../../../scripts/store/store.js";
import {ROOT} from "../../../scripts/tools/repository.js";
import {randomFrom} from "../../support/bits.js";
import {onBothDatabases} from "../../support/databases.js";
import {begin, followOf, go, sourceOf} from "../../support/history.js";
import type {History} from "../../support/history.js";
import {createChain} from "../../support/world.js";

/** Longer than a busy machine keeps a process waiting. */
const LEASE_MS = "5000";
const TSX = pathToFileURL(join(ROOT, "node_modules", "tsx", "dist", "loader.mjs")).href;
const KILLS = 3;

const connection = await createChain();
const folder = mkdtempSync(join(tmpdir(), "store-processes-"));
let history: History;
let server: RunningServer;

before("a chain that answers other processes", async function () {
    this.timeout(300_000);
    history = await begin(connection);
    await go(history, randomFrom(9n), 30);
    server = await listen(connection.provider, 0);
});
after(async () => {
    await server.close();
    rmSync(folder, {recursive: true, force: true});
});

/** Empty for a file that is gone by now. */
function contentsOf(path: string): string {
    try {
        return readFileSync(path, "utf8");
    } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
        throw error;
    }
}

type Child = {readonly process: ChildProcess; readonly ended: Promise<number | null>; readonly said: () => string};

function child(file: string, args: readonly string[]): Child {
    const started = spawn(process.execPath, ["--import", TSX, join(ROOT, file), ...args], {cwd: ROOT, stdio: "pipe"});
    let said = "";
    for (const stream of [started.stdout, started.stderr]) {
        stream.setEncoding("utf8").on("data", (text: string) => {
            said += text;
        });
    }
    const ended = new Promise<number | null>((settle) => started.once("close", settle));
    return {process: started, ended, said: () => said};
}

function indexer(command: string, database: string): Child {
    const {chainId, ...settings} = sourceOf(history.world);
    const config = {
        ...settings,
        rpcUrl: server.url,
        chainId: chainId.toString(),
        database,
        maxRange: 1,
        snapshotEvery: 10,
    };
    const path = join(folder, "indexer.json");
    writeFileSync(path, JSON.stringify(config));
    return child("scripts/store/main.ts", [command, path]);
}

onBothDatabases("store: processes", (fresh) => {
    let database: string;
    let store: Store;
    let source: Source;

    beforeEach(async () => {
        database = await fresh();
        store = await openStore(database);
        source = await openSource(store, sourceOf(history.world));
    });
    afterEach(() => store.close());

    const nextBlock = async (): Promise<number> => (await store.read((tx) => placeOf(tx, source))).nextBlock;

    /** Blocks and journal are of one moment: as many events as the chain has up to the last followed block. */
    async function expectConsistent(): Promise<void> {
        const next = await nextBlock();
        const rows = await store.read((tx) => tx.selectFrom("event").select(["block", "orphaned"]).execute());
        const address = Object.values(source.contracts);
        const filter = {address, fromBlock: source.firstBlock, toBlock: next - 1};
        const logs = next === source.firstBlock ? [] : await connection.ethers.provider.getLogs(filter);
        expect(rows.filter(({orphaned}) => orphaned === 0).length, `events before ${next}`).to.equal(logs.length);
        expect(Math.max(-1, ...rows.map(({block}) => block)), "no event ahead of the place").to.be.lt(next);
    }

    it("should be killed at any moment, go on, and end equal to the chain", async function () {
        this.timeout(180_000);
        const random = randomFrom(77n);
        for (let kill = 0; kill < KILLS; ++kill) {
            const from = await nextBlock();
            const running = indexer("catch-up", database);
            const goal = from + Number(random.between(1n, 12n));
            while ((await nextBlock()) < goal && running.process.exitCode === null) await sleep(1);
            await sleep(Number(random.below(8n)));
            running.process.kill("SIGKILL");
            expect(await running.ended, `killed at ${goal}: ${running.said()}`).to.equal(null);
            await expectConsistent();
        }
        const last = indexer("prove", database);
        expect(await last.ended, last.said()).to.equal(0);
        expect(last.said(), "proof").to.contain('"differences":0');
        await expectConsistent();
        const {differences} = await prove(store, source, connection.ethers.provider);
        expect(differences, "differences").to.deep.equal([]);
    });

    it("should rebuild a lost database from the chain alone", async function () {
        this.timeout(60_000);
        const options = followOf(history.world, {snapshotEvery: 10, maxRange: 6});
        await followToHead(store, source, options);
        const before = await store.read(async (tx) => textOf((await rebuild(tx, source)).ledger));
        const other = await openStore(await fresh());
        const again = await openSource(other, sourceOf(history.world));
        await followToHead(other, again, options);
        expect(await other.read(async (tx) => textOf((await rebuild(tx, again)).ledger)), "books").to.equal(before);
        const {differences} = await prove(other, again, connection.ethers.provider);
        expect(differences, "differences").to.deep.equal([]);
        await other.close();
    });

    it("should exit with 1 where the books differ from the chain", async function () {
        this.timeout(60_000);
        await followToHead(store, source, followOf(history.world));
        await store.write((tx) =>
            tx.updateTable("event").set({orphaned: 1}).where("name", "=", "PositionChanged").execute(),
        );
        const failed = indexer("prove", database);
        expect(await failed.ended, failed.said()).to.equal(1);
        expect(failed.said(), "log").to.contain("figure_differs");
    });

    for (const [which, title] of [
        ["own", "each on its shards"],
        ["all", "both on all of them"],
    ] as const) {
        it(`should never let two keepers work on one account, and give the work of a dead one to the other: ${title}`, async function () {
            this.timeout(120_000);
            const accounts = Array.from({length: 24}, (_, sub) => accountId(`0x${"78".repeat(20)}`, BigInt(sub)));
            const rows = accounts.map((id) => {
                return {source_id: source.id, id, shard: shardOf(id, source.shards), first_block: source.firstBlock};
            });
            await store.write((tx) => tx.insertInto("account").values(rows).execute());
            const marks = mkdtempSync(join(folder, "marks-"));
            const {chainId, ...rest} = sourceOf(history.world);
            const settings = JSON.stringify({...rest, chainId: chainId.toString()});
            const worker = (holder: string): Child =>
                child("test/support/storeWorker.ts", [database, settings, marks, holder, LEASE_MS, which]);
            const done = ({said}: Child): string[] =>
                said()
                    .split("\n")
                    .filter((line) => line !== "");
            const [a, b] = [worker("a"), worker("b")];
            const until = async (isSo: () => boolean): Promise<void> => {
                while (!isSo() && a.process.exitCode === null && b.process.exitCode === null) await sleep(10);
            };
            await until(() => done(a).length > 60 && done(b).length > 60);
            a.process.kill("SIGKILL");
            expect(await a.ended, a.said()).to.equal(null);
            for (const mark of readdirSync(marks).map((name) => join(marks, name))) {
                if (contentsOf(mark) === "a") rmSync(mark);
            }
            const before = done(b).length;
            const later = (): Set<string> =>
                new Set(
                    done(b)
                        .slice(before)
                        .map((line) => line.split(" ")[1] ?? ""),
                );
            while (later().size < accounts.length && b.process.exitCode === null) await sleep(10);
            b.process.kill("SIGTERM");
            expect(await b.ended, b.said()).to.equal(0);
            expect([...later()].sort(), "all accounts").to.deep.equal([...accounts].sort());
        });
    }
});
