/** Feeds price bars into mock aggregators on a chain of one's own, and pokes the price oracle so that it follows. */
import {parseFixed} from "../sdk/units.js";
import {SurfaceError} from "./failures.js";

export type Bar = {
    /** Unix time, seconds. */
    readonly time: number;
    /** Price, decimal text. */
    readonly close: string;
};

/** Writes the next round of one feed; `updatedAt` is the block's time. */
export type FeedWriter = {
    readonly feedId: number;
    readonly decimals: number;
    readonly push: (answer: bigint) => Promise<unknown>;
};

export type FeederParts = {
    readonly feeds: readonly FeedWriter[];
    /** `PriceOracle.poke` of one feed. */
    readonly poke: (feedId: number) => Promise<unknown>;
    /** Whether the oracle holds a candidate that waits for its confirmation time. */
    readonly isWaiting: (feedId: number) => Promise<boolean>;
    /** Lets the confirmation time pass: moves a test chain's clock, or waits. Prices are written again afterwards. */
    readonly confirm: () => Promise<unknown>;
};

/** Closing prices by feed number, as decimal text. */
export type Prices = Readonly<Record<number, string>>;

/** Reads a table with a head line that names time and close among its columns, as exchanges export it. */
export function parseBars(csv: string): readonly Bar[] {
    const [head = "", ...lines] = csv.trim().split(/\r?\n/);
    const columns = head
        .toLowerCase()
        .split(",")
        .map((name) => name.trim());
    const timeAt = columns.findIndex((name) => /^(unix|date|time|timestamp)/.test(name));
    const closeAt = columns.indexOf("close");
    if (timeAt < 0 || closeAt < 0) throw malformed(1, head);
    return lines.map((line, index) => {
        const cells = line.split(",").map((cell) => cell.trim());
        const time = timeOf(cells[timeAt] ?? "");
        const close = cells[closeAt] ?? "";
        if (!Number.isSafeInteger(time) || !/^\d+(\.\d+)?$/.test(close)) throw malformed(index + 2, line);
        return {time, close};
    });
}

/** Writes one set of prices and sees it accepted; a jump is confirmed before this returns. */
export async function feedPrices({feeds, poke, isWaiting, confirm}: FeederParts, prices: Prices): Promise<void> {
    const write = async (): Promise<void> => {
        for (const {feedId, decimals, push} of feeds) {
            const price = prices[feedId];
            if (price !== undefined) await push(parseFixed(price, decimals));
        }
    };
    const pokeAll = async (): Promise<boolean> => {
        let waiting = false;
        for (const {feedId} of feeds) {
            if (prices[feedId] === undefined) continue;
            await poke(feedId);
            waiting = (await isWaiting(feedId)) || waiting;
        }
        return waiting;
    };
    await write();
    if (!(await pokeAll())) return;
    await confirm();
    await write();
    await pokeAll();
}

/** Seconds, milliseconds, or a date; one without a zone is UTC. */
function timeOf(cell: string): number {
    if (/^\d+(\.\d+)?$/.test(cell)) return Math.floor(Number(cell) > 1e11 ? Number(cell) / 1000 : Number(cell));
    const zoned = /(Z|[+-]\d{2}:?\d{2})$/.test(cell) ? cell : `${cell}Z`;
    return Math.floor(Date.parse(zoned.replace(" ", "T")) / 1000);
}

function malformed(line: number, text: string): SurfaceError {
    return new SurfaceError("market-malformed", `Line ${line} of the price table is malformed: "${text}"`, {
        line: String(line),
    });
}
