/** An empty project of somebody who has installed the packed kit, without a network. */
import {spawn} from "node:child_process";
import {cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";

import {packageFiles, writePackage} from "../../../../scripts/tools/package/build.js";
import {PACKAGE_NAME} from "../../../../scripts/tools/package/manifest.js";
import {ROOT} from "../../../../scripts/tools/repository.js";
import type {Deployment} from "../../../../scripts/shared/deployment.js";

export type Project = {
    readonly folder: string;
    /** Files of the tarball, as npm packed them. */
    readonly packed: readonly string[];
    readonly remove: () => void;
};

const MOST_MS = 60_000;

export type Run = {readonly code: number | null; readonly out: string; readonly err: string};

/** Not the synchronous kind: the chain that a command talks to lives in this process. */
function run(command: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv = {}): Promise<Run> {
    const child = spawn(command, args, {cwd, env: {...process.env, NODE_OPTIONS: "", ...env}, timeout: MOST_MS});
    const [out, err]: [string[], string[]] = [[], []];
    child.stdout.setEncoding("utf8").on("data", (text: string) => out.push(text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => err.push(text));
    return new Promise((settle, reject) => {
        child.on("error", reject).on("close", (code) => settle({code, out: out.join(""), err: err.join("")}));
    });
}

async function must(command: string, args: readonly string[], cwd: string): Promise<string> {
    const {code, out, err} = await run(command, args, cwd);
    if (code !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${String(code)}: ${out}${err}`);
    return out;
}

const COMPILER_OPTIONS = {
    target: "es2023",
    lib: ["es2023"],
    module: "nodenext",
    strict: true,
    exactOptionalPropertyTypes: true,
    noPropertyAccessFromIndexSignature: true,
    noUncheckedIndexedAccess: true,
    verbatimModuleSyntax: true,
};

/** What npm would lay out: the unpacked tarball, and the two packages that it names, from this repository. */
async function install(folder: string, tarball: string): Promise<void> {
    const target = join(folder, "node_modules", ...PACKAGE_NAME.split("/"));
    mkdirSync(target, {recursive: true});
    await must("tar", ["-xzf", tarball, "--strip-components=1", "-C", target], folder);
    for (const name of ["ethers", "zod", "@types/node"]) {
        mkdirSync(join(folder, "node_modules", "@types"), {recursive: true});
        symlinkSync(join(ROOT, "node_modules", name), join(folder, "node_modules", name), "junction");
    }
}

export async function openProject(deployments: readonly Deployment[]): Promise<Project> {
    const folder = mkdtempSync(join(tmpdir(), "ballast-kit-"));
    const dist = join(folder, "dist");
    writePackage(dist, packageFiles(deployments));
    const packed = await must("npm", ["pack", "--json", "--offline", "--pack-destination", folder], dist);
    const [{filename, files}] = JSON.parse(packed) as [
        {readonly filename: string; readonly files: readonly {readonly path: string}[]},
    ];
    rmSync(dist, {recursive: true});
    await install(folder, join(folder, filename));
    writeFileSync(join(folder, "package.json"), JSON.stringify({private: true, type: "module"}));
    cpSync(join(ROOT, "docs/examples/sdk"), join(folder, "examples"), {recursive: true});
    return {folder, packed: files.map(({path}) => path), remove: () => rmSync(folder, {recursive: true, force: true})};
}

/** Names of the examples, as in the folder. */
export const examplesIn = ({folder}: Project): string[] =>
    readdirSync(join(folder, "examples"))
        .filter((name) => name.endsWith(".ts"))
        .map((name) => name.slice(0, -".ts".length));

/** Checks the types of a folder of the project strictly and compiles it in place. */
export function compileIn({folder}: Project, name: string, options: Readonly<Record<string, unknown>>): Promise<Run> {
    const config = {compilerOptions: {...COMPILER_OPTIONS, ...options}, include: ["*.ts"]};
    mkdirSync(join(folder, name), {recursive: true});
    writeFileSync(join(folder, name, "tsconfig.json"), JSON.stringify(config));
    return run(process.execPath, [join(ROOT, "node_modules/typescript/bin/tsc"), "-p", "."], join(folder, name));
}

/** Runs one module of the project under plain Node. */
export const runIn = ({folder}: Project, module: string, env: NodeJS.ProcessEnv = {}): Promise<Run> =>
    run(process.execPath, [join(folder, module)], folder, env);
