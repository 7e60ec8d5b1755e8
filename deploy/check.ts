/**
 * Reads a deployment back and lists every wrong wire: code that is not ours, addresses that do not fit together, roles and
 * delays that differ from the table, parameters that differ from the file.
 */
import type {ContractRunner, Provider} from "ethers";

import {ballastAt} from "../scripts/chain/contracts.js";
import type {BallastContracts} from "../scripts/chain/contracts.js";
import {tableCode} from "../scripts/sdk/math/index.js";
import {CONTRACT_NAMES} from "../scripts/shared/deployment.js";
import type {ContractName, Deployment} from "../scripts/shared/deployment.js";
import type {Parameters} from "./parameters/index.js";
import {MANAGED_CONTRACTS, RESTRICTED, ROLES, selectorOf} from "./roles.js";
import type {Role} from "./roles.js";
import * as structs from "./structs.js";

export type Fault = {
    /** What was looked at, for example `vault.core.backstop`. */
    readonly wire: string;
    readonly found: string;
    readonly wanted: string;
};

/** Code that a contract should have, apart from the values that its constructor fixed. */
export type CodeOf = (contract: string) => ExpectedCode;
export type ExpectedCode = {
    readonly bytecode: string;
    /** Where the constructor's values stand, in bytes. */
    readonly immutables: readonly {readonly start: number; readonly length: number}[];
};

export type Subject = {
    readonly deployment: Deployment;
    readonly parameters: Parameters;
    readonly provider: Provider & ContractRunner;
    readonly codeOf: CodeOf;
};

const show = (value: unknown): string =>
    Array.isArray(value) ? `[${value.map(show).join(", ")}]` : String(value).toLowerCase();

class Findings {
    readonly faults: Fault[] = [];

    equal(wire: string, found: unknown, wanted: unknown): void {
        if (show(found) !== show(wanted)) this.faults.push({wire, found: show(found), wanted: show(wanted)});
    }

    struct(wire: string, found: object, wanted: structs.Struct): void {
        for (const [key, value] of Object.entries(wanted)) {
            this.equal(`${wire}.${key}`, found[key as keyof typeof found], value);
        }
    }
}

/** Artifact of each contract, and the addresses that its constructor must have fixed. */
const BUILT: Readonly<Record<ContractName, {readonly artifact: string; readonly fixes: readonly string[]}>> = {
    manager: {artifact: "AccessManager", fixes: []},
    vault: {artifact: "MarginVault", fixes: ["settlementToken"]},
    clearinghouse: {artifact: "Clearinghouse", fixes: ["vault"]},
    riskEngine: {artifact: "RiskEngine", fixes: ["vault", "clearinghouse", "riskParameters", "cdfTable", "riskModels"]},
    riskModels: {artifact: "RiskModels", fixes: ["vault", "clearinghouse", "riskParameters", "cdfTable", "riskGreeks"]},
    riskGreeks: {artifact: "RiskGreeks", fixes: ["vault", "clearinghouse", "riskParameters", "cdfTable"]},
    cdfTable: {artifact: "CdfTable", fixes: []},
    riskParameters: {artifact: "RiskParameters", fixes: []},
    priceOracle: {artifact: "PriceOracle", fixes: []},
    surfaceOracle: {artifact: "SurfaceOracle", fixes: []},
    liquidator: {artifact: "Liquidator", fixes: ["vault", "clearinghouse", "backstop", "priceOracle"]},
    backstop: {artifact: "Backstop", fixes: ["vault", "settlementToken"]},
    solvencyGate: {artifact: "SolvencyGate", fixes: ["vault", "clearinghouse", "riskParameters"]},
    riskSteward: {artifact: "RiskSteward", fixes: ["vault", "clearinghouse", "riskParameters"]},
    volatilityDriver: {artifact: "VolatilityDriver", fixes: ["riskParameters", "riskSteward"]},
    lastKnownPrices: {artifact: "LastKnownPrices", fixes: ["riskParameters"]},
    lastKnownRisk: {
        artifact: "LastKnownRisk",
        fixes: ["vault", "clearinghouse", "riskParameters", "cdfTable", "riskGreeks", "lastKnownPrices"],
    },
    fillPreview: {artifact: "FillPreview", fixes: ["vault", "clearinghouse"]},
    previewEngine: {
        artifact: "RiskEngine",
        fixes: ["vault", "fillPreview", "riskParameters", "cdfTable", "previewModels"],
    },
    previewModels: {
        artifact: "RiskModels",
        fixes: ["vault", "fillPreview", "riskParameters", "cdfTable", "previewGreeks"],
    },
    previewGreeks: {artifact: "RiskGreeks", fixes: ["vault", "fillPreview", "riskParameters", "cdfTable"]},
    marginLens: {artifact: "MarginLens", fixes: ["vault", "previewEngine"]},
    tradeLens: {artifact: "TradeLens", fixes: ["vault", "previewEngine"]},
    closeOut: {artifact: "CloseOut", fixes: ["vault", "clearinghouse", "liquidator"]},
};

function namedAddresses({contracts, tokens, settlementToken}: Deployment): Map<string, string> {
    const named = new Map(Object.entries(contracts).map(([name, address]) => [address.toLowerCase(), name]));
    named.set(tokens[settlementToken]?.address.toLowerCase() ?? "", "settlementToken");
    return named;
}

/** Later than any; what has been set last counts for it. */
const LAST_EXPIRY = 2n ** 40n - 1n;
const BYTE = 2;
const WORD = 32;
const ADDRESS = 20;

/** Compares code byte for byte outside the constructor's values, and those values with the addresses they must be. */
async function checkCode(findings: Findings, {deployment, provider, codeOf}: Subject): Promise<void> {
    const named = namedAddresses(deployment);
    for (const name of CONTRACT_NAMES) {
        const {artifact, fixes} = BUILT[name];
        const {bytecode, immutables} = codeOf(artifact);
        const code = await provider.getCode(deployment.contracts[name]);
        if (name === "cdfTable") {
            findings.equal(`${name}.code`, code === tableCode() ? "ours" : "other code", "ours");
            continue;
        }
        let blanked = code;
        const fixed: string[] = [];
        for (const {start, length} of immutables) {
            const at = BYTE + start * BYTE;
            const value = code.slice(at, at + length * BYTE);
            blanked = `${blanked.slice(0, at)}${"0".repeat(value.length)}${blanked.slice(at + value.length)}`;
            const address = length === WORD ? named.get(`0x${value.slice((WORD - ADDRESS) * BYTE)}`) : undefined;
            if (address !== undefined && address !== name && !fixed.includes(address)) fixed.push(address);
        }
        const verdict = code === "0x" ? "no code" : blanked === bytecode ? "ours" : "other code";
        findings.equal(`${name}.code`, verdict, "ours");
        if (verdict === "ours") findings.equal(`${name}.constructor`, fixed.sort(), [...fixes].sort());
    }
}

async function checkWires(findings: Findings, {deployment}: Subject, ballast: BallastContracts): Promise<void> {
    const {contracts, tokens, settlementToken} = deployment;
    for (const name of MANAGED_CONTRACTS) {
        findings.equal(`${name}.authority`, await ballast[name].authority(), contracts.manager);
    }
    const core = await ballast.vault.core();
    for (const name of ["riskEngine", "clearinghouse", "liquidator", "backstop"] as const) {
        findings.equal(`vault.core.${name}`, core[name], contracts[name]);
    }
    findings.equal("vault.settlementToken", await ballast.vault.settlementToken(), tokens[settlementToken]?.address);
    findings.equal("backstop.asset", await ballast.backstop.asset(), tokens[settlementToken]?.address);
    const oracles = await ballast.riskParameters.oracles();
    findings.equal("riskParameters.priceOracle", oracles.priceOracle, contracts.priceOracle);
    findings.equal("riskParameters.surfaceOracle", oracles.surfaceOracle, contracts.surfaceOracle);
    findings.equal("clearinghouse.priceOracle", await ballast.clearinghouse.priceOracle(), contracts.priceOracle);
    findings.equal("clearinghouse.lastKnownRisk", await ballast.clearinghouse.lastKnownRisk(), contracts.lastKnownRisk);
}

async function checkRoles(findings: Findings, subject: Subject, {manager}: BallastContracts): Promise<void> {
    const {contracts, actors} = subject.deployment;
    for (const contract of MANAGED_CONTRACTS) {
        const target = contracts[contract];
        for (const [name, role] of Object.entries(RESTRICTED[contract])) {
            const found = await manager.getTargetFunctionRole(target, selectorOf(contract, name));
            findings.equal(`role of ${contract}.${name}`, found, ROLES[role]);
        }
        findings.equal(`${contract} closed`, await manager.isTargetClosed(target), false);
    }
    const {adminSeconds, riskSeconds} = subject.parameters.delays;
    const holders: readonly (readonly [Role, string, number])[] = [
        ["OWNER", actors.admin, adminSeconds],
        ["ADMIN", actors.admin, adminSeconds],
        ["RISK", actors.risk, riskSeconds],
        ["GUARDIAN", actors.guardian, 0],
        ["GATE", contracts.solvencyGate, 0],
        ["STEWARD", contracts.riskSteward, 0],
        ["DRIVER", contracts.volatilityDriver, 0],
    ];
    for (const [role, holder, delay] of holders) {
        const [isMember, executionDelay] = await manager.hasRole(ROLES[role], holder);
        findings.equal(`${role} held by ${holder}`, isMember, true);
        findings.equal(`delay of ${role}`, executionDelay, delay);
        const [deployerIs] = await manager.hasRole(ROLES[role], actors.deployer);
        findings.equal(`${role} held by the deployer`, deployerIs, holder === actors.deployer);
        findings.equal(`members of ${role}`, await membersOf(manager, ROLES[role]), [holder]);
    }
    for (const role of ["ADMIN", "RISK", "GUARDIAN", "GATE", "STEWARD", "DRIVER"] as const) {
        findings.equal(`admin of ${role}`, await manager.getRoleAdmin(ROLES[role]), ROLES.OWNER);
    }
    for (const role of ["ADMIN", "RISK"] as const) {
        findings.equal(`guardian of ${role}`, await manager.getRoleGuardian(ROLES[role]), ROLES.GUARDIAN);
    }
}

/** Everyone who ever got a role and still has it, from the manager's events. */
async function membersOf(manager: BallastContracts["manager"], role: bigint): Promise<string[]> {
    const granted = await manager.queryFilter(manager.filters.RoleGranted(role));
    const ever = [...new Set(granted.map(({args}) => args.account))];
    const still = await Promise.all(ever.map(async (account) => (await manager.hasRole(role, account)).isMember));
    return ever.filter((_, index) => still[index]);
}

async function checkOracles(findings: Findings, subject: Subject, ballast: BallastContracts): Promise<void> {
    const {priceOracle, surfaceOracle} = ballast;
    const {oracle, surfaces} = subject.parameters;
    for (const feed of oracle.feeds) {
        const found = await priceOracle.feed(feed.id);
        const aggregator = subject.deployment.feeds[String(feed.id)] ?? structs.NO_ADDRESS;
        findings.struct(`feed ${feed.id}`, found, {aggregator, ...structs.feedGuards(feed)});
        findings.equal(`feed ${feed.id}.paused`, await priceOracle.feedPaused(feed.id), false);
    }
    findings.equal("priceOracle.confirmSeconds", await priceOracle.confirmSeconds(), oracle.confirmSeconds);
    const window = await priceOracle.settlementWindow(LAST_EXPIRY);
    findings.equal("priceOracle.settlementWindow", window, oracle.settlementWindowSeconds);
    const sequencer = await priceOracle.sequencer();
    const {feed, graceSeconds} = oracle.sequencer;
    findings.equal("sequencer.feed", sequencer.uptimeFeed, feed === "none" ? structs.NO_ADDRESS : feed.address);
    findings.equal("sequencer.grace", sequencer.graceSeconds, graceSeconds);
    for (const signer of subject.deployment.actors.surfaceSigners) {
        findings.equal(`surface signer ${signer}`, await surfaceOracle.isSigner(signer), true);
    }
    const {length} = subject.deployment.actors.surfaceSigners;
    findings.equal("surfaceOracle.signerCount", await surfaceOracle.signerCount(), length);
    findings.equal("surfaceOracle.threshold", await surfaceOracle.threshold(), surfaces.threshold);
    findings.struct("surfaceOracle.bounds", await surfaceOracle.bounds(), structs.surfaceBounds(subject.parameters));
}

async function checkVault(
    findings: Findings,
    {deployment, parameters}: Subject,
    {vault, riskParameters}: BallastContracts,
): Promise<void> {
    findings.struct("vault.rateCurve", await vault.rateCurve(), structs.rateCurve(parameters));
    findings.equal("vault.settlementCap", await vault.settlementCapE18(), parameters.vault.settlementCap);
    findings.equal("vault.assetCount", await vault.assetCount(), parameters.vault.assets.length);
    findings.equal("vault.borrowingPaused", await vault.borrowingPaused(), false);
    for (const [assetId, asset] of parameters.vault.assets.entries()) {
        const token = deployment.tokens[asset.token];
        const wanted = {
            token: token?.address ?? structs.NO_ADDRESS,
            decimals: token?.decimals ?? 0,
            depositsOpen: true,
            capE18: asset.cap,
        };
        findings.struct(`asset ${asset.token}`, await vault.asset(assetId), wanted);
        findings.struct(
            `risk of ${asset.token}`,
            await riskParameters.assetParams(assetId),
            structs.assetParams(asset),
        );
    }
}

async function checkRisk(findings: Findings, {parameters}: Subject, ballast: BallastContracts): Promise<void> {
    const {riskParameters, clearinghouse} = ballast;
    findings.struct("riskParameters.global", await riskParameters.globalParams(), structs.globalParams(parameters));
    for (const {id, blend} of parameters.risk.groups) {
        findings.equal(`group ${id}`, await riskParameters.groupBlendE18(id), blend);
    }
    const wanted = parameters.risk.underlyings.map(({id}) => id);
    findings.equal("riskParameters.underlyings", [...(await riskParameters.underlyings())], wanted);
    for (const underlying of parameters.risk.underlyings) {
        const {id, name} = underlying;
        const found = await riskParameters.underlyingParams(id);
        findings.struct(`risk of ${name}`, found, structs.underlyingParams(underlying));
        const scenarios = await riskParameters.scenarios(id);
        const grid = structs.grid(underlying);
        findings.equal(`grid of ${name}.length`, scenarios.length, grid.length);
        grid.forEach((one, index) => findings.struct(`grid of ${name}.${index}`, scenarios[index] ?? {}, one));
        findings.struct(`listing of ${name}`, await clearinghouse.listing(id), structs.listing(underlying));
    }
    findings.struct("clearinghouse.fees", await clearinghouse.fees(), structs.fees(parameters));
    findings.struct("clearinghouse.funding", await clearinghouse.fundingParams(), structs.fundingParams(parameters));
    findings.equal("clearinghouse.openingPaused", await clearinghouse.openingPaused(), false);
    findings.equal("clearinghouse.priceBand", await clearinghouse.priceBandE18(), parameters.clearing.priceBand);
}

async function checkGate(
    findings: Findings,
    {parameters}: Subject,
    {solvencyGate, riskSteward, volatilityDriver, vault}: BallastContracts,
): Promise<void> {
    findings.struct("solvencyGate.times", await solvencyGate.times(), structs.gateTimes(parameters));
    for (const [signal, wanted] of structs.gateThresholds(parameters).entries()) {
        findings.struct(`solvencyGate.thresholds ${signal}`, await solvencyGate.thresholds(signal), wanted);
    }
    findings.equal("solvencyGate.level", (await solvencyGate.state()).level, 0);
    findings.struct("riskSteward.rules", await riskSteward.rules(), structs.stewardRules(parameters));
    findings.struct("volatilityDriver.rules", await volatilityDriver.rules(), structs.driverRules(parameters));
    for (const {id, name} of parameters.risk.underlyings) {
        const {paused} = await volatilityDriver.noticeOf(id);
        findings.equal(`volatilityDriver.paused ${name}`, paused, false);
    }
    findings.equal("vault.halted", await vault.halted(), false);
}

async function checkLiquidation(
    findings: Findings,
    {parameters, provider, codeOf}: Subject,
    ballast: BallastContracts,
): Promise<void> {
    const {liquidator, backstop} = ballast;
    findings.struct("liquidator.curve", await liquidator.curve(), structs.auctionCurve(parameters));
    findings.struct("liquidator.keeperPay", await liquidator.keeperPay(), structs.keeperPay(parameters));
    const dataFee = await liquidator.dataFee();
    const wantedFee = parameters.liquidation.dataFee;
    if (wantedFee === "none") findings.equal("liquidator.dataFee.source", dataFee.source, structs.NO_ADDRESS);
    else {
        const {chain, startBytes, takeBytes} = wantedFee;
        findings.struct("liquidator.dataFee", dataFee, {startBytes, takeBytes});
        const isOurs = (await provider.getCode(dataFee.source)) === codeOf(`${chain}DataFee`).bytecode;
        findings.equal("liquidator.dataFee.source", isOurs ? "ours" : "other code", "ours");
    }
    const {cooldownSeconds, windowSeconds, lossBudgets} = parameters.backstop;
    findings.struct("backstop.cooldown", await backstop.cooldown(), {cooldownSeconds, windowSeconds});
    for (const {underlying, limit, windowSeconds: lossWindow} of lossBudgets) {
        const {budget} = await backstop.lossBudget(underlying);
        const wanted = {limitE18: limit, windowSeconds: lossWindow};
        findings.struct(`backstop.lossBudget ${underlying}`, budget, wanted);
    }
}

/** All faults; none means that every wire is as the files say. */
export async function checkDeployment(subject: Subject): Promise<readonly Fault[]> {
    const findings = new Findings();
    await checkCode(findings, subject);
    // Code that is not ours cannot be asked anything.
    if (findings.faults.some(({wire}) => wire.endsWith(".code"))) return findings.faults;
    const ballast = ballastAt(subject.deployment, subject.provider);
    await checkWires(findings, subject, ballast);
    await checkRoles(findings, subject, ballast);
    await checkOracles(findings, subject, ballast);
    await checkVault(findings, subject, ballast);
    await checkRisk(findings, subject, ballast);
    await checkLiquidation(findings, subject, ballast);
    await checkGate(findings, subject, ballast);
    return findings.faults;
}
