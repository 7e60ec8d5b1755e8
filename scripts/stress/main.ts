/**
 * `npm run stress`: a crash on the real contracts with hundreds of accounts and competing keepers, with and without protections.
 * Exit codes: 0 solvent throughout, 3 insolvent at some look with protections on, 2 bad input.
 */
import {readFileSync} from "node:fs";

import hre from "hardhat";

import {codeOf} from "../shared/options.js";
import {formatDuration, InputError} from "../sdk/index.js";
import {writeAtomically} from "../shared/files.js";
import {PriceFileError} from "../shared/prices/failures.js";
import {readPriceTable} from "../shared/prices/priceTable.js";
import type {PriceRow} from "../shared/prices/priceTable.js";
import {describe} from "./describe.js";
import {StressError} from "./failures.js";
import {figuresOf} from "./figures.js";
import {ledgerCsv} from "./ledger.js";
import {barsFrom, pathOf, windowRows} from "./path.js";
import {populate} from "./population.js";
import {buildProgram} from "./program.js";
import type {Options} from "./program.js";
import {page} from "./report/page.js";
import {StressRun} from "./run.js";
import type {Outcome} from "./run.js";

const EXIT_INSOLVENT = 3;
const STDOUT = "-";
const GAS_PRICE_WEI = 20_000_000_000n;
const PROGRESS_MS = 5000;

function rowsOf({prices, window}: Options): readonly PriceRow[] {
    if (prices === undefined) return windowRows(window);
    try {
        return readPriceTable(readFileSync(prices, "utf8"), {extremes: true});
    } catch (error) {
        if (!(error instanceof Error && "syscall" in error)) throw error;
        throw new PriceFileError("file-unreadable", `Cannot read ${prices}`, {path: prices});
    }
}

function progressOf(name: string): (done: number, all: number) => void {
    const began = Date.now();
    let last = began;
    return (done, all) => {
        const now = Date.now();
        if (now - last < PROGRESS_MS) return;
        last = now;
        const left = Math.round((((now - began) / done) * (all - done)) / 1000);
        process.stderr.write(`protections ${name}: ${done} of ${all} points, ${formatDuration(left)} left\n`);
    };
}

async function stress(options: Options): Promise<boolean> {
    const {from = -Infinity, to = Infinity, accounts, seed, gas, oracleDelay} = options;
    const rows = rowsOf(options).filter(({time}) => time >= from && time < to);
    const points = pathOf(barsFrom(rows), oracleDelay);
    const traders = populate(accounts, seed);
    await hre.tasks.getTask("build").run({quiet: true});
    const which = options.protections === "both" ? (["on", "off"] as const) : [options.protections];
    const outcomes: Outcome[] = [];
    for (const protections of which) {
        const terms = {protections, points, traders, seed, gasPriceWei: GAS_PRICE_WEI, gasFactor: gas};
        outcomes.push(await new StressRun({...terms, onPoint: progressOf(protections)}).run());
    }
    const runs = outcomes.map(figuresOf);
    const source = options.prices ?? options.window;
    const text = `${JSON.stringify({source, accounts, seed, gas: String(gas), oracleDelaySeconds: oracleDelay, runs}, null, 2)}\n`;
    if (options.json === STDOUT) process.stdout.write(text);
    else console.log(describe(runs, `${source}, seed ${seed}`));
    if (options.json !== undefined && options.json !== STDOUT) writeAtomically(options.json, text);
    if (options.ledger !== undefined) {
        writeAtomically(options.ledger, ledgerCsv(outcomes.flatMap(({liquidations}) => liquidations)));
    }
    if (options.report !== undefined) writeAtomically(options.report, page(outcomes, runs, source));
    return runs.every(({protections, solvent}) => protections === "off" || solvent.covered === solvent.looks);
}

process.exitCode = await codeOf(
    process.argv.slice(2),
    (end) => buildProgram(async (options) => end((await stress(options)) ? 0 : EXIT_INSOLVENT)),
    [PriceFileError, StressError, InputError],
);
