/** The outcome as text. */
import {table} from "../../shared/table.js";
import type {Figures, StrategyFigures} from "./figures.js";

const percent = (share: string, places = 2): string => `${(Number(share) * 100).toFixed(places)} %`;
const between = ([low, high]: readonly [string, string]): string =>
    `${(Number(low) * 100).toFixed(2)} to ${(Number(high) * 100).toFixed(2)} %`;
const minute = (time: string): string => time.slice(0, 16).replace("T", " ");

const HEAD = [
    "strategy",
    "periods",
    "exceed",
    "rate",
    "95 % of it",
    "no overlap",
    "95 % of it",
    "above IM",
    "worst loss / MM",
    "worst at (UTC)",
    "MM / gross",
];

const row = (one: StrategyFigures): string[] => [
    `${one.kept ? " " : "!"} ${one.strategy}`,
    String(one.periods),
    String(one.exceedances),
    percent(one.rate),
    between(one.intervals.bootstrap),
    percent(one.rateSeparate),
    between(one.intervals.separate),
    percent(one.rateInitial),
    Number(one.worst.ratio).toFixed(2),
    minute(one.worst.time),
    percent(one.meanRequirement, 1),
];

export function verdictOf({strategies, missed, promise, hours}: Figures): string {
    const promised = `the promise that maintenance covers ${Number(promise) * 100} % of periods of ${hours} h`;
    if (missed.length === 0) return `Each of ${strategies.length} strategies keeps ${promised}.`;
    const list = strategies
        .filter(({kept}) => !kept)
        .map(({strategy, exceedances, periods, rate, intervals}) => {
            const proven = Number(intervals.separate[0]) > 1 - Number(promise);
            const sure = proven ? "" : ", which chance alone could explain";
            return `  ${strategy}: ${exceedances} of ${periods}, ${percent(rate)}${sure}`;
        });
    return [`${missed.length} of ${strategies.length} strategies miss ${promised}:`, ...list].join("\n");
}

/** Distinct stretches; a pair of assets is tested on those that both have. */
function stretches({stretches: all}: Figures): string[] {
    return all
        .filter(({assets}) => assets.length === 1)
        .map(
            ({assets, from, to, barSeconds, bars, periods}) =>
                `${assets.join("+")} ${minute(from)} to ${minute(to)}: ${bars} bars of ${barSeconds / 3600} h, ${periods} periods`,
        );
}

const MOST_STRETCHES = 12;

export function describe(figures: Figures): string {
    const lines = stretches(figures);
    const shown = lines.slice(0, MOST_STRETCHES);
    if (lines.length > shown.length) shown.push(`... and ${lines.length - shown.length} more`);
    const reach = figures.intrabar ? "worst point of highs and lows within" : "close at the end of";
    return [
        `${figures.source}, ${reach} ${figures.hours} h`,
        ...shown,
        "",
        table(HEAD, figures.strategies.map(row)),
        "",
        verdictOf(figures),
    ].join("\n");
}
