/** Custom errors of the contracts in words: name, values, and a sentence with human units. */
import {AbiCoder, ErrorFragment, decodeBytes32String, isHexString} from "ethers";

import {ERRORS} from "./abi/errors/index.js";
import {formatDuration, formatTime} from "./format.js";
import {formatAccount, parseAccount} from "./ids.js";
import {describeInstrument} from "./instruments.js";
import {formatFixed} from "./units.js";

export type DecodedError = {
    readonly name: string;
    /** First four bytes. */
    readonly selector: string;
    /** Values by name, in human units. */
    readonly values: Readonly<Record<string, string>>;
    /** One sentence for people. */
    readonly sentence: string;
};

type Unit = "account" | "instrument" | "text" | "E8" | "E18" | "E27" | "time" | "duration" | "plain";
type Entry = {readonly fragment: ErrorFragment; readonly units: readonly string[]; readonly says: string};

const BUILT_IN = [
    {fragment: "error Error(string message)", units: ["plain"], says: "the call was refused"},
    {fragment: "error Panic(uint256 code)", units: ["plain"], says: "the contract stopped on an internal fault"},
] as const;

const ENTRIES: ReadonlyMap<string, Entry> = new Map(
    [...BUILT_IN, ...ERRORS].map(({fragment, units, says}) => {
        const parsed = ErrorFragment.from(fragment);
        return [parsed.selector, {fragment: parsed, units, says}];
    }),
);

/** Every error the decoder knows, for documentation and tests. */
export const knownErrors = (): readonly {readonly selector: string; readonly name: string; readonly says: string}[] =>
    [...ENTRIES].map(([selector, {fragment, says}]) => ({selector, name: fragment.name, says}));

const PANICS: Readonly<Record<string, string>> = {
    "1": "an assertion failed (1)",
    "17": "arithmetic overflow (17)",
    "18": "division by zero (18)",
    "33": "a value outside its enumeration (33)",
    "50": "an index outside its array (50)",
};

/** bytes32 that holds text; the hex itself when it does not. */
function textOf(value: string): string {
    return /(?:00)+$/.test(value) ? decodeBytes32String(value) : value;
}

function show(value: unknown, unit: Unit): string {
    if (unit === "account") return formatAccount(parseAccount(String(value)));
    if (unit === "text") return textOf(String(value));
    if (typeof value !== "bigint") return String(value);
    switch (unit) {
        case "instrument":
            return describeInstrument(value);
        case "E8":
            return formatFixed(value, 8);
        case "E18":
            return formatFixed(value, 18);
        case "E27":
            return formatFixed(value, 27);
        case "time":
            return value === 0n ? "never" : formatTime(value);
        case "duration":
            return formatDuration(value);
        case "plain":
            return value.toString();
    }
}

const UNITS: readonly string[] = ["account", "instrument", "text", "E8", "E18", "E27", "time", "duration", "plain"];
const isUnit = (text: string | undefined): text is Unit => text !== undefined && UNITS.includes(text);

/** `equityE18` → `equity`, `maxAgeSeconds` → `max age`. */
function labelOf(name: string): string {
    const bare = name.replace(/_$/, "").replace(/(E8|E18|E27|Native|Seconds|Wei)$/, "");
    return bare.replace(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

function sentenceOf({fragment, says}: Entry, values: Readonly<Record<string, string>>): string {
    const words = fragment.name.replace(/^[A-Za-z]+_/, "").replace(/(?<=[a-z])[A-Z]/g, " $&");
    const opening = says === "" ? words.toLowerCase() : says;
    const listed = Object.entries(values).map(([name, value]) => `${labelOf(name)} ${value}`);
    const tail = listed.length > 0 ? `: ${listed.join(", ")}` : "";
    return `${opening.charAt(0).toUpperCase()}${opening.slice(1)}${tail}.`;
}

/** Decodes revert data; undefined when it is empty or no error of ours or of the libraries we use. */
export function decodeError(data: string): DecodedError | undefined {
    if (!isHexString(data) || data.length < 10) return undefined;
    const selector = data.slice(0, 10).toLowerCase();
    const entry = ENTRIES.get(selector);
    if (entry === undefined) return undefined;
    const decoded = AbiCoder.defaultAbiCoder().decode(entry.fragment.inputs, `0x${data.slice(10)}`);
    const values: Record<string, string> = {};
    entry.fragment.inputs.forEach(({name}, index) => {
        const unit = entry.units[index];
        const shown = show(decoded[index], isUnit(unit) ? unit : "plain");
        values[name === "" ? `value${index}` : name] = name === "code" ? (PANICS[shown] ?? shown) : shown;
    });
    return {name: entry.fragment.name, selector, values, sentence: sentenceOf(entry, values)};
}

/** Finds revert data inside whatever a provider throws: ethers, JSON-RPC nodes and Hardhat nest it differently. */
export function revertData(error: unknown, depth = 0): string | undefined {
    if (depth > 6 || typeof error !== "object" || error === null) return undefined;
    if ("data" in error && typeof error.data === "string" && /^0x([0-9a-f]{8})/i.test(error.data)) return error.data;
    const inner = ["data", "error", "info", "cause", "revert"] as const;
    for (const key of inner) {
        const found = key in error ? revertData(error[key as keyof typeof error], depth + 1) : undefined;
        if (found !== undefined) return found;
    }
    return undefined;
}

/** The custom error inside a thrown value, if there is one. */
export function explainError(error: unknown): DecodedError | undefined {
    const data = revertData(error);
    return data === undefined ? undefined : decodeError(data);
}
