import {expect} from "chai";
import {network} from "hardhat";

import {future, option, perp} from "../../../../scripts/sdk/instruments.js";
import type {InstrumentId} from "../../../../scripts/sdk/instruments.js";
import {stewardOf} from "../../../support/steward.js";
import {attempt, BTC, BTC_PRICE, deployTradeLens, E18, E8, ETH, NOBODY, partyOf, setMarket, trade} from "./fixture.js";
import type {Sides, TradeWorld} from "./fixture.js";

const connection = await network.create();
const {ethers, networkHelpers} = connection;
const {time, loadFixture} = networkHelpers;

const MARGIN = 0n;
const TERMS = 1n;
const SIDES: Sides = {account: 1, counterparty: 0};
const DAY = 86_400;
const CAP = 64;

describe("TradeLens.maxSize", () => {
    const fixture = () => deployTradeLens(connection);

    type Ask = {instrument: InstrumentId; priceE18: bigint; lotE18: bigint; sides?: Sides};

    async function ask(world: TradeWorld, {instrument, priceE18, lotE18, sides = SIDES}: Ask) {
        const party = partyOf(world, sides);
        return world.trades.maxSize.staticCall(party, instrument, priceE18, lotE18, {blockTag: "latest"});
    }

    /** Asks, then tries the size and one lot more in the same block; the error says what stopped it. */
    async function check(world: TradeWorld, asked: Ask, error?: string): Promise<{sizeE18: bigint; stop: bigint}> {
        await networkHelpers.mine();
        const {instrument, priceE18, lotE18, sides = SIDES} = asked;
        const {sizeE18, stop} = await ask(world, asked);
        expect(sizeE18 % lotE18, "lots come out whole").to.equal(0n);
        if (sizeE18 !== 0n) await attempt(connection, world, sides, [{instrument, sizeE18, priceE18}]);
        const more = attempt(connection, world, sides, [{instrument, sizeE18: sizeE18 + lotE18, priceE18}]);
        const wanted = error ?? "Clearinghouse_InsufficientMargin";
        await expect(more).to.be.revertedWithCustomError(world.all.clearinghouse, wanted);
        return {sizeE18, stop};
    }

    /** Account 1 is long 8 bitcoin and short of its initial requirement. */
    async function short(): Promise<TradeWorld> {
        const world = await loadFixture(fixture);
        await trade(connection, world, SIDES, [{instrument: perp(BTC), sizeE18: 8n * E18, priceE18: BTC_PRICE * E18}]);
        await setMarket(connection, world, {[BTC]: 33_000n});
        await setMarket(connection, world, {[BTC]: 22_000n});
        return world;
    }

    describe("given an account with cash and collateral only", () => {
        for (const [name, sign] of [
            ["buy", 1n],
            ["sell", -1n],
        ] as const) {
            it(`should be the most it can ${name}, to the last unit of perpetuals, futures and options`, async () => {
                const world = await loadFixture(fixture);
                const {week} = world.expiries;
                for (const [instrument, priceE18] of [
                    [perp(BTC), 50_010n * E18],
                    [future(BTC, week), 50_090n * E18],
                    [option("CALL", BTC, week, 55_000n * E8), 300n * E18],
                    [option("PUT", ETH, week, 2_800n * E8), 40n * E18],
                ] as const) {
                    const {sizeE18, stop} = await check(world, {instrument, priceE18, lotE18: sign});
                    expect(sizeE18 * sign > E18, "more than one").to.equal(true);
                    expect(stop, "what stops it").to.equal(MARGIN);
                }
            });
        }

        it("should come out in lots", async () => {
            const world = await loadFixture(fixture);
            const lotE18 = E18 / 1_000n;
            const asked = {instrument: perp(BTC), priceE18: 50_010n * E18};
            const {sizeE18} = await check(world, {...asked, lotE18});
            const {sizeE18: exact} = await ask(world, {...asked, lotE18: 1n});
            expect(sizeE18, "the exact size, rounded down to lots").to.equal(exact - (exact % lotE18));
        });

        it("should be greater for a maker, who pays no fee", async () => {
            const world = await loadFixture(fixture);
            const asked = {instrument: perp(BTC), priceE18: 50_010n * E18, lotE18: 1n};
            const sides = {...SIDES, role: 1n};
            const {sizeE18: made} = await check(world, {...asked, sides});
            expect(made > (await ask(world, asked)).sizeE18, "made more than taken").to.equal(true);
        });
    });

    describe("given a book that the trade hedges first", () => {
        it("should go past the hedge to the far side", async () => {
            const world = await loadFixture(fixture);
            await trade(connection, world, SIDES, [
                {instrument: perp(BTC), sizeE18: 8n * E18, priceE18: BTC_PRICE * E18},
            ]);
            await setMarket(connection, world);
            const asked = {instrument: future(BTC, world.expiries.week), priceE18: 50_090n * E18, lotE18: -1n};
            const {sizeE18} = await check(world, asked);
            expect(sizeE18 < -16n * E18, "more than twice what is hedged").to.equal(true);
        });
    });

    describe("given an account that is short", () => {
        it("should be the most that does not lower its excess", async () => {
            const world = await loadFixture(short);
            const {sizeE18, stop} = await check(world, {
                instrument: perp(BTC),
                priceE18: 22_000n * E18,
                lotE18: -1n,
            });
            expect(sizeE18 < -8n * E18, "at least the close").to.equal(true);
            expect(stop, "what stops it").to.equal(MARGIN);
        });

        it("should be nothing in the direction that adds risk", async () => {
            const world = await loadFixture(short);
            const {sizeE18} = await check(world, {instrument: perp(BTC), priceE18: 22_000n * E18, lotE18: E18});
            expect(sizeE18, "size").to.equal(0n);
        });

        it("should step over small sizes that fail, because a new position adds to the keeper reserve", async () => {
            const world = await loadFixture(short);
            const asked = {
                instrument: future(BTC, world.expiries.month),
                priceE18: 22_044n * E18,
                lotE18: -E18 / 10n ** 9n,
            };
            await networkHelpers.mine();
            const leg = {instrument: asked.instrument, priceE18: asked.priceE18};
            await expect(
                attempt(connection, world, SIDES, [{...leg, sizeE18: asked.lotE18}]),
                "one lot",
            ).to.be.revertedWithCustomError(world.all.clearinghouse, "Clearinghouse_InsufficientMargin");
            const {sizeE18} = await check(world, asked);
            expect(sizeE18 < -E18, "found beyond").to.equal(true);
        });
    });

    describe("given a cap on open interest", () => {
        async function capped(openInterestCapE18: bigint): Promise<TradeWorld> {
            const world = await loadFixture(fixture);
            await trade(connection, world, SIDES, [{instrument: perp(BTC), sizeE18: E18, priceE18: BTC_PRICE * E18}]);
            const {active, strikeStepE8, minStrikeE8, maxStrikeE8} = await world.all.clearinghouse.listing(BTC);
            const steward = await stewardOf(connection, world.deployment);
            const listing = {active, strikeStepE8, minStrikeE8, maxStrikeE8, openInterestCapE18};
            await world.all.clearinghouse.connect(steward).setListing(BTC, listing);
            return world;
        }

        it("should stop at what is free, whoever holds the rest", async () => {
            const world = await capped(3n * E18 + 5n);
            const asked = {instrument: perp(BTC), priceE18: BTC_PRICE * E18};
            // Buying adds at once. Selling closes one long and the other side's short first.
            for (const [lotE18, mostE18] of [
                [1n, 2n * E18 + 5n],
                [-1n, -(4n * E18 + 5n)],
            ] as const) {
                const {sizeE18, stop} = await check(world, {...asked, lotE18}, "Clearinghouse_OpenInterestCap");
                expect([sizeE18, stop], `lots of ${lotE18}`).to.deep.equal([mostE18, TERMS]);
            }
        });

        it("should count on nothing from a counterparty that holds nothing", async () => {
            const world = await capped(3n * E18 + 5n);
            const party = {...partyOf(world, SIDES), counterparty: NOBODY};
            const size = await world.trades.maxSize.staticCall(party, perp(BTC), BTC_PRICE * E18, -1n);
            expect(size, "free, and the account's own long").to.deep.equal([-(3n * E18 + 5n), TERMS]);
        });

        it("should let out what only closes where open interest is above the cap", async () => {
            const world = await capped(E18 / 2n);
            const asked = {instrument: perp(BTC), priceE18: BTC_PRICE * E18};
            const error = "Clearinghouse_OpenInterestCap";
            expect((await check(world, {...asked, lotE18: -1n}, error)).sizeE18, "sold").to.equal(-2n * E18);
            expect((await check(world, {...asked, lotE18: 1n}, error)).sizeE18, "bought").to.equal(0n);
        });
    });

    describe("given as many positions as an account may hold", () => {
        it("should be nothing in a new instrument, and the usual in one that is held", async () => {
            const world = await loadFixture(fixture);
            const strike = (i: number) => option("CALL", BTC, world.expiries.week, (52_000n + 50n * BigInt(i)) * E8);
            for (let i = 0; i < CAP; i += 8) {
                const legs = Array.from({length: 8}, (_, j) => ({
                    instrument: strike(i + j),
                    sizeE18: E18 / 1_000n,
                    priceE18: 300n * E18,
                }));
                await trade(connection, world, SIDES, legs, BigInt(i + 1));
            }
            await setMarket(connection, world);
            const asked = {priceE18: 300n * E18, lotE18: E18 / 100n, sides: {account: 1, counterparty: 2}};
            const none = await check(world, {...asked, instrument: strike(CAP)}, "Clearinghouse_TooManyPositions");
            expect([none.sizeE18, none.stop], "new").to.deep.equal([0n, TERMS]);
            const party = partyOf(world, {account: 2, counterparty: 1});
            const other = await world.trades.maxSize.staticCall(party, strike(CAP), asked.priceE18, asked.lotE18);
            expect(other, "with a counterparty that is full").to.deep.equal([0n, TERMS]);
            expect((await ask(world, {...asked, instrument: strike(0)})).sizeE18 > 0n, "held").to.equal(true);
        });
    });

    describe("given terms under which nothing may be opened", () => {
        const held = {instrument: perp(BTC), priceE18: BTC_PRICE * E18};

        it("should be what brings both sides closer to zero while opening is paused", async () => {
            const world = await loadFixture(fixture);
            await trade(connection, world, SIDES, [{...held, sizeE18: 2n * E18}]);
            const guardian = await ethers.getSigner(world.deployment.actors.guardian);
            await world.all.clearinghouse.connect(guardian).pauseOpening();
            const paused = "Clearinghouse_OpeningPaused";
            const sold = await check(world, {...held, lotE18: -1n}, paused);
            expect([sold.sizeE18, sold.stop], "sold").to.deep.equal([-2n * E18, TERMS]);
            expect((await check(world, {...held, lotE18: 1n}, paused)).sizeE18, "bought").to.equal(0n);
        });

        it("should be nothing in an instrument that is not listed or has expired", async () => {
            const world = await loadFixture(fixture);
            const {week} = world.expiries;
            const priceE18 = 300n * E18;
            const odd = option("CALL", BTC, week, 55_001n * E8);
            const none = await check(world, {instrument: odd, priceE18, lotE18: 1n}, "Clearinghouse_NotTradable");
            expect([none.sizeE18, none.stop], "off the strikes").to.deep.equal([0n, TERMS]);
            const call = option("CALL", BTC, week, 55_000n * E8);
            await trade(connection, world, SIDES, [{instrument: call, sizeE18: E18, priceE18}]);
            await time.increaseTo(week);
            await setMarket(connection, world);
            const gone = await check(world, {instrument: call, priceE18, lotE18: -1n}, "Clearinghouse_NotTradable");
            expect([gone.sizeE18, gone.stop], "expired").to.deep.equal([0n, TERMS]);
        });
    });

    describe("given sizes beyond the engine's room", () => {
        it("should count them as too great", async () => {
            const world = await loadFixture(fixture);
            const {active, strikeStepE8, minStrikeE8, maxStrikeE8} = await world.all.clearinghouse.listing(BTC);
            const steward = await stewardOf(connection, world.deployment);
            const listing = {active, strikeStepE8, minStrikeE8, maxStrikeE8, openInterestCapE18: 2n ** 128n - 1n};
            await world.all.clearinghouse.connect(steward).setListing(BTC, listing);
            await check(world, {instrument: perp(BTC), priceE18: 50_010n * E18, lotE18: 1n});
        });
    });

    describe("given a model that does not take the instrument, or no direction", () => {
        it("should pass on the engine's error", async () => {
            const world = await loadFixture(fixture);
            await world.all.vault.connect(world.owners[1]).setModel(world.ids[1]!, 2n);
            const call = option("CALL", BTC, world.expiries.week, 55_000n * E8);
            await expect(ask(world, {instrument: call, priceE18: 300n * E18, lotE18: 1n}))
                .to.be.revertedWithCustomError(world.all.riskEngine, "RiskEngine_ModelNotForOptions")
                .withArgs(call);
        });

        it("should refuse a lot of zero", async () => {
            const world = await loadFixture(fixture);
            await expect(ask(world, {instrument: perp(BTC), priceE18: E18, lotE18: 0n}))
                .to.be.revertedWithCustomError(world.trades, "TradeLens_InvalidSize")
                .withArgs(perp(BTC), 0n);
        });
    });

    describe("given a week of interest, funding and premium", () => {
        it("should still be exact", async () => {
            const world = await loadFixture(fixture);
            const usdc = world.deployment.tokens["USDC"]!.address;
            const owner = world.owners[1]!;
            await world.all.vault.connect(owner).withdraw(world.ids[1]!, usdc, 215_000n * 10n ** 6n, owner);
            await trade(connection, world, SIDES, [{instrument: perp(ETH), sizeE18: 3n * E18, priceE18: 3_010n * E18}]);
            await time.increase(DAY);
            await setMarket(connection, world);
            for (const lotE18 of [1n, -1n]) {
                await check(world, {instrument: perp(ETH), priceE18: 3_003n * E18 + 1n, lotE18});
            }
        });
    });
});
