import {expect} from "chai";
import {network} from "hardhat";

import {future, option, perp} from "../../../../scripts/sdk/instruments.js";
import type {InstrumentId} from "../../../../scripts/sdk/instruments.js";
import {scenarioDistances} from "../../../../scripts/sdk/risk/index.js";
import {
    cheapestHedge,
    liquidationPrices,
    maxSize,
    maxWithdraw,
    OUTCOMES,
    previewLegs,
    STOPS,
} from "../../../../scripts/sdk/trade/index.js";
import type {Candidate, TradeLeg, TradeQuestion} from "../../../../scripts/sdk/trade/index.js";
import {randomFrom} from "../../../support/bits.js";
import type {Random} from "../../../support/bits.js";
import {BTC, deployTradeLens, E18, E8, ETH, MAKER, partyOf, setMarket, TAKER, trade} from "./fixture.js";
import type {Leg, Sides, TradeWorld} from "./fixture.js";
import {questionOf} from "./twin.js";

const connection = await network.create();
const {networkHelpers} = connection;
const {time, loadFixture} = networkHelpers;

const TURNS = 3;
const LATEST = {blockTag: "latest"} as const;

type Margin = {readonly equityE18: bigint; readonly initialE18: bigint; readonly maintenanceE18: bigint};
const plain = ({equityE18, initialE18, maintenanceE18}: Margin): Margin => ({equityE18, initialE18, maintenanceE18});

describe("the trade twin", () => {
    const fixture = () => deployTradeLens(connection);

    function instrumentsOf({
        expiries: {week, month},
    }: TradeWorld): readonly (readonly [InstrumentId, bigint, bigint])[] {
        return [
            [perp(BTC), 49_900n, 50_200n],
            [future(BTC, week), 49_950n, 50_250n],
            [option("CALL", BTC, week, 55_000n * E8), 50n, 500n],
            [option("PUT", BTC, month, 45_000n * E8), 200n, 900n],
            [perp(ETH), 2_990n, 3_010n],
            [option("PUT", ETH, month, 2_800n * E8), 20n, 150n],
        ];
    }

    function legsFrom(random: Random, world: TradeWorld, greatestE18: bigint): Leg[] {
        const all = instrumentsOf(world).filter(() => random.below(2n) === 0n);
        const chosen = all.length > 0 ? all : instrumentsOf(world).slice(0, 1);
        return chosen.map(([instrument, low, high]) => ({
            instrument,
            sizeE18: random.between(-greatestE18, greatestE18) | 1n,
            priceE18: random.between(low * E18, high * E18),
        }));
    }

    async function samePreview(world: TradeWorld, sides: Sides, question: TradeQuestion, legs: readonly TradeLeg[]) {
        const told = await world.trades.previewLegs.staticCall(partyOf(world, sides), [...legs], LATEST);
        const {before, held, after_, feeE18, suffices} = told;
        expect(previewLegs(question, legs), "preview").to.deep.equal({
            before: plain(before),
            held: plain(held),
            after: plain(after_),
            feeE18,
            suffices,
        });
    }

    async function sameSize(
        world: TradeWorld,
        sides: Sides,
        question: TradeQuestion,
        {instrument, sizeE18, priceE18}: TradeLeg,
    ) {
        for (const lotE18 of [E18 / 1_000n, -E18 / 1_000n, sizeE18 > 0n ? 1n : -1n]) {
            const party = partyOf(world, sides);
            const told = await world.trades.maxSize.staticCall(party, instrument, priceE18, lotE18, LATEST);
            expect(
                maxSize(question, {instrument, priceE18, lotE18}),
                `greatest size in lots of ${lotE18}`,
            ).to.deep.equal({
                sizeE18: told.sizeE18,
                stop: STOPS[Number(told.stop)],
            });
        }
    }

    async function sameHedge(
        world: TradeWorld,
        sides: Sides,
        question: TradeQuestion,
        candidates: readonly Candidate[],
    ) {
        const told = await world.trades.cheapestHedge.staticCall(partyOf(world, sides), [...candidates], LATEST);
        const found = cheapestHedge(question, candidates);
        expect(found, "cheapest hedge").to.deep.equal({
            outcome: OUTCOMES[Number(told.outcome)],
            index: Number(told.index),
            sizeE18: told.sizeE18,
            held: plain(told.held),
            after: plain(told.after_),
            costE18: told.costE18,
            feeE18: told.feeE18,
        });
        return found.outcome;
    }

    async function sameDistances(world: TradeWorld, {account}: Sides, question: TradeQuestion) {
        const told = await world.lens.scenarioDistances(world.ids[account]!, LATEST);
        const {market, parameters} = question;
        const found = scenarioDistances({book: question.account.book, market, parameters});
        const {leftE18, leftAloneE18, binding} = found;
        const chain = [told.leftE18, [...told.leftAloneE18], Number(told.binding)];
        expect([leftE18, leftAloneE18, binding], "distances").to.deep.equal(chain);
    }

    async function samePrices(
        world: TradeWorld,
        {account}: Sides,
        {account: {book}, market, parameters}: TradeQuestion,
    ) {
        for (const underlying of [BTC, ETH]) {
            const [lowerE18, upperE18] = await world.lens.liquidationPrices(world.ids[account]!, underlying, LATEST);
            const found = liquidationPrices({book, market, parameters}, underlying);
            expect([found.lowerE18 ?? 0n, found.upperE18 ?? 0n], "liquidation prices").to.deep.equal([
                lowerE18,
                upperE18,
            ]);
        }
    }

    /** Of the settlement coin and of ether. */
    async function sameWithdrawals(world: TradeWorld, {account}: Sides, question: TradeQuestion) {
        const {vault} = world.all;
        const {supplyIndexE27, borrowIndexE27} = question.terms;
        const borrowingPaused = await vault.borrowingPaused();
        const ask = {
            ...question,
            book: question.account.book,
            vault: {supplyIndexE27, borrowIndexE27, borrowingPaused},
        };
        for (const symbol of ["USDC", "WETH"]) {
            const {address, decimals} = world.deployment.tokens[symbol]!;
            const token = await connection.ethers.getContractAt("MockToken", address);
            const heldNative = await token.balanceOf(world.deployment.contracts.vault);
            const [listed, assetId] = await vault.assetIdOf(address);
            const asset = listed ? Number(assetId) : "settlement";
            const told = await world.lens.maxWithdraw(world.ids[account]!, address, LATEST);
            expect(maxWithdraw(ask, {asset, decimals, heldNative}), `most of ${symbol}`).to.equal(told);
        }
    }

    for (let seed = 1n; seed <= 3n; ++seed) {
        describe(`given random books, healthy and short (seed ${seed})`, () => {
            it("should equal the lens to the last unit", async () => {
                const world = await loadFixture(fixture);
                const random = randomFrom(seed);
                for (let turn = 0; turn < TURNS; ++turn) {
                    const sides = {account: 1, counterparty: 0, role: random.pick([TAKER, MAKER])};
                    await trade(connection, world, sides, legsFrom(random, world, 2n * E18), BigInt(turn));
                    await time.increase(Number(random.between(1n, 3_000n)));
                    await setMarket(connection, world, {[BTC]: random.between(47_000n, 53_000n)});
                    const question = await questionOf(connection, world, sides);
                    const legs = legsFrom(random, world, 3n * E18);
                    await samePreview(world, sides, question, [...legs].reverse());
                    await sameSize(world, sides, question, random.pick(legs));
                    await sameDistances(world, sides, question);
                    await samePrices(world, sides, question);
                    await sameWithdrawals(world, sides, question);
                }
            });
        });
    }

    describe("given an account that is short", () => {
        it("should name the same hedge, curing or only improving", async () => {
            const world = await loadFixture(fixture);
            const sides = {account: 1, counterparty: 0};
            const first = {instrument: perp(BTC), sizeE18: 8n * E18, priceE18: 50_000n * E18};
            await trade(connection, world, sides, [first]);
            await setMarket(connection, world, {[BTC]: 33_000n});
            await setMarket(connection, world, {[BTC]: 22_000n});
            const question = await questionOf(connection, world, sides);
            const candidates = (mostE18: bigint, lotE18: bigint): Candidate[] => [
                {instrument: perp(BTC), mostE18: -mostE18, priceE18: 21_990n * E18, lotE18},
                {instrument: future(BTC, world.expiries.week), mostE18: -mostE18, priceE18: 22_030n * E18, lotE18},
                {
                    instrument: option("PUT", BTC, world.expiries.month, 20_000n * E8),
                    mostE18,
                    priceE18: 400n * E18,
                    lotE18,
                },
                {instrument: perp(ETH), mostE18: -mostE18, priceE18: 2_999n * E18, lotE18},
            ];
            expect(await sameHedge(world, sides, question, candidates(8n * E18, E18 / 1_000n))).to.equal("CURES");
            expect(await sameHedge(world, sides, question, candidates(E18 / 100n, 1n))).to.equal("IMPROVES");
            const dear = {instrument: future(BTC, world.expiries.week), mostE18: -40n * E18, priceE18: 18_500n * E18};
            expect(await sameHedge(world, sides, question, [{...dear, lotE18: 1n}]), "a peak").to.equal("IMPROVES");
            await sameSize(world, sides, question, {instrument: perp(BTC), sizeE18: -1n, priceE18: 22_000n * E18});
            await samePrices(world, sides, question);
            await sameWithdrawals(world, sides, question);
        });
    });

    describe("given an account without positions", () => {
        it("should let everything out, and no more than its cash while borrowing is paused", async () => {
            const world = await loadFixture(fixture);
            const sides = {account: 1, counterparty: 0};
            await sameWithdrawals(world, sides, await questionOf(connection, world, sides));
            const guardian = await connection.ethers.getSigner(world.deployment.actors.guardian);
            await world.all.vault.connect(guardian).pauseBorrowing();
            const question = await questionOf(connection, world, sides);
            await sameWithdrawals(world, sides, question);
            await samePrices(world, sides, question);
        });
    });

    describe("given input that makes no sense", () => {
        it("should say what is wrong with it", async () => {
            const world = await loadFixture(fixture);
            const question = await questionOf(connection, world, {account: 1, counterparty: 0});
            const candidate = {instrument: perp(BTC), mostE18: E18, priceE18: E18, lotE18: E18};
            const lot = {instrument: perp(BTC), priceE18: E18, lotE18: 0n};
            for (const [ask, code, details] of [
                [() => maxSize(question, lot), "number-out-of-range", {size: "0"}],
                [() => previewLegs(question, []), "quote-malformed", {}],
                [
                    () =>
                        maxWithdraw(
                            {
                                ...question,
                                book: question.account.book,
                                vault: {supplyIndexE27: 1n, borrowIndexE27: 1n, borrowingPaused: false},
                            },
                            {asset: "settlement", decimals: 6, heldNative: -1n},
                        ),
                    "number-out-of-range",
                    {held: "-1"},
                ],
                [
                    () =>
                        cheapestHedge(
                            question,
                            Array.from({length: 17}, () => candidate),
                        ),
                    "number-out-of-range",
                    {count: "17", max: "16"},
                ],
            ] as const) {
                expect(ask, code).to.throw().that.deep.includes({code, details});
            }
        });
    });
});
