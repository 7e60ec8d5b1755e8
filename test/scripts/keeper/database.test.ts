import {mkdtempSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";

import {expect} from "chai";
import {network} from "hardhat";

import {act} from "../../../scripts/keeper/actions.js";
import {parseKeeperConfig} from "../../../scripts/keeper/config.js";
import {tick} from "../../../scripts/keeper/keeper.js";
import {createKeeper} from "../../../scripts/keeper/setup.js";
import {accountId} from "../../../scripts/sdk/ids.js";
import type {AccountId} from "../../../scripts/sdk/ids.js";
import {createLogger, logWith} from "../../../scripts/shared/logger.js";
import {actionsOf} from "../../../scripts/store/actions.js";
import type {StoredAction} from "../../../scripts/store/actions.js";
import {openSource} from "../../../scripts/store/source.js";
import {openStore} from "../../../scripts/store/store.js";
import {onBothDatabases} from "../../support/databases.js";
import {
    deployLiquidation,
    e18,
    fallShort,
    type LiquidationFixture,
    PAY,
    type Person,
    usdc,
} from "../../unit/liquidation/Liquidator/fixture.js";

const {ethers, networkHelpers} = await network.create();
const SHARDS = 4;
const SHORT = 10n;

/** Alice with eleven accounts that can fall short, and pay that covers the test chain's tips. */
async function deployed(): Promise<LiquidationFixture> {
    const fixture = await deployLiquidation(ethers);
    const {liquidator, vault, coin, books, alice} = fixture;
    await liquidator.setKeeperPay({...PAY, startGas: 500_000n, takeGas: 1_000_000n, minE18: e18(20)});
    for (let sub = 1n; sub <= SHORT; ++sub) {
        const id = accountId(alice.address, sub);
        await vault.connect(alice.signer).deposit(id, coin, usdc(1_000));
        await books.setSize(id, 1, e18(10));
        await books.setQuote(id, -e18(20_000));
    }
    return fixture;
}

onBothDatabases("keeper: with a database", (fresh) => {
    const folder = mkdtempSync(join(tmpdir(), "keeper-database-"));
    let database: string;
    let fixture: LiquidationFixture;
    const closing: (() => Promise<void>)[] = [];

    beforeEach(async () => {
        database = await fresh();
        fixture = await fallShort(await networkHelpers.loadFixture(deployed));
    });
    afterEach(async () => {
        for (const close of closing.splice(0)) await close();
    });
    after(() => rmSync(folder, {recursive: true}));

    async function contractsOf() {
        const {vault, books, engine, prices, liquidator} = fixture;
        return {
            vault: await vault.getAddress(),
            clearinghouse: await books.getAddress(),
            riskEngine: await engine.getAddress(),
            priceOracle: await prices.getAddress(),
            liquidator: await liquidator.getAddress(),
        };
    }

    async function keeperOf(person: Person, change: Readonly<Record<string, unknown>> = {}) {
        const config = parseKeeperConfig({
            rpcUrl: "http://127.0.0.1:8545",
            chainId: "31337",
            contracts: await contractsOf(),
            account: `${person.address}/0`,
            database,
            shards: SHARDS,
            // The stand-ins of the core have no parameters that a twin could read.
            sweepEverySeconds: 0,
            stateFile: join(folder, "no-state.json"),
            journalFile: join(folder, "no-journal.jsonl"),
            dryRun: false,
            ...change,
        });
        const chain = {provider: ethers.provider, signer: person.signer};
        const keeper = await createKeeper(config, chain, logWith(createLogger("keeper", "silent")));
        let isOpen = true;
        const close = async (): Promise<void> => {
            if (isOpen) await keeper.close();
            isOpen = false;
        };
        closing.push(close);
        return {...keeper, close};
    }

    async function actions(): Promise<readonly StoredAction[]> {
        const store = await openStore(database);
        const {vault, clearinghouse, liquidator} = await contractsOf();
        const contracts = {vault, clearinghouse, liquidator};
        const source = await openSource(store, {chainId: 31_337n, contracts, firstBlock: 0, shards: SHARDS});
        const found = await store.read((tx) => actionsOf(tx, source));
        await store.close();
        return found;
    }

    const shortAccounts = (): AccountId[] =>
        Array.from({length: Number(SHORT) + 1}, (_, sub) => accountId(fixture.alice.address, BigInt(sub)));

    it("should clear what is short alone, write it down, and go on after a restart", async () => {
        const first = await keeperOf(fixture.bob);
        await tick(first.memory, first.parts);
        await first.close();
        const again = await keeperOf(fixture.bob);
        await tick(again.memory, again.parts);
        for (const id of shortAccounts()) {
            expect((await fixture.liquidator.auction(id)).startedAt, "no auction left").to.equal(0n);
        }
        const done = await actions();
        expect(
            done.every(({outcome, txHash}) => outcome === "mined" && txHash !== undefined),
            "mined",
        ).to.equal(true);
        const of = (name: string): unknown[] => done.filter(({action}) => action === name).map(({account}) => account);
        expect(of("start").sort(), "started").to.deep.equal(shortAccounts().sort());
        expect(of("take").sort(), "taken").to.deep.equal(shortAccounts().sort());
    });

    it("should divide the accounts, and do nothing twice while two keepers run at the same time", async () => {
        const {bob, carol} = fixture;
        const keepers = [await keeperOf(bob), await keeperOf(carol)];
        // The first round of both shows each that there is another.
        let memories = keepers.map(({memory}) => memory);
        for (let round = 0; round < 2; ++round) {
            memories = await Promise.all(
                keepers.map(async ({parts}, n) => ({
                    ...memories[n]!,
                    state: (await parts.backing.follow(memories[n]!.state)).state,
                })),
            );
        }
        for (let round = 0; round < 2; ++round) {
            memories = await Promise.all(keepers.map(({parts}, n) => tick(memories[n]!, parts)));
        }
        const [mine, yours] = memories.map(({state}) => [...state.accounts]);
        expect(
            mine!.filter((id) => yours!.includes(id)),
            "in both",
        ).to.deep.equal([]);
        const done = await actions();
        expect(
            done.filter(({outcome}) => outcome !== "mined"),
            "none in vain",
        ).to.deep.equal([]);
        const started = done.filter(({action}) => action === "start");
        expect(started.map(({account}) => account).sort(), "once each").to.deep.equal(shortAccounts().sort());
        expect(new Set(started.map(({holder}) => holder)).size, "by both").to.equal(2);
    });

    it("should leave an account to who is at it", async () => {
        const {bob, carol, alice} = fixture;
        const [one, other] = [await keeperOf(bob), await keeperOf(carol)];
        const action = {name: "start", key: alice.id, call: {to: alice.address, data: "0x"}, details: {}};
        const block = await ethers.provider.getBlockNumber();
        const outcome = await one.parts.acting.alone(alice.id, () => act(action, block, other.parts.acting));
        expect(outcome, "the other did nothing").to.deep.equal({result: false});
        expect(await actions(), "and wrote nothing").to.deep.equal([]);
        expect(await act(action, block, other.parts.acting), "free").to.equal(true);
    });

    it("should hand the accounts of a keeper that ends to the next one", async () => {
        const first = await keeperOf(fixture.bob);
        const {accounts} = (await first.parts.backing.follow(first.memory.state)).state;
        expect(accounts.size, "all").to.be.gte(Number(SHORT) + 1);
        const second = await keeperOf(fixture.carol);
        expect((await second.parts.backing.follow(second.memory.state)).state.accounts.size, "none free").to.equal(0);
        await first.close();
        const next = (await second.parts.backing.follow(second.memory.state)).state;
        expect([...next.accounts], "all of them").to.deep.equal([...accounts]);
    });

    it("should know expiries until they are settled", async () => {
        const keeper = await keeperOf(fixture.bob);
        await keeper.parts.backing.follow(keeper.memory.state);
        const store = await openStore(database);
        const [{id}] = (await store.read((tx) => tx.selectFrom("source").select("id").execute())) as [{id: number}];
        const rows = [1, 2].map((underlying) => {
            return {
                source_id: id,
                underlying,
                expiry: 1_900_000_000,
                first_block: 1,
                settled_block: underlying === 1 ? null : 2,
            };
        });
        await store.write((tx) => tx.insertInto("expiry").values(rows).execute());
        await store.close();
        const {expiries} = (await keeper.parts.backing.follow(keeper.memory.state)).state;
        expect([...expiries.keys()]).to.deep.equal(["1:1900000000"]);
    });

    it("should refuse to divide a database otherwise than it is", async () => {
        await keeperOf(fixture.bob);
        const failure: unknown = await keeperOf(fixture.carol, {shards: SHARDS + 1}).catch((error: unknown) => error);
        expect(failure).to.have.property("code", "source-differs");
    });
});
