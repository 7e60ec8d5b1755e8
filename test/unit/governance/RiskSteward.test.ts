import {expect} from "chai";

import {perp} from "../../../scripts/sdk/instruments.js";
import {decodeFigures, encodeFigures, figureName, lawsOf, SUBJECTS} from "../../../scripts/sdk/steward.js";
import type {Subject} from "../../../scripts/sdk/steward.js";
import type {IRiskSteward} from "../../../typechain-types/contracts/interfaces/IRiskSteward.js";
import {BTC, createChain, deployWorld, deposit, E18, ETH, trade, USD, usd} from "../../support/world.js";
import type {Side, World} from "../../support/world.js";

const connection = await createChain();
const {ethers, networkHelpers} = connection;
const {loadFixture, time} = networkHelpers;

const HOUR = 3600;
const DAY = 24 * HOUR;
const STEP = 600;
const RAMP = 2 * DAY;
const USDT = 2;
const GROUP = 1;
/** Steps of a twentieth: a cost of m / (1 + m). */
const BUDGET = (E18 * E18) / 20n / (E18 + E18 / 20n);

/** The next transaction comes at this time. */
const before = async (seconds: number): Promise<void> => time.increaseTo(seconds - 1);

type Fields = Record<string, bigint>;
type Underlying = {readonly params: Fields; readonly grid: readonly Fields[]};

const fixture = (): Promise<World> => deployWorld(connection);

async function standing({all: {riskSteward}}: World, subject: Subject, id = 0): Promise<string> {
    return riskSteward.figures(SUBJECTS[subject], id);
}

const fieldsOf = (value: unknown): Fields => (value as {toObject: () => Fields}).toObject();

async function underlyingOf({all: {riskParameters}}: World, id = BTC): Promise<Underlying> {
    const grid = await riskParameters.scenarios(id);
    return {params: fieldsOf(await riskParameters.underlyingParams(id)), grid: grid.map(fieldsOf)};
}

const underlyingWith = ({params, grid}: Underlying, change: Fields): string =>
    encodeFigures("UNDERLYING", [{...params, ...change}, grid]);

const roleOf = (world: World) => ({
    risk: world.all.riskSteward.connect(world.officers.risk),
    guardian: world.all.riskSteward.connect(world.officers.guardian),
    admin: world.all.riskSteward.connect(world.officers.admin),
});

/** Shocks of the grid further from one by a factor, with logarithms that fit. */
function widened({params, grid}: Underlying, times: bigint): string {
    const factors = grid.map(({factorE18, lnFactorE18, ...rest}) => {
        const wide = E18 + ((factorE18! - E18) * times) / E18;
        const ln = BigInt(Math.round(Math.log(Number(wide) / 1e18) * 1e15)) * 1000n;
        return {factorE18: wide, lnFactorE18: wide === factorE18 ? lnFactorE18 : exactLn(wide, ln), ...rest};
    });
    return encodeFigures("UNDERLYING", [params, factors]);
}

/** One Newton step from a double: far below the tolerance of a billionth of a billionth of ten thousand. */
function exactLn(factorE18: bigint, guessE18: bigint): bigint {
    // e^-g by its series with 36 decimals; |g| < 1.
    const one = 10n ** 36n;
    const x = -guessE18 * E18;
    let term = one;
    let sum = one;
    for (let n = 1n; n < 40n; ++n) {
        term = (term * x) / one / n;
        sum += term;
    }
    return guessE18 + ((factorE18 * sum) / one - E18);
}

describe("RiskSteward: what stands", () => {
    it("should give the figures of every subject as a change would", async () => {
        const world = await loadFixture(fixture);
        const {riskParameters, vault, clearinghouse} = world.all;
        const btc = await underlyingOf(world);
        expect(await standing(world, "UNDERLYING", BTC)).to.equal(underlyingWith(btc, {}));
        const asset = fieldsOf(await riskParameters.assetParams(USDT));
        expect(await standing(world, "ASSET", USDT)).to.equal(encodeFigures("ASSET", [asset]));
        expect(await standing(world, "GROUP", GROUP)).to.equal(encodeFigures("GROUP", [(4n * E18) / 10n]));
        const global = fieldsOf(await riskParameters.globalParams());
        expect(await standing(world, "GLOBAL")).to.equal(encodeFigures("GLOBAL", [global]));
        const {capE18, depositsOpen} = await vault.asset(USDT);
        expect(await standing(world, "ASSET_CAP", USDT)).to.equal(encodeFigures("ASSET_CAP", [capE18, depositsOpen]));
        const cap = await vault.settlementCapE18();
        expect(await standing(world, "SETTLEMENT_CAP")).to.equal(encodeFigures("SETTLEMENT_CAP", [cap]));
        const listing = fieldsOf(await clearinghouse.listing(BTC));
        expect(await standing(world, "LISTING", BTC)).to.equal(encodeFigures("LISTING", [listing]));
        expect(await standing(world, "LISTING", 9)).to.equal("0x");
        expect(await standing(world, "UNDERLYING", 9)).to.equal("0x");
        expect(await standing(world, "ASSET", 9)).to.equal("0x");
    });

    it("should name figures by their place, and read them again", async () => {
        const world = await loadFixture(fixture);
        expect(figureName("UNDERLYING", 1)).to.equal("volUpE18");
        expect(figureName("UNDERLYING", 18)).to.equal("rangeE18");
        expect(figureName("UNDERLYING", 20)).to.equal("scenarios");
        expect(figureName("UNDERLYING", 21 + 4 * 3 + 2)).to.equal("scenario 3.weightE18");
        expect(figureName("ASSET_CAP", 1)).to.equal("depositsOpen");
        expect(decodeFigures("ASSET_CAP", encodeFigures("ASSET_CAP", [5n, true]))).to.deep.equal([5n, true]);
        expect(() => encodeFigures("ASSET_CAP", [5n])).to.throw(/ASSET_CAP has 2 parts, not 1/);
        expect(await standing(world, "GROUP", 200)).to.equal(encodeFigures("GROUP", [0n]));
    });
});

describe("RiskSteward: loosening", () => {
    it("should move in a straight line over the ramp, and arrive", async () => {
        const world = await loadFixture(fixture);
        const {vault, riskSteward} = world.all;
        const {capE18: first} = await vault.asset(USDT);
        const target = encodeFigures("ASSET_CAP", [3n * first, true]);
        await expect(roleOf(world).risk.change(SUBJECTS.ASSET_CAP, USDT, target)).to.emit(riskSteward, "ChangeStarted");
        const start = await time.latest();
        expect((await vault.asset(USDT)).capE18, "at the start").to.equal(first);
        for (const share of [1, 2, 3]) {
            await before(start + (RAMP * share) / 4);
            await riskSteward.step(SUBJECTS.ASSET_CAP, USDT);
            const wanted = first + (2n * first * BigInt(share)) / 4n;
            const {capE18} = await vault.asset(USDT);
            expect(wanted - capE18, `after ${share} quarters`).to.be.within(0n, first / 10n ** 15n);
        }
        await before(start + RAMP);
        await expect(riskSteward.step(SUBJECTS.ASSET_CAP, USDT))
            .to.emit(riskSteward, "Stepped")
            .withArgs(SUBJECTS.ASSET_CAP, USDT, target, E18);
        expect((await vault.asset(USDT)).capE18).to.equal(3n * first);
        await expect(riskSteward.step(SUBJECTS.ASSET_CAP, USDT))
            .to.be.revertedWithCustomError(riskSteward, "RiskSteward_NoRamp")
            .withArgs(SUBJECTS.ASSET_CAP, USDT);
    });

    it("should wait between steps", async () => {
        const world = await loadFixture(fixture);
        const {riskSteward} = world.all;
        await roleOf(world).risk.change(SUBJECTS.SETTLEMENT_CAP, 0, encodeFigures("SETTLEMENT_CAP", [E18 ** 2n / 10n]));
        const readyAt = (await time.latest()) + STEP;
        await expect(riskSteward.step(SUBJECTS.SETTLEMENT_CAP, 0))
            .to.be.revertedWithCustomError(riskSteward, "RiskSteward_TooEarly")
            .withArgs(readyAt);
        await before(readyAt);
        await riskSteward.step(SUBJECTS.SETTLEMENT_CAP, 0);
        expect((await riskSteward.ramp(SUBJECTS.SETTLEMENT_CAP, 0)).steppedAt).to.equal(readyAt);
    });

    it("should set at once what has no figures yet", async () => {
        const world = await loadFixture(fixture);
        const btc = await underlyingOf(world);
        await roleOf(world).risk.change(SUBJECTS.UNDERLYING, 3, underlyingWith(btc, {}));
        expect(await standing(world, "UNDERLYING", 3)).to.equal(await standing(world, "UNDERLYING", BTC));
        const listing = await standing(world, "LISTING", BTC);
        await roleOf(world).risk.change(SUBJECTS.LISTING, 3, listing);
        expect(await standing(world, "LISTING", 3)).to.equal(listing);
    });

    it("should start a new collateral asset with a tenth of its cap", async () => {
        const world = await loadFixture(fixture);
        const {vault, riskSteward} = world.all;
        const token = await ethers.deployContract("MockToken", ["DAI", 18]);
        const terms = {underlying: 0, feedId: 1001, weightE18: E18 / 2n, sizeE18: 0n};
        await roleOf(world).admin.listAsset(token, usd(1_000_000), terms);
        expect((await vault.asset(3)).capE18).to.equal(usd(100_000));
        expect(await standing(world, "ASSET", 3)).to.equal(encodeFigures("ASSET", [terms]));
        await time.increase(RAMP);
        await riskSteward.step(SUBJECTS.ASSET_CAP, 3);
        expect((await vault.asset(3)).capE18).to.equal(usd(1_000_000));
    });

    it("should be left where it is by the guardian", async () => {
        const world = await loadFixture(fixture);
        const {riskSteward, vault} = world.all;
        const {capE18} = await vault.asset(USDT);
        await roleOf(world).risk.change(SUBJECTS.ASSET_CAP, USDT, encodeFigures("ASSET_CAP", [3n * capE18, true]));
        await expect(roleOf(world).guardian.stop(SUBJECTS.ASSET_CAP, USDT))
            .to.emit(riskSteward, "ChangeStopped")
            .withArgs(SUBJECTS.ASSET_CAP, USDT);
        await time.increase(RAMP);
        await expect(riskSteward.step(SUBJECTS.ASSET_CAP, USDT)).to.be.revertedWithCustomError(
            riskSteward,
            "RiskSteward_NoRamp",
        );
        await expect(roleOf(world).guardian.stop(SUBJECTS.ASSET_CAP, USDT)).to.be.revertedWithCustomError(
            riskSteward,
            "RiskSteward_NoRamp",
        );
        expect((await vault.asset(USDT)).capE18).to.equal(capE18);
    });
});

describe("RiskSteward: tightening", () => {
    it("should take effect at once where it can close nobody", async () => {
        const world = await loadFixture(fixture);
        const {vault, riskParameters, clearinghouse} = world.all;
        const {guardian} = roleOf(world);
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
        await roleOf(world).guardian.tighten(SUBJECTS.UNDERLYING, BTC, target);
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
        await roleOf(world).guardian.tighten(SUBJECTS.UNDERLYING, BTC, target);
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
            await expect(roleOf(world).guardian.tighten(SUBJECTS.UNDERLYING, BTC, target))
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
            const attempt = roleOf(world).guardian.tighten(SUBJECTS[subject], id, encodeFigures(subject, values));
            await expect(attempt, subject).to.be.revertedWithCustomError(riskSteward, "RiskSteward_Loosens");
        }
        await roleOf(world).guardian.tighten(SUBJECTS.ASSET_CAP, USDT, encodeFigures("ASSET_CAP", [capE18, false]));
        const reopening = roleOf(world).guardian.tighten(
            SUBJECTS.ASSET_CAP,
            USDT,
            encodeFigures("ASSET_CAP", [capE18, true]),
        );
        await expect(reopening).to.be.revertedWithCustomError(riskSteward, "RiskSteward_Loosens").withArgs(1, 0, 1);
    });

    it("should bound what a guardian can ask for, at once and again", async () => {
        const world = await loadFixture(fixture);
        const {riskSteward} = world.all;
        const {guardian} = roleOf(world);
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

describe("RiskSteward: what cannot move", () => {
    it("should refuse another structure by steps, and take it while nothing is in use", async () => {
        const world = await loadFixture(fixture);
        const {riskSteward} = world.all;
        const btc = await underlyingOf(world);
        const {risk, admin} = roleOf(world);
        const regrouped = underlyingWith(btc, {group: 2n});
        await expect(risk.change(SUBJECTS.UNDERLYING, BTC, regrouped))
            .to.be.revertedWithCustomError(riskSteward, "RiskSteward_CannotMove")
            .withArgs(0, 1, 2);
        const crossed = [{...btc.grid[0]!, factorE18: 2n * E18 - btc.grid[0]!["factorE18"]!}, ...btc.grid.slice(1)];
        await expect(risk.change(SUBJECTS.UNDERLYING, BTC, encodeFigures("UNDERLYING", [btc.params, crossed])))
            .to.be.revertedWithCustomError(riskSteward, "RiskSteward_CannotMove")
            .withArgs(21, btc.grid[0]!["factorE18"], crossed[0]!["factorE18"]);
        await expect(
            risk.change(SUBJECTS.UNDERLYING, BTC, encodeFigures("UNDERLYING", [btc.params, btc.grid.slice(1)])),
        ).to.be.revertedWithCustomError(riskSteward, "RiskSteward_CannotMove");
        // What is relative cannot leave zero.
        await expect(risk.change(SUBJECTS.UNDERLYING, BTC, underlyingWith(btc, {impactE18: 0n})))
            .to.be.revertedWithCustomError(riskSteward, "RiskSteward_CannotMove")
            .withArgs(13, E18, 0);
        await admin.replace(SUBJECTS.UNDERLYING, BTC, regrouped);
        expect(await standing(world, "UNDERLYING", BTC)).to.equal(regrouped);
    });

    it("should refuse to replace figures that somebody is held to", async () => {
        const world = await loadFixture(fixture);
        const {riskSteward} = world.all;
        const {admin} = roleOf(world);
        const [maker, taker, holder] = world.owners.map((owner): Side => ({owner}));
        await deposit(world, maker!, "USDC", 100_000n * USD);
        await deposit(world, taker!, "USDC", 100_000n * USD);
        await trade(world, maker!, taker!, [{instrument: perp(BTC), sizeE18: E18, priceE18: usd(50_000)}]);
        await deposit(world, holder!, "WETH", 3n * E18);
        const tries: readonly (readonly [Subject, number, bigint])[] = [
            ["UNDERLYING", BTC, E18],
            ["LISTING", BTC, E18],
            ["UNDERLYING", ETH, 3n * E18],
            ["ASSET", 0, 3n * E18],
            ["GLOBAL", 0, 2n ** 256n - 1n],
        ];
        for (const [subject, id, units] of tries) {
            await expect(admin.replace(SUBJECTS[subject], id, await standing(world, subject, id)), subject)
                .to.be.revertedWithCustomError(riskSteward, "RiskSteward_InUse")
                .withArgs(SUBJECTS[subject], id, units);
        }
        await admin.replace(SUBJECTS.LISTING, ETH, await standing(world, "LISTING", ETH));
    });

    it("should refuse what is not exactly an encoding of its subject", async () => {
        const world = await loadFixture(fixture);
        const {riskSteward} = world.all;
        const {risk} = roleOf(world);
        const cap = encodeFigures("ASSET_CAP", [5n, true]);
        const tries: readonly (readonly [Subject, string])[] = [
            ["ASSET_CAP", "0x"],
            ["ASSET_CAP", `${cap}00`],
            ["ASSET_CAP", `${cap.slice(0, -1)}2`],
            ["GROUP", `0x${"ff".repeat(32)}`],
            ["UNDERLYING", cap],
        ];
        for (const [subject, data] of tries) {
            await expect(risk.change(SUBJECTS[subject], 1, data), subject)
                .to.be.revertedWithCustomError(riskSteward, "RiskSteward_BadEncoding")
                .withArgs(SUBJECTS[subject], (data.length - 2) / 2);
        }
        const global = await standing(world, "GLOBAL");
        await expect(risk.change(SUBJECTS.GLOBAL, 1, global))
            .to.be.revertedWithCustomError(riskSteward, "RiskSteward_OutOfBounds")
            .withArgs(ethers.encodeBytes32String("id"), 1, 0, 0);
        await expect(risk.change(SUBJECTS.GROUP, 256, encodeFigures("GROUP", [0n])))
            .to.be.revertedWithCustomError(riskSteward, "RiskSteward_OutOfBounds")
            .withArgs(ethers.encodeBytes32String("id"), 256, 0, 255);
    });
});

describe("RiskSteward: what figures must satisfy together", () => {
    const terms = {feeE18: (5n * E18) / 10_000n, reactionSeconds: HOUR};

    it("should hold the smallest shock against a normal move, slippage and fee (MCL-3)", async () => {
        const world = await loadFixture(fixture);
        const btc = await underlyingOf(world);
        const wild = {...btc.params, sigmaDayE18: (25n * E18) / 100n};
        const laws = lawsOf(wild as never, btc.grid as never, terms);
        expect(laws.coversDelay).to.equal(false);
        await expect(roleOf(world).risk.change(SUBJECTS.UNDERLYING, BTC, encodeFigures("UNDERLYING", [wild, btc.grid])))
            .to.be.revertedWithCustomError(world.all.riskSteward, "RiskSteward_ShockTooSmall")
            .withArgs(BTC, laws.shockE18, laws.neededE18);
    });

    it("should refuse fees and slippage that eat half of it (MCL-3)", async () => {
        const world = await loadFixture(fixture);
        const {riskSteward, clearinghouse} = world.all;
        const btc = await underlyingOf(world);
        const wide = {...btc.params, spreadE18: E18 / 10n, impactE18: 10n * E18, sigmaDayE18: (31n * E18) / 1000n};
        const laws = lawsOf(wide as never, btc.grid as never, terms);
        expect([laws.coversDelay, laws.saleRaisesHealth]).to.deep.equal([true, false]);
        await expect(roleOf(world).risk.change(SUBJECTS.UNDERLYING, BTC, encodeFigures("UNDERLYING", [wide, btc.grid])))
            .to.be.revertedWithCustomError(riskSteward, "RiskSteward_SaleTooDear")
            .withArgs(BTC, laws.shockE18, laws.saleE18);
        // Fees are bounded at one percent, which these shocks can bear.
        const fees = {linearE18: E18 / 100n, optionE18: 0n, optionCapE18: 0n};
        await roleOf(world).risk.setFees(fees);
        expect((await clearinghouse.fees()).linearE18).to.equal(E18 / 100n);
        const absurd = {...fees, linearE18: E18 / 10n};
        await expect(roleOf(world).risk.setFees(absurd)).to.be.revertedWithCustomError(
            riskSteward,
            "RiskSteward_SaleTooDear",
        );
    });

    it("should bound its own rules", async () => {
        const world = await loadFixture(fixture);
        const {riskSteward} = world.all;
        const {admin} = roleOf(world);
        const rules = fieldsOf(await riskSteward.rules()) as unknown as IRiskSteward.RulesStruct;
        const tries: readonly (readonly [string, Partial<IRiskSteward.RulesStruct>, bigint, bigint])[] = [
            ["stepSeconds", {stepSeconds: 0}, 1n, BigInt(RAMP)],
            ["rampSeconds", {rampSeconds: 31 * DAY}, 1n, BigInt(30 * DAY)],
            ["maxStep", {maxStepE18: E18 / 4n}, 1n, E18 / 5n],
            ["maxTighten", {maxTightenE18: 1n}, E18 / 20n, 2n ** 64n - 1n],
            ["reactionSeconds", {reactionSeconds: DAY + 1}, 1n, BigInt(DAY)],
        ];
        for (const [name, change, min, max] of tries) {
            const [value] = Object.values(change);
            await expect(admin.setRules({...rules, ...change}), name)
                .to.be.revertedWithCustomError(riskSteward, "RiskSteward_OutOfBounds")
                .withArgs(ethers.encodeBytes32String(name), value, min, max);
        }
        await expect(admin.setRules({...rules, stepSeconds: 60})).to.emit(riskSteward, "RulesSet");
        expect((await riskSteward.rules()).stepSeconds).to.equal(60n);
    });
});
