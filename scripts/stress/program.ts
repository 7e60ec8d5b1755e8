/** What the command line asks for. */
import {Command} from "commander";
import {z} from "zod";

import {optionsOf, whole} from "../shared/options.js";
import {readTime} from "../shared/prices/priceTable.js";
import {StressError} from "./failures.js";

const HELP = `
FILE is a table with the columns asset, time, high, low, close (BTC and ETH; bars of one width). Without one the built-in window is
replayed: "March 2020", "November 2022" or "October 2025". Of a file the first stretch without a gap of more than a day is taken; --from picks another.

Exit codes: 0 every claim was covered at every look, 3 some claim was not with protections on, 2 bad input.`;

const time = z
    .string()
    .optional()
    .transform((text) => (text === undefined ? undefined : readTime(text)));

const UNITS: Readonly<Record<string, number>> = {s: 1, m: 60, h: 3600};
const delay = z
    .string()
    .regex(/^\d+[smh]$/, "must be a time such as 30m or 2h")
    .transform((text) => Number(text.slice(0, -1)) * (UNITS[text.slice(-1)] ?? 1))
    .refine((seconds) => seconds <= 86_400, "must be at most a day");

const factor = z
    .string()
    .regex(/^x\d{1,4}$/, "must be a factor such as x20")
    .transform((text) => BigInt(text.slice(1)));

const SHAPE = z.strictObject({
    prices: z.string().optional(),
    window: z.string(),
    from: time,
    to: time,
    accounts: whole(1, 2000),
    gas: factor,
    oracleDelay: delay,
    protections: z.enum(["on", "off", "both"], "must be on, off or both"),
    seed: whole(0, 2 ** 32 - 1),
    json: z.string().optional(),
    ledger: z.string().optional(),
    report: z.string().optional(),
});

export type Options = z.output<typeof SHAPE>;

export const readOptions = (raw: unknown): Options => optionsOf(SHAPE, raw, StressError);

export const buildProgram = (run: (options: Options) => Promise<void>): Command =>
    new Command("stress")
        .description("Replays a crash on the contracts with hundreds of accounts and competing keepers")
        .option("--prices <FILE>", "price table; a built-in window if left out")
        .option("--window <NAME>", "built-in window", "March 2020")
        .option("--from <TIME>", "leave out bars that open before")
        .option("--to <TIME>", "leave out bars that open at or after")
        .option("--accounts <N>", "accounts of traders", "200")
        .option("--gas <xN>", "factor on the gas price in the crash", "x10")
        .option("--oracle-delay <TIME>", "how late feeds are, such as 30m or 2h", "0s")
        .option("--protections <WHICH>", "on, off or both", "both")
        .option("--seed <N>", "of accounts and keepers", "1")
        .option("--json <FILE>", "write the figures; - for the standard output instead of the table")
        .option("--ledger <FILE>", "write one row per liquidation, CSV")
        .option("--report <FILE>", "write a page with charts")
        .allowExcessArguments(false)
        .addHelpText("after", HELP)
        .exitOverride()
        .action((raw: unknown) => run(readOptions(raw)));
