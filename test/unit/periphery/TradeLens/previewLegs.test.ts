import {expect} from "chai";
import {network} from "hardhat";

import {future, option, perp} from "../../../../scripts/sdk/instruments.js";
import type {InstrumentId} from "../../../../scripts/sdk/instruments.js";
import {randomFrom} from "../../../support/bits.js";
import type {Random} from "../../../support/bits.js";
import {
    attempt,
    BTC,
    BTC_PRICE,
    deployTradeLens,
    E18,
    E8,
    ETH,
    executable,
    FILL_GAS,
    MAKER,
    NOBODY,
    partyOf,
    setMarket,
    TAKER,
    trade,
} from "./fixture.js";
import type {Leg, Sides, TradeWorld} from "./fixture.js";

const connection = await network.create();
const {ethers, networkHelpers} = connection;
const {time, loadFixture} = networkHelpers;

const TRADES = 8;
const MOST_LEGS = 4;

describe("TradeLens.previewLegs", () => {
    const fixture = () => deployTradeLens(connection);

    /** Previews both sides at the second at which the legs are then filled, and compares to the last unit. */
    async function compare(world: TradeWorld, sides: Sides, quotes: readonly (readonly Leg[])[], nonce = 1n) {
        const at = (await time.latest()) + 600;
        const sent = [];
        for (const [i, legs] of quotes.entries()) {
            sent.push(await executable(connection, world, sides, legs, nonce + BigInt(i)));
        }
        const role = sides.role ?? TAKER;
        const legs = quotes.flat();
        const mirrored: Sides = {account: sides.counterparty, counterparty: sides.account, role: 1n - role};
        const snapshot = await networkHelpers.takeSnapshot();
        await time.increaseTo(at);
        const own = await world.trades.previewLegs.staticCall(partyOf(world, sides), legs, {blockTag: "latest"});
        const other = await world.trades.previewLegs.staticCall(
            partyOf(world, mirrored),
            legs.map((leg) => ({...leg, sizeE18: -leg.sizeE18})),
            {blockTag: "latest"},
        );
        const before = await world.all.riskEngine.assess(world.ids[sides.account]!, {blockTag: "latest"});
        await snapshot.restore();

        await time.setNextBlockTimestamp(at);
        const receipt = await (
            await sent[0]!.clearinghouse.fillMany(
                sent.map(({fill}) => fill),
                {gasLimit: FILL_GAS},
            )
        ).wait();
        const logs = receipt!.logs.map((log) => world.all.clearinghouse.interface.parseLog(log));
        for (const [preview, index] of [
            [own, sides.account],
            [other, sides.counterparty],
        ] as const) {
            const id = world.ids[index]!;
            const checked = logs.find((log) => log?.name === "AccountChecked" && log.args[0] === id)!;
            const {equityE18, initialE18, maintenanceE18} = preview.after_;
            expect([equityE18, initialE18, maintenanceE18], `margin of ${index}`).to.deep.equal([
                ...checked.args.slice(1, 4),
            ]);
            const fees = logs.filter((log) => log?.name === "FeePaid" && log.args[0] === id);
            const paidE18 = fees.reduce((sum, log) => sum + (log!.args[1] as bigint), 0n);
            expect(preview.feeE18, `fees of ${index}`).to.equal(paidE18);
            expect(preview.suffices, `verdict on ${index}, whose trade was let through`).to.equal(true);
        }
        expect(own.before, "margin now").to.deep.equal(before);
    }

    function priceNear(random: Random, instrument: InstrumentId): bigint {
        if (instrument === perp(ETH)) return random.between(2_990n * E18, 3_010n * E18);
        const linear = (instrument >> 64n) % 256n < 2n;
        return linear ? random.between(49_900n * E18, 50_200n * E18) : random.between(0n, 900n * E18);
    }

    /** Ascending legs of different instruments. */
    function legsFrom(random: Random, {expiries: {week, month}}: TradeWorld): Leg[] {
        const all = [
            perp(BTC),
            future(BTC, week),
            option("CALL", BTC, week, 55_000n * E8),
            option("PUT", BTC, month, 45_000n * E8),
            option("CALL", BTC, month, 60_000n * E8),
            perp(ETH),
        ];
        const chosen = new Set(Array.from({length: MOST_LEGS}, () => random.pick(all)));
        return [...chosen]
            .sort((a, b) => (a < b ? -1 : 1))
            .map((instrument) => ({
                instrument,
                sizeE18: random.between(-E18, E18) | 1n,
                priceE18: priceNear(random, instrument),
            }));
    }

    describe("given random books that grow from trade to trade", () => {
        for (let seed = 1n; seed <= 3n; ++seed) {
            it(`should equal what each trade then does, fees included (seed ${seed})`, async () => {
                const world = await loadFixture(fixture);
                const random = randomFrom(seed);
                for (let turn = 0; turn < TRADES; ++turn) {
                    const role = random.pick([TAKER, MAKER]);
                    await compare(world, {account: 1, counterparty: 0, role}, [legsFrom(random, world)], BigInt(turn));
                    await time.increase(Number(random.between(1n, 900n)));
                    await setMarket(connection, world, {[BTC]: random.between(49_700n, 50_300n)});
                }
            });
        }
    });

    describe("given legs that do not ascend", () => {
        it("should equal as many quotes as they make, in one fillMany", async () => {
            const world = await loadFixture(fixture);
            const leg = (instrument: InstrumentId, sizeE18: bigint, priceE18: bigint): Leg => ({
                instrument,
                sizeE18,
                priceE18,
            });
            await compare(world, {account: 1, counterparty: 0}, [
                [leg(perp(BTC), E18 / 3n, 50_010n * E18 + 1n), leg(perp(ETH), -E18 / 7n, 3_001n * E18)],
                [leg(perp(BTC), -E18 / 9n, 49_990n * E18 + 7n)],
                [leg(perp(BTC), -E18 / 9n, 49_980n * E18)],
            ]);
        });
    });

    describe("given more legs than a quote takes", () => {
        it("should equal two quotes, cut after the eighth leg", async () => {
            const world = await loadFixture(fixture);
            const {week, month} = world.expiries;
            const sides = {account: 1, counterparty: 0};
            await trade(connection, world, sides, [{instrument: perp(BTC), sizeE18: E18, priceE18: 49_000n * E18}]);
            // A coin below one dollar tells cash from a quote figure: the first quote closes the last linear position.
            const feed = await ethers.getContractAt("MockAggregator", world.deployment.feeds["1000"]!);
            await feed.pushAnswer(99_000_000n);
            const calls = Array.from({length: 7}, (_, i): Leg => ({
                instrument: option("CALL", BTC, week, (52_000n + 500n * BigInt(i)) * E8),
                sizeE18: E18 / 7n,
                priceE18: 300n * E18 + BigInt(i),
            }));
            await compare(
                world,
                sides,
                [
                    [{instrument: perp(BTC), sizeE18: -E18, priceE18: 50_000n * E18}, ...calls],
                    [{instrument: future(BTC, month), sizeE18: E18, priceE18: 50_090n * E18}],
                ],
                2n,
            );
        });
    });

    describe("given no counterparty", () => {
        it("should count the other side as an account that holds nothing", async () => {
            const world = await loadFixture(fixture);
            const legs = [{instrument: perp(BTC), sizeE18: E18, priceE18: 50_000n * E18}];
            const party = {...partyOf(world, {account: 1, counterparty: 2}), counterparty: NOBODY};
            const named = await world.trades.previewLegs.staticCall(
                partyOf(world, {account: 1, counterparty: 2}),
                legs,
            );
            expect(await world.trades.previewLegs.staticCall(party, legs)).to.deep.equal(named);
        });
    });

    describe("given a trade that the margin does not carry", () => {
        it("should say so, as the clearinghouse then does", async () => {
            const world = await loadFixture(fixture);
            const legs = [{instrument: perp(BTC), sizeE18: 100n * E18, priceE18: BTC_PRICE * E18}];
            const sides = {account: 1, counterparty: 0};
            await networkHelpers.mine();
            const {suffices, held, after_} = await world.trades.previewLegs.staticCall(partyOf(world, sides), legs, {
                blockTag: "latest",
            });
            expect(suffices, "verdict").to.equal(false);
            await expect(attempt(connection, world, sides, legs))
                .to.be.revertedWithCustomError(world.all.clearinghouse, "Clearinghouse_InsufficientMargin")
                .withArgs(world.ids[1], held.equityE18 - held.initialE18, after_.equityE18 - after_.initialE18);
        });
    });

    describe("given an account that is short already", () => {
        it("should let through what does not lower its excess, and nothing else", async () => {
            const world = await loadFixture(fixture);
            const sides = {account: 1, counterparty: 0};
            await trade(connection, world, sides, [
                {instrument: perp(BTC), sizeE18: 8n * E18, priceE18: BTC_PRICE * E18},
            ]);
            await setMarket(connection, world, {[BTC]: 33_000n});
            await setMarket(connection, world, {[BTC]: 22_000n});
            const legs = (sizeE18: bigint) => [{instrument: perp(BTC), sizeE18, priceE18: 22_000n * E18}];
            for (const [sizeE18, passes] of [
                [-E18, true],
                [E18, false],
            ] as const) {
                const preview = await world.trades.previewLegs.staticCall(partyOf(world, sides), legs(sizeE18), {
                    blockTag: "latest",
                });
                expect(preview.suffices, `verdict on ${sizeE18}`).to.equal(passes);
                expect(preview.after_.equityE18 < preview.after_.initialE18, "short afterwards").to.equal(true);
                const tried = attempt(connection, world, sides, legs(sizeE18));
                if (passes) {
                    await tried;
                    continue;
                }
                const [held, after] = [preview.held, preview.after_];
                await expect(tried)
                    .to.be.revertedWithCustomError(world.all.clearinghouse, "Clearinghouse_InsufficientMargin")
                    .withArgs(world.ids[1], held.equityE18 - held.initialE18, after.equityE18 - after.initialE18);
            }
        });
    });

    describe("given an account that owes more than it has", () => {
        it("CLR-3: should find that it can neither close nor hedge, as the clearinghouse does", async () => {
            const world = await loadFixture(fixture);
            const sides = {account: 1, counterparty: 0};
            await trade(connection, world, sides, [
                {instrument: perp(BTC), sizeE18: 8n * E18, priceE18: BTC_PRICE * E18},
            ]);
            for (const price of [33_000n, 22_000n, 15_000n, 10_000n])
                await setMarket(connection, world, {[BTC]: price});
            const party = partyOf(world, sides);
            const legs = [{instrument: perp(BTC), sizeE18: -E18, priceE18: 10_000n * E18}];
            await networkHelpers.mine();
            const {suffices, held, after_} = await world.trades.previewLegs.staticCall(party, legs, {
                blockTag: "latest",
            });
            const [before, after] = [held, after_].map(({equityE18, initialE18}) => equityE18 - initialE18);
            expect(after! > before!, "the excess would rise").to.equal(true);
            expect(after_.equityE18 < 0n, "bankrupt").to.equal(true);
            expect(suffices, "verdict").to.equal(false);
            const most = await world.trades.maxSize.staticCall(party, perp(BTC), 10_000n * E18, -E18 / 10n);
            expect(most.sizeE18, "no size passes").to.equal(0n);
            const hedge = await world.trades.cheapestHedge.staticCall(party, [
                {instrument: perp(BTC), mostE18: -8n * E18, priceE18: 10_000n * E18, lotE18: E18 / 10n},
            ]);
            expect(hedge.outcome, "no hedge helps").to.equal(0n);
            await expect(attempt(connection, world, sides, legs))
                .to.be.revertedWithCustomError(world.all.clearinghouse, "Clearinghouse_Insolvent")
                .withArgs(world.ids[1], after_.equityE18);
        });
    });

    describe("given a question that makes no sense", () => {
        const legs = [{instrument: perp(BTC), sizeE18: E18, priceE18: BTC_PRICE * E18}];

        it("should refuse one account on both sides", async () => {
            const world = await loadFixture(fixture);
            await expect(world.trades.previewLegs.staticCall(partyOf(world, {account: 1, counterparty: 1}), legs))
                .to.be.revertedWithCustomError(world.trades, "TradeLens_SameAccount")
                .withArgs(world.ids[1]);
        });

        it("should refuse no legs, and sizes without an opposite", async () => {
            const world = await loadFixture(fixture);
            const party = partyOf(world, {account: 1, counterparty: 0});
            await expect(world.trades.previewLegs.staticCall(party, []))
                .to.be.revertedWithCustomError(world.trades, "TradeLens_NoLegs")
                .withArgs();
            for (const sizeE18 of [0n, -(2n ** 127n)]) {
                await expect(world.trades.previewLegs.staticCall(party, [{...legs[0]!, sizeE18}]))
                    .to.be.revertedWithCustomError(world.trades, "TradeLens_InvalidSize")
                    .withArgs(perp(BTC), sizeE18);
            }
        });
    });

    describe("given a core in the middle of a transaction", () => {
        it("should refuse to answer", async () => {
            const world = await loadFixture(fixture);
            const vault = await ethers.deployContract("LockedVault");
            const engine = await world.previewEngine.getAddress();
            const lens = await ethers.deployContract("TradeLens", [await vault.getAddress(), engine]);
            const party = partyOf(world, {account: 1, counterparty: 0});
            for (const call of [
                () => lens.previewLegs.staticCall(party, []),
                () => lens.maxSize.staticCall(party, perp(BTC), 1n, 1n),
                () => lens.cheapestHedge.staticCall(party, []),
            ]) {
                await expect(call()).to.be.revertedWithCustomError(lens, "TradeLens_CoreLocked").withArgs();
            }
            expect(await lens.previewEngine(), "engine behind the answers").to.equal(engine);
        });
    });

    describe("given a deployment whose engine reads other parameters", () => {
        it("should refuse to answer", async () => {
            const world = await loadFixture(fixture);
            const {contracts, actors} = world.deployment;
            const [global, sources] = [
                await world.all.riskParameters.globalParams(),
                await world.all.riskParameters.oracles(),
            ];
            const oracles = [sources.priceOracle, sources.surfaceOracle];
            const other = await ethers.deployContract("RiskParameters", [contracts.manager, ...oracles, [...global]]);
            const {vault, clearinghouse, cdfTable, liquidator, backstop} = contracts;
            const rooms = [vault, clearinghouse, await other.getAddress(), cdfTable];
            const models = await ethers.deployContract("RiskModels", [
                await ethers.deployContract("RiskGreeks", rooms),
            ]);
            const engine = await (await ethers.deployContract("RiskEngine", [models])).getAddress();
            const admin = await ethers.getSigner(actors.admin);
            await world.all.vault.connect(admin).setCore(engine, clearinghouse, liquidator, backstop);
            await expect(world.trades.previewLegs.staticCall(partyOf(world, {account: 1, counterparty: 0}), []))
                .to.be.revertedWithCustomError(world.trades, "TradeLens_PreviewOutdated")
                .withArgs(engine, contracts.previewEngine);
        });
    });

    describe("given a preview that is sent as a transaction", () => {
        it("should leave nothing behind", async () => {
            const world = await loadFixture(fixture);
            const legs = [{instrument: perp(BTC), sizeE18: E18, priceE18: 51_000n * E18}];
            await world.trades.previewLegs(partyOf(world, {account: 1, counterparty: 0}), legs);
            const indexE18 = BTC_PRICE * E18;
            const shown = await world.fills.perpMark(BTC, indexE18);
            expect(shown, "mark").to.deep.equal(await world.all.clearinghouse.perpMark(BTC, indexE18));
            expect(await world.fills.openInterestE18(BTC), "open interest").to.equal(0n);
        });
    });
});
