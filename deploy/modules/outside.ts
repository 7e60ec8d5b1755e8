/** What Ballast stands on: the AccessManager, and on a chain of one's own the tokens and feeds that others would bring. */
import {buildModule} from "@nomicfoundation/ignition-core";
import type {
    ContractFuture,
    IgnitionModule,
    NamedArtifactContractDeploymentFuture,
} from "@nomicfoundation/ignition-core";

import type {Parameters} from "../parameters/index.js";

/** A contract of this deployment, or the address of one that exists. */
export type Ref = ContractFuture<string> | string;

export type Manager = NamedArtifactContractDeploymentFuture<"AccessManager">;
/** What the module made, by name. */
export type Given = {readonly manager: Manager} & Readonly<Record<string, ContractFuture<string>>>;
export type Outside = IgnitionModule<"Outside", string, Given>;

const FEED_DECIMALS = 8;

export function outsideModule(parameters: Parameters, deployer: string): Outside {
    return buildModule("Outside", (m) => {
        const contracts: Record<string, ContractFuture<string>> = {};
        for (const [symbol, source] of Object.entries(parameters.tokens)) {
            if (!("mock" in source)) continue;
            contracts[`token${symbol}`] = m.contract("MockToken", [symbol, source.mock.decimals], {
                id: `Token${symbol}`,
            });
        }
        for (const {id, source} of parameters.oracle.feeds) {
            if (!("mock" in source)) continue;
            const args = [FEED_DECIMALS, source.mock.answer];
            contracts[`feed${id}`] = m.contract("MockAggregator", args, {id: `Feed${id}`});
        }
        return {...contracts, manager: m.contract("AccessManager", [deployer])};
    });
}

function known(given: Given, name: string): Ref {
    const found = given[name];
    if (found === undefined) throw new Error(`The deployment has no ${name}`);
    return found;
}

export function tokenOf(given: Given, parameters: Parameters, symbol: string): Ref {
    const source = parameters.tokens[symbol];
    return source !== undefined && "address" in source ? source.address : known(given, `token${symbol}`);
}

export function feedOf(given: Given, {id, source}: Parameters["oracle"]["feeds"][number]): Ref {
    return "address" in source ? source.address : known(given, `feed${id}`);
}
