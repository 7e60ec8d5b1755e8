/** What can be wrong with a caller's input: one class, a stable code per condition, and the values that say why. */

/** An error with a stable code and the values that say why. Each room names its own. */
export abstract class Failure<Code extends string> extends Error {
    readonly code: Code;
    readonly details: Readonly<Record<string, string>>;

    constructor(code: Code, message: string, details: Readonly<Record<string, string>> = {}) {
        super(message);
        this.code = code;
        this.details = details;
    }
}

export type FailureCode =
    | "number-malformed"
    | "number-too-precise"
    | "number-out-of-range"
    | "account-malformed"
    | "account-unknown"
    | "instrument-malformed"
    | "instrument-unknown-underlying"
    | "instrument-terms"
    | "market-missing"
    | "model-not-for-options"
    | "book-unordered"
    | "book-malformed"
    | "witness-malformed"
    | "quote-malformed"
    | "quote-signature"
    | "figures-malformed"
    | "file-malformed"
    | "token-unknown"
    | "key-missing"
    | "wrong-chain";

export class InputError extends Failure<FailureCode> {
    override readonly name = "InputError";
}
