/**
 * `npm run sweep:gas`: how soon keepers execute breaches as gas grows dearer, and what that costs, under a reward that follows the gas
 * price and under fixed ones. Exit codes: 0 done, 2 bad input.
 */
import {writeAtomically} from "../../shared/files.js";
import {codeOf} from "../../shared/options.js";
import {progressOn} from "../backtest/progress.js";
import {describe} from "./describe.js";
import {SweepError} from "./failures.js";
import {buildProgram, STDOUT} from "./program.js";
import type {Options} from "./program.js";
import {simulate} from "./simulate.js";

function run({json, ...options}: Options): void {
    const progress = progressOn((line) => process.stderr.write(`${line}\n`), Date.now, "gas prices and rules");
    const figures = simulate(options, progress);
    const text = `${JSON.stringify(figures, null, 2)}\n`;
    if (json === STDOUT) process.stdout.write(text);
    else console.log(describe(figures));
    if (json !== undefined && json !== STDOUT) writeAtomically(json, text);
}

process.exitCode = await codeOf(process.argv.slice(2), () => buildProgram(run), [SweepError]);
