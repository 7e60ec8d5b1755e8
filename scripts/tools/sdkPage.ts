/** The examples of docs/sdk.md: the page shows the files that the tests run, and what they print. */
import {replaceBlock} from "./blocks.js";
import {marksOf} from "./margin/page.js";
import {read} from "./repository.js";

export const PAGE = "docs/sdk.md";
export const FOLDER = "docs/examples/sdk";

/** In the order in which they run against one chain. */
export const EXAMPLES = ["margin", "account", "trade", "twin", "history", "operator", "keeper", "pool"] as const;
export type Example = (typeof EXAMPLES)[number];

/** What an example prints. */
export const outputOf = (name: Example): string => read(`${FOLDER}/${name}.txt`);

const fenced = (language: string, text: string): string => `\`\`\`${language}\n${text.trimEnd()}\n\`\`\``;

function blockOf(name: "setup" | Example): string {
    const source = fenced("ts", read(`${FOLDER}/${name}.ts`));
    return name === "setup" ? source : `${source}\n\n${fenced("", outputOf(name))}`;
}

/** The page with every example written anew. */
export function withExamples(page: string): string {
    return (["setup", ...EXAMPLES] as const).reduce((text, name) => {
        const replaced = replaceBlock(text, marksOf(name), blockOf(name));
        if (replaced === undefined) throw new Error(`${PAGE} has no marks of the example "${name}"`);
        return replaced;
    }, page);
}
