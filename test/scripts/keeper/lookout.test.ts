import {mkdtempSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";

import {expect} from "chai";

import {parseKeeperConfig} from "../../../scripts/keeper/config.js";
import {tick} from "../../../scripts/keeper/keeper.js";
import {createLookout, leastCash} from "../../../scripts/keeper/lookout.js";
import {createKeeper} from "../../../scripts/keeper/setup.js";
import {createSnapshotReader} from "../../../scripts/chain/snapshot.js";
import type {SnapshotReader} from "../../../scripts/chain/snapshot.js";
import type {AccountId} from "../../../scripts/sdk/ids.js";
import {decodeInstrument, future, option, perp} from "../../../scripts/sdk/instruments.js";
import {assessBook} from "../../../scripts/sdk/risk/index.js";
import {createLogger, logWith} from "../../../scripts/shared/logger.js";
import {
    BTC,
    createChain,
    DAY,
    deployWorld,
    deposit,
    E18,
    ETH,
    expiryAhead,
    HOUR,
    idOf,
    move,
    pass,
    report,
    settleExpiry,
    trade,
    USD,
    usd,
} from "../../support/world.js";
import type {Side, World} from "../../support/world.js";

const connection = await createChain();
const {loadFixture} = connection.networkHelpers;

type Cast = {
    readonly world: World;
    readonly maker: Side;
    readonly buyer: Side;
    readonly debtor: Side;
    readonly rich: Side;
    readonly expiry: number;
};

/** A maker on both sides, a buyer with little to spare, a debtor who pays a premium out of what he borrows, and an idle lender. */
async function fixture(): Promise<Cast> {
    const world = await deployWorld(connection);
    const [maker, buyer, debtor, rich] = world.owners.map((owner) => ({owner}));
    const expiry = await expiryAhead(world, 2);
    await report(world);
    await deposit(world, maker!, "USDC", 500_000n * USD);
    await deposit(world, buyer!, "USDC", 16_000n * USD);
    await deposit(world, debtor!, "WETH", 20n * E18);
    await deposit(world, rich!, "USDC", 1_000_000n * USD);
    await trade(world, maker!, buyer!, [{instrument: perp(BTC), sizeE18: -E18, priceE18: usd(50_000)}]);
    await trade(world, maker!, debtor!, [
        {instrument: option("CALL", BTC, expiry, 52_000n * 10n ** 8n), sizeE18: -E18, priceE18: usd(500)},
        {instrument: future(ETH, expiry), sizeE18: -E18, priceE18: usd(2500)},
    ]);
    return {world, maker: maker!, buyer: buyer!, debtor: debtor!, rich: rich!, expiry};
}

function contractsOf({deployment}: World) {
    const {vault, clearinghouse, riskEngine, priceOracle, liquidator} = deployment.contracts;
    return {vault, clearinghouse, riskEngine, priceOracle, liquidator};
}

const readerOf = (world: World): SnapshotReader => createSnapshotReader(connection.ethers.provider, contractsOf(world));

const people = ({maker, buyer, debtor, rich}: Cast): AccountId[] => [maker, buyer, debtor, rich].map(idOf);

async function latest(): Promise<{number: number; seconds: bigint}> {
    const block = await connection.ethers.provider.getBlock("latest");
    return {number: block!.number, seconds: BigInt(block!.timestamp)};
}

/** Asks twin and chain about everybody at the last block. */
async function expectEqual(cast: Cast, label: string): Promise<void> {
    const reader = readerOf(cast.world);
    const {number} = await latest();
    for (const account of people(cast)) {
        const book = await reader.book(account, number);
        const expiries = book.positions
            .map(({instrument}) => decodeInstrument(instrument))
            .filter(({expiry}) => expiry !== 0);
        const {market, parameters} = await reader.snapshot(expiries, number);
        const onChain = await cast.world.all.riskEngine.assess(account, {blockTag: number});
        const {equityE18, initialE18, maintenanceE18} = assessBook({book, market, parameters});
        expect([equityE18, initialE18, maintenanceE18], `${label}: ${account}`).to.deep.equal([...onChain]);
    }
}

const NOTHING = {touched: new Set<AccountId>(), isRewound: false};
const touchedBy = (...accounts: AccountId[]) => ({touched: new Set(accounts), isRewound: false});

describe("keeper: snapshot", () => {
    it("should give the twin what makes it agree with the chain to the unit", async () => {
        const cast = await loadFixture(fixture);
        await expectEqual(cast, "after trades");
        await pass(cast.world, 5 * HOUR);
        await report(cast.world);
        await move(cast.world, {[BTC]: usd(47_000), [ETH]: usd(2600)});
        await expectEqual(cast, "after funding, interest and a move");
    });

    it("should know what has expired, with and without its price", async () => {
        const cast = await loadFixture(fixture);
        const {seconds} = await latest();
        await pass(cast.world, cast.expiry - Number(seconds) - 60);
        await pass(cast.world, 120);
        await expectEqual(cast, "without a settlement price");
        await settleExpiry(cast.world, BTC, cast.expiry);
        await expectEqual(cast, "with one");
    });

    it("should leave out a price that does not stand", async () => {
        const {world, expiry} = await loadFixture(fixture);
        await connection.networkHelpers.time.increase(3 * DAY);
        const {number} = await latest();
        const {market, parameters} = await readerOf(world).snapshot([{underlying: BTC, expiry}], number);
        expect([...market.pricesE18.keys()], "prices").to.deep.equal([]);
        expect([...market.underlyings.keys()], "underlyings").to.deep.equal([]);
        expect([...parameters.underlyings.keys()], "parameters").to.deep.equal([BTC, ETH]);
    });
});

describe("keeper: lookout", () => {
    const OPTIONS = {sweepEverySeconds: 100_000, batchSize: 2};

    it("should sweep first, then name only whom a price makes short", async () => {
        const cast = await loadFixture(fixture);
        const lookout = createLookout(readerOf(cast.world), OPTIONS);
        const accounts = new Set(people(cast));
        expect(await lookout.whom(accounts, NOTHING, await latest()), "first round").to.deep.equal([...accounts]);
        expect(await lookout.whom(accounts, NOTHING, await latest()), "sweep without an answer").to.have.lengthOf(4);
        lookout.told([]);
        expect(await lookout.whom(accounts, NOTHING, await latest()), "nothing happened").to.deep.equal([]);
        await move(cast.world, {[BTC]: usd(40_000)});
        const buyer = idOf(cast.buyer);
        const {equityE18, maintenanceE18} = await cast.world.all.riskEngine.assess(buyer);
        expect(equityE18, "the buyer is short").to.be.lessThan(maintenanceE18);
        expect(await lookout.whom(accounts, NOTHING, await latest()), "short").to.deep.equal([buyer]);
    });

    it("should read books again that events name, and all after a reorganisation", async () => {
        const cast = await loadFixture(fixture);
        const read: AccountId[] = [];
        const inner = readerOf(cast.world);
        const reader: SnapshotReader = {
            ...inner,
            book: (account, block) => {
                read.push(account);
                return inner.book(account, block);
            },
        };
        const lookout = createLookout(reader, OPTIONS);
        const accounts = new Set(people(cast));
        await lookout.whom(accounts, NOTHING, await latest());
        lookout.told([]);
        expect(read.splice(0), "first round").to.deep.equal([...accounts]);
        const rich = idOf(cast.rich);
        expect(await lookout.whom(accounts, touchedBy(rich), await latest()), "named").to.deep.equal([rich]);
        expect(read.splice(0), "read again").to.deep.equal([rich]);
        await lookout.whom(accounts, {...NOTHING, isRewound: true}, await latest());
        expect(read.splice(0), "after a reorganisation").to.deep.equal([...accounts]);
    });

    it("should keep asking about who is in an auction until the chain says that it has ended", async () => {
        const cast = await loadFixture(fixture);
        const lookout = createLookout(readerOf(cast.world), OPTIONS);
        const accounts = new Set(people(cast));
        const maker = idOf(cast.maker);
        const at = await latest();
        await lookout.whom(accounts, NOTHING, at);
        lookout.told([{account: maker, auction: {startedAt: 1n, insolventAt: 0n}}]);
        expect(await lookout.whom(accounts, NOTHING, at), "running").to.deep.equal([maker]);
        lookout.told([]);
        expect(await lookout.whom(accounts, NOTHING, at), "not answered").to.deep.equal([maker]);
        lookout.told([{account: maker, auction: {startedAt: 0n, insolventAt: 0n}}]);
        expect(await lookout.whom(accounts, NOTHING, at), "ended").to.deep.equal([]);
        const later = {...at, seconds: at.seconds + 100_000n};
        expect(await lookout.whom(accounts, NOTHING, later), "sweep").to.deep.equal([...accounts]);
    });

    it("should read no book apart when answers bring them, and ask again whoever has no answer", async () => {
        const cast = await loadFixture(fixture);
        const inner = readerOf(cast.world);
        const reader: SnapshotReader = {...inner, book: () => Promise.reject(new Error("read apart"))};
        const lookout = createLookout(reader, {...OPTIONS, booksCome: true});
        const accounts = new Set(people(cast));
        const [buyer, rich] = [idOf(cast.buyer), idOf(cast.rich)];
        const at = await latest();
        const auction = {startedAt: 0n, insolventAt: 0n};
        const answers = await Promise.all(
            [...accounts]
                .filter((account) => account !== rich)
                .map(async (account) => ({account, auction, book: await inner.book(account, at.number)})),
        );
        await lookout.whom(accounts, NOTHING, at);
        lookout.told(answers);
        expect(await lookout.whom(accounts, NOTHING, at), "without an answer").to.deep.equal([rich]);
        lookout.told([{account: rich, auction, book: await inner.book(rich, at.number)}]);
        expect(await lookout.whom(accounts, NOTHING, at), "all known").to.deep.equal([]);
        await move(cast.world, {[BTC]: usd(40_000)});
        expect(await lookout.whom(accounts, NOTHING, await latest()), "short").to.deep.equal([buyer]);
        expect(await lookout.whom(accounts, touchedBy(rich), await latest()), "named").to.deep.equal([buyer, rich]);
        const books = lookout.books();
        expect(books.has(rich), "a book that an event has outdated").to.equal(false);
        expect(books.get(buyer)).to.deep.equal(await inner.book(buyer, at.number));
    });

    it("should leave to another keeper whom he has taken over", async () => {
        const cast = await loadFixture(fixture);
        const lookout = createLookout(readerOf(cast.world), OPTIONS);
        const accounts = new Set(people(cast));
        const [maker, buyer] = [idOf(cast.maker), idOf(cast.buyer)];
        await lookout.whom(accounts, NOTHING, await latest());
        lookout.told([{account: maker, auction: {startedAt: 1n, insolventAt: 0n}}]);
        await move(cast.world, {[BTC]: usd(40_000)});
        expect(await lookout.whom(accounts, NOTHING, await latest()), "his").to.deep.equal([buyer, maker]);
        const others = new Set([...accounts].filter((account) => account !== buyer && account !== maker));
        expect(await lookout.whom(others, NOTHING, await latest()), "another's").to.deep.equal([]);
        expect([...lookout.books().keys()]).to.have.members([...others]);
    });

    it("should name whoever holds what has no price", async () => {
        const cast = await loadFixture(fixture);
        const lookout = createLookout(readerOf(cast.world), OPTIONS);
        const accounts = new Set(people(cast));
        await lookout.whom(accounts, NOTHING, await latest());
        lookout.told([]);
        await connection.networkHelpers.time.increase(3 * DAY);
        const named = await lookout.whom(accounts, NOTHING, await latest());
        expect(named, "everybody needs the settlement coin's price").to.have.lengthOf(4);
    });

    it("should take a debt for no less than it has grown to, and a claim for no more than it is worth", () => {
        const then = {supplyIndexE27: 10n ** 27n, borrowIndexE27: 10n ** 27n};
        const grown = {supplyIndexE27: 2n * 10n ** 27n, borrowIndexE27: 11n * 10n ** 26n};
        expect(leastCash(-100n, then, grown), "debt").to.equal(-111n);
        expect(leastCash(-100n, then, then), "debt at once").to.equal(-101n);
        expect(leastCash(100n, then, grown), "claim with interest").to.equal(100n);
        expect(leastCash(101n, then, {...then, supplyIndexE27: 5n * 10n ** 26n}), "claim written down").to.equal(50n);
        expect(leastCash(0n, then, grown), "nothing").to.equal(0n);
    });
});

describe("keeper: with a lookout", () => {
    const folder = mkdtempSync(join(tmpdir(), "lookout-"));
    after(() => rmSync(folder, {recursive: true}));

    it("should sell an account that a price makes short, and read no other", async () => {
        const cast = await loadFixture(fixture);
        const {world, rich, buyer} = cast;
        const config = parseKeeperConfig({
            rpcUrl: "http://127.0.0.1:8545",
            chainId: String((await connection.ethers.provider.getNetwork()).chainId),
            contracts: contractsOf(world),
            account: `${rich.owner.address}/0`,
            sweepEverySeconds: 100_000,
            stateFile: join(folder, "state.json"),
            journalFile: join(folder, "journal.jsonl"),
            dryRun: false,
        });
        const chain = {provider: connection.ethers.provider, signer: rich.owner};
        const {memory, parts} = await createKeeper(config, chain, logWith(createLogger("keeper", "silent")));
        const read: AccountId[][] = [];
        const reader = {
            ...parts.reader,
            // The test chain's tips are above what the pay allows for.
            market: async () => {
                const market = await parts.reader.market();
                return {...market, feePerGasWei: market.baseFeeWei};
            },
            accounts: (ids: readonly AccountId[], block: number) => {
                read.push([...ids]);
                return parts.reader.accounts(ids, block);
            },
        };
        const spied = {...parts, reader};
        let now = await tick(memory, spied);
        expect([...(read.pop() ?? [])], "sweep").to.include.members(people(cast));
        now = await tick(now, spied);
        expect(read.pop(), "nothing happened").to.deep.equal([]);
        await move(world, {[BTC]: usd(40_000)});
        now = await tick(now, spied);
        expect(read.pop(), "short").to.deep.equal([idOf(buyer)]);
        expect((await world.all.liquidator.auction(idOf(buyer))).startedAt, "started").to.be.greaterThan(0n);
        await pass(world, 600);
        await tick(now, spied);
        expect(read.pop(), "in auction, and whom its start has paid").to.include(idOf(buyer));
        const {equityE18, maintenanceE18} = await world.all.riskEngine.assess(idOf(buyer));
        expect(equityE18, "sold until healthy").to.be.at.least(maintenanceE18);
    });
});
