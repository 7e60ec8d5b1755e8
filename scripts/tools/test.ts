/** Runs the tests and closes with the plain line `N passed, N failed`, counted from what the runners report. */
import {spawn} from "node:child_process";
import {availableParallelism} from "node:os";
import {join} from "node:path";
import {stripVTControlCharacters} from "node:util";

import {filesIn, ROOT} from "./repository.js";
import {runTool} from "./usage.js";

/** A process takes up to three gigabytes by its last file. */
const MOST_JOBS = 4;

const HELP = `npm test -- [FILE...] [options]

Compiles contracts and tests, runs them and closes with a line of counts. Files and options go to \`hardhat test\`. Without FILE the
TypeScript files are divided among processes, but for those that go by the clock, which come last; what a file prints comes when the
file is done.

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

/** What waits for answers by the clock: beside another process these tests would measure the machine. */
const BY_THE_CLOCK = [
    "integration/faults",
    "scripts/chain",
    "scripts/keeper",
    "scripts/node",
    "scripts/store",
    "scripts/tools/rush",
];

/** How many processes the TypeScript files are divided among: starting a second one takes longer than most files. */
export function jobsOf(args: readonly string[], env: NodeJS.ProcessEnv, cores: number): number {
    const isPart = args.some((arg) => /\.(ts|sol)$/.test(arg));
    const wanted = env["BALLAST_TEST_JOBS"];
    return wanted === undefined ? (isPart ? 1 : Math.min(cores, MOST_JOBS)) : Number(wanted);
}

/** One start of Hardhat. */
export type Run = {readonly args: readonly string[]; readonly jobs: number};

/** With one process all in one go; with several Solidity first, which builds, then what can be divided, then what goes by the clock. */
export function runsOf(args: readonly string[], jobs: number, files: readonly string[]): readonly Run[] {
    if (jobs === 1 || args.some((arg) => /\.(ts|sol)$/.test(arg))) return [{args: ["test", ...args], jobs}];
    const isTimed = (file: string): boolean => BY_THE_CLOCK.some((room) => file.startsWith(`test/${room}/`));
    const options = ["--no-compile", ...args.filter((arg) => arg !== "--no-compile")];
    const mocha = ["test", "mocha", ...options];
    return [
        {args: ["test", "solidity", ...args], jobs: 1},
        {args: [...mocha, ...files.filter((file) => !isTimed(file))], jobs},
        {args: [...mocha, ...files.filter(isTimed)], jobs: 1},
    ];
}

async function runOne({args, jobs}: Run): Promise<{readonly code: number; readonly output: string}> {
    const command = [join(ROOT, "scripts", "run.mjs"), "hardhat", ...args];
    const colour = process.stdout.isTTY ? {FORCE_COLOR: "1"} : {};
    const env = {...process.env, ...colour, BALLAST_TEST_JOBS: String(jobs)};
    const child = spawn(process.execPath, command, {cwd: ROOT, env, stdio: ["inherit", "pipe", "inherit"]});
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
        process.stdout.write(chunk);
        output += chunk;
    });
    const code = await new Promise<number>((settle, reject) => {
        child.on("error", reject).on("close", (exitCode) => settle(exitCode ?? 1));
    });
    return {code, output};
}

async function main(args: readonly string[]): Promise<number> {
    console.log("Compiling contracts and tests, then running them ...");
    const jobs = jobsOf(args, process.env, availableParallelism());
    const ended: Awaited<ReturnType<typeof runOne>>[] = [];
    for (const run of runsOf(args, jobs, filesIn("test", ".test.ts"))) ended.push(await runOne(run));
    const counts = countTests(ended.map(({output}) => output).join("\n"));
    console.log(`\n${closingLine(counts)}`);
    const failed = ended.find(({code}) => code !== 0);
    const ranNothing = counts.passed + counts.failed === 0;
    return failed?.code ?? (counts.failed > 0 || ranNothing ? 1 : 0);
}

if (process.argv[1] === import.meta.filename) process.exitCode = await runTool(process.argv.slice(2), HELP, main);
