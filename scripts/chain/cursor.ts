/** Follows the logs of a few contracts by polling; notices when blocks it has seen are gone and reads them again. */
import type {Log, Provider} from "ethers";

export type SeenBlock = {readonly number: number; readonly hash: string};

/** Where to go on: serialisable, so that a program can stop and start anywhere. */
export type CursorState = {
    readonly nextBlock: number;
    /** Ends of the last reads, oldest first. */
    readonly seen: readonly SeenBlock[];
};

export type CursorOptions = {
    readonly provider: Pick<Provider, "getBlock" | "getBlockNumber" | "getLogs">;
    readonly addresses: readonly string[];
    /** Blocks that may be replaced by others. */
    readonly reorgDepth: number;
    /** Most blocks in one request. */
    readonly maxRange: number;
};

export type CursorStep = {
    readonly state: CursorState;
    readonly logs: readonly Log[];
    readonly head: number;
    /** First block that was read again because its chain was replaced. */
    readonly rewoundTo: number | undefined;
};

/** One step: at most `maxRange` blocks. Logs of replaced blocks come again; whoever uses them has to bear repetition. */
export async function stepCursor(state: CursorState, options: CursorOptions): Promise<CursorStep> {
    const {provider, addresses, maxRange, reorgDepth} = options;
    const {nextBlock, seen} = await rewind(state, options);
    const rewoundTo = nextBlock < state.nextBlock ? nextBlock : undefined;
    const head = await provider.getBlockNumber();
    if (nextBlock > head) return {state: {nextBlock, seen}, logs: [], head, rewoundTo};

    const toBlock = Math.min(head, nextBlock + maxRange - 1);
    const before = await provider.getBlock(toBlock);
    const logs = await provider.getLogs({address: [...addresses], fromBlock: nextBlock, toBlock});
    const end = await provider.getBlock(toBlock);
    // Blocks were replaced in between, or the chain became shorter: nothing of this is certain.
    if (typeof end?.hash !== "string" || end.hash !== before?.hash) {
        return {state: {nextBlock, seen}, logs: [], head, rewoundTo};
    }
    const recent = [...seen, {number: toBlock, hash: end.hash}].filter(({number}) => number > toBlock - reorgDepth);
    return {state: {nextBlock: toBlock + 1, seen: recent}, logs, head, rewoundTo};
}

/** Goes back to the last end whose hash still stands; without one, by the whole depth. */
async function rewind(state: CursorState, {provider, reorgDepth}: CursorOptions): Promise<CursorState> {
    const stands = async ({number, hash}: SeenBlock): Promise<boolean> =>
        (await provider.getBlock(number))?.hash === hash;
    for (let count = state.seen.length; count > 0; --count) {
        const block = state.seen[count - 1];
        if (block !== undefined && (await stands(block))) {
            return {nextBlock: block.number + 1, seen: state.seen.slice(0, count)};
        }
    }
    if (state.seen.length === 0) return state;
    return {nextBlock: Math.max(0, state.nextBlock - reorgDepth), seen: []};
}
