import {expect} from "chai";

import {rebuild, textOf} from "../../../scripts/store/books.js";
import {catchUp} from "../../../scripts/store/catchUp.js";
import {followOnce, followToHead, placeOf, recover} from "../../../scripts/store/follow.js";
import type {FollowOptions} from "../../../scripts/store/follow.js";
import {events} from "../../../scripts/store/journal.js";
import {prove} from "../../../scripts/store/prove.js";
import {openSource} from "../../../scripts/store/source.js";
import type {Source} from "../../../scripts/store/source.js";
import {openStore} from "../../../scripts/store/store.js";
import type {Store} from "../../../scripts/store/store.js";
import {randomFrom} from "../../support/bits.js";
import {onBothDatabases} from "../../support/databases.js";
import {begin, followOf, go, height, sourceOf} from "../../support/history.js";
import type {History} from "../../support/history.js";
import {createChain, idOf} from "../../support/world.js";

const connection = await createChain();
const {networkHelpers} = connection;
const DEPTH = 10;

let history: History;
before("a chain with a history", async function () {
    this.timeout(300_000);
    history = await begin(connection);
    await go(history, randomFrom(7n), 40);
});

const codeOf = async (work: Promise<unknown>): Promise<unknown> => {
    const outcome: unknown = await work.then(
        () => "no failure",
        (error: unknown) => error,
    );
    return outcome instanceof Error && "code" in outcome ? outcome.code : outcome;
};

onBothDatabases("store: following a chain", (fresh) => {
    let database: string;
    let store: Store;
    let source: Source;
    const options = (changes: Partial<FollowOptions> = {}): FollowOptions => followOf(history.world, changes);
    const follow = (changes: Partial<FollowOptions> = {}): Promise<number> =>
        followToHead(store, source, options(changes));

    beforeEach(async () => {
        database = await fresh();
        store = await openStore(database);
        source = await openSource(store, sourceOf(history.world));
    });
    afterEach(() => store.close());

    const text = (changes: Parameters<typeof rebuild>[2] = {}): Promise<string> =>
        store.read(async (tx) => textOf((await rebuild(tx, source, changes)).ledger));
    const names = (): Promise<string[]> =>
        store.read(async (tx) => {
            const found: string[] = [];
            const range = {after: source.firstBlock - 1, upTo: 1_000_000};
            for await (const {name, block, logIndex} of events(tx, source, range))
                found.push(`${block}.${logIndex} ${name}`);
            return found;
        });

    async function expectProven(label: string): Promise<void> {
        const {differences, accounts, figures, block} = await prove(store, source, connection.ethers.provider);
        expect(differences, label).to.deep.equal([]);
        expect(block, `${label}: at the head`).to.equal(await height(history.world));
        expect(accounts, `${label}: accounts`).to.be.gte(4);
        expect(figures, `${label}: figures`).to.be.gt(40);
    }

    it("EVT-1: should rebuild books that equal the chain, however large the steps", async () => {
        await follow({maxRange: 7});
        await expectProven("small steps");
        const small = [await text(), ...(await names())];
        const other = await openStore(await fresh());
        const whole = await openSource(other, sourceOf(history.world));
        await followToHead(other, whole, options());
        const read = await other.read(async (tx) => textOf((await rebuild(tx, whole)).ledger));
        expect(small[0], "one step").to.equal(read);
        await other.close();
    });

    it("should be idle at the head and go on after it", async () => {
        await follow();
        expect((await followOnce(store, source, options())).outcome, "head").to.equal("idle");
        const before = await names();
        await go(history, randomFrom(8n), 3);
        await follow();
        expect((await names()).slice(0, before.length), "only added to").to.deep.equal(before);
        await expectProven("after more");
    });

    it("should rebuild from a snapshot and the journal what it rebuilds from the beginning", async () => {
        await follow({snapshotEvery: 16, maxRange: 5});
        const fromSnapshot = await store.read((tx) => rebuild(tx, source));
        expect(fromSnapshot.fromBlock, "after a snapshot").to.equal(
            Math.floor((await height(history.world)) / 16) * 16 + 1,
        );
        expect(textOf(fromSnapshot.ledger), "books").to.equal(await text({fromGenesis: true}));
        for (const block of [source.firstBlock - 1, source.firstBlock + 20, (await height(history.world)) - 1]) {
            expect(await text({block}), `at ${block}`).to.equal(await text({block, fromGenesis: true}));
        }
    });

    it("should prove a block in the past", async () => {
        await follow();
        const block = (await height(history.world)) - 12;
        const proof = await prove(store, source, connection.ethers.provider, {block});
        expect([proof.block, proof.differences], "proof").to.deep.equal([block, []]);
    });

    it("should count the interest that no event tells yet", async () => {
        const {vault} = history.world.all;
        const snapshot = await networkHelpers.takeSnapshot();
        for (const seconds of [1, 7_777, 864_000]) {
            await networkHelpers.time.increase(seconds);
            await follow();
            const {borrowIndexE27} = (await store.read((tx) => rebuild(tx, source))).ledger;
            expect((await vault.cashTotals()).borrowIndexE27, "interest since").to.be.gt(borrowIndexE27);
            await expectProven(`after ${seconds} seconds`);
        }
        await snapshot.restore();
    });

    it("should name each figure that differs", async () => {
        await follow();
        await store.write((tx) =>
            tx.updateTable("event").set({orphaned: 1}).where("name", "=", "AllCancelled").execute(),
        );
        const {differences} = await prove(store, source, connection.ethers.provider);
        expect(differences.length, "differences").to.be.gt(0);
        for (const {figure, rebuilt, chain} of differences) {
            expect(figure, "figure").to.match(/^account 0x[0-9a-f]{64}: epoch$/);
            expect([rebuilt, Number(chain) > 0], "values").to.deep.equal(["0", true]);
        }
    });

    it("should miss an account that the journal does not have", async () => {
        await follow();
        const {owner} = history.sides[1]!;
        const isAbout = `%${owner.address.toLowerCase().slice(2)}%`;
        await store.write((tx) => tx.updateTable("event").set({orphaned: 1}).where("args", "like", isAbout).execute());
        const {differences} = await prove(store, source, connection.ethers.provider);
        const figures = differences.map(({figure}) => figure);
        expect(figures.filter((figure) => figure.startsWith(`account ${idOf({owner})}`))).to.deep.equal([]);
        expect(figures, "sums").to.include("total: claims");
    });

    for (let depth = 1; depth <= DEPTH; depth++) {
        it(`should take back ${depth} blocks that were replaced`, async () => {
            const ancestor = await height(history.world);
            const snapshot = await networkHelpers.takeSnapshot();
            await go(history, randomFrom(BigInt(depth)), depth);
            const replaced = await height(history.world);
            expect(replaced - ancestor, "depth").to.equal(depth);
            await follow();
            const before = await names();
            await snapshot.restore();
            // Shorter, as long as, and longer than the chain that it replaces.
            const length = replaced - ancestor + (depth % 3) - 1;
            if (length > 0) await go(history, randomFrom(BigInt(100 + depth)), length);
            const steps: (number | undefined)[] = [];
            await followToHead(store, source, options(), ({unwoundTo}) => steps.push(unwoundTo));
            expect(steps[0], "first block read again").to.equal(ancestor + 1);
            await expectProven("the other chain");
            expect(await names(), "events").to.not.deep.equal(before);
            expect(await text(), "books").to.equal(await text({fromGenesis: true}));
        });
    }

    it("should take back nothing that stands, and bring back what comes back", async () => {
        await follow();
        const before = [await text(), ...(await names())];
        const snapshot = await networkHelpers.takeSnapshot();
        await go(history, randomFrom(21n), 4);
        await follow();
        await snapshot.restore();
        await follow();
        expect([await text(), ...(await names())], "as before").to.deep.equal(before);
        const rows = await store.read((tx) => tx.selectFrom("event").select("orphaned").execute());
        expect(rows.length, "rows stay").to.be.gt(before.length - 1);
    });

    it("should refuse a reorganisation beyond the kept depth by name, and write nothing", async () => {
        const snapshot = await networkHelpers.takeSnapshot();
        await go(history, randomFrom(31n), DEPTH + 1);
        await follow();
        const before = await store.read((tx) => placeOf(tx, source));
        await snapshot.restore();
        await go(history, randomFrom(32n), 16);
        expect(await codeOf(follow()), "code").to.equal("reorg-too-deep");
        expect(await store.read((tx) => placeOf(tx, source)), "place").to.deep.equal(before);
    });

    for (const snapshotEvery of [8, 1_000_000]) {
        it(`should recover from it, with a snapshot every ${snapshotEvery} blocks`, async () => {
            const snapshot = await networkHelpers.takeSnapshot();
            const ancestor = await height(history.world);
            await go(history, randomFrom(41n), 14);
            await follow({snapshotEvery});
            await snapshot.restore();
            await go(history, randomFrom(42n), 16);
            const next = await recover(store, source, options());
            const standing = Math.floor(ancestor / 8) * 8;
            expect(next, "goes on").to.equal(snapshotEvery === 8 ? standing + 1 : source.firstBlock);
            await follow({snapshotEvery});
            await expectProven("recovered");
        });
    }

    it("should do both where programs follow, and say so", async () => {
        const snapshot = await networkHelpers.takeSnapshot();
        await go(history, randomFrom(51n), 14);
        await follow();
        await snapshot.restore();
        await go(history, randomFrom(52n), 16);
        const said: string[] = [];
        await catchUp(store, source, options(), (event) => said.push(event));
        expect(said, "log").to.include("chain_reorganised_deeply");
        await expectProven("caught up");
    });

    it("should write nothing of a chain that changes while it is read", async () => {
        const provider = connection.ethers.provider;
        let isOther = false;
        const moving = {
            getBlockNumber: () => provider.getBlockNumber(),
            getLogs: (filter: Parameters<typeof provider.getLogs>[0]) => {
                isOther = true;
                return provider.getLogs(filter);
            },
            getBlock: async (tag: number) => {
                const block = await provider.getBlock(tag);
                return {number: tag, parentHash: block!.parentHash, hash: isOther ? "0x00" : block!.hash};
            },
        } as unknown as FollowOptions["provider"];
        const step = await followOnce(store, source, options({provider: moving}));
        expect(step, "step").to.deep.equal({outcome: "unsettled", nextBlock: source.firstBlock, events: 0});
        expect(await names(), "events").to.deep.equal([]);
    });

    it("should write nothing when another process was faster", async () => {
        const other = await openStore(database);
        const provider = connection.ethers.provider;
        const slow = {
            getBlockNumber: () => provider.getBlockNumber(),
            getBlock: (tag: number) => provider.getBlock(tag),
            getLogs: async (filter: Parameters<typeof provider.getLogs>[0]) => {
                await followOnce(other, source, options({maxRange: 9}));
                return provider.getLogs(filter);
            },
        } as unknown as FollowOptions["provider"];
        const step = await followOnce(store, source, options({provider: slow, maxRange: 20}));
        expect(step.outcome, "outcome").to.equal("overtaken");
        const {nextBlock} = await store.read((tx) => placeOf(tx, source));
        expect(nextBlock, "as the faster left it").to.equal(source.firstBlock + 9);
        await Promise.all([follow({maxRange: 4}), followToHead(other, source, options({maxRange: 3}))]);
        await other.close();
        await expectProven("both");
    });

    it("should refuse a block that it has not followed, and a chain that is another", async () => {
        await follow();
        const {provider} = connection.ethers;
        const head = await height(history.world);
        expect(await codeOf(prove(store, source, provider, {block: head + 1})), "future").to.equal(
            "block-not-followed",
        );
        expect(await codeOf(text({block: source.firstBlock - 2})), "past").to.equal("block-not-followed");
        await store.write((tx) => tx.updateTable("block").set({hash: "0x00"}).where("number", "=", head).execute());
        expect(await codeOf(prove(store, source, provider)), "other").to.equal("chain-wrong");
    });

    it("should keep a log that nothing known emits as it is, and go on", async () => {
        const topics = [`0x${"11".repeat(32)}`];
        const log = {topics, data: "0x22", address: "0x01", transactionHash: "0x02", index: 0};
        const provider = connection.ethers.provider;
        const first = await provider.getBlock(source.firstBlock);
        const strange = {
            getBlockNumber: () => Promise.resolve(source.firstBlock),
            getBlock: (tag: number) => provider.getBlock(tag),
            getLogs: () => Promise.resolve([{...log, blockNumber: source.firstBlock, blockHash: first!.hash}]),
        } as unknown as FollowOptions["provider"];
        expect((await followOnce(store, source, options({provider: strange}))).events, "events").to.equal(1);
        const range = {after: source.firstBlock - 1, upTo: source.firstBlock};
        await store.read(async (tx) => {
            for await (const {name, args} of events(tx, source, range)) {
                expect({name, args}, "event").to.deep.equal({name: "unknown", args: {topics, data: "0x22"}});
            }
        });
    });
});
