/** What can be wrong with the benchmark's command line: a stable code per condition, and the values. */

export type BenchFailureCode = "option-malformed" | "unknown-name" | "unknown-size" | "page-without-block";

export class BenchError extends Error {
    readonly code: BenchFailureCode;
    readonly details: Readonly<Record<string, string>>;

    constructor(code: BenchFailureCode, message: string, details: Readonly<Record<string, string>> = {}) {
        super(message);
        this.name = "BenchError";
        this.code = code;
        this.details = details;
    }
}
