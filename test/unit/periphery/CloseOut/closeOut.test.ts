import {expect} from "chai";

import {future, perp} from "../../../../scripts/sdk/instruments.js";
import type {ICloseOut} from "../../../../typechain-types/contracts/periphery/CloseOut.js";
import {
    BTC,
    createChain,
    deployWorld,
    deposit,
    E18,
    expiryAhead,
    figuresOf,
    fundBackstop,
    idOf,
    move,
    offer,
    pass,
    report,
    start,
    trade,
    USD,
    usd,
} from "../../../support/world.js";
import type {Leg, Side, World} from "../../../support/world.js";

const connection = await createChain();
const {loadFixture} = connection.networkHelpers;
const TRADE = 1n;
const LIQUIDATE = 8n;
const FOREVER = 2n ** 40n - 1n;
const MAX_PRICE = (1n << 255n) - 1n;
const SPOT = 45_500;

type Cast = {world: World; short: Side; maker: Side; poor: Side; hand: Side};

/** A long of 5 BTC that an auction has offered for ten minutes, and a keeper who has never deposited anything. */
async function fixture(): Promise<Cast> {
    const world = await deployWorld(connection);
    const [short, maker, poor, hand] = world.owners.map((owner): Side => ({owner}));
    const cast = {world, short: short!, maker: maker!, poor: poor!, hand: hand!};
    await deposit(world, cast.short, "USDC", 60_000n * USD);
    await deposit(world, cast.maker, "USDC", 900_000n * USD);
    await fundBackstop(world, {owner: world.owners[7]!}, 5_000n * USD);
    await trade(world, cast.maker, cast.short, [{instrument: perp(BTC), sizeE18: -5n * E18, priceE18: usd(50_000)}]);
    await move(world, {[BTC]: usd(SPOT)});
    await start(world, cast.short, cast.maker);
    await grant(cast, world.deployment.contracts.closeOut, TRADE | LIQUIDATE);
    await pass(world, 600);
    return cast;
}

const grant = ({world, poor}: Cast, operator: string, rights: bigint) =>
    world.all.vault.connect(poor.owner).setOperator(idOf(poor), operator, rights, FOREVER);

/** The maker buys at a price, one unit of one BTC at a time. */
const bid = (price: number, size = E18): Leg => ({instrument: perp(BTC), sizeE18: size, priceE18: usd(price)});

async function orderOf(
    {world, short, maker, poor}: Cast,
    price: number,
    change: Partial<ICloseOut.OrderStruct> = {},
    unitsE18 = 0n,
): Promise<ICloseOut.OrderStruct> {
    const item = await offer(world, maker, poor, [bid(price)], {unitsE18: (5n * E18) as never});
    return {
        account: idOf(short),
        keeper: idOf(poor),
        maxFractionE18: E18,
        maxPriceE18: MAX_PRICE,
        minGainE18: 0n,
        fills: [{...item, unitsE18}],
        ...change,
    };
}

const closeOutOf = ({world}: Cast, side: Side) => world.all.closeOut.connect(side.owner);

describe("CloseOut: closeOut", () => {
    it("should leave a keeper without capital the discount less slippage and fees", async () => {
        const cast = await loadFixture(fixture);
        const {world, short, poor} = cast;
        const {vault, clearinghouse, closeOut} = world.all;
        const order = await orderOf(cast, SPOT - 100);
        const [terms, gain] = await closeOutOf(cast, poor).closeOut.staticCall(order);
        const sent = closeOutOf(cast, poor).closeOut(order);
        await expect(sent).to.emit(closeOut, "ClosedOut");
        const [event] = await closeOut.queryFilter(closeOut.filters.ClosedOut());
        const cash = await vault.cashOf(idOf(poor));
        expect(event?.args.gainE18, "the event tells the gain").to.equal(cash);
        expect(cash, "as foretold, but for a second of discount").to.be.closeTo(gain, usd(20));
        expect(await clearinghouse.positionWords(idOf(poor)), "nothing is left to carry").to.deep.equal([]);
        // Slippage of 100 a unit (the perpetual's mark is near the index) and a fee of 0.05 %.
        const sold = (5n * E18 * event!.args.fractionE18) / E18;
        const costs = (sold * (100n * E18 + (usd(SPOT) * 5n) / 10_000n)) / E18;
        expect(cash, "discount less costs").to.be.closeTo(terms.discountE18 - costs, usd(60));
        expect(cash > 0n, "which is a gain").to.equal(true);
        const {equityE18, maintenanceE18} = await figuresOf(world, short);
        expect(equityE18 * 100n, "the account is at its target").to.be.gte(maintenanceE18 * 124n);
        expect(await vault.isLocked(), "lock").to.equal(false);
    });

    it("should fill a number of units that fits a slice of a chosen size", async () => {
        const cast = await loadFixture(fixture);
        const {world, poor} = cast;
        // A tenth of 5 BTC.
        const order = await orderOf(cast, SPOT, {maxFractionE18: E18 / 10n}, E18 / 2n);
        await closeOutOf(cast, poor).closeOut(order);
        expect(await world.all.clearinghouse.positionWords(idOf(poor))).to.deep.equal([]);
        expect(await world.all.vault.cashOf(idOf(poor)), "gain").to.be.gt(0n);
    });

    it("should fill several quotes for one instrument in order, the last by what the others leave", async () => {
        const cast = await loadFixture(fixture);
        const {world, maker, poor} = cast;
        const order = await orderOf(cast, SPOT);
        const first = await offer(world, maker, poor, [bid(SPOT, 2n * E18)], {unitsE18: E18 as never});
        const fills = [{...first, unitsE18: E18 / 4n}, ...order.fills];
        const before = await world.all.clearinghouse.sizeOf(idOf(maker), perp(BTC));
        const [terms] = await closeOutOf(cast, poor).closeOut.staticCall({...order, fills});
        await closeOutOf(cast, poor).closeOut({...order, fills});
        expect(await world.all.clearinghouse.positionWords(idOf(poor)), "nothing is left").to.deep.equal([]);
        const bought = (await world.all.clearinghouse.sizeOf(idOf(maker), perp(BTC))) - before;
        expect(bought, "the slice").to.be.closeTo(5n * terms.fractionE18, E18 / 100n);
        expect(bought > E18 / 2n, "more than the first quote's half a coin").to.equal(true);
    });

    it("should fail on quotes that the discount does not pay for, and leave everything as it was", async () => {
        const cast = await loadFixture(fixture);
        const {world, short, poor} = cast;
        const before = await figuresOf(world, short);
        await expect(closeOutOf(cast, poor).closeOut(await orderOf(cast, SPOT - 5_000))).to.be.revertedWithCustomError(
            world.all.clearinghouse,
            "Clearinghouse_Insolvent",
        );
        expect((await figuresOf(world, short)).maintenanceE18, "the account").to.equal(before.maintenanceE18);
    });

    it("should hold the gain to the keeper's limit", async () => {
        const cast = await loadFixture(fixture);
        const order = await orderOf(cast, SPOT, {minGainE18: usd(1_000_000)});
        await expect(closeOutOf(cast, cast.poor).closeOut(order)).to.be.revertedWithCustomError(
            cast.world.all.closeOut,
            "CloseOut_GainBelowLimit",
        );
    });

    it("should refuse to leave positions that the keeper did not have, even if he could carry them", async () => {
        const cast = await loadFixture(fixture);
        const {world, poor} = cast;
        await deposit(world, poor, "USDC", 200_000n * USD);
        const order = await orderOf(cast, SPOT, {}, E18 / 100n);
        await expect(closeOutOf(cast, poor).closeOut(order))
            .to.be.revertedWithCustomError(world.all.closeOut, "CloseOut_PositionsLeft")
            .withArgs(idOf(poor), 0n, 1n);
    });

    it("should act for somebody who may trade and liquidate for the keeper, and for nobody else", async () => {
        const cast = await loadFixture(fixture);
        const {world, hand} = cast;
        const order = await orderOf(cast, SPOT);
        for (const rights of [0n, TRADE, LIQUIDATE]) {
            if (rights !== 0n) await grant(cast, hand.owner.address, rights);
            await expect(closeOutOf(cast, hand).closeOut(order), `rights ${rights}`)
                .to.be.revertedWithCustomError(world.all.closeOut, "CloseOut_NotAuthorised")
                .withArgs(order.keeper, hand.owner.address);
        }
        await grant(cast, hand.owner.address, TRADE | LIQUIDATE);
        await expect(closeOutOf(cast, hand).closeOut(order)).to.emit(world.all.closeOut, "ClosedOut");
    });

    it("R30: should not trade for another account that has lent it the same rights", async () => {
        const cast = await loadFixture(fixture);
        const {world, maker, poor, hand} = cast;
        const {closeOut, vault} = world.all;
        // The victim uses the contract too; the attacker would have it sell to himself at nothing.
        const victim = hand;
        await deposit(world, victim, "USDC", 100_000n * USD);
        const granted = vault.connect(victim.owner).setOperator;
        await granted(idOf(victim), world.deployment.contracts.closeOut, TRADE | LIQUIDATE, FOREVER);
        const attack = await offer(world, maker, victim, [bid(1)]);
        const order = await orderOf(cast, SPOT);
        await expect(closeOutOf(cast, poor).closeOut({...order, fills: [...order.fills, attack]}))
            .to.be.revertedWithCustomError(closeOut, "CloseOut_ForeignTaker")
            .withArgs(idOf(victim), idOf(poor));
    });

    it("should leave a quote without legs to the clearinghouse", async () => {
        const cast = await loadFixture(fixture);
        const {world, poor} = cast;
        const order = await orderOf(cast, SPOT);
        const fills = [{...order.fills[0]!, quote: {...order.fills[0]!.quote, legs: []}}];
        await expect(closeOutOf(cast, poor).closeOut({...order, fills})).to.be.revertedWithCustomError(
            world.all.clearinghouse,
            "Clearinghouse_BadLegs",
        );
    });

    it("should let through the refusals of those it asks", async () => {
        const cast = await loadFixture(fixture);
        const {world, maker, poor} = cast;
        const {liquidator} = world.all;
        await expect(closeOutOf(cast, poor).closeOut(await orderOf(cast, SPOT, {account: idOf(maker)})))
            .to.be.revertedWithCustomError(liquidator, "Liquidator_NoAuction")
            .withArgs(idOf(maker));
        await expect(
            closeOutOf(cast, poor).closeOut(await orderOf(cast, SPOT, {maxPriceE18: 0n})),
        ).to.be.revertedWithCustomError(liquidator, "Liquidator_PriceAboveLimit");
    });

    it("should close every instrument of a book that quotes are brought for", async () => {
        const cast = await loadFixture(fixture);
        const {world, maker, hand, poor} = cast;
        const expiry = await expiryAhead(world, 3);
        await report(world);
        const dated = future(BTC, expiry);
        await deposit(world, hand, "USDC", 50_000n * USD);
        await trade(world, maker, hand, [
            {instrument: perp(BTC), sizeE18: -3n * E18, priceE18: usd(SPOT)},
            {instrument: dated, sizeE18: -E18, priceE18: usd(SPOT)},
        ]);
        await move(world, {[BTC]: usd(38_000)});
        await start(world, hand, maker);
        await pass(world, 600);
        const legs: readonly Leg[] = [
            {instrument: perp(BTC), sizeE18: E18, priceE18: usd(38_000)},
            {instrument: dated, sizeE18: E18, priceE18: usd(38_000)},
        ];
        const fills = [];
        for (const leg of legs) {
            fills.push({...(await offer(world, maker, poor, [leg], {unitsE18: (5n * E18) as never})), unitsE18: 0n});
        }
        await closeOutOf(cast, poor).closeOut(await orderOf(cast, SPOT, {account: idOf(hand), fills}));
        expect(await world.all.clearinghouse.positionWords(idOf(poor)), "keeper").to.deep.equal([]);
        expect(await world.all.vault.cashOf(idOf(poor)), "gain").to.be.gt(0n);
    });
});

describe("CloseOut: onSlice", () => {
    it("should hear the liquidator only", async () => {
        const cast = await loadFixture(fixture);
        const {world, poor} = cast;
        const terms = {fractionE18: 1n, equityE18: 1n, maintenanceE18: 1n, priceE18: 1n, discountE18: 1n};
        await expect(closeOutOf(cast, poor).onSlice(idOf(poor), idOf(poor), terms, "0x"))
            .to.be.revertedWithCustomError(world.all.closeOut, "CloseOut_NotLiquidator")
            .withArgs(poor.owner.address);
    });
});
