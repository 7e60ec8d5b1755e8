/**
 * CME SPAN, the classic one: 16 scenarios, spread charge between expiries, short option minimum.
 * Rule: CME, "CME SPAN: Standard Portfolio Analysis of Risk" (methodology deck) and "Risk Arrays".
 *
 * Assumed, because current parameter files were not at hand: a price scan range of 35 % of the price, CME's margin for its bitcoin futures
 * when they were announced in 2017 and still listed in May 2021; a volatility scan range of 60 %, quoted from CME's page in a public
 * discussion of May 2021; both for ether too. The charge between expiries, 1.75 % of the far price, is what NSE has published for index
 * contracts under SPAN; a short option minimum was not found and is 0. Extreme moves are three times the range at 33 %; where that is more
 * than the price, options stand as at a price of 0. Spreads form on the delta of today instead of the composite one. A perpetual stands for
 * a future that expires first. No credit between BTC and ETH. Products that CME has moved to SPAN 2 are margined otherwise.
 */
import {abs, divDown, max, min, mulDivFloor, mulDivUp, mulFloor, sum} from "../math/index.js";
import {ONE_E18, parseE18} from "../units.js";
import {byExpiry, deltaE36, lossesOf, lossIn, shockedVol, totalsE36, valueAt, worstOf} from "./shocks.js";
import type {Row, VolRule} from "./shocks.js";
import type {Charge, UnderlyingBook, Venue, VenueLeg, VenueScenario} from "./types.js";

export type SpanParams = {
    /** Of the price. */
    readonly scanRangeE18: bigint;
    /** Of the volatility. */
    readonly volRangeE18: bigint;
    readonly extremeMultipleE18: bigint;
    readonly extremeCoverE18: bigint;
    readonly lookAheadYearsE18: bigint;
    /** Of the far price, per unit of delta that stands against another expiry's. */
    readonly spreadE18: bigint;
    /** Of spot, per unit of short option. */
    readonly shortMinimumE18: bigint;
    readonly initialRatioE18: bigint;
};

const THIRDS = [0n, 1n, -1n, 2n, -2n, 3n, -3n];

/** In the order of the risk array. */
export function spanScenarios(params: Omit<SpanParams, "initialRatioE18">): VenueScenario[] {
    const {scanRangeE18, extremeMultipleE18, extremeCoverE18} = params;
    const extremeE18 = mulFloor(scanRangeE18, extremeMultipleE18);
    return [
        ...THIRDS.flatMap((thirds) =>
            (["UP", "DOWN"] as const).map((vol) => ({
                moveE18: mulDivFloor(scanRangeE18, thirds, 3n),
                vol,
                weightE18: ONE_E18,
            })),
        ),
        {moveE18: extremeE18, vol: "FLAT", weightE18: extremeCoverE18},
        {moveE18: -extremeE18, vol: "FLAT", weightE18: extremeCoverE18},
    ];
}

const volRule = ({volRangeE18}: SpanParams): VolRule => ({
    riseE18: volRangeE18,
    fallE18: volRangeE18,
    powerShortE18: 0n,
    powerLongE18: 0n,
    floorDaysE18: ONE_E18,
    leastUpE18: 0n,
});

/** Risk array of one leg: what a unit gains in each scenario by the next day. */
function arrayOf(leg: VenueLeg, scenarios: readonly VenueScenario[], params: SpanParams): Row {
    const yearsE18 = max(leg.yearsE18 - params.lookAheadYearsE18, 0n);
    const rule = volRule(params);
    return {
        sizeE18: leg.sizeE18,
        profitsE18: scenarios.map(
            ({moveE18, vol}) => valueAt(leg, moveE18, shockedVol(rule, leg, vol), yearsE18) - leg.markE18,
        ),
    };
}

/** Deltas of opposite sign in two expiries form spreads, the nearest first; each pays on the price of the farther one. */
export function spreadCharge(legs: readonly VenueLeg[], rateE18: bigint): bigint {
    const months = byExpiry(legs).map((own) => ({
        priceE18: own[0]?.priceE18 ?? 0n,
        leftE18: mulFloor(deltaE36(own), 1n),
    }));
    let chargeE36 = 0n;
    months.forEach((far, place) => {
        for (const near of months.slice(0, place)) {
            if (near.leftE18 * far.leftE18 >= 0n) continue;
            const spreadsE18 = min(abs(near.leftE18), abs(far.leftE18));
            chargeE36 += spreadsE18 * far.priceE18;
            near.leftE18 += near.leftE18 > 0n ? -spreadsE18 : spreadsE18;
            far.leftE18 += far.leftE18 > 0n ? -spreadsE18 : spreadsE18;
        }
    });
    return mulDivUp(chargeE36, rateE18, ONE_E18 * ONE_E18);
}

export function spanCharge(params: SpanParams, {legs, spotE18}: UnderlyingBook): Charge {
    const scenarios = spanScenarios(params);
    const rows = legs.map((leg) => arrayOf(leg, scenarios, params));
    const worst = worstOf(lossesOf(totalsE36(rows, scenarios), scenarios), scenarios);
    const spreadsE18 = spreadCharge(legs, params.spreadE18);
    const shortE18 = sum(legs.map(({kind, sizeE18}) => (kind === "LINEAR" ? 0n : max(-sizeE18, 0n))));
    const minimumE18 = mulDivUp(shortE18 * params.shortMinimumE18, spotE18, ONE_E18 * ONE_E18);
    const maintenanceE18 = max(lossIn(worst) + spreadsE18, minimumE18);
    return {
        initialE18: mulDivUp(maintenanceE18, params.initialRatioE18, ONE_E18),
        maintenanceE18,
        worst,
        parts: [
            {name: "scan", valueE18: lossIn(worst)},
            {name: "between expiries", valueE18: spreadsE18},
            {name: "short option minimum", valueE18: minimumE18},
        ],
    };
}

export const SPAN_BITCOIN: SpanParams = {
    scanRangeE18: parseE18("0.35"),
    volRangeE18: parseE18("0.60"),
    extremeMultipleE18: parseE18("3"),
    extremeCoverE18: parseE18("0.33"),
    lookAheadYearsE18: divDown(1n, 365n),
    spreadE18: parseE18("0.0175"),
    shortMinimumE18: 0n,
    initialRatioE18: parseE18("1.10"),
};

export const SPAN: Venue = {
    id: "span",
    name: "CME SPAN",
    asOf: "rule of 2019; ranges as quoted in May 2021",
    source: "CME, SPAN methodology deck (as cited by github.com/charlieyanhx/riskkit); cmegroup.com, Risk Arrays; nseclearing.in, span-risk-parameters; CME clearing advisory 23-376 (110 %)",
    assumptions: [
        "price scan range 35 %, volatility scan range 60 %: CME's page as a public discussion of May 2021 quotes it; current files were not at hand; bitcoin's stand for ether",
        "extreme moves are three times the range, counted at 33 %; that is more than the price, and options then stand as at a price of 0",
        "1.75 % of the far price between expiries is NSE's for index contracts; CME's charge and its short option minimum were not found, the latter is 0",
        "spreads form on today's delta, not the composite one; a perpetual stands for the nearest future",
        "initial is 110 % of maintenance; no credit between underlyings; coins hedge nothing; SPAN 2 is another rule and not public",
    ],
    charge: (book) => spanCharge(SPAN_BITCOIN, book),
};
