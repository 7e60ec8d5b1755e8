/**
 * Exit codes of `ballast`: 0 done, 1 failed, 2 wrong input (arguments, files, figures; the message names the field).
 */
import {CommanderError} from "commander";
import type {Command} from "commander";

import {InputError} from "../sdk/index.js";

export const EXIT_FAILURE = 1;
export const EXIT_INPUT = 2;

const PREFIX = "error: ";

/** Runs a program that was built with `exitOverride`, and returns the exit code. */
export async function runProgram(program: Command, argv: readonly string[]): Promise<number> {
    try {
        await program.parseAsync([...argv], {from: "user"});
        return 0;
    } catch (error) {
        // Commander has printed its own message; help and version leave with code 0.
        if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT_INPUT;
        console.error(`${PREFIX}${error instanceof Error ? error.message : String(error)}`);
        return error instanceof InputError ? EXIT_INPUT : EXIT_FAILURE;
    }
}
