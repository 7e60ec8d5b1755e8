/**
 * `npm run fuzz:twin -- [--books N] [--seed N] [--rpc URL] [--json] [--out DIR] [--replay FILE]`: contract against twin on random books, to the
 * last unit: equity, requirements, every scenario and charge, and what witnesses show. Stops at the first difference, writes the
 * case to a file that `--replay` asks again, and ends with exit code 1. Runs of different seeds may share a machine.
 */
import {join} from "node:path";

import hre, {network} from "hardhat";

import {report} from "../../scripts/sdk/risk/index.js";
import {countOf, readArguments, runTool, UsageError} from "../../scripts/tools/usage.js";
import {readCase, writeCase} from "../support/caseFile.js";
import {add, CHAIN, compareCases, compareWorld} from "../support/comparison.js";
import type {Tally} from "../support/comparison.js";
import {questionOf, riskChain, tellWorld} from "../support/riskChain.js";
import type {RiskChain} from "../support/riskChain.js";

const BOOKS_PER_WORLD = 64;
const SECOND = 1_000;
const MINUTE = 60;

const count = (value: number): string => value.toLocaleString("en-US", {maximumFractionDigits: 0});

/** Progress goes where it does not mix with a result that another program reads. */
function progress(tally: Tally, books: number, seconds: number): void {
    const rate = tally.books / seconds;
    const left = (books - tally.books) / rate / MINUTE;
    console.error(
        `${count(tally.books)} of ${count(books)} books, ${rate.toFixed(1)} a second, ${left.toFixed(1)} min left`,
    );
}

async function fuzz(chain: RiskChain, seed: bigint, books: number): Promise<Tally> {
    const begun = performance.now();
    const clean = await chain.connection.networkHelpers.takeSnapshot();
    let tally: Tally = {books: 0, legs: 0, figures: 0};
    let shown = begun;
    for (let index = 0; tally.books < books && tally.difference === undefined; index++) {
        const most = Math.min(BOOKS_PER_WORLD, books - tally.books);
        tally = add(tally, await compareWorld(chain, seed, index, most));
        await clean.restore();
        const now = performance.now();
        if (now - shown < 5 * SECOND) continue;
        shown = now;
        progress(tally, books, (now - begun) / SECOND);
    }
    return tally;
}

async function replay(chain: RiskChain, file: string): Promise<Tally> {
    const {world, case: one} = readCase(file);
    const told = await tellWorld(chain, world);
    return compareCases(told, [{...one, report: report(questionOf(world, one.book))}]);
}

/** A chain in this process, or anvil at an address, which keeps no trace of what it runs and so is much faster. */
async function connect(url: string | undefined) {
    if (url === undefined) return network.create(CHAIN);
    const connection = await network.create({
        network: "remote",
        chainType: "generic",
        override: {url, accounts: "remote"},
    });
    // A call sees the time of the next block: it must not run on while a world is asked about.
    await connection.provider.request({method: "anvil_setBlockTimestampInterval", params: [0]});
    return connection;
}

function seedOf(text: string): bigint {
    if (!/^\d+$/.test(text)) throw new UsageError(`--seed needs a whole number, not "${text}"`);
    return BigInt(text);
}

const HELP = `npm run fuzz:twin -- [options]

Asks contract and twin about the same random books and stops at the first difference.

  --books N       books to ask about (100000)
  --seed N        of the books (1)
  --rpc URL       an anvil instead of a chain in this process
  --replay FILE   ask again about a case that differed
  --out DIR       where a case that differs is written (out/fuzz)
  --json          print the result as JSON
  --help          this text

Exit codes: 0 equal to the unit, 1 a difference, 2 bad input.`;
const OPTIONS = {
    books: {type: "string", default: "100000"},
    seed: {type: "string", default: "1"},
    json: {type: "boolean", default: false},
    out: {type: "string", default: "out/fuzz"},
    replay: {type: "string"},
    rpc: {type: "string"},
} as const;

async function main(args: readonly string[]): Promise<number> {
    const {values} = readArguments(args, OPTIONS);
    const seed = seedOf(values.seed);
    const books = countOf("--books", values.books);
    console.error("Compiling contracts ...");
    await hre.tasks.getTask("build").run({quiet: true, noTests: true});
    const chain = await riskChain(await connect(values.rpc));
    const begun = performance.now();
    const {difference, ...tally} =
        values.replay === undefined ? await fuzz(chain, seed, books) : await replay(chain, values.replay);
    const seconds = (performance.now() - begun) / SECOND;
    const file = values.replay ?? join(values.out, `seed-${seed}-book-${tally.books}.json`);
    if (difference !== undefined && values.replay === undefined) writeCase(file, difference);
    const found = difference === undefined ? null : {what: difference.what, file};
    if (values.json) {
        const run = {seed: Number(seed), ...tally, seconds, booksPerSecond: tally.books / seconds, difference: found};
        console.log(JSON.stringify(run));
    } else {
        const {books: compared, legs, figures} = tally;
        console.log(
            `${count(compared)} books of ${count(legs)} legs, ${count(figures)} figures, ${values.replay ?? `seed ${seed}`}, ${seconds.toFixed(1)} s: ` +
                (found === null ? "equal to the unit" : `${found.what}\nAsk again with --replay ${file}`),
        );
    }
    return found === null ? 0 : 1;
}

if (process.argv[1] === import.meta.filename) process.exitCode = await runTool(process.argv.slice(2), HELP, main);
