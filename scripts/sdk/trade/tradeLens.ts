/**
 * Twin of contracts/periphery/TradeLens.sol, equal to the last unit. What is searched, and what may be overlooked, stands in
 * contracts/interfaces/ITradeLens.sol. The twin knows no sizes too great for the engine.
 */
import {InputError} from "../failures.js";
import type {InstrumentId} from "../instruments.js";
import {abs, max, min, mulDivDown} from "../math/index.js";
import {assessBook} from "../risk/riskEngine.js";
import type {Assessment} from "../risk/types.js";
import {MAX_INT_128, size, usd} from "../units.js";
import type {SizeE18} from "../units.js";
import {room, trial} from "./fills.js";
import {peak, probeOf} from "./peak.js";
import type {Probe} from "./peak.js";
import {closeIn, ladder} from "./search.js";
import type {Candidate, Hedge, Stop, TradeLeg, TradePreview, TradeQuestion, Trial} from "./types.js";

const MAX_CANDIDATES = 16;
/** Halvings to one lot, whatever the size. */
const ALL_HALVINGS = 127;
const HEDGE_HALVINGS = 12;

const excessOf = ({equityE18, initialE18}: Assessment): bigint => equityE18 - initialE18;

/** Not negative exactly where the clearinghouse's check lets an account through. */
const slackOf = ({before, after}: Trial): bigint =>
    max(excessOf(after), min(excessOf(after) - excessOf(before), after.equityE18));

const marginNow = ({account: {book}, market, parameters}: TradeQuestion): Assessment =>
    assessBook({book, market, parameters});

function checkSize(sizeE18: bigint): void {
    if (sizeE18 !== 0n && abs(sizeE18) <= MAX_INT_128) return;
    const details = {size: String(sizeE18)};
    throw new InputError("number-out-of-range", "A size or lot must not be zero and must fit 128 bits", details);
}

/** Margin of the account before and after legs, as quotes filled in one call. */
export function previewLegs(question: TradeQuestion, legs: readonly TradeLeg[]): TradePreview {
    if (legs.length === 0) throw new InputError("quote-malformed", "A preview needs a leg");
    for (const {sizeE18} of legs) checkSize(sizeE18);
    const tried = trial(question, legs);
    const {before: held, after, feeE18} = tried;
    return {before: marginNow(question), held, after, feeE18, suffices: slackOf(tried) >= 0n};
}

/** One leg whose size is searched. */
type Ask = {
    /** Lots that caps allow. */
    readonly most: bigint;
    /** Lots that close the position, 0 = none. */
    readonly closes: bigint;
    readonly at: (lots: bigint) => Trial;
};

/** One instrument at a price, and the step of its sizes; the sign of the lot is the direction. */
export type Lot = {readonly instrument: InstrumentId; readonly priceE18: bigint; readonly lotE18: bigint};

function askOf(question: TradeQuestion, {instrument, priceE18, lotE18}: Lot): Ask {
    checkSize(lotE18);
    const held = question.account.book.positions.find((one) => one.instrument === instrument);
    const heldE18 = held?.sizeE18 ?? 0n;
    const isClosing = lotE18 > 0n === heldE18 < 0n;
    return {
        most: mulDivDown(room(question, instrument, lotE18), 1n, abs(lotE18)),
        closes: isClosing ? mulDivDown(abs(heldE18), 1n, abs(lotE18)) : 0n,
        at: (lots) => trial(question, [{instrument, priceE18, sizeE18: lotE18 * lots}]),
    };
}

function greatest({most, closes, at}: Ask): bigint {
    const slackAt = (lots: bigint): bigint => slackOf(at(lots));
    let [bad, atBad] = [most, 0n];
    for (const rung of ladder(most, ALL_HALVINGS, closes)) {
        const atRung = slackAt(rung);
        if (atRung >= 0n) return rung === most ? most : closeIn({good: rung, atGood: atRung, bad, atBad}, slackAt);
        [bad, atBad] = [rung, atRung];
    }
    return 0n;
}

/** Greatest size of one instrument at one price that passes the clearinghouse's check now. */
export function maxSize(question: TradeQuestion, lot: Lot): {readonly sizeE18: SizeE18; readonly stop: Stop} {
    const ask = askOf(question, lot);
    const lots = ask.most === 0n ? 0n : greatest(ask);
    return {sizeE18: size(lot.lotE18 * lots), stop: lots === ask.most ? "TERMS" : "MARGIN"};
}

/** Smallest size found that meets the requirement, or undefined. */
function smallestCure({most, closes}: Ask, probe: Probe, excessE18: bigint): bigint | undefined {
    const rungs = ladder(most, HEDGE_HALVINGS, closes);
    let [bad, atBad] = [0n, excessE18];
    for (const rung of [...rungs].reverse()) {
        const atRung = probe.at(rung);
        if (atRung >= 0n) return closeIn({good: rung, atGood: atRung, bad, atBad}, probe.at);
        [bad, atBad] = [rung, atRung];
    }
    const low = peak(probe, rungs);
    const {lots, figure} = probe.best;
    if (figure === undefined || figure < 0n) return undefined;
    return closeIn({good: lots, atGood: figure, bad: low, atBad: undefined}, probe.at);
}

function hedgeBy(question: TradeQuestion, candidate: Candidate, index: number, excessE18: bigint): Hedge | undefined {
    const {instrument, priceE18, mostE18} = candidate;
    const lotE18 = mostE18 < 0n ? -candidate.lotE18 : candidate.lotE18;
    const ask = askOf(question, {instrument, priceE18, lotE18});
    const most = min(ask.most, mulDivDown(abs(mostE18), 1n, abs(lotE18)));
    if (most === 0n) return undefined;
    const probe = probeOf((lots) => excessOf(ask.at(lots).after));
    const cure = smallestCure({...ask, most}, probe, excessE18);
    const lots = cure ?? probe.best.lots;
    const {before: held, after, feeE18} = ask.at(lots);
    const isBetter = excessOf(after) > excessOf(held) && after.equityE18 >= 0n;
    if (cure === undefined && !isBetter) return undefined;
    const outcome = cure === undefined ? "IMPROVES" : "CURES";
    const costE18 = usd(held.equityE18 - after.equityE18);
    return {outcome, index, sizeE18: size(lotE18 * lots), held, after, costE18, feeE18};
}

function beats(found: Hedge, best: Hedge | undefined): boolean {
    if (best === undefined) return true;
    if (found.outcome !== best.outcome) return found.outcome === "CURES";
    const [foundE18, bestE18] = [excessOf(found.after), excessOf(best.after)];
    if (found.outcome === "IMPROVES" && foundE18 !== bestE18) return foundE18 > bestE18;
    return found.costE18 < best.costE18;
}

/** The one leg, and its size, that brings the account to its initial requirement for the least, or nearest to it. */
export function cheapestHedge(question: TradeQuestion, candidates: readonly Candidate[]): Hedge {
    if (candidates.length > MAX_CANDIDATES) {
        const details = {count: String(candidates.length), max: String(MAX_CANDIDATES)};
        throw new InputError("number-out-of-range", `At most ${MAX_CANDIDATES} candidates in one call`, details);
    }
    const held = marginNow(question);
    const nothing = {index: 0, sizeE18: size(0n), held, after: held, costE18: usd(0n), feeE18: usd(0n)};
    if (excessOf(held) >= 0n) return {outcome: "UNNEEDED", ...nothing};
    let best: Hedge | undefined;
    for (const [index, candidate] of candidates.entries()) {
        const found = hedgeBy(question, candidate, index, excessOf(held));
        if (found !== undefined && beats(found, best)) best = found;
    }
    return best ?? {outcome: "NONE", ...nothing};
}
