/**
 * Runs the stateful campaigns and the fuzz tests for longer than the tests do, and says how many calls that were:
 * `npm run fuzz:long -- [runs] [depth] [draws]`.
 */
import {spawn} from "node:child_process";
import {join} from "node:path";
import {stripVTControlCharacters} from "node:util";

import {filesIn, ROOT} from "./repository.js";
import {countOf, NO_FLAGS, readArguments, runTool} from "./usage.js";

/** Five campaigns of so many runs and calls make more than half a million calls. */
const RUNS = "800";
const DEPTH = "128";
const DRAWS = "5000";
/** The runner keeps what every call did: so many fit into the memory of a small machine, further runs get a process of their own. */
const CALLS_AT_ONCE = 2500;

const HELP = `npm run fuzz:long -- [RUNS] [DEPTH] [DRAWS]

Runs every stateful campaign and every fuzz test for longer than the tests do, and counts the calls. Campaigns go by
themselves, some ${CALLS_AT_ONCE} calls in a process, each with a seed of its own.

  RUNS    runs of each invariant (${RUNS}), also BALLAST_INVARIANT_RUNS
  DEPTH   calls in a run (${DEPTH}), also BALLAST_INVARIANT_DEPTH
  DRAWS   draws of each fuzz test (${DRAWS}), also BALLAST_FUZZ_RUNS
  --help  this text

Exit codes: 0 everything held, 1 something did not, 2 bad input.`;

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

async function main(args: readonly string[]): Promise<number> {
    const {env} = process;
    const {words} = readArguments(args, NO_FLAGS, 3);
    const [
        runs = env["BALLAST_INVARIANT_RUNS"] ?? RUNS,
        depth = env["BALLAST_INVARIANT_DEPTH"] ?? DEPTH,
        draws = env["BALLAST_FUZZ_RUNS"] ?? DRAWS,
    ] = words;
    for (const [name, text] of Object.entries({RUNS: runs, DEPTH: depth, DRAWS: draws})) countOf(name, text);
    const campaigns = filesIn("test/invariant", ".t.sol");
    // The runner knows a handler by its build, so those that changed must be built with the campaigns.
    const sources = filesIn("test/invariant", ".sol");
    const fuzzTests = filesIn("test/fuzz", ".t.sol");
    console.log(`${campaigns.join(", ")}: ${runs} runs of ${depth} calls for each invariant ...`);
    console.log(`${fuzzTests.join(", ")}: ${draws} draws each ...`);
    const startedAt = Date.now();
    const terms = {BALLAST_INVARIANT_DEPTH: depth, BALLAST_FUZZ_RUNS: draws};
    const held: Campaign[] = [];
    let code = await runTests(fuzzTests, {...env, ...terms}).then((one) => one.code);
    for (const campaign of campaigns) {
        const files = [campaign, ...sources.filter((file) => !file.endsWith(".t.sol"))];
        for (const [place, batch] of batches(Number(runs), Number(depth)).entries()) {
            const own = {BALLAST_INVARIANT_RUNS: String(batch), BALLAST_FUZZ_SEED: `0x${(place + 1).toString(16)}`};
            const one = await runTests(files, {...env, ...terms, ...own});
            held.push(...campaignsOf(one.output, Number(depth)));
            code = code === 0 ? one.code : code;
        }
    }
    console.log(countLines(inAll(held)).join("\n"));
    console.log(`${Math.round((Date.now() - startedAt) / 1000)} s`);
    return code;
}

/** Runs of one process each, as many as there are. */
export function batches(runs: number, depth: number): number[] {
    const most = Math.max(1, Math.floor(CALLS_AT_ONCE / depth));
    const whole = Array.from({length: Math.floor(runs / most)}, () => most);
    return runs % most === 0 ? whole : [...whole, runs % most];
}

/** Calls of a campaign over all its processes. */
export function inAll(parts: readonly Campaign[]): Campaign[] {
    const sums = new Map<string, Campaign>();
    for (const one of parts) {
        const key = `${one.suite}.${one.name}`;
        sums.set(key, {...one, calls: one.calls + (sums.get(key)?.calls ?? 0)});
    }
    return [...sums.values()];
}

async function runTests(files: readonly string[], env: NodeJS.ProcessEnv): Promise<{code: number; output: string}> {
    const args = [join(ROOT, "scripts", "run.mjs"), "hardhat", "test", "solidity", ...files];
    const child = spawn(process.execPath, args, {cwd: ROOT, stdio: ["inherit", "pipe", "inherit"], env});
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

if (process.argv[1] === import.meta.filename) process.exitCode = await runTool(process.argv.slice(2), HELP, main);
