/** Files that survive a crash: replaced whole or not at all, or only ever added to. */
import {appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync} from "node:fs";
import {dirname} from "node:path";

export function writeAtomically(path: string, text: string): void {
    mkdirSync(dirname(path), {recursive: true});
    const draft = `${path}.${process.pid}.new`;
    writeFileSync(draft, text, {flush: true});
    renameSync(draft, path);
}

export function appendLine(path: string, line: string): void {
    mkdirSync(dirname(path), {recursive: true});
    appendFileSync(path, `${line}\n`, {flush: true});
}

/** Contents of a file, undefined if there is none yet. */
export function readIfPresent(path: string): string | undefined {
    return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}
