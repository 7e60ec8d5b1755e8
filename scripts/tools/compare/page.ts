/** Writes the figures of docs/compare.md between its marks, and its picture; what stands around the marks is written by hand. */
import {compareChart} from "../../cli/compareChart.js";
import {requirementsTable} from "../../cli/describeCompare.js";
import {prepareBook, readBook} from "../../sdk/book/index.js";
import {formatCut, parseE18} from "../../sdk/index.js";
import {compareBook} from "../../sdk/venues/index.js";
import type {Comparison} from "../../sdk/venues/index.js";
import {shorten} from "../../shared/table.js";
import {replaceBlocks} from "../blocks.js";
import {read} from "../repository.js";

export const PAGE = "docs/compare.md";
export const PICTURE = "docs/compare.svg";

/** Books of docs/examples, and the one that the page shows in full. */
export const BOOKS = ["covered", "strangle", "condor", "hedged"] as const;
export const SHOWN = "hedged";

export const fileOf = (name: string): string => `docs/examples/${name}.json`;

export const compared = (name: string): Comparison =>
    compareBook(prepareBook(readBook(JSON.parse(read(fileOf(name))))));

const rowOf = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;

const initialOf = (initial: string, maintenance: string): string =>
    [initial, maintenance].map((figure) => formatCut(parseE18(figure), 18, 0)).join(" / ");

/** A row per venue, a column per book: initial / maintenance. */
function booksTable(): string {
    const all = BOOKS.map((name) => ({name, comparison: compared(name)}));
    const venues = all[0]?.comparison.venues ?? [];
    return [
        rowOf(["initial / maintenance, USD", ...all.map(({name}) => `[${name}](examples/${name}.json)`)]),
        rowOf(["---", ...all.map(() => "--:")]),
        ...venues.map(({id, name}) =>
            rowOf([
                name,
                ...all.map(({comparison}) => {
                    const own = comparison.venues.find((venue) => venue.id === id);
                    return own === undefined ? "" : initialOf(own.initialMargin, own.maintenanceMargin);
                }),
            ]),
        ),
    ].join("\n");
}

/** What the figures of each venue rest on, as the command prints it. */
const grounds = ({venues}: Comparison): string =>
    venues
        .slice(1)
        .map(({name, asOf, source, assumptions}) =>
            [`**${name}**, ${asOf}. Source: ${source}.`, "", ...assumptions.map((one) => `- ${one}`)].join("\n"),
        )
        .join("\n\n");

const fenced = (text: string): string => `\`\`\`\n${text}\n\`\`\``;

/** Every block of the page by name. */
export function compareBlocks(): Readonly<Record<string, string>> {
    const shown = compared(SHOWN);
    const answer = `equity ${shorten(shown.equity, 2)} USD\n\n${requirementsTable(shown)}`;
    return {answer: fenced(answer), books: booksTable(), grounds: grounds(shown)};
}

/** The page with its blocks written anew. */
export const withBlocks = (page: string): string => replaceBlocks(PAGE, page, compareBlocks());

export const picture = (): string => compareChart(compared(SHOWN));
