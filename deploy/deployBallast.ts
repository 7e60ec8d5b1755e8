/** One deployment, whoever asks for it: tests, the demo, the local node, a real network. */
import {Contract} from "ethers";
import type {Addressable} from "ethers";
import type {NetworkConnection} from "hardhat/types/network";

import {TOKEN_ABI} from "../scripts/chain/contracts.js";
import {CONTRACT_NAMES, deploymentSchema} from "../scripts/shared/deployment.js";
import type {Deployment} from "../scripts/shared/deployment.js";
import {coreModule} from "./modules/core.js";
import {outsideModule} from "./modules/outside.js";
import {rolesModule} from "./modules/roles.js";
import type {Actors, Handover} from "./modules/roles.js";
import {wiringModule} from "./modules/wiring.js";
import {parametersOf} from "./parameters/index.js";
import type {Parameters} from "./parameters/index.js";

export type DeployOptions = {
    readonly parameters?: Parameters;
    /** Who pays and gives up control at the end; the first account of the connection if left out. */
    readonly deployer?: string;
    /** Accounts of the connection stand in for those left out: 1 admin, 2 risk, 3 guardian, 4 to 6 surface signers. */
    readonly actors?: Partial<Actors>;
};

const STAND_IN = {admin: 1, risk: 2, guardian: 3, surfaceSigners: [4, 5, 6]} as const;

async function whoIsWho(connection: NetworkConnection, options: DeployOptions): Promise<Deployment["actors"]> {
    const signers = await connection.ethers.getSigners();
    const standIn = (index: number): string => {
        const signer = signers[index];
        if (signer === undefined) throw new Error(`The network has no account ${index} to stand in`);
        return signer.address;
    };
    return {
        deployer: options.deployer ?? standIn(0),
        admin: options.actors?.admin ?? standIn(STAND_IN.admin),
        risk: options.actors?.risk ?? standIn(STAND_IN.risk),
        guardian: options.actors?.guardian ?? standIn(STAND_IN.guardian),
        surfaceSigners: [...(options.actors?.surfaceSigners ?? STAND_IN.surfaceSigners.map(standIn))],
    };
}

export function ballastModule(parameters: Parameters, actors: Deployment["actors"]): Handover {
    const outside = outsideModule(parameters, actors.deployer);
    const core = coreModule(parameters, actors.surfaceSigners, outside);
    const wiring = wiringModule(parameters, outside, core);
    return rolesModule(parameters, actors, {outside, wiring});
}

type Addresses = Readonly<Record<string, string>>;

async function tokensOf(
    connection: NetworkConnection,
    {tokens}: Parameters,
    addresses: Addresses,
): Promise<Deployment["tokens"]> {
    const found = Object.entries(tokens).map(async ([symbol, source]) => {
        const address = "address" in source ? source.address : (addresses[`token${symbol}`] ?? "");
        const token = new Contract(address, TOKEN_ABI, connection.ethers.provider);
        return [symbol, {address, decimals: Number(await token.getFunction("decimals")())}] as const;
    });
    return Object.fromEntries(await Promise.all(found));
}

function feedsOf({oracle}: Parameters, addresses: Addresses): Deployment["feeds"] {
    const found = oracle.feeds.map(
        ({id, source}) => [String(id), "address" in source ? source.address : (addresses[`feed${id}`] ?? "")] as const,
    );
    return Object.fromEntries(found);
}

/** Deploys, wires and hands over; the result is what a deployment file holds. */
export async function deployBallast(connection: NetworkConnection, options: DeployOptions = {}): Promise<Deployment> {
    const parameters = options.parameters ?? parametersOf("local");
    const actors = await whoIsWho(connection, options);
    const {provider} = connection.ethers;
    const block = await provider.getBlockNumber();
    const deployed: Record<string, Addressable> = await connection.ignition.deploy(ballastModule(parameters, actors), {
        defaultSender: actors.deployer,
    });
    const addresses: Addresses = Object.fromEntries(
        await Promise.all(Object.entries(deployed).map(async ([name, one]) => [name, await one.getAddress()] as const)),
    );
    const contracts = Object.fromEntries(CONTRACT_NAMES.map((name) => [name, addresses[name]]));
    return deploymentSchema.parse({
        network: parameters.network,
        chainId: Number((await provider.getNetwork()).chainId),
        block,
        contracts,
        tokens: await tokensOf(connection, parameters, addresses),
        settlementToken: parameters.settlementToken,
        feeds: feedsOf(parameters, addresses),
        actors,
    });
}
