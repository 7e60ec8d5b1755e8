/**
 * Makes a clone ready to work: the locked dependencies, installed by the Node version that they need.
 *
 * Hardhat's native part is skipped when an older Node installs it, so the install runs under the Node that package.json pins.
 * Needs nothing but Node 18 and npm; does nothing when the clone is ready already.
 */
import {spawnSync} from "node:child_process";
import {createHash} from "node:crypto";
import {existsSync, readFileSync, writeFileSync} from "node:fs";
import {dirname, join} from "node:path";
import {fileURLToPath, pathToFileURL} from "node:url";

export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
export const NODE = join(ROOT, "node_modules", "node", "bin", process.platform === "win32" ? "node.exe" : "node");

const STAMP = join(ROOT, "node_modules", ".ballast-setup.json");
const NPM_VERSION = "11";

const readJson = (path) => JSON.parse(readFileSync(path, "utf8"));

function wantedState() {
    const lock = createHash("sha256")
        .update(readFileSync(join(ROOT, "package-lock.json")))
        .digest("hex");
    return {lock, node: readJson(join(ROOT, "package.json")).devDependencies.node};
}

function isReady(wanted) {
    if (!existsSync(STAMP) || !existsSync(NODE)) return false;
    const found = readJson(STAMP);
    return found.lock === wanted.lock && found.node === wanted.node;
}

/** True if the installed packages load under the pinned Node, whoever installed them. */
function works() {
    const probe = "require('@nomicfoundation/edr'); require('esbuild')";
    return existsSync(NODE) && spawnSync(NODE, ["-e", probe], {cwd: ROOT, stdio: "ignore"}).status === 0;
}

/** True if npm's record of what it installed agrees with the lockfile. */
function matchesLock() {
    const record = join(ROOT, "node_modules", ".package-lock.json");
    if (!existsSync(record)) return false;
    const installed = readJson(record).packages;
    return Object.entries(readJson(join(ROOT, "package-lock.json")).packages).every(
        ([path, entry]) => path === "" || entry.optional || installed[path]?.version === entry.version,
    );
}

function install(node) {
    console.error(`Installing dependencies with Node ${node} (about half a minute, once) ...`);
    const args = ["-y", "-p", `node@${node}`, "-p", `npm@${NPM_VERSION}`, "--", "npm", "ci", "--loglevel=error"];
    const {status} = spawnSync("npx", args, {
        cwd: ROOT,
        stdio: ["ignore", 2, 2],
        shell: process.platform === "win32",
    });
    if (status !== 0) throw new Error(`npm ci ended with status ${status}; see its output above`);
}

export function ensureReady() {
    const wanted = wantedState();
    if (isReady(wanted)) return;
    if (!matchesLock() || !works()) install(wanted.node);
    if (!works()) throw new Error("The dependencies are installed but do not load; remove node_modules and try again");
    writeFileSync(STAMP, `${JSON.stringify(wanted)}\n`);
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
    ensureReady();
    console.error("Ready.");
}
