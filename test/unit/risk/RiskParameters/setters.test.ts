import {expect} from "chai";
import {encodeBytes32String, ZeroAddress} from "ethers";
import {network} from "hardhat";

import {lnE18} from "../../../../scripts/sdk/math/index.js";
import {defaultGrid} from "../../../../scripts/sdk/risk/index.js";
import * as risk from "../fixture.js";
import {BTC, e18, ETH} from "../fixture.js";

const {ethers, networkHelpers} = await network.create(risk.RISK_CHAIN);
const MAX_UINT16 = 2n ** 16n - 1n;
const GRID = risk.gridOf(defaultGrid(risk.RANGE[BTC]));
const ONE_SHOCK = risk.gridOf([risk.scenario(e18("0.9"), lnE18(e18("0.9")), e18(1), "FLAT")]);

describe("RiskParameters", () => {
    const bare = async () => risk.bareFixture(ethers);
    const full = async () => risk.riskFixture(ethers);
    const outOfBounds = (name: string, value: bigint, min: bigint, max: bigint) =>
        [encodeBytes32String(name), value, min, max] as const;

    describe("constructor", () => {
        it("should start with oracles and global parameters", async () => {
            const {parameters, market} = await networkHelpers.loadFixture(bare);
            expect(await parameters.oracles()).to.deep.equal([await market.getAddress(), await market.getAddress()]);
            expect(await parameters.globalParams()).to.deep.equal(Object.values(risk.GLOBAL));
            expect(await parameters.underlyings()).to.deep.equal([]);
        });

        it("should refuse to start without an oracle or out of bounds", async () => {
            const {parameters, authority, market} = await networkHelpers.loadFixture(bare);
            for (const [prices, surfaces] of [
                [ZeroAddress, market],
                [market, ZeroAddress],
            ] as const) {
                await expect(
                    ethers.deployContract("RiskParameters", [authority, prices, surfaces, risk.GLOBAL]),
                ).to.be.revertedWithCustomError(parameters, "RiskParameters_ZeroAddress");
            }
            const global = {...risk.GLOBAL, initialRatioE18: 0n};
            await expect(
                ethers.deployContract("RiskParameters", [authority, market, market, global]),
            ).to.be.revertedWithCustomError(parameters, "RiskParameters_OutOfBounds");
        });
    });

    it("should let nobody but its authority set anything", async () => {
        const {parameters, stranger, market} = await networkHelpers.loadFixture(full);
        const foreign = parameters.connect(stranger);
        for (const attempt of [
            foreign.setUnderlying(BTC, risk.UNDERLYING[BTC], GRID),
            foreign.setGroup(1, 0),
            foreign.setAsset(0, risk.ASSETS[risk.USDT]),
            foreign.setGlobal(risk.GLOBAL),
            foreign.setOracles(market, market),
        ]) {
            await expect(attempt)
                .to.be.revertedWithCustomError(parameters, "AccessManagedUnauthorized")
                .withArgs(stranger);
        }
    });

    describe("setUnderlying", () => {
        it("should keep parameters and grid, and say so", async () => {
            const {parameters} = await networkHelpers.loadFixture(bare);
            const values = Object.values(risk.UNDERLYING[BTC]).map(BigInt);
            const words = GRID.map((s) => [s.factorE18, s.lnFactorE18, s.weightE18, BigInt(s.vol)]);
            await expect(parameters.setUnderlying(BTC, risk.UNDERLYING[BTC], GRID))
                .to.emit(parameters, "UnderlyingSet")
                .withArgs(BTC, values)
                .and.to.emit(parameters, "ScenariosSet")
                .withArgs(BTC, words);
            expect(await parameters.underlyingParams(BTC)).to.deep.equal(values);
            expect(await parameters.scenarios(BTC)).to.deep.equal(words);
        });

        it("should list underlyings once, ascending", async () => {
            const {parameters} = await networkHelpers.loadFixture(bare);
            for (const underlying of [7, 2, 9, 1, 2]) {
                await parameters.setUnderlying(underlying, risk.UNDERLYING[BTC], GRID);
            }
            expect(await parameters.underlyings()).to.deep.equal([1n, 2n, 7n, 9n]);
        });

        it("should not know what was never set", async () => {
            const {parameters} = await networkHelpers.loadFixture(full);
            for (const attempt of [parameters.underlyingParams(3), parameters.scenarios(3)]) {
                await expect(attempt)
                    .to.be.revertedWithCustomError(parameters, "RiskParameters_UnknownUnderlying")
                    .withArgs(3);
            }
        });

        it("should hold the grids of a group to one length", async () => {
            const {parameters} = await networkHelpers.loadFixture(full);
            await expect(parameters.setUnderlying(ETH, risk.UNDERLYING[ETH], ONE_SHOCK))
                .to.be.revertedWithCustomError(parameters, "RiskParameters_GridMismatch")
                .withArgs(risk.GROUP, 1, 24);
            await parameters.setUnderlying(ETH, {...risk.UNDERLYING[ETH], group: 2}, ONE_SHOCK);
            expect((await parameters.scenarios(ETH)).length).to.equal(1);
        });

        const ceilings = {
            volUp: e18(5),
            volDown: e18("0.99"),
            powerShort: e18(1),
            powerLong: e18(1),
            rollMin: e18("0.2"),
            rollYear: e18(1),
            floorNet: e18("0.2"),
            floorHedged: e18("0.2"),
            floorShort: e18("0.2"),
            spread: e18("0.1"),
            impact: e18(10),
            sigmaDay: e18("0.5"),
        } as const;
        for (const [name, ceiling] of Object.entries(ceilings)) {
            it(`should hold ${name} to its bound`, async () => {
                const {parameters} = await networkHelpers.loadFixture(bare);
                const params = {...risk.UNDERLYING[BTC], [`${name}E18`]: ceiling};
                await parameters.setUnderlying(BTC, params, GRID);
                await expect(parameters.setUnderlying(BTC, {...params, [`${name}E18`]: ceiling + 1n}, GRID))
                    .to.be.revertedWithCustomError(parameters, "RiskParameters_OutOfBounds")
                    .withArgs(...outOfBounds(name, ceiling + 1n, 0n, ceiling));
            });
        }

        const [floor, one] = [e18("0.5"), 1n];
        const quadrillion = 10n ** 33n;
        const cases: [string, Partial<risk.Params>, readonly [string, bigint, bigint, bigint]][] = [
            ["low volFloorUp", {volFloorUpE18: one}, ["volFloorUp", one, e18("0.001"), e18(5)]],
            ["high volFloorUp", {volFloorUpE18: e18(5) + one}, ["volFloorUp", e18(5) + one, e18("0.001"), e18(5)]],
            ["low volFloorDown", {volFloorDownE18: 0n}, ["volFloorDown", 0n, e18("0.001"), floor]],
            [
                "volFloorDown above up",
                {volFloorDownE18: floor + one},
                ["volFloorDown", floor + one, e18("0.001"), floor],
            ],
            ["thin adv", {advE18: e18(999)}, ["adv", e18(999), e18(1_000), quadrillion]],
            ["absurd adv", {advE18: quadrillion + one}, ["adv", quadrillion + one, e18(1_000), quadrillion]],
            ["oiUpper at lower", {oiUpperE18: e18(2e8)}, ["oiUpper", e18(2e8), e18(2e8) + one, quadrillion]],
            ["absurd oiUpper", {oiUpperE18: 10n ** 34n}, ["oiUpper", 10n ** 34n, e18(2e8) + one, quadrillion]],
        ];
        for (const [title, change, args] of cases) {
            it(`should refuse ${title}`, async () => {
                const {parameters} = await networkHelpers.loadFixture(bare);
                await expect(parameters.setUnderlying(BTC, {...risk.UNDERLYING[BTC], ...change}, GRID))
                    .to.be.revertedWithCustomError(parameters, "RiskParameters_OutOfBounds")
                    .withArgs(...outOfBounds(...args));
            });
        }

        it("should refuse underlying 0", async () => {
            const {parameters} = await networkHelpers.loadFixture(bare);
            await expect(parameters.setUnderlying(0, risk.UNDERLYING[BTC], GRID))
                .to.be.revertedWithCustomError(parameters, "RiskParameters_OutOfBounds")
                .withArgs(...outOfBounds("underlying", 0n, 1n, MAX_UINT16));
        });

        it("should take 1 to 48 scenarios", async () => {
            const {parameters} = await networkHelpers.loadFixture(bare);
            const many = [...GRID, ...GRID];
            await parameters.setUnderlying(BTC, risk.UNDERLYING[BTC], many);
            for (const grid of [[], [...many, ...ONE_SHOCK]]) {
                await expect(parameters.setUnderlying(BTC, risk.UNDERLYING[BTC], grid))
                    .to.be.revertedWithCustomError(parameters, "RiskParameters_OutOfBounds")
                    .withArgs(...outOfBounds("scenarios", BigInt(grid.length), 1n, 48n));
            }
        });

        const good = risk.scenario(e18("0.9"), lnE18(e18("0.9")), e18(1), "UP");
        const off = 10n ** 6n;
        for (const [title, change, valid] of [
            ["a logarithm off by 1e-12 above", {lnFactorE18: good.lnFactorE18 + off}, true],
            ["a logarithm off by 1e-12 below", {lnFactorE18: good.lnFactorE18 - off}, true],
            ["a logarithm off by more above", {lnFactorE18: good.lnFactorE18 + off + 1n}, false],
            ["a logarithm off by more below", {lnFactorE18: good.lnFactorE18 - off - 1n}, false],
            ["no weight", {weightE18: 0n}, false],
            ["a weight above one", {weightE18: e18(1) + 1n}, false],
            ["a factor of zero", {factorE18: 0n}, false],
            ["a factor below a thousandth", {factorE18: e18("0.0009"), lnFactorE18: lnE18(e18("0.0009"))}, false],
            ["a factor above a thousand", {factorE18: e18(1_001), lnFactorE18: lnE18(e18(1_001))}, false],
        ] as const) {
            it(`should ${valid ? "take" : "refuse"} ${title}`, async () => {
                const {parameters} = await networkHelpers.loadFixture(bare);
                const grid = risk.gridOf([good, {...good, ...change}]);
                const attempt = parameters.setUnderlying(BTC, risk.UNDERLYING[BTC], grid);
                if (valid) {
                    await attempt;
                    expect((await parameters.scenarios(BTC))[1]?.lnFactorE18).to.equal(grid[1]?.lnFactorE18);
                    return;
                }
                await expect(attempt)
                    .to.be.revertedWithCustomError(parameters, "RiskParameters_InvalidScenario")
                    .withArgs(1);
            });
        }
    });

    describe("setGroup", () => {
        it("should keep a blend of at most one half", async () => {
            const {parameters} = await networkHelpers.loadFixture(bare);
            await expect(parameters.setGroup(3, e18("0.5")))
                .to.emit(parameters, "GroupSet")
                .withArgs(3, e18("0.5"));
            expect(await parameters.groupBlendE18(3)).to.equal(e18("0.5"));
            expect(await parameters.groupBlendE18(4)).to.equal(0n);
            await expect(parameters.setGroup(3, e18("0.5") + 1n))
                .to.be.revertedWithCustomError(parameters, "RiskParameters_OutOfBounds")
                .withArgs(...outOfBounds("blend", e18("0.5") + 1n, 0n, e18("0.5")));
        });
    });

    describe("setAsset", () => {
        it("should keep an asset's parameters", async () => {
            const {parameters} = await networkHelpers.loadFixture(full);
            const asset = {underlying: ETH, feedId: ETH, weightE18: e18("0.9"), sizeE18: e18("0.001")};
            await expect(parameters.setAsset(5, asset))
                .to.emit(parameters, "AssetSet")
                .withArgs(5, Object.values(asset).map(BigInt));
            expect(await parameters.assetParams(5)).to.deep.equal(Object.values(asset).map(BigInt));
            await expect(parameters.assetParams(6))
                .to.be.revertedWithCustomError(parameters, "RiskParameters_UnknownAsset")
                .withArgs(6);
        });

        for (const [title, change, args] of [
            ["a weight above one", {weightE18: e18(1) + 1n}, ["weight", e18(1) + 1n, 0n, e18(1)]],
            ["a k above one", {sizeE18: e18(1) + 1n}, ["size", e18(1) + 1n, 0n, e18(1)]],
            ["no feed", {feedId: 0}, ["feedId", 0n, 1n, MAX_UINT16]],
            ["a feed that is not its underlying's", {underlying: ETH, feedId: BTC}, ["feedId", 1n, 2n, 2n]],
        ] as const) {
            it(`should refuse ${title}`, async () => {
                const {parameters} = await networkHelpers.loadFixture(full);
                await expect(parameters.setAsset(0, {...risk.ASSETS[risk.USDT], ...change}))
                    .to.be.revertedWithCustomError(parameters, "RiskParameters_OutOfBounds")
                    .withArgs(...outOfBounds(...(args as readonly [string, bigint, bigint, bigint])));
            });
        }

        it("should refuse an underlying without parameters", async () => {
            const {parameters} = await networkHelpers.loadFixture(full);
            await expect(parameters.setAsset(0, {...risk.ASSETS[risk.USDT], underlying: 3, feedId: 3}))
                .to.be.revertedWithCustomError(parameters, "RiskParameters_UnknownUnderlying")
                .withArgs(3);
        });
    });

    describe("setGlobal", () => {
        it("should keep the engine's parameters", async () => {
            const {parameters} = await networkHelpers.loadFixture(full);
            const global = {...risk.GLOBAL, initialRatioE18: e18("0.5"), reserveBaseE18: e18(1_000)};
            await expect(parameters.setGlobal(global))
                .to.emit(parameters, "GlobalSet")
                .withArgs(Object.values(global).map(BigInt));
            expect(await parameters.globalParams()).to.deep.equal(Object.values(global).map(BigInt));
        });

        const globals: [Partial<typeof risk.GLOBAL>, readonly [string, bigint, bigint, bigint]][] = [
            [{initialRatioE18: e18("0.5") - 1n}, ["initialRatio", e18("0.5") - 1n, e18("0.5"), e18(1)]],
            [{initialRatioE18: e18(1) + 1n}, ["initialRatio", e18(1) + 1n, e18("0.5"), e18(1)]],
            [{reserveBaseE18: e18(1_000) + 1n}, ["reserveBase", e18(1_000) + 1n, 0n, e18(1_000)]],
            [{reservePerPositionE18: e18(1_001)}, ["reservePerPosition", e18(1_001), 0n, e18(1_000)]],
            [{settlementFeedId: 0}, ["settlementFeedId", 0n, 1n, MAX_UINT16]],
        ];
        for (const [change, args] of globals) {
            it(`should refuse ${args[0]} ${args[1]}`, async () => {
                const {parameters} = await networkHelpers.loadFixture(full);
                await expect(parameters.setGlobal({...risk.GLOBAL, ...change}))
                    .to.be.revertedWithCustomError(parameters, "RiskParameters_OutOfBounds")
                    .withArgs(...outOfBounds(...args));
            });
        }
    });

    describe("setOracles", () => {
        it("should replace both", async () => {
            const {parameters, engine} = await networkHelpers.loadFixture(full);
            const other = await ethers.deployContract("MockMarket");
            await expect(parameters.setOracles(other, other)).to.emit(parameters, "OraclesSet").withArgs(other, other);
            expect(await parameters.oracles()).to.deep.equal([await other.getAddress(), await other.getAddress()]);
            const oracle = await ethers.getContractAt("IPriceOracle", other);
            await expect(engine.assessBook(risk.book({cash: 1}))).to.be.revertedWithCustomError(
                oracle,
                "PriceOracle_UnknownFeed",
            );
        });

        it("should refuse an empty one", async () => {
            const {parameters, market} = await networkHelpers.loadFixture(full);
            for (const [prices, surfaces] of [
                [ZeroAddress, market],
                [market, ZeroAddress],
            ] as const) {
                await expect(parameters.setOracles(prices, surfaces)).to.be.revertedWithCustomError(
                    parameters,
                    "RiskParameters_ZeroAddress",
                );
            }
        });
    });
});
