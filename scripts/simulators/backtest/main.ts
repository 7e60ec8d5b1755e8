/**
 * `npm run backtest`: what strategies lost over the margin period against the requirement they had at its start. Exit codes: 0 every
 * strategy keeps the promise, 3 some strategy misses it, 2 bad input.
 */
import {codeOf} from "../../shared/options.js";
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

process.exitCode = await codeOf(
    process.argv.slice(2),
    (end) => buildProgram((options) => end(run(options) ? 0 : EXIT_MISSED)),
    [PriceFileError, BacktestError, InputError],
);
