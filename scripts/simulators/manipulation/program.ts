/** What the command line asks for. */
import {Command} from "commander";
import {z} from "zod";

import {InputError, parseE18} from "../../sdk/index.js";
import {optionsOf, whole} from "../../shared/options.js";
import {ManipulationError} from "./failures.js";
import type {Terms} from "./figures.js";

const HELP = `
The model and its sources: docs/settlement.md. Exit codes: 0 done, 2 bad input.`;

const DAY = 86_400;

const position = z.string().transform((text, context) => {
    try {
        const value = parseE18(text);
        if (value > 0n) return value;
    } catch (error) {
        if (!(error instanceof InputError)) throw error;
    }
    context.addIssue({code: "custom", message: "must be a figure above 0"});
    return z.NEVER;
});

const SHAPE = z.strictObject({recovery: whole(1, DAY), position});

export function readTerms(raw: unknown): Terms {
    const {recovery, position: positionE18} = optionsOf(SHAPE, raw, ManipulationError);
    return {recoverySeconds: recovery, positionE18};
}

export const buildProgram = (run: (terms: Terms) => void): Command =>
    new Command("manipulation")
        .description("What it costs to move a settlement price, and what that earns, by averaging window")
        .option("--recovery <SECONDS>", "time after which arbitrage has undone a push", "60")
        .option("--position <USD>", "what gains as much as the price moves", "100000000")
        .allowExcessArguments(false)
        .addHelpText("after", HELP)
        .exitOverride()
        .action((raw: unknown) => run(readTerms(raw)));
