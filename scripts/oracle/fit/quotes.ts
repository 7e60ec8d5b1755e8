/** Quotes of one expiry as a market file gives them, and the points that they make for a fit. */
import {z} from "zod";

import {totalVolOf} from "./black.js";
import type {Side} from "./black.js";
import {FitError} from "./failures.js";
import type {Carry, Pair} from "./forward.js";
import {median} from "./svi.js";
import type {VolPoint} from "./svi.js";

const FLOAT = z.union([z.string(), z.number()]).transform((value, context) => {
    const figure = typeof value === "number" ? value : value.trim() === "" ? NaN : Number(value);
    if (Number.isFinite(figure)) return figure;
    context.addIssue({code: "custom", message: `"${value}" is not a number`});
    return z.NEVER;
});

export const POSITIVE_FLOAT = FLOAT.refine((figure) => figure > 0, "must be above zero");
/** Absent, null and 0 say that nobody bids or asks. */
const SIDE_OF_BOOK = FLOAT.refine((figure) => figure >= 0, "must not be below zero")
    .nullish()
    .transform((figure) => (figure === 0 ? undefined : (figure ?? undefined)));

/** Prices need the kind of option; volatilities do not. */
const QUOTE = z
    .strictObject({
        strike: POSITIVE_FLOAT,
        type: z.enum(["call", "put"]).optional(),
        /** In USD per unit of the underlying. */
        bid: SIDE_OF_BOOK,
        ask: SIDE_OF_BOOK,
        /** Annual, 1 = 100 %. */
        bidVol: SIDE_OF_BOOK,
        askVol: SIDE_OF_BOOK,
        /** Units of the underlying. */
        size: POSITIVE_FLOAT.optional(),
    })
    .refine(
        ({bid, ask, bidVol, askVol}) => (bid ?? ask) === undefined || (bidVol ?? askVol) === undefined,
        "prices or volatilities, not both",
    )
    .refine(
        ({type, bid, ask}) => type !== undefined || (bid ?? ask) === undefined,
        "a price needs its type, call or put",
    );

export const QUOTES = z.array(QUOTE).min(1);
export const FUTURE = z
    .strictObject({bid: POSITIVE_FLOAT, ask: POSITIVE_FLOAT})
    .refine(({bid, ask}) => bid <= ask, "the bid is above the ask");

type Figure = number | undefined;

/** A quote as it was read; what nobody bids or asks is undefined. */
export type OptionQuote = {
    readonly strike: number;
    readonly type?: Side | undefined;
    readonly bid?: Figure;
    readonly ask?: Figure;
    readonly bidVol?: Figure;
    readonly askVol?: Figure;
    readonly size?: Figure;
};

/** A point and the quote that it stands for. */
export type QuotedPoint = VolPoint & {readonly strike: number; readonly bidVol: number; readonly askVol: number};

/** Least that a volatility and a price are taken to be off; half of the spread, where that is more. */
const MIN_ERROR_VOL = 0.0005;
const MIN_ERROR_SHARE = 1e-6;

type TwoSided = {readonly bid: number; readonly ask: number};

/** Bid and ask, when there are both. */
function twoSided(quote: OptionQuote): TwoSided | undefined {
    const bid = quote.bid ?? quote.bidVol;
    const ask = quote.ask ?? quote.askVol;
    if (bid === undefined || ask === undefined) return undefined;
    if (bid <= ask) return {bid, ask};
    const values = {strike: String(quote.strike), bid: String(bid), ask: String(ask)};
    throw new FitError("fit-crossed", `At strike ${values.strike} the bid ${bid} is above the ask ${ask}`, values);
}

const isPriced = ({bid, ask}: OptionQuote): boolean => bid !== undefined || ask !== undefined;

/** Strikes with prices of call and put. */
export function pairsOf(quotes: readonly OptionQuote[]): Pair[] {
    const calls = new Map<number, TwoSided>();
    const puts = new Map<number, TwoSided>();
    for (const quote of quotes.filter(isPriced)) {
        const book = twoSided(quote);
        if (book !== undefined) (quote.type === "call" ? calls : puts).set(quote.strike, book);
    }
    return [...calls].flatMap(([strike, call]) => {
        const put = puts.get(strike);
        if (put === undefined) return [];
        const error = (call.ask - call.bid + put.ask - put.bid) / 2 + MIN_ERROR_SHARE * strike;
        return [{strike, difference: (call.bid + call.ask - put.bid - put.ask) / 2, error}];
    });
}

/** Of two options at a strike the one out of the money says more about volatility. */
const isOutOfMoney = ({type, strike}: OptionQuote, forward: number): boolean =>
    type === undefined || (type === "call") === strike >= forward;

function volsOf(quote: OptionQuote, {forward, discount}: Carry, years: number): TwoSided | undefined {
    const book = twoSided(quote);
    if (book === undefined || !isPriced(quote)) return book;
    const {type = "call", strike} = quote;
    const volOf = (price: number): number => {
        const totalVol = totalVolOf(type, forward, strike, price / discount);
        if (totalVol !== undefined) return totalVol / Math.sqrt(years);
        const values = {strike: String(strike), type, price: String(price), forward: String(forward)};
        throw new FitError("fit-price", `No volatility makes a ${type} at ${strike} worth ${price}`, values);
    };
    return {bid: volOf(book.bid), ask: volOf(book.ask)};
}

/** One point per quote with bid and ask out of the money, ascending by strike. Wide and small quotes count less. */
export function pointsOf(quotes: readonly OptionQuote[], carry: Carry, years: number): QuotedPoint[] {
    const sizes = quotes.flatMap(({size}) => (size === undefined ? [] : [size]));
    const usual = median(sizes);
    const points = quotes
        .filter((quote) => isOutOfMoney(quote, carry.forward))
        .flatMap((quote) => {
            const vols = volsOf(quote, carry, years);
            if (vols === undefined) return [];
            const {bid: bidVol, ask: askVol} = vols;
            const size = quote.size ?? usual;
            const doubt = size === 0 ? 1 : Math.sqrt((size + usual) / (2 * size));
            const {strike} = quote;
            return [
                {
                    strike,
                    k: Math.log(strike / carry.forward),
                    vol: (bidVol + askVol) / 2,
                    errorVol: doubt * Math.max((askVol - bidVol) / 2, MIN_ERROR_VOL),
                    bidVol,
                    askVol,
                },
            ];
        });
    return points.sort((one, other) => one.strike - other.strike);
}
