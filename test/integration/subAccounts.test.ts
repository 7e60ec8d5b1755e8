import {expect} from "chai";

import {perp} from "../../scripts/sdk/instruments.js";
import {
    BTC,
    createChain,
    deployWorld,
    deposit,
    E18,
    EVERYTHING,
    figuresOf,
    fundBackstop,
    idOf,
    move,
    pass,
    trade,
    USD,
    usd,
} from "../support/world.js";
import type {Side} from "../support/world.js";

const connection = await createChain();
const WHOLE = (1n << 255n) - 1n;

describe("sub-accounts", () => {
    it("should leave one of an owner's accounts as it is while the other is lost and sold (CML-6)", async () => {
        const world = await deployWorld(connection);
        const [owner, maker, keeper, giver] = world.owners;
        const safe: Side = {owner: owner!, sub: 0n};
        const lost: Side = {owner: owner!, sub: 1n};
        const [other, bidder] = [{owner: maker!}, {owner: keeper!}];
        await deposit(world, safe, "USDC", 25_000n * USD);
        await deposit(world, lost, "USDC", 12_000n * USD);
        for (const side of [other, bidder]) await deposit(world, side, "USDC", 400_000n * USD);
        await fundBackstop(world, {owner: giver!}, 50_000n * USD);
        const before = await figuresOf(world, safe);
        await trade(world, other, lost, [{instrument: perp(BTC), sizeE18: -E18, priceE18: usd(50_000)}]);
        await move(world, {[BTC]: usd(32_000)});
        expect((await figuresOf(world, lost)).equityE18 < 0n, "insolvent").to.equal(true);
        expect(await figuresOf(world, safe), "after the fall").to.deep.equal(before);
        const liquidator = world.all.liquidator.connect(keeper);
        await liquidator.start(idOf(lost), EVERYTHING, idOf(bidder));
        await pass(world, 600);
        await liquidator.take(idOf(lost), idOf(bidder), E18, WHOLE, "0x");
        expect(await figuresOf(world, safe), "after the sale").to.deep.equal(before);
        const {positions} = await world.all.clearinghouse.positionsOf(idOf(safe));
        expect(positions).to.have.lengthOf(0);
        await world.all.vault
            .connect(owner)
            .withdraw(idOf(safe), world.deployment.tokens["USDC"]!.address, 25_000n * USD, owner!.address);
        expect((await figuresOf(world, safe)).equityE18).to.equal(0n);
    });
});
