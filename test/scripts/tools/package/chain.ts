/** A local chain over HTTP with everything deployed, prices, and two people with money: what the examples run against. */
import {JsonRpcProvider} from "ethers";
import type {HDNodeWallet} from "ethers";
import {network} from "hardhat";

import {deployBallast} from "../../../../deploy/deployBallast.js";
import {walletsOf} from "../../../../scripts/node/local.js";
import {listen} from "../../../../scripts/node/server.js";
import {feedOnce, firstPrices, mint, publishSurfaces} from "../../../../scripts/node/services.js";
import type {Deployment} from "../../../../scripts/shared/deployment.js";

export type LocalChain = {
    readonly url: string;
    readonly deployment: Deployment;
    readonly alice: HDNodeWallet;
    readonly bob: HDNodeWallet;
    readonly close: () => Promise<void>;
};

export async function openLocalChain(): Promise<LocalChain> {
    const connection = await network.create();
    const deployment = await deployBallast(connection);
    const server = await listen(connection.provider, 0);
    const provider = new JsonRpcProvider(server.url, undefined, {cacheTimeout: -1, staticNetwork: true});
    provider.pollingInterval = 20;
    const skip = async (seconds: number): Promise<void> => {
        await provider.send("evm_increaseTime", [seconds]);
        await provider.send("evm_mine", []);
    };
    const chain = {deployment, provider, log: () => undefined, skip};
    const signers = await connection.ethers.getSigners();
    const prices = firstPrices();
    const publishers = signers.filter(({address}) => deployment.actors.surfaceSigners.includes(address));
    await feedOnce(chain, signers[0]!, prices);
    await publishSurfaces(chain, publishers, prices);
    const [alice, bob] = [walletsOf(20)[10]!, walletsOf(20)[11]!];
    for (const {address} of [alice, bob]) await mint(chain, signers[0]!, address, {USDC: "300000"});
    const close = async (): Promise<void> => {
        provider.destroy();
        await server.close();
        await connection.close();
    };
    return {url: server.url, deployment, alice, bob, close};
}
