/**
 * Reads a deployment back and fails on any wrong wire:
 * `node scripts/run.mjs scripts/tools/check-deployment.ts --rpc URL --deployment FILE --network NAME`.
 */
import {readFileSync} from "node:fs";
import {parseArgs} from "node:util";

import {JsonRpcProvider} from "ethers";

import {checkDeployment} from "../../deploy/check.js";
import {NETWORKS, parametersOf} from "../../deploy/parameters/index.js";
import {parseDeployment} from "../shared/deployment.js";
import {expectedCode} from "./artifacts.js";

async function main(): Promise<void> {
    const {values} = parseArgs({
        options: {
            rpc: {type: "string", default: "http://127.0.0.1:8545"},
            deployment: {type: "string", default: "out/local/deployment.json"},
            network: {type: "string", default: "local"},
        },
    });
    const network = NETWORKS.find((name) => name === values.network);
    if (network === undefined) throw new Error(`Unknown network ${values.network}; known: ${NETWORKS.join(", ")}`);
    const deployment = parseDeployment(readFileSync(values.deployment, "utf8"));
    const provider = new JsonRpcProvider(values.rpc, undefined, {cacheTimeout: -1});
    const chainId = Number((await provider.getNetwork()).chainId);
    if (chainId !== deployment.chainId)
        throw new Error(`The chain is ${chainId}, the file is for ${deployment.chainId}`);
    const parameters = parametersOf(network);
    const faults = await checkDeployment({deployment, parameters, provider, codeOf: expectedCode});
    for (const {wire, found, wanted} of faults) console.error(`${wire}: ${found}, wanted ${wanted}`);
    console.log(faults.length === 0 ? "Every wire is as the files say." : `${faults.length} wrong wires.`);
    process.exitCode = faults.length === 0 ? 0 : 1;
    provider.destroy();
}

if (process.argv[1] === import.meta.filename) await main();
