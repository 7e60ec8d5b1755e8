/** Files that survive a crash: replaced whole or not at all, or only ever added to. */
import {
    appendFileSync,
    closeSync,
    existsSync,
    fstatSync,
    mkdirSync,
    openSync,
    readFileSync,
    readSync,
    renameSync,
    writeFileSync,
} from "node:fs";
import {dirname} from "node:path";

export function writeAtomically(path: string, text: string): void {
    mkdirSync(dirname(path), {recursive: true});
    const draft = `${path}.${process.pid}.new`;
    writeFileSync(draft, text, {flush: true});
    renameSync(draft, path);
}

/** Adds a line; one that a crash has cut short stays alone. */
export function appendLine(path: string, line: string): void {
    mkdirSync(dirname(path), {recursive: true});
    appendFileSync(path, `${endsInLine(path) ? "" : "\n"}${line}\n`, {flush: true});
}

function endsInLine(path: string): boolean {
    const file = openSync(path, "a+");
    try {
        const {size} = fstatSync(file);
        const last = Buffer.alloc(1);
        if (size > 0) readSync(file, last, 0, 1, size - 1);
        return size === 0 || last.toString() === "\n";
    } finally {
        closeSync(file);
    }
}

/** Contents of a file, undefined if there is none yet. */
export function readIfPresent(path: string): string | undefined {
    return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}
