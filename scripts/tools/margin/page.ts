/** Writes the figures of docs/margin.md between its marks; what stands around the marks is written by hand. */
import {replaceBlock} from "../blocks.js";
import {auditorBlocks} from "./auditor.js";
import {traderBlocks} from "./trader.js";

export const PAGE = "docs/margin.md";

/** Every block of the page by name. */
export const marginBlocks = (): Readonly<Record<string, string>> => ({...traderBlocks(), ...auditorBlocks()});

export const marksOf = (name: string): {readonly begin: string; readonly end: string} => ({
    begin: `<!-- ${name}: begin, written by \`npm run docs\` -->`,
    end: `<!-- ${name}: end -->`,
});

/** The page with its blocks written anew. */
export function withBlocks(page: string, blocks: Readonly<Record<string, string>> = marginBlocks()): string {
    return Object.entries(blocks).reduce((text, [name, block]) => {
        const replaced = replaceBlock(text, marksOf(name), block);
        if (replaced === undefined) throw new Error(`${PAGE} has no marks of the block "${name}"`);
        return replaced;
    }, page);
}
