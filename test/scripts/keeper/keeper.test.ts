import {appendFileSync, mkdtempSync, readFileSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";

import {expect} from "chai";
import {network} from "hardhat";

import {stepCursor, type CursorState} from "../../../scripts/chain/cursor.js";
import {createDispatcher} from "../../../scripts/chain/dispatcher.js";
import {parseKeeperConfig} from "../../../scripts/keeper/config.js";
import {createJournal} from "../../../scripts/keeper/journal.js";
import {runKeeper, tick} from "../../../scripts/keeper/keeper.js";
import {createKeeper} from "../../../scripts/keeper/setup.js";
import {loadState, saveState} from "../../../scripts/keeper/state.js";
import type {AccountId} from "../../../scripts/sdk/ids.js";
import {createLogger, logWith} from "../../../scripts/shared/logger.js";
import {
    deployLiquidation,
    e18,
    fallInsolvent,
    fallShort,
    fillBackstop,
    type LiquidationFixture,
    PAY,
    usdc,
} from "../../unit/liquidation/Liquidator/fixture.js";

const {ethers, networkHelpers} = await network.create();

/** Pay of 20 USD at least, so that the test chain's tips are covered. */
async function deployed(): Promise<LiquidationFixture> {
    const fixture = await deployLiquidation(ethers);
    await fixture.liquidator.setKeeperPay({...PAY, startGas: 500_000n, takeGas: 1_000_000n, minE18: e18(20)});
    return fixture;
}

const folder = mkdtempSync(join(tmpdir(), "keeper-"));
const stateFile = join(folder, "state.json");
const journalFile = join(folder, "journal.jsonl");

const journal = (): readonly Record<string, unknown>[] =>
    readFileSync(journalFile, "utf8")
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as Record<string, unknown>);

async function rawConfig(fixture: LiquidationFixture, change: Readonly<Record<string, unknown>> = {}) {
    const {vault, books, engine, prices, liquidator, bob} = fixture;
    const [vaultAt, booksAt, engineAt, pricesAt, liquidatorAt] = await Promise.all(
        [vault, books, engine, prices, liquidator].map((contract) => contract.getAddress()),
    );
    const contracts = {
        vault: vaultAt,
        clearinghouse: booksAt,
        riskEngine: engineAt,
        priceOracle: pricesAt,
        liquidator: liquidatorAt,
    };
    return {
        rpcUrl: "http://127.0.0.1:8545",
        chainId: "31337",
        contracts,
        account: `${bob.address}/0`,
        pollMs: 100,
        // The stand-ins of the core have no parameters that a twin could read.
        sweepEverySeconds: 0,
        stateFile,
        journalFile,
        logLevel: "error",
        dryRun: false,
        ...change,
    };
}

async function keeperOf(fixture: LiquidationFixture, change: Readonly<Record<string, unknown>> = {}) {
    const config = parseKeeperConfig(await rawConfig(fixture, change));
    const chain = {provider: ethers.provider, signer: fixture.bob.signer};
    return createKeeper(config, chain, logWith(createLogger("keeper", "silent")));
}

describe("keeper: on a chain", () => {
    beforeEach(() => {
        rmSync(stateFile, {force: true});
        rmSync(journalFile, {force: true});
    });
    after(() => rmSync(folder, {recursive: true}));

    it("should start an auction, take the slice, and leave a healthy account", async () => {
        const fixture = await fallShort(await networkHelpers.loadFixture(deployed));
        const {liquidator, engine, alice, bob} = fixture;
        const {memory, parts} = await keeperOf(fixture);
        const before = (await engine.assess(bob.id)).equityE18;
        const second = await tick(memory, parts);
        expect((await liquidator.auction(alice.id)).startedAt, "started").to.be.gt(0n);
        await tick(second, parts);
        expect((await liquidator.auction(alice.id)).startedAt, "finished").to.equal(0n);
        const {equityE18, maintenanceE18} = await engine.assess(alice.id);
        expect(equityE18, "healthy").to.be.gte(maintenanceE18);
        expect((await engine.assess(bob.id)).equityE18, "paid").to.be.gt(before);
        expect(journal().map(({action, outcome, account}) => [action, outcome, account])).to.deep.equal([
            ["start", "mined", alice.id],
            ["take", "mined", alice.id],
        ]);
    });

    it("should send nothing in a dry run", async () => {
        const fixture = await fallShort(await networkHelpers.loadFixture(deployed));
        const {liquidator, alice} = fixture;
        const {memory, parts} = await keeperOf(fixture, {dryRun: true});
        await tick(memory, parts);
        expect((await liquidator.auction(alice.id)).startedAt).to.equal(0n);
        expect(journal().map(({action, outcome}) => [action, outcome])).to.deep.equal([["start", "simulated"]]);
    });

    it("should be dry unless told otherwise", async () => {
        const fixture = await networkHelpers.loadFixture(deployed);
        expect(parseKeeperConfig(await rawConfig(fixture, {dryRun: undefined})).dryRun).to.equal(true);
    });

    it("should clear several accounts, the insolvent one at the backstop's cost", async () => {
        const fixture = await fillBackstop(await fallInsolvent(await networkHelpers.loadFixture(deployed)));
        const {liquidator, vault, books, coin, alice, carol} = fixture;
        await vault.connect(carol.signer).deposit(carol.second, coin, usdc(1_750));
        await books.setSize(carol.second, 1, e18(10));
        await books.setQuote(carol.second, -e18(20_000));
        const {memory, parts} = await keeperOf(fixture);
        let next = memory;
        for (let i = 0; i < 3; ++i) next = await tick(next, parts);
        for (const id of [alice.id, carol.second]) {
            expect((await liquidator.auction(id)).startedAt, "no auction left").to.equal(0n);
        }
        expect(journal().filter(({action}) => action === "take")).to.have.length(2);
        expect(journal().every(({outcome}) => outcome === "mined")).to.equal(true);
    });

    it("should call margins once, and settle an expiry between two rounds", async () => {
        const fixture = await networkHelpers.loadFixture(deployed);
        const {liquidator, engine, books, prices, alice} = fixture;
        const aggregator = await ethers.deployContract("MockAggregator", [8, 2_000n]);
        await prices.setAggregator(aggregator);
        const now = BigInt(await networkHelpers.time.latest());
        await aggregator.pushRound(1n, now);
        await aggregator.pushRound(1n, now + 100n);
        await networkHelpers.time.increase(200);
        await engine.setPrice(1, e18(1_970), e18(60));
        const {memory, parts} = await keeperOf(fixture, {reorgDepth: 1});
        const expiry = Number(now) + 50;
        const expiries = new Map([[`1:${expiry}`, {underlying: 1, expiry}]]);
        let next = await tick({...memory, state: {...memory.state, expiries}}, parts);
        next = await tick(next, parts);
        expect(next.state.expiries.size, "settled").to.equal(0);
        expect(await books.settlementPriceE18(1, expiry), "by the rounds around it").to.be.gt(0n);
        expect(await liquidator.queryFilter(liquidator.filters.MarginCall(alice.id)), "called once").to.have.length(1);
        expect(journal().map(({action}) => action)).to.deep.equal(["settle_expiry", "margin_call"]);
    });

    it("should settle an expiry again whose settlement a reorganisation has taken back", async () => {
        const fixture = await networkHelpers.loadFixture(deployed);
        const {books, prices} = fixture;
        const aggregator = await ethers.deployContract("MockAggregator", [8, 2_000n]);
        await prices.setAggregator(aggregator);
        const now = BigInt(await networkHelpers.time.latest());
        await aggregator.pushRound(1n, now);
        await aggregator.pushRound(1n, now + 100n);
        await networkHelpers.time.increase(200);
        const {memory, parts} = await keeperOf(fixture, {reorgDepth: 3});
        const expiry = Number(now) + 50;
        const expiries = new Map([[`1:${expiry}`, {underlying: 1, expiry}]]);
        const snapshot = await networkHelpers.takeSnapshot();
        let next = await tick({...memory, state: {...memory.state, expiries}}, parts);
        expect(await books.settlementPriceE18(1, expiry), "settled").to.be.gt(0n);
        await snapshot.restore();
        await networkHelpers.mine(2);
        next = await tick(next, parts);
        next = await tick(next, parts);
        expect(await books.settlementPriceE18(1, expiry), "settled again").to.be.gt(0n);
        expect(next.state.expiries.size, "kept while it can be taken back").to.equal(1);
        const kept = loadState(stateFile, 31_337n, 0);
        expect([...kept.expiries.values()][0], "by which block").to.have.property("settledAt");
        await networkHelpers.mine(5);
        expect((await tick(next, parts)).state.expiries.size, "then forgotten").to.equal(0);
    });

    it("should read at the last block that it has followed, whatever comes in between", async () => {
        const fixture = await networkHelpers.loadFixture(deployed);
        const {memory, parts} = await keeperOf(fixture);
        const followed = await ethers.provider.getBlockNumber();
        const asked: (number | undefined)[] = [];
        const reader = {
            ...parts.reader,
            market: async (block?: number) => {
                asked.push(block);
                await networkHelpers.mine(2);
                return parts.reader.market(block);
            },
            accounts: (ids: readonly AccountId[], block: number) => {
                asked.push(block);
                return parts.reader.accounts(ids, block);
            },
        };
        await tick(memory, {...parts, reader});
        expect(asked).to.deep.equal([followed, followed]);
    });

    it("R35: should try every action on the block that it was decided on", async () => {
        const fixture = await fallShort(await networkHelpers.loadFixture(deployed));
        const {memory, parts} = await keeperOf(fixture);
        const decided = await ethers.provider.getBlockNumber();
        const tags: unknown[] = [];
        const provider = {
            call: async (request: {readonly blockTag?: unknown}) => {
                tags.push(request.blockTag);
                await networkHelpers.mine(3);
                return ethers.provider.call(request as never);
            },
        };
        await tick(memory, {...parts, acting: {...parts.acting, provider}});
        expect(tags, "not the latest").to.deep.equal([decided]);
        expect(journal().map(({action, outcome}) => [action, outcome])).to.deep.equal([["start", "mined"]]);
    });

    it("should go on where it stopped", async () => {
        const fixture = await fallShort(await networkHelpers.loadFixture(deployed));
        const {alice, bob, carol} = fixture;
        const first = await keeperOf(fixture);
        await tick(first.memory, first.parts);
        const again = await keeperOf(fixture);
        expect([...again.memory.state.accounts].sort(), "accounts").to.include.members([alice.id, bob.id, carol.id]);
        expect(again.memory.state.cursor.nextBlock, "block").to.be.gt(1);
        await tick(again.memory, again.parts);
        expect(journal().map(({action}) => action)).to.deep.equal(["start", "take"]);
    });

    it("should bear a faster keeper", async () => {
        const fixture = await fallShort(await networkHelpers.loadFixture(deployed));
        const {liquidator, alice, carol} = fixture;
        const {memory, parts} = await keeperOf(fixture);
        const witness = parts.reader.witness;
        const reader = {
            ...parts.reader,
            witness: async (...inputs: Parameters<typeof witness>) => {
                await liquidator.connect(carol.signer).start(alice.id, {own: [], joint: []}, carol.id);
                return witness(...inputs);
            },
        };
        await tick(memory, {...parts, reader});
        expect(journal().map(({action, outcome}) => [action, outcome])).to.deep.equal([["start", "failed"]]);
    });

    it("should stop at the signal, and after too many failures", async () => {
        const fixture = await networkHelpers.loadFixture(deployed);
        const {memory, parts} = await keeperOf(fixture, {maxFailures: 2});
        const stop = new AbortController();
        const running = runKeeper(memory, parts, stop.signal);
        stop.abort();
        expect((await running).state.cursor.nextBlock, "one round").to.be.gt(0);
        const failure = new Error("no node");
        const reader = {...parts.reader, market: () => Promise.reject(failure)};
        const failed = await runKeeper(memory, {...parts, reader}, new AbortController().signal).catch(
            (error: unknown) => error,
        );
        expect(failed).to.equal(failure);
    });
});

describe("keeper: journal", () => {
    it("should leave a line alone that was torn, and go on below it", async () => {
        const path = join(mkdtempSync(join(tmpdir(), "keeper-")), "journal.jsonl");
        const {write} = createJournal(path);
        await write({action: "start", outcome: "mined", details: {}}, 0);
        appendFileSync(path, '{"at":"1970');
        await write({action: "take", outcome: "mined", details: {}}, 0);
        const lines = readFileSync(path, "utf8").split("\n");
        expect(lines, "two lines, a torn one and the end").to.have.lengthOf(4);
        expect([lines[0], lines[2]].map((line) => (JSON.parse(line!) as {action: string}).action)).to.deep.equal([
            "start",
            "take",
        ]);
    });
});

describe("keeper: state", () => {
    it("should be another chain's business", () => {
        const path = join(mkdtempSync(join(tmpdir(), "keeper-")), "state.json");
        saveState(path, loadState(path, 1n, 5));
        expect(loadState(path, 1n, 0).cursor.nextBlock).to.equal(5);
        expect(() => loadState(path, 2n, 0)).to.throw("belongs to chain 1");
    });
});

describe("chain: cursor", () => {
    const hashes = new Map<number, string>();
    const provider = {
        getBlockNumber: () => Promise.resolve(Math.max(...hashes.keys())),
        getBlock: (tag: unknown) => Promise.resolve({hash: hashes.get(Number(tag)) ?? null} as never),
        getLogs: (filter: object) => Promise.resolve([filter] as never),
    };
    const options = {provider, addresses: ["0x01"], reorgDepth: 4, maxRange: 3};
    const chain = (length: number, name: (n: number) => string): void => {
        hashes.clear();
        for (let n = 0; n <= length; ++n) hashes.set(n, name(n));
    };
    const start: CursorState = {nextBlock: 0, seen: []};

    it("should read in ranges and stop at the head", async () => {
        chain(4, (n) => `a${n}`);
        const first = await stepCursor(start, options);
        expect(first.logs).to.deep.equal([{address: ["0x01"], fromBlock: 0, toBlock: 2}]);
        const second = await stepCursor(first.state, options);
        expect(second.logs).to.deep.equal([{address: ["0x01"], fromBlock: 3, toBlock: 4}]);
        const third = await stepCursor(second.state, options);
        expect([third.logs, third.state.nextBlock]).to.deep.equal([[], 5]);
    });

    it("should go back to the last block that stands", async () => {
        chain(4, (n) => `a${n}`);
        const first = await stepCursor(start, options);
        const second = await stepCursor(first.state, options);
        chain(5, (n) => (n <= 2 ? `a${n}` : `b${n}`));
        const third = await stepCursor(second.state, options);
        expect(third.rewoundTo).to.equal(3);
        expect(third.logs).to.deep.equal([{address: ["0x01"], fromBlock: 3, toBlock: 5}]);
    });

    it("should believe nothing that it reads while blocks are replaced", async () => {
        chain(2, (n) => `a${n}`);
        const racing = {
            ...provider,
            getLogs: (filter: object) => {
                chain(2, (n) => `b${n}`);
                return provider.getLogs(filter);
            },
        };
        const during = await stepCursor(start, {...options, provider: racing});
        expect([during.logs, during.state.nextBlock], "of two chains").to.deep.equal([[], 0]);
        const after = await stepCursor(during.state, options);
        expect(after.logs).to.deep.equal([{address: ["0x01"], fromBlock: 0, toBlock: 2}]);
    });

    it("should go back the whole depth when nothing stands", async () => {
        chain(4, (n) => `a${n}`);
        const first = await stepCursor(start, options);
        const second = await stepCursor(first.state, options);
        chain(5, (n) => `c${n}`);
        const third = await stepCursor(second.state, options);
        expect(third.rewoundTo).to.equal(1);
    });
});

describe("chain: dispatcher", () => {
    it("should send one after the other, and name a revert", async () => {
        const {coin, alice, bob} = await networkHelpers.loadFixture(deployed);
        const limits = {timeoutMs: 1_000, attempts: 2, maxFeePerGasWei: 10n ** 13n};
        const dispatcher = createDispatcher({signer: bob.signer, provider: ethers.provider, ...limits});
        const to = await coin.getAddress();
        const data = coin.interface.encodeFunctionData("transfer", [alice.address, 1n]);
        const receipts = await Promise.all([1, 2, 3].map(() => dispatcher.send({to, data})));
        const blocks = receipts.map(({blockNumber}) => blockNumber);
        expect(new Set(blocks).size, "blocks").to.equal(3);
        const dear = createDispatcher({signer: bob.signer, provider: ethers.provider, ...limits, maxFeePerGasWei: 1n});
        const failed: unknown = await dear.send({to, data}).catch((error: unknown) => error);
        expect(failed).to.have.property("code", "fee-above-limit");
    });

    it("should replace a transaction that does not get in, with the same nonce", async () => {
        const {coin, alice, bob} = await networkHelpers.loadFixture(deployed);
        const limits = {timeoutMs: 50, attempts: 3, maxFeePerGasWei: 10n ** 13n};
        const dispatcher = createDispatcher({signer: bob.signer, provider: ethers.provider, ...limits});
        const to = await coin.getAddress();
        const data = coin.interface.encodeFunctionData("transfer", [alice.address, 1n]);
        const before = await coin.balanceOf(alice.address);
        await ethers.provider.send("evm_setAutomine", [false]);
        const failed: unknown = await dispatcher.send({to, data}).catch((error: unknown) => error);
        expect(failed).to.have.property("code", "not-mined");
        const sent = dispatcher.send({to, data});
        const mining = setInterval(() => void ethers.provider.send("evm_mine", []), 20);
        await sent.finally(() => clearInterval(mining));
        await ethers.provider.send("evm_setAutomine", [true]);
        expect((await coin.balanceOf(alice.address)) - before, "once").to.equal(1n);
    });
});
