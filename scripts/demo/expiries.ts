/** Which series are traded: one that settles inside the window, one after its end, one a month later. */
import type {Expiries} from "./cast.js";
import type {PriceBar} from "./priceFile.js";

const DAY = 86_400;
const SETTLEMENT_HOUR = 8 * 3600;
const FRIDAY = 5;
const LEAST_LIFE = 12 * 3600;

const dayOf = (time: number): number => Math.floor(time / DAY) * DAY;
const isFriday = (time: number): boolean => new Date(time * 1000).getUTCDay() === FRIDAY;

/** First Friday, 08:00 UTC, at or after a time. */
export function fridayFrom(time: number): number {
    let expiry = dayOf(time) + SETTLEMENT_HOUR;
    while (expiry < time || !isFriday(expiry)) expiry += DAY;
    return expiry;
}

/** First last Friday of a month, 08:00 UTC, at or after a time. */
export function monthEndFrom(time: number): number {
    let expiry = fridayFrom(time);
    const month = (at: number): number => new Date(at * 1000).getUTCMonth();
    while (month(expiry) === month(expiry + 7 * DAY)) expiry += 7 * DAY;
    return expiry;
}

export function expiriesFor(bars: readonly PriceBar[]): Expiries {
    const first = bars[0]?.time ?? 0;
    const last = bars.at(-1)?.time ?? first;
    const near = fridayFrom(first + LEAST_LIFE);
    const mid = monthEndFrom(Math.max(near, last) + DAY);
    return {near, mid, far: monthEndFrom(mid + DAY)};
}
