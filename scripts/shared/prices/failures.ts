/** What can be wrong with a table of prices: one class, a stable code per condition, and the values that say why. */
import {Failure} from "../../sdk/failures.js";

export type PriceFileCode =
    | "file-unreadable"
    | "column-missing"
    | "asset-unknown"
    | "time-malformed"
    | "price-malformed"
    | "bar-inconsistent"
    | "bar-conflict"
    | "bars-too-few";

export class PriceFileError extends Failure<PriceFileCode> {
    override readonly name = "PriceFileError";
}
