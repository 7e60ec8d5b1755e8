import {expect} from "chai";
import {Interface} from "ethers";
import {network} from "hardhat";

import {checkDeployment} from "../../deploy/check.js";
import {deployBallast} from "../../deploy/deployBallast.js";
import {NETWORKS, parametersOf, readParameters} from "../../deploy/parameters/index.js";
import {local} from "../../deploy/parameters/local.js";
import {effectOf, MANAGED_CONTRACTS, RESTRICTED, ROLES, selectorOf} from "../../deploy/roles.js";
import {feedGuards} from "../../deploy/structs.js";
import {ballastAt} from "../../scripts/chain/contracts.js";
import type {BallastContracts} from "../../scripts/chain/contracts.js";
import {ACCESS_MANAGER_ABI} from "../../scripts/sdk/abi/index.js";
import {parseDeployment} from "../../scripts/shared/deployment.js";
import type {Deployment} from "../../scripts/shared/deployment.js";
import {expectedCode} from "../../scripts/tools/artifacts.js";
import {read} from "../../scripts/tools/repository.js";

const connection = await network.create();
const {ethers, networkHelpers} = connection;
const parameters = parametersOf("local");
const UNAUTHORIZED = ["error AccessManagedUnauthorized(address caller)"];

async function fixture() {
    const deployment = await deployBallast(connection);
    const {actors} = deployment;
    const as = async (who: string): Promise<BallastContracts> => ballastAt(deployment, await ethers.getSigner(who));
    const [admin, risk, guardian] = await Promise.all([actors.admin, actors.risk, actors.guardian].map(as));
    return {deployment, admin: admin!, risk: risk!, guardian: guardian!};
}

type Context = Awaited<ReturnType<typeof fixture>>;

async function wrongWires(deployment: Deployment, wanted = parameters): Promise<string[]> {
    const subject = {deployment, parameters: wanted, provider: ethers.provider, codeOf: expectedCode};
    return (await checkDeployment(subject)).map(({wire}) => wire);
}

describe("deployment", () => {
    it("should pass its own check", async () => {
        const {deployment} = await networkHelpers.loadFixture(fixture);
        expect(await wrongWires(deployment)).to.deep.equal([]);
        expect(parseDeployment(JSON.stringify(deployment))).to.deep.equal(deployment);
    });

    it("should leave the deployer without any power", async () => {
        const {deployment} = await networkHelpers.loadFixture(fixture);
        const {manager} = ballastAt(deployment, ethers.provider);
        for (const role of Object.values(ROLES)) {
            expect((await manager.hasRole(role, deployment.actors.deployer)).isMember).to.equal(false);
        }
    });

    it("should make changes wait where a network wants that", async () => {
        const delays = {adminSeconds: 3 * 86_400, riskSeconds: 2 * 86_400};
        const waiting = readParameters({...local, delays});
        const deployment = await deployBallast(connection, {parameters: waiting});
        expect(await wrongWires(deployment, waiting)).to.deep.equal([]);
        expect(await wrongWires(deployment)).to.deep.equal(["delay of OWNER", "delay of ADMIN", "delay of RISK"]);
        const {risk, guardian} = deployment.actors;
        const {clearinghouse, manager} = ballastAt(deployment, await ethers.getSigner(risk));
        await expect(clearinghouse.unpauseOpening()).to.be.revertedWithCustomError(
            manager,
            "AccessManagerNotScheduled",
        );
        await ballastAt(deployment, await ethers.getSigner(guardian)).clearinghouse.pauseOpening();
        expect(await clearinghouse.openingPaused()).to.equal(true);
    });

    const breaks: readonly (readonly [string, (context: Context) => Promise<unknown>, readonly string[]])[] = [
        [
            "another liquidator in the vault",
            ({admin, deployment: {contracts: all}}) =>
                admin.vault.setCore(all.riskEngine, all.clearinghouse, all.priceOracle, all.backstop),
            ["vault.core.liquidator"],
        ],
        [
            "a feed that reads from elsewhere",
            async ({admin, deployment}) => {
                const feed = parameters.oracle.feeds[0]!;
                const config = {...feedGuards(feed), aggregator: deployment.feeds["2"]!};
                return admin.priceOracle.setFeed(1, config as Parameters<typeof admin.priceOracle.setFeed>[1]);
            },
            ["feed 1.aggregator"],
        ],
        [
            "a parameter that the file does not say",
            ({risk}) => risk.riskSteward.setFees({linearE18: 1n, optionE18: 0n, optionCapE18: 0n}),
            ["clearinghouse.fees.linearE18", "clearinghouse.fees.optionE18", "clearinghouse.fees.optionCapE18"],
        ],
        [
            "a pause that the guardian may not call",
            ({admin, deployment: {contracts}}) => {
                const {selector} = admin.clearinghouse.interface.getFunction("pauseOpening");
                return admin.manager.setTargetFunctionRole(contracts.clearinghouse, [selector], ROLES.ADMIN);
            },
            ["role of clearinghouse.pauseOpening"],
        ],
        [
            "somebody else with a role",
            ({admin, deployment}) => admin.manager.grantRole(ROLES.RISK, deployment.contracts.liquidator, 0),
            ["members of RISK"],
        ],
        [
            "a deployer who kept the keys",
            ({admin, deployment}) => admin.manager.grantRole(ROLES.OWNER, deployment.actors.deployer, 0),
            ["OWNER held by the deployer", "members of OWNER"],
        ],
        [
            "nobody to cancel what is scheduled",
            ({admin}) => admin.manager.setRoleGuardian(ROLES.ADMIN, ROLES.OWNER),
            ["guardian of ADMIN"],
        ],
        [
            "a contract that is closed",
            ({admin, deployment}) => admin.manager.setTargetClosed(deployment.contracts.backstop, true),
            ["backstop closed"],
        ],
        [
            "a surface that one signer can publish",
            ({admin}) => admin.surfaceOracle.setThreshold(1),
            ["surfaceOracle.threshold"],
        ],
        [
            "a signer of surfaces whom nobody named",
            ({admin, deployment}) => admin.surfaceOracle.setSigner(deployment.actors.guardian, true),
            ["surfaceOracle.signerCount"],
        ],
        [
            "a role that others than its owner can give away",
            ({admin}) => admin.manager.setRoleAdmin(ROLES.RISK, ROLES.GUARDIAN),
            ["admin of RISK"],
        ],
        ["a driver that is held", ({guardian}) => guardian.volatilityDriver.pause(2), ["volatilityDriver.paused ETH"]],
        ["a feed that is paused", ({guardian}) => guardian.priceOracle.pauseFeed(2), ["feed 2.paused"]],
    ];

    for (const [title, act, wires] of breaks) {
        it(`should notice ${title}`, async () => {
            const context = await networkHelpers.loadFixture(fixture);
            await act(context);
            expect(await wrongWires(context.deployment)).to.deep.equal(wires);
        });
    }

    it("should notice code that is not ours, and none", async () => {
        const {deployment} = await networkHelpers.loadFixture(fixture);
        const {contracts} = deployment;
        const swapped = {...deployment, contracts: {...contracts, surfaceOracle: contracts.liquidator}};
        expect(await wrongWires(swapped)).to.deep.equal(["surfaceOracle.code"]);
        const empty = {...deployment, contracts: {...contracts, surfaceOracle: deployment.actors.admin}};
        expect(await wrongWires(empty)).to.deep.equal(["surfaceOracle.code"]);
    });

    it("should notice a constructor that was given another contract", async () => {
        const {deployment} = await networkHelpers.loadFixture(fixture);
        const other = await deployBallast(connection);
        const {backstop} = other.contracts;
        const mixed = {...deployment, contracts: {...deployment.contracts, backstop}};
        expect(await wrongWires(mixed)).to.include.members(["backstop.constructor", "vault.core.backstop"]);
    });
});

describe("deployment roles", () => {
    it("should give every restricted function of the interfaces to one role", () => {
        for (const contract of MANAGED_CONTRACTS) {
            const name = contract.charAt(0).toUpperCase() + contract.slice(1);
            const source = read(`contracts/interfaces/I${contract === "vault" ? "MarginVault" : name}.sol`);
            const restricted = [...source.matchAll(/@custom:access restricted[^;]*?function (\w+)\(/g)].map(
                ([, found]) => found,
            );
            expect(restricted.sort(), contract).to.deep.equal(Object.keys(RESTRICTED[contract]).sort());
        }
    });

    it("should let nobody do without delay what is not listed as tightening", () => {
        for (const contract of MANAGED_CONTRACTS) {
            for (const [name, role] of Object.entries(RESTRICTED[contract])) {
                expect(role === "GUARDIAN", `${contract}.${name}`).to.equal(effectOf(contract, name) === "tightens");
            }
        }
    });

    /** Anything decodes as zeros; what is called is refused before that matters. */
    const ZEROS = "00".repeat(32 * 48);

    async function errorOf(from: string, to: string, data: string): Promise<string> {
        const {provider} = ethers;
        const errors = new Interface(ACCESS_MANAGER_ABI);
        try {
            await provider.call({from, to, data});
            return "nothing";
        } catch (error) {
            const found = (error as {data?: string}).data ?? "0x";
            return errors.parseError(found)?.name ?? new Interface(UNAUTHORIZED).parseError(found)?.name ?? found;
        }
    }

    it("R22: should make every loosening wait, whoever asks for it", async () => {
        const delays = {adminSeconds: 3 * 86_400, riskSeconds: 2 * 86_400};
        const deployment = await deployBallast(connection, {parameters: readParameters({...local, delays})});
        const {actors, contracts} = deployment;
        for (const contract of MANAGED_CONTRACTS) {
            for (const [name, role] of Object.entries(RESTRICTED[contract])) {
                const call = async (who: string): Promise<string> =>
                    errorOf(who, contracts[contract], `${selectorOf(contract, name)}${ZEROS}`);
                const holder = {ADMIN: actors.admin, RISK: actors.risk}[role as string];
                for (const who of [actors.deployer, actors.admin, actors.risk, actors.guardian]) {
                    if (effectOf(contract, name) === "tightens") continue;
                    const wanted = who === holder ? "AccessManagerNotScheduled" : "AccessManagedUnauthorized";
                    expect(await call(who), `${contract}.${name} by ${who}`).to.equal(wanted);
                }
            }
        }
    });
});

describe("deployment parameters", () => {
    it("should be valid for every network", () => {
        for (const name of NETWORKS) expect(parametersOf(name).network).to.equal(name);
    });

    it("should refuse unknown fields, broken figures and names of nothing", () => {
        const {risk, vault} = local;
        expect(() => readParameters({...local, extra: 1} as typeof local)).to.throw(/extra/);
        expect(() => readParameters({...local, risk: {...risk, initialRatio: "1.5"}})).to.throw(/between 0 and 1/);
        expect(() => readParameters({...local, risk: {...risk, initialRatio: "abc"}})).to.throw(/not a decimal/);
        expect(() => readParameters({...local, risk: {...risk, settlementFeedId: 9}})).to.throw(/feed 9/);
        expect(() => readParameters({...local, settlementToken: "DAI"})).to.throw(/token DAI/);
        const [first, ...rest] = risk.underlyings;
        const wild = {...risk, underlyings: [{...first!, sigmaDay: "0.30"}, ...rest]};
        expect(() => readParameters({...local, risk: wild})).to.throw(/smallest shock of BTC is 0.16, a normal move/);
        const wide = {...risk, underlyings: [{...first!, spread: "0.17"}, ...rest]};
        expect(() => readParameters({...local, risk: wide})).to.throw(/smallest shock of BTC is 0.16, a sale costs/);
        const eager = {...local.driver, most: "2"};
        expect(() => readParameters({...local, driver: eager})).to.throw(
            /range rises a requirement by 2, a tightening by 2/,
        );
        const assets = vault.assets.map((asset) => ({...asset, underlying: 7}));
        expect(() => readParameters({...local, vault: {...vault, assets}})).to.throw(/underlying 7/);
    });
});
