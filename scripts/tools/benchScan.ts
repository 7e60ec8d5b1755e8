/**
 * `npm run bench:scan`: how fast the short ones among many accounts are found after a price update. Exit codes: 0 done, 1 some short
 * account was missed, 2 bad input.
 */
import {codeOf} from "../shared/options.js";
import {describe} from "./scan/describe.js";
import {ScanError} from "./scan/failures.js";
import {measure} from "./scan/measure.js";
import type {Figure} from "./scan/measure.js";
import {buildProgram} from "./scan/program.js";
import type {Options} from "./scan/program.js";

const EXIT_MISSED = 1;
/** Accounts of a run before all others that is not shown: the first one pays for compiling the code. */
const FIRST = 5_000;
/** Shares of the largest run that show how the time grows. */
const SHARES = [10, 3, 1] as const;

const progress = (line: string): void => void process.stderr.write(`${line}\n`);

function run({accounts, seed, verify, json}: Options): number {
    const counts = json ? [accounts] : [...new Set(SHARES.map((share) => Math.ceil(accounts / share)))];
    measure(FIRST, seed, 0, () => undefined);
    const figures = counts.map((count): Figure => measure(count, seed, count === accounts ? verify : 0, progress));
    console.log(json ? JSON.stringify(figures.at(-1)) : describe(figures));
    return figures.some(({falseNegatives}) => falseNegatives > 0) ? EXIT_MISSED : 0;
}

process.exitCode = await codeOf(process.argv.slice(2), (end) => buildProgram((options) => end(run(options))), [
    ScanError,
]);
