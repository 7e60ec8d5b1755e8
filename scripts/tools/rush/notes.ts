/** What the logs of keepers say of a rush. */
import type {KeeperParts} from "../../keeper/keeper.js";

/** The first and the last of some. */
export type Span = {readonly first: number; readonly last: number};

const spanOf = (figures: readonly number[]): Span => ({first: Math.min(...figures), last: Math.max(...figures)});

type Sent = {readonly action: string; readonly atMs: number; readonly head: number};
type Mined = {readonly action: string; readonly block: number; readonly gas: number};

export class Notes {
    readonly sent: Sent[] = [];
    readonly mined: Mined[] = [];
    failed = 0;
    readonly #head: () => number;

    /** @param head Number of the last block, whenever asked. */
    constructor(head: () => number) {
        this.#head = head;
    }

    /** A log for one keeper; `short` is how many its last round found, `starts` how many auctions it has started. */
    listen(): {readonly log: KeeperParts["log"]; readonly short: () => number; readonly starts: () => number} {
        let short = 0;
        let starts = 0;
        const log: KeeperParts["log"] = (event, fields = {}) => {
            const action = String(fields["action"]);
            if (event === "tick_finished") short = Number(fields["short"]);
            if (event === "action_failed") this.failed += 1;
            if (event === "action_sent") this.sent.push({action, atMs: Date.now(), head: this.#head()});
            if (event === "action_mined") {
                if (action === "start") starts += 1;
                this.mined.push({action, block: Number(fields["block"]), gas: Number(fields["gasUsed"])});
            }
        };
        return {log, short: () => short, starts: () => starts};
    }

    /** Milliseconds from a moment until such actions were handed to the node. */
    sentMs(action: string, fromMs: number): Span {
        return spanOf(this.#sentAs(action).map(({atMs}) => atMs - fromMs));
    }

    /** Blocks that had come since `from` when such actions were handed over. */
    sentAfter(action: string, from: number): Span {
        return spanOf(this.#sentAs(action).map(({head}) => head - from));
    }

    /** Blocks from `from` to the ones with such actions, with any if none is named. */
    minedAfter(from: number, action?: string): Span {
        const meant = this.mined.filter((one) => action === undefined || one.action === action);
        return spanOf(meant.map(({block}) => block - from));
    }

    /** Of all, and of the block with the most. */
    gas(): {readonly all: number; readonly fullestBlock: number} {
        const perBlock = new Map<number, number>();
        for (const {block, gas} of this.mined) perBlock.set(block, (perBlock.get(block) ?? 0) + gas);
        const all = this.mined.reduce((sum, {gas}) => sum + gas, 0);
        return {all, fullestBlock: Math.max(0, ...perBlock.values())};
    }

    #sentAs(meant: string): readonly Sent[] {
        return this.sent.filter(({action}) => action === meant);
    }
}
