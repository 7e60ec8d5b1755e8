import {expect} from "chai";

import {defaultGrid} from "../../../scripts/sdk/risk/index.js";
import {lawsOf, SUBJECTS} from "../../../scripts/sdk/steward.js";
import type {IVolatilityDriver} from "../../../typechain-types/contracts/interfaces/IVolatilityDriver.js";
import {
    arrive,
    FLOOR,
    governedOf,
    hour,
    MOST,
    NOTICE,
    rangeOf,
    recall,
    remember,
    SPACING,
    STEP,
    stepped,
    swing,
} from "../../support/driver.js";
import type {Remembered} from "../../support/driver.js";
import {fieldsOf, officersOf, standing, underlyingOf, underlyingWith} from "../../support/steward.js";
import type {Fields} from "../../support/steward.js";
import {BTC, createChain, deployWorld, E18, ETH, HOUR, now, pass, report} from "../../support/world.js";
import type {World} from "../../support/world.js";

const connection = await createChain();
const {ethers, networkHelpers} = connection;
const {loadFixture, time} = networkHelpers;

const DAY = 24 * HOUR;
const RAMP = 2 * DAY;
const TERMS = {feeE18: (5n * E18) / 10_000n, reactionSeconds: HOUR};
const UNAUTHORIZED = "AccessManagedUnauthorized";

const fixture = async (): Promise<Remembered> => remember(await deployWorld(connection));

/** A day and a half of swings, and the range as far up as it goes: within the band below its most. */
async function risenFixture(): Promise<Remembered> {
    const world = await deployWorld(connection);
    await swing(world, 36);
    await arrive(world);
    return remember(world);
}

const fresh = async (): Promise<World> => recall(await loadFixture(fixture));
const risen = async (): Promise<World> => recall(await loadFixture(risenFixture));

const driverOf = ({all, officers}: World, who: "risk" | "guardian" | "admin") =>
    all.volatilityDriver.connect(officers[who]);

/** m, as the law about it reckons. */
async function leastShock(world: World): Promise<bigint> {
    const {params, grid} = await underlyingOf(world);
    return lawsOf(params as never, grid as never, TERMS).shockE18;
}

describe("FSP-6: VolatilityDriver, up", () => {
    it("FSP-6: should announce a rise, wait, and take it in steps of at most maxStep", async () => {
        const world = await fresh();
        const {volatilityDriver, riskSteward} = world.all;
        let names: string[] = [];
        for (let i = 0; !names.includes("RiseAnnounced"); ++i) {
            expect(await rangeOf(world), `hour ${i}`).to.equal(FLOOR);
            names = await hour(world, i % 2 === 0 ? 8n : -8n);
        }
        const announcedAt = await now(world);
        const [announced] = await volatilityDriver.queryFilter(volatilityDriver.filters.RiseAnnounced(BTC), -1);
        const [standE18, goalE18, wantedE18] = await volatilityDriver.ranges(BTC);
        expect([standE18, goalE18]).to.deep.equal([FLOOR, FLOOR]);
        expect(wantedE18 > (FLOOR * 105n) / 100n, "beyond the band").to.equal(true);
        expect([...announced!.args]).to.deep.equal([BTC, FLOOR, wantedE18, announcedAt + NOTICE].map(BigInt));
        const {rangeE18, riseAt} = await volatilityDriver.noticeOf(BTC);
        expect([rangeE18, riseAt]).to.deep.equal([wantedE18, BigInt(announcedAt + NOTICE)]);

        await time.increaseTo(announcedAt + NOTICE - 2);
        expect(await stepped(world), "a second early").to.deep.equal([]);
        expect(await rangeOf(world)).to.equal(FLOOR);
        await report(world);
        expect(await stepped(world)).to.deep.equal(["Sampled", "RangeDriven", "ChangeStarted", "Stepped"]);
        let last = FLOOR;
        for (let steps = 1; ; ++steps) {
            const range = await rangeOf(world);
            expect(range > last && range * 10_000n <= last * 10_239n, `step ${steps}: ${last} to ${range}`).to.equal(
                true,
            );
            expect(await leastShock(world)).to.be.within(range - 1000n, range);
            last = range;
            if (BigInt((await riskSteward.ramp(SUBJECTS.UNDERLYING, BTC)).target) === 0n) break;
            await time.increase(STEP);
            await riskSteward.step(SUBJECTS.UNDERLYING, BTC);
        }
        expect(last <= rangeE18, "no further than was announced").to.equal(true);
        expect(last).to.equal((await volatilityDriver.ranges(BTC)).goalE18);
    });

    it("FSP-6: should stand as the margin model's grid of the wider range would, but for the regular shocks", async () => {
        const world = await risen();
        const range = await rangeOf(world);
        expect(range).to.be.within((MOST * 100n) / 105n, MOST);
        const {params, grid} = await underlyingOf(world);
        const regular = defaultGrid(FLOOR);
        const tails = defaultGrid(range);
        for (const [place, {factorE18, lnFactorE18, weightE18}] of grid.entries()) {
            expect([factorE18, lnFactorE18], `scenario ${place}`).to.deep.equal([
                regular[place]!.factorE18,
                regular[place]!.lnFactorE18,
            ]);
            expect(weightE18! - tails[place]!.weightE18, `weight ${place}`).to.be.within(0n, 2n);
        }
        expect((await governedOf(world)).params).to.deep.equal({...params, rangeE18: FLOOR});
        expect(lawsOf(params as never, grid as never, TERMS).shockE18).to.be.within(range - 1000n, range);
    });

    it("FSP-6: should let no range stand above what was announced a notice before (STW-3)", async () => {
        const world = await fresh();
        const {volatilityDriver} = world.all;
        let announced: {range: bigint; at: number}[] = [];
        for (let i = 0; i < 20; ++i) {
            await hour(world, i % 2 === 0 ? 6n : -6n);
            for (let part = 0; part < 5; ++part) {
                const at = await now(world);
                const events = await volatilityDriver.queryFilter(volatilityDriver.filters.RiseAnnounced(BTC));
                announced = events.map(({args}) => ({range: args.toE18, at: Number(args.riseAt)}));
                const allowed = announced.filter((one) => one.at <= at).map(({range}) => range);
                const range = await rangeOf(world);
                const most = [FLOOR, ...allowed].reduce((a, b) => (a > b ? a : b));
                expect(range <= most, `hour ${i}: ${range} of ${most}`).to.equal(true);
                await pass(world, STEP);
                await stepped(world);
            }
        }
        expect(announced.length, "several levels").to.be.greaterThan(2);
        expect(await rangeOf(world)).to.be.within((MOST * 100n) / 105n, MOST);
    });

    it("FSP-6: should withdraw what calm overtakes, and announce anew what nobody acted on", async () => {
        const world = await fresh();
        const {volatilityDriver} = world.all;
        let names: string[] = [];
        for (let i = 0; !names.includes("RiseAnnounced"); ++i) names = await hour(world, i % 2 === 0 ? 8n : -8n);
        const restart = await networkHelpers.takeSnapshot();
        const first = await volatilityDriver.noticeOf(BTC);
        // A sample after a day counts for two hours of it, so that the rise is still wanted.
        await pass(world, DAY + NOTICE + 1);
        expect(await stepped(world)).to.deep.equal(["Sampled", "RiseAnnounced"]);
        const second = await volatilityDriver.noticeOf(BTC);
        expect(second.riseAt).to.equal(BigInt((await now(world)) + NOTICE));
        expect(second.rangeE18 < first.rangeE18).to.equal(true);
        await restart.restore();
        await volatilityDriver.connect(world.officers.risk).setRules({...(await rulesOf(world)), multipleE18: E18});
        expect(await stepped(world)).to.deep.equal(["RiseWithdrawn"]);
        expect((await volatilityDriver.noticeOf(BTC)).rangeE18).to.equal(0n);
        await pass(world, NOTICE);
        expect(await stepped(world)).to.deep.equal(["Sampled"]);
        expect(await rangeOf(world)).to.equal(FLOOR);
    });
});

const rulesOf = async ({all}: World): Promise<IVolatilityDriver.RulesStruct> =>
    fieldsOf(await all.volatilityDriver.rules()) as unknown as IVolatilityDriver.RulesStruct;

describe("FSP-6: VolatilityDriver, down", () => {
    it("FSP-6: should come down by the ramp to what officers ask for, and not below", async () => {
        const world = await risen();
        const {volatilityDriver, riskSteward} = world.all;
        const governed = await riskSteward.governed(BTC);
        let range = await rangeOf(world);
        let lowered = 0;
        for (let hours = 0; (await standing(world, "UNDERLYING", BTC)) !== governed; hours += 2) {
            expect(hours, "weeks of calm").to.be.lessThan(24 * 40);
            await pass(world, 2 * SPACING);
            if ((await stepped(world)).includes("RangeDriven")) lowered += 1;
            const next = await rangeOf(world);
            // Two hours of two days' ramp of all that there is to lose.
            expect(range - next <= (MOST - FLOOR) / 23n, `hour ${hours}: ${range} to ${next}`).to.equal(true);
            expect(next >= FLOOR && next <= range).to.equal(true);
            range = next;
        }
        expect(lowered).to.be.greaterThan(1);
        expect(range).to.equal(FLOOR);
        const [, , wantedE18] = await volatilityDriver.ranges(BTC);
        expect(wantedE18).to.equal(FLOOR);
        for (let i = 0; i < 3; ++i) expect(await hour(world)).to.deep.equal(["Sampled"]);
        expect(await standing(world, "UNDERLYING", BTC)).to.equal(governed);
    });

    it("FSP-6: should turn round without notice below what stands, and with it above", async () => {
        const world = await risen();
        const {volatilityDriver} = world.all;
        const rules = await rulesOf(world);
        const bear = async (multipleE18: bigint): Promise<string[]> => {
            await driverOf(world, "risk").setRules({...rules, multipleE18});
            return stepped(world);
        };
        expect(await bear(0n), "as if all were calm").to.deep.equal(["RangeDriven", "ChangeStarted"]);
        for (let i = 0; i < 6; ++i) await hour(world);
        const [standE18, goalE18] = await volatilityDriver.ranges(BTC);
        expect(goalE18).to.equal(FLOOR);
        expect(standE18).to.be.within((FLOOR * 150n) / 100n, (MOST * 99n) / 100n);
        const {varianceE18} = await volatilityDriver.sampleOf(BTC);
        // A fifth is between the two.
        const multiple = BigInt(Math.floor((0.2 / Math.sqrt(Number(varianceE18) / 1e18 / 365)) * 1e6)) * 10n ** 12n;
        expect(await bear(multiple), "below what stands").to.deep.equal(["RangeDriven", "ChangeStarted"]);
        const [, turned] = await volatilityDriver.ranges(BTC);
        expect(turned).to.be.within((19_999n * E18) / 100_000n, (20_001n * E18) / 100_000n);
        expect(await bear(10n * E18), "above it").to.deep.equal(["RiseAnnounced"]);
        expect(await bear(multiple)).to.deep.equal(["RiseWithdrawn"]);
    });
});

describe("FSP-6: VolatilityDriver, beside officers", () => {
    const spread = async (world: World): Promise<bigint> =>
        (await world.all.riskParameters.underlyingParams(BTC)).spreadE18;

    const governedWith = async (world: World, change: Fields): Promise<string> =>
        underlyingWith(await governedOf(world), change);

    it("FSP-6: should take an officer's change for the floor, and finish it beside a rise", async () => {
        const world = await risen();
        const {riskSteward, volatilityDriver} = world.all;
        const target = await governedWith(world, {spreadE18: E18 / 4000n, rangeE18: (17n * E18) / 100n});
        await officersOf(world).risk.change(SUBJECTS.UNDERLYING, BTC, target);
        expect(await riskSteward.governed(BTC)).to.equal(target);
        // The range goes up again after notice, in the ramp of what the change loosens.
        await swing(world, 60);
        await arrive(world);
        expect(await spread(world)).to.equal(E18 / 4000n);
        const [standE18, goalE18, wantedE18] = await volatilityDriver.ranges(BTC);
        const most = (17n * 18n * E18) / 1000n;
        expect(wantedE18).to.equal(most);
        expect(standE18)
            .to.equal(goalE18)
            .and.within((most * 100n) / 105n, most);
        expect(await riskSteward.governed(BTC)).to.equal(target);
    });

    it("FSP-6: should not undo what the guardian tightens, nor go on with what he stops", async () => {
        const world = await fresh();
        const {riskSteward} = world.all;
        const {risk, guardian} = officersOf(world);
        const btc = await underlyingOf(world);
        await risk.change(SUBJECTS.UNDERLYING, BTC, underlyingWith(btc, {spreadE18: E18 / 4000n}));
        await time.increase(RAMP / 4);
        await riskSteward.step(SUBJECTS.UNDERLYING, BTC);
        await guardian.stop(SUBJECTS.UNDERLYING, BTC);
        const stopped = await standing(world, "UNDERLYING", BTC);
        expect(await riskSteward.governed(BTC)).to.equal(stopped);
        for (let i = 0; i < 12; ++i) await hour(world);
        expect(await standing(world, "UNDERLYING", BTC)).to.equal(stopped);
        const tighter = await governedWith(world, {spreadE18: E18 / 1000n});
        await guardian.tighten(SUBJECTS.UNDERLYING, BTC, tighter);
        await arrive(world);
        for (let i = 0; i < 12; ++i) await hour(world);
        expect(await standing(world, "UNDERLYING", BTC)).to.equal(tighter);
        expect(await riskSteward.governed(BTC)).to.equal(tighter);
    });

    it("FSP-6: should raise no figure that officers were about to tighten any less", async () => {
        const world = await fresh();
        const {guardian} = officersOf(world);
        let names: string[] = [];
        for (let i = 0; !names.includes("RiseAnnounced"); ++i) names = await hour(world, i % 2 === 0 ? 8n : -8n);
        // More than one step's worth, so that the driver interrupts it.
        await guardian.tighten(SUBJECTS.UNDERLYING, BTC, await governedWith(world, {spreadE18: E18 / 1500n}));
        await swing(world, 24);
        await arrive(world);
        expect(await spread(world)).to.equal(E18 / 1500n);
        expect(await rangeOf(world)).to.be.within((MOST * 100n) / 105n, MOST);
    });

    it("FSP-6: should forget what was governed when figures are replaced", async () => {
        const world = await risen();
        const {riskSteward} = world.all;
        const target = underlyingWith(await underlyingOf(world), {group: 2n, rangeE18: (2n * E18) / 10n});
        await officersOf(world).admin.replace(SUBJECTS.UNDERLYING, BTC, target);
        expect(await riskSteward.governed(BTC)).to.equal(target);
    });

    it("FSP-6: should be stopped by the guardian, at once, and released by RISK", async () => {
        const world = await fresh();
        const {volatilityDriver, riskSteward} = world.all;
        await swing(world, 12);
        expect((await rangeOf(world)) > FLOOR).to.equal(true);
        await expect(driverOf(world, "guardian").pause(BTC)).to.emit(volatilityDriver, "PausedSet").withArgs(BTC, true);
        await officersOf(world).guardian.stop(SUBJECTS.UNDERLYING, BTC);
        const stopped = await rangeOf(world);
        await expect(volatilityDriver.step(BTC))
            .to.be.revertedWithCustomError(volatilityDriver, "VolatilityDriver_Paused")
            .withArgs(BTC);
        await pass(world, SPACING);
        await volatilityDriver.sample(BTC);
        await volatilityDriver.step(ETH);
        expect(await rangeOf(world)).to.equal(stopped);
        // An officer's change goes on as it would without a driver.
        const {risk} = officersOf(world);
        await risk.change(SUBJECTS.UNDERLYING, BTC, await riskSteward.governed(BTC));
        await time.increase(RAMP);
        await arrive(world);
        expect(await rangeOf(world)).to.equal(FLOOR);
        await expect(driverOf(world, "risk").unpause(BTC)).to.emit(volatilityDriver, "PausedSet").withArgs(BTC, false);
        await pass(world, SPACING);
        expect(await stepped(world)).to.deep.equal(["Sampled", "RiseAnnounced"]);
    });
});

describe("FSP-6: VolatilityDriver, rights and bounds", () => {
    it("FSP-6: should have no right but to drive, within what one tightening may come to (STW-3)", async () => {
        const world = await risen();
        const {riskSteward, volatilityDriver} = world.all;
        const address = await volatilityDriver.getAddress();
        await networkHelpers.impersonateAccount(address);
        await networkHelpers.setBalance(address, 10n ** 21n);
        const asDriver = riskSteward.connect(await ethers.getSigner(address));
        const stood = await standing(world, "UNDERLYING", BTC);
        const governed = await riskSteward.governed(BTC);
        const btc = await underlyingOf(world);
        for (const name of ["change", "tighten", "replace"] as const) {
            await expect(asDriver[name](SUBJECTS.UNDERLYING, BTC, stood)).to.be.revertedWithCustomError(
                riskSteward,
                UNAUTHORIZED,
            );
        }
        await expect(asDriver.stop(SUBJECTS.UNDERLYING, BTC)).to.be.revertedWithCustomError(riskSteward, UNAUTHORIZED);
        // Below what is governed, in any figure.
        const looser = underlyingWith(btc, {spreadE18: 1n});
        await expect(asDriver.drive(BTC, looser))
            .to.be.revertedWithCustomError(riskSteward, "RiskSteward_Loosens")
            .withArgs(12, btc.params["spreadE18"], 1n);
        const wild = underlyingWith(btc, {rangeE18: (9n * E18) / 10n});
        // From what is governed: nine tenths for sixteen hundredths, and the weights as they stand.
        const weights = (btc.params["rangeE18"]! * E18) / FLOOR - E18;
        const cost = (74n * E18) / 16n + weights;
        await expect(asDriver.drive(BTC, wild))
            .to.be.revertedWithCustomError(riskSteward, "RiskSteward_TooFar")
            .withArgs((found: bigint) => found - cost <= 10n && cost - found <= 10n, 2n * E18);
        await asDriver.drive(BTC, governed);
        await expect(riskSteward.connect(world.officers.guardian).drive(BTC, stood)).to.be.revertedWithCustomError(
            riskSteward,
            UNAUTHORIZED,
        );
        for (const who of ["risk", "admin"] as const) {
            const call = driverOf(world, who).pause(BTC);
            await expect(call).to.be.revertedWithCustomError(volatilityDriver, UNAUTHORIZED);
        }
        const rules = await rulesOf(world);
        for (const who of ["guardian", "admin"] as const) {
            const driver = driverOf(world, who);
            for (const call of [() => driver.unpause(BTC), () => driver.setRules(rules)]) {
                await expect(call()).to.be.revertedWithCustomError(volatilityDriver, UNAUTHORIZED);
            }
        }
        expect(await volatilityDriver.steward()).to.equal(await riskSteward.getAddress());
    });

    it("FSP-6: should refuse to move what has no figures", async () => {
        const world = await fresh();
        const {volatilityDriver} = world.all;
        for (const call of [() => volatilityDriver.ranges(1000), () => volatilityDriver.step(1000)]) {
            await expect(call())
                .to.be.revertedWithCustomError(volatilityDriver, "VolatilityDriver_UnknownUnderlying")
                .withArgs(1000);
        }
    });

    const rules: readonly (readonly [keyof IVolatilityDriver.RulesStruct, string, bigint, bigint])[] = [
        ["spacingSeconds", "spacingSeconds", 600n, BigInt(DAY)],
        ["halfLifeSeconds", "halfLifeSeconds", BigInt(SPACING), BigInt(90 * DAY)],
        ["horizonSeconds", "horizonSeconds", BigInt(HOUR), BigInt(30 * DAY)],
        ["noticeSeconds", "noticeSeconds", 600n, BigInt(7 * DAY)],
        ["maxReturnE18", "maxReturn", E18 / 1000n, E18 / 2n],
        ["mostE18", "most", E18, 3n * E18],
        ["hysteresisE18", "hysteresis", E18 / 100n, E18 / 2n],
        ["multipleE18", "multiple", 0n, 10n * E18],
    ];
    for (const [field, name, least, most] of rules) {
        it(`FSP-6: should bound ${name}`, async () => {
            const world = await fresh();
            const {volatilityDriver} = world.all;
            const risk = driverOf(world, "risk");
            const given = await rulesOf(world);
            for (const value of least === 0n ? [most + 1n] : [least - 1n, most + 1n]) {
                await expect(risk.setRules({...given, [field]: value}))
                    .to.be.revertedWithCustomError(volatilityDriver, "VolatilityDriver_OutOfBounds")
                    .withArgs(ethers.encodeBytes32String(name), value, least, most);
            }
            for (const value of [least, most]) {
                const extra = field === "spacingSeconds" ? {halfLifeSeconds: DAY} : {};
                await expect(risk.setRules({...given, ...extra, [field]: value})).to.emit(volatilityDriver, "RulesSet");
                expect((await volatilityDriver.rules())[field as "mostE18"]).to.equal(value);
            }
        });
    }
});
