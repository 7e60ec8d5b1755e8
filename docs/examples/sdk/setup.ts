import {readFileSync} from "node:fs";

import {connect, deploymentOf, readDeployment} from "@ballast/sdk/client";
import type {Ballast, Deployment} from "@ballast/sdk/client";
import {JsonRpcProvider, Wallet} from "ethers";

export const provider = new JsonRpcProvider(process.env["RPC_URL"], undefined, {cacheTimeout: -1});
provider.pollingInterval = 100;

/** From a file, or by the name of a network that the package was built with. */
export function deployment(): Deployment {
    const file = process.env["DEPLOYMENT"];
    return file === undefined ? deploymentOf("local") : readDeployment(readFileSync(file, "utf8"));
}

export const walletOf = (who: "ALICE" | "BOB"): Wallet => new Wallet(process.env[`${who}_KEY`] ?? "", provider);

export const clientOf = (who: "ALICE" | "BOB"): Promise<Ballast> => connect(deployment(), walletOf(who));
