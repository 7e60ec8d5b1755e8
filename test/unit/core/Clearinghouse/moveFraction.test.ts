import {expect} from "chai";
import {network} from "hardhat";

import {decodeInstrument} from "../../../../scripts/sdk/instruments.js";
import {randomFrom} from "../../../support/bits.js";
import {
    BTC,
    BTC_FUTURE,
    BTC_INDEX,
    BTC_PERP,
    call,
    CAP,
    deployHouse,
    E18,
    ETH,
    ETH_INDEX,
    ETH_PERP,
    eventsOf,
    MONTHLY,
    portfolio,
    START,
    trade,
} from "./fixture.js";
import type {LegTerms, World} from "./fixture.js";

const {ethers, networkHelpers} = await network.create({override: {initialDate: START}});
const {loadFixture} = networkHelpers;
const fixture = (): Promise<World> => deployHouse(ethers);
const START_CASH = 1_000_000n * E18;

describe("Clearinghouse.moveFraction", () => {
    const withBook = async (): Promise<World> => {
        const world = await loadFixture(fixture);
        const legs = [
            {instrument: BTC_PERP, size: 4n * E18, price: BTC_INDEX},
            {instrument: BTC_FUTURE, size: -3n, price: BTC_INDEX},
            {instrument: call(60_000n), size: -7n, price: E18},
            {instrument: ETH_PERP, size: 5n * E18, price: ETH_INDEX},
        ];
        await trade(ethers, world, {maker: world.alice, taker: world.bob, legs});
        return world;
    };

    it("should move a fraction of every size and figure, each toward zero", async () => {
        const world = await withBook();
        await world.liquidator.move(world.alice.account, world.carol.account, E18 / 2n);
        expect((await portfolio(world, world.carol)).positions).to.deep.equal([
            [BTC_PERP, 2n * E18],
            [BTC_FUTURE, -1n],
            [call(60_000n), -3n],
            [ETH_PERP, (5n * E18) / 2n],
        ]);
        expect((await portfolio(world, world.alice)).positions).to.deep.equal([
            [BTC_PERP, 2n * E18],
            [BTC_FUTURE, -2n],
            [call(60_000n), -4n],
            [ETH_PERP, (5n * E18) / 2n],
        ]);
        const btc = -200_000n * E18 + 150_000n;
        expect(await world.house.quoteOf(world.carol.account, BTC)).to.equal(btc / 2n);
        expect(await world.house.quoteOf(world.alice.account, BTC)).to.equal(btc - btc / 2n);
    });

    it("should move everything, to the last unit, at a fraction of one", async () => {
        const world = await withBook();
        const before = await portfolio(world, world.alice);
        await world.liquidator.move(world.alice.account, world.carol.account, E18);
        const after = await portfolio(world, world.carol);
        expect({positions: after.positions, quotes: after.quotes}).to.deep.equal({
            positions: before.positions,
            quotes: before.quotes,
        });
        expect(await portfolio(world, world.alice)).to.deep.equal({cash: before.cash, positions: [], quotes: []});
        expect(await world.house.quoteOf(world.alice.account, BTC)).to.equal(0n);
    });

    it("should net against what the receiver holds and realise what is closed", async () => {
        const world = await loadFixture(fixture);
        const leg = {instrument: BTC_PERP, size: E18, price: BTC_INDEX};
        await trade(ethers, world, {maker: world.alice, taker: world.bob, legs: [leg]});
        const sale = {...leg, size: -E18, price: 51_000n * E18};
        await trade(ethers, world, {maker: world.carol, taker: world.bob, legs: [sale]});
        await world.liquidator.move(world.alice.account, world.carol.account, E18);
        expect(await portfolio(world, world.carol), "bought at 50,000, sold at 51,000").to.deep.equal({
            cash: START_CASH + 1_000n * E18,
            positions: [],
            quotes: [],
        });
        expect(await world.house.openInterestE18(BTC)).to.equal(0n);
    });

    it("should realise a figure that arrives without a position, because the size was too small to split", async () => {
        const world = await loadFixture(fixture);
        const leg = {instrument: BTC_PERP, size: 1n, price: BTC_INDEX};
        await trade(ethers, world, {maker: world.alice, taker: world.bob, legs: [leg]});
        await world.liquidator.move(world.alice.account, world.carol.account, E18 / 2n);
        expect((await portfolio(world, world.carol)).positions).to.deep.equal([]);
        expect(await world.house.quoteOf(world.carol.account, BTC)).to.equal(0n);
        expect((await portfolio(world, world.carol)).cash, "half of -50,000").to.equal(START_CASH - 25_000n);
        expect(await world.house.quoteOf(world.alice.account, BTC)).to.equal(-25_000n);
    });

    it("should leave no gap in either list and no size unaccounted for, whatever the books and the share", async () => {
        const instruments = [
            BTC_PERP,
            BTC_FUTURE,
            ETH_PERP,
            ...[50n, 55n, 60n, 65n].map((strike) => call(strike * 1_000n)),
        ];
        const random = randomFrom(7n);
        // Sizes of a few units vanish from one list or from the other.
        const size = (): bigint => random.between(-3n, 3n);
        for (let round = 0; round < 12; ++round) {
            const world = await loadFixture(fixture);
            const {alice, bob, carol} = world;
            const sizes = instruments.map(() => ({given: size() * random.pick([1n, 1_000n]), had: size()}));
            const legsOf = (which: "given" | "had"): LegTerms[] =>
                instruments.map((instrument, i) => ({instrument, size: sizes[i]![which], price: 0n}));
            const traded = (legs: LegTerms[]): LegTerms[] => legs.filter((leg) => leg.size !== 0n);
            await trade(ethers, world, {maker: alice, taker: bob, legs: traded(legsOf("given"))});
            await trade(ethers, world, {maker: carol, taker: bob, legs: traded(legsOf("had"))});
            const share = [E18, E18 / 2n, E18 / 3n, 1n][round % 4]!;
            await world.liquidator.move(alice.account, carol.account, share);
            const moved = sizes.map(({given}) => (given * share) / E18);
            const listed = (figures: bigint[]): [bigint, bigint][] =>
                instruments
                    .map((instrument, i): [bigint, bigint] => [instrument, figures[i]!])
                    .filter(([, figure]) => figure !== 0n)
                    .sort(([one], [other]) => (one < other ? -1 : 1));
            const left = sizes.map(({given}, i) => given - moved[i]!);
            const received = sizes.map(({had}, i) => had + moved[i]!);
            const sold = sizes.map(({given, had}) => -given - had);
            const name = `round ${round}`;
            expect((await portfolio(world, alice)).positions, name).to.deep.equal(listed(left));
            expect((await portfolio(world, carol)).positions, name).to.deep.equal(listed(received));
            const long = (underlying: number): bigint =>
                [left, received, sold]
                    .flatMap((figures) => listed(figures))
                    .filter(([instrument]) => decodeInstrument(instrument).underlying === underlying)
                    .reduce((sum, [, figure]) => (figure > 0n ? sum + figure : sum), 0n);
            for (const underlying of [BTC, ETH]) {
                expect(await world.house.openInterestE18(underlying), name).to.equal(long(underlying));
            }
        }
    });

    it("should report all that moves in one event, and nothing that does not", async () => {
        const world = await loadFixture(fixture);
        const legs = [
            {instrument: call(60_000n), size: -1n, price: E18},
            {instrument: BTC_PERP, size: 4n * E18, price: BTC_INDEX},
            {instrument: BTC_FUTURE, size: -8n, price: BTC_INDEX},
        ];
        await trade(ethers, world, {maker: world.alice, taker: world.bob, legs});
        const {alice, carol} = world;
        const receipt = (await (await world.liquidator.move(alice.account, carol.account, E18 / 4n)).wait())!;
        expect(eventsOf(world, receipt, "PositionsMoved")).to.deep.equal([
            {
                account: alice.account,
                keeper: carol.account,
                instruments: [BTC_PERP, BTC_FUTURE],
                movedE18: [E18, -2n],
            },
        ]);
        expect(eventsOf(world, receipt, "PositionChanged")).to.deep.equal([]);
        const part = -50_000n * E18 + 100_000n;
        expect(eventsOf(world, receipt, "QuoteFigureChanged")).to.deep.equal([
            {account: alice.account, underlying: 1n, deltaE18: -part, quoteAfterE18: 3n * part},
            {account: carol.account, underlying: 1n, deltaE18: part, quoteAfterE18: part},
        ]);
        const least = (await (await world.liquidator.move(carol.account, world.bob.account, 1n)).wait())!;
        expect(eventsOf(world, least, "PositionsMoved"), "one unit of one of them").to.deep.equal([
            {account: carol.account, keeper: world.bob.account, instruments: [BTC_PERP], movedE18: [1n]},
        ]);
        const nothing = (await (await world.liquidator.move(world.stranger.account, carol.account, E18)).wait())!;
        expect(eventsOf(world, nothing, "PositionsMoved"), "nothing to move").to.deep.equal([]);
    });

    it("should refuse to overfill the receiver's list", async () => {
        const world = await loadFixture(fixture);
        for (let from = 0; from < CAP; from += 8) {
            const legs = Array.from({length: 8}, (_, n) => ({
                instrument: call(1_000n + 100n * BigInt(from + n), MONTHLY),
                size: E18,
                price: 0n,
            }));
            await trade(ethers, world, {maker: world.carol, taker: world.bob, legs});
        }
        const leg = {instrument: BTC_PERP, size: E18, price: BTC_INDEX};
        const {alice, carol, stranger} = world;
        await trade(ethers, world, {maker: alice, taker: {...stranger, account: stranger.account}, legs: [leg]});
        await expect(world.liquidator.move(alice.account, carol.account, E18))
            .to.be.revertedWithCustomError(world.house, "Clearinghouse_TooManyPositions")
            .withArgs(carol.account, CAP);
    });

    it("should refuse a fraction above one, other callers, and a caller without the lock", async () => {
        const world = await withBook();
        const {house, liquidator, alice, carol, stranger} = world;
        await expect(liquidator.move(alice.account, carol.account, E18 + 1n))
            .to.be.revertedWithCustomError(house, "Clearinghouse_ParameterOutOfBounds")
            .withArgs(ethers.encodeBytes32String("fraction"), E18 + 1n, 0n, E18);
        await expect(house.connect(stranger.signer).moveFraction(alice.account, carol.account, E18))
            .to.be.revertedWithCustomError(house, "Clearinghouse_NotCore")
            .withArgs(stranger.address);
        await expect(liquidator.moveUnlocked(alice.account, carol.account, E18)).to.be.revertedWithCustomError(
            house,
            "Clearinghouse_LockNotHeld",
        );
    });
});
