import {expect} from "chai";
import {encodeBytes32String} from "ethers";
import {network} from "hardhat";

import {deployBackstop, e18} from "./fixture.js";

const {ethers, networkHelpers} = await network.create();
const HOUR = 3_600;
const DAY = 24 * HOUR;
const ETH = 2;

const plain = () => deployBackstop(ethers);

/** A liquidator that tests speak for, and 1,000 USD a day for underlying 2. */
const asLiquidator = async () => {
    const fixture = await plain();
    const {vault, engine, books, backstop} = fixture;
    const probe = await ethers.deployContract("LockedProbe");
    await vault.setCore(engine, books, probe, backstop);
    await backstop.setLossBudget(ETH, e18(1_000), DAY);
    const spend = (...shares: readonly (readonly [number, bigint])[]) => {
        const named = shares.map(([underlying, amountE18]) => ({underlying, amountE18}));
        return probe.callLocked(vault, backstop, backstop.interface.encodeFunctionData("spendBudget", [named]));
    };
    const room = async (underlying = ETH): Promise<bigint> => (await backstop.lossBudget(underlying)).roomE18;
    return {...fixture, spend, room};
};

describe("Backstop: spendBudget", () => {
    it("should count a loss against its underlying, up to half of the limit", async () => {
        const {backstop, spend, room} = await networkHelpers.loadFixture(asLiquidator);
        await expect(spend([ETH, e18(300)]))
            .to.emit(backstop, "LossBudgetSpent")
            .withArgs(ETH, e18(300), e18(300), e18(200));
        expect(await room(), "left").to.equal(e18(200));
        await networkHelpers.time.setNextBlockTimestamp((await networkHelpers.time.latest()) + 1);
        const second = e18(500) / BigInt(DAY);
        await expect(spend([ETH, e18(300)]))
            .to.emit(backstop, "LossBudgetSpent")
            .withArgs(ETH, e18(300), e18(200) + second, 0n);
    });

    it("should drain by half of the limit within a window", async () => {
        const {spend, room} = await networkHelpers.loadFixture(asLiquidator);
        await spend([ETH, e18(500)]);
        expect(await room(), "at once").to.equal(0n);
        await networkHelpers.time.increase(12 * HOUR);
        expect(await room(), "after half of the window").to.equal(e18(250));
        await networkHelpers.time.increase(30 * DAY);
        expect(await room(), "never more than half").to.equal(e18(500));
    });

    it("should keep the budgets of underlyings apart, and allow nothing where none was set", async () => {
        const {backstop, spend, room} = await networkHelpers.loadFixture(asLiquidator);
        await backstop.setLossBudget(7, e18(20), DAY);
        await expect(spend([ETH, e18(600)], [3, e18(5)], [7, e18(4)], [9, 0n]))
            .to.emit(backstop, "LossBudgetSpent")
            .withArgs(3, e18(5), 0n, 0n);
        expect(await room(), "of one").to.equal(0n);
        expect(await room(7), "of the other").to.equal(e18(6));
        expect((await backstop.lossBudget(9)).budget.filledAt, "nothing lost, nothing written").to.equal(0n);
    });

    it("should refuse anybody but the liquidator", async () => {
        const {backstop, bob} = await networkHelpers.loadFixture(asLiquidator);
        await expect(backstop.connect(bob.signer).spendBudget([{underlying: ETH, amountE18: 1n}]))
            .to.be.revertedWithCustomError(backstop, "Backstop_NotLiquidator")
            .withArgs(bob.address);
    });
});

describe("Backstop: setLossBudget", () => {
    it("should store and say so, and keep what is lost already", async () => {
        const {backstop, spend, room} = await networkHelpers.loadFixture(asLiquidator);
        await spend([ETH, e18(500)]);
        const at = (await networkHelpers.time.latest()) + 6 * HOUR;
        await networkHelpers.time.setNextBlockTimestamp(at);
        await expect(backstop.setLossBudget(ETH, e18(800), HOUR))
            .to.emit(backstop, "LossBudgetSet")
            .withArgs(ETH, e18(800), HOUR);
        const {budget} = await backstop.lossBudget(ETH);
        // A quarter of the old window has drained 125 of 500.
        expect([...budget], "stored").to.deep.equal([e18(800), e18(375), BigInt(at), BigInt(HOUR)]);
        expect(await room(), "room under the new limit").to.equal(e18(25));
    });

    it("should leave no room while more is lost than a lowered limit holds", async () => {
        const {backstop, spend, room} = await networkHelpers.loadFixture(asLiquidator);
        await spend([ETH, e18(500)]);
        await backstop.setLossBudget(ETH, e18(10), DAY);
        expect(await room(), "none").to.equal(0n);
        await expect(spend([ETH, 1n]))
            .to.emit(backstop, "LossBudgetSpent")
            .withArgs(ETH, 1n, 0n, 0n);
    });

    for (const [name, limit, window, value, min, max] of [
        ["limitE18", e18("10000000000") + 1n, HOUR, e18("10000000000") + 1n, 0n, e18("10000000000")],
        ["lossWindowSeconds", 1n, HOUR - 1, HOUR - 1, HOUR, 30 * DAY],
        ["lossWindowSeconds", 1n, 30 * DAY + 1, 30 * DAY + 1, HOUR, 30 * DAY],
    ] as const) {
        it(`should refuse ${name} = ${value}`, async () => {
            const {backstop} = await networkHelpers.loadFixture(plain);
            await expect(backstop.setLossBudget(ETH, limit, window))
                .to.be.revertedWithCustomError(backstop, "Backstop_ParameterOutOfBounds")
                .withArgs(encodeBytes32String(name), value, min, max);
        });
    }

    it("should refuse a caller without the role", async () => {
        const {backstop, bob} = await networkHelpers.loadFixture(plain);
        await expect(backstop.connect(bob.signer).setLossBudget(ETH, 1n, DAY))
            .to.be.revertedWithCustomError(backstop, "AccessManagedUnauthorized")
            .withArgs(bob.address);
    });
});
