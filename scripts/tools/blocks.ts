/** Pages of which a program writes one part, between two marks. */

export type Marks = {readonly begin: string; readonly end: string};

/** The page with another block between its marks; undefined for a page without them. */
export function replaceBlock(page: string, {begin, end}: Marks, block: string): string | undefined {
    const [from, to] = [page.indexOf(begin), page.indexOf(end)];
    if (from < 0 || to < from) return undefined;
    return `${page.slice(0, from + begin.length)}\n\n${block}\n\n${page.slice(to)}`;
}
