/**
 * Writes the generated pages, `docs/errors.md`, `docs/validity.md`, `docs/book.schema.json`, `docs/compare.svg`,
 * `docs/volatility.svg` and `docs/architecture.svg`, the figures of `docs/margin.md`, `docs/compare.md`, `docs/closing.md`,
 * `docs/gas-sweep.md` and `docs/volatility.md`, the examples of `docs/sdk.md` and the captures of `docs/tour.md`; with `--check`
 * fails when they are out of date.
 */
import {spawnSync} from "node:child_process";
import {existsSync, mkdirSync, writeFileSync} from "node:fs";
import {join} from "node:path";

import {bookJsonSchema} from "../sdk/book/index.js";
import {differences, factsOf, readArchitecture} from "./architecture.js";
import * as compare from "./compare/page.js";
import {drawArchitecture} from "./drawing.js";
import {errorsMarkdown} from "./errors.js";
import {PAGE as MARGIN, withBlocks} from "./margin/page.js";
import {read, ROOT} from "./repository.js";
import {PAGE as SDK, withExamples} from "./sdkPage.js";
import {CLOSING, SWEEP, withClosing, withSweep} from "./simulated.js";
import {PAGE as TOUR, withCaptures} from "./tour/page.js";
import {readArguments, runTool} from "./usage.js";
import {validityMarkdown} from "./validity.js";
import * as volatility from "./volatility/page.js";

const ERRORS = "docs/errors.md";
const BOOK = "docs/book.schema.json";
const VALIDITY = "docs/validity.md";
const PICTURE = "docs/architecture.svg";

function build(): void {
    const command = [join(ROOT, "scripts", "run.mjs"), "hardhat", "build"];
    const {status} = spawnSync(process.execPath, command, {cwd: ROOT, stdio: "inherit"});
    if (status !== 0) throw new Error("hardhat build failed");
}

/** The facts that a drawn picture carries along. */
function drawnFacts(): string {
    const facts = existsSync(join(ROOT, PICTURE)) ? /<metadata>(.*)<\/metadata>/.exec(read(PICTURE))?.[1] : undefined;
    return (facts ?? "[]").replaceAll("&lt;", "<").replaceAll("&amp;", "&");
}

const HELP = `npm run docs, npm run docs:check

Writes the generated pages and the generated parts of others.

  --check   write nothing, fail when a page would change
  --help    this text

Exit codes: 0 done, 1 with --check if a page differs, 2 bad input.`;

const pagesNow = async (): Promise<Readonly<Record<string, string>>> => ({
    [ERRORS]: errorsMarkdown(),
    [BOOK]: `${JSON.stringify(bookJsonSchema(), null, 4)}\n`,
    [VALIDITY]: validityMarkdown(),
    [MARGIN]: withBlocks(read(MARGIN)),
    [compare.PAGE]: compare.withBlocks(read(compare.PAGE)),
    [compare.PICTURE]: compare.picture(),
    [volatility.PAGE]: volatility.withBlocks(read(volatility.PAGE)),
    [volatility.PICTURE]: volatility.picture(),
    [SDK]: withExamples(read(SDK)),
    [CLOSING]: withClosing(read(CLOSING)),
    [SWEEP]: withSweep(read(SWEEP)),
    [TOUR]: await withCaptures(read(TOUR)),
});

async function main(args: readonly string[]): Promise<number> {
    const {check} = readArguments(args, {check: {type: "boolean", default: false}}).values;
    build();
    const pages = await pagesNow();
    const halves = readArchitecture();
    if (check) {
        const stale = differences(drawnFacts(), factsOf(halves)).map((difference) => `${PICTURE}: ${difference}`);
        for (const [path, page] of Object.entries(pages)) {
            if (!existsSync(join(ROOT, path)) || read(path) !== page) stale.push(`${path} differs`);
        }
        console.log(stale.length === 0 ? "Generated pages agree." : [...stale, "Run `npm run docs`."].join("\n"));
        return stale.length === 0 ? 0 : 1;
    }
    mkdirSync(join(ROOT, "docs"), {recursive: true});
    for (const [path, page] of Object.entries(pages)) writeFileSync(join(ROOT, path), page);
    writeFileSync(join(ROOT, PICTURE), drawArchitecture(halves));
    console.log(`${[...Object.keys(pages), PICTURE].join(", ")} written`);
    return 0;
}

// The chains of the tour are closed, and what watched them may not be.
process.exit(await runTool(process.argv.slice(2), HELP, main));
