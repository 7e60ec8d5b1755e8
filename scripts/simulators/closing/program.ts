/** What the command line of the closing simulator asks for. */
import {Command} from "commander";
import {z} from "zod";

import {optionsOf, whole} from "../../shared/options.js";
import {ClosingError} from "./failures.js";

const HELP = `
Books are drawn by seed, opened near their limits on a calm day, and closed after a crash in four orders. docs/closing.md says what the
orders are, what closing costs, and what to read from the figures.

Exit codes: 0 done, 2 bad input.`;

/** Stands for the standard output where a file is named. */
export const STDOUT = "-";

export const DEFAULTS = {scenarios: "48", seed: "1", lots: "20", volSpread: "100"} as const;

const SHAPE = z.strictObject({
    scenarios: whole(1, 10_000),
    seed: whole(0, 2 ** 32 - 2),
    lots: whole(1, 1000),
    volSpread: whole(0, 5000),
    each: z.boolean().default(false),
    json: z.union([z.string(), z.literal(true).transform(() => STDOUT)]).optional(),
});

export type Options = z.output<typeof SHAPE>;

export const readOptions = (raw: unknown): Options => optionsOf(SHAPE, raw, ClosingError);

export const buildProgram = (run: (options: Options) => void): Command =>
    new Command("closing")
        .description("Closes short books pro rata and leg by leg, and compares what that costs and leaves")
        .option("--scenarios <N>", "books that fall short", DEFAULTS.scenarios)
        .option("--seed <N>", "of books and moves", DEFAULTS.seed)
        .option("--lots <N>", "lots that a leg is divided into", DEFAULTS.lots)
        .option(
            "--vol-spread <BPS>",
            "half the spread of an option, hundredths of a point of volatility",
            DEFAULTS.volSpread,
        )
        .option("--each", "print every scenario as well")
        .option("--json [FILE]", "write the figures; the standard output instead of the tables if no file is named")
        .allowExcessArguments(false)
        .addHelpText("after", HELP)
        .exitOverride()
        .action((raw: unknown) => run(readOptions(raw)));
