/**
 * Writes `snapshots/size.json` (runtime code of every deployable), `snapshots/gas.json` (what the tests in `test/gas` record) and
 * `snapshots/bench.json` with the pages that carry its figures; with `--check` fails when one of the files would change. Of the
 * benchmark a check measures a few sizes only.
 */
import {spawnSync} from "node:child_process";
import {existsSync, mkdirSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {join} from "node:path";

import {codeSize, deployables} from "./artifacts.js";
import {differences, fromJson} from "./gas/figures.js";
import {filesIn, ROOT} from "./repository.js";

const isCheck = process.argv.includes("--check");
const drift: string[] = [];

function run(args: readonly string[], env: Readonly<Record<string, string>> = {}): void {
    const command = [join(ROOT, "scripts", "run.mjs"), ...args];
    const {status} = spawnSync(process.execPath, command, {cwd: ROOT, stdio: "inherit", env: {...process.env, ...env}});
    if (status !== 0) throw new Error(`${args.join(" ")} failed`);
}

function compare(name: string, wanted: string): void {
    const path = join(ROOT, "snapshots", name);
    const found = existsSync(path) ? readFileSync(path, "utf8") : "";
    if (found === wanted) return;
    if (!isCheck) {
        mkdirSync(join(ROOT, "snapshots"), {recursive: true});
        writeFileSync(path, wanted);
        console.log(`snapshots/${name} written`);
        return;
    }
    const before = new Set(found.split("\n"));
    const after = new Set(wanted.split("\n"));
    drift.push(
        `snapshots/${name}:`,
        ...[...before].filter((line) => !after.has(line)).map((line) => `  - ${line.trim()}`),
        ...[...after].filter((line) => !before.has(line)).map((line) => `  + ${line.trim()}`),
    );
}

const toJson = (entries: Iterable<readonly [string, number]>): string =>
    `${JSON.stringify(Object.fromEntries(entries), null, 4)}\n`;

run(["hardhat", "build"]);
const sizes = deployables().map((artifact) => [artifact.contractName, codeSize(artifact)] as const);
compare("size.json", toJson(sizes.sort(([a], [b]) => (a < b ? -1 : 1))));

const gasTests = filesIn("test/gas", ".test.ts");
if (gasTests.length > 0) {
    const recorded = join(ROOT, "cache", "gas.json");
    rmSync(recorded, {force: true});
    run(["hardhat", "test", "mocha", "--no-compile", ...gasTests], {UPDATE_SNAPSHOTS: "1", GAS_SNAPSHOT: recorded});
    compare("gas.json", existsSync(recorded) ? readFileSync(recorded, "utf8") : "{}\n");
}

const BENCH = join(ROOT, "snapshots", "bench.json");
const benchGas = join("scripts", "tools", "benchGas.ts");
if (isCheck) {
    const measured = join(ROOT, "cache", "bench.json");
    run([benchGas, "--quick", "--json", measured]);
    const recorded = existsSync(BENCH) ? fromJson(readFileSync(BENCH, "utf8")) : [];
    const changed = differences(recorded, fromJson(readFileSync(measured, "utf8")));
    if (changed.length > 0) drift.push("snapshots/bench.json:", ...changed.map((change) => `  ${change}`));
} else {
    run([benchGas, "--docs", "--json", BENCH]);
}

if (drift.length > 0) {
    console.error([...drift, "Run `npm run snapshots` and give the reason in the commit."].join("\n"));
    process.exitCode = 1;
} else if (isCheck) {
    console.log("Snapshots agree.");
}
