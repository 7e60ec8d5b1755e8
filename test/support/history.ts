/** A chain with events to follow: a few traders whose seeded doings fill blocks, one transaction or so to each. */
import type {FollowOptions} from "../../scripts/store/follow.js";
import type {SourceSettings} from "../../scripts/store/source.js";
import {perp} from "../../scripts/sdk/instruments.js";
import type {Random} from "./bits.js";
import {BTC, DAY, deposit, deployWorld, E18, idOf, now, trade, USD, withdraw} from "./world.js";
import type {Side, World} from "./world.js";
import type {NetworkConnection} from "hardhat/types/network";

export type History = {readonly world: World; readonly sides: readonly Side[]};

const TRADERS = 4;

export async function begin(connection: NetworkConnection): Promise<History> {
    const world = await deployWorld(connection);
    const sides = world.owners.slice(0, TRADERS).map((owner): Side => ({owner}));
    for (const side of sides) await deposit(world, side, "USDC", 200_000n * USD);
    await deposit(world, sides[0]!, "WETH", 20n * E18);
    // One of them owes, so that interest runs.
    await withdraw(world, sides[0]!, "USDC", 215_000n * USD);
    return {world, sides};
}

/** Does some things, each in blocks of its own; ends `blocks` further. */
export async function go({world, sides}: History, random: Random, blocks: number): Promise<void> {
    const {vault, clearinghouse} = world.all;
    const end = (await height(world)) + blocks;
    while ((await height(world)) < end) {
        const side = random.pick(sides);
        const way = random.below(6n);
        // A deposit is three blocks: mint, approve, deposit.
        if (way === 0n && end - (await height(world)) >= 3)
            await deposit(world, side, "USDC", random.between(1n, 500n * USD));
        else if (way <= 1n) await withdraw(world, side, "USDC", random.between(1n, 500n * USD));
        else if (way === 2n) await clearinghouse.connect(side.owner).cancelAll(idOf(side));
        else if (way === 3n) await vault.accrue();
        else if (way === 4n) {
            const operator = random.pick(sides).owner.address;
            await vault
                .connect(side.owner)
                .setOperator(idOf(side), operator, random.below(16n), (await now(world)) + DAY);
        } else {
            const other = random.pick(sides.filter((one) => one !== side));
            const sizeE18 = random.between(-5n, 5n) * (E18 / 100n);
            const leg = {instrument: perp(BTC), sizeE18: sizeE18 === 0n ? E18 / 100n : sizeE18};
            await trade(world, side, other, [{...leg, priceE18: world.spotE18.get(BTC)!}]);
        }
    }
}

export const height = ({connection}: World): Promise<number> => connection.ethers.provider.getBlockNumber();

/** What a source of this chain is; it starts where the deployment did. */
export const sourceOf = ({deployment}: World, shards = 8): SourceSettings => {
    const {vault, clearinghouse, liquidator} = deployment.contracts;
    return {
        chainId: BigInt(deployment.chainId),
        contracts: {vault, clearinghouse, liquidator},
        firstBlock: deployment.block,
        shards,
    };
};

export const followOf = ({connection}: World, changes: Partial<FollowOptions> = {}): FollowOptions => ({
    provider: connection.ethers.provider,
    reorgDepth: 10,
    maxRange: 1_000,
    snapshotEvery: 1_000_000,
    ...changes,
});
