/**
 * Runs the stateful campaigns and the fuzz tests for longer than the tests do, and says how many calls that were:
 * `npm run fuzz:long -- [runs] [depth] [draws]`.
 */
import {spawn} from "node:child_process";
import {join} from "node:path";
import {stripVTControlCharacters} from "node:util";

import {filesIn, ROOT} from "./repository.js";

/** Five campaigns of so many runs and calls make more than half a million calls. */
const RUNS = "800";
const DEPTH = "128";
const DRAWS = "5000";

export type Campaign = {readonly suite: string; readonly name: string; readonly calls: number};

/** The campaigns that held, as the runner reports them, with the calls that each made. */
export function campaignsOf(output: string, depth: number): Campaign[] {
    const found: Campaign[] = [];
    let suite = "";
    for (const line of stripVTControlCharacters(output).split("\n")) {
        suite = /^ {2}\S+\.t\.sol:(\w+)$/.exec(line)?.[1] ?? suite;
        const [, name, runs] = /✔ (invariant\w*)\(\) \(runs: (\d+)/.exec(line) ?? [];
        if (name !== undefined) found.push({suite, name, calls: Number(runs) * depth});
    }
    return found;
}

/** One line for each campaign and one for all. */
export function countLines(campaigns: readonly Campaign[]): string[] {
    const inAll = campaigns.reduce((sum, {calls}) => sum + calls, 0);
    const number = (calls: number): string => calls.toLocaleString("en-US").padStart(11);
    return [
        ...campaigns.map(({suite, name, calls}) => `${number(calls)} calls  ${suite}.${name}`),
        `${number(inAll)} calls in all`,
    ];
}

async function main(): Promise<void> {
    const {env} = process;
    const [
        runs = env["BALLAST_INVARIANT_RUNS"] ?? RUNS,
        depth = env["BALLAST_INVARIANT_DEPTH"] ?? DEPTH,
        draws = env["BALLAST_FUZZ_RUNS"] ?? DRAWS,
    ] = process.argv.slice(2);
    const campaigns = filesIn("test/invariant", ".t.sol");
    // The runner knows a handler by its build, so those that changed must be built with the campaigns.
    const sources = filesIn("test/invariant", ".sol");
    const fuzzTests = filesIn("test/fuzz", ".t.sol");
    console.log(`${campaigns.join(", ")}: ${runs} runs of ${depth} calls for each invariant ...`);
    console.log(`${fuzzTests.join(", ")}: ${draws} draws each ...`);
    const startedAt = Date.now();
    const child = spawn(
        process.execPath,
        [join(ROOT, "scripts", "run.mjs"), "hardhat", "test", "solidity", ...sources, ...fuzzTests],
        {
            cwd: ROOT,
            stdio: ["inherit", "pipe", "inherit"],
            env: {...env, BALLAST_INVARIANT_RUNS: runs, BALLAST_INVARIANT_DEPTH: depth, BALLAST_FUZZ_RUNS: draws},
        },
    );
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
        process.stdout.write(chunk);
        output += chunk;
    });
    const code = await new Promise<number>((settle, reject) => {
        child.on("error", reject).on("close", (exitCode) => settle(exitCode ?? 1));
    });
    console.log(countLines(campaignsOf(output, Number(depth))).join("\n"));
    console.log(`${Math.round((Date.now() - startedAt) / 1000)} s`);
    process.exitCode = code;
}

if (process.argv[1] === import.meta.filename) await main();
