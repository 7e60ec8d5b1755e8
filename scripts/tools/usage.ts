/** Command lines of the tools: what each takes, `--help` with exit code 0, and exit code 2 with a reason for anything else. */
import {parseArgs} from "node:util";
import type {ParseArgsConfig} from "node:util";

export const EXIT_INPUT = 2;

/** A command line that a tool does not understand; the message names what is wrong with it. */
export class UsageError extends Error {
    readonly code = "usage";
    override readonly name = "UsageError";
}

type Flags = NonNullable<ParseArgsConfig["options"]>;
type Values<T extends Flags> = ReturnType<typeof parseArgs<{args: string[]; options: T}>>["values"];

export const NO_FLAGS = {} as const satisfies Flags;

/** Flags and words of a command line; `most` says how many words there may be. @throws UsageError */
export function readArguments<const T extends Flags>(
    args: readonly string[],
    options: T,
    most = 0,
): {readonly values: Values<T>; readonly words: readonly string[]} {
    try {
        const {values, positionals} = parseArgs({args: [...args], options, allowPositionals: true});
        const [extra] = positionals.slice(most);
        if (extra !== undefined) throw new UsageError(`Unexpected argument "${extra}" (--help lists what there is)`);
        return {values, words: positionals};
    } catch (error) {
        if (!(error instanceof TypeError)) throw error;
        // Node goes on with advice that is about words, not about flags.
        const [reason = ""] = error.message.split(". To specify");
        throw new UsageError(`${reason} (--help lists what there is)`);
    }
}

/** A whole number above zero. @throws UsageError that names it */
export function countOf(name: string, text: string): number {
    const value = Number(text);
    if (/^\d+$/.test(text) && Number.isSafeInteger(value) && value > 0) return value;
    throw new UsageError(`${name} needs a whole number above zero, not "${text}"`);
}

/** Prints the help if it is asked for, else runs the tool. @returns the exit code */
export async function runTool(
    args: readonly string[],
    help: string,
    run: (args: readonly string[]) => number | Promise<number>,
): Promise<number> {
    if (args.includes("--help") || args.includes("-h")) {
        console.log(help);
        return 0;
    }
    try {
        return await run(args);
    } catch (error) {
        if (!(error instanceof UsageError)) throw error;
        console.error(error.message);
        return EXIT_INPUT;
    }
}
