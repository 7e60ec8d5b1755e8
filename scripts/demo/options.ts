/** What the command line asks for. */
import {parseArgs} from "node:util";

export type Options = {
    readonly prices: string | undefined;
    readonly out: string;
    readonly bars: number | undefined;
    /** Time from which a price file is read. */
    readonly from: string;
    readonly json: boolean;
    readonly help: boolean;
};

export class UsageError extends Error {}

export const HELP = `npm run demo -- [options]

Replays the crash of March 2020, hour by hour, on a chain inside this process: portfolios trade, are margined, called and closed,
and the books are added up at the end. Writes report.html and summary.json.

  --prices FILE   other prices: CSV with the columns asset, time, open, high, low, close (BTC and ETH); only solvency is required then
  --from TIME     start later in that file
  --out DIR       where to write (out/demo)
  --bars N        only the first N bars; only solvency is required then
  --json          print summary.json instead of tables
  --help          this text

Exit codes: 0 done, 1 something was not as promised, 2 bad input.
`;

const OPTIONS = {
    prices: {type: "string"},
    from: {type: "string", default: "0"},
    out: {type: "string", default: "out/demo"},
    bars: {type: "string"},
    json: {type: "boolean", default: false},
    help: {type: "boolean", default: false},
} as const;
const MIN_BARS = 2;

function countOf(text: string | undefined): number | undefined {
    if (text === undefined) return undefined;
    const count = Number(text);
    if (Number.isInteger(count) && count >= MIN_BARS) return count;
    throw new UsageError(`--bars needs a whole number of at least ${MIN_BARS}, not "${text}"`);
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
    const {prices, out, bars, from, json, help} = read(args);
    return {prices, out, bars: countOf(bars), from, json, help};
}
