/** What can be wrong with the command line or the pages of the models: a stable code per condition, and the values. */
import {Failure} from "../../sdk/failures.js";

export type ModelsFailureCode = "option-malformed" | "page-without-block" | "no-asset" | "no-periods";

export class ModelsError extends Failure<ModelsFailureCode> {
    override readonly name = "ModelsError";
}
