import {expect} from "chai";
import type {ContractTransactionResponse} from "ethers";

import {decodeLog} from "../../scripts/chain/events.js";
import {applyEvent, booksOf, cashE18, emptyLedger, sizeSums} from "../../scripts/chain/ledger.js";
import type {Ledger} from "../../scripts/chain/ledger.js";
import {assessAll, readStanding, solvencyOf} from "../../scripts/chain/solvency.js";
import {accountId} from "../../scripts/sdk/ids.js";
import {decodeInstrument, future, option, perp} from "../../scripts/sdk/instruments.js";
import type {InstrumentId} from "../../scripts/sdk/instruments.js";
import {followToHead} from "../../scripts/store/follow.js";
import {prove} from "../../scripts/store/prove.js";
import {openSource} from "../../scripts/store/source.js";
import {openStore} from "../../scripts/store/store.js";
import {randomFrom} from "../support/bits.js";
import type {Random} from "../support/bits.js";
import {followOf, sourceOf} from "../support/history.js";
import {plain, stored} from "../support/stored.js";
import {
    BTC,
    createChain,
    DAY,
    deployWorld,
    deposit,
    E18,
    ETH,
    EVERYTHING,
    expiryAhead,
    figuresOf,
    fundBackstop,
    HOUR,
    idOf,
    move,
    now,
    offer,
    pass,
    report,
    settleExpiry,
    trade,
    UNDERLYINGS,
    USD,
    usd,
} from "../support/world.js";
import type {Leg, Side, World} from "../support/world.js";

const connection = await createChain();
const SEED = 20_200_312n;
const ACTIONS = 90;
const TRADERS = 5;
const ROOMS = ["vault", "clearinghouse", "liquidator"] as const;

type Day = {world: World; random: Random; sides: Side[]; traders: Side[]; keepers: Side[]; done: Map<string, number>};

/** Runs one call; what the protocol refuses by name is part of the day. */
async function attempt(day: Day, name: string, call: () => Promise<unknown>): Promise<void> {
    try {
        await call();
        day.done.set(name, (day.done.get(name) ?? 0) + 1);
    } catch (error) {
        if (!(error instanceof Error) || !error.message.includes("reverted with custom error")) throw error;
    }
}

function someLegs({world, random}: Day, expiries: readonly number[]): Leg[] {
    const legs = new Map<InstrumentId, Leg>();
    const wanted = random.between(1n, 3n);
    while (BigInt(legs.size) < wanted) {
        const underlying = random.pick(UNDERLYINGS);
        const spot = world.spotE18.get(underlying)!;
        const expiry = random.pick(expiries);
        const strike = (underlying === BTC ? 52_000n : 2600n) * 10n ** 8n;
        const series = random.pick([
            perp(underlying),
            perp(underlying),
            future(underlying, expiry),
            option("CALL", underlying, expiry, strike),
            option("PUT", underlying, expiry, strike),
        ]);
        const isOption = ["CALL", "PUT"].includes(decodeInstrument(series).kind);
        const priceE18 = isOption ? spot / random.between(20n, 60n) : spot + (spot / 1000n) * random.between(-5n, 5n);
        const sizeE18 = random.between(1n, 2000n) * (underlying === BTC ? E18 / 1000n : E18 / 50n);
        legs.set(series, {instrument: series, sizeE18: random.below(2n) === 0n ? sizeE18 : -sizeE18, priceE18});
    }
    return [...legs.values()];
}

async function tradeSomething(day: Day, expiries: readonly number[]): Promise<void> {
    const {world, random, traders} = day;
    const maker = random.pick(traders);
    const taker = random.pick(traders.filter((side) => side !== maker));
    const item = await offer(world, maker, taker, someLegs(day, expiries), {group: random.between(1n, 3n)});
    const {clearinghouse} = world.all;
    const part = {...item, unitsE18: E18 / 2n};
    if (random.below(3n) === 0n) {
        const other = await offer(world, taker, maker, someLegs(day, expiries));
        await attempt(day, "fillMany", () =>
            clearinghouse.connect(taker.owner).fillMany([item, {...other, taker: idOf(maker)}]),
        );
        await attempt(day, "fillMany", () => clearinghouse.connect(taker.owner).fillMany([part, part]));
    } else {
        await attempt(day, "fill", () => clearinghouse.connect(taker.owner).fill(part));
        await attempt(day, "fill", () => clearinghouse.connect(taker.owner).fill(part));
    }
}

async function moveMoney(day: Day): Promise<void> {
    const {world, random, traders, sides} = day;
    const {vault} = world.all;
    const side = random.pick(traders);
    const [symbol, amountNative] = random.pick([
        ["USDC", 15_000n * USD],
        ["USDC", 40_000n * USD],
        ["WETH", 5n * E18],
        ["WBTC", 10n ** 7n],
        ["USDT", 9_999n * USD],
    ] as const);
    const token = world.deployment.tokens[symbol]!;
    const amount = random.between(1n, amountNative);
    const way = random.below(4n);
    if (way === 0n) await deposit(world, side, symbol, amount);
    else if (way === 1n) {
        const amountE18 = amount * 10n ** BigInt(18 - token.decimals);
        const to = random.pick(sides);
        await attempt(day, "transfer", () =>
            vault.connect(side.owner).transfer(idOf(side), idOf(to), token.address, amountE18),
        );
    } else {
        await attempt(day, "withdraw", () =>
            vault.connect(side.owner).withdraw(idOf(side), token.address, amount, side.owner.address),
        );
    }
}

async function changeRights(day: Day): Promise<void> {
    const {world, random, traders} = day;
    const {vault, clearinghouse} = world.all;
    const side = random.pick(traders);
    const way = random.below(5n);
    if (way === 0n) await clearinghouse.connect(side.owner).cancelAll(idOf(side));
    else if (way === 1n) await clearinghouse.connect(side.owner).cancelGroup(idOf(side), 3n);
    else if (way === 2n) {
        await attempt(day, "setModel", () => vault.connect(side.owner).setModel(idOf(side), random.below(2n)));
    } else {
        const operator = random.pick(traders).owner.address;
        const expiresAt = (await now(world)) + DAY;
        await vault.connect(side.owner).setOperator(idOf(side), operator, random.below(16n), expiresAt);
    }
}

async function liquidate(day: Day): Promise<void> {
    const {world, random, sides, keepers} = day;
    const {liquidator} = world.all;
    const keeper = random.pick(keepers);
    for (const side of sides) {
        const {equityE18, maintenanceE18} = await figuresOf(world, side);
        const runs = (await liquidator.auction(idOf(side))).startedAt !== 0n;
        if (keepers.includes(side) || (equityE18 >= maintenanceE18 && !runs)) continue;
        if (!runs) {
            await attempt(day, "start", () =>
                liquidator.connect(keeper.owner).start(idOf(side), EVERYTHING, idOf(keeper)),
            );
        }
        if (random.below(3n) === 0n) continue;
        const fraction = random.below(2n) === 0n ? E18 : E18 / 20n;
        const call = (): Promise<ContractTransactionResponse> =>
            liquidator.connect(keeper.owner).take(idOf(side), idOf(keeper), fraction, (1n << 255n) - 1n, "0x");
        await attempt(day, "take", call);
        await attempt(day, "cancel", () => liquidator.cancel(idOf(side)));
        await attempt(day, "recordInsolvency", () => liquidator.recordInsolvency(idOf(side)));
    }
}

async function moveMarket({world, random}: Day): Promise<void> {
    const moved = (underlying: number): bigint => {
        const spot = world.spotE18.get(underlying)!;
        return ((spot + (spot / 100n) * random.between(-9n, 9n)) / 10n ** 10n) * 10n ** 10n;
    };
    await move(world, {[BTC]: moved(BTC), [ETH]: moved(ETH)});
}

async function act(day: Day, expiries: readonly number[]): Promise<void> {
    const {world, random} = day;
    const way = random.below(12n);
    if (way < 4n) await tradeSomething(day, expiries);
    else if (way < 6n) await moveMoney(day);
    else if (way < 8n) await moveMarket(day);
    else if (way === 8n) await pass(world, Number(random.between(60n, 2n * BigInt(HOUR))));
    else if (way === 9n) await changeRights(day);
    else if (way === 10n) await world.all.clearinghouse.accrueFunding(random.pick(UNDERLYINGS));
    else await liquidate(day);
}

/** A day with everything in it: random actions, an expiry, then a crash that the backstop cannot pay. */
async function live(): Promise<Day> {
    const world = await deployWorld(connection);
    const traders = world.owners.slice(0, TRADERS).map((owner) => ({owner}));
    const keepers = world.owners.slice(TRADERS, TRADERS + 2).map((owner) => ({owner}));
    const second: Side = {owner: traders[0]!.owner, sub: 7n};
    const sides = [...traders, second, ...keepers];
    const day: Day = {world, random: randomFrom(SEED), sides, traders, keepers, done: new Map()};
    for (const side of traders) await deposit(world, side, "USDC", 60_000n * USD);
    await deposit(world, traders[1]!, "WETH", 20n * E18);
    for (const side of keepers) await deposit(world, side, "USDC", 400_000n * USD);
    await fundBackstop(world, {owner: world.owners[TRADERS + 2]!}, 500n * USD);
    const expiries = [await expiryAhead(world, 1), await expiryAhead(world, 4)];
    await report(world);
    for (let step = 0; step < ACTIONS; step++) await act(day, expiries);

    const [first] = expiries;
    await connection.networkHelpers.time.increaseTo(Math.max(first!, (await now(world)) + 1) + HOUR);
    await report(world);
    for (const underlying of UNDERLYINGS) await settleExpiry(world, underlying, first!);
    await world.all.clearinghouse.settleAccount(idOf(traders[0]!));
    await roundTrip(day);
    await crash(day);
    return day;
}

/** Two accounts that open and close again: the entry costs that are left over become cash. */
async function roundTrip({world, sides, traders}: Day): Promise<void> {
    const pair = traders.slice(1, 3).map(({owner}) => ({owner, sub: 9n})) as [Side, Side];
    sides.push(...pair);
    for (const side of pair) await deposit(world, side, "USDC", 20_000n * USD);
    const priceE18 = world.spotE18.get(BTC)!;
    const leg = {instrument: perp(BTC), sizeE18: E18 / 20n};
    await trade(world, ...pair, [{...leg, priceE18}]);
    await trade(world, ...pair, [{...leg, sizeE18: -leg.sizeE18, priceE18: priceE18 + priceE18 / 1000n}]);
}

/** One leveraged long after the other falls through what it has. */
async function crash(day: Day): Promise<void> {
    const {world, sides, keepers} = day;
    const [keeper, other] = keepers as [Side, Side];
    const lost: Side = {owner: world.owners[TRADERS + 3]!};
    sides.push(lost);
    await deposit(world, lost, "USDC", 60_000n * USD);
    const spot = world.spotE18.get(BTC)!;
    const sizeE18 = ((usd(200_000) * E18) / spot / 10n ** 12n) * 10n ** 12n;
    await trade(world, other, lost, [{instrument: perp(BTC), sizeE18: -sizeE18, priceE18: spot}]);
    await move(world, {[BTC]: (spot / 2n / 10n ** 10n) * 10n ** 10n});
    const {liquidator} = world.all;
    await liquidator.connect(keeper.owner).start(idOf(lost), EVERYTHING, idOf(keeper));
    await pass(world, 600);
    await liquidator.connect(keeper.owner).take(idOf(lost), idOf(keeper), E18, (1n << 255n) - 1n, "0x");
}

async function replay({world}: Day): Promise<{ledger: Ledger; names: Map<string, number>}> {
    const logs = await connection.ethers.provider.getLogs({
        fromBlock: world.deployment.block,
        address: ROOMS.map((room) => world.deployment.contracts[room]),
    });
    const ledger = emptyLedger();
    const names = new Map<string, number>();
    for (const log of logs) {
        const event = decodeLog(log);
        if (!event) throw new Error(`An event of ${log.address} that the kit's ABI does not know: ${log.topics[0]}`);
        names.set(event.name, (names.get(event.name) ?? 0) + 1);
        applyEvent(ledger, event);
    }
    return {ledger, names};
}

/** Books from events, the market from the oracles, figures by the twin: what the engine says, an hour after the last event. */
async function agreesWithTheChain({world}: Day): Promise<void> {
    await pass(world, HOUR);
    await report(world);
    const source = {provider: connection.ethers.provider, deployment: world.deployment};
    const standing = await readStanding(source);
    const at = {blockTag: standing.block};
    const judged = assessAll(standing, standing.market);
    for (const [account, one] of judged) {
        const {equityE18, initialE18, maintenanceE18} = await world.all.riskEngine.assess(account, at);
        expect(one, account).to.deep.include({equityE18, initialE18, maintenanceE18});
    }
    const found = await solvencyOf(standing, source);
    const differences = found.counts.filter(({booksE18, contractE18}) => booksE18 !== contractE18);
    expect(differences, "counted twice").to.deep.equal([]);
    expect(found).to.include({holds: true, accounts: judged.size});
    expect(found.unpriced).to.deep.equal([]);
    expect(found.lossesE18.backstop + found.lossesE18.writtenDown > 0n, "a day with a loss").to.equal(true);
}

describe("replay", function () {
    this.timeout(600_000);
    let day: Day;

    before("a day with every feature", async () => {
        day = await live();
    });

    it("EVT-1: should be proven by the indexer's store", async () => {
        const {world} = day;
        const store = await openStore(":memory:");
        const source = await openSource(store, sourceOf(world));
        await followToHead(store, source, followOf(world, {snapshotEvery: 100}));
        const {differences, accounts, figures} = await prove(store, source, connection.ethers.provider);
        expect(differences, "differences").to.deep.equal([]);
        expect(accounts, "accounts").to.be.gte(day.sides.length);
        expect(figures, "figures").to.be.gt(100);
        const past = await prove(store, source, connection.ethers.provider, {block: world.deployment.block + 300});
        expect(past.differences, "in the past").to.deep.equal([]);
        await store.close();
    });

    it("EVT-1: should rebuild all books from events alone after a day with every feature", async () => {
        const {world, sides} = day;
        const {vault, clearinghouse} = world.all;
        const blockTag = (await (await vault.accrue()).wait())!.blockNumber;
        const {ledger, names} = await replay(day);

        const accounts = new Set([...sides.map(idOf), accountId(world.deployment.contracts.backstop)]);
        for (const known of ledger.accounts.keys()) expect(accounts, "a stranger").to.include(known);
        for (const account of accounts) {
            const books = booksOf(ledger, account);
            expect(plain(books), account).to.deep.equal(plain(await stored(day.world, day.traders, account, blockTag)));
            expect(cashE18(ledger, books), `cash of ${account}`).to.equal(await vault.cashOf(account, {blockTag}));
        }

        const totals = await vault.cashTotals({blockTag});
        expect(ledger.supplyIndexE27, "supply index").to.equal(totals.supplyIndexE27);
        expect(ledger.borrowIndexE27, "borrow index").to.equal(totals.borrowIndexE27);
        expect(ledger.netSettledE18, "settled ahead").to.equal(totals.netSettledE18);
        for (const underlying of UNDERLYINGS) {
            const {cumulativeFundingE18, premiumE18} = await clearinghouse.perpState(underlying);
            expect(ledger.funding.get(underlying), `funding of ${underlying}`).to.deep.equal({
                cumulativeE18: cumulativeFundingE18,
                premiumE18,
            });
            const sizes = [...ledger.accounts.values()].flatMap((books) => [...books.sizeE18]);
            const long = sizes.filter(([id, size]) => size > 0n && decodeInstrument(id).underlying === underlying);
            expect(await clearinghouse.openInterestE18(underlying), "LED-4").to.equal(
                long.reduce((sum, [, size]) => sum + size, 0n),
            );
        }
        for (const [key, priceE18] of ledger.settlements) {
            const [underlying, expiry] = key.split(":").map(Number);
            expect(await clearinghouse.settlementPriceE18(underlying!, expiry!), key).to.equal(priceE18);
        }
        for (const [hash, filledE18] of ledger.fills) {
            expect(await clearinghouse.filledE18(hash), hash).to.equal(filledE18);
        }
        for (const [id, sum] of sizeSums(ledger)) {
            const {underlying, expiry} = decodeInstrument(id);
            if (!ledger.settlements.has(`${underlying}:${expiry}`)) expect(sum, "LED-1").to.equal(0n);
        }

        await agreesWithTheChain(day);

        // The day is worth nothing if it leaves out what the events are for.
        const needed = [
            "CashChanged",
            "CollateralChanged",
            "PositionChanged",
            "QuoteFigureChanged",
            "InterestAccrued",
            "LossSocialised",
            "NetSettledChanged",
            "FundingAccrued",
            "PremiumSampled",
            "ExpirySettled",
            "AccountSettled",
            "QuoteFilled",
            "OperatorSet",
            "ModelSet",
            "AllCancelled",
            "AuctionStarted",
            "InsolvencyRecorded",
            "SliceTaken",
            "AuctionEnded",
        ];
        expect(needed.filter((name) => !names.has(name))).to.deep.equal([]);
        expect(ETH in Object.fromEntries(ledger.funding)).to.equal(true);
    });
});
