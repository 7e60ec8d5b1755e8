/** What the command line of the local node asks for. */
import {parseArgs} from "node:util";

export type Options = {
    readonly port: number;
    /** Seconds between two prices. */
    readonly priceSeconds: number;
    readonly out: string;
    readonly verbose: boolean;
    readonly help: boolean;
};

export class UsageError extends Error {
    readonly code = "usage";
}

export const HELP = `npm start -- [options]

A local chain with Ballast deployed on it, prices and surfaces that move, and a keeper. Addresses are printed and written to a file.

  --port N          port on 127.0.0.1 (8545)
  --prices SECONDS  seconds between two prices (15)
  --out DIR         where deployment.json and the keeper's files go (out/local)
  --verbose         log what the services do
  --help            this text

Exit codes: 0 stopped by a signal, 1 failed, 2 bad input.
`;

const OPTIONS = {
    port: {type: "string", default: "8545"},
    prices: {type: "string", default: "15"},
    out: {type: "string", default: "out/local"},
    verbose: {type: "boolean", default: false},
    help: {type: "boolean", default: false},
} as const;

const MAX_PORT = 65_535;
const DAY = 86_400;

function whole(name: string, text: string, least: number, most: number): number {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    throw new UsageError(`--${name} needs a whole number from ${least} to ${most}, not "${text}"`);
}

function read(
    args: readonly string[],
): ReturnType<typeof parseArgs<{args: string[]; options: typeof OPTIONS}>>["values"] {
    try {
        return parseArgs({args: [...args], options: OPTIONS}).values;
    } catch (error) {
        if (!(error instanceof TypeError)) throw error;
        throw new UsageError(`${error.message} (--help lists what there is)`);
    }
}

export function parseOptions(args: readonly string[]): Options {
    const {port, prices, out, verbose, help} = read(args);
    return {port: whole("port", port, 0, MAX_PORT), priceSeconds: whole("prices", prices, 1, DAY), out, verbose, help};
}
