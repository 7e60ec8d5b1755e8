/** What the command line of the models asks for. */
import {Command} from "commander";
import {z} from "zod";

import {optionsOf} from "../../shared/options.js";
import {ModelsError} from "./failures.js";

const HELP = `
Requirements are those of books opened on one calm day; losses are those of the same books opened at every start of the crash windows
of \`npm run backtest\`. docs/models.md says how books are built and what to read from the figures.

Exit codes: 0 done, 1 with --check if a file differs, 2 bad input.`;

/** Stands for the standard output where a file is named. */
export const STDOUT = "-";

const SHAPE = z.strictObject({
    json: z.union([z.string(), z.literal(true).transform(() => STDOUT)]).optional(),
    docs: z.boolean().default(false),
    check: z.boolean().default(false),
});

export type Options = z.output<typeof SHAPE>;

export function readOptions(raw: unknown): Options {
    const options = optionsOf(SHAPE, raw, ModelsError);
    if (!options.docs || !options.check) return options;
    const details = {option: "--check", other: "--docs"};
    throw new ModelsError("option-malformed", "--check compares the files that --docs writes; not both", details);
}

export const buildProgram = (run: (options: Options) => void): Command =>
    new Command("models")
        .description("Compares what the margin models ask of books that people hold")
        .option(
            "--json [FILE]",
            "write the figures as a list; the standard output instead of the tables if no file is named",
        )
        .option("--docs", "write the figures into docs/models.md, docs/models.json and docs/models.svg")
        .option("--check", "compare those files with a new computation")
        .allowExcessArguments(false)
        .addHelpText("after", HELP)
        .exitOverride()
        .action((raw: unknown) => run(readOptions(raw)));
