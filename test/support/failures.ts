/**
 * Root hooks of a process that runs test files for another: what failed is told as JSON, which knows no bigints, and one in an error
 * would take the results of its whole file with it.
 */
type Failed = {currentTest?: {err?: object}};

function withoutBigints(value: unknown, seen = new Set<unknown>()): unknown {
    if (typeof value === "bigint") return `${value}n`;
    if (typeof value !== "object" || value === null || seen.has(value)) return value;
    seen.add(value);
    for (const [name, one] of Object.entries(value)) {
        const plain = withoutBigints(one, seen);
        if (plain !== one) Object.defineProperty(value, name, {value: plain, enumerable: true});
    }
    return value;
}

export const mochaHooks = {
    afterEach(this: Failed): void {
        withoutBigints(this.currentTest?.err);
    },
};
