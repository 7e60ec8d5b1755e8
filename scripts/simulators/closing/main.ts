/**
 * `npm run closing`: what closing a short book pro rata costs and leaves, beside closing it leg by leg. Exit codes: 0 done, 2 bad
 * input.
 */
import {writeAtomically} from "../../shared/files.js";
import {codeOf} from "../../shared/options.js";
import {progressOn} from "../backtest/progress.js";
import {describe, eachTable} from "./describe.js";
import {ClosingError} from "./failures.js";
import {simulate} from "./simulate.js";
import {buildProgram, STDOUT} from "./program.js";
import type {Options} from "./program.js";

function run({json, each, ...options}: Options): void {
    const progress = progressOn((line) => process.stderr.write(`${line}\n`), Date.now, "scenarios");
    const figures = simulate(options, progress);
    const text = `${JSON.stringify(figures, null, 2)}\n`;
    if (json === STDOUT) process.stdout.write(text);
    else console.log([describe(figures), ...(each ? [eachTable(figures)] : [])].join("\n\n"));
    if (json !== undefined && json !== STDOUT) writeAtomically(json, text);
}

process.exitCode = await codeOf(process.argv.slice(2), () => buildProgram(run), [ClosingError]);
