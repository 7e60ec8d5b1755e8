/** The pages that carry figures of the benchmark between two marks; what stands around the marks is written by hand. */
import {replaceBlock} from "../blocks.js";
import {SIZES} from "./books.js";
import {markdown, readmeTable} from "./describe.js";
import {BenchError} from "./failures.js";
import type {Figure} from "./figures.js";

export const PAGE = "docs/gas.md";
export const PICTURE = "docs/gas.svg";
export const README = "README.md";

export const BEGIN = "<!-- gas: begin, written by `npm run bench:gas -- --docs` -->";
export const END = "<!-- gas: end -->";

/** Puts a block between the marks of a page. */
export function withBlock(page: string, block: string, name: string): string {
    const replaced = replaceBlock(page, {begin: BEGIN, end: END}, block);
    if (replaced !== undefined) return replaced;
    throw new BenchError("page-without-block", `${name} has no "${BEGIN}" before "${END}"`, {page: name});
}

const wordsOf = (expiries: number, underlyings: number): string =>
    `${expiries === 1 ? "One expiry" : `${expiries} expiries`}, ${underlyings === 1 ? "one underlying" : `${underlyings} underlyings`}`;

/** Every figure, a section per kind of book. */
export function gasBlock(figures: readonly Figure[]): string {
    const kinds = new Map(
        SIZES.map(({expiries, underlyings}) => [`${expiries},${underlyings}`, {expiries, underlyings}]),
    );
    const sections = [...kinds.values()].map(
        ({expiries, underlyings}) =>
            `### ${wordsOf(expiries, underlyings)}\n\n${markdown(figures, {expiries, underlyings})}`,
    );
    return ["![Gas by positions](gas.svg)", ...sections].join("\n\n");
}

export const readmeBlock = readmeTable;
