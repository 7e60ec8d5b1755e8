/**
 * One market falls, the others stand still: an account with a leg in each of three markets, and its isolated twin, three accounts that
 * hold one leg each and divide the same capital by what each leg asks for.
 */
import {divDown, mulDivDown, mulDivUp, mulDown, sum} from "../../sdk/math/index.js";
import {assessBook} from "../../sdk/risk/index.js";
import type {Assessment, Book} from "../../sdk/risk/index.js";
import {ONE_E18, parseE18} from "../../sdk/units.js";
import {bookOf} from "../backtest/books.js";
import type {Stage} from "../backtest/books.js";
import {stageOf} from "../backtest/periods.js";
import {rulesOf} from "../backtest/rules.js";
import {perp, plain} from "../backtest/strategies.js";
import {PARTS, smallestPart} from "./orders.js";
import {ShortPosition, spilloverE18} from "./position.js";
import type {Terms} from "./position.js";
import {stageAfter} from "./scenarios.js";

export const MARKETS = ["BTC", "ETH", "SOL"] as const;
const SPOTS = {BTC: 70_000n, ETH: 2_500n, SOL: 150n} as const;
const NOTIONAL_E18 = 100_000n * ONE_E18;
/** Capital over the initial requirements of the twins. */
const CAPITAL_E18 = parseE18("1.2");
/** Beyond the fall at which the cross account falls short, thousandths: on the harder path. */
const FURTHER = 10;
const MOST_FALL = 900;

const STAGE: Stage = stageOf(
    rulesOf(MARKETS, undefined),
    {
        time: Date.UTC(2026, 0, 9, 8) / 1000,
        quotes: MARKETS.map((asset) => ({
            asset,
            spotE18: SPOTS[asset] * ONE_E18,
            state: {price: Number(SPOTS[asset]), level: 0.7, recent: Number(SPOTS[asset])},
        })),
    },
    [],
    NOTIONAL_E18,
);

const legOf = (place: number): Book => bookOf(STAGE, plain("leg", perp(1, place)));
const WHOLE = bookOf(STAGE, plain("account", ...MARKETS.map((_, place) => perp(1, place))));

const assess = (book: Book, {market, rules: {parameters}}: Stage): Assessment => assessBook({book, market, parameters});
const isShort = ({equityE18, maintenanceE18}: Assessment): boolean => equityE18 < maintenanceE18;

/** BTC so many thousandths lower, nothing else moved. */
const fallen = (thousandths: number): Stage => stageAfter(STAGE, [-thousandths, 0, 0], []);

type Accounts = {readonly capitalE18: bigint; readonly cross: Book; readonly isolated: readonly Book[]};

function accounts(): Accounts {
    const legs = MARKETS.map((_, place) => legOf(place));
    const asked = legs.map((book) => assess(book, STAGE).initialE18);
    const capitalE18 = mulDown(sum(asked), CAPITAL_E18);
    const isolated = legs.map((book, place) => ({
        ...book,
        cashE18: mulDivDown(capitalE18, asked[place] ?? 0n, sum(asked)),
    }));
    return {capitalE18, cross: {...WHOLE, cashE18: sum(isolated.map(({cashE18}) => cashE18))}, isolated};
}

/** Least fall, thousandths, that leaves a book short. */
function leastFall(book: Book): number {
    let [low, high] = [0, MOST_FALL];
    while (high - low > 1) {
        const middle = (low + high) >> 1;
        if (isShort(assess(book, fallen(middle)))) high = middle;
        else low = middle;
    }
    return high;
}

const healthE18 = ({equityE18, maintenanceE18}: Assessment): bigint =>
    maintenanceE18 === 0n ? 0n : divDown(equityE18, maintenanceE18);

export type Step = {
    readonly fall: number;
    readonly crossHealthE18: bigint;
    /** Of the isolated account that holds the leg which falls. */
    readonly isolatedHealthE18: bigint;
};

export type Paths = {
    readonly capitalE18: bigint;
    /** Least falls, thousandths, that leave each short. */
    readonly isolatedAt: number;
    readonly crossAt: number;
    /** A path between the two, and one beyond both. */
    readonly mild: Step;
    readonly hard: Step;
    /** What of the cross account is closed on the harder path, and what that costs. */
    readonly closedE18: bigint;
    readonly spilloverE18: bigint;
    readonly slippageE18: bigint;
    /** Health after it, and after one part of PARTS less. */
    readonly afterE18: bigint;
    readonly oneLessE18: bigint;
    readonly targetE18: bigint;
};

export function walkPaths(terms: Terms): Paths {
    const {capitalE18, cross, isolated} = accounts();
    const [falling = cross] = isolated;
    const stepAt = (fall: number): Step => ({
        fall,
        crossHealthE18: healthE18(assess(cross, fallen(fall))),
        isolatedHealthE18: healthE18(assess(falling, fallen(fall))),
    });
    const [isolatedAt, crossAt] = [leastFall(falling), leastFall(cross)];
    const hard = stepAt(crossAt + FURTHER);
    const position = new ShortPosition(cross, STAGE, fallen(hard.fall), terms);
    const {closed, part} = smallestPart(position, position.nothing);
    const less = position.withPart(position.nothing, part - 1n, PARTS);
    return {
        capitalE18,
        isolatedAt,
        crossAt,
        mild: stepAt((isolatedAt + crossAt) >> 1),
        hard,
        closedE18: mulDivUp(part, ONE_E18, PARTS),
        spilloverE18: spilloverE18(position, closed),
        slippageE18: position.costE18(closed),
        afterE18: healthE18(position.standing(closed)),
        oneLessE18: healthE18(position.standing(less)),
        targetE18: terms.targetHealthE18,
    };
}
