import {expect} from "chai";
import type {Result} from "ethers";

import {perp} from "../../scripts/sdk/instruments.js";
import {
    balanceOf,
    createChain,
    deployWorld,
    deposit,
    E18,
    ETH,
    figuresOf,
    idOf,
    move,
    offer,
    trade,
    USD,
    usd,
    withdraw,
} from "../support/world.js";
import type {Side, World} from "../support/world.js";
import {expectGain} from "../support/weakened.js";
import type {ScenarioStruct, UnderlyingParamsStruct} from "../../typechain-types/contracts/risk/RiskParameters.js";

const connection = await createChain();
const {loadFixture} = connection.networkHelpers;

const OPEN = usd(2500);
const SPIKE = usd(25_000);
const CRASH = usd(250);
/** Bounds of open interest of a thin market, USD, and of one that nothing watches. */
const THIN = {lower: usd(1_000_000), upper: usd(2_000_000)};
const UNWATCHED = {lower: usd(10n ** 12n), upper: usd(2n * 10n ** 12n)};

/** Greatest x (1 - scale(x)) over all values x of open interest. */
function boundOf({lower, upper}: typeof THIN): bigint {
    return upper < 2n * lower ? lower : (upper * upper) / (4n * (upper - lower));
}
const BOUND = boundOf(THIN);

/** A struct that was read, as one to write. */
const named = (read: unknown): unknown => (read as Result).toObject();

type Cast = {world: World; sides: Side[]};

async function castIn({lower, upper}: typeof THIN): Promise<Cast> {
    const world = await deployWorld(connection);
    const {riskParameters} = world.all;
    const params = named(await riskParameters.underlyingParams(ETH)) as UnderlyingParamsStruct;
    const grid = (await riskParameters.scenarios(ETH)).map((one) => named(one) as ScenarioStruct);
    await riskParameters
        .connect(world.officers.steward)
        .setUnderlying(ETH, {...params, oiLowerE18: lower, oiUpperE18: upper}, grid);
    const [saver, ...sides] = world.owners.map((owner): Side => ({owner}));
    // Money of others, which is what an attacker is after.
    await deposit(world, saver!, "USDC", 50_000_000n * USD);
    return {world, sides};
}
const thin = (): Promise<Cast> => castIn(THIN);
const unwatched = (): Promise<Cast> => castIn(UNWATCHED);

/** Accounts of one hand: one side of the market, and the one account that is the other. */
type Hand = {readonly world: World; readonly winners: readonly Side[]; readonly loser: Side; readonly paidIn: bigint};

/** Opens the whole market, evenly over the winners, each side with four tenths of its value, then moves the price. */
async function moved({world, sides}: Cast, count: number, units: bigint, priceE18: bigint): Promise<Hand> {
    // A fixture that is loaded again brings the chain back, and not what the world remembers of it.
    world.spotE18.set(ETH, OPEN);
    const [owner, loserOwner] = sides.map((side) => side.owner);
    const winners = Array.from({length: count}, (_, sub): Side => ({owner: owner!, sub: BigInt(sub)}));
    const loser: Side = {owner: loserOwner!};
    const stake = units * 1000n * USD;
    await deposit(world, loser, "USDC", stake);
    for (const side of winners) await deposit(world, side, "USDC", stake / BigInt(count));
    const sizeE18 = (units * E18) / (priceE18 > OPEN ? -BigInt(count) : BigInt(count));
    for (const side of winners) {
        await trade(world, loser, side, [{instrument: perp(ETH), sizeE18, priceE18: OPEN}]);
    }
    await move(world, {[ETH]: priceE18});
    return {world, winners, loser, paidIn: 2n * stake};
}

const spiked = (cast: Cast, count: number, units: bigint): Promise<Hand> => moved(cast, count, units, SPIKE);

/** Takes out all that every account may, and tells what has left beyond what was paid in, 18 decimals. */
async function taken({world, winners, loser, paidIn}: Hand, others: readonly Side[] = []): Promise<bigint> {
    const token = world.deployment.tokens["USDC"]!.address;
    const owners = [...new Set([...winners, loser, ...others].map(({owner}) => owner.address))];
    const held = async (): Promise<bigint> =>
        (await Promise.all(owners.map((one) => balanceOf(world, "USDC", one)))).reduce((sum, one) => sum + one);
    const before = await held();
    for (const side of [...winners, loser, ...others]) {
        const most = await world.all.marginLens.maxWithdraw(idOf(side), token);
        if (most > 0n) await withdraw(world, side, "USDC", most);
    }
    return ((await held()) - before - paidIn) * 10n ** 12n;
}

/** What accounts could take out beyond what was paid in if profit counted in full, everything else as it is. */
async function takenAtFullWeight({world, winners, paidIn}: Hand): Promise<bigint> {
    let sum = -paidIn * 10n ** 12n;
    for (const side of winners) {
        const {equityE18, initialE18} = await figuresOf(world, side);
        sum += equityE18 - initialE18 + (await withheldOf(world, side));
    }
    return sum;
}

async function withheldOf(world: World, side: Side): Promise<bigint> {
    const {underlyings} = await world.all.marginLens.scenarioTable(idOf(side));
    return underlyings[0]?.withheldE18 ?? 0n;
}

describe("adversary: profit of a market that one hand has made (R1)", () => {
    it("should lend nothing on the profit of two accounts that are the whole market, price times ten", async () => {
        const hand = await spiked(await loadFixture(thin), 1, 40n);
        expect(await takenAtFullWeight(hand), "control: at full weight others would pay").to.be.greaterThan(
            usd(600_000),
        );
        expect(await taken(hand), "taken").to.be.at.most(0n);
    });

    it("should stay within the stated bound however many accounts share the profit", async () => {
        const hand = await spiked(await loadFixture(thin), 10, 40n);
        const full = await takenAtFullWeight(hand);
        const out = await taken(hand);
        expect(out, "the bound is there because this is above zero").to.be.greaterThan(usd(400_000));
        expect(out, "at most the bound").to.be.at.most(BOUND);
        expect(full - out, "control: at full weight a tenth of the profit more").to.be.greaterThan(usd(80_000));
    });

    it("should lend less the larger the market has grown, and nothing beyond the upper bound", async () => {
        const half = await taken(await spiked(await loadFixture(thin), 10, 60n));
        expect(half, "half way between the bounds").to.be.at.most(BOUND);
        const hand = await spiked(await loadFixture(thin), 10, 80n);
        expect(await taken(hand), "at the upper bound").to.be.at.most(0n);
    });

    it("should be the bounds of open interest that hold it: without them the same script takes more", async () => {
        const hand = await spiked(await loadFixture(unwatched), 10, 80n);
        const gain = await taken(hand);
        expect(gain, "control: above the bound").to.be.greaterThan(BOUND);
        expectGain("R1", gain);
    });

    it("CLR-3: should not let the bankrupt side close against the winner", async () => {
        const hand = await spiked(await loadFixture(thin), 1, 40n);
        const {world, winners, loser} = hand;
        const {clearinghouse} = world.all;
        const {equityE18} = await figuresOf(world, loser);
        const item = await offer(world, winners[0]!, loser, [
            {instrument: perp(ETH), sizeE18: -20n * E18, priceE18: SPIKE},
        ]);
        await expect(clearinghouse.connect(loser.owner).fill(item)).to.be.revertedWithCustomError(
            clearinghouse,
            "Clearinghouse_Insolvent",
        );
        expect(equityE18, "bankrupt").to.be.lessThan(usd(-800_000));
    });

    it("should after a fall leave what the losers had not paid in when they opened", async () => {
        const hand = await moved(await loadFixture(thin), 10, 400n, CRASH);
        expect(await takenAtFullWeight(hand), "control: more at full weight").to.be.greaterThan(usd(450_000));
        const out = await taken(hand);
        expect(out, "crowding does not bind when prices are low").to.be.greaterThan(usd(300_000));
        expect(out, "at most half way between the bounds").to.be.at.most((THIN.lower + THIN.upper) / 2n);
    });

    it("should stay within the bound when the winner hands over to a third account", async () => {
        const cast = await loadFixture(thin);
        const hand = await spiked(cast, 1, 40n);
        const {world, winners} = hand;
        const third: Side = {owner: cast.sides[2]!.owner};
        const stake = 300_000n * USD;
        await deposit(world, third, "USDC", stake);
        await trade(world, winners[0]!, third, [{instrument: perp(ETH), sizeE18: -40n * E18, priceE18: SPIKE}]);
        expect((await figuresOf(world, winners[0]!)).initialE18, "realised").to.equal(0n);
        const out = await taken({...hand, paidIn: hand.paidIn + stake}, [third]);
        expect(out, "realised profit less the new holder's requirement").to.be.greaterThan(usd(500_000));
        expect(out, "at most the bound").to.be.at.most(BOUND);
    });
});
