/** Book files as commands name them. */
import {readFileSync} from "node:fs";

import {readBook} from "../sdk/book/index.js";
import type {BookFile} from "../sdk/book/index.js";
import {InputError} from "../sdk/index.js";

const STDIN = 0;

/** Reads a file, or the standard input for "-". */
function readJson(path: string): unknown {
    let text: string;
    try {
        text = readFileSync(path === "-" ? STDIN : path, "utf8");
    } catch (error) {
        throw new InputError("book-malformed", `--book: cannot read ${path}: ${(error as Error).message}`, {path});
    }
    try {
        return JSON.parse(text);
    } catch (error) {
        throw new InputError("book-malformed", `--book: ${path} is not JSON: ${(error as Error).message}`, {path});
    }
}

export const readBookFile = (path: string): BookFile => readBook(readJson(path));
