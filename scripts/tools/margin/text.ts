/** Figures and tables as the page prints them. */
import {abs} from "../../sdk/math/index.js";
import {formatE18} from "../../sdk/units.js";

const USD_DECIMALS = 2;
const PERCENT = 100n;

/** Thousands apart, a fixed number of decimals, cut toward zero; a minus that is no hyphen. */
export function cut(valueE18: bigint, decimals = USD_DECIMALS): string {
    const [whole = "", fraction = ""] = formatE18(abs(valueE18)).split(".");
    const kept = fraction.padEnd(decimals, "0").slice(0, decimals);
    const digits = `${whole.replace(/\B(?=(\d{3})+$)/g, ",")}${decimals === 0 ? "" : `.${kept}`}`;
    return valueE18 < 0n && /[1-9]/.test(digits) ? `−${digits}` : digits;
}

export const percent = (fractionE18: bigint, decimals = USD_DECIMALS): string =>
    `${cut(fractionE18 * PERCENT, decimals)} %`;

/** All of its decimals, thousands apart, a minus that is no hyphen. */
export function whole(valueE18: bigint): string {
    const [, fraction = ""] = formatE18(valueE18).split(".");
    return cut(valueE18, fraction.length);
}

export const row = (...cells: readonly string[]): string => `| ${cells.join(" | ")} |`;

/** Headings that begin with a colon are of columns of text, the others of figures. */
export const table = (heads: readonly string[], rows: readonly string[]): string =>
    [
        row(...heads.map((head) => head.replace(/^:/, ""))),
        row(...heads.map((head) => (head.startsWith(":") ? "---" : "--:"))),
        ...rows,
    ].join("\n");
