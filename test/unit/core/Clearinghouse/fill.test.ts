import {expect} from "chai";
import {network} from "hardhat";

import {accountId} from "../../../../scripts/sdk/index.js";
import {
    BTC,
    BTC_FUTURE,
    BTC_INDEX,
    BTC_PERP,
    call,
    deployHouse,
    deposit,
    E18,
    ETH_INDEX,
    ETH_PERP,
    eventsOf,
    portfolio,
    prepare,
    put,
    RIGHT_TRADE,
    send,
    START,
    toStruct,
    trade,
    WEEKLY,
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

describe("Clearinghouse.fill", () => {
    context("given a perpetual", () => {
        it("should book equal and opposite sizes and quote figures and move no cash", async () => {
            const world = await loadFixture(fixture);
            await trade(ethers, world, between(world, {legs: [perpLeg(2n * E18)]}));
            expect(await portfolio(world, world.alice)).to.deep.equal({
                cash: 1_000_000n * E18,
                positions: [[BTC_PERP, 2n * E18]],
                quotes: [[BigInt(BTC), -100_000n * E18]],
            });
            expect(await portfolio(world, world.bob)).to.deep.equal({
                cash: 1_000_000n * E18,
                positions: [[BTC_PERP, -2n * E18]],
                quotes: [[BigInt(BTC), 100_000n * E18]],
            });
            expect(await world.house.openInterestE18(BTC)).to.equal(2n * E18);
        });

        it("should round the cost up for the buyer and give the seller exactly that", async () => {
            const world = await loadFixture(fixture);
            await trade(ethers, world, between(world, {legs: [perpLeg(1n, 3n * E18 - 1n)]}));
            expect(await world.house.quoteOf(world.alice.account, BTC), "buyer").to.equal(-3n);
            expect(await world.house.quoteOf(world.bob.account, BTC), "seller").to.equal(3n);
        });

        it("should round up for the buyer when the taker buys too", async () => {
            const world = await loadFixture(fixture);
            await trade(ethers, world, between(world, {legs: [perpLeg(-1n, 3n * E18 - 1n)]}));
            expect(await world.house.quoteOf(world.alice.account, BTC), "seller").to.equal(3n);
            expect(await world.house.quoteOf(world.bob.account, BTC), "buyer").to.equal(-3n);
        });

        it("should turn the figure into cash when the last linear position closes", async () => {
            const world = await loadFixture(fixture);
            await trade(ethers, world, between(world, {legs: [perpLeg(E18)]}));
            await trade(ethers, world, between(world, {legs: [perpLeg(-E18, 51_000n * E18)]}));
            expect(await portfolio(world, world.alice)).to.deep.equal({
                cash: 1_001_000n * E18,
                positions: [],
                quotes: [],
            });
            expect((await portfolio(world, world.bob)).cash).to.equal(999_000n * E18);
            const {netSettledE18} = await world.vault.cashTotals();
            expect(netSettledE18).to.equal(0n);
            expect(await world.house.openInterestE18(BTC)).to.equal(0n);
        });

        it("should keep the figure while a future of the underlying is left", async () => {
            const world = await loadFixture(fixture);
            const both = [perpLeg(E18), {instrument: BTC_FUTURE, size: -E18, price: BTC_INDEX}];
            await trade(ethers, world, between(world, {legs: both}));
            await trade(ethers, world, between(world, {legs: [perpLeg(-E18, 51_000n * E18)]}));
            expect(await portfolio(world, world.alice)).to.deep.equal({
                cash: 1_000_000n * E18,
                positions: [[BTC_FUTURE, -E18]],
                quotes: [[BigInt(BTC), 51_000n * E18]],
            });
        });

        it("should track what was realised ahead of the other side", async () => {
            const world = await loadFixture(fixture);
            await trade(ethers, world, between(world, {legs: [perpLeg(E18)]}));
            await trade(ethers, world, {
                maker: world.alice,
                taker: world.carol,
                legs: [perpLeg(-E18, 51_000n * E18)],
            });
            const {netSettledE18} = await world.vault.cashTotals();
            expect(netSettledE18, "alice's gain, not yet collected from bob and carol").to.equal(1_000n * E18);
        });
    });

    context("given an option", () => {
        it("should move the premium in cash, rounded up", async () => {
            const world = await loadFixture(fixture);
            const legs = [{instrument: call(60_000n), size: 3n, price: E18 / 2n + 1n}];
            await trade(ethers, world, between(world, {legs}));
            expect((await portfolio(world, world.alice)).cash).to.equal(1_000_000n * E18 - 2n);
            expect((await portfolio(world, world.bob)).cash).to.equal(1_000_000n * E18 + 2n);
        });

        it("should pay the maker who sells", async () => {
            const world = await loadFixture(fixture);
            const legs = [{instrument: call(60_000n), size: -2n * E18, price: 900n * E18}];
            await trade(ethers, world, between(world, {legs}));
            expect((await portfolio(world, world.alice)).cash).to.equal(1_001_800n * E18);
            expect((await portfolio(world, world.bob)).positions).to.deep.equal([[call(60_000n), 2n * E18]]);
        });
    });

    context("given several legs", () => {
        it("should net the premiums of a spread and keep positions ascending", async () => {
            const world = await loadFixture(fixture);
            const legs = [
                {instrument: put(40_000n, WEEKLY), size: E18, price: 700n * E18},
                perpLeg(-E18),
                {instrument: call(60_000n), size: E18, price: 400n * E18},
                {instrument: ETH_PERP, size: 5n * E18, price: ETH_INDEX},
                {instrument: put(40_000n), size: -E18, price: 300n * E18},
            ];
            await trade(ethers, world, between(world, {legs}));
            expect(await portfolio(world, world.alice)).to.deep.equal({
                cash: 999_200n * E18,
                positions: [
                    [BTC_PERP, -E18],
                    [call(60_000n), E18],
                    [put(40_000n), -E18],
                    [put(40_000n, WEEKLY), E18],
                    [ETH_PERP, 5n * E18],
                ],
                quotes: [
                    [1n, 50_000n * E18],
                    [2n, -10_000n * E18],
                ],
            });
        });

        it("should refuse none, nine, and legs out of order or repeated", async () => {
            const world = await loadFixture(fixture);
            const legs = [0n, 1n, 2n, 3n, 4n, 5n, 6n, 7n].map((n) => ({
                instrument: call(60_000n + 100n * n),
                size: E18,
                price: E18,
            }));
            const item = await prepare(ethers, world, between(world, {legs}));
            const good = item.quote.legs;
            const ninth = {...good[7]!, instrument: put(60_000n)};
            for (const bad of [[], [...good, ninth], [good[1]!, good[0]!], [good[0]!, good[0]!]]) {
                const broken = {...item, quote: {...item.quote, legs: bad}};
                await expect(send(world, world.bob, broken)).to.be.revertedWithCustomError(
                    world.house,
                    "Clearinghouse_BadLegs",
                );
            }
            await send(world, world.bob, item);
            expect((await portfolio(world, world.alice)).positions.length, "eight are allowed").to.equal(8);
        });
    });

    context("given partial fills", () => {
        it("LED-5: should fill up to the units signed and count them by digest", async () => {
            const world = await loadFixture(fixture);
            const item = await prepare(ethers, world, between(world, {legs: [perpLeg(E18)], units: 3n * E18}));
            const digest = await world.house.quoteDigest(toStruct(item).quote);
            await expect(send(world, world.bob, {...item, unitsE18: E18}))
                .to.emit(world.house, "QuoteFilled")
                .withArgs(digest, world.alice.account, world.bob.account, E18, E18);
            await send(world, world.bob, {...item, unitsE18: 2n * E18 - 10n});
            expect(await world.house.filledE18(digest)).to.equal(3n * E18 - 10n);
            await expect(send(world, world.bob, {...item, unitsE18: 11n}))
                .to.be.revertedWithCustomError(world.house, "Clearinghouse_Overfilled")
                .withArgs(digest, 11n, 10n);
            await send(world, world.bob, {...item, unitsE18: 10n});
            expect(await world.house.sizeOf(world.alice.account, BTC_PERP)).to.equal(3n * E18);
        });

        it("should refuse units that leave a leg without an exact size", async () => {
            const world = await loadFixture(fixture);
            const item = await prepare(ethers, world, between(world, {legs: [perpLeg(E18 / 2n)]}));
            for (const units of [0n, 1n, 3n]) {
                await expect(send(world, world.bob, {...item, unitsE18: units}))
                    .to.be.revertedWithCustomError(world.house, "Clearinghouse_InexactSize")
                    .withArgs(BTC_PERP, E18 / 2n, units);
            }
            await send(world, world.bob, {...item, unitsE18: 2n});
            expect(await world.house.sizeOf(world.bob.account, BTC_PERP)).to.equal(-1n);
        });
    });

    context("given a quote for somebody else or from oneself", () => {
        it("should refuse a foreign taker and let the named one in", async () => {
            const world = await loadFixture(fixture);
            const item = await prepare(
                ethers,
                world,
                between(world, {legs: [perpLeg(E18)], quote: {taker: world.carol.account}}),
            );
            await expect(send(world, world.bob, item))
                .to.be.revertedWithCustomError(world.house, "Clearinghouse_WrongTaker")
                .withArgs(world.bob.account);
            await send(world, world.carol, {...item, taker: world.carol.account});
            expect(await world.house.sizeOf(world.carol.account, BTC_PERP)).to.equal(-E18);
        });

        it("should refuse a maker who takes his own quote", async () => {
            const world = await loadFixture(fixture);
            const item = await prepare(ethers, world, between(world, {legs: [perpLeg(E18)], taker: world.alice}));
            await expect(send(world, world.alice, item))
                .to.be.revertedWithCustomError(world.house, "Clearinghouse_WrongTaker")
                .withArgs(world.alice.account);
        });
    });

    context("given a deadline", () => {
        it("should fill in its second and not after", async () => {
            const world = await loadFixture(fixture);
            const deadline = (await time.latest()) + 100;
            const item = await prepare(
                ethers,
                world,
                between(world, {legs: [perpLeg(E18)], units: 2n * E18, fillUnits: E18, quote: {deadline}}),
            );
            await time.setNextBlockTimestamp(deadline);
            await send(world, world.bob, item);
            await time.setNextBlockTimestamp(deadline + 1);
            await expect(send(world, world.bob, item))
                .to.be.revertedWithCustomError(world.house, "Clearinghouse_QuoteExpired")
                .withArgs(deadline, deadline + 1);
        });
    });

    context("given a caller", () => {
        it("should refuse one without the right to trade for the taker", async () => {
            const world = await loadFixture(fixture);
            const item = await prepare(ethers, world, between(world, {legs: [perpLeg(E18)]}));
            await expect(send(world, world.stranger, item))
                .to.be.revertedWithCustomError(world.house, "Clearinghouse_NotAuthorised")
                .withArgs(world.bob.account, world.stranger.address);
        });

        it("should let an operator with TRADE take until the grant expires, and no other right", async () => {
            const world = await loadFixture(fixture);
            const expires = (await time.latest()) + 1_000;
            const vault = world.vault.connect(world.bob.signer);
            const terms = between(world, {legs: [perpLeg(E18)], units: 9n * E18, fillUnits: E18});
            const item = await prepare(ethers, world, terms);
            await vault.setOperator(world.bob.account, world.stranger.address, 2 | 4 | 8, expires);
            await expect(send(world, world.stranger, item))
                .to.be.revertedWithCustomError(world.house, "Clearinghouse_NotAuthorised")
                .withArgs(world.bob.account, world.stranger.address);
            await vault.setOperator(world.bob.account, world.stranger.address, RIGHT_TRADE, expires);
            await send(world, world.stranger, item);
            await time.increaseTo(expires + 1);
            await expect(send(world, world.stranger, item))
                .to.be.revertedWithCustomError(world.house, "Clearinghouse_NotAuthorised")
                .withArgs(world.bob.account, world.stranger.address);
            expect(await world.house.sizeOf(world.bob.account, BTC_PERP), "one fill went through").to.equal(-E18);
        });

        it("should respect sub-accounts as accounts of their own", async () => {
            const world = await loadFixture(fixture);
            const second = {...world.alice, account: accountId(world.alice.address, 1n)};
            await deposit(world, second.account, 100_000n);
            await trade(ethers, world, {maker: world.alice, taker: second, legs: [perpLeg(E18)]});
            expect(await world.house.sizeOf(second.account, BTC_PERP)).to.equal(-E18);
        });
    });

    context("given fees", () => {
        const FEES = {linearE18: E18 / 2_000n, optionE18: (3n * E18) / 10_000n, optionCapE18: E18 / 8n};

        it("should take a fraction of a linear leg's notional from the taker, rounded up", async () => {
            const world = await loadFixture(fixture);
            await world.house.setFees(FEES);
            await trade(ethers, world, between(world, {legs: [perpLeg(2n * E18)]}));
            expect(await world.vault.cashOf(world.bob.account)).to.equal(999_950n * E18);
            expect(await world.vault.cashOf(world.alice.account)).to.equal(1_000_000n * E18);
            expect(await world.vault.cashOf(world.protocol)).to.equal(50n * E18);
            const receipt = await trade(ethers, world, between(world, {legs: [perpLeg(1n)]}));
            expect(eventsOf(world, receipt, "FeePaid")).to.deep.equal([{account: world.bob.account, feeE18: 25n}]);
            const dust = await trade(ethers, world, between(world, {legs: [perpLeg(1n, E18 + 1n)]}));
            expect(eventsOf(world, dust, "FeePaid"), "rounded up").to.deep.equal([
                {account: world.bob.account, feeE18: 1n},
            ]);
        });

        it("should take an option's fee of the index notional, at most the share of its premium", async () => {
            const world = await loadFixture(fixture);
            await world.house.setFees(FEES);
            const feeOf = async (price: bigint): Promise<unknown> => {
                const legs = [{instrument: call(60_000n), size: 2n * E18, price}];
                return eventsOf(world, await trade(ethers, world, between(world, {legs})), "FeePaid")[0]?.["feeE18"];
            };
            expect(await feeOf(1_000n * E18), "3 bp of 100,000").to.equal(30n * E18);
            expect(await feeOf(40n * E18), "an eighth of 80").to.equal(10n * E18);
            expect(await feeOf(0n), "nothing for a gift").to.equal(undefined);
        });
    });

    it("should hold the lock while it runs", async () => {
        const world = await loadFixture(fixture);
        const item = await prepare(ethers, world, between(world, {legs: [perpLeg(E18)]}));
        const data = world.house.interface.encodeFunctionData("fill", [toStruct(item)]);
        await expect(world.liquidator.callLocked(data)).to.be.revertedWithCustomError(
            world.vault,
            "MarginVault_Locked",
        );
        expect(await world.vault.isLocked()).to.equal(false);
    });
});
