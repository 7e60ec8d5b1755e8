/** Runs the stateful campaigns and the fuzz tests for longer than the tests do: `npm run fuzz:long -- [runs] [depth] [draws]`. */
import {spawnSync} from "node:child_process";
import {join} from "node:path";

import {filesIn, ROOT} from "./repository.js";

const RUNS = "200";
const DEPTH = "128";
const DRAWS = "5000";

const {env} = process;
const [
    runs = env["BALLAST_INVARIANT_RUNS"] ?? RUNS,
    depth = env["BALLAST_INVARIANT_DEPTH"] ?? DEPTH,
    draws = env["BALLAST_FUZZ_RUNS"] ?? DRAWS,
] = process.argv.slice(2);
const campaigns = filesIn("test/invariant", ".t.sol");
const fuzzTests = filesIn("test/fuzz", ".t.sol");

console.log(`${campaigns.join(", ")}: ${runs} runs of ${depth} calls each ...`);
console.log(`${fuzzTests.join(", ")}: ${draws} draws each ...`);
const {status} = spawnSync(
    process.execPath,
    [join(ROOT, "scripts", "run.mjs"), "hardhat", "test", "solidity", ...campaigns, ...fuzzTests],
    {
        cwd: ROOT,
        stdio: "inherit",
        env: {...env, BALLAST_INVARIANT_RUNS: runs, BALLAST_INVARIANT_DEPTH: depth, BALLAST_FUZZ_RUNS: draws},
    },
);
process.exitCode = status ?? 1;
