/** What the command line of the gas sweep asks for. */
import {Command} from "commander";
import {z} from "zod";

import {parseFixed} from "../../sdk/units.js";
import {optionsOf, whole} from "../../shared/options.js";
import {SweepError} from "./failures.js";

const HELP = `
Gas is what snapshots/gas.json records, the pay is the contract's rule with its default figures. docs/gas-sweep.md says how keepers and
prices behave, and what to read from the figures.

Exit codes: 0 done, 2 bad input.`;

/** Stands for the standard output where a file is named. */
export const STDOUT = "-";

export const DEFAULTS = {
    breaches: "100",
    seed: "1",
    gasPrice: "0.1",
    factors: "1,10,50,500,5000",
    nativePrice: "3000",
    within: "5",
    blocks: "900",
} as const;

const GWEI_DECIMALS = 9;
const USD_DECIMALS = 18;

const positive = (decimals: number, most: number): z.ZodType<bigint, string> =>
    z
        .string()
        .regex(/^\d{1,9}(\.\d{1,9})?$/, "must be a decimal number")
        .refine((text) => Number(text) > 0 && Number(text) <= most, `must be above 0 and at most ${most}`)
        .transform((text) => parseFixed(text, decimals));

const factors = z
    .string()
    .regex(/^\d{1,5}(,\d{1,5})*$/, "must be whole numbers such as 1,10,50")
    .transform((text) => text.split(",").map(Number))
    .refine((list) => list.every((one) => one > 0), "must be above 0");

const SHAPE = z.strictObject({
    breaches: whole(1, 100_000),
    seed: whole(0, 2 ** 32 - 2),
    gasPrice: positive(GWEI_DECIMALS, 10_000),
    factors,
    nativePrice: positive(USD_DECIMALS, 1_000_000),
    within: whole(1, 10_000),
    blocks: whole(1, 10_000),
    json: z.union([z.string(), z.literal(true).transform(() => STDOUT)]).optional(),
});

export type Options = z.output<typeof SHAPE>;

export const readOptions = (raw: unknown): Options => optionsOf(SHAPE, raw, SweepError);

export const buildProgram = (run: (options: Options) => void): Command =>
    new Command("sweep:gas")
        .description(
            "Lets keepers who act only where it pays meet accounts that fall short, at one gas price after the other",
        )
        .option("--breaches <N>", "accounts that fall short", DEFAULTS.breaches)
        .option("--seed <N>", "of accounts, prices and fees", DEFAULTS.seed)
        .option("--gas-price <GWEI>", "base fee of a calm day", DEFAULTS.gasPrice)
        .option("--factors <LIST>", "factors on it", DEFAULTS.factors)
        .option("--native-price <USD>", "price of the chain's coin", DEFAULTS.nativePrice)
        .option("--within <BLOCKS>", "blocks in which a breach is to be executed", DEFAULTS.within)
        .option("--blocks <N>", "blocks that a breach is followed for", DEFAULTS.blocks)
        .option("--json [FILE]", "write the figures; the standard output instead of the tables if no file is named")
        .allowExcessArguments(false)
        .addHelpText("after", HELP)
        .exitOverride()
        .action((raw: unknown) => run(readOptions(raw)));
