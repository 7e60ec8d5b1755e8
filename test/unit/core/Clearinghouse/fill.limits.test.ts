import {expect} from "chai";
import {network} from "hardhat";

import {
    BTC,
    BTC_FUTURE,
    BTC_INDEX,
    BTC_PERP,
    call,
    CAP,
    DAILY,
    deployHouse,
    deposit,
    E18,
    ETH_INDEX,
    ETH_PERP,
    eventsOf,
    LISTING,
    MONTHLY,
    portfolio,
    START,
    trade,
} from "./fixture.js";
import type {FillTerms, World} from "./fixture.js";

const {ethers, networkHelpers} = await network.create({override: {initialDate: START}});
const {loadFixture, time} = networkHelpers;
const fixture = (): Promise<World> => deployHouse(ethers);

const perpLeg = (size: bigint, price = BTC_INDEX): FillTerms["legs"][number] => ({
    instrument: BTC_PERP,
    size,
    price,
});

/** Alice makes, Bob takes. */
const between = (world: World, terms: Omit<FillTerms, "maker" | "taker"> & Partial<FillTerms>): FillTerms => ({
    maker: world.alice,
    taker: world.bob,
    ...terms,
});

describe("Clearinghouse.fill: limits", () => {
    context("given positions up to the cap", () => {
        const fillUp = async (world: World, count: number): Promise<void> => {
            for (let from = 0; from < count; from += 8) {
                const legs = Array.from({length: Math.min(8, count - from)}, (_, n) => ({
                    instrument: call(1_000n + 100n * BigInt(from + n), MONTHLY),
                    size: E18,
                    price: E18,
                }));
                await trade(ethers, world, between(world, {legs}));
            }
        };

        it("should hold exactly the cap, refuse one more, and let go again", async () => {
            const world = await loadFixture(fixture);
            await fillUp(world, CAP);
            const {positions} = await portfolio(world, world.alice);
            expect(positions.length).to.equal(CAP);
            const ids = positions.map(([id]) => id);
            expect(ids, "ascending").to.deep.equal([...ids].sort((a, b) => (a < b ? -1 : 1)));
            await expect(trade(ethers, world, between(world, {legs: [perpLeg(E18)]})))
                .to.be.revertedWithCustomError(world.house, "Clearinghouse_TooManyPositions")
                .withArgs(world.alice.account, CAP);
            const first = {instrument: call(1_000n, MONTHLY), size: -E18, price: E18};
            await trade(ethers, world, between(world, {legs: [first]}));
            await trade(ethers, world, between(world, {legs: [perpLeg(E18)]}));
            const after = await portfolio(world, world.alice);
            expect(after.positions.length).to.equal(CAP);
            expect(after.positions[0], "sorted although it took the freed slot").to.deep.equal([BTC_PERP, E18]);
            expect(await world.house.positionCap()).to.equal(CAP);
        });

        it("should name the taker when his list is full", async () => {
            const world = await loadFixture(fixture);
            await fillUp(world, CAP);
            await expect(trade(ethers, world, {maker: world.carol, taker: world.bob, legs: [perpLeg(E18)]}))
                .to.be.revertedWithCustomError(world.house, "Clearinghouse_TooManyPositions")
                .withArgs(world.bob.account, CAP);
        });
    });

    context("given a requirement", () => {
        const short = 5_000_000n * E18;

        it("CLR-1: should refuse an opening trade that initial margin does not cover", async () => {
            const world = await loadFixture(fixture);
            await world.engine.setRate(E18 / 10n);
            // 250 BTC need 1,250,000 of initial margin; a million is there.
            await expect(trade(ethers, world, between(world, {legs: [perpLeg(250n * E18)]})))
                .to.be.revertedWithCustomError(world.house, "Clearinghouse_InsufficientMargin")
                .withArgs(world.alice.account, 1_000_000n * E18, -250_000n * E18);
            await trade(ethers, world, between(world, {legs: [perpLeg(200n * E18)]}));
        });

        it("should check the taker as well", async () => {
            const world = await loadFixture(fixture);
            await world.engine.setRate(E18 / 10n);
            await deposit(world, world.alice.account, 5_000_000n);
            await expect(trade(ethers, world, between(world, {legs: [perpLeg(250n * E18)]})))
                .to.be.revertedWithCustomError(world.house, "Clearinghouse_InsufficientMargin")
                .withArgs(world.bob.account, 1_000_000n * E18, -250_000n * E18);
        });

        it("should let a short account reduce, mark nothing, and refuse a price that lowers its excess", async () => {
            const world = await loadFixture(fixture);
            await trade(ethers, world, between(world, {legs: [perpLeg(200n * E18)]}));
            await deposit(world, world.bob.account, 5_000_000n);
            await world.engine.setRate(E18 / 5n);
            // Alice: equity 1,000,000, requirement 2,000,000. Ten units less lower it by 100,000.
            const worse = {legs: [perpLeg(-10n * E18, 39_000n * E18)]};
            await expect(trade(ethers, world, between(world, worse)))
                .to.be.revertedWithCustomError(world.house, "Clearinghouse_InsufficientMargin")
                .withArgs(world.alice.account, -1_000_000n * E18, -1_010_000n * E18);
            const before = await world.vault.lastCheckedBlock(world.alice.account);
            const receipt = await trade(ethers, world, between(world, {legs: [perpLeg(-10n * E18)]}));
            expect(await world.vault.lastCheckedBlock(world.alice.account), "no full check").to.equal(before);
            expect(await world.vault.lastCheckedBlock(world.bob.account), "a full check").to.equal(receipt.blockNumber);
            const checked = eventsOf(world, receipt, "AccountChecked");
            expect(checked).to.deep.equal([
                {
                    account: world.alice.account,
                    equityE18: 1_000_000n * E18,
                    initialE18: 1_900_000n * E18,
                    maintenanceE18: 1_900_000n * E18,
                },
                {
                    account: world.bob.account,
                    equityE18: 6_000_000n * E18,
                    initialE18: 1_900_000n * E18,
                    maintenanceE18: 1_900_000n * E18,
                },
            ]);
        });

        it("CLR-1: should compare with the whole book before the trade: cash, sizes and figures of every underlying", async () => {
            const world = await loadFixture(fixture);
            const book = [
                perpLeg(150n * E18, 49_000n * E18),
                {instrument: call(60_000n), size: 5n * E18, price: 401n},
                {instrument: BTC_FUTURE, size: -20n * E18, price: BTC_INDEX + 7n},
                {instrument: ETH_PERP, size: 100n * E18, price: ETH_INDEX - 3n},
            ];
            await trade(ethers, world, between(world, {legs: [{...book[1]!, instrument: call(70_000n)}]}));
            await trade(ethers, world, between(world, {legs: book}));
            // The first option leaves the list, so that storage is out of order.
            await trade(
                ethers,
                world,
                between(world, {legs: [{...book[1]!, instrument: call(70_000n), size: -5n * E18}]}),
            );
            await deposit(world, world.bob.account, 50_000_000n);
            await world.engine.setOptionPrice(call(60_000n), 1_234n * E18);
            await world.engine.setRate(E18 / 2n);
            const before = await world.engine.assess(world.alice.account);
            expect(before.equityE18 < before.initialE18, "alice is short").to.equal(true);
            const worse = [
                perpLeg(-E18, 1_000n * E18),
                {instrument: call(60_000n), size: -5n * E18, price: 1n},
                {instrument: BTC_FUTURE, size: 20n * E18, price: 3n * BTC_INDEX},
                {instrument: ETH_PERP, size: -100n * E18, price: 1n},
            ];
            await expect(trade(ethers, world, between(world, {legs: worse})))
                .to.be.revertedWithCustomError(world.house, "Clearinghouse_InsufficientMargin")
                .withArgs(
                    world.alice.account,
                    before.equityE18 - before.initialE18,
                    (after: bigint) => after < before.equityE18 - before.initialE18,
                );
        });

        it("should allow a reduction at which the excess stays exactly the same", async () => {
            const world = await loadFixture(fixture);
            await trade(ethers, world, between(world, {legs: [perpLeg(200n * E18)]}));
            await deposit(world, world.bob.account, 5_000_000n);
            await world.engine.setRate(E18 / 5n);
            await trade(ethers, world, between(world, {legs: [perpLeg(-10n * E18, 40_000n * E18)]}));
            expect(await world.house.sizeOf(world.alice.account, BTC_PERP)).to.equal(190n * E18);
        });

        it("CLR-1: should refuse to add while short", async () => {
            const world = await loadFixture(fixture);
            await trade(ethers, world, between(world, {legs: [perpLeg(200n * E18)]}));
            await deposit(world, world.bob.account, short / E18);
            await world.engine.setRate(E18 / 5n);
            await expect(trade(ethers, world, between(world, {legs: [perpLeg(E18)]})))
                .to.be.revertedWithCustomError(world.house, "Clearinghouse_InsufficientMargin")
                .withArgs(world.alice.account, -1_000_000n * E18, -1_010_000n * E18);
        });
    });

    context("given an open-interest cap", () => {
        it("should stop what passes it, and what adds above a lowered cap, but never a reduction", async () => {
            const world = await loadFixture(fixture);
            await world.house.setListing(BTC, {...LISTING, openInterestCapE18: 10n * E18});
            await expect(trade(ethers, world, between(world, {legs: [perpLeg(10n * E18 + 1n)]})))
                .to.be.revertedWithCustomError(world.house, "Clearinghouse_OpenInterestCap")
                .withArgs(BTC, 10n * E18 + 1n, 10n * E18);
            await trade(ethers, world, between(world, {legs: [perpLeg(10n * E18)]}));
            await world.house.setListing(BTC, {...LISTING, openInterestCapE18: 5n * E18});
            await trade(ethers, world, between(world, {legs: [perpLeg(-E18)]}));
            await trade(ethers, world, {maker: world.alice, taker: world.carol, legs: [perpLeg(-E18)]});
            expect(await world.house.openInterestE18(BTC), "a transfer of a long adds nothing").to.equal(9n * E18);
            await expect(trade(ethers, world, between(world, {legs: [perpLeg(1n)]})))
                .to.be.revertedWithCustomError(world.house, "Clearinghouse_OpenInterestCap")
                .withArgs(BTC, 9n * E18 + 1n, 5n * E18);
        });

        it("should judge a quote's legs of one underlying together", async () => {
            const world = await loadFixture(fixture);
            await trade(ethers, world, between(world, {legs: [perpLeg(10n * E18)]}));
            await world.house.setListing(BTC, {...LISTING, openInterestCapE18: 10n * E18});
            const roll = [perpLeg(-4n * E18), {instrument: BTC_FUTURE, size: 4n * E18, price: BTC_INDEX}];
            await trade(ethers, world, between(world, {legs: roll}));
            expect(await world.house.openInterestE18(BTC)).to.equal(10n * E18);
        });
    });

    context("given an instrument that cannot be opened", () => {
        const listed = (world: World, active: boolean): Promise<unknown> =>
            world.house.setListing(BTC, {...LISTING, active});

        it("should refuse unknown underlyings, strikes off the step and malformed ids", async () => {
            const world = await loadFixture(fixture);
            const ids = [
                3n << 112n,
                call(60_050n),
                call(900n),
                call(60_000n, DAILY + 1),
                (1n << 112n) | 5n,
                (1n << 112n) | (BigInt(DAILY) << 72n) | (1n << 64n) | 7n,
                (1n << 112n) | (BigInt(DAILY) << 72n),
                (1n << 112n) | (BigInt(DAILY) << 72n) | (9n << 64n),
            ];
            for (const instrument of ids) {
                await expect(
                    trade(ethers, world, between(world, {legs: [{instrument, size: E18, price: E18}]})),
                    String(instrument),
                )
                    .to.be.revertedWithCustomError(world.house, "Clearinghouse_NotTradable")
                    .withArgs(instrument);
            }
        });

        it("should let both sides reduce on an inactive listing, and nobody open or cross zero", async () => {
            const world = await loadFixture(fixture);
            await trade(ethers, world, between(world, {legs: [perpLeg(2n * E18)]}));
            await listed(world, false);
            for (const terms of [
                {legs: [perpLeg(E18)]},
                {legs: [perpLeg(-3n * E18)]},
                {legs: [perpLeg(-E18)], taker: world.carol},
            ]) {
                await expect(trade(ethers, world, between(world, terms)))
                    .to.be.revertedWithCustomError(world.house, "Clearinghouse_NotTradable")
                    .withArgs(BTC_PERP);
            }
            await trade(ethers, world, between(world, {legs: [perpLeg(-2n * E18)]}));
            expect((await portfolio(world, world.alice)).positions).to.deep.equal([]);
        });

        it("should refuse every trade of an expired series, reductions too", async () => {
            const world = await loadFixture(fixture);
            const leg = {instrument: BTC_FUTURE, size: E18, price: BTC_INDEX};
            await trade(ethers, world, between(world, {legs: [leg]}));
            await time.increaseTo(DAILY);
            await expect(trade(ethers, world, between(world, {legs: [{...leg, size: -E18}]})))
                .to.be.revertedWithCustomError(world.house, "Clearinghouse_NotTradable")
                .withArgs(BTC_FUTURE);
        });
    });

    context("given paused opening", () => {
        it("should let two reductions meet and name the side that would open", async () => {
            const world = await loadFixture(fixture);
            await trade(ethers, world, between(world, {legs: [perpLeg(2n * E18)]}));
            await world.house.pauseOpening();
            const refused: [FillTerms, string][] = [
                [between(world, {legs: [perpLeg(E18)]}), world.alice.account],
                [between(world, {legs: [perpLeg(-3n * E18)]}), world.alice.account],
                [between(world, {legs: [perpLeg(-E18)], taker: world.carol}), world.carol.account],
                [between(world, {legs: [perpLeg(E18)], maker: world.carol}), world.carol.account],
            ];
            for (const [terms, account] of refused) {
                await expect(trade(ethers, world, terms))
                    .to.be.revertedWithCustomError(world.house, "Clearinghouse_OpeningPaused")
                    .withArgs(account, BTC_PERP);
            }
            await trade(ethers, world, between(world, {legs: [perpLeg(-E18)]}));
            await trade(ethers, world, between(world, {legs: [perpLeg(-E18)]}));
            expect((await portfolio(world, world.bob)).positions).to.deep.equal([]);
            await world.house.unpauseOpening();
            await trade(ethers, world, between(world, {legs: [perpLeg(E18)]}));
        });
    });
});
