import {expect} from "chai";
import {MaxUint256} from "ethers";

import {parametersOf} from "../../../deploy/parameters/index.js";
import {perp} from "../../../scripts/sdk/instruments.js";
import {
    BTC,
    createChain,
    DAY,
    deployWorld,
    deposit,
    E18,
    eventOf,
    figuresOf,
    fundBackstop,
    idOf,
    move,
    pass,
    start,
    take,
    tokenOf,
    trade,
    USD,
    usd,
} from "../../support/world.js";
import type {Side, World} from "../../support/world.js";
import {expectGain, weaken} from "../../support/weakened.js";

const connection = await createChain();
const {loadFixture} = connection.networkHelpers;
const {ethers} = connection;
const SPOT = usd(50_000);
const TO_E18 = 10n ** 12n;

type Cast = {world: World; left: Side; right: Side; keeper: Side; savers: readonly Side[]};

/** Two accounts of one hand, a keeper, and people who may put money into the backstop. */
async function fixture(): Promise<Cast> {
    const world = await deployWorld(connection);
    const [left, right, keeper, ...savers] = world.owners.map((owner): Side => ({owner}));
    for (const side of [left!, right!, keeper!]) await deposit(world, side, "USDC", 6_000_000n * USD);
    return {world, left: left!, right: right!, keeper: keeper!, savers};
}

async function freshCast(): Promise<Cast> {
    const cast = await loadFixture(fixture);
    cast.world.spotE18.set(BTC, SPOT);
    return cast;
}

/** One hand opens both sides, takes out all that the losing side may spare, and lets the market move. */
async function arrange({world, left, right, keeper}: Cast, units: bigint): Promise<void> {
    await trade(world, right, left, [{instrument: perp(BTC), sizeE18: -units * E18, priceE18: SPOT}]);
    const token = await tokenOf(world, "USDC").getAddress();
    const most = await world.all.marginLens.maxWithdraw(idOf(left), token);
    await world.all.vault.connect(left.owner).withdraw(idOf(left), token, most, left.owner.address);
    await move(world, {[BTC]: usd(30_000)});
    expect((await figuresOf(world, left)).equityE18 < 0n, "the loser is under water").to.equal(true);
    await start(world, left, keeper);
}

describe("a loss on purpose", () => {
    const BUDGET_AT_ONCE = usd(1_000_000);

    /** What one market's loss takes from the backstop beyond what it may at once. */
    async function overspent(cast: Cast): Promise<bigint> {
        const {world, left, keeper, savers} = cast;
        await fundBackstop(world, savers[0]!, 10_000_000n * USD);
        await arrange(cast, 150n);
        const slice = eventOf(world, "liquidator", await (await take(world, left, keeper)).wait(), "SliceTaken");
        return slice["backstopPaidE18"]! - BUDGET_AT_ONCE;
    }

    it("R19: should empty the backstop where no budget holds it, and not here", async () => {
        const weak = await freshCast();
        await weak.world.all.backstop.connect(weak.world.officers.risk).setLossBudget(BTC, 10n ** 28n, DAY);
        expectGain("R19", await overspent(weak));
        expect((await overspent(await freshCast())) <= 0n, "the budget and no more").to.equal(true);
    });
});

describe("a depositor who sees a loss coming", () => {
    /** Leaves between the loss and its payment; what he has more than the one who stayed. */
    async function leaveFirst(cast: Cast, hasWaited: boolean): Promise<bigint> {
        const {world, left, keeper, savers} = cast;
        const {backstop} = world.all;
        const [leaver, stayer] = [savers[0]!, savers[1]!];
        for (const side of [leaver, stayer]) await fundBackstop(world, side, 500_000n * USD);
        const shares = await backstop.balanceOf(leaver.owner.address);
        const mine = backstop.connect(leaver.owner);
        await mine.requestExit(shares);
        if (hasWaited) await pass(world, Number((await backstop.cooldown()).cooldownSeconds));
        await arrange(cast, 30n);
        const out = await mine.redeem.staticCall(shares, leaver.owner.address, leaver.owner.address);
        await mine.redeem(shares, leaver.owner.address, leaver.owner.address);
        await take(world, left, keeper);
        return (out - (await backstop.previewRedeem(await backstop.balanceOf(stayer.owner.address)))) * TO_E18;
    }

    it("R21: should leave the loss to others where the door is open, and not here", async () => {
        const weak = await freshCast();
        await weaken(weak.world, "backstop", "OpenDoorBackstop");
        expectGain("R21", await leaveFirst(weak, false));
        const refusals = [
            [false, "Backstop_ExitNotOpen"],
            [true, "Backstop_DeficitOpen"],
        ] as const;
        for (const [hasWaited, error] of refusals) {
            const cast = await freshCast();
            await expect(leaveFirst(cast, hasWaited)).to.be.revertedWithCustomError(cast.world.all.backstop, error);
        }
    });
});

describe("the first depositor of an empty pool", () => {
    /** One unit of the coin, a donation, and four who come after. */
    async function inflate({world, savers}: Cast): Promise<bigint> {
        const {backstop} = world.all;
        const [attacker, ...victims] = savers.slice(0, 5);
        const donation = 10_000n * USD;
        await fundBackstop(world, attacker!, 1n);
        await tokenOf(world, "USDC").getFunction("mint")(await backstop.getAddress(), donation);
        for (const victim of victims) await fundBackstop(world, victim, 4_900n * USD);
        const back = await backstop.previewRedeem(await backstop.balanceOf(attacker!.owner.address));
        return (back - donation - 1n) * TO_E18;
    }

    it("R25: should take from those who come after where shares are coarse, and lose here", async () => {
        const weak = await freshCast();
        await weaken(weak.world, "backstop", "PlainShareBackstop");
        expectGain("R25", await inflate(weak));
        const gain = await inflate(await freshCast());
        expect(gain < usd(-4_000), `the donor gains ${gain}`).to.equal(true);
    });
});

describe("a price in the middle of a call", () => {
    type Hooked = {world: World; attacker: Side; coin: string};

    /** Ballast on a settlement coin that calls back before it arrives, and a backstop that the vault owes money. */
    async function hooked(): Promise<Hooked> {
        const coin = await ethers.deployContract("HookedCoin");
        const address = await coin.getAddress();
        const parameters = parametersOf("local");
        const options = {parameters: {...parameters, tokens: {...parameters.tokens, USDC: {address}}}};
        const world = await deployWorld(connection, options);
        const [attacker, saver] = world.owners.map((owner): Side => ({owner}));
        const {vault} = world.all;
        await fundBackstop(world, saver!, 1_000_000n * USD);
        const minted = 100_000n * USD;
        await coin.mint(saver!.owner.address, minted);
        await coin.connect(saver!.owner).approve(await vault.getAddress(), MaxUint256);
        await vault.connect(saver!.owner).deposit(await vault.protocolAccount(), address, minted);
        await coin.mint(address, 500_000n * USD);
        return {world, attacker: attacker!, coin: address};
    }

    /** Enters the pool while what the vault owes it is on the way. */
    async function enterHalfway({world, attacker, coin}: Hooked): Promise<bigint> {
        const {backstop} = world.all;
        const pool = await backstop.getAddress();
        const stake = 500_000n * USD;
        const entry = backstop.interface.encodeFunctionData("deposit", [stake, attacker.owner.address]);
        await (await ethers.getContractAt("HookedCoin", coin)).arm(pool, pool, entry);
        await backstop.harvest();
        return ((await backstop.previewRedeem(await backstop.balanceOf(attacker.owner.address))) - stake) * TO_E18;
    }

    it("R26: should be too low where nobody sees the lock, and not be there here", async () => {
        const weak = await loadFixture(hooked);
        await weaken(weak.world, "vault", "SilentLockVault");
        expectGain("R26", await enterHalfway(weak));
        const cast = await loadFixture(hooked);
        await expect(enterHalfway(cast)).to.be.revertedWithCustomError(cast.world.all.backstop, "Backstop_Locked");
    });
});
