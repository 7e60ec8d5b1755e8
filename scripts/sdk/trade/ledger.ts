/** Twin of contracts/periphery/FillBook.sol: one account in memory, as far as fills change it. */
import {decodeInstrument, isLinear} from "../instruments.js";
import {balanceOf, max, mulDivFloor, principalOf} from "../math/index.js";
import type {Book} from "../risk/types.js";
import {ONE_E18} from "../units.js";
import type {Holder, Terms} from "./types.js";

/** Most positions an account may hold. */
export const POSITION_CAP = 64;

/** Strikes have 8 decimals, prices 18. */
const STRIKE_TO_PRICE = 10n ** 10n;

export type Actor = {
    principal: bigint;
    feeE18: bigint;
    readonly positions: Map<bigint, bigint>;
    readonly quotes: Map<number, bigint>;
    readonly book: Book;
    readonly terms: Terms;
};

export const actorOf = ({principal, book}: Holder, terms: Terms): Actor => ({
    principal,
    feeE18: 0n,
    positions: new Map(book.positions.map(({instrument, sizeE18}) => [instrument, sizeE18])),
    quotes: new Map(book.quotes.map(({underlying, quoteE18}) => [underlying, quoteE18])),
    book,
    terms,
});

export const cashOf = ({principal, terms}: Actor): bigint => balanceOf(principal, terms);

/** Adds to cash the way the vault does: each change is rounded to a principal. */
export function changeCash(actor: Actor, deltaE18: bigint): void {
    if (deltaE18 !== 0n) actor.principal = principalOf(cashOf(actor) + deltaE18, actor.terms);
}

export const sizeOf = ({positions}: Actor, instrument: bigint): bigint => positions.get(instrument) ?? 0n;

/** Adds to a position; returns the change of open interest. */
export function changePosition(actor: Actor, instrument: bigint, deltaE18: bigint): bigint {
    const beforeE18 = sizeOf(actor, instrument);
    const afterE18 = beforeE18 + deltaE18;
    if (afterE18 === 0n) actor.positions.delete(instrument);
    else actor.positions.set(instrument, afterE18);
    return max(afterE18, 0n) - max(beforeE18, 0n);
}

export function changeQuote({quotes}: Actor, underlying: number, deltaE18: bigint): void {
    quotes.set(underlying, (quotes.get(underlying) ?? 0n) + deltaE18);
}

/** Underlyings with a linear position, ascending. */
function linearUnderlyings({positions}: Actor): number[] {
    const terms = [...positions.keys()].map(decodeInstrument).filter(({kind}) => isLinear(kind));
    return [...new Set(terms.map(({underlying}) => underlying))].sort((a, b) => a - b);
}

/** Turns a quote figure into cash once no linear position of the underlying is left. */
export function realise(actor: Actor, underlying: number): void {
    const quoteE18 = actor.quotes.get(underlying) ?? 0n;
    if (quoteE18 === 0n || linearUnderlyings(actor).includes(underlying)) return;
    actor.quotes.set(underlying, 0n);
    changeCash(actor, quoteE18);
}

/** What a position pays at a settlement price. */
export function payoff(instrument: bigint, sizeE18: bigint, priceE18: bigint): bigint {
    const {kind, strikeE8} = decodeInstrument(instrument);
    const strikeE18 = strikeE8 * STRIKE_TO_PRICE;
    const units = {
        PERP: priceE18,
        FUTURE: priceE18,
        CALL: max(priceE18 - strikeE18, 0n),
        PUT: max(strikeE18 - priceE18, 0n),
    };
    return mulDivFloor(sizeE18, units[kind], ONE_E18);
}

export function bookOf(actor: Actor): Book {
    const ascending = [...actor.positions].sort(([a], [b]) => (a < b ? -1 : 1));
    return {
        model: actor.book.model,
        cashE18: cashOf(actor),
        collateral: actor.book.collateral,
        positions: ascending.map(([instrument, sizeE18]) => ({instrument, sizeE18})),
        quotes: linearUnderlyings(actor).map((underlying) => ({
            underlying,
            quoteE18: actor.quotes.get(underlying) ?? 0n,
        })),
    };
}
