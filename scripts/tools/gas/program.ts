/** What the command line of the benchmark asks for. */
import {Command} from "commander";
import {z} from "zod";

import {optionsOf} from "../../shared/options.js";
import {SIZES} from "./books.js";
import type {Size} from "./books.js";
import {BenchError} from "./failures.js";
import {NAMES, parseName} from "./measure.js";

const HELP = `
Every figure is a transaction of its own on the deployed contracts, every account and slot cold. assess, witness and acceptEarly count
execution alone; withdraw, fill2, start and take count the whole transaction with its 21,000 and its calldata.

Exit codes: 0 done, 2 bad input.`;

/** A size of the benchmark, \`positions,expiries,underlyings\`; what is left out is one. */
export function parseSize(text: string): Size {
    const [positions, expiries = 1, underlyings = 1, ...rest] = text.split(",").map(Number);
    const size = SIZES.find(
        (one) => one.positions === positions && one.expiries === expiries && one.underlyings === underlyings,
    );
    if (size !== undefined && rest.length === 0) return size;
    const known = SIZES.map((one) => `${one.positions},${one.expiries},${one.underlyings}`);
    throw new BenchError("unknown-size", `"${text}" is none of ${known.join(" ")}`, {size: text});
}

/** Stands for the standard output where a file is named. */
export const STDOUT = "-";

const SHAPE = z.strictObject({
    quick: z.boolean().default(false),
    json: z.union([z.string(), z.literal(true).transform(() => STDOUT)]).optional(),
    docs: z.boolean().default(false),
    where: z.string().transform(parseSize).optional(),
    of: z.string().transform(parseName),
});

export type Options = z.output<typeof SHAPE>;

export function readOptions(raw: unknown): Options {
    const options = optionsOf(SHAPE, raw, BenchError);
    if (options.docs && options.quick) {
        throw new BenchError("option-malformed", "--docs needs every size, --quick has a few");
    }
    return options;
}

export const buildProgram = (run: (options: Options) => Promise<void>): Command =>
    new Command("bench:gas")
        .description("Measures what the deployed contracts cost by the size of a book, beside the nearest peer")
        .option("--quick", "a few sizes only")
        .option(
            "--json [FILE]",
            "write the figures as a list; the standard output instead of the table if no file is named",
        )
        .option("--docs", "write the figures into docs/gas.md, docs/gas.svg and README.md")
        .option("--where <SIZE>", "where the gas of one transaction goes, for a book such as 64,4,1")
        .option("--of <NAME>", `which transaction --where is about: ${NAMES.join(", ")}`, "assess")
        .allowExcessArguments(false)
        .addHelpText("after", HELP)
        .exitOverride()
        .action((raw: unknown) => run(readOptions(raw)));
