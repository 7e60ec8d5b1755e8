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
import {readArguments, runTool} from "./usage.js";

const HELP = `npm run snapshots, npm run snapshots:check

Measures code sizes and gas and writes snapshots/ with the pages that print its figures: docs/gas.md, docs/gas.svg, README.md.

  --check   write nothing, fail when a figure would change
  --help    this text

Exit codes: 0 done, 1 with --check if a figure differs, 2 bad input.`;
const BENCH = join(ROOT, "snapshots", "bench.json");

function run(args: readonly string[], env: Readonly<Record<string, string>> = {}): void {
    const command = [join(ROOT, "scripts", "run.mjs"), ...args];
    const {status} = spawnSync(process.execPath, command, {cwd: ROOT, stdio: "inherit", env: {...process.env, ...env}});
    if (status !== 0) throw new Error(`${args.join(" ")} failed`);
}

/** Writes a file, or with --check says what would change in it. */
function compare(name: string, wanted: string, isCheck: boolean): string[] {
    const path = join(ROOT, "snapshots", name);
    const found = existsSync(path) ? readFileSync(path, "utf8") : "";
    if (found === wanted) return [];
    if (!isCheck) {
        mkdirSync(join(ROOT, "snapshots"), {recursive: true});
        writeFileSync(path, wanted);
        console.log(`snapshots/${name} written`);
        return [];
    }
    const before = new Set(found.split("\n"));
    const after = new Set(wanted.split("\n"));
    return [
        `snapshots/${name}:`,
        ...[...before].filter((line) => !after.has(line)).map((line) => `  - ${line.trim()}`),
        ...[...after].filter((line) => !before.has(line)).map((line) => `  + ${line.trim()}`),
    ];
}

const toJson = (entries: Iterable<readonly [string, number]>): string =>
    `${JSON.stringify(Object.fromEntries(entries), null, 4)}\n`;

/** Of the benchmark: what would change, a few sizes measured; or everything measured and written. */
function benchmark(isCheck: boolean): string[] {
    const benchGas = join("scripts", "tools", "benchGas.ts");
    if (!isCheck) {
        run([benchGas, "--docs", "--json", BENCH]);
        return [];
    }
    const measured = join(ROOT, "cache", "bench.json");
    run([benchGas, "--quick", "--json", measured]);
    const recorded = existsSync(BENCH) ? fromJson(readFileSync(BENCH, "utf8")) : [];
    const changed = differences(recorded, fromJson(readFileSync(measured, "utf8")));
    return changed.length > 0 ? ["snapshots/bench.json:", ...changed.map((change) => `  ${change}`)] : [];
}

function main(args: readonly string[]): number {
    const {check} = readArguments(args, {check: {type: "boolean", default: false}}).values;
    run(["hardhat", "build"]);
    const sizes = deployables().map((artifact) => [artifact.contractName, codeSize(artifact)] as const);
    const drift = compare("size.json", toJson(sizes.sort(([a], [b]) => (a < b ? -1 : 1))), check);
    const gasTests = filesIn("test/gas", ".test.ts");
    if (gasTests.length > 0) {
        const recorded = join(ROOT, "cache", "gas.json");
        rmSync(recorded, {force: true});
        run(["hardhat", "test", "mocha", "--no-compile", ...gasTests], {UPDATE_SNAPSHOTS: "1", GAS_SNAPSHOT: recorded});
        drift.push(...compare("gas.json", existsSync(recorded) ? readFileSync(recorded, "utf8") : "{}\n", check));
    }
    drift.push(...benchmark(check));
    if (drift.length > 0) {
        console.error([...drift, "Run `npm run snapshots` and give the reason in the commit."].join("\n"));
        return 1;
    }
    if (check) console.log("Snapshots agree.");
    return 0;
}

process.exitCode = await runTool(process.argv.slice(2), HELP, main);
