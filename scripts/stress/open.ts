/** What everybody opens: the largest multiple of a strategy that leaves the wanted share of equity, found by the twin. */
import {RefusedError} from "../demo/world.js";
import {decodeInstrument} from "../sdk/index.js";
import type {InstrumentId} from "../sdk/index.js";
import {abs, mulCeil, mulDown, mulUp, sum} from "../sdk/math/index.js";
import type {Book} from "../sdk/risk/index.js";
import type {House} from "./house.js";
import type {Order, Trader} from "./population.js";

/** Doubles until it no longer fits, then halves the gap so often. */
const STEPS = 9;
const MOST = 1n << 24n;
/** In the order in which the local network lists them: WETH, WBTC. */
const UNDERLYING_OF_ASSET: ReadonlyMap<number, number> = new Map([
    [0, 2],
    [1, 1],
]);

const times = (orders: readonly Order[], multiple: bigint): Order[] =>
    orders.map(({instrument, sizeE18}) => ({instrument, sizeE18: sizeE18 * multiple}));

/** A book after orders at fair prices, spread and fees aside. */
function after(book: Book, orders: readonly Order[], fairE18: (instrument: InstrumentId) => bigint): Book {
    const quotes = new Map<number, bigint>();
    let cashE18 = book.cashE18;
    for (const {instrument, sizeE18} of orders) {
        const {kind, underlying} = decodeInstrument(instrument);
        const costE18 = mulCeil(sizeE18, fairE18(instrument));
        if (kind === "CALL" || kind === "PUT") cashE18 -= costE18;
        else quotes.set(underlying, (quotes.get(underlying) ?? 0n) - costE18);
    }
    const positions = [...orders].sort((a, b) => (a.instrument < b.instrument ? -1 : 1));
    const figures = [...quotes].sort(([a], [b]) => a - b).map(([underlying, quoteE18]) => ({underlying, quoteE18}));
    return {...book, cashE18, positions, quotes: figures};
}

/** Entry prices by instrument, for who opened something. */
export type Entries = ReadonlyMap<InstrumentId, bigint>;

/** Opens for one trader; nothing if even one unit is too much or the contract refuses. */
export async function open(house: House, trader: Trader): Promise<Entries | undefined> {
    const {mirror, market, desk, series, parties} = house;
    const party = parties.get(trader.id);
    if (party === undefined) return undefined;
    const unit = trader.unit({series, spotE18: (id) => market.spotE18(id)});
    const fairE18 = (instrument: InstrumentId): bigint => market.fairE18(instrument);
    const book = await mirror.bookOf(party.account);
    const fits = (multiple: bigint): boolean => {
        const {equityE18, initialE18} = mirror.assess(after(book, times(unit, multiple), fairE18));
        return equityE18 > 0n && initialE18 <= mulDown(equityE18, trader.useE18);
    };
    let low = 0n;
    let high = 1n;
    while (high < MOST && fits(high)) [low, high] = [high, high * 2n];
    for (let step = 0; step < STEPS && high - low > 1n; step += 1) {
        const middle = (low + high) >> 1n;
        if (fits(middle)) low = middle;
        else high = middle;
    }
    if (low === 0n) return undefined;
    const orders = times(unit, low);
    try {
        await desk.trade(party, orders);
    } catch (error) {
        if (error instanceof RefusedError) return undefined;
        throw error;
    }
    return new Map(orders.map(({instrument}) => [instrument, fairE18(instrument)]));
}

/** Worth of all positions and coins at spot, sizes without their signs. */
export function grossE18(book: Book, spotE18: (underlying: number) => bigint): bigint {
    const positions = book.positions.map(({instrument, sizeE18}) => ({
        underlying: decodeInstrument(instrument as InstrumentId).underlying,
        sizeE18: abs(sizeE18),
    }));
    const coins = book.collateral.flatMap(({assetId, unitsE18}) => {
        const underlying = UNDERLYING_OF_ASSET.get(assetId);
        return underlying === undefined ? [] : [{underlying, sizeE18: unitsE18}];
    });
    return sum([...positions, ...coins].map(({underlying, sizeE18}) => mulUp(sizeE18, spotE18(underlying))));
}
