/**
 * Deploys to a chain behind a URL, hands over, reads every wire back and writes the deployment file:
 * `BALLAST_RPC_URL=… BALLAST_DEPLOYER_KEY=… npm run deploy -- --network NAME --admin A --risk A --guardian A --signers A,B,C --out FILE`.
 */
import {mkdirSync, writeFileSync} from "node:fs";
import {dirname} from "node:path";
import {parseArgs} from "node:util";

import {getAddress} from "ethers";
import {network} from "hardhat";

import {checkDeployment} from "../../deploy/check.js";
import {deployBallast} from "../../deploy/deployBallast.js";
import type {DeployOptions} from "../../deploy/deployBallast.js";
import {NETWORKS, parametersOf} from "../../deploy/parameters/index.js";
import {expectedCode} from "./artifacts.js";

const USAGE = `Deploys Ballast with the parameters of a network: ${NETWORKS.join(", ")}.

  --network NAME    parameters to deploy with
  --admin ADDRESS   changes what the system is made of, under delay
  --risk ADDRESS    changes how much it asks for, under delay
  --guardian ADDR   stops what adds risk, at once
  --signers A,B,C   surface signers
  --out FILE        deployment file to write
  --help            this text

Environment: BALLAST_RPC_URL, BALLAST_DEPLOYER_KEY (pays, and gives up control at the end).
Exit codes: 0 deployed and checked, 1 failed or wrongly wired, 2 wrong input.`;

type Input = {readonly name: (typeof NETWORKS)[number]; readonly out: string; readonly options: DeployOptions};

/** Everything or nothing: a deployment with a stand-in for one actor would be one with somebody else's keys. */
function readInput(): Input | undefined {
    const text = {type: "string"} as const;
    const {values} = parseArgs({
        options: {
            network: text,
            admin: text,
            risk: text,
            guardian: text,
            signers: text,
            out: text,
            help: {type: "boolean", short: "h"},
        },
    });
    const {network: wanted, admin, risk, guardian, signers, out, help} = values;
    if (help === true) return undefined;
    const name = NETWORKS.find((known) => known === wanted);
    if (name === undefined) throw new Error(`--network must be one of ${NETWORKS.join(", ")}`);
    if (admin === undefined || risk === undefined || guardian === undefined || signers === undefined) {
        throw new Error("--admin, --risk, --guardian and --signers must all be given");
    }
    const actors = {
        admin: getAddress(admin),
        risk: getAddress(risk),
        guardian: getAddress(guardian),
        surfaceSigners: signers.split(",").map((one) => getAddress(one)),
    };
    return {name, out: out ?? `out/${name}/deployment.json`, options: {parameters: parametersOf(name), actors}};
}

async function deploy({name, out, options}: Input): Promise<number> {
    const connection = await network.create("remote");
    console.log(`Deploying with the parameters of ${name} ...`);
    const deployment = await deployBallast(connection, options);
    mkdirSync(dirname(out), {recursive: true});
    writeFileSync(out, `${JSON.stringify(deployment, null, 4)}\n`);
    for (const [contract, address] of Object.entries(deployment.contracts)) console.log(`${address}  ${contract}`);
    const {provider} = connection.ethers;
    const faults = await checkDeployment({
        deployment,
        parameters: parametersOf(name),
        provider,
        codeOf: expectedCode,
    });
    for (const {wire, found, wanted} of faults) console.error(`${wire}: ${found}, wanted ${wanted}`);
    console.log(faults.length === 0 ? `Checked; written to ${out}.` : `${faults.length} wrong wires.`);
    return faults.length === 0 ? 0 : 1;
}

async function main(): Promise<number> {
    let input: Input | undefined;
    try {
        input = readInput();
    } catch (error) {
        console.error(error instanceof Error ? error.message : String(error));
        return 2;
    }
    if (input !== undefined) return deploy(input);
    console.log(USAGE);
    return 0;
}

process.exitCode = await main();
