/** Two ways of laying off what auctions sell: with the take itself, and afterwards out of the keeper's own account. */
import type {Provider} from "ethers";

import type {SnapshotReader} from "../../chain/snapshot.js";
import type {Log} from "../../shared/logger.js";
import type {KeeperConfig} from "../config.js";
import type {Candidate, Closing, Market} from "../strategy.js";
import {planClosings} from "./closings.js";
import {planHedge} from "./hedge.js";
import type {Hedge} from "./hedge.js";
import {createMakers} from "./makers.js";

export type LayOff = {
    /** Slices of these accounts that makers' quotes close at once. */
    readonly closings: (short: readonly Candidate[], market: Market) => Promise<readonly Closing[]>;
    /** Fills that bring the keeper's own account closer to flat. */
    readonly hedge: (market: Market) => Promise<Hedge | undefined>;
};

export type LayOffOptions = {
    readonly config: KeeperConfig;
    readonly provider: Provider;
    readonly reader: SnapshotReader;
    readonly from: string;
    readonly log: Log;
};

export function createLayOff({config, provider, reader, from, log}: LayOffOptions): LayOff {
    const {chainId, account, contracts, hedge} = config;
    const {clearinghouse, closeOut} = contracts;
    const offering = {provider, chainId, clearinghouse, account, from, leastSeconds: config.leastQuoteSeconds, log};
    const makers = createMakers({
        urls: config.makers,
        quotesFile: config.quotesFile,
        timeoutMs: config.makerTimeoutMs,
        log,
    });
    const parts = {makers, offering, reader, log, account, names: {chainId: Number(chainId), clearinghouse}};
    const {minProfit: minProfitE18, gainSlackBps} = config;
    return {
        closings: async (short, market) =>
            closeOut === undefined ? [] : planClosings(short, market, {...parts, closeOut, minProfitE18, gainSlackBps}),
        hedge: async (market) => (hedge === undefined ? undefined : planHedge(market, {...parts, band: hedge})),
    };
}
