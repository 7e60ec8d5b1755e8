import {expect} from "chai";

import {perp} from "../../../scripts/sdk/instruments.js";
import type {ISolvencyGate} from "../../../typechain-types/contracts/interfaces/ISolvencyGate.js";
import {
    BTC,
    createChain,
    deployWorld,
    deposit,
    E18,
    fundBackstop,
    idOf,
    move,
    offer,
    pass,
    start,
    take,
    trade,
    USD,
    usd,
    withdraw,
} from "../../support/world.js";
import type {Side, World} from "../../support/world.js";

const connection = await createChain();
const {loadFixture, time} = connection.networkHelpers;

const NORMAL = 0n;
const THROTTLE = 1n;
const HALT = 2n;
const DEVIATION = 0;
const OUTFLOW = 2;
const DWELL = 1800;
/** Nothing that a test does reaches it. */
const NEVER = {throttleInE18: E18 - 2n, throttleOutE18: E18 - 4n, haltInE18: E18 - 1n, haltOutE18: E18 - 3n};

type Cast = {world: World; maker: Side; long: Side; free: Side; keeper: Side; debtor: Side};

/** Everybody's million and a half, one long trader, and a gate that has looked once. */
async function fixture(): Promise<Cast> {
    const world = await deployWorld(connection);
    const [maker, long, free, keeper, debtor] = world.owners.map((owner): Side => ({owner}));
    const cast = {world, maker: maker!, long: long!, free: free!, keeper: keeper!, debtor: debtor!};
    await deposit(world, cast.maker, "USDC", 900_000n * USD);
    await deposit(world, cast.long, "USDC", 90_000n * USD);
    await deposit(world, cast.keeper, "USDC", 400_000n * USD);
    await deposit(world, cast.free, "USDC", 100_000n * USD);
    await deposit(world, cast.debtor, "WETH", 20n * E18);
    await trade(world, cast.maker, cast.long, [{instrument: perp(BTC), sizeE18: -5n * E18, priceE18: usd(50_000)}]);
    await world.all.solvencyGate.look();
    return cast;
}

async function setThresholds(world: World, signal: number, limits: ISolvencyGate.ThresholdsStruct): Promise<void> {
    await world.all.solvencyGate.connect(world.officers.risk).setThresholds(signal, limits);
}

async function levelAfterLook({all: {solvencyGate}}: World): Promise<bigint> {
    await solvencyGate.look();
    return (await solvencyGate.state()).level;
}

describe("SolvencyGate (FSP-5)", () => {
    it("should stay open while nothing is wrong", async () => {
        const {world} = await loadFixture(fixture);
        for (let i = 0; i < 3; ++i) {
            await pass(world, 600);
            expect(await levelAfterLook(world)).to.equal(NORMAL);
        }
        expect(await world.all.solvencyGate.averageE18(BTC)).to.equal(usd(50_000));
        expect([...(await world.all.solvencyGate.sums())]).to.deep.equal([0n, 0n]);
    });

    it("GAT-1: should throttle on a price far from its average: nobody opens or borrows, everything else goes on", async () => {
        const {world, maker, long, free, debtor} = await loadFixture(fixture);
        const {clearinghouse, solvencyGate, vault} = world.all;
        await move(world, {[BTC]: usd(39_000)});
        await expect(solvencyGate.look()).to.emit(solvencyGate, "GateMoved").withArgs(NORMAL, THROTTLE);
        const opening = await offer(world, maker, free, [
            {instrument: perp(BTC), sizeE18: -E18 / 10n, priceE18: usd(39_000)},
        ]);
        await expect(clearinghouse.connect(free.owner).fill(opening))
            .to.be.revertedWithCustomError(clearinghouse, "Clearinghouse_OpeningPaused")
            .withArgs(idOf(maker), perp(BTC));
        await expect(withdraw(world, debtor, "USDC", 100n * USD)).to.be.revertedWithCustomError(
            vault,
            "MarginVault_BorrowingPaused",
        );
        await trade(world, maker, long, [{instrument: perp(BTC), sizeE18: E18, priceE18: usd(39_000)}]);
        await deposit(world, long, "USDC", USD);
        await withdraw(world, maker, "USDC", USD);
        await withdraw(world, free, "USDC", 100_000n * USD);
        expect(await clearinghouse.openingPaused()).to.equal(true);
        expect(await vault.borrowingPaused()).to.equal(true);
        expect(await vault.halted()).to.equal(false);
    });

    it("GAT-1: should halt what leaves accounts that owe or hold, and let everybody else go", async () => {
        const {world, maker, free, long, keeper} = await loadFixture(fixture);
        const {vault} = world.all;
        await fundBackstop(world, {owner: world.owners[6]!}, 200_000n * USD);
        await move(world, {[BTC]: usd(36_000)});
        await move(world, {[BTC]: usd(29_000)});
        expect(await levelAfterLook(world)).to.equal(HALT);
        await expect(withdraw(world, maker, "USDC", USD))
            .to.be.revertedWithCustomError(vault, "MarginVault_Halted")
            .withArgs(idOf(maker));
        const {address} = world.deployment.tokens["USDC"]!;
        await expect(
            vault.connect(maker.owner).transfer(idOf(maker), idOf({...maker, sub: 1n}), address, E18),
        ).to.be.revertedWithCustomError(vault, "MarginVault_Halted");
        await withdraw(world, free, "USDC", 100_000n * USD);
        await start(world, long, keeper);
        await take(world, long, keeper);
        expect((await world.all.liquidator.losses()).backstopE18).to.be.gt(0n);
    });

    it("should open by one level after each time of calm, and only while somebody looks", async () => {
        const {world} = await loadFixture(fixture);
        const {solvencyGate} = world.all;
        await setThresholds(world, DEVIATION, {
            throttleInE18: E18 / 10n,
            throttleOutE18: E18 / 20n,
            haltInE18: E18 / 5n,
            haltOutE18: E18 / 10n,
        });
        await move(world, {[BTC]: usd(39_000)});
        expect(await levelAfterLook(world)).to.equal(HALT);
        await move(world, {[BTC]: usd(50_000)});
        expect(await levelAfterLook(world), "calm begins").to.equal(HALT);
        const calmSince = async (): Promise<bigint> => (await solvencyGate.state()).calmSince;
        const first = await calmSince();
        expect(first, "calm").to.be.gt(0n);
        // Nobody looks for the whole of the time: it begins anew.
        await pass(world, DWELL + 60);
        expect(await levelAfterLook(world), "unwatched").to.equal(HALT);
        expect(await calmSince()).to.be.gt(first);
        const levels: bigint[] = [];
        for (let i = 0; i < 12; ++i) {
            await pass(world, DWELL / 5);
            levels.push(await levelAfterLook(world));
        }
        expect(levels.slice(0, 4), "before its time").to.deep.equal([HALT, HALT, HALT, HALT]);
        expect(levels.at(5), "by one level").to.equal(THROTTLE);
        expect(levels.at(-1), "at the end").to.equal(NORMAL);
        expect(await world.all.clearinghouse.openingPaused()).to.equal(false);
    });

    it("should move once while a signal swings around one threshold", async () => {
        const {world} = await loadFixture(fixture);
        const {solvencyGate} = world.all;
        const risk = solvencyGate.connect(world.officers.risk);
        await risk.setTimes({dwellSeconds: DWELL, averageSeconds: 86_400, windowSeconds: 86_400});
        for (let i = 0; i < 20; ++i) {
            // A fall of 20 % throttles; the way out is at 10 %.
            await move(world, {[BTC]: i % 2 === 0 ? usd(39_500) : usd(41_500)});
            await time.increase(120);
            await solvencyGate.look();
        }
        expect((await solvencyGate.queryFilter(solvencyGate.filters.GateMoved())).length).to.equal(1);
    });

    it("should count what liquidations cost, and forget it", async () => {
        const {world, long, keeper} = await loadFixture(fixture);
        const {solvencyGate} = world.all;
        await fundBackstop(world, {owner: world.owners[6]!}, 200_000n * USD);
        await setThresholds(world, DEVIATION, NEVER);
        await move(world, {[BTC]: usd(36_000)});
        await move(world, {[BTC]: usd(29_000)});
        await start(world, long, keeper);
        await take(world, long, keeper);
        const {backstopE18, writtenDownE18} = await world.all.liquidator.losses();
        expect(await levelAfterLook(world), "15,000 of 1.5 million").to.be.gte(THROTTLE);
        const [lossE18] = await solvencyGate.sums();
        expect(lossE18).to.equal(backstopE18 + writtenDownE18);
        await pass(world, 86_400 / 2);
        await solvencyGate.look();
        expect((await solvencyGate.sums()).lossE18, "half a window later").to.be.closeTo(lossE18 / 2n, lossE18 / 1000n);
        await pass(world, 86_400);
        await solvencyGate.look();
        expect((await solvencyGate.sums()).lossE18, "a window later").to.equal(0n);
    });

    it("should count what leaves on balance, whatever the prices do", async () => {
        const {world, free, keeper} = await loadFixture(fixture);
        const {solvencyGate} = world.all;
        await setThresholds(world, DEVIATION, NEVER);
        await move(world, {2: usd(1500)});
        await solvencyGate.look();
        expect((await solvencyGate.sums()).outflowE18, "a fall is no outflow").to.equal(0n);
        await setThresholds(world, OUTFLOW, {
            throttleInE18: E18 / 20n,
            throttleOutE18: E18 / 40n,
            haltInE18: E18 / 4n,
            haltOutE18: E18 / 20n,
        });
        await withdraw(world, free, "USDC", 100_000n * USD);
        await deposit(world, free, "WETH", 40n * E18);
        expect(await levelAfterLook(world), "100,000 out, 60,000 in").to.equal(NORMAL);
        expect((await solvencyGate.sums()).outflowE18).to.equal(usd(40_000));
        await withdraw(world, free, "WETH", 40n * E18);
        expect(await levelAfterLook(world), "100,000 of 1.5 million").to.equal(THROTTLE);
        await withdraw(world, keeper, "USDC", 400_000n * USD);
        expect(await levelAfterLook(world), "half a million").to.equal(HALT);
    });

    it("should leave out a price that is refused, and look all the same", async () => {
        const {world} = await loadFixture(fixture);
        const {priceOracle, solvencyGate} = world.all;
        await move(world, {[BTC]: usd(39_000)});
        await priceOracle.connect(world.officers.guardian).pauseFeed(BTC);
        expect(await levelAfterLook(world)).to.equal(NORMAL);
        await expect(solvencyGate.look({gasLimit: 350_000n})).to.be.revertedWithCustomError(
            priceOracle,
            "PriceOracle_TooLittleGas",
        );
    });

    it("should let nobody but the gate move the levels, and nobody but risk set it", async () => {
        const {world, free} = await loadFixture(fixture);
        const {vault, clearinghouse, solvencyGate} = world.all;
        const times = {dwellSeconds: DWELL, averageSeconds: 3600, windowSeconds: 86_400};
        for (const who of [free.owner, world.officers.guardian, world.officers.risk, world.officers.admin]) {
            for (const contract of [vault, clearinghouse]) {
                await expect(contract.connect(who).setGate(HALT)).to.be.revertedWithCustomError(
                    vault,
                    "AccessManagedUnauthorized",
                );
            }
        }
        for (const attempt of [
            () => solvencyGate.connect(free.owner).setTimes(times),
            () => solvencyGate.connect(world.officers.guardian).setThresholds(DEVIATION, NEVER),
        ]) {
            await expect(attempt()).to.be.revertedWithCustomError(solvencyGate, "AccessManagedUnauthorized");
        }
    });

    it("should refuse settings out of their bounds", async () => {
        const {world} = await loadFixture(fixture);
        const risk = world.all.solvencyGate.connect(world.officers.risk);
        const good = {throttleInE18: 20n, throttleOutE18: 10n, haltInE18: 40n, haltOutE18: 30n};
        const name = (text: string): string => connection.ethers.encodeBytes32String(text);
        for (const [change, ...wanted] of [
            [{haltInE18: E18 + 1n}, "haltIn", E18 + 1n, 1n, E18],
            [{throttleInE18: 41n}, "throttleIn", 41n, 1n, 40n],
            [{haltOutE18: 40n}, "haltOut", 40n, 1n, 39n],
            [{throttleOutE18: 20n}, "throttleOut", 20n, 1n, 19n],
            [{throttleOutE18: 15n, haltOutE18: 12n}, "throttleOut", 15n, 1n, 12n],
        ] as const) {
            await expect(risk.setThresholds(DEVIATION, {...good, ...change}))
                .to.be.revertedWithCustomError(risk, "SolvencyGate_ParameterOutOfBounds")
                .withArgs(name(wanted[0]), ...wanted.slice(1));
        }
        const times = {dwellSeconds: 300, averageSeconds: 300, windowSeconds: 3600};
        await expect(risk.setTimes(times)).to.emit(risk, "TimesSet").withArgs(Object.values(times));
        for (const [change, ...wanted] of [
            [{dwellSeconds: 299}, "dwellSeconds", 299, 300, 86_400],
            [{averageSeconds: 86_401}, "averageSeconds", 86_401, 300, 86_400],
            [{windowSeconds: 3599}, "windowSeconds", 3599, 3600, 604_800],
        ] as const) {
            await expect(risk.setTimes({...times, ...change}))
                .to.be.revertedWithCustomError(risk, "SolvencyGate_ParameterOutOfBounds")
                .withArgs(name(wanted[0]), ...wanted.slice(1));
        }
    });
});
