/** docs/tour.md: what the terminal shows, from real runs. */
import {stripVTControlCharacters} from "node:util";

import {finalAccount} from "../../demo/account.js";
import {play} from "../../demo/play.js";
import {builtInPrices} from "../../demo/prices.js";
import {replaceBlocks} from "../blocks.js";
import {describe} from "../scan/describe.js";
import {measure} from "../scan/measure.js";
import {captureAll} from "./story.js";
import type {Capture} from "./story.js";

export const PAGE = "docs/tour.md";

const fenced = (text: string): string => `\`\`\`\n${text}\n\`\`\``;

/** A command and, if it says something, what it says. */
export const blockOf = ({command, output}: Capture): string =>
    output === "" ? fenced(command) : `${fenced(command)}\n\n${fenced(output)}`;

const SCAN_ACCOUNTS = [200, 667, 2_000] as const;
const DEMO = "npm run demo";
const SCAN = "npm run bench:scan -- --accounts 2000 --verify 2000";

/** The benchmark of the scan with every time left out: a machine's own. */
function scan(): Capture {
    const most = SCAN_ACCOUNTS.at(-1);
    const figures = SCAN_ACCOUNTS.map((count) => measure(count, 1, count === most ? count : 0, () => undefined));
    const [times = "", results = ""] = describe(figures).split("\n\n");
    const masked = times.split("\n").map((line, row) => (row < 2 ? line : withoutTimes(line)));
    return {command: SCAN, output: `${masked.join("\n")}\n\n${results}`};
}

/** Keeps the first two columns of a row, and the width of the others. */
function withoutTimes(line: string): string {
    let column = 0;
    return line.replace(/[\d,.]+/g, (figure) => (column++ < 2 ? figure : "…".padStart(figure.length)));
}

/** Every block but the demo's, which takes as long as all others together. */
export async function tourBlocks(): Promise<Readonly<Record<string, string>>> {
    const captures = new Map(await captureAll());
    captures.set("scan", scan());
    return Object.fromEntries([...captures].map(([name, capture]) => [name, blockOf(capture)]));
}

/** The hour of the demo's table with which the page stops: the fall is over. */
const CALM = "03-13 04:00";

/** The demo, shortened: the first days of its table and the account at its end. */
export async function demoBlock(): Promise<string> {
    const lines: string[] = [];
    const story = await play(builtInPrices(), (line) => lines.push(line));
    const until = lines.findIndex((line) => line.startsWith(CALM));
    // On a terminal both are in colour.
    const output = stripVTControlCharacters([...lines.slice(0, until), "…", finalAccount(story)].join("\n"));
    return blockOf({command: DEMO, output: output.replace(/ +$/gm, "").trim()});
}

export async function withCaptures(page: string): Promise<string> {
    return replaceBlocks(PAGE, page, {...(await tourBlocks()), demo: await demoBlock()});
}
