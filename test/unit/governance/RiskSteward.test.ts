import {expect} from "chai";

import {perp} from "../../../scripts/sdk/instruments.js";
import {decodeFigures, encodeFigures, figureName, lawsOf, SUBJECTS} from "../../../scripts/sdk/steward.js";
import type {Subject} from "../../../scripts/sdk/steward.js";
import type {IRiskSteward} from "../../../typechain-types/contracts/interfaces/IRiskSteward.js";
import {fieldsOf, officersOf, standing, underlyingOf, underlyingWith} from "../../support/steward.js";
import {BTC, createChain, deployWorld, deposit, E18, ETH, trade, USD, usd} from "../../support/world.js";
import type {Side, World} from "../../support/world.js";

const connection = await createChain();
const {ethers, networkHelpers} = connection;
const {loadFixture, time} = networkHelpers;

const HOUR = 3600;
const DAY = 24 * 3600;
const STEP = 600;
const RAMP = 2 * 24 * 3600;
const USDT = 2;
const GROUP = 1;

/** The next transaction comes at this time. */
const before = async (seconds: number): Promise<void> => time.increaseTo(seconds - 1);

const fixture = (): Promise<World> => deployWorld(connection);

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
        await expect(officersOf(world).risk.change(SUBJECTS.ASSET_CAP, USDT, target)).to.emit(
            riskSteward,
            "ChangeStarted",
        );
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
        await officersOf(world).risk.change(
            SUBJECTS.SETTLEMENT_CAP,
            0,
            encodeFigures("SETTLEMENT_CAP", [E18 ** 2n / 10n]),
        );
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
        await officersOf(world).risk.change(SUBJECTS.UNDERLYING, 3, underlyingWith(btc, {}));
        expect(await standing(world, "UNDERLYING", 3)).to.equal(await standing(world, "UNDERLYING", BTC));
        const listing = await standing(world, "LISTING", BTC);
        await officersOf(world).risk.change(SUBJECTS.LISTING, 3, listing);
        expect(await standing(world, "LISTING", 3)).to.equal(listing);
    });

    it("should start a new collateral asset with a tenth of its cap", async () => {
        const world = await loadFixture(fixture);
        const {vault, riskSteward} = world.all;
        const token = await ethers.deployContract("MockToken", ["DAI", 18]);
        const terms = {underlying: 0, feedId: 1001, weightE18: E18 / 2n, sizeE18: 0n};
        await officersOf(world).admin.listAsset(token, usd(1_000_000), terms);
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
        await officersOf(world).risk.change(SUBJECTS.ASSET_CAP, USDT, encodeFigures("ASSET_CAP", [3n * capE18, true]));
        await expect(officersOf(world).guardian.stop(SUBJECTS.ASSET_CAP, USDT))
            .to.emit(riskSteward, "ChangeStopped")
            .withArgs(SUBJECTS.ASSET_CAP, USDT);
        await time.increase(RAMP);
        await expect(riskSteward.step(SUBJECTS.ASSET_CAP, USDT)).to.be.revertedWithCustomError(
            riskSteward,
            "RiskSteward_NoRamp",
        );
        await expect(officersOf(world).guardian.stop(SUBJECTS.ASSET_CAP, USDT)).to.be.revertedWithCustomError(
            riskSteward,
            "RiskSteward_NoRamp",
        );
        expect((await vault.asset(USDT)).capE18).to.equal(capE18);
    });
});

describe("RiskSteward: what cannot move", () => {
    it("should refuse another structure by steps, and take it while nothing is in use", async () => {
        const world = await loadFixture(fixture);
        const {riskSteward} = world.all;
        const btc = await underlyingOf(world);
        const {risk, admin} = officersOf(world);
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
        const {admin} = officersOf(world);
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
        const {risk} = officersOf(world);
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
        await expect(
            officersOf(world).risk.change(SUBJECTS.UNDERLYING, BTC, encodeFigures("UNDERLYING", [wild, btc.grid])),
        )
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
        await expect(
            officersOf(world).risk.change(SUBJECTS.UNDERLYING, BTC, encodeFigures("UNDERLYING", [wide, btc.grid])),
        )
            .to.be.revertedWithCustomError(riskSteward, "RiskSteward_SaleTooDear")
            .withArgs(BTC, laws.shockE18, laws.saleE18);
        // Fees are bounded at one percent, which these shocks can bear.
        const fees = {linearE18: E18 / 100n, optionE18: 0n, optionCapE18: 0n};
        await officersOf(world).risk.setFees(fees);
        expect((await clearinghouse.fees()).linearE18).to.equal(E18 / 100n);
        const absurd = {...fees, linearE18: E18 / 10n};
        await expect(officersOf(world).risk.setFees(absurd)).to.be.revertedWithCustomError(
            riskSteward,
            "RiskSteward_SaleTooDear",
        );
    });

    it("should bound its own rules", async () => {
        const world = await loadFixture(fixture);
        const {riskSteward} = world.all;
        const {admin} = officersOf(world);
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
