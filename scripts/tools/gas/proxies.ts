/** The local network's parameters with feeds that cost what live ones cost: a proxy in front of an aggregator. */
import {getAddress} from "ethers";
import type {NetworkConnection} from "hardhat/types/network";

import {parametersOf} from "../../../deploy/parameters/index.js";
import type {Parameters} from "../../../deploy/parameters/index.js";

const FEED_DECIMALS = 8;

/** Deploys a proxied feed for each stand-in feed and names it in its place. */
export async function proxiedParameters({ethers}: NetworkConnection): Promise<Parameters> {
    const parameters = parametersOf("local");
    const feeds: Parameters["oracle"]["feeds"] = [];
    for (const feed of parameters.oracle.feeds) {
        if ("address" in feed.source) throw new Error(`Feed ${feed.id} of the local network is no stand-in`);
        const proxy = await ethers.deployContract("ProxyFeed", [FEED_DECIMALS, feed.source.mock.answer]);
        feeds.push({...feed, source: {address: getAddress(await proxy.getAddress())}});
    }
    return {...parameters, oracle: {...parameters.oracle, feeds}};
}
