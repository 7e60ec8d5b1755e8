/** The books that the models are asked about: those of an options textbook, hedged ones, and ones of two underlyings. */
import {call, future, hedged, perp, plain, put, spot} from "../../simulators/backtest/strategies.js";
import type {Strategy, StrategyLeg} from "../../simulators/backtest/strategies.js";

/** In the order of their numbers; a leg names one by its place. */
export const ASSETS = ["BTC", "ETH"] as const;
const ETH = 1;

export const FAMILIES = [
    "outright",
    "covered",
    "spreads",
    "volatility",
    "wings",
    "time",
    "ratios",
    "parity",
    "carry",
    "two underlyings",
    "market maker",
] as const;
export type Family = (typeof FAMILIES)[number];

export type NamedBook = {readonly family: Family; readonly strategy: Strategy};

const BOOKS_OF: Readonly<Record<Family, readonly Strategy[]>> = {
    outright: [
        plain("long perpetual", perp(1)),
        plain("short perpetual", perp(-1)),
        plain("long call", call(1, 0)),
        plain("long put", put(1, 0)),
        plain("short call", call(-1, 1)),
        plain("short put", put(-1, -1)),
        plain("short far call", call(-1, 3)),
        plain("short far put", put(-1, -3)),
    ],
    covered: [
        plain("covered call", spot(1), call(-1, 1)),
        plain("covered call on ETH", spot(1, ETH), call(-1, 1, 7, ETH)),
        plain("protective put", spot(1), put(1, -1)),
        plain("collar", spot(1), put(1, -1), call(-1, 1)),
    ],
    spreads: [
        plain("bull call spread", call(1, 0), call(-1, 1)),
        plain("bear call spread", call(-1, 0), call(1, 1)),
        plain("bull put spread", put(-1, 0), put(1, -1)),
        plain("bear put spread", put(1, 0), put(-1, -1)),
    ],
    volatility: [
        plain("long straddle", put(1, 0), call(1, 0)),
        plain("short straddle", put(-1, 0), call(-1, 0)),
        plain("long strangle", put(1, -1), call(1, 1)),
        plain("short strangle", put(-1, -1), call(-1, 1)),
        hedged("short strangle, delta-neutral", put(-1, -1), call(-1, 1)),
        plain("strip", put(2, 0), call(1, 0)),
        plain("strap", put(1, 0), call(2, 0)),
    ],
    wings: [
        plain("call butterfly", call(1, -1), call(-2, 0), call(1, 1)),
        plain("broken-wing butterfly", call(1, -1), call(-2, 0), call(1, 2)),
        plain("call condor", call(1, -2), call(-1, -1), call(-1, 1), call(1, 2)),
        plain("iron butterfly", put(1, -1), put(-1, 0), call(-1, 0), call(1, 1)),
        plain("iron condor", put(1, -2), put(-1, -1), call(-1, 1), call(1, 2)),
    ],
    time: [
        plain("calendar spread", call(-1, 0, 7), call(1, 0, 30)),
        plain("double calendar", put(-1, -1, 7), put(1, -1, 30), call(-1, 1, 7), call(1, 1, 30)),
        plain("diagonal spread", call(-1, 1, 7), call(1, 0, 30)),
    ],
    ratios: [
        plain("call ratio spread", call(1, 0), call(-2, 1)),
        plain("put ratio spread", put(1, 0), put(-2, -1)),
        plain("call backspread", call(-1, 0), call(2, 1)),
        plain("put backspread", put(-1, 0), put(2, -1)),
    ],
    parity: [
        plain("synthetic long", put(-1, 0), call(1, 0)),
        plain("risk reversal", put(-1, -1), call(1, 1)),
        plain("seagull", put(-1, -1), call(1, 0), call(-1, 1)),
        plain("conversion", future(1), put(1, 0, 30), call(-1, 0, 30)),
        plain("reversal", future(-1), put(-1, 0, 30), call(1, 0, 30)),
        plain("box spread", call(1, -1), call(-1, 1), put(1, 1), put(-1, -1)),
        plain("jelly roll", call(-1, 0, 7), put(1, 0, 7), call(1, 0, 30), put(-1, 0, 30)),
    ],
    carry: [
        plain("cash and carry", spot(1), future(-1)),
        plain("perpetual against future", perp(1), future(-1)),
        plain("future calendar", future(-1, 7), future(1, 90)),
    ],
    "two underlyings": [
        plain("long BTC, short ETH", perp(1), perp(-1, ETH)),
        plain("straddle sold on BTC, bought on ETH", put(-1, 0), call(-1, 0), put(1, 0, 7, ETH), call(1, 0, 7, ETH)),
        hedged("strangles on both, delta-neutral", put(-1, -1), call(-1, 1), put(-1, -1, 7, ETH), call(-1, 1, 7, ETH)),
    ],
    "market maker": [
        hedged(
            "four expiries, delta-neutral",
            ...[put(-2, -1, 7), call(-2, 1, 7), put(1, -2, 7), call(1, 2, 7)],
            ...[put(-1, 0, 30), call(-1, 0, 30), put(2, -1, 30)],
            ...[put(-1, -1, 60), call(2, 1, 60)],
            ...[put(1, -1, 90), call(-1, 0, 90)],
        ),
    ],
};

export const BOOKS: readonly NamedBook[] = FAMILIES.flatMap((family) =>
    BOOKS_OF[family].map((strategy) => ({family, strategy})),
);

export const hasOptions = ({legs}: Strategy): boolean =>
    legs.some(({terms}) => terms.kind === "CALL" || terms.kind === "PUT");

const signed = (units: number): string => (units < 0 ? `−${-units}` : `+${units}`);

/** `−1 C +1σ 7d`: units, kind, standard deviations of the strike from the forward, days. */
function wordsOfLeg({asset, terms, units}: StrategyLeg): string {
    const name = asset === 0 ? "" : `${ASSETS[asset] ?? ""} `;
    const count = `${signed(units)} ${name}`;
    switch (terms.kind) {
        case "SPOT":
            return `${count}spot`;
        case "PERP":
            return `${count}perp`;
        case "FUTURE":
            return `${count}future ${terms.days}d`;
        case "CALL":
        case "PUT": {
            const place = terms.deviations === 0 ? "at F" : `${signed(terms.deviations)}σ`;
            return `${count}${terms.kind === "CALL" ? "C" : "P"} ${place} ${terms.days}d`;
        }
    }
}

export const wordsOf = ({legs, isHedged}: Strategy): string =>
    [...legs.map(wordsOfLeg), ...(isHedged ? ["perp against delta"] : [])].join(", ");
