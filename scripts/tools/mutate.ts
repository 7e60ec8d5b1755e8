/**
 * Breaks the contracts on purpose, one edit at a time in a temporary copy, and expects the named test to go red:
 * `npm run mutate -- [words of a name or file]`. A test that stays green is reported and fails the run.
 */
import {spawnSync} from "node:child_process";
import {cpSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {basename, join} from "node:path";

import {MUTANTS} from "./mutants.js";
import type {Mutant} from "./mutants.js";
import {ROOT} from "./repository.js";
import {countTests} from "./test.js";
import {NO_FLAGS, readArguments, runTool, UsageError} from "./usage.js";

export type Verdict = "caught" | "survived" | "broken";

const LEFT_OUT = new Set(["node_modules", ".git", "out", "coverage"]);
const TEST_MINUTES = 15;

const HELP = `npm run mutate -- [WORD...]

Breaks the contracts by the list in scripts/tools/mutants.ts, one edit at a time in a temporary copy, and expects the named test to
go red.

  WORD     only edits with all these words in their name or file
  --help   this text

Exit codes: 0 every mistake was caught, 1 some was not, 2 bad input.`;

/** The source with the mistake in it; throws unless the text occurs exactly once. */
export function mutated(source: string, {name, find, replace}: Mutant): string {
    const parts = source.split(find);
    if (parts.length !== 2) throw new Error(`Mutant "${name}": its text occurs ${parts.length - 1} times`);
    return parts.join(replace);
}

/** A campaign that could not begin has found nothing. */
const NOT_SET_UP = "failed to set up invariant testing environment";

/** What a run of the named test says: no test ran = the edit does not even compile. */
export function verdictOf(output: string): Verdict {
    const {passed, failed} = countTests(output);
    if (passed + failed === 0 || output.includes(NOT_SET_UP)) return "broken";
    return failed > 0 ? "caught" : "survived";
}

/** A copy of the tree to break; packages are shared by a link, build and caches come along so that little is compiled anew. */
export function copyTree(): string {
    const copy = mkdtempSync(join(tmpdir(), "ballast-mutants-"));
    cpSync(ROOT, copy, {recursive: true, filter: (path) => path === ROOT || !LEFT_OUT.has(basename(path))});
    symlinkSync(join(ROOT, "node_modules"), join(copy, "node_modules"), "dir");
    return copy;
}

function runTest(copy: string, test: string): string {
    const {stdout, stderr} = spawnSync(process.execPath, [join(copy, "scripts", "run.mjs"), "hardhat", "test", test], {
        cwd: copy,
        encoding: "utf8",
        timeout: TEST_MINUTES * 60_000,
        maxBuffer: 1 << 28,
    });
    return `${stdout}\n${stderr}`;
}

/** Does something while a copy holds the mistake. The checkout itself is never a copy. */
export function whileBroken<T>(copy: string, mutant: Mutant, act: () => T): T {
    if (realpathSync(copy) === realpathSync(ROOT)) throw new Error("Mistakes are made in a copy only");
    const path = join(copy, mutant.file);
    const source = readFileSync(path, "utf8");
    writeFileSync(path, mutated(source, mutant));
    try {
        return act();
    } finally {
        writeFileSync(path, source);
    }
}

const tryMutant = (copy: string, mutant: Mutant): Verdict =>
    whileBroken(copy, mutant, () => verdictOf(runTest(copy, mutant.expectedTest)));

/** Tests that are red without any mistake prove nothing. */
function requireGreen(copy: string, tests: ReadonlySet<string>): void {
    for (const test of tests) {
        console.log(`Without a mistake: ${test} ...`);
        const verdict = verdictOf(runTest(copy, test));
        if (verdict !== "survived") throw new Error(`${test} does not pass as it is (${verdict})`);
    }
}

function main(args: readonly string[]): number {
    const {words} = readArguments(args, NO_FLAGS, Infinity);
    const chosen = MUTANTS.filter(({name, file}) => words.every((word) => `${name} ${file}`.includes(word)));
    if (chosen.length === 0) throw new UsageError(`No mistake has "${words.join(" ")}" in its name or file`);
    const copy = copyTree();
    try {
        requireGreen(copy, new Set(chosen.map(({expectedTest}) => expectedTest)));
        const verdicts = chosen.map((mutant) => {
            const verdict = tryMutant(copy, mutant);
            console.log(`${verdict.padEnd(8)} ${mutant.name} (${mutant.file}) by ${mutant.expectedTest}`);
            return verdict;
        });
        const caught = verdicts.filter((verdict) => verdict === "caught").length;
        console.log(`\n${caught} of ${verdicts.length} mistakes were caught`);
        return caught === verdicts.length ? 0 : 1;
    } finally {
        rmSync(copy, {recursive: true, force: true});
    }
}

if (process.argv[1] === import.meta.filename) process.exitCode = await runTool(process.argv.slice(2), HELP, main);
