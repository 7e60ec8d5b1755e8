import {expect} from "chai";

import {future, perp} from "../../scripts/sdk/instruments.js";
import {
    balanceOf,
    BTC,
    createChain,
    deployWorld,
    deposit,
    E18,
    expiryAhead,
    feedOf,
    idOf,
    now,
    offer,
    report,
    trade,
    USD,
    usd,
    withdraw,
} from "../support/world.js";
import type {Leg, Side, World} from "../support/world.js";

const connection = await createChain();
const {loadFixture, time} = connection.networkHelpers;

type Cast = {world: World; long: Side; maker: Side; other: Side; rival: Side; expiry: number};

/** Long holds five perpetuals against the maker; other is long futures and short perpetuals against a rival, a hedge. */
async function fixture(): Promise<Cast> {
    const world = await deployWorld(connection);
    const [long, maker, other, rival] = world.owners.map((owner): Side => ({owner}));
    const cast = {world, long: long!, maker: maker!, other: other!, rival: rival!};
    await deposit(world, cast.rival, "USDC", 900_000n * USD);
    await deposit(world, cast.long, "USDC", 80_000n * USD);
    await deposit(world, cast.maker, "USDC", 900_000n * USD);
    await deposit(world, cast.other, "USDC", 60_000n * USD);
    const expiry = await expiryAhead(world, 5);
    await report(world);
    const at = usd(50_000);
    await trade(world, cast.maker, cast.long, [{instrument: perp(BTC), sizeE18: -5n * E18, priceE18: at}]);
    await trade(world, cast.rival, cast.other, [
        {instrument: perp(BTC), sizeE18: 5n * E18, priceE18: at},
        {instrument: future(BTC, expiry), sizeE18: -5n * E18, priceE18: at},
    ]);
    return {...cast, expiry};
}

async function braked(): Promise<Cast> {
    const cast = await loadFixture(fixture);
    await cast.world.all.priceOracle.connect(cast.world.officers.guardian).pauseFeed(BTC);
    return cast;
}

async function reduce(world: World, maker: Side, taker: Side, legs: readonly Leg[]): Promise<unknown> {
    const item = await offer(world, maker, taker, legs);
    return world.all.clearinghouse.connect(taker.owner).fillReducing([item]);
}

const perps = (sizeE18: bigint, priceE18 = usd(50_000)): Leg[] => [{instrument: perp(BTC), sizeE18, priceE18}];

describe("reductions at the last known prices", () => {
    it("R5, R7: should let a trader close and leave with everything while the feed is braked", async () => {
        const {world, long, maker} = await braked();
        const {clearinghouse, priceOracle} = world.all;
        const item = await offer(world, maker, long, perps(5n * E18));
        await expect(clearinghouse.connect(long.owner).fill(item)).to.be.revertedWithCustomError(
            priceOracle,
            "PriceOracle_FeedPaused",
        );
        await clearinghouse.connect(long.owner).fillReducing([item]);
        expect(await clearinghouse.hasPositions(idOf(long)), "flat").to.equal(false);
        const left = (await world.all.vault.cashOf(idOf(long))) / 10n ** 12n;
        await withdraw(world, long, "USDC", left);
        expect(await balanceOf(world, "USDC", long.owner.address)).to.equal(left);
        // Fees of both trades and nothing else.
        expect(left).to.be.within(79_700n * USD, 80_000n * USD);
    });

    it("should work with a surface that is stale", async () => {
        const {world, other, rival, expiry} = await loadFixture(fixture);
        world.expiries.delete(expiry);
        await time.increase(7300);
        await report(world);
        const both: Leg[] = [
            {instrument: perp(BTC), sizeE18: -4n * E18, priceE18: usd(50_000)},
            {instrument: future(BTC, expiry), sizeE18: 4n * E18, priceE18: usd(50_000)},
        ];
        const {clearinghouse, surfaceOracle} = world.all;
        const item = await offer(world, rival, other, both);
        await expect(clearinghouse.connect(other.owner).fill(item)).to.be.revertedWithCustomError(
            surfaceOracle,
            "SurfaceOracle_Stale",
        );
        await clearinghouse.connect(other.owner).fillReducing([item]);
        expect(await clearinghouse.sizeOf(idOf(other), future(BTC, expiry))).to.equal(E18);
    });

    it("should refuse a leg that opens for either side", async () => {
        const {world, long, maker, other} = await braked();
        const {clearinghouse} = world.all;
        for (const [a, b, sizeE18, who] of [
            [maker, long, -E18, maker],
            [maker, other, E18, other],
            [maker, long, 6n * E18, maker],
        ] as const) {
            await expect(reduce(world, a, b, perps(sizeE18)))
                .to.be.revertedWithCustomError(clearinghouse, "Clearinghouse_NotReducing")
                .withArgs(idOf(who), perp(BTC));
        }
    });

    it("CLR-6: should refuse to break a hedge: true prices may be anywhere", async () => {
        const {world, other, long} = await braked();
        const risk = await connection.ethers.getContractAt(
            "LastKnownRisk",
            await world.all.clearinghouse.lastKnownRisk(),
        );
        // Both close perpetuals, but the other's future stays alone.
        await expect(reduce(world, long, other, perps(-5n * E18))).to.be.revertedWithCustomError(
            risk,
            "LastKnownRisk_NotReduced",
        );
    });

    it("should refuse a price that carries more than a quarter of what is released to the other side", async () => {
        const {world, long, maker} = await braked();
        const risk = await connection.ethers.getContractAt(
            "LastKnownRisk",
            await world.all.clearinghouse.lastKnownRisk(),
        );
        // A fall of the initial requirement by about a fifth of the notional: a twentieth of it may be paid.
        await expect(reduce(world, maker, long, perps(5n * E18, usd(46_000))))
            .to.be.revertedWithCustomError(risk, "LastKnownRisk_NotReduced")
            .withArgs(
                idOf(long),
                (value: bigint) => value > 0n,
                (value: bigint) => value > 0n,
                (value: bigint) => value > 0n,
                0n,
            );
        await reduce(world, maker, long, perps(5n * E18, usd(49_000)));
    });

    it("R9: should not let the caller choose: a price of now counts, even if nobody has recorded it", async () => {
        const {world, long, maker} = await loadFixture(fixture);
        // Down by a third, within the jump that the feed may make: long owes more than he has. Nobody pokes.
        await feedOf(world, BTC).getFunction("pushAnswer")(usd(33_600) / 10n ** 10n);
        expect((await world.all.priceOracle.feedState(BTC)).acceptedE18).to.equal(usd(50_000));
        const risk = await connection.ethers.getContractAt(
            "LastKnownRisk",
            await world.all.clearinghouse.lastKnownRisk(),
        );
        const prices = await connection.ethers.getContractAt("LastKnownPrices", await risk.prices());
        expect(await prices.price(BTC), "live").to.equal(usd(33_600));
        await expect(reduce(world, maker, long, perps(5n * E18, usd(33_600)))).to.be.revertedWithCustomError(
            risk,
            "LastKnownRisk_NotReduced",
        );
        await world.all.priceOracle.connect(world.officers.guardian).pauseFeed(BTC);
        expect(await prices.price(BTC), "last accepted").to.equal(usd(50_000));
    });

    it("should answer nothing about feeds and expiries that nobody knows, nor to a caller who starves it", async () => {
        const {world, expiry} = await loadFixture(fixture);
        const {priceOracle, surfaceOracle} = world.all;
        const risk = await connection.ethers.getContractAt(
            "LastKnownRisk",
            await world.all.clearinghouse.lastKnownRisk(),
        );
        const prices = await connection.ethers.getContractAt("LastKnownPrices", await risk.prices());
        await expect(prices.price(77)).to.be.revertedWithCustomError(priceOracle, "PriceOracle_UnknownFeed");
        await expect(prices.surfaceWords(BTC, expiry + 86_400)).to.be.revertedWithCustomError(
            surfaceOracle,
            "SurfaceOracle_NoSurface",
        );
        await expect(prices.price(BTC, {gasLimit: 300_000n})).to.be.revertedWithCustomError(
            priceOracle,
            "PriceOracle_TooLittleGas",
        );
        const live = await surfaceOracle.surfaceWords(BTC, expiry);
        expect([...(await prices.surfaceWords(BTC, expiry))], "live surface").to.deep.equal([...live]);
        await time.increase(7300);
        expect((await prices.surfaceWords(BTC, expiry)).smile, "last surface").to.equal(live.smile);
        expect(await now(world)).to.be.gt(0);
    });
});
