/** Where a deployment lives: the file that deployments write and every program reads. */
import {getAddress, isAddress} from "ethers";
import {z} from "zod";

import {InputError} from "../sdk/failures.js";

const address = z
    .string()
    .refine((text) => isAddress(text), "must be an address")
    .transform((text) => getAddress(text));

export const deploymentSchema = z.strictObject({
    network: z.string(),
    chainId: z.int().positive(),
    /** Block from which events matter. */
    block: z.int().nonnegative(),
    contracts: z.strictObject({
        manager: address,
        vault: address,
        clearinghouse: address,
        riskEngine: address,
        riskModels: address,
        riskGreeks: address,
        riskParameters: address,
        cdfTable: address,
        priceOracle: address,
        surfaceOracle: address,
        liquidator: address,
        backstop: address,
        solvencyGate: address,
        riskSteward: address,
        volatilityDriver: address,
        lastKnownPrices: address,
        lastKnownRisk: address,
        fillPreview: address,
        previewEngine: address,
        previewModels: address,
        previewGreeks: address,
        marginLens: address,
        tradeLens: address,
        closeOut: address,
    }),
    /** By symbol. */
    tokens: z.record(z.string(), z.strictObject({address, decimals: z.int().min(0).max(18)})),
    settlementToken: z.string(),
    /** Chainlink-shaped feeds by number. */
    feeds: z.record(z.string(), address),
    actors: z.strictObject({
        deployer: address,
        admin: address,
        risk: address,
        guardian: address,
        surfaceSigners: z.array(address),
    }),
});

export const CONTRACT_NAMES = deploymentSchema.shape.contracts.keyof().options;

export type Deployment = z.output<typeof deploymentSchema>;
export type ContractName = keyof Deployment["contracts"];

export function parseDeployment(text: string): Deployment {
    return deploymentSchema.parse(JSON.parse(text));
}

export type Token = {readonly symbol: string; readonly address: string; readonly decimals: number};

/** Token by symbol or address, in any case. */
export function tokenOf(deployment: Deployment, nameOrAddress: string): Token {
    const wanted = nameOrAddress.toLowerCase();
    const found = Object.entries(deployment.tokens).find(
        ([symbol, {address: at}]) => symbol.toLowerCase() === wanted || at.toLowerCase() === wanted,
    );
    if (found === undefined) {
        const known = Object.keys(deployment.tokens).join(", ");
        const message = `"${nameOrAddress}" is not a token of this deployment (${known})`;
        throw new InputError("token-unknown", message, {name: nameOrAddress});
    }
    return {symbol: found[0], ...found[1]};
}
