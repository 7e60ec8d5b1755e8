/** What can be wrong with the input of the gas sweep: one class, a stable code per condition, and the values. */
import {Failure} from "../../sdk/failures.js";

export type SweepFailureCode = "option-malformed" | "gas-unrecorded";

export class SweepError extends Failure<SweepFailureCode> {
    override readonly name = "SweepError";
}
