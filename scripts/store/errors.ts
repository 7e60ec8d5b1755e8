/** Failures of the store, each with a stable code and the values that it is about. */

export type StoreFailureCode =
    | "database-url-invalid"
    | "schema-newer"
    | "source-differs"
    | "reorg-too-deep"
    | "block-not-followed"
    | "chain-wrong";

export class StoreError extends Error {
    readonly code: StoreFailureCode;
    readonly details: Readonly<Record<string, unknown>>;

    constructor(code: StoreFailureCode, message: string, details: Readonly<Record<string, unknown>> = {}) {
        super(message);
        this.name = "StoreError";
        this.code = code;
        this.details = details;
    }
}
