/** Tables that a terminal and a page show alike: the first column to the left, figures to the right. */
import {table} from "./table.js";

export type Shown = {readonly head: readonly string[]; readonly rows: readonly (readonly string[])[]};

export const onTerminal = ({head, rows}: Shown): string => table(head, rows);

const row = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;

export const onPage = ({head, rows}: Shown): string =>
    [row(head), `| --- |${" --: |".repeat(head.length - 1)}`, ...rows.map(row)].join("\n");

/** A decimal figure for people: thousands apart, so many decimals, to the nearest; a minus that is no hyphen. */
export function figure(text: string, decimals = 0): string {
    const shown = Number(text).toLocaleString("en", {
        minimumFractionDigits: decimals,
        maximumFractionDigits: decimals,
    });
    return shown.replace(/^-(?=0(\.0+)?$)/, "").replace("-", "−");
}

/** A share as a percentage. */
export const percent = (share: string, decimals = 1): string => `${figure(String(Number(share) * 100), decimals)} %`;
