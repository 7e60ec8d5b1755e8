/** What can be wrong with the input of the closing simulator: one class, a stable code per condition, and the values. */
import {Failure} from "../../sdk/failures.js";

export type ClosingFailureCode = "option-malformed" | "no-scenarios";

export class ClosingError extends Failure<ClosingFailureCode> {
    override readonly name = "ClosingError";
}
