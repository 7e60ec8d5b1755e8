import {expect} from "chai";

import {parametersOf} from "../../../deploy/parameters/index.js";
import {perp} from "../../../scripts/sdk/instruments.js";
import {
    BTC,
    createChain,
    DAY,
    deployWorld,
    deposit,
    E18,
    figuresOf,
    fundBackstop,
    idOf,
    move,
    offer,
    pass,
    start,
    tokenOf,
    trade,
    USD,
    usd,
} from "../../support/world.js";
import type {Leg, Side, World} from "../../support/world.js";
import {expectGain, weaken} from "../../support/weakened.js";

const connection = await createChain();
const {loadFixture, time} = connection.networkHelpers;
const {ethers} = connection;
const SPOT = usd(50_000);
const TRADE_AND_LIQUIDATE = 9n;
const FOREVER = 2n ** 40n - 1n;
const MAX_PRICE = (1n << 255n) - 1n;

type Cast = {world: World; attacker: Side; accomplice: Side; victim: Side; maker: Side};

async function castWith(delaySeconds: number): Promise<Cast> {
    const parameters = parametersOf("local");
    const delays = {adminSeconds: delaySeconds, riskSeconds: delaySeconds};
    const world = await deployWorld(connection, {parameters: {...parameters, delays}});
    const [attacker, accomplice, victim, maker] = world.owners.map((owner): Side => ({owner}));
    for (const side of [accomplice!, victim!]) await deposit(world, side, "USDC", 100_000n * USD);
    await deposit(world, maker!, "USDC", 2_000_000n * USD);
    await fundBackstop(world, {owner: world.owners[7]!}, 100_000n * USD);
    return {world, attacker: attacker!, accomplice: accomplice!, victim: victim!, maker: maker!};
}
const fixture = (): Promise<Cast> => castWith(0);
const delayed = (): Promise<Cast> => castWith(2 * DAY);

async function freshCast(): Promise<Cast> {
    const cast = await loadFixture(fixture);
    cast.world.spotE18.set(BTC, SPOT);
    return cast;
}

describe("stolen keys of the administrators", () => {
    /** Lists a coin of the thief's own at a dollar and borrows against a million of it. */
    async function listOwnCoin({world, attacker}: Cast): Promise<bigint> {
        const {vault, riskSteward} = world.all;
        const coin = await ethers.deployContract("MockToken", ["FAKE", 18]);
        const address = await coin.getAddress();
        const terms = {underlying: 0, feedId: 1001, weightE18: E18, sizeE18: 0};
        await riskSteward.connect(world.officers.admin).listAsset(address, usd(10n ** 9n), terms);
        await coin.mint(attacker.owner.address, usd(10n ** 6n));
        await coin.connect(attacker.owner).approve(await vault.getAddress(), usd(10n ** 6n));
        await vault.connect(attacker.owner).deposit(idOf(attacker), address, usd(10n ** 6n));
        const usdc = await tokenOf(world, "USDC").getAddress();
        await vault.connect(attacker.owner).withdraw(idOf(attacker), usdc, 900_000n * USD, attacker.owner.address);
        return usd(900_000);
    }

    it("R22: should drain what changes without delay, and find a guardian before the delay is over", async () => {
        expectGain("R22", await listOwnCoin(await freshCast()));
        const cast = await loadFixture(delayed);
        const {manager, riskSteward} = cast.world.all;
        const {admin, guardian} = cast.world.officers;
        await expect(listOwnCoin(cast)).to.be.revertedWithCustomError(manager, "AccessManagerNotScheduled");
        const coin = await ethers.deployContract("MockToken", ["FAKE", 18]);
        const terms = {underlying: 0, feedId: 1001, weightE18: E18, sizeE18: 0};
        const address = await coin.getAddress();
        const call = riskSteward.interface.encodeFunctionData("listAsset", [address, usd(10n ** 9n), terms]);
        const target = await riskSteward.getAddress();
        await manager.connect(admin).schedule(target, call, 0);
        await manager.connect(guardian).cancel(admin.address, target, call);
        await time.increase(2 * DAY);
        await expect(manager.connect(admin).execute(target, call)).to.be.revertedWithCustomError(
            manager,
            "AccessManagerNotScheduled",
        );
    });
});

describe("a contract with the rights of many", () => {
    const bid = (priceE18: bigint, sizeE18: bigint): Leg => ({instrument: perp(BTC), sizeE18, priceE18});

    /** The attacker closes a slice of somebody short, and has a victim who uses the same contract sell to him on the way. */
    async function sellForOthers({world, attacker, accomplice, victim, maker}: Cast): Promise<bigint> {
        const {vault, closeOut} = world.all;
        const short: Side = {owner: world.owners[6]!};
        await deposit(world, short, "USDC", 60_000n * USD);
        await trade(world, maker, short, [bid(SPOT, -5n * E18)]);
        await move(world, {[BTC]: usd(45_500)});
        await start(world, short, maker);
        await pass(world, 600);
        for (const side of [attacker, victim]) {
            await vault
                .connect(side.owner)
                .setOperator(idOf(side), await closeOut.getAddress(), TRADE_AND_LIQUIDATE, FOREVER);
        }
        const before = (await figuresOf(world, accomplice)).equityE18;
        const own = await offer(world, maker, attacker, [bid(usd(45_500), E18)], {unitsE18: (5n * E18) as never});
        const theft = await offer(world, accomplice, victim, [bid(usd(40_000), 2n * E18)]);
        await closeOut.connect(attacker.owner).closeOut({
            account: idOf(short),
            keeper: idOf(attacker),
            maxFractionE18: E18,
            maxPriceE18: MAX_PRICE,
            minGainE18: 0n,
            fills: [{...own, unitsE18: 0n}, theft],
        });
        return (await figuresOf(world, accomplice)).equityE18 - before;
    }

    it("R23: should trade for whoever lent it rights where it trusts its caller, and not here", async () => {
        const weak = await freshCast();
        await weaken(weak.world, "closeOut", "ForeignTakerCloseOut");
        expectGain("R23", await sellForOthers(weak));
        const cast = await freshCast();
        await expect(sellForOthers(cast))
            .to.be.revertedWithCustomError(cast.world.all.closeOut, "CloseOut_ForeignTaker")
            .withArgs(idOf(cast.victim), idOf(cast.attacker));
    });
});

describe("a quote that is filled again", () => {
    /** Buys what was offered, and once the price has risen buys it four times more. */
    async function refill({world, accomplice: taker, maker}: Cast): Promise<bigint> {
        const {clearinghouse} = world.all;
        const item = await offer(world, maker, taker, [{instrument: perp(BTC), sizeE18: -E18, priceE18: SPOT}]);
        await clearinghouse.connect(taker.owner).fill(item);
        await move(world, {[BTC]: usd(52_000)});
        const before = (await figuresOf(world, taker)).equityE18;
        for (let time_ = 0; time_ < 4; time_++) await clearinghouse.connect(taker.owner).fill(item);
        return (await figuresOf(world, taker)).equityE18 - before;
    }

    it("R31: should pay again where nobody counts, and not here", async () => {
        const weak = await freshCast();
        await weaken(weak.world, "clearinghouse", "ForgetfulClearinghouse");
        expectGain("R31", await refill(weak));
        const cast = await freshCast();
        await expect(refill(cast)).to.be.revertedWithCustomError(
            cast.world.all.clearinghouse,
            "Clearinghouse_Overfilled",
        );
    });
});
