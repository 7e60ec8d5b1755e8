import {expect} from "chai";

import {perp} from "../../scripts/sdk/instruments.js";
import {
    BTC,
    createChain,
    DAY,
    deployWorld,
    deposit,
    E18,
    ETH,
    eventOf,
    figuresOf,
    fundBackstop,
    HOUR,
    idOf,
    move,
    pass,
    start,
    take,
    trade,
    USD,
    usd,
} from "../support/world.js";
import type {Side, World} from "../support/world.js";

const connection = await createChain();
const {loadFixture} = connection.networkHelpers;

type Cast = {world: World; both: Side; maker: Side; keeper: Side};

/** An account long in two underlyings that a fall of both leaves far under water, and a backstop that could pay for all of it. */
async function fixture(): Promise<Cast> {
    const world = await deployWorld(connection);
    const [both, maker, keeper] = world.owners.map((owner): Side => ({owner}));
    const cast = {world, both: both!, maker: maker!, keeper: keeper!};
    await deposit(world, cast.both, "USDC", 160_000n * USD);
    for (const side of [cast.maker, cast.keeper]) await deposit(world, side, "USDC", 2_000_000n * USD);
    await fundBackstop(world, {owner: world.owners[7]!}, 5_000_000n * USD);
    await trade(world, cast.maker, cast.both, [
        {instrument: perp(BTC), sizeE18: -5n * E18, priceE18: usd(50_000)},
        {instrument: perp(ETH), sizeE18: -100n * E18, priceE18: usd(2_500)},
    ]);
    await move(world, {[BTC]: usd(30_000), [ETH]: usd(1_500)});
    await start(world, cast.both, cast.keeper);
    await pass(world, HOUR);
    return cast;
}

const room = async ({all}: World, underlying: number): Promise<bigint> =>
    (await all.backstop.lossBudget(underlying)).roomE18;

describe("the backstop's money", () => {
    it("should be asked for each underlying by what that adds to the requirement", async () => {
        const {world, both, keeper} = await loadFixture(fixture);
        const {underlyings} = await world.all.marginLens.scenarioTable(idOf(both));
        const charges = underlyings.map((one) => one.scanE18 + one.addOnE18 + one.concentrationE18);
        const [btcBefore, ethBefore] = [await room(world, BTC), await room(world, ETH)];
        const slice = eventOf(world, "liquidator", await (await take(world, both, keeper)).wait(), "SliceTaken");
        const paid = slice["backstopPaidE18"]!;
        expect(paid, "the backstop pays all of it").to.be.gte(-slice["priceE18"]!);
        const [btc, eth] = [btcBefore - (await room(world, BTC)), ethBefore - (await room(world, ETH))];
        const whole = charges[0]! + charges[1]!;
        // Prices do not move between the report and the slice; time does, by a second.
        expect(btc, "BTC's share").to.be.closeTo((-slice["priceE18"]! * charges[0]!) / whole, usd(1));
        expect(btc + eth, "the shares are the loss").to.equal(-slice["priceE18"]!);
        expect(btc > 0n && eth > 0n, "both bear some").to.equal(true);
    });

    it("R19: should not pay more for one underlying than its budget, whoever arranged the loss", async () => {
        const {world, both, keeper, maker} = await loadFixture(fixture);
        const {backstop, vault, liquidator} = world.all;
        await backstop.connect(world.officers.risk).setLossBudget(BTC, usd(20_000), DAY);
        const before = await vault.cashTotals();
        const makerBefore = await vault.cashOf(idOf(maker));
        const slice = eventOf(world, "liquidator", await (await take(world, both, keeper)).wait(), "SliceTaken");
        const [paid, down, due] = [slice["backstopPaidE18"]!, slice["socialisedE18"]!, -slice["priceE18"]!];
        expect(await room(world, BTC), "BTC's budget is used up").to.equal(0n);
        expect(await room(world, ETH), "ETH's is not").to.be.gt(0n);
        expect(down, "the rest is written down").to.be.gt(0n);
        expect(paid + down, "LIQ-5: layers add up to the loss").to.be.closeTo(due, 10n ** 12n);
        const [after, losses] = [await vault.cashTotals(), await liquidator.losses()];
        expect(after.supplyIndexE27, "one step of the index").to.be.lt(before.supplyIndexE27);
        expect(await vault.cashOf(idOf(maker)), "which every lender bears").to.be.lt(makerBefore);
        expect(losses.writtenDownE18, "and one view shows").to.equal(down);
        expect((await figuresOf(world, both)).equityE18, "nothing is left of the account").to.equal(0n);
    });
});
