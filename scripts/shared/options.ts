/** Command lines of programs: whole numbers within bounds, and exit codes for what cannot be read. */
import {CommanderError} from "commander";
import type {Command} from "commander";
import {z} from "zod";

import type {Failure} from "../sdk/failures.js";

export const EXIT_INPUT = 2;

/** A whole number from `least` to `most`. */
export const whole = (least: number, most: number): z.ZodType<number, string> =>
    z
        .string()
        .regex(/^\d+$/, "must be a whole number")
        .transform(Number)
        .refine((value) => value >= least && value <= most, `must be between ${least} and ${most}`);

type Malformed = new (code: "option-malformed", message: string, details: {readonly option: string}) => Error;

/** Options of a program in their shape, or what is wrong with the first that has another, by the name on the command line. */
export function optionsOf<T extends z.ZodType>(shape: T, raw: unknown, Malformed: Malformed): z.output<T> {
    const result = shape.safeParse(raw);
    if (result.success) return result.data;
    const [issue] = result.error.issues;
    const option = `--${String(issue?.path[0] ?? "").replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    throw new Malformed("option-malformed", `${option} ${issue?.message ?? "is malformed"}`, {option});
}

type InputFailure = abstract new (...given: never[]) => Failure<string>;

/**
 * Runs a program that was built with `exitOverride`. Failures of the classes given are wrong input: their code and sentence are printed.
 * @returns 0, what the program ended with, or 2 for wrong input.
 */
export async function codeOf(
    args: readonly string[],
    build: (end: (code: number) => void) => Command,
    inputs: readonly InputFailure[],
): Promise<number> {
    let code = 0;
    const end = (given: number): void => {
        code = given;
    };
    try {
        await build(end).parseAsync([...args], {from: "user"});
        return code;
    } catch (error) {
        // Commander has printed its own message; help leaves with code 0.
        if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT_INPUT;
        if (!inputs.some((one) => error instanceof one)) throw error;
        const {code: name, message} = error as Failure<string>;
        process.stderr.write(`error: ${name}: ${message}\n`);
        return EXIT_INPUT;
    }
}
