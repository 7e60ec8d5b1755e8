/**
 * Derive PMRM_2: 33 scenarios, two of them of the smile, a contingency for the basis beside them, charges on perpetuals and naked shorts.
 * Rule: github.com/derivexyz/v2-core, PMRMLib_2.sol; its own test portfolios are reproduced by the tests. Figures: Derive's chain between
 * 8 and 23 January 2026, BTC and ETH alike (scripts/config-mainnet.sol of that repository, and a public record of every change since).
 *
 * Assumed: feeds are confident and the stablecoin holds its peg; one account holds one underlying, so underlyings are added; dated futures,
 * which Derive does not list, count as perpetuals; coins held have the haircut of ETH, 5.6 % and 1.4 %.
 */
import {
    abs,
    cutE18,
    divUp,
    expE18,
    lnE18,
    lnRatioE18,
    max,
    min,
    mulDivFloor,
    mulDivUp,
    mulDown,
    mulFloor,
    mulUp,
    sqrtE18,
    sum,
} from "../math/index.js";
import {ONE_E18, parseE18} from "../units.js";
import {byExpiry, coinsRow, crossOf, labelOf, shockedVol, totalsE36, valueAt} from "./shocks.js";
import type {VolRule} from "./shocks.js";
import {weightedLoss} from "../risk/revaluation.js";
import type {Charge, UnderlyingBook, Venue, VenueLeg, VenueScenario, Worst} from "./types.js";

/** How far the wings of a smile turn: the cap is base + slope * sqrt(years), reached at k* = width * level * sqrt(years). */
export type SkewRule = {
    readonly capE18: bigint;
    readonly capSlopeE18: bigint;
    readonly leastWidthE18: bigint;
    readonly widthE18: bigint;
    readonly levelE18: bigint;
    readonly levelSlopeE18: bigint;
};

export type DeriveParams = {
    readonly scenarios: readonly VenueScenario[];
    readonly vol: VolRule;
    readonly skew: SkewRule;
    readonly initialE18: bigint;
    readonly maintenanceE18: bigint;
    /** Rate that what is owned is discounted by: rate * times + plus; and a factor besides. */
    readonly longRateTimesE18: bigint;
    readonly longRatePlusE18: bigint;
    readonly longFactorE18: bigint;
    /** The same for what is owed, which grows by it, at most to its undiscounted value. */
    readonly shortRateTimesE18: bigint;
    readonly shortRatePlusE18: bigint;
    readonly shortFactorE18: bigint;
    readonly basisMoveE18: bigint;
    readonly basisPlusE18: bigint;
    readonly basisTimesE18: bigint;
    /** Of notional: added in both requirements, and in the initial one on top. */
    readonly perpE18: bigint;
    readonly perpInitialE18: bigint;
    readonly nakedE18: bigint;
    readonly nakedInitialE18: bigint;
    readonly coinsE18: bigint;
    readonly coinsInitialE18: bigint;
};

type Expiry = {readonly legs: readonly VenueLeg[]; readonly valueE18: bigint};

const valueOf = (legs: readonly VenueLeg[], unit: (leg: VenueLeg) => bigint): bigint =>
    cutE18(sum(legs.map((leg) => leg.sizeE18 * unit(leg))));

const optionsOf = ({legs}: UnderlyingBook): Expiry[] =>
    byExpiry(legs.filter(({kind}) => kind !== "LINEAR")).map((own) => ({
        legs: own,
        valueE18: valueOf(own, ({markE18}) => markE18),
    }));

/** Factor on what the options of an expiry would be worth: less for what is owned, more for what is owed. */
function discountOf({legs}: Expiry, isOwned: boolean, params: DeriveParams): bigint {
    const [leg] = legs;
    if (leg === undefined) return ONE_E18;
    const {yearsE18, discountE18} = leg;
    const rateE18 = yearsE18 === 0n ? 0n : mulDivFloor(-lnE18(discountE18), ONE_E18, yearsE18);
    if (isOwned) {
        const ownRateE18 = mulFloor(rateE18, params.longRateTimesE18) + params.longRatePlusE18;
        return mulDown(params.longFactorE18, expE18(-mulFloor(yearsE18, ownRateE18)));
    }
    const owedRateE18 = mulFloor(rateE18, params.shortRateTimesE18) + params.shortRatePlusE18;
    const grownE18 = divUp(params.shortFactorE18, expE18(-mulFloor(yearsE18, owedRateE18)));
    return min(divUp(ONE_E18, discountE18), grownE18);
}

function gainOf(expiry: Expiry, params: DeriveParams, unit: (leg: VenueLeg) => bigint): bigint {
    const valueE18 = valueOf(expiry.legs, unit);
    return mulFloor(valueE18, discountOf(expiry, valueE18 >= 0n, params)) - expiry.valueE18;
}

/** Volatility after the wings have turned: by the side of the forward, or both up. */
function skewedVol(
    {priceE18, strikeE18, yearsE18, volE18}: VenueLeg,
    rule: SkewRule,
    kind: "LINEAR" | "ABSOLUTE",
): bigint {
    const rootE18 = sqrtE18(yearsE18);
    const capE18 = mulFloor(rule.capSlopeE18, rootE18) + rule.capE18;
    const levelE18 = rule.levelE18 + mulFloor(rootE18, rule.levelSlopeE18);
    const starE18 = max(rule.leastWidthE18, mulFloor(mulFloor(rootE18, rule.widthE18), levelE18));
    const kE18 = lnRatioE18(strikeE18, priceE18);
    const turnE18 = mulDivFloor(kind === "LINEAR" ? kE18 : abs(kE18), capE18, starE18);
    return mulDown(volE18, max(ONE_E18 + max(min(turnE18, capE18), -capE18), 0n));
}

/** Profits under the list, and under the two turns of the smile, each expiry on its worse side. */
function profitsE36(book: UnderlyingBook, expiries: readonly Expiry[], params: DeriveParams): bigint[] {
    const linear = book.legs.filter(({kind}) => kind === "LINEAR");
    const straight = totalsE36([coinsRow(book, params.scenarios)], params.scenarios);
    const listed = params.scenarios.map(({moveE18, vol}, s) => {
        const options = expiries.map((expiry) =>
            gainOf(expiry, params, (leg) => valueAt(leg, moveE18, shockedVol(params.vol, leg, vol))),
        );
        const perps = linear.map(({sizeE18, priceE18}) => sizeE18 * mulFloor(priceE18, moveE18));
        return sum(options) * ONE_E18 + sum(perps) + (straight[s] ?? 0n);
    });
    const turned = (["LINEAR", "ABSOLUTE"] as const).map((kind) => {
        const options = expiries.map((expiry) =>
            gainOf(expiry, params, (leg) => valueAt(leg, 0n, skewedVol(leg, params.skew, kind))),
        );
        return -sum(options.map(abs)) * ONE_E18;
    });
    return [...listed, ...turned];
}

/** The basis may move against each expiry by what its options lose at a small move, more for far expiries. */
function basisLoss(expiries: readonly Expiry[], params: DeriveParams): bigint {
    const losses = expiries.map(({legs, valueE18}) => {
        const changes = [params.basisMoveE18, -params.basisMoveE18].map(
            (moveE18) => valueOf(legs, (leg) => valueAt(leg, moveE18, leg.volE18)) - valueE18,
        );
        const yearsE18 = legs[0]?.yearsE18 ?? 0n;
        return mulUp(
            max(0n, ...changes.map((change) => -change)),
            params.basisPlusE18 + mulUp(params.basisTimesE18, yearsE18),
        );
    });
    return sum(losses);
}

function worstOf(book: UnderlyingBook, expiries: readonly Expiry[], params: DeriveParams): Worst | null {
    const labels = [...params.scenarios.map(labelOf), "wings of the smile turned", "wings of the smile up or down"];
    const profits = profitsE36(book, expiries, params);
    const losses = profits.map((profit, s) => weightedLoss(profit, params.scenarios[s]?.weightE18 ?? ONE_E18));
    const basis: Worst = {index: null, label: "basis of each expiry", lossE18: basisLoss(expiries, params)};
    const all = [...losses.map((lossE18, index): Worst => ({index, label: labels[index] ?? "", lossE18})), basis];
    const worst = all.reduce((most, one) => (one.lossE18 > most.lossE18 ? one : most));
    return worst.lossE18 > 0n ? worst : null;
}

/** Units of options sold that no option bought at the same strike and expiry stands against. */
export function nakedUnits(legs: readonly VenueLeg[]): bigint {
    const bySeries = new Map<string, bigint>();
    for (const {kind, expiry, strikeE18, sizeE18} of legs) {
        if (kind === "LINEAR") continue;
        const series = `${expiry} ${strikeE18}`;
        bySeries.set(series, (bySeries.get(series) ?? 0n) + sizeE18);
    }
    return sum([...bySeries.values()].map((net) => max(-net, 0n)));
}

export function deriveCharge(params: DeriveParams, book: UnderlyingBook): Charge {
    const worst = worstOf(book, optionsOf(book), params);
    const lossE18 = worst?.lossE18 ?? 0n;
    const perps = book.legs.filter(({kind}) => kind === "LINEAR").map(({sizeE18}) => abs(sizeE18));
    const charges = [
        {name: "perpetuals", unitsE18: sum(perps), rateE18: params.perpE18, moreE18: params.perpInitialE18},
        {
            name: "naked shorts",
            unitsE18: nakedUnits(book.legs),
            rateE18: params.nakedE18,
            moreE18: params.nakedInitialE18,
        },
        {name: "coins", unitsE18: book.coinsE18, rateE18: params.coinsE18, moreE18: params.coinsInitialE18},
    ];
    const at = (rate: (charge: (typeof charges)[number]) => bigint): bigint[] =>
        charges.map((one) => mulDivUp(one.unitsE18 * rate(one), book.spotE18, ONE_E18 * ONE_E18));
    const both = at(({rateE18}) => rateE18);
    const opening = at(({rateE18, moreE18}) => rateE18 + moreE18);
    return {
        initialE18: mulUp(lossE18, params.initialE18) + sum(opening),
        maintenanceE18: mulUp(lossE18, params.maintenanceE18) + sum(both),
        worst,
        parts: [
            {name: "worst scenario", valueE18: lossE18},
            ...charges.map(({name}, i) => ({name: `${name}, maintenance`, valueE18: both[i] ?? 0n})),
        ],
    };
}

const TAILS = [
    ["-0.66", "0.21"],
    ["-0.33", "0.42"],
    ["0.5", "0.2772"],
    ["1", "0.1386"],
    ["2", "0.0693"],
    ["3", "0.0462"],
    ["4", "0.03465"],
    ["5", "0.02772"],
] as const;

const SCENARIOS: readonly VenueScenario[] = [
    ...crossOf(["0.18"], ["UP"]),
    ...crossOf(["0.135", "0.09", "0.045", "0", "-0.045", "-0.09", "-0.135"], ["UP", "FLAT", "DOWN"]),
    ...crossOf(["-0.18"], ["UP"]),
    ...TAILS.flatMap(([move, weight]) => crossOf([move], ["UP"], weight)),
];

export const DERIVE_FIGURES: DeriveParams = {
    scenarios: SCENARIOS,
    vol: {
        riseE18: parseE18("0.5"),
        fallE18: parseE18("0.3"),
        powerShortE18: parseE18("0.3"),
        powerLongE18: parseE18("0.13"),
        floorDaysE18: ONE_E18,
        leastUpE18: parseE18("0.4"),
    },
    skew: {
        capE18: parseE18("0.25"),
        capSlopeE18: parseE18("-0.1"),
        leastWidthE18: parseE18("0.01"),
        widthE18: parseE18("4"),
        levelE18: parseE18("0.6"),
        levelSlopeE18: 0n,
    },
    initialE18: ONE_E18,
    maintenanceE18: parseE18("0.8"),
    longRateTimesE18: 0n,
    longRatePlusE18: parseE18("0.1"),
    longFactorE18: parseE18("0.98"),
    shortRateTimesE18: 0n,
    shortRatePlusE18: parseE18("0.1"),
    shortFactorE18: parseE18("1.02"),
    basisMoveE18: parseE18("0.045"),
    basisPlusE18: parseE18("0.5"),
    basisTimesE18: parseE18("2"),
    perpE18: parseE18("0.03"),
    perpInitialE18: parseE18("0.01"),
    nakedE18: parseE18("0.003"),
    nakedInitialE18: parseE18("0.002"),
    coinsE18: parseE18("0.056"),
    coinsInitialE18: parseE18("0.014"),
};

export const DERIVE: Venue = {
    id: "derive",
    name: "Derive PMRM_2",
    asOf: "January 2026",
    source: "github.com/derivexyz/v2-core, PMRMLib_2.sol and scripts/config-mainnet.sol; parameters of the chain by event",
    assumptions: [
        "figures of 8 to 23 January 2026; since then the price range has narrowed (BTC 14 %, ETH 16 %) and the charges have fallen",
        "feeds are confident, the stablecoin holds its peg; an account holds one underlying, so underlyings are added",
        "dated futures, which Derive does not list, count as perpetuals; coins have the haircut of ETH",
    ],
    charge: (book) => deriveCharge(DERIVE_FIGURES, book),
};
