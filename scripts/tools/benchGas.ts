/** `npm run bench:gas`: what the deployed contracts cost by the size of a book. Exit codes: 0 done, 2 bad input. */
import {writeFileSync} from "node:fs";
import {join} from "node:path";

import hre from "hardhat";

import {codeOf} from "../shared/options.js";
import {writeAtomically} from "../shared/files.js";
import {FEW_SIZES, SIZES} from "./gas/books.js";
import {chart} from "./gas/chart.js";
import {describe} from "./gas/describe.js";
import {BenchError} from "./gas/failures.js";
import {figuresOf, toJson} from "./gas/figures.js";
import type {Figure} from "./gas/figures.js";
import {gasBlock, PAGE, PICTURE, README, readmeBlock, withBlock} from "./gas/pages.js";
import {buildProgram, STDOUT} from "./gas/program.js";
import type {Options} from "./gas/program.js";
import {openStage} from "./gas/stage.js";
import type {Stage} from "./gas/stage.js";
import {where} from "./gas/where.js";
import {read, ROOT} from "./repository.js";

const progress = (line: string): void => void process.stderr.write(`${line}\n`);

/** Writes every page that carries the figures. */
function writePages(figures: readonly Figure[]): void {
    for (const [path, block] of [
        [PAGE, gasBlock(figures)],
        [README, readmeBlock(figures)],
    ] as const) {
        writeFileSync(join(ROOT, path), withBlock(read(path), block, path));
    }
    writeFileSync(join(ROOT, PICTURE), chart(figures));
    progress(`${PAGE}, ${PICTURE}, ${README} written`);
}

async function bench(stage: Stage, {quick, json, docs}: Options): Promise<void> {
    const figures = await figuresOf(stage, quick ? FEW_SIZES : SIZES, progress);
    if (json === STDOUT) process.stdout.write(toJson(figures));
    else console.log(describe(figures));
    if (json !== undefined && json !== STDOUT) writeAtomically(json, toJson(figures));
    if (docs) writePages(figures);
}

async function run(options: Options): Promise<void> {
    progress("Compiling contracts (minutes the first time) ...");
    await hre.tasks.getTask("build").run({quiet: true});
    progress("Deploying on a chain in this process ...");
    const stage = await openStage();
    try {
        if (options.where === undefined) await bench(stage, options);
        else console.log(await where(stage, options.where, options.of));
    } finally {
        await stage.close();
    }
}

process.exitCode = await codeOf(process.argv.slice(2), () => buildProgram(run), [BenchError]);
