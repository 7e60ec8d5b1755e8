/** Pages of which a program writes one part, between two marks. */

export type Marks = {readonly begin: string; readonly end: string};

/** The page with another block between its marks; undefined for a page without them. */
export function replaceBlock(page: string, {begin, end}: Marks, block: string): string | undefined {
    const [from, to] = [page.indexOf(begin), page.indexOf(end)];
    if (from < 0 || to < from) return undefined;
    return `${page.slice(0, from + begin.length)}\n\n${block}\n\n${page.slice(to)}`;
}

/** Marks of a block that `npm run docs` writes. */
export const marksOf = (name: string): Marks => ({
    begin: `<!-- ${name}: begin, written by \`npm run docs\` -->`,
    end: `<!-- ${name}: end -->`,
});

/** A page with several blocks of `npm run docs` written anew. */
export function replaceBlocks(path: string, page: string, blocks: Readonly<Record<string, string>>): string {
    return Object.entries(blocks).reduce((text, [name, block]) => {
        const replaced = replaceBlock(text, marksOf(name), block);
        if (replaced === undefined) throw new Error(`${path} has no marks of the block "${name}"`);
        return replaced;
    }, page);
}
