/** Values of errors and events in words: every generated list says, value by value, which unit it is in. */
import {decodeBytes32String} from "ethers";

import {formatDuration, formatTime} from "./format.js";
import {formatAccount, parseAccount} from "./ids.js";
import {describeInstrument} from "./instruments.js";
import {formatFixed} from "./units.js";

/** How a value reads: a unit, or the units of the fields of a struct. */
export type Units = string | readonly Units[];

const DECIMALS: Readonly<Record<string, number>> = {E8: 8, E18: 18, E27: 27};

/** bytes32 that holds text; the hex itself when it does not. */
function textOf(value: string): string {
    return /(?:00)+$/.test(value) ? decodeBytes32String(value) : value;
}

function showNumber(value: bigint, unit: string): string {
    const decimals = DECIMALS[unit];
    if (decimals !== undefined) return formatFixed(value, decimals);
    switch (unit) {
        case "instrument":
            return describeInstrument(value);
        case "time":
            return value === 0n ? "never" : formatTime(value);
        case "duration":
            return formatDuration(value);
        default:
            return value.toString();
    }
}

/** A value in human units: numbers by their unit, lists in brackets, structs field by field. */
export function show(value: unknown, unit: Units): string {
    if (Array.isArray(value)) return `[${value.map((item) => show(item, unit)).join(", ")}]`;
    if (typeof unit !== "string") {
        const fields = Object.entries(value as Readonly<Record<string, unknown>>);
        return `{${fields.map(([name, field], index) => `${labelOf(name)} ${show(field, unit[index] ?? "plain")}`).join(", ")}}`;
    }
    if (unit === "account") return formatAccount(parseAccount(String(value)));
    if (unit === "text") return textOf(String(value));
    return typeof value === "bigint" ? showNumber(value, unit) : String(value);
}

/** `equityE18` → `equity`, `maxAgeSeconds` → `max age`. */
export function labelOf(name: string): string {
    const bare = name.replace(/_$/, "").replace(/(E8|E18|E27|Native|Seconds|Wei)$/, "");
    return bare.replace(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

/** `opening: equity 5, initial 7.`, with a capital in front. */
export function sentenceOf(opening: string, values: Readonly<Record<string, string>>): string {
    const listed = Object.entries(values).map(([name, value]) => `${labelOf(name)} ${value}`);
    const tail = listed.length > 0 ? `: ${listed.join(", ")}` : "";
    return `${opening.charAt(0).toUpperCase()}${opening.slice(1)}${tail}.`;
}

/** `PositionChanged` → `position changed`. */
export const wordsOf = (name: string): string => name.replace(/(?<=[a-z])[A-Z]/g, " $&").toLowerCase();
