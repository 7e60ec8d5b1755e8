import type {HardhatEthers} from "@nomicfoundation/hardhat-ethers/types";

import type {IPriceOracle} from "../../../../typechain-types/contracts/interfaces/IPriceOracle.js";
import type {MockAggregator, MockSequencerUptime, PriceOracle} from "../../../../typechain-types/index.js";

export const E8 = 10n ** 8n;
export const E18 = 10n ** 18n;
export const FEED = 1n;
export const MAX_AGE = 3_900n;
export const CONFIRM = 600n;
export const MAX_JUMP = E18 / 5n;
export const MAX_DEVIATION = E18 / 50n;
export const MIN_PRICE = 1_000n * E18;
export const MAX_PRICE = 1_000_000n * E18;
/** First answer of the feed, 8 decimals. */
export const START = 50_000n * E8;

export interface OracleWorld {
    oracle: PriceOracle;
    feed: MockAggregator;
    config: IPriceOracle.FeedConfigStruct;
    confirmSeconds: bigint;
}

/** An oracle whose manager lets the first signer do everything at once, with one feed of 8 decimals at 50,000. */
export async function deployOracle(ethers: HardhatEthers): Promise<OracleWorld> {
    const [admin] = await ethers.getSigners();
    const manager = await ethers.deployContract("AccessManager", [admin!.address]);
    const oracle = await ethers.deployContract("PriceOracle", [await manager.getAddress(), CONFIRM]);
    const feed = await ethers.deployContract("MockAggregator", [8, START]);
    const config: IPriceOracle.FeedConfigStruct = {
        aggregator: await feed.getAddress(),
        second: ethers.ZeroAddress,
        maxAgeSeconds: MAX_AGE,
        maxDeviationE18: 0n,
        maxJumpE18: MAX_JUMP,
        minPriceE18: MIN_PRICE,
        maxPriceE18: MAX_PRICE,
    };
    await oracle.setFeed(FEED, config);
    return {oracle, feed, config, confirmSeconds: CONFIRM};
}

/** Adds a second source that agrees with the first. */
export async function addSecond(ethers: HardhatEthers, world: OracleWorld, decimals = 8): Promise<MockAggregator> {
    const answer = (START / E8) * 10n ** BigInt(decimals);
    const second = await ethers.deployContract("MockAggregator", [decimals, answer]);
    await world.oracle.setFeed(FEED, {
        ...world.config,
        second: await second.getAddress(),
        maxDeviationE18: MAX_DEVIATION,
    });
    return second;
}

/** Puts an uptime feed in front of every price. */
export async function addSequencer(
    ethers: HardhatEthers,
    world: OracleWorld,
    graceSeconds: bigint,
): Promise<MockSequencerUptime> {
    const uptime = await ethers.deployContract("MockSequencerUptime", [1n]);
    await world.oracle.setSequencer(await uptime.getAddress(), graceSeconds);
    return uptime;
}
