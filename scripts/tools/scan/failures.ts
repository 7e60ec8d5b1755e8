/** What can be wrong with the command line of the scan's benchmark. */
import {Failure} from "../../sdk/failures.js";

export type ScanFailureCode = "option-malformed";

export class ScanError extends Failure<ScanFailureCode> {
    override readonly name = "ScanError";
}
