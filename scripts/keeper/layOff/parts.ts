/** What laying off is done with. */
import type {SnapshotReader} from "../../chain/snapshot.js";
import type {AccountId} from "../../sdk/ids.js";
import type {Log} from "../../shared/logger.js";
import type {Makers} from "./makers.js";
import type {Band} from "./marks.js";
import type {OffersOptions} from "./offers.js";
import type {QuoteRequest} from "./wire.js";

export type LayOffParts = {
    readonly makers: Makers;
    readonly offering: OffersOptions;
    readonly reader: SnapshotReader;
    readonly log: Log;
    /** The keeper's. */
    readonly account: AccountId;
    readonly names: Pick<QuoteRequest, "chainId" | "clearinghouse">;
    /** Address of the contract that closes out. */
    readonly closeOut: string;
    readonly minProfitE18: bigint;
    /** Part of the gain that may be lost until a closing is in a block, ten thousandths. */
    readonly gainSlackBps: number;
};

export type HedgeParts = Omit<LayOffParts, "closeOut" | "minProfitE18" | "gainSlackBps"> & {readonly band: Band};
