/**
 * Runs a command of the project on the pinned Node, after making the clone ready:
 * `node scripts/run.mjs <hardhat | tsc | prettier | … | path/to/script.ts> [arguments]`.
 */
import {spawn} from "node:child_process";
import {existsSync, readFileSync} from "node:fs";
import {constants} from "node:os";
import {delimiter, dirname, join, resolve} from "node:path";
import {fileURLToPath, pathToFileURL} from "node:url";

import {ensureReady, NODE, ROOT} from "./setup.mjs";

/** Packages whose command has another name than the package. */
const PACKAGE_OF = {tsc: "typescript"};

function entryOf(command) {
    if (/\.(m?js|ts)$/.test(command)) return resolve(ROOT, command);
    const folder = join(ROOT, "node_modules", PACKAGE_OF[command] ?? command);
    const {bin} = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    return join(folder, typeof bin === "string" ? bin : bin[command]);
}

function nodeArguments(entry, args) {
    if (!existsSync(entry)) throw new Error(`No such command: ${entry.slice(ROOT.length + 1)}`);
    const tsx = pathToFileURL(join(ROOT, "node_modules", "tsx", "dist", "loader.mjs")).href;
    return entry.endsWith(".ts") ? ["--import", tsx, entry, ...args] : [entry, ...args];
}

/** Runs `command` in `cwd`; the promise holds the exit code. */
export function run(command, args, cwd = ROOT) {
    ensureReady();
    const env = {...process.env, PATH: `${dirname(NODE)}${delimiter}${process.env.PATH ?? ""}`};
    const child = spawn(NODE, nodeArguments(entryOf(command), args), {cwd, env, stdio: "inherit"});
    // The terminal signals the whole group; a signal sent to this process alone is passed on, and the child decides when to end.
    for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => child.kill(signal));
    return new Promise((settle, reject) => {
        child.on("error", reject);
        child.on("exit", (code, signal) => settle(code ?? 128 + constants.signals[signal]));
    });
}

if (process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
    const [command, ...args] = process.argv.slice(2);
    if (command === undefined) throw new Error("usage: node scripts/run.mjs <command> [arguments]");
    process.exitCode = await run(command, args);
}
