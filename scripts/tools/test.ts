/** Runs the tests and closes with the plain line `N passed, N failed`, counted from what the runners report. */
import {spawn} from "node:child_process";
import {availableParallelism} from "node:os";
import {join} from "node:path";
import {stripVTControlCharacters} from "node:util";

import {ROOT} from "./repository.js";
import {runTool} from "./usage.js";

/** A process takes up to three gigabytes by its last file. */
const MOST_JOBS = 4;

const HELP = `npm test -- [FILE...] [options]

Compiles contracts and tests, runs them and closes with a line of counts. Files and options go to \`hardhat test\`. Without FILE the
TypeScript files are divided among processes; what a file prints comes when the file is done.

  FILE           only these test files, Solidity or TypeScript
  --grep WORDS   only tests with these words in their titles
  --no-compile   take the last build
  --help         this text

BALLAST_TEST_JOBS     processes for TypeScript files; without FILE one per core, ${MOST_JOBS} at most, otherwise 1
BALLAST_FAULT_ROUNDS  seeds that each of the keeper's fault tests runs, 1 by default
BALLAST_FAULT_FIGURES  any value prints the figures of those tests

Exit codes: 0 all passed, 1 some failed or none ran.`;

type Counts = {passed: number; failed: number; skipped: number};

/** Mocha reports pending tests apart; Hardhat's own total would count them as passed, so only its Solidity part is read. */
export function countTests(output: string): Counts {
    const lines = stripVTControlCharacters(output).split("\n");
    const sum = (pattern: RegExp): number =>
        lines.reduce((total, line) => total + Number(pattern.exec(line)?.[1] ?? 0), 0);
    return {
        passed: sum(/^ {2}(\d+) passing \(/) + sum(/^\d+ passing \(.*?(\d+) solidity/),
        failed: sum(/^ {2}(\d+) failing$/) + sum(/^\d+ failing \(.*?(\d+) solidity/),
        skipped: sum(/^ {2}(\d+) pending$/) + sum(/^\d+ skipped \(.*?(\d+) solidity/),
    };
}

export function closingLine({passed, failed, skipped}: Counts): string {
    return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}

/** How many processes the TypeScript files are divided among: starting a second one takes longer than most files. */
export function jobsOf(args: readonly string[], env: NodeJS.ProcessEnv, cores: number): string {
    const isPart = args.some((arg) => /\.(ts|sol)$/.test(arg));
    return env["BALLAST_TEST_JOBS"] ?? String(isPart ? 1 : Math.min(cores, MOST_JOBS));
}

async function main(args: readonly string[]): Promise<number> {
    console.log("Compiling contracts and tests, then running them ...");
    const command = [join(ROOT, "scripts", "run.mjs"), "hardhat", "test", ...args];
    const jobs = jobsOf(args, process.env, availableParallelism());
    const colour = process.stdout.isTTY ? {FORCE_COLOR: "1"} : {};
    const env = {...process.env, ...colour, BALLAST_TEST_JOBS: jobs};
    const child = spawn(process.execPath, command, {cwd: ROOT, env, stdio: ["inherit", "pipe", "inherit"]});
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
        process.stdout.write(chunk);
        output += chunk;
    });
    const code = await new Promise<number>((settle, reject) => {
        child.on("error", reject).on("close", (exitCode) => settle(exitCode ?? 1));
    });
    const counts = countTests(output);
    console.log(`\n${closingLine(counts)}`);
    const ranNothing = counts.passed + counts.failed === 0;
    return code !== 0 ? code : counts.failed > 0 || ranNothing ? 1 : 0;
}

if (process.argv[1] === import.meta.filename) process.exitCode = await runTool(process.argv.slice(2), HELP, main);
