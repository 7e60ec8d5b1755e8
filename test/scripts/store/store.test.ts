import {expect} from "chai";
import fc from "fast-check";

import {accountId} from "../../../scripts/sdk/ids.js";
import {actionsOf, addAction} from "../../../scripts/store/actions.js";
import {decode, encode} from "../../../scripts/store/codec.js";
import {acquire, claim, release, renew, withLease} from "../../../scripts/store/leases.js";
import {MIGRATIONS} from "../../../scripts/store/migrations.js";
import {accountsOf, balanceShards, leaveShards} from "../../../scripts/store/shards.js";
import {openSource, shardOf} from "../../../scripts/store/source.js";
import type {Source, SourceSettings} from "../../../scripts/store/source.js";
import {dialectOf, openStore} from "../../../scripts/store/store.js";
import type {Store} from "../../../scripts/store/store.js";
import {onBothDatabases} from "../../support/databases.js";

const SHARDS = 6;
const SETTINGS: SourceSettings = {
    chainId: 31_337n,
    contracts: {
        vault: `0x${"aA".repeat(20)}`,
        clearinghouse: `0x${"bb".repeat(20)}`,
        liquidator: `0x${"cc".repeat(20)}`,
    },
    firstBlock: 5,
    shards: SHARDS,
};
const LONG_MS = 60_000;
const SHORT_MS = 150;
const passed = (ms: number): Promise<void> => new Promise((settle) => setTimeout(settle, ms));

async function codeOf(work: Promise<unknown>): Promise<unknown> {
    const outcome: unknown = await work.catch((error: unknown) => error);
    return outcome instanceof Error && "code" in outcome ? outcome.code : outcome;
}

describe("store: text of values", () => {
    it("should give back what it was given, and one text for equal values", () => {
        const leaf = fc.oneof(fc.bigInt(), fc.string(), fc.boolean(), fc.maxSafeInteger(), fc.constant(null));
        const {value} = fc.letrec((tie) => ({
            value: fc.oneof(
                leaf,
                fc.array(tie("value"), {maxLength: 3}),
                fc.dictionary(fc.stringMatching(/^[a-z]{1,4}$/), tie("value"), {maxKeys: 3, noNullPrototype: true}),
                fc.array(fc.tuple(fc.bigInt(), tie("value")), {maxLength: 3}).map((entries) => new Map(entries)),
            ),
        }));
        fc.assert(
            fc.property(value, (one) => {
                expect(decode(encode(one)), "again").to.deep.equal(one);
                expect(encode(decode(encode(one))), "text").to.equal(encode(one));
            }),
        );
        const there = new Map([
            [1n, "a"],
            [2n, "b"],
        ]);
        expect(encode(new Map([...there].reverse())), "order").to.equal(encode(there));
        expect(encode({a: 1n, b: 2n}), "order").to.equal(encode({b: 2n, a: 1n}));
    });

    it("should refuse what text cannot hold to the unit", () => {
        expect(() => encode({price: 0.5}), "a fraction").to.throw(TypeError, "0.5");
        expect(() => encode([undefined]), "nothing").to.throw(TypeError, "undefined");
    });
});

describe("store: addresses of databases", () => {
    it("should tell files from servers", () => {
        expect(["out/a.sqlite", ":memory:", "/tmp/x"].map(dialectOf), "files").to.deep.equal(Array(3).fill("sqlite"));
        expect(["postgres://h/d", "postgresql://h/d"].map(dialectOf), "servers").to.deep.equal(
            Array(2).fill("postgres"),
        );
    });

    it("should refuse others, and not repeat what may be a password", async () => {
        for (const database of ["mysql://root:secret@host/d", ""]) {
            const failure: unknown = await openStore(database).catch((error: unknown) => error);
            expect(failure, database).to.have.property("code", "database-url-invalid");
            expect(String(failure), "message").to.not.contain("secret");
        }
    });
});

describe("store: shards", () => {
    it("should give each account one of them, evenly", () => {
        const counts = new Map<number, number>();
        for (let sub = 0n; sub < 4_000n; ++sub) {
            const shard = shardOf(accountId(`0x${"12".repeat(20)}`, sub), 8);
            counts.set(shard, (counts.get(shard) ?? 0) + 1);
        }
        expect([...counts.keys()].sort(), "all").to.deep.equal([0, 1, 2, 3, 4, 5, 6, 7]);
        for (const count of counts.values()) expect(count, "about 500").to.be.within(400, 600);
    });
});

onBothDatabases("store", (fresh) => {
    let database: string;
    let store: Store;
    let source: Source;

    beforeEach(async () => {
        database = await fresh();
        store = await openStore(database);
        source = await openSource(store, SETTINGS);
    });
    afterEach(() => store.close());

    describe("migrations", () => {
        const applied = (): Promise<{number: number; name: string}[]> =>
            store.read((tx) => tx.selectFrom("migration").select(["number", "name"]).orderBy("number").execute());

        it("should be applied once, however many open the database at the same time", async () => {
            const url = await fresh();
            const stores = await Promise.all([1, 2, 3, 4].map(() => openStore(url)));
            await Promise.all(stores.map((one) => one.close()));
            const again = await openStore(url);
            await again.close();
            expect((await applied()).map(({name}) => name)).to.deep.equal(MIGRATIONS.map(({name}) => name));
        });

        it("should bring an older database up to date and keep what it holds", async () => {
            const url = await fresh();
            const older = await openStore(url, {migrations: MIGRATIONS.slice(0, 1)});
            await older.write((tx) =>
                tx
                    .insertInto("source")
                    .values({chain_id: "1", contracts: "a", first_block: 0, shards: 1, next_block: 9})
                    .execute(),
            );
            await older.close();
            const newer = await openStore(url);
            const [row] = await newer.read((tx) => tx.selectFrom("source").selectAll().execute());
            expect(row, "row").to.include({chain_id: "1", next_block: 9});
            expect(await newer.read((tx) => tx.selectFrom("lease").selectAll().execute()), "new table").to.deep.equal(
                [],
            );
            await newer.close();
        });

        it("should apply a step whole or not at all", async () => {
            const url = await fresh();
            const broken = {name: "broken", statements: () => ["create table half (a bigint)", "create nonsense"]};
            const failure: unknown = await openStore(url, {migrations: [broken]}).catch((error: unknown) => error);
            expect(failure, "failure").to.be.instanceOf(Error);
            await (await openStore(url)).close();
        });

        it("should refuse a database of a later version", async () => {
            expect(await codeOf(openStore(database, {migrations: MIGRATIONS.slice(0, 1)}))).to.equal("schema-newer");
        });
    });

    describe("sources", () => {
        it("should be found again, whatever the case of the addresses", async () => {
            const {vault} = SETTINGS.contracts;
            const again = await openSource(store, {
                ...SETTINGS,
                contracts: {...SETTINGS.contracts, vault: vault.toLowerCase()},
            });
            expect(again.id).to.equal(source.id);
            const other = await openSource(store, {...SETTINGS, chainId: 1n});
            expect(other.id, "another chain").to.not.equal(source.id);
        });

        it("should not change their division or their beginning", async () => {
            expect(await codeOf(openSource(store, {...SETTINGS, shards: 7})), "shards").to.equal("source-differs");
            expect(await codeOf(openSource(store, {...SETTINGS, firstBlock: 6})), "block").to.equal("source-differs");
        });
    });

    describe("leases", () => {
        const of = (holder: string, leaseMs = LONG_MS, key = "one") => ({kind: "work" as const, key, holder, leaseMs});

        it("should be one holder's at a time, and the next one's when given back", async () => {
            const lease = await acquire(store, source, of("a"));
            expect(lease, "first").to.include({holder: "a", token: 1});
            expect(await acquire(store, source, of("b")), "held").to.equal(undefined);
            expect(await acquire(store, source, of("a")), "not twice by the same").to.equal(undefined);
            expect(await acquire(store, source, of("b", LONG_MS, "two")), "another key").to.not.equal(undefined);
            await release(store, source, lease!);
            expect(await acquire(store, source, of("b")), "free").to.include({holder: "b", token: 2});
        });

        it("should run out, and then not be renewed nor given back by who had them", async () => {
            const lease = (await acquire(store, source, of("a", SHORT_MS)))!;
            expect(await renew(store, source, lease, SHORT_MS), "in time").to.equal(true);
            await passed(2 * SHORT_MS);
            expect(await renew(store, source, lease, SHORT_MS), "too late").to.equal(false);
            const next = (await acquire(store, source, of("b")))!;
            expect(next.token, "token").to.equal(2);
            await release(store, source, lease);
            expect(await acquire(store, source, of("c")), "still b's").to.equal(undefined);
        });

        it("should go to one of many who ask at the same time", async () => {
            const others = await Promise.all([1, 2, 3].map(() => openStore(database)));
            const asked = [store, ...others].flatMap((one, index) =>
                [0, 1, 2].map((n) => acquire(one, source, of(`${index}.${n}`))),
            );
            expect((await Promise.all(asked)).filter((lease) => lease !== undefined)).to.have.length(1);
            await Promise.all(others.map((one) => one.close()));
        });

        it("should be held while work takes longer than their span, and not after", async () => {
            const outcome = await withLease(store, source, of("a", SHORT_MS), async () => {
                await passed(3 * SHORT_MS);
                return withLease(store, source, of("b", SHORT_MS), () => Promise.resolve("both"));
            });
            expect(outcome, "the inner one did not get it").to.deep.equal({result: undefined});
            expect(await acquire(store, source, of("c")), "free").to.not.equal(undefined);
        });

        it("should be given back when the work fails", async () => {
            const failure = new Error("work");
            const failed: unknown = await withLease(store, source, of("a"), () => Promise.reject(failure)).catch(
                (error: unknown) => error,
            );
            expect(failed).to.equal(failure);
            expect(await acquire(store, source, of("b")), "free").to.not.equal(undefined);
        });

        it("should be claimed in numbers, none twice", async () => {
            const other = await openStore(database);
            const request = {kind: "shard" as const, leaseMs: LONG_MS, count: 2};
            const claimed = await Promise.all(
                [store, other, store, other].map((one, n) =>
                    one.write((tx) => claim(tx, one, source, {...request, holder: `h${n}`})),
                ),
            );
            const keys = claimed.flat().map(({key}) => key);
            expect(new Set(keys).size, "different").to.equal(keys.length);
            const rest = await store.write((tx) => claim(tx, store, source, {...request, count: SHARDS, holder: "r"}));
            expect(keys.length + rest.length, "all").to.equal(SHARDS);
            await other.close();
        });
    });

    describe("shards among keepers", () => {
        const member = (holder: string, leaseMs = LONG_MS) => ({holder, leaseMs});

        it("should be one keeper's alone, and divided when others come and go", async () => {
            const shards = (holder: string): Promise<readonly number[]> => balanceShards(store, source, member(holder));
            expect(await shards("a"), "alone").to.deep.equal([0, 1, 2, 3, 4, 5]);
            expect(await shards("b"), "nothing is free yet").to.deep.equal([]);
            expect(await shards("a"), "half").to.deep.equal([0, 1, 2]);
            expect(await shards("b"), "the other half").to.deep.equal([3, 4, 5]);
            await leaveShards(store, source, member("a"));
            expect(await shards("b"), "all").to.deep.equal([0, 1, 2, 3, 4, 5]);
        });

        it("should be free when a keeper is heard of no more", async () => {
            expect(await balanceShards(store, source, member("a", SHORT_MS)), "a").to.have.length(SHARDS);
            await passed(2 * SHORT_MS);
            expect(await balanceShards(store, source, member("b")), "b").to.have.length(SHARDS);
            expect(await balanceShards(store, source, member("a")), "a comes back").to.have.length(0);
        });

        it("should tell the accounts of the shards that are held", async () => {
            const ids = [1n, 2n, 3n, 4n, 5n].map((sub) => accountId(`0x${"34".repeat(20)}`, sub));
            const rows = ids.map((id) => ({source_id: source.id, id, shard: shardOf(id, SHARDS), first_block: 5}));
            await store.write((tx) => tx.insertInto("account").values(rows).execute());
            const all = [0, 1, 2, 3, 4, 5];
            const found = await Promise.all(all.map((shard) => store.read((tx) => accountsOf(tx, source, [shard]))));
            expect(found.flat().sort(), "each in one").to.deep.equal([...ids].sort());
            expect(await store.read((tx) => accountsOf(tx, source, [])), "none").to.deep.equal([]);
        });
    });

    it("should keep what keepers did, in order and to the unit", async () => {
        const account = accountId(`0x${"56".repeat(20)}`);
        const first = {holder: "a", action: "start", account, outcome: "mined", txHash: "0x01", details: {payE18: 1n}};
        const second = {holder: "b", action: "gate_look", outcome: "failed", details: {reason: "late"}};
        await addAction(store, source, first);
        await addAction(store, source, second);
        const found = await store.read((tx) => actionsOf(tx, source));
        expect(found.map(({atMs, ...rest}) => [typeof atMs, rest])).to.deep.equal([
            ["number", first],
            ["number", second],
        ]);
    });
});
