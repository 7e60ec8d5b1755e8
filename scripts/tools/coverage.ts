/**
 * Runs the tests on instrumented contracts and holds `contracts/`, less mocks and harnesses, to a floor. Gas tests and architecture tests
 * are left out: instrumented code is another code.
 */
import {spawnSync} from "node:child_process";
import {join} from "node:path";

import {filesIn, read, ROOT, roomOf} from "./repository.js";

const FLOOR_PERCENT = 95;
const EXCLUDED = /^test\/(?:gas|architecture|scripts)\//;

type FileCoverage = {readonly path: string; readonly covered: number; readonly missed: readonly number[]};

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

function main(): void {
    const tests = filesIn("test", ".test.ts", ".t.sol").filter((path) => !EXCLUDED.test(path));
    const command = [join(ROOT, "scripts", "run.mjs"), "hardhat", "test", "--coverage", ...tests];
    const env = {...process.env, BALLAST_COVERAGE: "1"};
    const {status} = spawnSync(process.execPath, command, {cwd: ROOT, stdio: "inherit", env});

    const files = parseLcov(read("coverage/lcov.info")).filter(
        ({path}) => path.startsWith("contracts/") && !["mocks", "test"].includes(roomOf(path) ?? ""),
    );
    const covered = files.reduce((lines, file) => lines + file.covered, 0);
    const missed = files.reduce((lines, file) => lines + file.missed.length, 0);
    const percent = (100 * covered) / Math.max(1, covered + missed);
    for (const {path, missed: lines} of files.filter((file) => file.missed.length > 0)) {
        console.log(`${path}: not reached: ${lines.join(", ")}`);
    }
    console.log(`${percent.toFixed(1)} % of ${covered + missed} lines reached, floor ${FLOOR_PERCENT} %`);
    process.exitCode = status !== 0 || percent < FLOOR_PERCENT ? 1 : 0;
}

if (process.argv[1] === import.meta.filename) main();
