/**
 * Exit codes of `ballast`: 0 done, 1 failed, 2 wrong input (arguments, files, figures; the message names the field), 3 a plan was
 * shown but not confirmed by `--yes`, 4 a contract refused (the message is its error in words), 5 claims are not covered or two ways
 * of counting differ.
 */
import {CommanderError} from "commander";
import type {Command} from "commander";

import {explainError, InputError} from "../sdk/index.js";

export const EXIT_FAILURE = 1;
export const EXIT_INPUT = 2;
export const EXIT_NOT_CONFIRMED = 3;
export const EXIT_REFUSED = 4;
export const EXIT_BROKEN_BOOKS = 5;

/** Thrown after a plan was shown to somebody who has not confirmed it. */
export class NotConfirmedError extends Error {
    readonly code = "not-confirmed";

    constructor() {
        super("nothing was sent; add --yes to carry the plan out");
    }
}

/** Thrown after a count was shown that does not come out. */
export class BrokenBooksError extends Error {
    readonly code = "broken-books";

    constructor() {
        super("the pool's claims are not covered, or events and contracts disagree");
    }
}

const PREFIX = "error: ";

function explain(error: unknown): number {
    if (error instanceof InputError) {
        console.error(`${PREFIX}${error.message}`);
        return EXIT_INPUT;
    }
    if (error instanceof NotConfirmedError) {
        console.error(error.message);
        return EXIT_NOT_CONFIRMED;
    }
    if (error instanceof BrokenBooksError) {
        console.error(`${PREFIX}${error.message}`);
        return EXIT_BROKEN_BOOKS;
    }
    const refused = explainError(error);
    if (refused !== undefined) {
        console.error(`${PREFIX}${refused.name}: ${refused.sentence}`);
        return EXIT_REFUSED;
    }
    console.error(`${PREFIX}${error instanceof Error ? error.message : String(error)}`);
    return EXIT_FAILURE;
}

/** Runs a program that was built with `exitOverride`, and returns the exit code. */
export async function runProgram(program: Command, argv: readonly string[]): Promise<number> {
    try {
        await program.parseAsync([...argv], {from: "user"});
        return 0;
    } catch (error) {
        // Commander has printed its own message; help and version leave with code 0.
        if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT_INPUT;
        return explain(error);
    }
}
