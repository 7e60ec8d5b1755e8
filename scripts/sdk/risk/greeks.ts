/**
 * Sensitivities of options, legs and books. They decide nothing; a view on chain that shows them uses the same integers.
 *
 *   delta   units of the underlying: per USD of the price of the leg's own expiry (its forward; for a perpetual its mark),
 *           discounted. The engine's own, to the last unit: perpetual and future 1, call D cdf(d1), put D (cdf(d1) - 1)
 *   gamma   units per USD of that price
 *   vega    USD per 1.00 of annual volatility
 *   theta   USD per calendar day with forward, volatility and discount factor held; below zero for who has bought
 *
 * Per unit of a live option, from the engine's w (volatility times root of time) and ln(F / K), all 18 decimals:
 *
 *   w'      = w held between 1e9 and 24e18
 *   d1      = floor(ln(F / K) * 1e18 / w') + (w' >> 1)
 *   density = floor(D * pdf(d1) / 1e18)
 *   perW    = floor(F * density / 1e18)                      change of the value per 1.00 of w
 *   gamma   = floor(density * 1e36 / (F * w'))
 *   vega    = floor(perW * rootYears / 1e18)
 *   theta   = -ceil(perW * w / (730 * years)), 0 where no time is left
 *
 * A leg has floor(size * unit / 1e18) of each, sums are sums of legs: every figure is rounded down, towards -infinity.
 */
import {decodeInstrument} from "../instruments.js";
import {mulDivDown, mulDivUp, mulDown, mulFloor, pdfE18, sqrtE18, sum} from "../math/index.js";
import {ONE_E18} from "../units.js";
import {strikeE18} from "./addOns.js";
import * as black76 from "./black76.js";
import {openOption} from "./options.js";
import {legValue, volAt} from "./revaluation.js";
import type {ExpiryMarket, Position, UnderlyingMarket} from "./types.js";

const ONE_E36 = ONE_E18 * ONE_E18;
const DAYS_OF_TWO_YEARS = 730n;

export type Sensitivities = {
    readonly deltaE18: bigint;
    readonly gammaE18: bigint;
    readonly vegaE18: bigint;
    readonly thetaE18: bigint;
};

export type Greeks = Sensitivities & {readonly priceE18: bigint};

/** What the slopes of one option are made of. */
type Slope = Pick<black76.Terms, "forwardE18" | "lnMoneynessE18" | "discountE18"> & {
    readonly wE18: bigint;
    readonly yearsE18: bigint;
    readonly rootYearsE18: bigint;
};

type Slopes = Omit<Sensitivities, "deltaE18"> & {readonly perWE18: bigint};

function slopes({forwardE18, lnMoneynessE18, discountE18, wE18, yearsE18, rootYearsE18}: Slope): Slopes {
    const {d1E18} = black76.distances(lnMoneynessE18, wE18);
    const densityE18 = mulDown(discountE18, pdfE18(d1E18));
    const perWE18 = mulDown(forwardE18, densityE18);
    return {
        perWE18,
        gammaE18: mulDivDown(densityE18, ONE_E36, forwardE18 * black76.boundW(wE18)),
        vegaE18: mulDown(perWE18, rootYearsE18),
        thetaE18: yearsE18 === 0n ? 0n : -mulDivUp(perWE18, wE18, DAYS_OF_TWO_YEARS * yearsE18),
    };
}

/** One option by the plain reading of the formula, at a volatility. */
export function greeks(option: black76.Terms, volE18: bigint, yearsE18: bigint): Greeks {
    const rootYearsE18 = sqrtE18(yearsE18);
    const wE18 = mulDown(volE18, rootYearsE18);
    const {gammaE18, vegaE18, thetaE18} = slopes({...option, wE18, yearsE18, rootYearsE18});
    const deltaE18 = black76.delta(option, wE18);
    return {priceE18: black76.price(option, wE18), deltaE18, gammaE18, vegaE18, thetaE18};
}

/** One unit of a leg. */
export type UnitGreeks = Greeks & {
    /** Volatility times root of time; 0 for legs without. */
    readonly wE18: bigint;
    /** Change of the value per 1.00 of w. */
    readonly perWE18: bigint;
    /** Annual implied volatility; 0 for legs without. */
    readonly volE18: bigint;
};

/** Price and delta are the engine's own, to the last unit. */
export function unitGreeks(expiry: ExpiryMarket, position: Position): UnitGreeks {
    const instrument = decodeInstrument(position.instrument);
    const {kind} = instrument;
    if (expiry.phase !== "LIVE" || (kind !== "CALL" && kind !== "PUT")) {
        const {markE18: priceE18, deltaE18} = legValue({scenarios: []}, expiry, position);
        return {priceE18, deltaE18, gammaE18: 0n, vegaE18: 0n, thetaE18: 0n, wE18: 0n, perWE18: 0n, volE18: 0n};
    }
    const option = openOption(kind, expiry, strikeE18(instrument), position.sizeE18);
    const {markE18: priceE18, deltaE18, wE18, lnMoneynessE18} = option;
    const volE18 = volAt(expiry, lnMoneynessE18);
    return {
        priceE18,
        deltaE18,
        wE18,
        volE18,
        ...slopes({...expiry, forwardE18: expiry.priceE18, lnMoneynessE18, wE18}),
    };
}

export type LegGreeks = Greeks & Position & {readonly volE18: bigint};

/** Price of one unit, and delta, gamma, vega and theta of the whole position. */
export function legGreeks(expiry: ExpiryMarket, position: Position): LegGreeks {
    const {priceE18, volE18, deltaE18, gammaE18, vegaE18, thetaE18} = unitGreeks(expiry, position);
    const times = (perUnitE18: bigint): bigint => mulFloor(position.sizeE18, perUnitE18);
    return {
        ...position,
        priceE18,
        deltaE18: times(deltaE18),
        gammaE18: times(gammaE18),
        vegaE18: times(vegaE18),
        thetaE18: times(thetaE18),
        volE18,
    };
}

export const sumOf = (all: readonly Sensitivities[]): Sensitivities => ({
    deltaE18: sum(all.map(({deltaE18}) => deltaE18)),
    gammaE18: sum(all.map(({gammaE18}) => gammaE18)),
    vegaE18: sum(all.map(({vegaE18}) => vegaE18)),
    thetaE18: sum(all.map(({thetaE18}) => thetaE18)),
});

/** Sums of one expiry, and the price that delta and gamma refer to. */
export type ExpiryGreeks = Sensitivities & {
    readonly expiry: number;
    readonly priceE18: bigint;
    readonly legs: readonly LegGreeks[];
};

export type UnderlyingGreeks = Sensitivities & {
    readonly underlying: number;
    readonly expiries: readonly ExpiryGreeks[];
};

/**
 * Legs, expiries and the whole of one underlying; settled legs have no sensitivities and are left out. Collateral inside the grid adds its credited units to the delta of the whole and
 * to no expiry.
 */
export function greeksOf(
    market: UnderlyingMarket,
    positions: readonly Position[],
    creditedE18: bigint,
): UnderlyingGreeks {
    const unsettled = market.expiries.filter(({phase}) => phase !== "SETTLED");
    const expiries = unsettled.map((expiry): ExpiryGreeks => {
        const own = positions.filter(({instrument}) => decodeInstrument(instrument).expiry === expiry.expiry);
        const legs = own.map((position) => legGreeks(expiry, position));
        return {expiry: expiry.expiry, priceE18: expiry.priceE18, legs, ...sumOf(legs)};
    });
    const whole = sumOf(expiries);
    return {underlying: market.underlying, expiries, ...whole, deltaE18: whole.deltaE18 + creditedE18};
}
