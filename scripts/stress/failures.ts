/** What can be wrong with a stress run's input beyond its files: one class, a stable code per condition, and the values. */
import {Failure} from "../sdk/failures.js";

export type StressFailureCode = "option-malformed" | "no-bars" | "unknown-window";

export class StressError extends Failure<StressFailureCode> {
    override readonly name = "StressError";
}
