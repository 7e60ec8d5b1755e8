/** What the command line of the keeper's benchmark asks for. */
import {Command} from "commander";
import {z} from "zod";

import {optionsOf, whole} from "../../shared/options.js";
import {RushError} from "./failures.js";

const HELP = `
Opens so many accounts on the real contracts on a chain in this process, lets keepers get to know them, and moves both prices so that some
of them fall short in one update. Blocks come at a steady pace. Measures the time from the update until the first and the last start is
handed to the node, and counts blocks to the starts and to the last account that is short no more. Several keepers share a database.
Processor time is this process's: the node's and the keepers' together.

Exit codes: 0 done, 1 somebody was left short, 2 bad input.`;

const SHAPE = z
    .strictObject({
        accounts: whole(1, 100_000),
        short: whole(1, 100_000),
        inFlight: whole(1, 256),
        blockMs: whole(10, 60_000),
        keepers: whole(1, 8),
        json: z.boolean().default(false),
    })
    .refine(({accounts, short}) => short <= accounts, {path: ["short"], message: "must not be above --accounts"});

export type Options = z.output<typeof SHAPE>;

export const readOptions = (raw: unknown): Options => optionsOf(SHAPE, raw, RushError);

export const buildProgram = (run: (options: Options) => Promise<void>): Command =>
    new Command("bench:keeper")
        .description(
            "Measures how soon a keeper acts, and how many blocks it needs, when many accounts fall short at once",
        )
        .option("--accounts <N>", "accounts in all", "10000")
        .option("--short <N>", "of them short after the update", "200")
        .option("--in-flight <N>", "transactions that a keeper may have on their way at once", "256")
        .option("--block-ms <N>", "time between two blocks, milliseconds", "12000")
        .option("--keepers <N>", "keepers at work", "1")
        .option("--json", "print the figures instead of the table")
        .allowExcessArguments(false)
        .addHelpText("after", HELP)
        .exitOverride()
        .action((raw: unknown) => run(readOptions(raw)));
