/**
 * `npm run bench:keeper`: how soon and in how many blocks a keeper closes accounts that fall short at once. Exit codes: 0 done, 1 somebody was left
 * short, 2 bad input.
 */
import {codeOf} from "../shared/options.js";
import {table} from "../shared/table.js";
import {RushError} from "./rush/failures.js";
import type {Span} from "./rush/notes.js";
import type {Spent} from "./rush/pace.js";
import {buildProgram} from "./rush/program.js";
import type {Options} from "./rush/program.js";
import {rush} from "./rush/run.js";
import type {Figures} from "./rush/run.js";

const EXIT_LEFT = 1;

const million = (gas: number): string => `${(gas / 1_000_000).toFixed(1)} million`;
const span = ({first, last}: Span): string => `${first}, ${last}`;
const seconds = ({clock, processor}: Spent): string => `${clock.toFixed(1)} s, ${processor.toFixed(1)} s`;

function describe({accounts, short, blocks, spent, transactions, failed, gas, ...rest}: Figures): string {
    const rows = [
        ["accounts, of them short after the update", `${accounts}, ${short}`],
        ["keepers, transactions of each at once", `${rest.keepers}, ${rest.inFlight}`],
        ["time between blocks, the longest", `${rest.blockMs} ms, ${rest.longestBlockMs} ms`],
        ["from the update until the first start was sent, the last", `${span(rest.sentMs)} ms`],
        ["blocks that had come by then", span(rest.sentAfter)],
        ["blocks to the one with the first start, the last", `${blocks.firstStart}, ${blocks.lastStart}`],
        ["blocks until all were cleared", String(blocks.cleared)],
        ["clock, processor: opening the accounts", seconds(spent.opening)],
        ["clock, processor: getting to know them", seconds(spent.meeting)],
        ["clock, processor: from the update until nobody is short", seconds(spent.clearing)],
        ["transactions mined, refused", `${transactions}, ${failed}`],
        ["gas of all, of the fullest block", `${million(gas.all)}, ${million(gas.fullestBlock)}`],
        ["left short", String(rest.leftShort)],
    ];
    return table(["a rush on the keeper", ""], rows);
}

async function run(options: Options): Promise<number> {
    const figures = await rush(options, (line) => void process.stderr.write(`${line}\n`));
    console.log(options.json ? JSON.stringify(figures) : describe(figures));
    return figures.leftShort > 0 ? EXIT_LEFT : 0;
}

process.exitCode = await codeOf(
    process.argv.slice(2),
    (end) => buildProgram(async (options) => end(await run(options))),
    [RushError],
);
