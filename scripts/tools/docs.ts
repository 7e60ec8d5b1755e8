/**
 * Writes the generated pages, `docs/errors.md`, `docs/validity.md`, `docs/book.schema.json`, `docs/compare.svg` and
 * `docs/architecture.svg`, and the figures of `docs/margin.md` and `docs/compare.md`; with `--check` fails when they are out of date.
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
import {validityMarkdown} from "./validity.js";

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

build();
const pages: Readonly<Record<string, string>> = {
    [ERRORS]: errorsMarkdown(),
    [BOOK]: `${JSON.stringify(bookJsonSchema(), null, 4)}\n`,
    [VALIDITY]: validityMarkdown(),
    [MARGIN]: withBlocks(read(MARGIN)),
    [compare.PAGE]: compare.withBlocks(read(compare.PAGE)),
    [compare.PICTURE]: compare.picture(),
};
const halves = readArchitecture();

if (process.argv.includes("--check")) {
    const stale = differences(drawnFacts(), factsOf(halves)).map((difference) => `${PICTURE}: ${difference}`);
    for (const [path, page] of Object.entries(pages)) {
        if (!existsSync(join(ROOT, path)) || read(path) !== page) stale.push(`${path} differs`);
    }
    console.log(stale.length === 0 ? "Generated pages agree." : [...stale, "Run `npm run docs`."].join("\n"));
    process.exitCode = stale.length === 0 ? 0 : 1;
} else {
    mkdirSync(join(ROOT, "docs"), {recursive: true});
    for (const [path, page] of Object.entries(pages)) writeFileSync(join(ROOT, path), page);
    writeFileSync(join(ROOT, PICTURE), drawArchitecture(halves));
    console.log(`${[...Object.keys(pages), PICTURE].join(", ")} written`);
}
