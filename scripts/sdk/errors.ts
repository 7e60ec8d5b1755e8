/** Custom errors of the contracts in words: name, values, and a sentence with human units. */
import {AbiCoder, ErrorFragment, isHexString} from "ethers";

import {ERRORS} from "./abi/errors/index.js";
import {sentenceOf, show, wordsOf} from "./words.js";

export type DecodedError = {
    readonly name: string;
    /** First four bytes. */
    readonly selector: string;
    /** Values by name, in human units. */
    readonly values: Readonly<Record<string, string>>;
    /** One sentence for people. */
    readonly sentence: string;
};

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

/** Decodes revert data; undefined when it is empty or no error of ours or of the libraries we use. */
export function decodeError(data: string): DecodedError | undefined {
    if (!isHexString(data) || data.length < 10) return undefined;
    const selector = data.slice(0, 10).toLowerCase();
    const entry = ENTRIES.get(selector);
    if (entry === undefined) return undefined;
    const decoded = AbiCoder.defaultAbiCoder().decode(entry.fragment.inputs, `0x${data.slice(10)}`);
    const values: Record<string, string> = {};
    entry.fragment.inputs.forEach(({name}, index) => {
        const shown = show(decoded[index], entry.units[index] ?? "plain");
        values[name === "" ? `value${index}` : name] = name === "code" ? (PANICS[shown] ?? shown) : shown;
    });
    const {name} = entry.fragment;
    const opening = entry.says === "" ? wordsOf(name.replace(/^[A-Za-z]+_/, "")) : entry.says;
    return {name, selector, values, sentence: sentenceOf(opening, values)};
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
