/**
 * `npm run bench:fit -- [SMILES.json]`: how well the publisher's fits recover known smiles from noisy quotes. Exit codes: 0 done,
 * 1 some smile could not be fitted, 2 bad input.
 */
import {readFileSync} from "node:fs";
import {parseArgs} from "node:util";

import {ZodError} from "zod";

import {CASES, describeFits, measureFits, parseSmiles} from "./fit/quality.js";
import type {KnownSmile} from "./fit/quality.js";
import {RECORDED_SMILES} from "./fit/recorded.js";

const HELP = `npm run bench:fit -- [SMILES.json]

Makes quotes of recorded smiles, with noise and without, fits them as the publisher does, and prints the errors against the smiles
in points of volatility. SMILES.json lists objects with currency, expiry, T_years, forward, a, b, rho, m, sigma; without it a few
recorded smiles of Bitcoin and Ether are used.

  --help   this text

exit codes: 0 done, 1 some smile could not be fitted, 2 bad input
`;
const EXIT_UNFITTED = 1;
const EXIT_INPUT = 2;
const SEED = 1;

function run(smiles: readonly KnownSmile[]): number {
    const figures = measureFits(smiles, CASES, SEED);
    console.log(describeFits(figures));
    const failed = figures.flatMap((figure) => figure.failed);
    for (const line of failed) console.error(line);
    const slowestMs = Math.max(...figures.map(({msPerFit}) => msPerFit));
    console.error(`at most ${slowestMs.toFixed(0)} ms per fit`);
    return failed.length > 0 ? EXIT_UNFITTED : 0;
}

function main(args: readonly string[]): number {
    try {
        const {values, positionals} = parseArgs({
            args: [...args],
            options: {help: {type: "boolean", default: false}},
            allowPositionals: true,
        });
        if (values.help) {
            process.stdout.write(HELP);
            return 0;
        }
        const [file] = positionals;
        return run(file === undefined ? RECORDED_SMILES : parseSmiles(JSON.parse(readFileSync(file, "utf8"))));
    } catch (error) {
        const isInput = error instanceof ZodError || error instanceof SyntaxError || error instanceof TypeError;
        const isFile = error instanceof Error && "code" in error && error.code === "ENOENT";
        if (!(error instanceof Error) || !(isInput || isFile)) throw error;
        console.error(`error: ${error.message}`);
        return EXIT_INPUT;
    }
}

process.exitCode = main(process.argv.slice(2));
