/**
 * `npm run models`: what each margin model asks of the books of an options textbook. Exit codes: 0 done, 1 with --check if a file
 * differs, 2 bad input.
 */
import {existsSync} from "node:fs";
import {join} from "node:path";

import {codeOf} from "../shared/options.js";
import {writeAtomically} from "../shared/files.js";
import {progressOn} from "../simulators/backtest/progress.js";
import {describe} from "./models/describe.js";
import {ModelsError} from "./models/failures.js";
import {figuresOf, toJson} from "./models/figures.js";
import type {Figure} from "./models/figures.js";
import {filesOf, PAGE} from "./models/pages.js";
import {buildProgram, STDOUT} from "./models/program.js";
import type {Options} from "./models/program.js";
import {read, ROOT} from "./repository.js";

const EXIT_STALE = 1;

const progress = (line: string): void => void process.stderr.write(`${line}\n`);

const textOf = (path: string): string => (existsSync(join(ROOT, path)) ? read(path) : "");

function writeFiles(figures: readonly Figure[]): void {
    const files = filesOf(figures, textOf(PAGE));
    for (const [path, text] of files) writeAtomically(join(ROOT, path), text);
    progress(`${[...files.keys()].join(", ")} written`);
}

/** Whether every file says what was computed. */
function isCurrent(figures: readonly Figure[]): boolean {
    const stale = [...filesOf(figures, textOf(PAGE))].filter(([path, text]) => textOf(path) !== text);
    for (const [path] of stale) console.error(`${path} differs`);
    console.log(stale.length === 0 ? "Figures of the models agree." : "Run `npm run models -- --docs`.");
    return stale.length === 0;
}

function run({json, docs, check}: Options): number {
    const figures = figuresOf(progressOn(progress, Date.now));
    if (json !== undefined && json !== STDOUT) writeAtomically(json, toJson(figures));
    if (check) return isCurrent(figures) ? 0 : EXIT_STALE;
    if (json === STDOUT) process.stdout.write(toJson(figures));
    else console.log(describe(figures));
    if (docs) writeFiles(figures);
    return 0;
}

process.exitCode = await codeOf(process.argv.slice(2), (end) => buildProgram((options) => end(run(options))), [
    ModelsError,
]);
