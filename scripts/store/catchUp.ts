/** Following as programs do it: every step is logged, and a reorganisation beyond the kept depth ends nobody's day. */
import type {Log} from "../shared/logger.js";
import {StoreError} from "./errors.js";
import {followToHead, recover, type FollowOptions} from "./follow.js";
import type {Source} from "./source.js";
import type {Store} from "./store.js";

/** Follows to the head; a reorganisation beyond the kept depth is answered from a snapshot. @returns the next block. */
export async function catchUp(store: Store, source: Source, options: FollowOptions, log: Log): Promise<number> {
    const follow = (): Promise<number> =>
        followToHead(store, source, options, ({outcome, nextBlock, events, unwoundTo}) => {
            if (unwoundTo !== undefined) log("chain_reorganised", {fromBlock: unwoundTo});
            if (outcome !== "idle") log("blocks_followed", {outcome, nextBlock, events});
        });
    try {
        return await follow();
    } catch (error) {
        if (!(error instanceof StoreError) || error.code !== "reorg-too-deep") throw error;
        const nextBlock = await recover(store, source, options);
        log("chain_reorganised_deeply", {...error.details, nextBlock});
        return follow();
    }
}
