/** What the command line of the scan's benchmark asks for. */
import {Command} from "commander";
import {z} from "zod";

import {optionsOf, whole} from "../../shared/options.js";
import {ScanError} from "./failures.js";

const HELP = `
Accounts hold 1 to 32 positions out of some 1,000 listed instruments. One update moves both prices by -3 %; the time is the processor's,
from its arrival to the ordered list of short accounts, with the code already warm.

Exit codes: 0 done, 1 some short account was missed, 2 bad input.`;

const SHAPE = z.strictObject({
    accounts: whole(1, 1_000_000),
    seed: whole(0, 2 ** 32 - 1),
    verify: whole(0, 1_000_000),
    json: z.boolean().default(false),
});

export type Options = z.output<typeof SHAPE>;

export const readOptions = (raw: unknown): Options => optionsOf(SHAPE, raw, ScanError);

export const buildProgram = (run: (options: Options) => void): Command =>
    new Command("bench:scan")
        .description("Measures how fast the short ones among many accounts are found after a price update")
        .option("--accounts <N>", "accounts of the largest run", "100000")
        .option("--seed <N>", "of the accounts", "1")
        .option("--verify <N>", "accounts of the largest run that the exact twin is asked about one by one", "20000")
        .option("--json", "print the figures of the largest run instead of the table")
        .allowExcessArguments(false)
        .addHelpText("after", HELP)
        .exitOverride()
        .action((raw: unknown) => run(readOptions(raw)));
