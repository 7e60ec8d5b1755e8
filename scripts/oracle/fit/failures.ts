/** Why an expiry has no smile; the values say what was found. */
import {Failure} from "../../sdk/failures.js";

export type FitFailureCode =
    /** A quote that cannot stand: bid above ask. */
    | "fit-crossed"
    /** A price that no volatility gives. */
    | "fit-price"
    /** No forward, or two that differ. */
    | "fit-forward"
    | "fit-discount"
    /** Fewer strikes with both bid and ask than a smile needs. */
    | "fit-few"
    /** The best smile misses the quotes. */
    | "fit-poor"
    /** The best smile has a negative density between the quoted strikes. */
    | "fit-butterfly"
    /** A figure that a report cannot hold, or a rule of the oracle. */
    | "fit-bounds"
    /** Less variance than an earlier expiry. */
    | "fit-calendar";

export class FitError extends Failure<FitFailureCode> {
    override readonly name = "FitError";
}
