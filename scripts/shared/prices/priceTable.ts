/**
 * Prices from any exchange's table: time, open, high, low, close and, where one file holds several, the asset, all under the
 * usual names and in any order. Figures stay the decimal text they were written as.
 */
import {PriceFileError} from "./failures.js";

/** One bar of one asset; `time` is when it opens, Unix seconds. */
export type PriceRow = {
    /** Symbol of what is priced, in capitals: BTC, whatever it is quoted in. */
    readonly asset: string;
    readonly time: number;
    readonly high: string | undefined;
    readonly low: string | undefined;
    readonly close: string;
    /** Line of the file, for messages. */
    readonly line: number;
};

export type TableOptions = {
    /** What the file prices if it has no such column. */
    readonly asset?: string | undefined;
    /** Whether highs and lows must be there. */
    readonly extremes?: boolean;
};

const NAMES = {
    asset: /^(asset|symbol|ticker|pair|instrument|market|currency)$/,
    time: /^(time|timestamp|timestamp_utc|date|datetime|unix|open_?time|open time|time_?utc)$/,
    high: /^(high|highest|high_?price|h)$/,
    low: /^(low|lowest|low_?price|l)$/,
    close: /^(close|closing|close_?price|last|c)$/,
} as const;
type Column = keyof typeof NAMES;
type Columns = Readonly<Record<Column, number>>;

/** Exports may begin with a line about who made them. */
const HEADER_WITHIN = 5;
/** Quotes that end another symbol, such as TUSD of XBTUSD, are known of these two only. */
const KNOWN = /^(BTC|XBT|ETH)(?:USDT|USDC|BUSD|FDUSD|TUSD|USD|EUR|GBP|PERP)?$/;
const QUOTED_IN = /(?:USDT|USDC|USD|EUR|GBP|PERP)$/;
const SEPARATOR = /[-_/: ]/;
const SYMBOL = /^[A-Z][A-Z0-9]{0,15}$/;
const PRICE = /^\d+(\.\d+)?$/;
const MICROSECONDS_FROM = 1e14;
const MILLISECONDS_FROM = 1e11;

/** Seconds since 1970 of what exchanges write: seconds, milliseconds, microseconds, or a date in UTC. */
export function readTime(text: string): number {
    if (/^\d+(\.\d+)?$/.test(text)) {
        const value = Number(text);
        const scale = value > MICROSECONDS_FROM ? 1e6 : value > MILLISECONDS_FROM ? 1e3 : 1;
        return Math.floor(value / scale);
    }
    const iso = text.trim().replace(" ", "T");
    const zoned = /(Z|[+-]\d{2}:?\d{2})$/.test(iso) ? iso : `${iso.includes("T") ? iso : `${iso}T00:00:00`}Z`;
    const time = Date.parse(zoned) / 1000;
    if (!Number.isFinite(time)) throw new PriceFileError("time-malformed", `"${text}" is not a time`, {text});
    return time;
}

/** BTC of BTCUSDT, XBT/USD, BTC/USDT:USDT, BTC-PERP or btc; undefined for what is no symbol. */
export function assetOf(text: string): string | undefined {
    const [first = "", ...others] = text.toUpperCase().split(SEPARATOR);
    const base = KNOWN.exec(first)?.[1] ?? (others.length > 0 ? first : first.replace(QUOTED_IN, ""));
    return SYMBOL.test(base) ? base.replace(/^XBT$/, "BTC") : undefined;
}

/** What a file prices, by its name: `Binance_BTCUSDT_1h.csv`, `eth-hourly.csv`. */
export function assetOfFile(path: string): string | undefined {
    const name = path.split(/[\\/]/).at(-1) ?? "";
    const words = name.toUpperCase().split(/[-_. ]+/);
    const isQuote = (word: string): boolean => word.replace(QUOTED_IN, "") === "";
    const known = words.find((word) => KNOWN.test(word));
    const pair = words.find((word) => word !== "" && QUOTED_IN.test(word) && !isQuote(word));
    const before = words[words.findIndex((word) => word !== "" && isQuote(word)) - 1];
    return assetOf(known ?? pair ?? before ?? "");
}

const cellsOf = (line: string): string[] => line.split(/[,;\t]/).map((cell) => cell.trim().replace(/^"|"$/g, ""));

function columnsOf(line: string): Columns {
    const names = cellsOf(line.toLowerCase().replace(/^\uFEFF/, ""));
    const place = (column: Column): number => names.findIndex((name) => NAMES[column].test(name));
    return {
        asset: place("asset"),
        time: place("time"),
        high: place("high"),
        low: place("low"),
        close: place("close"),
    };
}

type Line = {readonly text: string; readonly number: number};

function headerOf(lines: readonly Line[], {asset, extremes = false}: TableOptions): readonly [Columns, number] {
    const first = lines.slice(0, HEADER_WITHIN);
    const at = first.findIndex(({text}) => columnsOf(text).time >= 0);
    const header = lines[Math.max(at, 0)]?.text ?? "";
    const columns = columnsOf(header);
    const needed: Column[] = ["time", "close"];
    if (extremes) needed.push("high", "low");
    if (asset === undefined) needed.push("asset");
    const missing = needed.filter((column) => columns[column] < 0);
    if (missing.length > 0) {
        const names = missing.join(", ");
        const message = `The price file has no column for ${names}: ${header}`;
        throw new PriceFileError("column-missing", message, {missing: names, header});
    }
    return [columns, Math.max(at, 0)];
}

function priceAt(cells: readonly string[], place: number, line: number): string {
    const text = cells[place] ?? "";
    if (PRICE.test(text) && Number(text) > 0) return text;
    throw new PriceFileError("price-malformed", `Line ${line}: "${text}" is not a price`, {line: String(line), text});
}

function timeAt(cells: readonly string[], place: number, line: number): number {
    const text = cells[place] ?? "";
    try {
        return readTime(text);
    } catch (error) {
        if (!(error instanceof PriceFileError)) throw error;
        throw new PriceFileError(error.code, `Line ${line}: ${error.message}`, {line: String(line), text});
    }
}

function rowOf({text, number}: Line, columns: Columns, {asset, extremes = false}: TableOptions): PriceRow {
    const cells = cellsOf(text);
    const named = columns.asset >= 0 ? assetOf(cells[columns.asset] ?? "") : asset;
    if (named === undefined) {
        const symbol = cells[columns.asset] ?? "";
        const details = {line: String(number), symbol};
        throw new PriceFileError("asset-unknown", `Line ${number}: "${symbol}" names no asset`, details);
    }
    return {
        asset: named,
        time: timeAt(cells, columns.time, number),
        high: extremes ? priceAt(cells, columns.high, number) : undefined,
        low: extremes ? priceAt(cells, columns.low, number) : undefined,
        close: priceAt(cells, columns.close, number),
        line: number,
    };
}

/** Every bar of a table, in the order of the file. */
export function readPriceTable(text: string, options: TableOptions = {}): PriceRow[] {
    const lines = text
        .split(/\r?\n/)
        .map((line, index): Line => ({text: line, number: index + 1}))
        .filter((line) => line.text.trim() !== "" && !line.text.startsWith("#"));
    const [columns, header] = headerOf(lines, options);
    return lines.slice(header + 1).map((line) => rowOf(line, columns, options));
}
