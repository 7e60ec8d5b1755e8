/**
 * Reads a deployment back and fails on any wrong wire:
 * `node scripts/run.mjs scripts/tools/check-deployment.ts --rpc URL --deployment FILE --network NAME`.
 */
import {readFileSync} from "node:fs";

import {JsonRpcProvider} from "ethers";

import {checkDeployment} from "../../deploy/check.js";
import {NETWORKS, parametersOf} from "../../deploy/parameters/index.js";
import {parseDeployment} from "../shared/deployment.js";
import {expectedCode} from "./artifacts.js";
import {readArguments, runTool, UsageError} from "./usage.js";

const HELP = `npm run deploy:check -- [options]

Reads a deployment back from the chain and names every wrong wire.

  --rpc URL           node (http://127.0.0.1:8545)
  --deployment FILE   deployment file (out/local/deployment.json)
  --network NAME      parameters that it must have: ${NETWORKS.join(", ")} (local)
  --help              this text

Exit codes: 0 every wire is right, 1 some is not, or failed, 2 bad input.`;
const OPTIONS = {
    rpc: {type: "string", default: "http://127.0.0.1:8545"},
    deployment: {type: "string", default: "out/local/deployment.json"},
    network: {type: "string", default: "local"},
} as const;

async function main(args: readonly string[]): Promise<number> {
    const {values} = readArguments(args, OPTIONS);
    const network = NETWORKS.find((name) => name === values.network);
    if (network === undefined) throw new UsageError(`Unknown network ${values.network}; known: ${NETWORKS.join(", ")}`);
    const deployment = parseDeployment(readFileSync(values.deployment, "utf8"));
    const provider = new JsonRpcProvider(values.rpc, undefined, {cacheTimeout: -1});
    const chainId = Number((await provider.getNetwork()).chainId);
    if (chainId !== deployment.chainId)
        throw new Error(`The chain is ${chainId}, the file is for ${deployment.chainId}`);
    const parameters = parametersOf(network);
    const faults = await checkDeployment({deployment, parameters, provider, codeOf: expectedCode});
    for (const {wire, found, wanted} of faults) console.error(`${wire}: ${found}, wanted ${wanted}`);
    console.log(faults.length === 0 ? "Every wire is as the files say." : `${faults.length} wrong wires.`);
    provider.destroy();
    return faults.length === 0 ? 0 : 1;
}

if (process.argv[1] === import.meta.filename) process.exitCode = await runTool(process.argv.slice(2), HELP, main);
