/** What the command line asks for. */
import {Command} from "commander";
import {z} from "zod";

import {optionsOf, whole} from "../../shared/options.js";
import {InputError, parseE18} from "../../sdk/index.js";
import {readTime} from "../../shared/prices/priceTable.js";
import {BacktestError} from "./failures.js";

const HELP = `
FILE is a table with the columns time, high, low, close and, if it holds several, asset; other columns do not matter. A file of one
asset may say so in its name (Binance_BTCUSDT_1h.csv) or before it (BTC=prices.csv). Bars must divide the margin period.

Exit codes: 0 every strategy keeps the promise of 99 %, 3 some strategy misses it, 2 bad input.`;

const time = z
    .string()
    .optional()
    .transform((text) => (text === undefined ? undefined : readTime(text)));

const notional = z.string().transform((text, context) => {
    try {
        const value = parseE18(text);
        if (value > 0n) return value;
    } catch (error) {
        if (!(error instanceof InputError)) throw error;
    }
    context.addIssue({code: "custom", message: "must be a figure above 0"});
    return z.NEVER;
});

const SHAPE = z.strictObject({
    prices: z.array(z.string()).default([]),
    assets: z
        .string()
        .optional()
        .transform((text) => text?.toUpperCase().split(",")),
    hours: whole(1, 24),
    every: whole(1, 1_000_000),
    intrabar: z.boolean().default(false),
    from: time,
    to: time,
    parameters: z.string().optional(),
    notional,
    seed: whole(0, 2 ** 32 - 1),
    json: z.string().optional(),
    report: z.string().optional(),
});

export type Options = z.output<typeof SHAPE>;

export const readOptions = (raw: unknown): Options => optionsOf(SHAPE, raw, BacktestError);

export const buildProgram = (run: (options: Options) => void): Command =>
    new Command("backtest")
        .description(
            "Compares what strategies lost over the margin period with the maintenance requirement they had at its start",
        )
        .option("--prices <FILE...>", "price tables; the built-in crash windows if left out")
        .option("--assets <LIST>", "only these, such as BTC,ETH")
        .option("--hours <N>", "margin period", "4")
        .option("--every <N>", "a start at every so many bars", "1")
        .option("--intrabar", "the worst of highs and lows within the period, not its end alone")
        .option("--from <TIME>", "leave out bars that open before")
        .option("--to <TIME>", "leave out bars that open at or after")
        .option("--parameters <FILE>", "other risk parameters, as in a book file")
        .option("--notional <USD>", "worth of one unit of a strategy", "100000")
        .option("--seed <N>", "of the bootstrap", "1")
        .option("--json <FILE>", "write the figures; - for the standard output instead of the table")
        .option("--report <FILE>", "write a page with charts")
        .allowExcessArguments(false)
        .addHelpText("after", HELP)
        .exitOverride()
        .action((raw: unknown) => run(readOptions(raw)));
