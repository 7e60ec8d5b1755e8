/**
 * A short book while it is closed: what it is worth and asks for once so much of each leg is gone, and what closing that much costs.
 *
 *   cost = sum over legs of half spread * |q|  +  sum over underlyings of Y * sigma_day * X * sqrt(X / ADV),  X = |net delta closed| * S
 *
 * The second term and the half spread of linear legs, spread / 2 of the price, are the concentration charge of the margin model with its
 * parameters. An option's half spread is that of its delta and so much volatility times its vega.
 */
import {decodeInstrument, isOption} from "../../sdk/index.js";
import {abs, max, mulDivDown, mulDivUp, mulFloor, mulUp, sum} from "../../sdk/math/index.js";
import {addOns, assessBook, share, underlyingsOf, unitGreeks} from "../../sdk/risk/index.js";
import type {Assessment, Book, Holdings, Position, Question, UnderlyingParams} from "../../sdk/risk/index.js";
import {ONE_E18} from "../../sdk/units.js";
import type {Stage} from "../backtest/books.js";

export type Leg = Position & {
    readonly underlying: number;
    readonly spotE18: bigint;
    /** Of one unit. */
    readonly markE18: bigint;
    readonly deltaE18: bigint;
    readonly vegaE18: bigint;
    readonly halfSpreadE18: bigint;
    readonly isOption: boolean;
    /** What the whole leg has gained since it was opened. */
    readonly profitE18: bigint;
};

/** Sizes closed, by leg, each with the leg's sign. */
export type Closed = readonly bigint[];

export type Standing = Assessment & {readonly costE18: bigint};

/** What closing is priced by and how far it goes. */
export type Terms = {
    readonly targetHealthE18: bigint;
    /** Half the spread of an option's volatility: 1e16 is one point. */
    readonly volSpreadE18: bigint;
};

function legsOf({market, positions}: Holdings, before: Stage, {volSpreadE18}: Terms): Leg[] {
    return positions.map((position) => {
        const {expiry, kind} = decodeInstrument(position.instrument);
        const own = market.expiries.find((one) => one.expiry === expiry);
        if (own === undefined) throw new Error(`Expiry ${expiry} has no market`);
        const unit = unitGreeks(own, {...position, sizeE18: ONE_E18});
        const reachE18 = isOption(kind) ? mulUp(abs(unit.deltaE18), market.spotE18) : unit.priceE18;
        const entryE18 = before.prices(position.instrument).markE18;
        return {
            ...position,
            underlying: market.underlying,
            spotE18: market.spotE18,
            markE18: unit.priceE18,
            deltaE18: unit.deltaE18,
            vegaE18: unit.vegaE18,
            isOption: isOption(kind),
            halfSpreadE18:
                mulDivUp(reachE18, market.params.spreadE18, 2n * ONE_E18) + mulUp(unit.vegaE18, volSpreadE18),
            profitE18: mulFloor(position.sizeE18, unit.priceE18 - entryE18),
        };
    });
}

type Depth = {readonly params: UnderlyingParams; readonly spotE18: bigint};

/** A book that is to be closed down to the target, at the prices of one moment. */
export class ShortPosition {
    readonly legs: readonly Leg[];
    readonly terms: Terms;
    readonly book: Book;
    /** Assessments of the whole book so far: what a contract would have to work out. */
    assessments = 0;
    readonly #question: Omit<Question, "book">;
    readonly #depths: ReadonlyMap<number, Depth>;

    constructor(book: Book, before: Stage, after: Stage, terms: Terms) {
        const {market, rules} = after;
        const {parameters} = rules;
        this.#question = {market, parameters, shared: share(market, parameters)};
        const held = underlyingsOf({...this.#question, book});
        this.legs = held.flatMap((one) => legsOf(one, before, terms));
        this.#depths = new Map(
            held.map(({market: own}) => [
                own.underlying,
                {params: {...own.params, spreadE18: 0n}, spotE18: own.spotE18},
            ]),
        );
        this.terms = terms;
        this.book = book;
    }

    get nothing(): Closed {
        return this.legs.map(() => 0n);
    }

    get everything(): Closed {
        return this.legs.map(({sizeE18}) => sizeE18);
    }

    costE18(closed: Closed): bigint {
        const spreads = this.legs.map(({halfSpreadE18}, i) => mulUp(abs(closed[i] ?? 0n), halfSpreadE18));
        const impacts = [...this.#depths].map(([underlying, {params, spotE18}]) => {
            const deltas = this.legs.map((leg, i) =>
                leg.underlying === underlying ? mulFloor(closed[i] ?? 0n, leg.deltaE18) : 0n,
            );
            return addOns.concentration(params, abs(sum(deltas)), spotE18);
        });
        return sum([...spreads, ...impacts]);
    }

    /** The book without what is closed: its marks, less the cost, are cash. */
    bookAfter(closed: Closed, costE18: bigint): Book {
        const gains = this.legs.map(({markE18}, i) => mulFloor(closed[i] ?? 0n, markE18));
        const positions = this.legs.map(({instrument, sizeE18}, i) => ({
            instrument,
            sizeE18: sizeE18 - (closed[i] ?? 0n),
        }));
        return {
            ...this.book,
            cashE18: this.book.cashE18 + sum(gains) - costE18,
            positions: positions.filter(({sizeE18}) => sizeE18 !== 0n),
        };
    }

    standing(closed: Closed): Standing {
        this.assessments += 1;
        const costE18 = this.costE18(closed);
        return {...assessBook({...this.#question, book: this.bookAfter(closed, costE18)}), costE18};
    }

    isDone({equityE18, maintenanceE18}: Standing): boolean {
        return equityE18 >= mulDivUp(maintenanceE18, this.terms.targetHealthE18, ONE_E18);
    }

    /** Units of everything closed, at the price of the underlying. */
    notionalE18(closed: Closed, counts: (leg: Leg) => boolean = () => true): bigint {
        const worth = this.legs.map((leg, i) => (counts(leg) ? mulUp(abs(closed[i] ?? 0n), leg.spotE18) : 0n));
        return sum(worth);
    }

    /** A part of what is left of every leg on top of what is closed; parts in so many. */
    withPart(closed: Closed, part: bigint, parts: bigint): Closed {
        return this.legs.map(({sizeE18}, i) => {
            const gone = closed[i] ?? 0n;
            const left = sizeE18 - gone;
            const taken = mulDivDown(abs(left), part, parts);
            return gone + (left < 0n ? -taken : taken);
        });
    }
}

/** Closed in legs whose own profit is not negative, as a part of all that is closed: section CML-5's spillover. */
export function spilloverE18(position: ShortPosition, closed: Closed): bigint {
    const allE18 = position.notionalE18(closed);
    return mulDivDown(
        position.notionalE18(closed, ({profitE18}) => profitE18 >= 0n),
        ONE_E18,
        max(allE18, 1n),
    );
}
