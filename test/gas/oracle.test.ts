import {network} from "hardhat";

import {deployOracle, addSecond, addSequencer, FEED} from "../unit/oracle/PriceOracle/fixture.js";
import {BTC, DAY, deploySurfaces, E18, flatSurface, publish, START} from "../unit/oracle/SurfaceOracle/fixture.js";
import {GAS_CHAIN, recordGas} from "./recordGas.js";

const {ethers, networkHelpers} = await network.create(GAS_CHAIN);

/** Gas of a view, without the base cost of a transaction and its calldata. */
const ofView = async (estimate: Promise<bigint>): Promise<bigint> => (await estimate) - 21_000n;

describe("gas: oracles", () => {
    it("should record prices", async () => {
        const world = await deployOracle(ethers);
        recordGas("oracle: price, one source", await ofView(world.oracle.price.estimateGas(FEED)));
        recordGas("oracle: poke, nothing new", await world.oracle.poke.estimateGas(FEED));
        await addSecond(ethers, world);
        await addSequencer(ethers, world, 60n);
        recordGas("oracle: price, two sources and sequencer", await ofView(world.oracle.price.estimateGas(FEED)));
    });

    it("should record the publication of surfaces", async () => {
        const world = await deploySurfaces(ethers, networkHelpers);
        const reports = (publishedAt: number, count: number) =>
            Array.from({length: count}, (_, index) => {
                const expiry = START + (index + 1) * 7 * DAY;
                return {underlying: BTC, expiry, surface: flatSurface(expiry, publishedAt, E18 / 2n)};
            });
        for (const [label, publishedAt, count] of [
            ["oracle: publish 8 new surfaces, 2 signatures each", START, 8],
            ["oracle: publish 1 surface again, 2 signatures", START + 60, 1],
            ["oracle: publish 8 surfaces again, 2 signatures each", START + 120, 8],
        ] as const) {
            await networkHelpers.time.setNextBlockTimestamp(publishedAt + 30);
            const sent = await publish(ethers, world, reports(publishedAt, count));
            recordGas(label, (await sent.wait())!.gasUsed);
        }
    });
});
