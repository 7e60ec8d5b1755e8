import {expect} from "chai";
import {network} from "hardhat";

import {future, option, perp} from "../../../../scripts/sdk/instruments.js";
import type {InstrumentId} from "../../../../scripts/sdk/instruments.js";
import type {ITradeLens} from "../../../../typechain-types/contracts/interfaces/ITradeLens.js";
import {stewardOf} from "../../../support/steward.js";
import {attempt, BTC, BTC_PRICE, deployTradeLens, E18, E8, ETH, partyOf, setMarket, trade} from "./fixture.js";
import type {Sides, TradeWorld} from "./fixture.js";

const connection = await network.create();
const {networkHelpers} = connection;
const {loadFixture} = networkHelpers;

const [NONE, IMPROVES, CURES, UNNEEDED] = [0n, 1n, 2n, 3n];
const SIDES: Sides = {account: 1, counterparty: 0};
const LOT = E18 / 1_000n;
const SPOT = 22_000n;

type Candidate = ITradeLens.CandidateStruct & {priceE18: bigint; instrument: InstrumentId};

describe("TradeLens.cheapestHedge", () => {
    const fixture = () => deployTradeLens(connection);

    /** Account 1 is long 8 bitcoin and below its initial requirement. */
    async function short(): Promise<TradeWorld> {
        const world = await loadFixture(fixture);
        const leg = {instrument: perp(BTC), sizeE18: 8n * E18, priceE18: BTC_PRICE * E18};
        await trade(connection, world, SIDES, [leg]);
        await setMarket(connection, world, {[BTC]: 33_000n});
        await setMarket(connection, world, {[BTC]: SPOT});
        return world;
    }

    const sale = (priceE18: bigint, mostE18 = 8n * E18, lotE18 = LOT): Candidate => ({
        instrument: perp(BTC),
        mostE18: -mostE18,
        priceE18,
        lotE18,
    });

    const ask = (world: TradeWorld, candidates: readonly Candidate[]) =>
        world.trades.cheapestHedge.staticCall(partyOf(world, SIDES), [...candidates], {blockTag: "latest"});

    async function preview(world: TradeWorld, {instrument, priceE18}: Candidate, sizeE18: bigint) {
        const legs = [{instrument, sizeE18, priceE18}];
        return world.trades.previewLegs.staticCall(partyOf(world, SIDES), legs, {blockTag: "latest"});
    }

    const excess = ({equityE18, initialE18}: {equityE18: bigint; initialE18: bigint}): bigint => equityE18 - initialE18;

    describe("given a leg that cures", () => {
        it("should take the smallest size, which passes, and one lot less would not cure", async () => {
            const world = await loadFixture(short);
            const candidate = sale(SPOT * E18);
            const {outcome, index, sizeE18, held, after_, costE18, feeE18} = await ask(world, [candidate]);
            expect([outcome, index], "outcome").to.deep.equal([CURES, 0n]);
            const at = await preview(world, candidate, sizeE18);
            expect([after_, held, feeE18], "margin and fee").to.deep.equal([at.after_, at.held, at.feeE18]);
            expect(costE18, "equity given up").to.equal(held.equityE18 - after_.equityE18);
            expect(excess(after_) >= 0n, "requirement met").to.equal(true);
            const less = await preview(world, candidate, sizeE18 + LOT);
            expect(excess(less.after_) < 0n, "one lot less").to.equal(true);
            await attempt(connection, world, SIDES, [{...candidate, sizeE18}]);
        });

        it("should cost what the price is worse than the mark, and the fee", async () => {
            const world = await loadFixture(short);
            const {sizeE18, costE18, feeE18} = await ask(world, [sale((SPOT - 100n) * E18)]);
            // The average premium moves by less than the least clamp allows; a hundred dollars a unit are left to see.
            const worseE18 = -sizeE18 * 100n;
            expect(costE18 > (worseE18 * 7n) / 10n && costE18 < (worseE18 * 13n) / 10n + feeE18, "cost").to.equal(true);
            expect(feeE18 > 0n, "fee").to.equal(true);
        });
    });

    describe("given several legs that cure", () => {
        it("should take the one that costs least, wherever it stands", async () => {
            const world = await loadFixture(short);
            const [dear, cheap] = [sale((SPOT - 200n) * E18), sale((SPOT - 20n) * E18)];
            const alone = [];
            for (const one of [dear, cheap]) alone.push((await ask(world, [one])).costE18);
            expect(alone[0]! > alone[1]!, "the one costs more").to.equal(true);
            for (const [candidates, place] of [
                [[dear, cheap], 1n],
                [[cheap, dear], 0n],
            ] as const) {
                const {index, costE18} = await ask(world, candidates);
                expect([index, costE18], "cheapest").to.deep.equal([place, alone[1]]);
            }
        });

        it("should take the first of equals", async () => {
            const world = await loadFixture(short);
            const {index} = await ask(world, [sale((SPOT - 200n) * E18), sale(SPOT * E18), sale(SPOT * E18)]);
            expect(index, "place").to.equal(1n);
        });
    });

    describe("given one leg that cures dearly and one that only improves", () => {
        it("should take the cure", async () => {
            const world = await loadFixture(short);
            const {outcome, index} = await ask(world, [sale(SPOT * E18, E18 / 100n), sale((SPOT - 200n) * E18)]);
            expect([outcome, index], "cure").to.deep.equal([CURES, 1n]);
        });
    });

    describe("given nothing that cures", () => {
        it("should take what leaves the greatest excess, up to the size on offer", async () => {
            const world = await loadFixture(short);
            const {outcome, index, sizeE18, held, after_} = await ask(world, [
                sale(SPOT * E18, E18 / 100n),
                sale(SPOT * E18, E18 / 50n),
            ]);
            expect([outcome, index, sizeE18], "greater size").to.deep.equal([IMPROVES, 1n, -E18 / 50n]);
            expect(excess(after_) > excess(held), "improved").to.equal(true);
        });

        it("should stop at the peak of a hedge that does too much", async () => {
            const world = await loadFixture(short);
            // So dear that no size cures, and so much on offer that the greatest turns the book around. Closing has a size of its
            // own; what a future hedges best has to be found.
            const closing = sale((SPOT - 3_500n) * E18, 40n * E18);
            const hedging = {...closing, instrument: future(BTC, world.expiries.week)};
            for (const [name, candidate] of Object.entries({closing, hedging})) {
                const {outcome, sizeE18, after_} = await ask(world, [candidate]);
                expect(outcome, name).to.equal(IMPROVES);
                for (const lots of [-1n, 1n]) {
                    const beside = await preview(world, candidate, sizeE18 + lots * LOT);
                    expect(excess(beside.after_) <= excess(after_), `${name}, ${lots} beside the peak`).to.equal(true);
                }
                expect(sizeE18 > -40n * E18, `${name}, less than all`).to.equal(true);
            }
        });

        it("should say that none improves", async () => {
            const world = await loadFixture(short);
            const buying = {instrument: perp(BTC), mostE18: E18, priceE18: SPOT * E18, lotE18: LOT};
            const call = option("CALL", ETH, world.expiries.week, 3_000n * E8);
            const writing = {instrument: call, mostE18: -E18, priceE18: E18, lotE18: LOT};
            const dust = sale(SPOT * E18, LOT - 1n);
            const now = await world.all.riskEngine.assess(world.ids[1]!);
            const {outcome, sizeE18, held} = await ask(world, [buying, writing, dust]);
            expect([outcome, sizeE18], "nothing").to.deep.equal([NONE, 0n]);
            expect(held, "margin as it is").to.deep.equal(now);
            expect((await ask(world, [])).outcome, "no candidates").to.equal(NONE);
        });
    });

    describe("given an account that has its initial requirement", () => {
        it("should say that no hedge is needed", async () => {
            const world = await loadFixture(fixture);
            const {outcome, sizeE18, costE18} = await ask(world, [sale(BTC_PRICE * E18)]);
            expect([outcome, sizeE18, costE18], "nothing to do").to.deep.equal([UNNEEDED, 0n, 0n]);
        });
    });

    describe("given a listing that ends", () => {
        it("should offer no more than the clearinghouse lets trade", async () => {
            const world = await loadFixture(short);
            const listing = await world.all.clearinghouse.listing(BTC);
            const {strikeStepE8, minStrikeE8, maxStrikeE8, openInterestCapE18} = listing;
            const steward = await stewardOf(connection, world.deployment);
            const closed = {active: false, strikeStepE8, minStrikeE8, maxStrikeE8, openInterestCapE18};
            await world.all.clearinghouse.connect(steward).setListing(BTC, closed);
            const dated = {...sale(SPOT * E18), instrument: future(BTC, world.expiries.week)};
            const {outcome, index} = await ask(world, [dated, sale(SPOT * E18)]);
            expect([outcome, index], "what only reduces").to.deep.equal([CURES, 1n]);
        });
    });

    describe("given a list that makes no sense", () => {
        it("should refuse more than sixteen candidates", async () => {
            const world = await loadFixture(short);
            const many = Array.from({length: 17}, () => sale(SPOT * E18));
            await expect(ask(world, many))
                .to.be.revertedWithCustomError(world.trades, "TradeLens_TooManyCandidates")
                .withArgs(17n, 16n);
        });

        it("should refuse lots that are zero or have no opposite", async () => {
            const world = await loadFixture(short);
            for (const lotE18 of [0n, 2n ** 127n]) {
                await expect(ask(world, [sale(SPOT * E18, E18, lotE18)]))
                    .to.be.revertedWithCustomError(world.trades, "TradeLens_InvalidSize")
                    .withArgs(perp(BTC), lotE18);
            }
        });
    });
});
