/** Expiries inside the recorded crash windows: the price there, the one before it, and how volatile the three days before were. */
import {ONE_E18, parseE18} from "../../sdk/index.js";
import {mulDivDown, mulFloor, sqrtE18, sum} from "../../sdk/math/index.js";
import {barsOf, CRASH_WINDOWS} from "../../shared/prices/crashWindows.js";
import type {PriceWindow} from "../../shared/prices/crashWindows.js";

const DAY = 86_400;
const SETTLEMENT_HOUR = 8 * 3600;
const PAST_DAYS = 3;

export const ASSETS = ["BTC", "ETH"] as const;
export type Asset = (typeof ASSETS)[number];

export type Expiry = {
    readonly window: string;
    readonly asset: Asset;
    readonly at: number;
    readonly priceE18: bigint;
    /** Close of the bar before, and when. */
    readonly before: {readonly at: number; readonly priceE18: bigint};
    /** Realised over the days before, per day. */
    readonly sigmaDayE18: bigint;
};

function expiriesIn(window: PriceWindow, asset: Asset): Expiry[] {
    const closes = barsOf(window, asset).map(({time, close}) => ({
        at: time + window.seconds,
        priceE18: parseE18(close),
    }));
    const past = (PAST_DAYS * DAY) / window.seconds;
    return closes.flatMap(({at, priceE18}, index) => {
        const before = closes[index - 1];
        if (at % DAY !== SETTLEMENT_HOUR || index < past || before === undefined) return [];
        const squares = closes.slice(index - past + 1, index + 1).map((bar, place) => {
            const last = closes[index - past + place]?.priceE18 ?? bar.priceE18;
            const returnE18 = mulDivDown(bar.priceE18 - last, ONE_E18, last);
            return mulFloor(returnE18, returnE18);
        });
        const sigmaDayE18 = sqrtE18(mulDivDown(sum(squares), 1n, BigInt(PAST_DAYS)));
        return [{window: window.name, asset, at, priceE18, before, sigmaDayE18}];
    });
}

export const recordedExpiries = (): Expiry[] =>
    CRASH_WINDOWS.flatMap((window) => ASSETS.flatMap((asset) => expiriesIn(window, asset)));
