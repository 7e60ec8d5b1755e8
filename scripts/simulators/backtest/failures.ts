/** What can be wrong with a backtest's input beyond its files: one class, a stable code per condition, and the values. */

export type BacktestFailureCode = "option-malformed" | "file-malformed" | "no-asset" | "no-periods";

export class BacktestError extends Error {
    readonly code: BacktestFailureCode;
    readonly details: Readonly<Record<string, string>>;

    constructor(code: BacktestFailureCode, message: string, details: Readonly<Record<string, string>> = {}) {
        super(message);
        this.name = "BacktestError";
        this.code = code;
        this.details = details;
    }
}
