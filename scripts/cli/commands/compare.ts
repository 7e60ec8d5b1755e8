/** `ballast compare`: what other venues would ask for a book, offline, beside the Scenario model. */
import type {Command} from "commander";

import {prepareBook} from "../../sdk/book/index.js";
import {compareBook} from "../../sdk/venues/index.js";
import {writeAtomically} from "../../shared/files.js";
import {readBookFile} from "../bookFile.js";
import {compareChart} from "../compareChart.js";
import {describeCompare} from "../describeCompare.js";

type Options = {readonly book: string; readonly json?: true; readonly chart?: string};

function compare({book, json, chart}: Options): void {
    const comparison = compareBook(prepareBook(readBookFile(book)));
    if (chart !== undefined) writeAtomically(chart, compareChart(comparison));
    if (json === true) {
        console.log(JSON.stringify(comparison, null, 2));
        return;
    }
    console.log(describeCompare(comparison));
    for (const warning of comparison.warnings) console.error(`warning: ${warning}`);
}

export function compareCommand(program: Command): void {
    program
        .command("compare")
        .description("what Deribit, Derive, Paradex, CME SPAN and Reg-T rules would ask for a book file, offline")
        .requiredOption("--book <file>", 'book file, or "-" for the standard input')
        .option("--json", "print decimal strings as JSON")
        .option("--chart <file>", "write a picture of the requirements, SVG")
        .addHelpText("after", "\nRules, figures and what is assumed where they are not public: docs/compare.md.")
        .action(compare);
}
