/** What can be wrong with a surface before it is sent: one class, a stable code per condition, and the values that say why. */

export type SurfaceFailureCode =
    "market-malformed" | "time" | "discount" | "butterfly" | "forward" | "volatility" | "calendar" | "signers";

export class SurfaceError extends Error {
    readonly code: SurfaceFailureCode;
    readonly details: Readonly<Record<string, string>>;

    constructor(code: SurfaceFailureCode, message: string, details: Readonly<Record<string, string>> = {}) {
        super(message);
        this.name = "SurfaceError";
        this.code = code;
        this.details = details;
    }
}
