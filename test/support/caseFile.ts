/** A case as a file: JSON in which a bigint is `{"int": "12"}` and a map `{"map": [[key, value], ...]}`. */
import {readFileSync} from "node:fs";

import {writeAtomically} from "../../scripts/shared/files.js";
import type {Difference} from "./comparison.js";

const SPACES = 1;

function plain(_: string, value: unknown): unknown {
    if (typeof value === "bigint") return {int: String(value)};
    return value instanceof Map ? {map: [...(value as ReadonlyMap<unknown, unknown>)]} : value;
}

function revived(_: string, value: unknown): unknown {
    if (typeof value !== "object" || value === null) return value;
    if ("int" in value && typeof value.int === "string") return BigInt(value.int);
    return "map" in value && Array.isArray(value.map) ? new Map(value.map as [unknown, unknown][]) : value;
}

export const writeCase = (file: string, difference: Difference): void =>
    writeAtomically(file, `${JSON.stringify(difference, plain, SPACES)}\n`);

export function readCase(file: string): Difference {
    const found: unknown = JSON.parse(readFileSync(file, "utf8"), revived);
    if (typeof found !== "object" || found === null || !("world" in found) || !("case" in found)) {
        throw new Error(`${file} holds no world and case`);
    }
    return found as Difference;
}
