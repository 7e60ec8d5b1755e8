import {expect} from "chai";
import type {Interface} from "ethers";

import {accountId} from "../../../scripts/sdk/ids.js";
import {perp} from "../../../scripts/sdk/instruments.js";
import type {CallbackKeeper} from "../../../typechain-types/index.js";
import {
    BTC,
    createChain,
    deployWorld,
    deposit,
    E18,
    ETH,
    EVERYTHING,
    feedOf,
    figuresOf,
    fundBackstop,
    idOf,
    move,
    offer,
    start,
    take,
    tokenOf,
    trade,
    USD,
    usd,
} from "../../support/world.js";
import type {Side, World} from "../../support/world.js";
import {expectGain, fieldsOf, weaken} from "../../support/weakened.js";

const connection = await createChain();
const {loadFixture, setNextBlockBaseFeePerGas, time} = connection.networkHelpers;
const {ethers} = connection;
const SPOT = usd(50_000);
const MAX_PRICE = (1n << 255n) - 1n;
const GWEI = 10n ** 9n;

type Cast = {world: World; long: Side; maker: Side; keeper: Side; robot: CallbackKeeper; robotSide: Side};

/** A long of 5 BTC on 60,000 dollars, a keeper with capital, and one that is a contract. */
async function fixture(): Promise<Cast> {
    const world = await deployWorld(connection);
    const [long, maker, keeper] = world.owners.map((owner): Side => ({owner}));
    const {vault, liquidator} = world.all;
    const robot = await ethers.deployContract("CallbackKeeper", [
        await liquidator.getAddress(),
        await vault.getAddress(),
    ]);
    const robotSide = {owner: {address: await robot.getAddress()}} as Side;
    await deposit(world, long!, "USDC", 60_000n * USD);
    for (const side of [maker!, keeper!]) await deposit(world, side, "USDC", 1_000_000n * USD);
    const usdc = await tokenOf(world, "USDC").getAddress();
    await vault.connect(keeper!.owner).transfer(idOf(keeper!), idOf(robotSide), usdc, usd(400_000));
    return {world, long: long!, maker: maker!, keeper: keeper!, robot, robotSide};
}

async function freshCast(): Promise<Cast> {
    const cast = await loadFixture(fixture);
    cast.world.spotE18.set(BTC, SPOT);
    return cast;
}

const openLong = ({world, maker, long}: Cast): Promise<void> =>
    trade(world, maker, long, [{instrument: perp(BTC), sizeE18: -5n * E18, priceE18: SPOT}]);

const worth = async ({world}: Cast, ...sides: readonly Side[]): Promise<bigint> =>
    (await Promise.all(sides.map((side) => figuresOf(world, side)))).reduce((sum, {equityE18}) => sum + equityE18, 0n);

const step = (target: string, face: Interface, name: string, args: readonly unknown[]): CallbackKeeper.StepStruct => ({
    target,
    data: face.encodeFunctionData(name, args),
});

describe("two prices in one block", () => {
    /** Fills a quote, calls up the other price, sells the maker to itself and calls the first price back, in one transaction. */
    async function between(cast: Cast): Promise<bigint> {
        const {world, long, robot, robotSide} = cast;
        const {clearinghouse, liquidator} = world.all;
        const {contracts} = world.deployment;
        const feed = feedOf(world, BTC);
        const quote = (whole: bigint): CallbackKeeper.StepStruct =>
            step(world.deployment.feeds[String(BTC)]!, feed.interface, "pushAnswer", [whole * 10n ** 8n]);
        const own = accountId(robotSide.owner.address);
        const item = await offer(world, long, robotSide, [{instrument: perp(BTC), sizeE18: 5n * E18, priceE18: SPOT}]);
        const before = await worth(cast, robotSide);
        await robot.run([
            step(contracts.clearinghouse, clearinghouse.interface, "fill", [item]),
            quote(45_000n),
            step(contracts.liquidator, liquidator.interface, "start", [idOf(long), EVERYTHING, own]),
            step(contracts.liquidator, liquidator.interface, "take", [idOf(long), own, E18, MAX_PRICE, "0x"]),
            quote(50_000n),
        ]);
        return (await worth(cast, robotSide)) - before;
    }

    it("R9: should sell who has just traded where a block is no bar, and not here", async () => {
        const weak = await freshCast();
        await weaken(weak.world, "liquidator", "HastyLiquidator");
        expectGain("R9", await between(weak));
        const cast = await freshCast();
        await expect(between(cast)).to.be.revertedWithCustomError(
            cast.world.all.liquidator,
            "Liquidator_CheckedThisBlock",
        );
    });
});

describe("an auction with one bidder", () => {
    const MINUTE = 60;

    /** What a keeper whom nobody outbids gets in the first minute, beyond a twentieth of the owner's equity. */
    async function alone(cast: Cast): Promise<bigint> {
        const {world, long, keeper} = cast;
        await openLong(cast);
        await move(world, {[BTC]: usd(45_500)});
        const twentieth = (await worth(cast, long)) / 20n;
        const before = await worth(cast, keeper);
        await start(world, long, keeper);
        await time.increase(MINUTE - 2);
        await take(world, long, keeper);
        return (await worth(cast, keeper)) - before - twentieth;
    }

    it("R12: should give everything away where the price starts at nothing, and next to nothing here", async () => {
        const weak = await freshCast();
        const {liquidator} = weak.world.all;
        const curve = {...fieldsOf(await liquidator.curve()), discountStartE18: E18, discountFastE18: E18};
        await liquidator.connect(weak.world.officers.risk).setCurve(curve as never);
        expectGain("R12", await alone(weak));
        const gain = await alone(await freshCast());
        expect(gain <= 0n, `one bidder gains ${gain}`).to.equal(true);
    });
});

describe("an account that is not worth its closing", () => {
    /** What the keeper of a small account lacks of his gas after starting the auction. */
    async function unpaid(cast: Cast): Promise<bigint> {
        const {world, long, keeper} = cast;
        await openLong(cast);
        await move(world, {[BTC]: usd(45_500)});
        const baseFee = 20n * GWEI;
        const before = await worth(cast, keeper);
        await setNextBlockBaseFeePerGas(baseFee);
        const sent = await world.all.liquidator
            .connect(keeper.owner)
            .start(idOf(long), EVERYTHING, idOf(keeper), {gasPrice: 2n * baseFee});
        const {gasUsed} = (await sent.wait())!;
        const costE18 = (gasUsed * baseFee * world.spotE18.get(ETH)!) / E18;
        return costE18 - ((await worth(cast, keeper)) - before);
    }

    it("R13: should cost its keeper where the pay is nothing, and pay him here", async () => {
        const weak = await freshCast();
        const {liquidator} = weak.world.all;
        const none = {
            ...fieldsOf(await liquidator.keeperPay()),
            startGas: 0,
            takeGas: 0,
            takeGasPerPosition: 0,
            minE18: 0,
            maxE18: 0,
        };
        await liquidator.connect(weak.world.officers.risk).setKeeperPay(none as never);
        expectGain("R13", await unpaid(weak));
        expect((await unpaid(await freshCast())) < 0n, "paid with a margin").to.equal(true);
    });
});

describe("an empty backstop", () => {
    /** How much deeper a bankrupt account gets because nobody could close it. */
    async function growing(cast: Cast): Promise<bigint> {
        const {world, long, keeper} = cast;
        await openLong(cast);
        await move(world, {[BTC]: usd(37_000)});
        const holeE18 = -(await worth(cast, long));
        expect(holeE18 > 0n, "under water").to.equal(true);
        await start(world, long, keeper);
        let closed = true;
        try {
            await take(world, long, keeper);
        } catch (error) {
            expect(String(error)).to.contain("Liquidator_LossNotCovered");
            closed = false;
        }
        await move(world, {[BTC]: usd(30_000)});
        return closed ? -(await worth(cast, long)) : -(await worth(cast, long)) - holeE18;
    }

    it("R15: should keep a loss growing where it stops the closing, and not here", async () => {
        const weak = await freshCast();
        await weaken(weak.world, "liquidator", "AllOrNothingLiquidator");
        expectGain("R15", await growing(weak));
        expect(await growing(await freshCast()), "closed at once, nothing is left").to.equal(0n);
    });
});

describe("a book that is eaten in small bites", () => {
    const SECONDS = 20;
    const BITES = 10;
    const BASE_FEE = 20n * GWEI;

    /** What a keeper gets who takes some bites and then the rest, all of it within the same seconds. */
    async function eaten(cast: Cast, bites: number, biteE18: bigint): Promise<bigint> {
        const {world, long, keeper} = cast;
        await openLong(cast);
        await move(world, {[BTC]: usd(45_500)});
        await start(world, long, keeper);
        const before = await worth(cast, keeper);
        await time.increase(SECONDS - bites);
        for (let bite = 0; bite <= bites; bite++) {
            await setNextBlockBaseFeePerGas(BASE_FEE);
            await world.all.liquidator
                .connect(keeper.owner)
                .take(idOf(long), idOf(keeper), bite === bites ? E18 : biteE18, MAX_PRICE, "0x", {
                    gasPrice: 2n * BASE_FEE,
                });
        }
        return (await worth(cast, keeper)) - before;
    }

    type Meal = {readonly atOnce: bigint; readonly bitten: bigint};

    async function meal(biteE18: bigint, prepare?: (world: World) => Promise<void>): Promise<Meal> {
        const gain = async (bites: number): Promise<bigint> => {
            const cast = await freshCast();
            await prepare?.(cast.world);
            return eaten(cast, bites, biteE18);
        };
        return {atOnce: await gain(0), bitten: await gain(BITES)};
    }
    /** What bites bring beyond a fifth more than a single take. */
    const beyond = ({atOnce, bitten}: Meal): bigint => bitten - (atOnce * 6n) / 5n;

    it("R16: should pay ten times over where every slice is paid, and once here", async () => {
        const small = E18 / 400n;
        expectGain("R16", beyond(await meal(small, (world) => weaken(world, "liquidator", "PerSliceLiquidator"))));
        const gain = beyond(await meal(small));
        expect(gain < 0n, `bites gain ${gain}`).to.equal(true);
    });

    it("R16: should bring a little more than one take, because each slice is priced on the cash of those before", async () => {
        const {atOnce, bitten} = await meal(E18 / 50n);
        expect(bitten > atOnce && bitten * 5n < atOnce * 6n, `${bitten} in bites, ${atOnce} at once`).to.equal(true);
    });
});

describe("worthless accounts that are opened to be started on", () => {
    /** Pay for starting on a small account of one's own when gas is dear, less the gas. */
    async function farmed(cast: Cast): Promise<bigint> {
        const {world, maker, keeper} = cast;
        const dust: Side = {owner: world.owners[6]!};
        await fundBackstop(world, {owner: world.owners[7]!}, 1_000_000n * USD);
        await deposit(world, dust, "USDC", 15n * USD);
        const sizeE18 = (usd(30) * E18) / SPOT;
        await trade(world, maker, dust, [{instrument: perp(BTC), sizeE18: -sizeE18, priceE18: SPOT}]);
        await move(world, {[BTC]: usd(36_000)});
        const baseFee = 100n * GWEI;
        const before = await worth(cast, dust, keeper);
        await setNextBlockBaseFeePerGas(baseFee);
        const sent = await world.all.liquidator
            .connect(keeper.owner)
            .start(idOf(dust), EVERYTHING, idOf(keeper), {gasPrice: 2n * baseFee});
        const {gasUsed} = (await sent.wait())!;
        const costE18 = (gasUsed * baseFee * world.spotE18.get(ETH)!) / E18;
        return (await worth(cast, dust, keeper)) - before - costE18;
    }

    it("R17: should be a business where a start is paid whatever the book has, and a loss here", async () => {
        const weak = await freshCast();
        await weaken(weak.world, "liquidator", "GenerousLiquidator");
        expectGain("R17", await farmed(weak));
        const gain = await farmed(await freshCast());
        expect(gain < 0n, `farming gains ${gain}`).to.equal(true);
    });
});
