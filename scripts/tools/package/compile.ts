/** The kit's sources as ES modules and declarations: what its entry points reach, and nothing of Node, Hardhat or the tests. */
import {join, relative} from "node:path";

import ts from "typescript";

import {ROOT} from "../repository.js";
import {PackageError} from "./failures.js";

/** Files of the package by path. */
export type Files = Map<string, string>;

const TYPES_ONLY = "typechain-types/";

/** `scripts/sdk/ids.js` → `lib/sdk/ids.js`: as deep as before, so that no import changes. */
export const packaged = (path: string): string => path.replace(/^scripts\//, "lib/");

function optionsOf(): ts.CompilerOptions {
    const {config} = ts.readConfigFile(join(ROOT, "tsconfig.json"), (path) => ts.sys.readFile(path)) as {
        readonly config: unknown;
    };
    const {options} = ts.parseJsonConfigFileContent(config, ts.sys, ROOT);
    delete options.tsBuildInfoFile;
    return {
        ...options,
        incremental: false,
        noEmit: false,
        noEmitOnError: true,
        declaration: true,
        newLine: ts.NewLineKind.LineFeed,
        rootDir: ROOT,
        outDir: ROOT,
        // What needs Node or the test runner does not belong into the kit.
        types: [],
    };
}

/** Compiles the entry points, paths from the root of the repository, with all that they import. */
export function compile(entries: readonly string[]): Files {
    const program = ts.createProgram(
        entries.map((entry) => join(ROOT, entry)),
        optionsOf(),
    );
    const problems = ts.getPreEmitDiagnostics(program);
    if (problems.length > 0) {
        const host = {
            getCanonicalFileName: (path: string) => path,
            getCurrentDirectory: () => ROOT,
            getNewLine: () => "\n",
        };
        throw new PackageError("type-errors", ts.formatDiagnostics(problems, host));
    }
    const files: Files = new Map();
    program.emit(undefined, (path, text) => {
        const from = relative(ROOT, path).replaceAll("\\", "/");
        const isEmpty = from.startsWith(TYPES_ONLY) && from.endsWith(".js");
        if (!isEmpty) files.set(packaged(from), text);
    });
    return files;
}

/** The package that a bare import names: `@scope/name/path` → `@scope/name`. */
const packageOf = (target: string): string => target.split("/", target.startsWith("@") ? 2 : 1).join("/");

/** Every package that the files import; refuses one that is not expected. */
export function importedPackages(files: Files, expected: readonly string[]): string[] {
    const found = new Set<string>();
    for (const [path, text] of files) {
        if (!/\.(js|d\.ts)$/.test(path)) continue;
        for (const {fileName: target} of ts.preProcessFile(text).importedFiles) {
            if (target.startsWith(".")) continue;
            const name = packageOf(target);
            if (!expected.includes(name)) {
                throw new PackageError("foreign-import", `${path} imports ${target}`, {path, target});
            }
            found.add(name);
        }
    }
    return [...found].sort();
}
