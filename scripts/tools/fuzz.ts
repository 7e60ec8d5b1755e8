/** Runs the stateful campaigns for longer than the tests do: `npm run fuzz:long -- [runs] [depth]`. */
import {spawnSync} from "node:child_process";
import {join} from "node:path";

import {filesIn, ROOT} from "./repository.js";

const RUNS = "200";
const DEPTH = "128";

const [runs = process.env["BALLAST_INVARIANT_RUNS"] ?? RUNS, depth = process.env["BALLAST_INVARIANT_DEPTH"] ?? DEPTH] =
    process.argv.slice(2);
const campaigns = filesIn("test/invariant", ".t.sol");

console.log(`${campaigns.join(", ")}: ${runs} runs of ${depth} calls each ...`);
const {status} = spawnSync(
    process.execPath,
    [join(ROOT, "scripts", "run.mjs"), "hardhat", "test", "solidity", ...campaigns],
    {
        cwd: ROOT,
        stdio: "inherit",
        env: {...process.env, BALLAST_INVARIANT_RUNS: runs, BALLAST_INVARIANT_DEPTH: depth},
    },
);
process.exitCode = status ?? 1;
