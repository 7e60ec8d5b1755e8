/** Builds the package in a folder: code, types and paperwork, nothing else. */
import {mkdirSync, rmSync, writeFileSync} from "node:fs";
import {dirname, join} from "node:path";

import type {Deployment} from "../../shared/deployment.js";
import {compile, importedPackages} from "./compile.js";
import type {Files} from "./compile.js";
import {addressesModule, ENTRIES, PACKAGES, paperwork} from "./manifest.js";

const ADDRESSES = "lib/shared/addresses.js";

/** The package's files by path; the deployments become those that it knows by name. */
export function packageFiles(deployments: readonly Deployment[] = []): Files {
    const files = compile(Object.values(ENTRIES));
    importedPackages(files, PACKAGES);
    files.set(ADDRESSES, addressesModule(deployments));
    return new Map([...files, ...paperwork()]);
}

/** Replaces what is in the folder. */
export function writePackage(folder: string, files: Files): void {
    rmSync(folder, {recursive: true, force: true});
    for (const [path, text] of files) {
        const target = join(folder, path);
        mkdirSync(dirname(target), {recursive: true});
        writeFileSync(target, text);
    }
}
