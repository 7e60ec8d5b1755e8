/** `ballast margin`: equity and requirement of a book, offline through the risk twin. */
import {readFileSync} from "node:fs";

import {Option} from "commander";
import type {Command} from "commander";

import {marginOf, prepareBook, readBook} from "../../sdk/book/index.js";
import {InputError} from "../../sdk/index.js";
import {describeMargin} from "../describeMargin.js";

type Options = {readonly book: string; readonly model?: "scenario" | "isolated"; readonly json?: true};

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

function margin(options: Options): void {
    const file = readBook(readJson(options.book));
    const account = {...file.account, model: options.model ?? file.account.model};
    const result = marginOf(prepareBook({...file, account}));
    if (options.json === true) {
        console.log(JSON.stringify(result, null, 2));
        return;
    }
    console.log(describeMargin(result));
    for (const warning of result.warnings) console.error(`warning: ${warning}`);
}

export function marginCommand(program: Command): void {
    program
        .command("margin")
        .description("equity and requirement of a book file, offline; format in docs/book.schema.json")
        .requiredOption("--book <file>", 'book file, or "-" for the standard input')
        .addOption(new Option("--model <model>", "replaces the model of the file").choices(["scenario", "isolated"]))
        .option("--json", "print decimal strings as JSON")
        .action(margin);
}
