/** Every scenario closed in every order, and what came of it: costs, healthy legs closed, and what the next shock finds. */
import {abs, divDown, max, min, mulFloor, mulDown, mulUp, sum} from "../../sdk/math/index.js";
import type {Book} from "../../sdk/risk/index.js";
import {ONE_E18, parseE18} from "../../sdk/units.js";
import {Random} from "../../shared/random.js";
import type {Stage} from "../backtest/books.js";
import {worthOf} from "../backtest/pricing.js";
import type {Progress} from "../backtest/progress.js";
import {execute, gainOf, ORDERS} from "./orders.js";
import type {Ending, Order} from "./orders.js";
import {ShortPosition, spilloverE18} from "./position.js";
import type {Closed, Leg, Terms} from "./position.js";
import {drawScenarios, EXPIRIES, stageAfter} from "./scenarios.js";
import type {Scenario} from "./scenarios.js";

export type Options = {
    readonly scenarios: number;
    readonly seed: number;
    readonly lots: number;
    readonly terms: Terms;
};

/** What may come after the sale, thousandths of both prices. */
export const NEXT_MOVES = [-200, -100, 100, 200] as const;

/** How far marks may be from fair value: of the price of linear legs, and of the volatility of options. */
export const MOST_ERROR = {linearE18: parseE18("0.001"), volE18: parseE18("0.015")} as const;
const GRAINS = 1000;

/** One scenario closed in one order. */
export type Sale = {
    readonly order: Order;
    readonly ending: Ending;
    readonly notionalE18: bigint;
    readonly slippageE18: bigint;
    readonly spilloverE18: bigint;
    readonly legsTouched: number;
    readonly legs: number;
    /** Times the whole book had to be assessed. */
    readonly assessments: number;
    /** Worst loss over the next moves, of the book as it was and of what is left. */
    readonly lossBeforeE18: bigint;
    readonly lossAfterE18: bigint;
    /** What the account would owe after the worst of the next moves. */
    readonly owedE18: bigint;
    /** Gain of who took it all by the marks that were off. */
    readonly gainE18: bigint;
};

export type Played = {readonly scenario: Scenario; readonly sales: readonly Sale[]};

export type Measured = {
    readonly options: Options;
    readonly played: readonly Played[];
    readonly fine: number;
    readonly insolvent: number;
};

/** How far fair value lies from the mark of one unit, the same for all orders. */
function errorsOf(legs: readonly Leg[], random: Random): bigint[] {
    return legs.map(({markE18, vegaE18, isOption}) => {
        const mostE18 = isOption ? mulDown(vegaE18, MOST_ERROR.volE18) : mulDown(markE18, MOST_ERROR.linearE18);
        return mulFloor(mostE18, divDown(BigInt(random.between(-GRAINS, GRAINS)), BigInt(GRAINS)));
    });
}

/** Equity of a book at each of some later moments. */
const equities = (book: Book, next: readonly Stage[]): bigint[] =>
    next.map(({market, rules, prices}) => book.cashE18 + worthOf(book, market, rules, prices));

type Tail = {readonly lossE18: bigint; readonly owedE18: bigint};

function tailOf(book: Book, {market, rules, prices}: Stage, next: readonly Stage[]): Tail {
    const nowE18 = book.cashE18 + worthOf(book, market, rules, prices);
    const [first = nowE18, ...others] = equities(book, next);
    const leastE18 = min(first, ...others);
    return {lossE18: nowE18 - leastE18, owedE18: max(0n, -leastE18)};
}

const touched = (closed: Closed): number => closed.filter((size) => size !== 0n).length;

export function play(scenario: Scenario, {lots, terms}: Pick<Options, "lots" | "terms">, random: Random): Sale[] {
    const {book, before, after} = scenario;
    const next = NEXT_MOVES.map((move) => stageAfter(after, [move, move], EXPIRIES));
    const {legs} = new ShortPosition(book, before, after, terms);
    const errorsE18 = errorsOf(legs, random);
    const first = tailOf(book, after, next);
    return ORDERS.map((order) => {
        const position = new ShortPosition(book, before, after, terms);
        const {closed, ending} = execute(position, order, {lots: BigInt(lots), errorsE18});
        const slippageE18 = position.costE18(closed);
        const then = tailOf(position.bookAfter(closed, slippageE18), after, next);
        return {
            order,
            ending,
            slippageE18,
            notionalE18: position.notionalE18(closed),
            spilloverE18: spilloverE18(position, closed),
            legsTouched: touched(closed),
            legs: legs.length,
            assessments: position.assessments,
            lossBeforeE18: first.lossE18,
            lossAfterE18: then.lossE18,
            owedE18: then.owedE18,
            gainE18: gainOf(closed, errorsE18),
        };
    });
}

export function measure(options: Options, onProgress: Progress = () => undefined): Measured {
    const {scenarios, fine, insolvent} = drawScenarios(options.scenarios, options.seed);
    const random = new Random(options.seed + 1);
    const played = scenarios.map((scenario, done): Played => {
        const sales = play(scenario, options, random);
        onProgress(done + 1, scenarios.length);
        return {scenario, sales};
    });
    return {options, played, fine, insolvent};
}

export type Total = {
    readonly order: Order;
    readonly notionalE18: bigint;
    readonly slippageE18: bigint;
    /** Of everything closed. */
    readonly spilloverE18: bigint;
    readonly legsTouched: number;
    readonly legs: number;
    readonly endings: Readonly<Record<Ending, number>>;
    /** Books that a next move would cost more than before the sale. */
    readonly worse: number;
    readonly owing: number;
    readonly owedE18: bigint;
    readonly assessments: number;
    readonly mostAssessments: number;
    readonly gainE18: bigint;
    /** The sum of the gains alone, without the losses: what is lost to choice. */
    readonly against: number;
};

/** A book is worse off where the worst of the next moves costs it more than before, by more than rounding. */
const ROUNDING_E18 = parseE18("0.01");

const count = (sales: readonly Sale[], isCounted: (sale: Sale) => boolean): number => sales.filter(isCounted).length;

export const isWorse = ({lossBeforeE18, lossAfterE18}: Sale): boolean => lossAfterE18 > lossBeforeE18 + ROUNDING_E18;

export function totalOf(order: Order, played: readonly Played[]): Total {
    const sales = played.flatMap((one) => one.sales.filter((sale) => sale.order === order));
    const notionalE18 = sum(sales.map((sale) => sale.notionalE18));
    const healthyE18 = sum(sales.map((sale) => mulUp(sale.notionalE18, sale.spilloverE18)));
    const endings: readonly Ending[] = ["target", "completed", "whole", "short"];
    return {
        order,
        notionalE18,
        slippageE18: sum(sales.map(({slippageE18}) => slippageE18)),
        spilloverE18: notionalE18 === 0n ? 0n : min(divDown(healthyE18, notionalE18), ONE_E18),
        legsTouched: sales.reduce((total, {legsTouched}) => total + legsTouched, 0),
        legs: sales.reduce((total, {legs}) => total + legs, 0),
        endings: Object.fromEntries(
            endings.map((ending) => [ending, count(sales, (sale) => sale.ending === ending)]),
        ) as Record<Ending, number>,
        worse: count(sales, isWorse),
        owing: count(sales, ({owedE18}) => owedE18 > 0n),
        owedE18: sum(sales.map(({owedE18}) => owedE18)),
        assessments: sales.reduce((total, {assessments}) => total + assessments, 0),
        mostAssessments: Math.max(0, ...sales.map(({assessments}) => assessments)),
        gainE18: sum(sales.map(({gainE18}) => gainE18)),
        against: count(sales, ({gainE18}) => gainE18 < 0n),
    };
}

export const totals = ({played}: Measured): Total[] => ORDERS.map((order) => totalOf(order, played));

/** What an order pays per unit closed, fraction. */
export const rateE18 = ({slippageE18, notionalE18}: Total): bigint =>
    notionalE18 === 0n ? 0n : divDown(abs(slippageE18), notionalE18);
