/** Blocks at a steady pace, and how much time and processor passes. */
import type {World} from "../../demo/world.js";

/** Blocks every so often until stopped. A node that is busy answering mines late, so the pace that was kept is told. */
export type Pace = {
    /** Number of the last block. */
    readonly head: () => number;
    /** @returns the longest time between two blocks, milliseconds. */
    readonly stop: () => Promise<number>;
};

export async function startPace({connection}: World, blockMs: number): Promise<Pace> {
    const {provider} = connection;
    await provider.request({method: "evm_setAutomine", params: [false]});
    let head = Number(await provider.request({method: "eth_blockNumber", params: []}));
    let lastMs = Date.now();
    let longestMs = 0;
    let mining: Promise<unknown> = Promise.resolve();
    const mine = async (): Promise<void> => {
        await provider.request({method: "evm_mine", params: []});
        head += 1;
        longestMs = Math.max(longestMs, Date.now() - lastMs);
        lastMs = Date.now();
    };
    const timer = setInterval(() => {
        mining = mining.then(mine);
    }, blockMs);
    return {
        head: () => head,
        stop: async () => {
            clearInterval(timer);
            await mining;
            await provider.request({method: "evm_setAutomine", params: [true]});
            return longestMs;
        },
    };
}

/** Seconds on the clock, and of all processors. */
export type Spent = {readonly clock: number; readonly processor: number};

const MS = 1_000;
const MICROSECONDS = 1_000_000;

/** Starts a watch; each call tells what has passed since. */
export function watch(): () => Spent {
    const startedMs = performance.now();
    const before = process.cpuUsage();
    return () => {
        const {user, system} = process.cpuUsage(before);
        return {clock: (performance.now() - startedMs) / MS, processor: (user + system) / MICROSECONDS};
    };
}
