/** What can be wrong with a surface before it is sent: one class, a stable code per condition, and the values that say why. */
import {Failure} from "../sdk/failures.js";

export type SurfaceFailureCode =
    | "market-malformed"
    | "market-silent"
    | "nothing-fitted"
    | "time"
    | "discount"
    | "butterfly"
    | "forward"
    | "volatility"
    | "calendar"
    | "signers";

export class SurfaceError extends Failure<SurfaceFailureCode> {
    override readonly name = "SurfaceError";
}
