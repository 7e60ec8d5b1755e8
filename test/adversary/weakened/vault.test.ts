import {expect} from "chai";

import {perp} from "../../../scripts/sdk/instruments.js";
import {
    balanceOf,
    BTC,
    createChain,
    deployWorld,
    deposit,
    E18,
    fundBackstop,
    idOf,
    figuresOf,
    move,
    start,
    take,
    tokenOf,
    trade,
    USD,
    usd,
    withdraw,
} from "../../support/world.js";
import type {Side, World} from "../../support/world.js";
import {expectGain, weaken} from "../../support/weakened.js";

const connection = await createChain();
const {loadFixture} = connection.networkHelpers;
const {ethers} = connection;
const SPOT = usd(50_000);
const TO_E18 = 10n ** 12n;
const RIGHT_WITHDRAW = 2;
const FOREVER = 2n ** 40n - 1n;

type Cast = {world: World; attacker: Side; other: Side; third: Side; maker: Side};

/** An attacker with three accounts, and other people's money. */
async function fixture(): Promise<Cast> {
    const world = await deployWorld(connection);
    const [attacker, second, third, maker, saver] = world.owners.map((owner): Side => ({owner}));
    for (const side of [attacker!, second!]) await deposit(world, side, "USDC", 100_000n * USD);
    for (const side of [maker!, saver!]) await deposit(world, side, "USDC", 2_000_000n * USD);
    await fundBackstop(world, {owner: world.owners[7]!}, 1_000_000n * USD);
    return {world, attacker: attacker!, other: second!, third: third!, maker: maker!};
}

async function freshCast(): Promise<Cast> {
    const cast = await loadFixture(fixture);
    // A fixture that is loaded again brings the chain back, and not what the world remembers of it.
    cast.world.spotE18.set(BTC, SPOT);
    return cast;
}

const long = (world: World, buyer: Side, seller: Side, units: bigint): Promise<void> =>
    trade(world, seller, buyer, [{instrument: perp(BTC), sizeE18: -units * E18, priceE18: SPOT}]);

/** Coins of the people behind some accounts, 18 decimals. */
async function purse(world: World, ...sides: readonly Side[]): Promise<bigint> {
    const held = await Promise.all(sides.map(({owner}) => balanceOf(world, "USDC", owner.address)));
    return held.reduce((sum, one) => sum + one) * TO_E18;
}

const usdcOf = (world: World): Promise<string> => tokenOf(world, "USDC").getAddress();

describe("a path without a health check", () => {
    /** The loser of a pair gives away what backs his side before he loses. */
    async function giveAway({world, attacker, other, third}: Cast): Promise<bigint> {
        await long(world, attacker, other, 5n);
        const backing = await world.all.vault.cashOf(idOf(other));
        await world.all.vault
            .connect(other.owner)
            .transfer(idOf(other), idOf(third), await usdcOf(world), (backing / TO_E18) * TO_E18);
        await move(world, {[BTC]: usd(60_000)});
        const {equityE18} = await figuresOf(world, attacker);
        await withdraw(world, attacker, "USDC", equityE18 / TO_E18);
        await withdraw(world, third, "USDC", backing / TO_E18);
        return (await purse(world, attacker, other, third)) - usd(200_000);
    }

    it("R24: should let a pair give its losing side's money away where nothing is checked, and not here", async () => {
        const weak = await freshCast();
        await weaken(weak.world, "vault", "UncheckedVault");
        expectGain("R24", await giveAway(weak));
        const cast = await freshCast();
        await expect(giveAway(cast)).to.be.revertedWithCustomError(
            cast.world.all.riskEngine,
            "RiskEngine_BelowInitial",
        );
    });
});

describe("a profit that is taken out before it is lost again", () => {
    /** A whale withdraws on his profit, the price comes back, and the house is left with the position. */
    async function cashIn(cast: Cast, amountOf: (cast: Cast) => Promise<bigint>): Promise<bigint> {
        const {world, attacker, maker, other, third} = cast;
        await long(world, attacker, maker, 5n);
        await long(world, other, maker, 5n);
        await deposit(world, third, "USDC", 1_000_000n * USD);
        await move(world, {[BTC]: usd(56_000)});
        await withdraw(world, attacker, "USDC", (await amountOf(cast)) / TO_E18);
        await move(world, {[BTC]: SPOT});
        if ((await figuresOf(world, attacker)).equityE18 < 0n) {
            await start(world, attacker, third);
            await take(world, attacker, third);
        }
        const {backstopE18, writtenDownE18} = await world.all.liquidator.losses();
        return backstopE18 + writtenDownE18;
    }
    const everything = async ({world, attacker}: Cast): Promise<bigint> =>
        (await figuresOf(world, attacker)).equityE18 - usd(1);
    const allowed = async ({world, attacker}: Cast): Promise<bigint> =>
        (await world.all.marginLens.maxWithdraw(idOf(attacker), await usdcOf(world))) * TO_E18;

    it("R18: should cost the house where equity alone is asked for, and nothing here", async () => {
        const weak = await freshCast();
        await weaken(weak.world, "vault", "EquityOnlyVault");
        expectGain("R18", await cashIn(weak, everything));
        const cast = await freshCast();
        await expect(cashIn(cast, everything)).to.be.revertedWithCustomError(
            cast.world.all.riskEngine,
            "RiskEngine_BelowInitial",
        );
        expect(await cashIn(await freshCast(), allowed), "what the house pays after the most that may leave").to.equal(
            0n,
        );
    });
});

describe("a token that keeps a fee", () => {
    /** Claims beyond what the vault holds, after one deposit of the token. */
    async function shortDeposit({world, attacker}: Cast): Promise<bigint> {
        const {vault} = world.all;
        const token = await ethers.deployContract("FeeToken");
        const address = await token.getAddress();
        await vault.connect(world.officers.steward).listAsset(address, usd(10n ** 9n));
        const assetId = 3n;
        await token.mint(attacker.owner.address, usd(100_000));
        await token.connect(attacker.owner).approve(await vault.getAddress(), usd(100_000));
        await token.setFee(true, false);
        await vault.connect(attacker.owner).deposit(idOf(attacker), address, usd(100_000));
        return (await vault.unitsOf(idOf(attacker), assetId)) - (await token.balanceOf(await vault.getAddress()));
    }

    it("R25: should be credited beyond what arrived where nothing is measured, and refused here", async () => {
        const weak = await freshCast();
        await weaken(weak.world, "vault", "TrustingVault");
        expectGain("R25", await shortDeposit(weak));
        const cast = await freshCast();
        await expect(shortDeposit(cast)).to.be.revertedWithCustomError(
            cast.world.all.vault,
            "MarginVault_UnexpectedBalance",
        );
    });
});

describe("an operator with the right to withdraw", () => {
    /** The operator sends the owner's money to himself. */
    async function embezzle({world, attacker, other}: Cast): Promise<bigint> {
        const {vault} = world.all;
        await vault.connect(other.owner).setOperator(idOf(other), attacker.owner.address, RIGHT_WITHDRAW, FOREVER);
        await vault
            .connect(attacker.owner)
            .withdraw(idOf(other), await usdcOf(world), 100_000n * USD, attacker.owner.address);
        return purse(world, attacker);
    }

    it("R30: should be a thief where the destination is his choice, and not here", async () => {
        const weak = await freshCast();
        await weaken(weak.world, "vault", "AnyDestinationVault");
        expectGain("R30", await embezzle(weak));
        const cast = await freshCast();
        await expect(embezzle(cast))
            .to.be.revertedWithCustomError(cast.world.all.vault, "MarginVault_NotAuthorised")
            .withArgs(idOf(cast.other), cast.attacker.owner.address, RIGHT_WITHDRAW);
    });
});
