/** What can be wrong with the benchmark's command line: a stable code per condition, and the values. */
import {Failure} from "../../sdk/failures.js";

export type BenchFailureCode = "option-malformed" | "unknown-name" | "unknown-size" | "page-without-block";

export class BenchError extends Failure<BenchFailureCode> {
    override readonly name = "BenchError";
}
