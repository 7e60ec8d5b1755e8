/** What can be wrong with the command line: one class, a stable code per condition, and the values. */
import {Failure} from "../../sdk/failures.js";

export class ManipulationError extends Failure<"option-malformed"> {
    override readonly name = "ManipulationError";
}
