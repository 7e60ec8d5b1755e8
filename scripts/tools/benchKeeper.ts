/**
 * `npm run bench:keeper`: in how many blocks a keeper closes accounts that fall short at once. Exit codes: 0 done, 1 somebody was left
 * short, 2 bad input.
 */
import {codeOf} from "../shared/options.js";
import {table} from "../shared/table.js";
import {RushError} from "./rush/failures.js";
import {buildProgram} from "./rush/program.js";
import type {Options} from "./rush/program.js";
import {rush} from "./rush/run.js";
import type {Figures} from "./rush/run.js";

const EXIT_LEFT = 1;

const million = (gas: number): string => `${(gas / 1_000_000).toFixed(1)} million`;

function describe({accounts, short, blocks, seconds, transactions, failed, gas, ...rest}: Figures): string {
    const rows = [
        ["accounts, of them short after the update", `${accounts}, ${short}`],
        ["transactions at once, time between blocks", `${rest.inFlight}, ${rest.blockMs} ms`],
        ["block of the first start after the update", String(blocks.firstStart)],
        ["block of the last start", String(blocks.lastStart)],
        ["block of the last action", String(blocks.cleared)],
        ["seconds from the update until nobody is short", seconds.clearing.toFixed(1)],
        ["seconds to get to know the accounts", seconds.meeting.toFixed(1)],
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
