import {expect} from "chai";

import {perp} from "../../../scripts/sdk/instruments.js";
import {
    BTC,
    createChain,
    deployWorld,
    deposit,
    E18,
    eventOf,
    figuresOf,
    HOUR,
    idOf,
    move,
    pass,
    start,
    take,
    trade,
    USD,
    usd,
} from "../../support/world.js";
import type {Side, World} from "../../support/world.js";
import {expectGain, fieldsOf} from "../../support/weakened.js";

const connection = await createChain();
const {loadFixture} = connection.networkHelpers;
const SPOT = usd(50_000);

type Cast = {world: World; left: Side; right: Side; victim: Side; maker: Side; keeper: Side};

/** Two accounts of one hand, and a trader with a market maker and a keeper. */
async function fixture(): Promise<Cast> {
    const world = await deployWorld(connection);
    const [left, right, victim, maker, keeper] = world.owners.map((owner): Side => ({owner}));
    await deposit(world, victim!, "USDC", 60_000n * USD);
    for (const side of [left!, right!, maker!, keeper!]) await deposit(world, side, "USDC", 6_000_000n * USD);
    await world.all.clearinghouse.accrueFunding(BTC);
    await pass(world, HOUR);
    return {world, left: left!, right: right!, victim: victim!, maker: maker!, keeper: keeper!};
}

async function freshCast(): Promise<Cast> {
    const cast = await loadFixture(fixture);
    cast.world.spotE18.set(BTC, SPOT);
    return cast;
}

const buy = (world: World, buyer: Side, seller: Side, sizeE18: bigint, priceE18 = SPOT): Promise<void> =>
    trade(world, seller, buyer, [{instrument: perp(BTC), sizeE18: -sizeE18, priceE18}]);

describe("open interest beyond what a market can bear", () => {
    async function cappedAt({world}: Cast, openInterestCapE18: bigint): Promise<void> {
        const {clearinghouse} = world.all;
        const terms = fieldsOf(await clearinghouse.listing(BTC));
        await clearinghouse.connect(world.officers.steward).setListing(BTC, {...terms, openInterestCapE18} as never);
    }

    /** Both sides of four hundred BTC by one hand, then a gap: what the losing side leaves unpaid. */
    async function oversized({world, left, right}: Cast): Promise<bigint> {
        await buy(world, left, right, 400n * E18);
        await move(world, {[BTC]: usd(34_000)});
        return -(await figuresOf(world, left)).equityE18;
    }

    it("R2: should leave a hole where nothing caps it, and stop at the cap here", async () => {
        const weak = await freshCast();
        await cappedAt(weak, 10n ** 30n);
        expectGain("R2", await oversized(weak));
        const cast = await freshCast();
        await cappedAt(cast, 100n * E18);
        await expect(oversized(cast)).to.be.revertedWithCustomError(
            cast.world.all.clearinghouse,
            "Clearinghouse_OpenInterestCap",
        );
    });
});

describe("a mark that one hand moves", () => {
    /** Trades with itself below the index until a bystander looks short, sells him, and waits for the mark to come back. */
    async function pushMark({world, left, right, victim, maker, keeper}: Cast): Promise<bigint> {
        await buy(world, victim, maker, (56n * E18) / 10n);
        await move(world, {[BTC]: usd(49_000)});
        await pass(world, HOUR);
        const before = (await figuresOf(world, keeper)).equityE18;
        await buy(world, left, right, E18, usd(41_650));
        await start(world, victim, keeper);
        await take(world, victim, keeper);
        for (let hour = 0; hour < 6; hour++) {
            await pass(world, HOUR);
            await buy(world, left, right, E18, usd(49_000));
        }
        return (await figuresOf(world, keeper)).equityE18 - before;
    }

    it("R10: should sell a bystander where the premium is free, and not here", async () => {
        const weak = await freshCast();
        const {clearinghouse} = weak.world.all;
        const params = fieldsOf(await clearinghouse.fundingParams());
        await clearinghouse
            .connect(weak.world.officers.risk)
            .setFundingParams({...params, maxPremiumE18: E18 / 10n} as never);
        expectGain("R10", await pushMark(weak));
        const cast = await freshCast();
        await expect(pushMark(cast)).to.be.revertedWithCustomError(cast.world.all.liquidator, "Liquidator_NotShort");
    });
});

describe("a trade that is short at the next tick", () => {
    /** The victim opens all he may, the price moves by half a percent, and a keeper sells him a quarter of an hour later. */
    async function nextTick({world, victim, maker, keeper}: Cast): Promise<bigint> {
        const party = {account: idOf(victim), counterparty: idOf(maker), role: 0n};
        const [sizeE18] = await world.all.tradeLens.maxSize.staticCall(party, perp(BTC), SPOT, E18 / 1000n);
        await buy(world, victim, maker, sizeE18);
        await move(world, {[BTC]: usd(49_750)});
        await start(world, victim, keeper);
        await pass(world, 900);
        const slice = eventOf(world, "liquidator", await (await take(world, victim, keeper)).wait(), "SliceTaken");
        return (slice["equityBeforeE18"]! * slice["fractionE18"]!) / E18 - slice["priceE18"]!;
    }

    it("R29: should be sold where opening asks no more than keeping, and not here", async () => {
        const weak = await freshCast();
        const {riskParameters} = weak.world.all;
        const params = fieldsOf(await riskParameters.globalParams());
        await riskParameters.connect(weak.world.officers.steward).setGlobal({...params, initialRatioE18: E18} as never);
        expectGain("R29", await nextTick(weak));
        const cast = await freshCast();
        await expect(nextTick(cast)).to.be.revertedWithCustomError(cast.world.all.liquidator, "Liquidator_NotShort");
    });
});
