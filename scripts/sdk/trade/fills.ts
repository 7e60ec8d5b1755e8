/** Twin of contracts/periphery/FillPreview.sol: what fills leave behind, and how much one leg may trade at all. */
import {InputError} from "../failures.js";
import {decodeInstrument, isOption} from "../instruments.js";
import type {Instrument} from "../instruments.js";
import {abs, max, min, mulDivCeil, mulDivUp, mulUp} from "../math/index.js";
import {priceOf} from "../risk/marketReader.js";
import {assessBook} from "../risk/riskEngine.js";
import type {Market, UnderlyingQuote} from "../risk/types.js";
import {MAX_INT_128, ONE_E18, usd} from "../units.js";
import {
    actorOf,
    bookOf,
    changeCash,
    changePosition,
    changeQuote,
    payoff,
    POSITION_CAP,
    realise,
    sizeOf,
} from "./ledger.js";
import type {Actor} from "./ledger.js";
import {markOf, openPerpetual, samplePremium} from "./perpetual.js";
import type {Perpetual} from "./perpetual.js";
import type {Holder, TradeLeg, TradeQuestion, Trial} from "./types.js";

const MAX_LEGS = 8;

type Run = {
    readonly question: TradeQuestion;
    readonly now: bigint;
    readonly own: Actor;
    readonly other: Actor;
    readonly perpetuals: Map<number, Perpetual>;
    /** Change of open interest by underlying. */
    readonly longE18: Map<number, bigint>;
};

/** The running sums of one quote, seen from the account. */
type Sums = {premiumE18: bigint; feeE18: bigint};

function quoteOf({underlyings}: Market, underlying: number): UnderlyingQuote {
    const quote = underlyings.get(underlying);
    if (quote !== undefined) return quote;
    const details = {underlying: String(underlying)};
    throw new InputError("market-missing", `No market data of underlying ${underlying}`, details);
}

function addLong({longE18}: Run, underlying: number, deltaE18: bigint): void {
    longE18.set(underlying, (longE18.get(underlying) ?? 0n) + deltaE18);
}

/** Turns positions with a settlement price into cash or quote figures. */
function settle(run: Run, actor: Actor, {book}: Holder): void {
    let cashE18 = 0n;
    for (const {instrument, sizeE18} of book.positions) {
        const {underlying, expiry, kind} = decodeInstrument(instrument);
        const priceE18 = quoteOf(run.question.market, underlying).settlements.get(expiry);
        if (kind === "PERP" || BigInt(expiry) > run.now || priceE18 === undefined) continue;
        const paidE18 = payoff(instrument, sizeE18, priceE18);
        addLong(run, underlying, changePosition(actor, instrument, -sizeE18));
        if (isOption(kind)) {
            cashE18 += paidE18;
        } else {
            changeQuote(actor, underlying, paidE18);
            realise(actor, underlying);
        }
    }
    changeCash(actor, cashE18);
}

function openRun(question: TradeQuestion): Run {
    const {terms, account, counterparty, market} = question;
    const run: Run = {
        question,
        now: BigInt(market.now),
        own: actorOf(account, terms),
        other: actorOf(counterparty, terms),
        perpetuals: new Map(),
        longE18: new Map(),
    };
    settle(run, run.own, account);
    settle(run, run.other, counterparty);
    return run;
}

function optionFee({terms, market}: TradeQuestion, underlying: number, sizeE18: bigint, priceE18: bigint): bigint {
    const {optionE18, optionCapE18} = terms.fees;
    if (optionE18 === 0n) return 0n;
    const mostE18 = mulDivUp(sizeE18 * priceE18, optionCapE18, ONE_E18 * ONE_E18);
    if (mostE18 === 0n) return 0n;
    return min(mostE18, mulDivUp(sizeE18 * priceOf(market, underlying), optionE18, ONE_E18 * ONE_E18));
}

/** Cost of a linear leg per unit; a perpetual's fill moves the average premium on the way. */
function unitCost(run: Run, {underlying, kind}: Instrument, sizeE18: bigint, priceE18: bigint): bigint {
    if (kind !== "PERP") return priceE18;
    const {market, terms} = run.question;
    const perpetual = run.perpetuals.get(underlying) ?? openPerpetual(terms, underlying, run.now);
    run.perpetuals.set(underlying, perpetual);
    samplePremium(perpetual, terms, {sizeE18, priceE18, indexE18: priceOf(market, underlying), now: run.now});
    return priceE18 - quoteOf(market, underlying).fundingE18;
}

function applyLeg(run: Run, sums: Sums, {instrument, sizeE18: deltaE18, priceE18}: TradeLeg): void {
    const terms = decodeInstrument(instrument);
    const sizeE18 = abs(deltaE18);
    addLong(run, terms.underlying, changePosition(run.own, instrument, deltaE18));
    addLong(run, terms.underlying, changePosition(run.other, instrument, -deltaE18));
    const sign = deltaE18 > 0n ? 1n : -1n;
    if (isOption(terms.kind)) {
        sums.premiumE18 -= sign * mulUp(sizeE18, priceE18);
        sums.feeE18 += optionFee(run.question, terms.underlying, sizeE18, priceE18);
        return;
    }
    const costE18 = mulDivCeil(sizeE18, unitCost(run, terms, sizeE18, priceE18), ONE_E18);
    changeQuote(run.own, terms.underlying, -sign * costE18);
    changeQuote(run.other, terms.underlying, sign * costE18);
    sums.feeE18 += mulDivUp(sizeE18 * priceE18, run.question.terms.fees.linearE18, ONE_E18 * ONE_E18);
}

const underlyingOf = ({instrument}: TradeLeg): number => decodeInstrument(instrument).underlying;

function applyQuote(run: Run, legs: readonly TradeLeg[]): void {
    const sums: Sums = {premiumE18: 0n, feeE18: 0n};
    for (const [i, leg] of legs.entries()) {
        applyLeg(run, sums, leg);
        const next = legs[i + 1];
        if (next !== undefined && underlyingOf(next) === underlyingOf(leg)) continue;
        realise(run.own, underlyingOf(leg));
        realise(run.other, underlyingOf(leg));
    }
    changeCash(run.own, sums.premiumE18);
    changeCash(run.other, -sums.premiumE18);
    const payer = run.question.role === "TAKER" ? run.own : run.other;
    payer.feeE18 += sums.feeE18;
    changeCash(payer, -sums.feeE18);
}

/** Legs cut into quotes that the clearinghouse would take: ascending instruments, at most eight. */
function quotesOf(legs: readonly TradeLeg[]): TradeLeg[][] {
    const quotes: TradeLeg[][] = [];
    for (const leg of legs) {
        const open = quotes.at(-1) ?? [];
        const last = open.at(-1);
        if (last !== undefined && open.length < MAX_LEGS && last.instrument < leg.instrument) open.push(leg);
        else quotes.push([leg]);
    }
    return quotes;
}

/** The market with the marks and the open interest that the fills leave behind. */
function marketAfter({question: {market, terms}, perpetuals, longE18}: Run): Market {
    const underlyings = [...market.underlyings].map(([underlying, quote]): [number, UnderlyingQuote] => {
        const perpetual = perpetuals.get(underlying);
        const openInterestE18 = quote.openInterestE18 + (longE18.get(underlying) ?? 0n);
        const markE18 = perpetual === undefined ? quote.markE18 : markOf(perpetual, terms, priceOf(market, underlying));
        return [underlying, {...quote, markE18, openInterestE18}];
    });
    return {...market, underlyings: new Map(underlyings)};
}

/** Margin of the account without and with legs, at this moment. */
export function trial(question: TradeQuestion, legs: readonly TradeLeg[]): Trial {
    const run = openRun(question);
    const untouched = bookOf(run.own);
    for (const quote of quotesOf(legs)) applyQuote(run, quote);
    const market = marketAfter(run);
    const {parameters} = question;
    return {
        before: assessBook({book: untouched, market, parameters}),
        after: assessBook({book: bookOf(run.own), market, parameters}),
        feeE18: usd(run.own.feeE18),
    };
}

/** Most of one leg that may be traded now, whatever the margin. `direction` is the account's: above 0 = it buys. */
export function room(question: TradeQuestion, instrument: TradeLeg["instrument"], direction: bigint): bigint {
    const {terms, market} = question;
    const run = openRun(question);
    const {underlying, expiry, kind} = decodeInstrument(instrument);
    if (kind !== "PERP" && BigInt(expiry) <= run.now) return 0n;
    const [buyer, seller] = direction > 0n ? [run.own, run.other] : [run.other, run.own];
    const [boughtE18, soldE18] = [sizeOf(buyer, instrument), sizeOf(seller, instrument)];
    const [coveredE18, releasedE18] = [max(-boughtE18, 0n), max(soldE18, 0n)];
    if (!terms.isTradable(instrument) || terms.openingPaused) return min(coveredE18, releasedE18);
    const isFull = ({positions}: Actor): boolean => positions.size >= POSITION_CAP && !positions.has(instrument);
    if (isFull(buyer) || isFull(seller)) return 0n;
    const openE18 = quoteOf(market, underlying).openInterestE18 + (run.longE18.get(underlying) ?? 0n);
    const freeE18 = max((terms.openInterestCapsE18.get(underlying) ?? 0n) - openE18, 0n);
    const heldE18 = max(abs(boughtE18), abs(soldE18));
    return min(MAX_INT_128 - heldE18, freeE18 + coveredE18 + releasedE18);
}
