/**
 * `npm run backtest`: what strategies lost over the margin period against the requirement they had at its start. Exit codes: 0 every
 * strategy keeps the promise, 3 some strategy misses it, 2 bad input.
 */
import {CommanderError} from "commander";

import {InputError} from "../../sdk/index.js";
import {writeAtomically} from "../../shared/files.js";
import {PriceFileError} from "../../shared/prices/failures.js";
import {backtest} from "./backtest.js";
import {describe} from "./describe.js";
import {BacktestError} from "./failures.js";
import {figuresOf} from "./figures.js";
import {parametersFrom, sourceOf} from "./input.js";
import {buildProgram} from "./program.js";
import type {Options} from "./program.js";
import {progressOn} from "./progress.js";
import {page} from "./report/page.js";

const EXIT_INPUT = 2;
const EXIT_MISSED = 3;
const STDOUT = "-";

function run(options: Options): boolean {
    const {prices, from = -Infinity, to = Infinity, json, report} = options;
    const source = sourceOf(prices, options.intrabar);
    const rows = source.rows.filter(({time}) => time >= from && time < to);
    const progress = progressOn((line) => process.stderr.write(`${line}\n`), Date.now);
    const result = backtest(
        rows,
        {
            assets: options.assets,
            hours: options.hours,
            every: options.every,
            intrabar: options.intrabar,
            notionalE18: options.notional,
            parameters: parametersFrom(options.parameters),
            seed: options.seed,
        },
        progress,
    );
    const figures = figuresOf(result, source.name);
    const text = `${JSON.stringify(figures, null, 2)}\n`;
    if (json === STDOUT) process.stdout.write(text);
    else console.log(describe(figures));
    if (json !== undefined && json !== STDOUT) writeAtomically(json, text);
    if (report !== undefined) writeAtomically(report, page(result, figures));
    return figures.kept;
}

function main(args: readonly string[]): number {
    const exit = {code: 0};
    try {
        const program = buildProgram((options) => {
            exit.code = run(options) ? 0 : EXIT_MISSED;
        });
        program.parse([...args], {from: "user"});
        return exit.code;
    } catch (error) {
        // Commander has printed its own message; help leaves with code 0.
        if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT_INPUT;
        if (!(error instanceof PriceFileError || error instanceof BacktestError || error instanceof InputError))
            throw error;
        console.error(`error: ${error.code}: ${error.message}`);
        return EXIT_INPUT;
    }
}

process.exitCode = main(process.argv.slice(2));
