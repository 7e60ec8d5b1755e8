/** What can be wrong with a backtest's input beyond its files: one class, a stable code per condition, and the values. */
import {Failure} from "../../sdk/failures.js";

export type BacktestFailureCode = "option-malformed" | "file-malformed" | "no-asset" | "no-periods";

export class BacktestError extends Failure<BacktestFailureCode> {
    override readonly name = "BacktestError";
}
