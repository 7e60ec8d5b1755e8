/**
 * Runs the tests on instrumented contracts and holds `contracts/`, less mocks and harnesses, to a floor. Tests of gas, bytecode,
 * deployment and scripts are left out: instrumented code is another code. Campaigns are short, for a line is reached or not.
 */
import {spawnSync} from "node:child_process";
import {rmSync} from "node:fs";
import {join} from "node:path";

import {filesIn, read, ROOT, roomOf} from "./repository.js";
import {NO_FLAGS, readArguments, runTool} from "./usage.js";

const FLOOR_PERCENT = 95;
const HELP = `npm run coverage

Runs the tests on instrumented contracts and prints a row for each file of \`contracts/\`; the report is in coverage/.

  --help   this text

Exit codes: 0 the tests passed and ${FLOOR_PERCENT} % of the lines were reached, 1 not so, 2 bad input.`;
const EXCLUDED = /^test\/(?:gas|architecture|deploy|scripts)\//;
const SHORT = {BALLAST_FUZZ_RUNS: "24", BALLAST_INVARIANT_RUNS: "2", BALLAST_INVARIANT_DEPTH: "32"};

export type FileCoverage = {readonly path: string; readonly covered: number; readonly missed: readonly number[]};

/** Reads the record that coverage tools exchange: `SF:` opens a file, `DA:line,hits` counts a line. */
export function parseLcov(lcov: string): FileCoverage[] {
    return lcov
        .split("end_of_record")
        .filter((record) => record.includes("SF:"))
        .map((record) => {
            const lines = [...record.matchAll(/^DA:(\d+),(\d+)/gm)].map(([, line, hits]) => [
                Number(line),
                Number(hits),
            ]);
            return {
                path: /^SF:(.*)$/m.exec(record)?.[1] ?? "",
                covered: lines.filter(([, hits]) => hits !== 0).length,
                missed: lines.filter(([, hits]) => hits === 0).map(([line = 0]) => line),
            };
        });
}

/** Files meant for a real chain, those least reached first. */
export function measured(files: readonly FileCoverage[]): FileCoverage[] {
    return files
        .filter(({path}) => path.startsWith("contracts/") && !["mocks", "test"].includes(roomOf(path) ?? ""))
        .sort((one, other) => percentOf([one]) - percentOf([other]) || (one.path < other.path ? -1 : 1));
}

/** Lines reached of all lines, in percent; nothing to reach counts as nothing reached. */
export function percentOf(files: readonly FileCoverage[]): number {
    const covered = files.reduce((lines, file) => lines + file.covered, 0);
    const missed = files.reduce((lines, file) => lines + file.missed.length, 0);
    return (100 * covered) / Math.max(1, covered + missed);
}

/** One row per file, and the whole at the end. */
export function table(files: readonly FileCoverage[]): string {
    const rows = files.map((file) => [
        file.path,
        `${file.covered}/${file.covered + file.missed.length}`,
        `${percentOf([file]).toFixed(1)} %`,
        file.missed.join(", "),
    ]);
    const covered = files.reduce((lines, file) => lines + file.covered, 0);
    const all = files.reduce((lines, file) => lines + file.covered + file.missed.length, 0);
    const total = ["all files", `${covered}/${all}`, `${percentOf(files).toFixed(1)} %`, `floor ${FLOOR_PERCENT} %`];
    const whole = [["file", "lines", "reached", "not reached"], ...rows, total];
    const widths = [0, 1, 2].map((column) => Math.max(...whole.map((row) => row[column]?.length ?? 0)));
    return whole
        .map(([path = "", lines = "", percent = "", missed = ""]) =>
            [path.padEnd(widths[0] ?? 0), lines.padStart(widths[1] ?? 0), percent.padStart(widths[2] ?? 0), missed]
                .join("  ")
                .trimEnd(),
        )
        .join("\n");
}

/** Whether the tests passed and enough is reached. */
export const isEnough = (status: number | null, files: readonly FileCoverage[]): boolean =>
    status === 0 && percentOf(files) >= FLOOR_PERCENT;

function main(args: readonly string[]): number {
    readArguments(args, NO_FLAGS);
    const tests = filesIn("test", ".test.ts", ".t.sol").filter((path) => !EXCLUDED.test(path));
    const command = [join(ROOT, "scripts", "run.mjs"), "hardhat", "test", "--coverage", ...tests];
    // What an earlier run left must not stand in for a run that ends before its report.
    rmSync(join(ROOT, "coverage"), {recursive: true, force: true});
    console.log("Compiling instrumented contracts, then running the tests on them (several minutes) ...");
    const env = {...process.env, ...SHORT, BALLAST_COVERAGE: "1"};
    const {status} = spawnSync(process.execPath, command, {cwd: ROOT, stdio: "inherit", env});
    const [record] = filesIn("coverage", "lcov.info");
    if (record === undefined) throw new Error("The tests ended before there was anything to report");
    const files = measured(parseLcov(read(record)));
    console.log(`\n${table(files)}`);
    if (status !== 0) console.log("Some tests failed on instrumented contracts; see above.");
    return isEnough(status, files) ? 0 : 1;
}

if (process.argv[1] === import.meta.filename) process.exitCode = await runTool(process.argv.slice(2), HELP, main);
