import {expect} from "chai";
import {MaxUint256} from "ethers";
import type {Interface} from "ethers";

import {accountId} from "../../scripts/sdk/ids.js";
import {option, perp} from "../../scripts/sdk/instruments.js";
import type {CallbackKeeper} from "../../typechain-types/index.js";
import {
    balanceOf,
    BTC,
    createChain,
    deployWorld,
    deposit,
    E18,
    ETH,
    EVERYTHING,
    eventOf,
    expiryAhead,
    figuresOf,
    fundBackstop,
    HOUR,
    idOf,
    move,
    offer,
    pass,
    report,
    start,
    take,
    tokenOf,
    trade,
    USD,
    usd,
} from "../support/world.js";
import type {Side, World} from "../support/world.js";

const connection = await createChain();
const {loadFixture} = connection.networkHelpers;
const {ethers} = connection;
const MAX_PRICE = (1n << 255n) - 1n;

type Cast = {world: World; short: Side; maker: Side; keeper: Side; alter: Side; robot: CallbackKeeper; robotSide: Side};

/** A short book with equity left, an auction that runs for ten minutes, and a keeper that is a contract. */
async function fixture(): Promise<Cast> {
    const world = await deployWorld(connection);
    const [short, maker, keeper, alter] = world.owners.map((owner): Side => ({owner}));
    const {vault, liquidator} = world.all;
    const robot = await ethers.deployContract("CallbackKeeper", [
        await liquidator.getAddress(),
        await vault.getAddress(),
    ]);
    const address = await robot.getAddress();
    const robotSide = {owner: {address}} as Side;
    const cast = {world, short: short!, maker: maker!, keeper: keeper!, alter: alter!, robot, robotSide};
    await deposit(world, cast.short, "USDC", 60_000n * USD);
    for (const side of [cast.maker, cast.keeper, cast.alter]) await deposit(world, side, "USDC", 600_000n * USD);
    const usdc = await tokenOf(world, "USDC").getAddress();
    await vault.connect(cast.keeper.owner).transfer(idOf(cast.keeper), accountId(address), usdc, usd(200_000));
    await fundBackstop(world, {owner: world.owners[7]!}, 5_000n * USD);
    await trade(world, cast.maker, cast.short, [{instrument: perp(BTC), sizeE18: -5n * E18, priceE18: usd(50_000)}]);
    await move(world, {[BTC]: usd(45_500)});
    await start(world, cast.short, cast.keeper);
    await pass(world, 600);
    return cast;
}

const step = (target: string, face: Interface, name: string, args: readonly unknown[]): CallbackKeeper.StepStruct => ({
    target,
    data: face.encodeFunctionData(name, args),
});

describe("hostile callbacks of keepers", () => {
    it("should let nobody take more by taking again inside the callback than by taking twice", async () => {
        const {world, short, robot, robotSide} = await loadFixture(fixture);
        const {liquidator} = world.all;
        const {contracts} = world.deployment;
        const again = step(contracts.liquidator, liquidator.interface, "take", [
            idOf(short),
            accountId(robotSide.owner.address),
            E18,
            MAX_PRICE,
            "0x",
        ]);
        await expect(robot.take(idOf(short), 0, E18, [again]))
            .to.be.revertedWithCustomError(liquidator, "Liquidator_NoAuction")
            .withArgs(idOf(short));

        const snapshot = await connection.networkHelpers.takeSnapshot();
        await robot.take(idOf(short), 0, E18 / 50n, [again]);
        const nested = {owner: await figuresOf(world, short), keeper: await figuresOf(world, robotSide)};
        await snapshot.restore();
        await robot.take(idOf(short), 0, E18 / 50n, []);
        await robot.take(idOf(short), 0, E18, []);
        const apart = {owner: await figuresOf(world, short), keeper: await figuresOf(world, robotSide)};
        // Two transactions are a second apart, so the second discount is a little larger: never smaller.
        expect(nested.keeper.equityE18 <= apart.keeper.equityE18, "no more than by two calls").to.equal(true);
        expect(nested.owner.equityE18 >= apart.owner.equityE18, "the owner loses no more").to.equal(true);
    });

    it("should hold the keeper to his requirement after whatever he did inside", async () => {
        const {world, short, robot, robotSide} = await loadFixture(fixture);
        const {vault, riskEngine} = world.all;
        const {contracts} = world.deployment;
        const own = accountId(robotSide.owner.address);
        const usdc = await tokenOf(world, "USDC").getAddress();
        const leave = (amount: bigint): CallbackKeeper.StepStruct =>
            step(contracts.vault, vault.interface, "withdraw", [own, usdc, amount, robotSide.owner.address]);
        // Withdrawing too much fails inside; withdrawing what may be spared succeeds, and the check afterwards too.
        await expect(robot.take(idOf(short), 0, E18, [leave(199_000n * USD)])).to.be.revertedWithCustomError(
            riskEngine,
            "RiskEngine_BelowInitial",
        );
        await robot.take(idOf(short), 0, E18, [leave(100_000n * USD)]);
        const {equityE18, initialE18} = await figuresOf(world, robotSide);
        expect(equityE18 >= initialE18, "CLR-1").to.equal(true);
        expect(await balanceOf(world, "USDC", robotSide.owner.address)).to.equal(100_000n * USD);
    });

    it("should let a keeper with nothing bring the cash inside the callback, and fail without", async () => {
        const {world, short, robot, robotSide, keeper} = await loadFixture(fixture);
        const {vault, riskEngine} = world.all;
        const {contracts} = world.deployment;
        const poor = accountId(robotSide.owner.address, 9n);
        await expect(robot.take(idOf(short), 9, E18, [])).to.be.revertedWithCustomError(
            riskEngine,
            "RiskEngine_BelowInitial",
        );
        const token = tokenOf(world, "USDC", keeper.owner);
        const usdc = await token.getAddress();
        await token.getFunction("mint")(robotSide.owner.address, 60_000n * USD);
        await robot.take(idOf(short), 9, E18, [
            step(usdc, token.interface, "approve", [contracts.vault, MaxUint256]),
            step(contracts.vault, vault.interface, "deposit", [poor, usdc, 60_000n * USD]),
        ]);
        expect(await world.all.clearinghouse.sizeOf(poor, perp(BTC))).to.not.equal(0n);
    });

    it("LIQ-1: should keep others from starting on the keeper inside the callback", async () => {
        const {world, short, robot, robotSide, alter} = await loadFixture(fixture);
        const {liquidator} = world.all;
        const poor = accountId(robotSide.owner.address, 9n);
        const attack = step(world.deployment.contracts.liquidator, liquidator.interface, "start", [
            poor,
            EVERYTHING,
            idOf(alter),
        ]);
        await world.all.vault.connect(alter.owner).setOperator(idOf(alter), robotSide.owner.address, 8, 2n ** 40n - 1n);
        await expect(robot.take(idOf(short), 9, E18, [attack])).to.be.revertedWithCustomError(
            liquidator,
            "Liquidator_CheckedThisBlock",
        );
    });

    for (const [mood, name] of ["junk", "burning", "throwing"].entries()) {
        it(`should change nothing for a callback that is ${name}, or take the slice as it was`, async () => {
            const {world, short, keeper} = await loadFixture(fixture);
            const {liquidator, vault, clearinghouse} = world.all;
            const hostile = await ethers.deployContract("HostileKeeper", [await liquidator.getAddress()]);
            const own = accountId(await hostile.getAddress());
            const usdc = await tokenOf(world, "USDC").getAddress();
            await vault.connect(keeper.owner).transfer(idOf(keeper), own, usdc, usd(100_000));
            await hostile.setMood(mood);
            const before = await figuresOf(world, short);
            if (name === "junk") {
                await hostile.take(idOf(short), E18);
                expect(await clearinghouse.sizeOf(own, perp(BTC))).to.not.equal(0n);
            } else {
                const failed = await hostile.take(idOf(short), E18, {gasLimit: 10_000_000n}).then(
                    () => false,
                    () => true,
                );
                expect(failed, "the callback's failure ends the call").to.equal(true);
                expect(await clearinghouse.sizeOf(own, perp(BTC))).to.equal(0n);
                expect((await figuresOf(world, short)).maintenanceE18).to.equal(before.maintenanceE18);
                await take(world, short, keeper);
            }
            expect(await vault.isLocked()).to.equal(false);
        });
    }
});

describe("keepers with interests of their own", () => {
    it("LIQ-6: should cost an owner to liquidate himself through another address", async () => {
        const {world, maker, alter, keeper} = await loadFixture(fixture);
        const own: Side = {owner: alter.owner, sub: 1n};
        await deposit(world, own, "USDC", 60_000n * USD);
        await trade(world, maker, own, [{instrument: perp(BTC), sizeE18: -5n * E18, priceE18: usd(45_500)}]);
        await move(world, {[BTC]: usd(40_000)});
        await expect(start(world, own, alter))
            .to.be.revertedWithCustomError(world.all.liquidator, "Liquidator_SelfLiquidation")
            .withArgs(idOf(own), idOf(alter));
        // Through the other address: what the account loses is what the keeper gains, and the gas is gone.
        const wealth = async (): Promise<bigint> =>
            (await figuresOf(world, own)).equityE18 + (await figuresOf(world, keeper)).equityE18;
        const before = await wealth();
        await start(world, own, keeper);
        await pass(world, 2 * HOUR);
        const waited = await wealth();
        expect(waited <= before, "starting gains nothing").to.equal(true);
        const slice = eventOf(world, "liquidator", await (await take(world, own, keeper)).wait(), "SliceTaken");
        expect(slice["backstopPaidE18"]! + slice["socialisedE18"]!).to.equal(0n);
        expect((await wealth()) <= waited, "nor does taking").to.equal(true);
    });

    it("LIQ-2: should send a keeper at the position cap to a fresh account of his", async () => {
        const {world, short, alter, keeper} = await loadFixture(fixture);
        const {clearinghouse, vault} = world.all;
        const expiry = await expiryAhead(world, 3);
        await report(world);
        const strikes = Array.from({length: 64}, (_, i) => 40_000n + 250n * BigInt(i));
        for (let first = 0; first < strikes.length; first += 8) {
            const legs = strikes.slice(first, first + 8).map((strike) => ({
                instrument: option("CALL", BTC, expiry, strike * 10n ** 8n),
                sizeE18: -E18 / 100n,
                priceE18: usd(3000),
            }));
            await trade(world, alter, keeper, legs);
        }
        expect((await clearinghouse.positionsOf(idOf(keeper))).positions.length).to.equal(64);
        await expect(take(world, short, keeper))
            .to.be.revertedWithCustomError(clearinghouse, "Clearinghouse_TooManyPositions")
            .withArgs(idOf(keeper), 64n);
        const fresh: Side = {owner: keeper.owner, sub: 1n};
        const usdc = await tokenOf(world, "USDC").getAddress();
        await vault.connect(keeper.owner).transfer(idOf(keeper), idOf(fresh), usdc, usd(100_000));
        await take(world, short, fresh);
        expect(await clearinghouse.sizeOf(idOf(fresh), perp(BTC))).to.not.equal(0n);
    });

    it("LIQ-1: should refuse to open and liquidate in one block, and to pick between two prices in it", async () => {
        const {world, maker, alter, keeper} = await loadFixture(fixture);
        const {liquidator, clearinghouse, priceOracle} = world.all;
        const victim: Side = {owner: alter.owner, sub: 2n};
        await deposit(world, victim, "USDC", 60_000n * USD);
        const legs = [{instrument: perp(BTC), sizeE18: -5n * E18, priceE18: usd(45_500)}];
        const item = await offer(world, maker, victim, legs);
        const feed = await ethers.getContractAt("MockAggregator", world.deployment.feeds["1"]!);
        const {provider} = connection;
        await provider.request({method: "evm_setAutomine", params: [false]});
        try {
            const opened = await clearinghouse.connect(victim.owner).fill(item);
            await feed.connect(maker.owner).pushAnswer(40_000n * 10n ** 8n);
            await priceOracle.connect(world.owners[9]).poke(1);
            const started = await liquidator.connect(keeper.owner).start(idOf(victim), EVERYTHING, idOf(keeper));
            await provider.request({method: "hardhat_mine", params: ["0x1"]});
            const [fill, attack] = await Promise.all(
                [opened, started].map(({hash}) => ethers.provider.getTransactionReceipt(hash)),
            );
            expect(fill?.status, "the trade").to.equal(1);
            expect(attack?.blockNumber).to.equal(fill?.blockNumber);
            expect(attack?.status, "the auction in the same block").to.equal(0);
        } finally {
            await provider.request({method: "evm_setAutomine", params: [true]});
        }
        await start(world, victim, keeper);
        expect((await liquidator.auction(idOf(victim))).startedAt).to.not.equal(0n);
    });
});

describe("accounts that are hardly worth closing", () => {
    /** Thirty dollars of BTC on fifteen: the keeper reserve inside the requirement pays for the closing. */
    async function dusty(): Promise<Cast & {dust: Side}> {
        const cast = await fixture();
        const dust: Side = {owner: cast.alter.owner, sub: 3n};
        await deposit(cast.world, dust, "USDC", 15n * USD);
        const sizeE18 = (usd(30) * E18) / usd(45_500);
        await trade(cast.world, cast.maker, dust, [{instrument: perp(BTC), sizeE18: -sizeE18, priceE18: usd(45_500)}]);
        await move(cast.world, {[BTC]: usd(33_000)});
        return {...cast, dust};
    }

    it("should be closed whole at their own cost while gas is cheap", async () => {
        const {world, dust, keeper} = await loadFixture(dusty);
        const before = await figuresOf(world, dust);
        expect(before.equityE18 > 0n && before.equityE18 < before.maintenanceE18, "short").to.equal(true);
        const pool = await balanceOf(world, "USDC", world.deployment.contracts.backstop);
        await start(world, dust, keeper);
        const slice = eventOf(world, "liquidator", await (await take(world, dust, keeper)).wait(), "SliceTaken");
        expect(slice["fractionE18"], "dust goes whole").to.equal(E18);
        expect(slice["backstopPaidE18"]! + slice["socialisedE18"]!).to.equal(0n);
        expect(await balanceOf(world, "USDC", world.deployment.contracts.backstop)).to.equal(pool);
    });

    it("LIQ-6: should not become a business at the backstop's cost when gas is dear", async () => {
        const {world, dust, keeper} = await loadFixture(dusty);
        const {liquidator} = world.all;
        const baseFee = 100n * 10n ** 9n;
        const overrides = {gasPrice: 2n * baseFee};
        const wealth = async (): Promise<bigint> =>
            (await figuresOf(world, dust)).equityE18 + (await figuresOf(world, keeper)).equityE18;
        const before = await wealth();
        const {maintenanceE18} = await figuresOf(world, dust);
        let gas = 0n;
        const sent = [
            () => liquidator.connect(keeper.owner).start(idOf(dust), EVERYTHING, idOf(keeper), overrides),
            () => liquidator.connect(keeper.owner).take(idOf(dust), idOf(keeper), E18, MAX_PRICE, "0x", overrides),
        ];
        for (const send of sent) {
            await connection.networkHelpers.setNextBlockBaseFeePerGas(baseFee);
            gas += (await (await send()).wait())!.gasUsed;
        }
        const gained = (await wealth()) - before;
        const costE18 = (gas * baseFee * world.spotE18.get(ETH)!) / E18;
        expect(
            gained > 0n && gained <= 2n * maintenanceE18,
            `gained ${gained}: twice the maintenance at most`,
        ).to.equal(true);
        expect(gained < costE18, "less than the gas it takes").to.equal(true);
    });
});
