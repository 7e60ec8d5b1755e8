import {Failure} from "../../sdk/failures.js";

/** What can keep the kit from being packed. */
export class PackageError extends Failure<"type-errors" | "foreign-import" | "two-deployments"> {
    override readonly name = "PackageError";
}
