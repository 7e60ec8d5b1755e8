import {Failure} from "../../sdk/failures.js";

/** What can be wrong with a question to the benchmark of the keeper. */
export class RushError extends Failure<"option-malformed"> {
    override readonly name = "RushError";
}
