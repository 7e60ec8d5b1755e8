/** Writes the figures of docs/margin.md between its marks; what stands around the marks is written by hand. */
import {replaceBlocks} from "../blocks.js";
import {auditorBlocks} from "./auditor.js";
import {traderBlocks} from "./trader.js";

export {marksOf} from "../blocks.js";

export const PAGE = "docs/margin.md";

/** Every block of the page by name. */
export const marginBlocks = (): Readonly<Record<string, string>> => ({...traderBlocks(), ...auditorBlocks()});

/** The page with its blocks written anew. */
export const withBlocks = (page: string, blocks: Readonly<Record<string, string>> = marginBlocks()): string =>
    replaceBlocks(PAGE, page, blocks);
