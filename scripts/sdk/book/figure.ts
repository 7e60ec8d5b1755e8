/** Figures as people write them. */
import {parseE18} from "../units.js";

/** Decimal text with an optional exponent; the zero before the point may be left out. */
export const FIGURE = /^\s*[+-]?(\d+(\.\d+)?|\.\d+)([eE][+-]?\d{1,3})?\s*$/;

/** Exact figure with 18 decimals. A JSON number is read by its shortest decimal text. */
export const readFigure = (value: number | string): bigint =>
    parseE18(
        String(value)
            .trim()
            .replace(/^([+-]?)\./, "$10."),
    );
