/** What can be wrong with a table of prices: one class, a stable code per condition, and the values that say why. */

export type PriceFileCode =
    | "file-unreadable"
    | "column-missing"
    | "asset-unknown"
    | "time-malformed"
    | "price-malformed"
    | "bar-inconsistent"
    | "bar-conflict"
    | "bars-too-few";

export class PriceFileError extends Error {
    readonly code: PriceFileCode;
    readonly details: Readonly<Record<string, string>>;

    constructor(code: PriceFileCode, message: string, details: Readonly<Record<string, string>> = {}) {
        super(message);
        this.name = "PriceFileError";
        this.code = code;
        this.details = details;
    }
}
