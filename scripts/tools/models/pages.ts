/** The page, the list and the picture that carry the figures. */
import {replaceBlock} from "../blocks.js";
import {chart} from "./chart.js";
import {legsTable, lossTable, needsTable, summary} from "./describe.js";
import {ModelsError} from "./failures.js";
import {toJson} from "./figures.js";
import type {Figure} from "./figures.js";

export const PAGE = "docs/models.md";
export const LIST = "docs/models.json";
export const PICTURE = "docs/models.svg";

export const BEGIN = "<!-- models: begin, written by `npm run models -- --docs` -->";
export const END = "<!-- models: end -->";

export function modelsBlock(figures: readonly Figure[]): string {
    return [
        summary(figures),
        "![Requirements and losses by book](models.svg)",
        "### What each model asks",
        needsTable(figures),
        "### How far the Greeks go, and what was lost",
        lossTable(figures),
        "### The books",
        legsTable(figures),
    ].join("\n\n");
}

/** Every file by its path, as it should be; `page` is what stands around the block now. */
export function filesOf(figures: readonly Figure[], page: string): ReadonlyMap<string, string> {
    const replaced = replaceBlock(page, {begin: BEGIN, end: END}, modelsBlock(figures));
    if (replaced === undefined) {
        throw new ModelsError("page-without-block", `${PAGE} has no "${BEGIN}" before "${END}"`, {page: PAGE});
    }
    return new Map([
        [PAGE, replaced],
        [LIST, toJson(figures)],
        [PICTURE, chart(figures)],
    ]);
}
