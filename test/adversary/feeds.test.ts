import {expect} from "chai";

import {future, perp} from "../../scripts/sdk/instruments.js";
import {
    balanceOf,
    BTC,
    createChain,
    deployWorld,
    deposit,
    E18,
    ETH,
    EVERYTHING,
    expiryAhead,
    feedOf,
    fundBackstop,
    idOf,
    move,
    now,
    offer,
    report,
    start,
    take,
    trade,
    USD,
    usd,
    withdraw,
} from "../support/world.js";
import type {Side, World} from "../support/world.js";

const connection = await createChain();
const {loadFixture, time} = connection.networkHelpers;
/** Longer than the age that feeds may have. */
const TOO_OLD = 4600;

type Cast = {world: World; long: Side; maker: Side; keeper: Side; debtor: Side; free: Side; short: Side};

/** A healthy long, a short one with a running auction and one without, a debtor, and somebody who owes nothing. */
async function fixture(): Promise<Cast> {
    const world = await deployWorld(connection);
    const [long, maker, keeper, debtor, free, short] = world.owners.map((owner): Side => ({owner}));
    const cast: Cast = {
        world,
        long: long!,
        maker: maker!,
        keeper: keeper!,
        debtor: debtor!,
        free: free!,
        short: short!,
    };
    await deposit(world, cast.long, "USDC", 60_000n * USD);
    await deposit(world, cast.short, "USDC", 60_000n * USD);
    await deposit(world, cast.maker, "USDC", 900_000n * USD);
    await deposit(world, cast.keeper, "USDC", 900_000n * USD);
    await deposit(world, cast.free, "USDC", 10_000n * USD);
    await deposit(world, cast.free, "WETH", 3n * E18);
    await deposit(world, cast.debtor, "WETH", 30n * E18);
    await withdraw(world, cast.debtor, "USDC", 10_000n * USD);
    await fundBackstop(world, {owner: world.owners[7]!}, 10_000n * USD);
    for (const side of [cast.long, cast.short]) {
        await trade(world, cast.maker, side, [{instrument: perp(BTC), sizeE18: -5n * E18, priceE18: usd(50_000)}]);
    }
    await move(world, {[BTC]: usd(45_500)});
    await start(world, cast.short, cast.keeper);
    return cast;
}

/** One way in which the feeds of BTC and ETH fail, and the error that everybody must get. */
const FAILURES: readonly {
    readonly name: string;
    readonly error: string;
    readonly fail: (world: World, underlying: number) => Promise<void>;
}[] = [
    {
        name: "stale",
        error: "PriceOracle_Stale",
        fail: async () => {
            await time.increase(TOO_OLD);
        },
    },
    {
        name: "zero",
        error: "PriceOracle_NotPositive",
        fail: async (world, underlying) => {
            await feedOf(world, underlying).getFunction("pushAnswer")(0n);
        },
    },
    {
        name: "negative",
        error: "PriceOracle_NotPositive",
        fail: async (world, underlying) => {
            await feedOf(world, underlying).getFunction("pushAnswer")(-1n);
        },
    },
    {
        name: "jumping",
        error: "PriceOracle_Jump",
        fail: async (world, underlying) => {
            const doubled = (2n * world.spotE18.get(underlying)!) / 10n ** 10n;
            await feedOf(world, underlying).getFunction("pushAnswer")(doubled);
        },
    },
    {
        name: "reverting",
        error: "PriceOracle_FeedFailed",
        fail: async (world, underlying) => {
            const feed = await connection.ethers.getContractAt(
                "MockAggregator",
                await feedOf(world, underlying).getAddress(),
            );
            await feed.setBroken(true);
        },
    },
    {
        name: "braked",
        error: "PriceOracle_FeedPaused",
        fail: async (world, underlying) => {
            await world.all.priceOracle.connect(world.officers.guardian).pauseFeed(underlying);
        },
    },
];

for (const {name, error, fail} of FAILURES) {
    describe(`feeds that are ${name}`, () => {
        async function failed(): Promise<Cast> {
            const cast = await loadFixture(fixture);
            for (const underlying of [BTC, ETH]) await fail(cast.world, underlying);
            return cast;
        }

        it(`should stop withdrawals of those who owe with ${error}`, async () => {
            const {world, debtor, long} = await failed();
            for (const side of [debtor, long]) {
                await expect(withdraw(world, side, "USDC", 1n)).to.be.revertedWithCustomError(
                    world.all.priceOracle,
                    error,
                );
            }
        });

        it(`should stop fills with ${error}`, async () => {
            const {world, maker, keeper} = await failed();
            const item = await offer(world, maker, keeper, [
                {instrument: perp(BTC), sizeE18: E18, priceE18: usd(45_500)},
            ]);
            await expect(world.all.clearinghouse.connect(keeper.owner).fill(item)).to.be.revertedWithCustomError(
                world.all.priceOracle,
                error,
            );
        });

        it(`should stop auctions with ${error}: nobody is sold on a price that is none`, async () => {
            const {world, long, short, keeper} = await failed();
            const {priceOracle, liquidator} = world.all;
            await expect(start(world, long, keeper)).to.be.revertedWithCustomError(priceOracle, error);
            await expect(take(world, short, keeper)).to.be.revertedWithCustomError(priceOracle, error);
            await expect(liquidator.cancel(idOf(short))).to.be.revertedWithCustomError(priceOracle, error);
            await expect(liquidator.callMargin(idOf(long))).to.be.revertedWithCustomError(priceOracle, error);
        });

        it("VLT-6: should let anyone deposit, and those who owe nothing leave with all they have", async () => {
            const {world, long, free} = await failed();
            await deposit(world, long, "USDC", 5n * USD);
            await withdraw(world, free, "USDC", 10_000n * USD);
            await withdraw(world, free, "WETH", 3n * E18);
            expect(await balanceOf(world, "USDC", free.owner.address)).to.equal(10_000n * USD);
            expect(await balanceOf(world, "WETH", free.owner.address)).to.equal(3n * E18);
            await world.all.clearinghouse.settleAccount(idOf(long));
            await world.all.vault.accrue();
        });
    });
}

describe("prices that were stopped for two hours", () => {
    const TWO_HOURS = 7200;

    it("R7, LIQ-9: should sell nobody in the grace after a brake, and then at the price from before it", async () => {
        const {world, short, long, keeper} = await loadFixture(fixture);
        const {priceOracle, liquidator} = world.all;
        const [guardian, risk] = [world.officers.guardian, world.officers.risk];
        const everything = (1n << 255n) - 1n;
        await time.increase(300);
        await report(world);
        const at = await now(world);
        const before = await liquidator.previewTake(idOf(short), E18);
        await priceOracle.connect(guardian).pauseFeed(BTC);
        await time.increase(TWO_HOURS);
        await priceOracle.connect(risk).unpauseFeed(BTC);
        await report(world);
        const stopped = BigInt((await now(world)) - at);
        const openAt = (await liquidator.clockOf(idOf(short))).openAt;
        expect(openAt, "open after the grace").to.be.gt(await now(world));
        const asKeeper = liquidator.connect(keeper.owner);
        for (const call of [
            () => asKeeper.take(idOf(short), idOf(keeper), E18, everything, "0x"),
            () => asKeeper.start(idOf(long), EVERYTHING, idOf(keeper)),
        ]) {
            await expect(call()).to.be.revertedWithCustomError(liquidator, "Liquidator_InGrace");
        }
        // Who mends the account in the grace keeps it.
        await deposit(world, long, "USDC", 60_000n * USD);
        await time.increaseTo(Number(openAt));
        await report(world);
        await expect(asKeeper.start(idOf(long), EVERYTHING, idOf(keeper))).to.be.revertedWithCustomError(
            liquidator,
            "Liquidator_NotShort",
        );
        const after = await liquidator.previewTake(idOf(short), E18);
        expect(after.equityE18, "the price is what it was").to.be.closeTo(before.equityE18, usd(1));
        // Reports took some seconds before the brake and after the grace; the stop itself took hours.
        expect(stopped, "hours went by").to.be.gt(BigInt(TWO_HOURS));
        const perSecond = (before.equityE18 * 28n) / 100n / 900n;
        expect(after.discountE18 - before.discountE18, "seconds of discount").to.be.lte(perSecond * 30n);
        await take(world, short, keeper);
    });

    it("should go on with accounts that do not hold what was braked", async () => {
        const {world, short, keeper} = await loadFixture(fixture);
        const {priceOracle, liquidator} = world.all;
        await priceOracle.connect(world.officers.guardian).pauseFeed(ETH);
        await time.increase(600);
        expect((await liquidator.clockOf(idOf(short))).nowOnClock, "no stop").to.equal(BigInt(await now(world)));
        await take(world, short, keeper);
    });
});

describe("surfaces that are stale", () => {
    it("should stop who holds a series of the expiry and nobody else", async () => {
        const {world, long, maker, keeper, free} = await loadFixture(fixture);
        const {surfaceOracle, clearinghouse} = world.all;
        const expiry = await expiryAhead(world, 3);
        await report(world);
        await trade(world, maker, keeper, [{instrument: future(BTC, expiry), sizeE18: E18, priceE18: usd(45_500)}]);
        world.expiries.delete(expiry);
        await time.increase(7300);
        await report(world);
        const publishedAt = (await surfaceOracle.lastSurface(BTC, expiry)).publishedAt;
        await expect(withdraw(world, keeper, "USDC", 1n))
            .to.be.revertedWithCustomError(surfaceOracle, "SurfaceOracle_Stale")
            .withArgs(BTC, expiry, BigInt(await now(world)) + 1n - publishedAt, 7200);
        await trade(world, long, free, [{instrument: perp(BTC), sizeE18: -E18 / 10n, priceE18: usd(45_500)}]);
        expect(await clearinghouse.sizeOf(idOf(free), perp(BTC))).to.equal(E18 / 10n);
        await start(world, long, keeper);
        expect((await world.all.liquidator.auction(idOf(long))).startedAt).to.equal(await now(world));
    });
});
