/** How long fault tests run, and what they found. */

/** A whole number from the environment. */
export function setting(name: string, otherwise: number): bigint {
    return BigInt(process.env[name] ?? otherwise);
}

/** Prints figures where `BALLAST_FAULT_FIGURES` asks for them. */
export function tell(name: string, figures: Readonly<Record<string, unknown>>): void {
    if (process.env["BALLAST_FAULT_FIGURES"] === undefined) return;
    const plain = (_: string, value: unknown): unknown => {
        if (value instanceof Map) return Object.fromEntries(value);
        return typeof value === "bigint" ? value.toString() : value;
    };
    process.stdout.write(`${name} ${JSON.stringify(figures, plain)}\n`);
}
