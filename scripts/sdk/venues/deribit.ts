/**
 * Deribit portfolio margin: 27 standard scenarios, 8 extended ones with a dampener, shocks for great deltas and between expiries.
 * Rule and figures: docs.deribit.com, private/pme/simulate (BTC, response of 17 June 2024) and a live response of 15 February 2026
 * (ETH); support.deribit.com, "Portfolio Margin". The response of 2024 is reproduced by the tests.
 *
 * Assumed: currencies are added, as segregated portfolio margin does; gains of one do not help another. The response fixes the extended
 * rule for linear legs: simulated profit * range / |move|, restated at the edge of the range, then moved toward zero by
 * (|move| / range - 1) times the dampener; the same is taken for options. The delta shock is read from the names of its parameters and is
 * nothing below 20M USD. At least one day to expiry counts. Orders and market maker protection add nothing.
 */
import {abs, divDown, expE18, max, min, mulDivFloor, mulDivUp, mulDown, mulFloor, mulUp, sum} from "../math/index.js";
import {ONE_E18, parseE18} from "../units.js";
import {byExpiry, coinsRow, crossOf, lossesOf, lossIn, shockedVol, totalsE36, valueAt, worstOf} from "./shocks.js";
import type {Row, VolRule} from "./shocks.js";
import {figuresOf} from "./types.js";
import type {Charge, Figures, Part, UnderlyingBook, Venue, VenueLeg, VenueScenario, Worst} from "./types.js";

/** What a contract pays in: dollars, or the coin itself. */
export type Settlement = "USD" | "COIN";

export type DeribitParams = {
    readonly rangeE18: bigint;
    readonly vol: VolRule;
    readonly extendedFactorE18: bigint;
    readonly dampenerE18: bigint;
    /** Of the delta, per coin above the threshold. */
    readonly deltaStepE18: bigint;
    readonly deltaThresholdE18: bigint;
    readonly deltaMostE18: bigint;
    readonly rollYearE18: bigint;
    readonly rollLeastE18: bigint;
    readonly maintenanceE18: bigint;
};

const STEPS = [-4n, -3n, -2n, -1n, 0n, 1n, 2n, 3n, 4n];
const STATES = ["UP", "FLAT", "DOWN"] as const;

/** Nine prices by three states of volatility. */
export const standardScenarios = ({rangeE18}: Pick<DeribitParams, "rangeE18">): VenueScenario[] =>
    STEPS.flatMap((step) => STATES.map((vol) => ({moveE18: mulDivFloor(rangeE18, step, 4n), vol, weightE18: ONE_E18})));

export const EXTENDED: readonly VenueScenario[] = crossOf(["-0.66", "-0.33", "0.5", "1", "2", "3", "4", "5"], ["UP"]);

/**
 * What one unit gains, in dollars of the shocked price. A contract that pays in coins keeps its coins: an inverse contract gains the move
 * of the index, an option its value less what its premium in coins has become.
 */
function gainOf(
    leg: VenueLeg,
    spotE18: bigint,
    scenario: VenueScenario,
    rule: VolRule,
    settlement: Settlement,
): bigint {
    const {moveE18, vol} = scenario;
    if (settlement === "COIN" && leg.kind === "LINEAR") return mulFloor(spotE18, moveE18);
    const valueE18 = valueAt(leg, moveE18, shockedVol(rule, leg, vol));
    return settlement === "USD" ? valueE18 - leg.markE18 : valueE18 - mulFloor(leg.markE18, ONE_E18 + moveE18);
}

/** Coins at the shocked price are worth less dollars of today, and the other way round. */
const restated = (gainE18: bigint, moveE18: bigint, settlement: Settlement): bigint =>
    settlement === "USD" ? gainE18 : mulDivFloor(gainE18, ONE_E18, ONE_E18 + moveE18);

function standardRow(leg: VenueLeg, spotE18: bigint, params: DeribitParams, settlement: Settlement): Row {
    const profitsE18 = standardScenarios(params).map((scenario) =>
        restated(gainOf(leg, spotE18, scenario, params.vol, settlement), scenario.moveE18, settlement),
    );
    return {sizeE18: leg.sizeE18, profitsE18};
}

/** A far move's gain, cut to that of the range and restated at the edge of the range. */
function extendedGain(gainE18: bigint, moveE18: bigint, params: DeribitParams, settlement: Settlement): bigint {
    const cutE18 = mulDivFloor(gainE18, params.rangeE18, abs(moveE18));
    const edgeE18 = moveE18 < 0n ? -params.rangeE18 : params.rangeE18;
    return mulFloor(restated(cutE18, edgeE18, settlement), params.extendedFactorE18);
}

function extendedRow(leg: VenueLeg, spotE18: bigint, params: DeribitParams, settlement: Settlement): Row {
    const profitsE18 = EXTENDED.map((scenario) =>
        extendedGain(gainOf(leg, spotE18, scenario, params.vol, settlement), scenario.moveE18, params, settlement),
    );
    return {sizeE18: leg.sizeE18, profitsE18};
}

const coinsExtended = (book: UnderlyingBook, params: DeribitParams): Row => {
    const row = coinsRow(book, EXTENDED);
    const profitsE18 = EXTENDED.map(({moveE18}, s) => extendedGain(row.profitsE18[s] ?? 0n, moveE18, params, "USD"));
    return {...row, profitsE18};
};

/** Losses of the extended table after the dampener. */
function dampened(lossesE18: readonly bigint[], {dampenerE18, rangeE18}: DeribitParams): bigint[] {
    return EXTENDED.map(({moveE18}, s) => {
        const lossE18 = lossesE18[s] ?? 0n;
        const reliefE18 = mulDown(max(divDown(abs(moveE18), rangeE18), ONE_E18) - ONE_E18, dampenerE18);
        return lossE18 > 0n ? lossE18 - min(reliefE18, lossE18) : lossE18;
    });
}

/** Profits under both tables: of one book, in dollars of today. */
export function deribitTables(
    book: UnderlyingBook,
    params: DeribitParams,
    settlement: Settlement,
): {readonly standardE36: bigint[]; readonly extendedE36: bigint[]} {
    const standard = standardScenarios(params);
    // In coins, coins neither gain nor lose.
    const coins = settlement === "USD" ? [coinsRow(book, standard)] : [];
    const farCoins = settlement === "USD" ? [coinsExtended(book, params)] : [];
    const rows = book.legs.map((leg) => standardRow(leg, book.spotE18, params, settlement));
    const far = book.legs.map((leg) => extendedRow(leg, book.spotE18, params, settlement));
    return {
        standardE36: totalsE36([...rows, ...coins], standard),
        extendedE36: totalsE36([...far, ...farCoins], EXTENDED),
    };
}

/** An option that pays in coins has its price in coins taken off its delta. */
const deltaOf = ({kind, deltaE18, markE18}: VenueLeg, spotE18: bigint, settlement: Settlement): bigint =>
    settlement === "COIN" && kind !== "LINEAR" ? deltaE18 - divDown(markE18, spotE18) : deltaE18;

/** Shocks that look at delta alone: of the whole where it is great, and of each expiry. */
function deltaShocks(book: UnderlyingBook, params: DeribitParams, settlement: Settlement): Part[] {
    const {spotE18} = book;
    const valueOf = (legs: readonly VenueLeg[]): bigint => {
        const deltaE36 = sum(legs.map((leg) => leg.sizeE18 * deltaOf(leg, spotE18, settlement)));
        return mulDivUp(abs(deltaE36), spotE18, ONE_E18 * ONE_E18);
    };
    const rollsE18 = byExpiry(book.legs).map((legs) => {
        const carryE18 = expE18(mulUp(params.rollYearE18, legs[0]?.yearsE18 ?? 0n)) - ONE_E18;
        return mulUp(valueOf(legs), max(params.rollLeastE18, carryE18));
    });
    const totalE18 = valueOf(book.legs);
    const coinsE18 = divDown(max(totalE18 - params.deltaThresholdE18, 0n), spotE18);
    const rateE18 = min(mulUp(coinsE18, params.deltaStepE18), params.deltaMostE18);
    return [
        {name: "delta shock", valueE18: mulUp(totalE18, rateE18)},
        {name: "roll shock", valueE18: sum(rollsE18)},
    ];
}

function worse(standard: Worst | null, extended: Worst | null, before: number): Worst | null {
    if (extended === null || lossIn(standard) >= lossIn(extended)) return standard;
    return {...extended, index: before + (extended.index ?? 0)};
}

export function deribitCharge(params: DeribitParams, settlement: Settlement, book: UnderlyingBook): Charge {
    const standard = standardScenarios(params);
    const {standardE36, extendedE36} = deribitTables(book, params, settlement);
    const near = worstOf(lossesOf(standardE36, standard), standard);
    const far = worstOf(dampened(lossesOf(extendedE36, EXTENDED), params), EXTENDED);
    const worst = worse(near, far, standard.length);
    const shocks = deltaShocks(book, params, settlement);
    const initialE18 = lossIn(worst) + sum(shocks.map(({valueE18}) => valueE18));
    return {
        initialE18,
        maintenanceE18: mulUp(initialE18, params.maintenanceE18),
        worst,
        parts: [{name: "worst of the matrix", valueE18: lossIn(worst)}, ...shocks],
    };
}

const COMMON = {
    extendedFactorE18: ONE_E18,
    deltaThresholdE18: parseE18("20000000"),
    deltaMostE18: parseE18("0.1"),
    maintenanceE18: parseE18("0.8"),
};
const VOL = {
    fallE18: parseE18("0.25"),
    powerShortE18: parseE18("0.30"),
    powerLongE18: parseE18("0.13"),
    floorDaysE18: ONE_E18,
    leastUpE18: parseE18("0.5"),
};

export const DERIBIT_FIGURES: Figures<DeribitParams> = {
    BTC: {
        ...COMMON,
        rangeE18: parseE18("0.16"),
        vol: {...VOL, riseE18: parseE18("0.50")},
        dampenerE18: parseE18("100000"),
        deltaStepE18: parseE18("0.00005"),
        rollYearE18: parseE18("0.075"),
        rollLeastE18: parseE18("0.01"),
    },
    ETH: {
        ...COMMON,
        rangeE18: parseE18("0.18"),
        vol: {...VOL, riseE18: parseE18("0.40")},
        dampenerE18: parseE18("200000"),
        deltaStepE18: parseE18("0.000004"),
        rollYearE18: parseE18("0.05"),
        rollLeastE18: parseE18("0.005"),
    },
};

const ASSUMPTIONS = [
    "currencies are added; gains in one do not help another",
    "the extended table is read off the official response for linear contracts, and taken the same for options; the dampener forgives far moves of books below some millions",
    "the delta shock, nothing below 20M USD of delta, is read from the names of its parameters; at least one day to expiry counts",
    "no orders, no market maker protection",
];

const PUBLISHED = {
    asOf: "BTC June 2024, ETH February 2026",
    source: "docs.deribit.com, private/pme/simulate; support.deribit.com, Portfolio Margin",
};

export const DERIBIT: Venue = {
    ...PUBLISHED,
    id: "deribit",
    name: "Deribit, USDC-settled",
    assumptions: [...ASSUMPTIONS, "contracts pay in USDC; coins held move with the price"],
    charge: (book) => deribitCharge(figuresOf(DERIBIT_FIGURES, book.name), "USD", book),
};

export const DERIBIT_COIN: Venue = {
    ...PUBLISHED,
    id: "deribit-coin",
    name: "Deribit, coin-settled",
    assumptions: [
        ...ASSUMPTIONS,
        "contracts pay in coins and equity is coins; the requirement in coins is valued at spot",
    ],
    charge: (book) => deribitCharge(figuresOf(DERIBIT_FIGURES, book.name), "COIN", book),
};
