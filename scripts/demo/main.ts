/**
 * `npm run demo`: portfolios live through 8 to 16 March 2020 on a chain in this process; keepers close the ones that fall short,
 * and the books add up. Fails if they do not, or if something that the built-in crash is meant to show did not happen.
 */
import {readFileSync} from "node:fs";
import {join} from "node:path";

import hre from "hardhat";

import {formatTime} from "../sdk/index.js";
import {writeAtomically} from "../shared/files.js";
import {PriceFileError} from "../shared/prices/failures.js";
import {readTime} from "../shared/prices/priceTable.js";
import {finalAccount} from "./account.js";
import {HELP, parseOptions, UsageError} from "./options.js";
import type {Options} from "./options.js";
import {play} from "./play.js";
import {parsePriceFile} from "./priceFile.js";
import type {PriceBar} from "./priceFile.js";
import {builtInPrices} from "./prices.js";
import {page} from "./report/page.js";
import {summaryOf} from "./summary.js";
import type {Story} from "./summary.js";

function barsFor({prices, bars: count, from}: Options): readonly PriceBar[] {
    const all = prices === undefined ? builtInPrices() : parsePriceFile(readFileSync(prices, "utf8"), readTime(from));
    return count === undefined ? all : all.slice(0, count);
}

/** Other prices have other ends; that the books add up holds on all of them. */
function succeeded({books, twin, promises}: Story, {prices, bars}: Options): boolean {
    const isWhole = prices === undefined && bars === undefined;
    const missed = promises.filter(({kept}) => !kept).map(({promise}) => promise);
    if (!books.solvent) console.error("The books do not add up.");
    if (twin.different.length > 0) console.error(`Twin and chain differ on ${twin.different.join(", ")}.`);
    if (isWhole && missed.length > 0) console.error(`Did not happen: ${missed.join("; ")}.`);
    return books.solvent && twin.different.length === 0 && (!isWhole || missed.length === 0);
}

async function demo(options: Options): Promise<boolean> {
    const print = (line: string): void => {
        if (!options.json) console.log(line);
    };
    const bars = barsFor(options);
    print("Compiling contracts (a minute or more the first time) ...");
    await hre.tasks.getTask("build").run({quiet: true});
    print(`Replaying ${bars.length} hours from ${formatTime(bars[0]?.time ?? 0)} on a chain in this process ...\n`);
    const began = Date.now();
    const story = await play(bars, print);
    const summary = JSON.stringify(summaryOf(story), null, 2);
    const figures = join(options.out, "summary.json");
    const report = join(options.out, "report.html");
    writeAtomically(figures, `${summary}\n`);
    writeAtomically(report, page(story));
    print(finalAccount(story));
    print(`\nReport: ${report}\nFigures: ${figures}\nTook ${Math.round((Date.now() - began) / 1000)} s.`);
    if (options.json) console.log(summary);
    return succeeded(story, options);
}

async function main(args: readonly string[]): Promise<number> {
    try {
        const options = parseOptions(args);
        if (!options.help) return (await demo(options)) ? 0 : 1;
        console.log(HELP);
        return 0;
    } catch (error) {
        if (!(error instanceof UsageError || error instanceof PriceFileError)) throw error;
        console.error(error.message);
        return 2;
    }
}

process.exit(await main(process.argv.slice(2)));
