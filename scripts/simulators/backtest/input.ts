/** Files named on the command line. */
import {readFileSync} from "node:fs";

import {crashBars, CRASH_WINDOWS} from "../../shared/prices/crashWindows.js";
import {PriceFileError} from "../../shared/prices/failures.js";
import {assetOf, assetOfFile, readPriceTable} from "../../shared/prices/priceTable.js";
import type {PriceRow} from "../../shared/prices/priceTable.js";
import {BacktestError} from "./failures.js";

export type Source = {readonly rows: readonly PriceRow[]; readonly name: string};

/** A file, with the asset it prices if that was said: `BTC=prices.csv`. */
function named(argument: string): {readonly path: string; readonly asset: string | undefined} {
    const [, symbol, rest] = /^([A-Za-z0-9/-]{2,16})=(.+)$/.exec(argument) ?? [];
    if (symbol === undefined || rest === undefined) return {path: argument, asset: assetOfFile(argument)};
    return {path: rest, asset: assetOf(symbol)};
}

function textOf(path: string): string {
    try {
        return readFileSync(path, "utf8");
    } catch (error) {
        if (!(error instanceof Error && "code" in error)) throw error;
        throw new PriceFileError("file-unreadable", `Cannot read ${path}: ${String(error.code)}`, {path});
    }
}

function rowsOf(argument: string, extremes: boolean): PriceRow[] {
    const {path, asset} = named(argument);
    try {
        return readPriceTable(textOf(path), {asset, extremes});
    } catch (error) {
        if (!(error instanceof PriceFileError) || error.code === "file-unreadable") throw error;
        const hint = error.details["missing"]?.includes("asset") === true ? `; or write ASSET=${path}` : "";
        throw new PriceFileError(error.code, `${path}: ${error.message}${hint}`, {path, ...error.details});
    }
}

const fileName = (argument: string): string => argument.split(/[\\/=]/).at(-1) ?? argument;

/** The named files, or the built-in windows if there are none. */
export function sourceOf(files: readonly string[], extremes: boolean): Source {
    if (files.length > 0) {
        return {rows: files.flatMap((file) => rowsOf(file, extremes)), name: files.map(fileName).join(", ")};
    }
    const windows = CRASH_WINDOWS.map(({name, source}) => `${name} (${source})`);
    return {rows: crashBars(), name: `built-in crash windows: ${windows.join(", ")}`};
}

/** The `parameters` of a book file: the file may hold them alone or as a field. */
export function parametersFrom(path: string | undefined): unknown {
    if (path === undefined) return undefined;
    const text = textOf(path);
    try {
        const json: unknown = JSON.parse(text);
        const isBook = typeof json === "object" && json !== null && "parameters" in json;
        return isBook ? json.parameters : json;
    } catch (error) {
        if (!(error instanceof SyntaxError)) throw error;
        throw new BacktestError("file-malformed", `${path} is not JSON: ${error.message}`, {path});
    }
}
