/** Books that a crash leaves short: drawn by seed, opened on one calm day near their limits, revalued after one move. */
import {divUp, mulDivDown} from "../../sdk/math/index.js";
import {assessBook} from "../../sdk/risk/index.js";
import type {Assessment, Book} from "../../sdk/risk/index.js";
import {ONE_E18} from "../../sdk/units.js";
import {Random} from "../../shared/random.js";
import {bookOf, expiryAfter} from "../backtest/books.js";
import type {Stage} from "../backtest/books.js";
import {stageOf} from "../backtest/periods.js";
import type {Moment} from "../backtest/periods.js";
import type {Quote} from "../backtest/pricing.js";
import {rulesOf} from "../backtest/rules.js";
import {call, future, perp, plain, put} from "../backtest/strategies.js";
import type {StrategyLeg} from "../backtest/strategies.js";
import {advance} from "../backtest/volatility.js";
import {ClosingError} from "./failures.js";

const HOUR = 3600;
const MOVE_HOURS = 4;
const PER_MILLE = 1000;

/** In the order of their numbers; a leg names one by its place. */
export const ASSETS = ["BTC", "ETH"] as const;
const ETH = 1;

/** A calm day: prices stand at their recent level. */
const CALM: Moment = {
    time: Date.UTC(2026, 0, 9, 8) / 1000,
    quotes: [
        {asset: "BTC", spotE18: 70_000n * ONE_E18, state: {price: 70_000, level: 0.6, recent: 70_000}},
        {asset: "ETH", spotE18: 2_500n * ONE_E18, state: {price: 2_500, level: 0.75, recent: 2_500}},
    ],
};
const TENORS = [7, 30] as const;

export const rules = rulesOf(ASSETS, undefined);

export const FAMILIES = ["perpetuals", "carry", "strangles", "condor", "ratio", "calendar", "collar", "any"] as const;
export type Family = (typeof FAMILIES)[number];

/** Whole units other than zero, at most so many on either side. */
function units(random: Random, most: number): number {
    const size = random.between(1, most);
    return random.below(2) === 0 ? size : -size;
}

/** Everything that a book of the family `any` may hold. */
const MENU: readonly ((units: number) => StrategyLeg)[] = [
    (n) => perp(n),
    (n) => perp(n, ETH),
    (n) => future(n),
    ...[0, 1, 2].flatMap((deviations) => TENORS.map((days) => (n: number) => call(n, deviations, days))),
    ...[0, -1, -2].flatMap((deviations) => TENORS.map((days) => (n: number) => put(n, deviations, days))),
    ...[0, 1].map((deviations) => (n: number) => call(n, deviations, 7, ETH)),
    ...[0, -1].map((deviations) => (n: number) => put(n, deviations, 7, ETH)),
];

function anyOf(random: Random): StrategyLeg[] {
    const left = [...MENU];
    const count = random.between(3, 7);
    const picked = Array.from({length: count}, () => left.splice(random.below(left.length), 1)).flat();
    return picked.map((leg) => leg(units(random, 3)));
}

const LEGS: Readonly<Record<Family, (random: Random) => StrategyLeg[]>> = {
    perpetuals: (random) => [perp(units(random, 3)), perp(units(random, 3), ETH)],
    carry: (random) => {
        const carried = units(random, 3);
        return [future(carried), perp(-carried), perp(units(random, 2), ETH)];
    },
    strangles: (random) => [
        ...[put(-1, -1), call(-1, 1), put(-1, -1, 7, ETH), call(-1, 1, 7, ETH)],
        perp(units(random, 2)),
    ],
    condor: (random) => [put(1, -2), put(-1, -1), call(-1, 1), call(1, 2), perp(units(random, 2), ETH)],
    ratio: (random) => [call(1, 0), call(-2, 1), put(1, 0), put(-2, -1), perp(units(random, 1))],
    calendar: (random) => [...[call(-1, 0, 7), call(1, 0, 30), put(-1, -1, 7), put(1, -1, 30)], perp(units(random, 2))],
    collar: (random) => [perp(2), put(1, -1), call(-1, 1), perp(units(random, 2), ETH)],
    any: anyOf,
};

/** USD that one unit is worth. */
const NOTIONALS = [50_000n, 200_000n, 1_000_000n, 5_000_000n] as const;

export type Scenario = {
    readonly number: number;
    readonly family: Family;
    /** Moves by asset in thousandths. */
    readonly moves: readonly number[];
    /** When the book was opened, and when it is short. */
    readonly before: Stage;
    readonly after: Stage;
    readonly book: Book;
    readonly short: Assessment;
};

const moved = (spotE18: bigint, move: number): bigint =>
    mulDivDown(spotE18, BigInt(PER_MILLE + move), BigInt(PER_MILLE));

/** Everything some hours later, each asset moved by so many thousandths. */
export function stageAfter(stage: Stage, moves: readonly number[], expiries: readonly number[]): Stage {
    const quotes = stage.quotes.map(({asset, spotE18, state}, place): Quote => {
        const next = moved(spotE18, moves[place] ?? 0);
        return {asset, spotE18: next, state: advance(state, Number(next) / 1e18, MOVE_HOURS)};
    });
    const moment = {time: stage.market.now + MOVE_HOURS * HOUR, quotes};
    return stageOf(stage.rules, moment, expiries, stage.notionalE18);
}

export const EXPIRIES: readonly number[] = TENORS.map((days) => expiryAfter(CALM.time, days));

const assess = (book: Book, {market, rules: {parameters}}: Stage): Assessment => assessBook({book, market, parameters});

/** The book with so much cash that its initial requirement is a part, in hundredths, of its equity. */
function near(book: Book, stage: Stage, used: number): Book {
    const {equityE18, initialE18} = assess(book, stage);
    return {...book, cashE18: divUp(initialE18 * 100n, BigInt(used) * ONE_E18) - equityE18};
}

/** Falls for three in four, rises for the others; ether moves 0.8 to 1.5 times as far. */
function movesOf(random: Random): number[] {
    const size = random.between(60, 300);
    const bitcoin = random.below(4) === 0 ? size : -size;
    return [bitcoin, Math.round((bitcoin * random.between(80, 150)) / 100)];
}

function draw(random: Random, number: number): Scenario {
    const family = random.pick(FAMILIES);
    const notionalE18 = random.pick(NOTIONALS) * ONE_E18;
    const before = stageOf(rules, CALM, EXPIRIES, notionalE18);
    const bare = bookOf(before, plain(family, ...LEGS[family](random)));
    const book = near(bare, before, random.between(75, 97));
    const moves = movesOf(random);
    const after = stageAfter(before, moves, EXPIRIES);
    return {number, family, moves, before, after, book, short: assess(book, after)};
}

export type Drawn = {
    readonly scenarios: readonly Scenario[];
    /** Draws that the move left above maintenance, and those that it left without equity: both are passed over. */
    readonly fine: number;
    readonly insolvent: number;
};

const DRAWS_PER_SCENARIO = 100;

/** The first so many draws whose book is short and still has equity, among at most so many. */
export function drawScenarios(count: number, seed: number, most: number = count * DRAWS_PER_SCENARIO): Drawn {
    const random = new Random(seed);
    const scenarios: Scenario[] = [];
    const passed = {fine: 0, insolvent: 0};
    for (let number = 1; number <= most && scenarios.length < count; number++) {
        const one = draw(random, number);
        if (one.short.equityE18 >= one.short.maintenanceE18) passed.fine += 1;
        else if (one.short.equityE18 <= 0n) passed.insolvent += 1;
        else scenarios.push(one);
    }
    if (scenarios.length < count) {
        const details = {found: String(scenarios.length), wanted: String(count)};
        throw new ClosingError("no-scenarios", `Only ${scenarios.length} of ${count} books fell short`, details);
    }
    return {scenarios, ...passed};
}
