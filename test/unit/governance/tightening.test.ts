import {expect} from "chai";

import {encodeFigures, figureName, SUBJECTS} from "../../../scripts/sdk/steward.js";
import type {Subject} from "../../../scripts/sdk/steward.js";
import {fieldsOf, officersOf, standing, underlyingOf, underlyingWith, widened} from "../../support/steward.js";
import type {Fields} from "../../support/steward.js";
import {BTC, createChain, deployWorld, E18} from "../../support/world.js";
import type {World} from "../../support/world.js";

const connection = await createChain();
const {ethers, networkHelpers} = connection;
const {loadFixture, time} = networkHelpers;

const STEP = 600;
const RAMP = 2 * 24 * 3600;
const USDT = 2;
const GROUP = 1;
/** Steps of a twentieth: a cost of m / (1 + m). */
const BUDGET = (E18 * E18) / 20n / (E18 + E18 / 20n);

/** The next transaction comes at this time. */
const before = async (seconds: number): Promise<void> => time.increaseTo(seconds - 1);

const fixture = (): Promise<World> => deployWorld(connection);

describe("RiskSteward: tightening", () => {
    it("should take effect at once where it can close nobody", async () => {
        const world = await loadFixture(fixture);
        const {vault, riskParameters, clearinghouse} = world.all;
        const {guardian} = officersOf(world);
        await guardian.tighten(SUBJECTS.ASSET_CAP, USDT, encodeFigures("ASSET_CAP", [1n, false]));
        const {capE18, depositsOpen} = await vault.asset(USDT);
        expect([capE18, depositsOpen]).to.deep.equal([1n, false]);
        await guardian.tighten(SUBJECTS.SETTLEMENT_CAP, 0, encodeFigures("SETTLEMENT_CAP", [7n]));
        expect(await vault.settlementCapE18()).to.equal(7n);
        const global = fieldsOf(await riskParameters.globalParams());
        const harder = {...global, initialRatioE18: E18 / 2n};
        await guardian.tighten(SUBJECTS.GLOBAL, 0, encodeFigures("GLOBAL", [harder]));
        expect((await riskParameters.globalParams()).initialRatioE18).to.equal(E18 / 2n);
        const listing = fieldsOf(await clearinghouse.listing(BTC));
        await guardian.tighten(SUBJECTS.LISTING, BTC, encodeFigures("LISTING", [{...listing, active: false}]));
        expect((await clearinghouse.listing(BTC)).active).to.equal(false);
        const btc = await underlyingOf(world);
        const crowd = underlyingWith(btc, {oiLowerE18: 1n, oiUpperE18: 2n});
        await guardian.tighten(SUBJECTS.UNDERLYING, BTC, crowd);
        expect((await riskParameters.underlyingParams(BTC)).oiUpperE18).to.equal(2n);
    });

    it("should go to maintenance in steps of at most the budget, the first at once", async () => {
        const world = await loadFixture(fixture);
        const {riskSteward, riskParameters} = world.all;
        const btc = await underlyingOf(world);
        const floor = btc.params["floorShortE18"]!;
        const target = underlyingWith(btc, {floorShortE18: (floor * 6n) / 5n, oiLowerE18: 1n, oiUpperE18: 2n});
        await officersOf(world).guardian.tighten(SUBJECTS.UNDERLYING, BTC, target);
        const first = await riskParameters.underlyingParams(BTC);
        expect(first.floorShortE18, "first step").to.be.within(
            floor + (floor * 47n) / 1000n,
            floor + (floor * 48n) / 1000n,
        );
        expect(first.oiUpperE18, "what closes nobody arrives").to.equal(2n);
        let steps = 1;
        for (let done = false; !done; ++steps) {
            await time.increase(STEP);
            const last = (await riskParameters.underlyingParams(BTC)).floorShortE18;
            await riskSteward.step(SUBJECTS.UNDERLYING, BTC);
            const {floorShortE18} = await riskParameters.underlyingParams(BTC);
            expect((floorShortE18 - last) * E18).to.be.at.most(BUDGET * last);
            done = (await riskSteward.ramp(SUBJECTS.UNDERLYING, BTC)).target === ethers.ZeroAddress;
        }
        expect(steps).to.equal(4);
        expect(await standing(world, "UNDERLYING", BTC)).to.equal(target);
    });

    it("should not come sooner after a change that was stopped or that arrived", async () => {
        const world = await loadFixture(fixture);
        const {riskSteward, riskParameters} = world.all;
        const {risk, guardian} = officersOf(world);
        const btc = await underlyingOf(world);
        const floor = btc.params["floorShortE18"]!;
        const higher = (times: bigint): string => underlyingWith(btc, {floorShortE18: (floor * times) / 10n});
        const standingFloor = async (): Promise<bigint> => (await riskParameters.underlyingParams(BTC)).floorShortE18;
        for (const end of ["stop", "arrive"] as const) {
            const restart = await networkHelpers.takeSnapshot();
            await risk.change(SUBJECTS.UNDERLYING, BTC, higher(20n));
            await time.increase(RAMP);
            await riskSteward.step(SUBJECTS.UNDERLYING, BTC);
            const [first, steppedAt] = [await standingFloor(), await time.latest()];
            expect(first > floor, "a first step").to.equal(true);
            if (end === "stop") await guardian.stop(SUBJECTS.UNDERLYING, BTC);
            else await guardian.tighten(SUBJECTS.UNDERLYING, BTC, await standing(world, "UNDERLYING", BTC));
            expect((await riskSteward.ramp(SUBJECTS.UNDERLYING, BTC)).target, end).to.equal(ethers.ZeroAddress);
            await guardian.tighten(SUBJECTS.UNDERLYING, BTC, higher(20n));
            expect(await standingFloor(), end).to.equal(first);
            await expect(riskSteward.step(SUBJECTS.UNDERLYING, BTC))
                .to.be.revertedWithCustomError(riskSteward, "RiskSteward_TooEarly")
                .withArgs(steppedAt + STEP);
            await before(steppedAt + STEP);
            await riskSteward.step(SUBJECTS.UNDERLYING, BTC);
            expect((await standingFloor()) > first, end).to.equal(true);
            await restart.restore();
        }
    });

    it("should widen the shocks of a grid within the same budget", async () => {
        const world = await loadFixture(fixture);
        const {riskSteward, riskParameters} = world.all;
        const btc = await underlyingOf(world);
        const target = widened(btc, E18 + E18 / 100n);
        const [tightens, cost] = await riskSteward.assess(SUBJECTS.UNDERLYING, BTC, target);
        // A shock that moves by a hundredth of its distance costs a hundredth of itself, and twice its weighted move over a floor of
        // a hundredth.
        const costs = btc.grid.map(({factorE18, weightE18}) => {
            const distance = factorE18! > E18 ? factorE18! - E18 : E18 - factorE18!;
            return distance === 0n ? 0n : E18 / 100n + (2n * distance * weightE18!) / E18;
        });
        expect(tightens).to.equal(true);
        const greatest = costs.reduce((most, one) => (one > most ? one : most));
        expect(cost - greatest).to.be.within(-1000n, 1000n);
        await officersOf(world).guardian.tighten(SUBJECTS.UNDERLYING, BTC, target);
        const share = (BUDGET * E18) / cost;
        for (const [i, {factorE18}] of (await riskParameters.scenarios(BTC)).entries()) {
            const old = btc.grid[i]!["factorE18"]!;
            const wanted = ((old - E18) * share) / (100n * E18);
            expect(factorE18 - old - wanted, `scenario ${i}`).to.be.within(-2n, 2n);
        }
    });

    const loosenings: readonly (readonly [string, Fields, number])[] = [
        ["a smaller volatility shock", {volUpE18: 0n}, 1],
        ["a higher floor of the down state", {volFloorDownE18: E18 / 5n}, 4],
        ["a smaller floor", {floorNetE18: 1n}, 9],
        ["a deeper market", {advE18: 10n ** 32n}, 15],
        ["more room for open interest", {oiUpperE18: 10n ** 32n}, 17],
        ["a smaller range", {rangeE18: E18 / 10n}, 18],
    ];
    for (const [title, change, place] of loosenings) {
        it(`should refuse ${title}`, async () => {
            const world = await loadFixture(fixture);
            const btc = await underlyingOf(world);
            const name = figureName("UNDERLYING", place);
            expect(Object.keys(change)).to.deep.equal([name]);
            // Among tightenings, not to be overlooked.
            const target = underlyingWith(btc, {spreadE18: btc.params["spreadE18"]! + 1n, ...change});
            await expect(officersOf(world).guardian.tighten(SUBJECTS.UNDERLYING, BTC, target))
                .to.be.revertedWithCustomError(world.all.riskSteward, "RiskSteward_Loosens")
                .withArgs(place, btc.params[name], change[name]);
        });
    }

    it("should refuse to loosen any other subject", async () => {
        const world = await loadFixture(fixture);
        const {vault, riskParameters, clearinghouse, riskSteward} = world.all;
        const global = fieldsOf(await riskParameters.globalParams());
        const usdt = fieldsOf(await riskParameters.assetParams(USDT));
        const listing = fieldsOf(await clearinghouse.listing(BTC));
        const {capE18} = await vault.asset(USDT);
        const tries: readonly (readonly [Subject, number, readonly unknown[]])[] = [
            ["ASSET", USDT, [{...usdt, weightE18: E18}]],
            ["ASSET", USDT, [{...usdt, sizeE18: 0n}]],
            ["GROUP", GROUP, [E18 / 2n]],
            ["GLOBAL", 0, [{...global, initialRatioE18: E18}]],
            ["GLOBAL", 0, [{...global, reserveBaseE18: E18}]],
            ["ASSET_CAP", USDT, [capE18 + 1n, true]],
            ["SETTLEMENT_CAP", 0, [10n ** 30n]],
            ["LISTING", BTC, [{...listing, openInterestCapE18: 10n ** 30n}]],
            ["LISTING", BTC, [{...listing, minStrikeE8: 1n}]],
        ];
        for (const [subject, id, values] of tries) {
            const attempt = officersOf(world).guardian.tighten(SUBJECTS[subject], id, encodeFigures(subject, values));
            await expect(attempt, subject).to.be.revertedWithCustomError(riskSteward, "RiskSteward_Loosens");
        }
        await officersOf(world).guardian.tighten(SUBJECTS.ASSET_CAP, USDT, encodeFigures("ASSET_CAP", [capE18, false]));
        const reopening = officersOf(world).guardian.tighten(
            SUBJECTS.ASSET_CAP,
            USDT,
            encodeFigures("ASSET_CAP", [capE18, true]),
        );
        await expect(reopening).to.be.revertedWithCustomError(riskSteward, "RiskSteward_Loosens").withArgs(1, 0, 1);
    });

    it("should bound what a guardian can ask for, at once and again", async () => {
        const world = await loadFixture(fixture);
        const {riskSteward} = world.all;
        const {guardian} = officersOf(world);
        const usdt = fieldsOf(await world.all.riskParameters.assetParams(USDT));
        const weighing = (weightE18: bigint): string => encodeFigures("ASSET", [{...usdt, weightE18}]);
        // From 0.96 to 0.31 is a rise by more than twice.
        const tooFar = (31n * E18) / 100n;
        const cost = (((96n * E18) / 100n - tooFar) * E18 + tooFar - 1n) / tooFar;
        await expect(guardian.tighten(SUBJECTS.ASSET, USDT, weighing(tooFar)))
            .to.be.revertedWithCustomError(riskSteward, "RiskSteward_TooFar")
            .withArgs(cost, 2n * E18);
        await guardian.tighten(SUBJECTS.ASSET, USDT, weighing((90n * E18) / 100n));
        const readyAt = (await time.latest()) + RAMP;
        await expect(guardian.tighten(SUBJECTS.ASSET, USDT, weighing((89n * E18) / 100n)))
            .to.be.revertedWithCustomError(riskSteward, "RiskSteward_TooEarly")
            .withArgs(readyAt);
        await before(readyAt);
        await guardian.tighten(SUBJECTS.ASSET, USDT, weighing((89n * E18) / 100n));
    });
});
