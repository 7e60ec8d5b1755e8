/** `ballast margin`: equity and requirement of a book offline through the risk twin, or of an account on chain. */
import {Option} from "commander";
import type {Command} from "commander";

import {marginOf, MODEL_NAMES, prepareBook} from "../../sdk/book/index.js";
import type {ModelName} from "../../sdk/book/index.js";
import {InputError, parseAccount} from "../../sdk/index.js";
import {readBookFile} from "../bookFile.js";
import {describeMargin} from "../describeMargin.js";
import {describeReport, reportState} from "../describeReport.js";
import {online, reading} from "../session.js";
import type {OnlineOptions} from "../session.js";

type Options = OnlineOptions & {
    readonly book?: string;
    readonly account?: string;
    readonly model?: ModelName;
};

function bookMargin(path: string, options: Options): void {
    const file = readBookFile(path);
    const account = {...file.account, model: options.model ?? file.account.model};
    const result = marginOf(prepareBook({...file, account}));
    if (options.json === true) {
        console.log(JSON.stringify(result, null, 2));
        return;
    }
    console.log(describeMargin(result));
    for (const warning of result.warnings) console.error(`warning: ${warning}`);
}

async function accountMargin(named: string, options: Options): Promise<void> {
    const id = parseAccount(named);
    await reading(options, async ({ballast}) => {
        const report = reportState(id, await ballast.marginLens.scenarioDistances(id));
        console.log(options.json === true ? JSON.stringify(report, null, 2) : describeReport(report));
    });
}

async function margin(options: Options): Promise<void> {
    const {book, account} = options;
    if (book !== undefined && account === undefined) {
        bookMargin(book, options);
        return;
    }
    if (account === undefined || book !== undefined) {
        throw new InputError("book-malformed", "name one of --book FILE and --account ACCOUNT");
    }
    if (options.model !== undefined) throw new InputError("book-malformed", "--model is for book files only");
    return accountMargin(account, options);
}

export function marginCommand(program: Command): void {
    online(program.command("margin"))
        .description(
            "equity and requirement of a book file, offline (format in docs/book.schema.json), or of an account",
        )
        .option("--account <account>", "0xOwner/number, read from the chain")
        .option("--book <file>", 'book file, or "-" for the standard input')
        .addOption(new Option("--model <model>", "replaces the model of the file").choices(MODEL_NAMES))
        .action(margin);
}
