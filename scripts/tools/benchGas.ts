/** `npm run bench:gas`: what the deployed contracts cost by the size of a book. Exit codes: 0 done, 2 bad input. */
import {CommanderError} from "commander";
import hre from "hardhat";

import {BenchError} from "./gas/failures.js";
import {buildProgram} from "./gas/program.js";
import type {Options} from "./gas/program.js";
import {openStage} from "./gas/stage.js";
import {where} from "./gas/where.js";

const EXIT_INPUT = 2;

const progress = (line: string): void => void process.stderr.write(`${line}\n`);

async function run(options: Options): Promise<void> {
    progress("Compiling contracts (minutes the first time) ...");
    await hre.tasks.getTask("build").run({quiet: true});
    progress("Deploying on a chain in this process ...");
    const stage = await openStage();
    try {
        if (options.where !== undefined) console.log(await where(stage, options.where, options.of));
    } finally {
        await stage.close();
    }
}

async function main(args: readonly string[]): Promise<number> {
    try {
        await buildProgram(run).parseAsync([...args], {from: "user"});
        return 0;
    } catch (error) {
        // Commander has printed its own message; help leaves with code 0.
        if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT_INPUT;
        if (!(error instanceof BenchError)) throw error;
        console.error(`error: ${error.code}: ${error.message}`);
        return EXIT_INPUT;
    }
}

process.exitCode = await main(process.argv.slice(2));
