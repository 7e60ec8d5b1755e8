/**
 * Sensitivities of single options and of the legs of a book. They decide nothing and have no counterpart on chain:
 * gamma per USD of forward, vega per 1.00 of volatility, theta per calendar day, all of the discounted price.
 */
import {decodeInstrument} from "../instruments.js";
import {mulDivFloor, mulDown, mulFloor, pdfE18, sqrtE18} from "../math/index.js";
import {ONE_E18} from "../units.js";
import * as black76 from "./black76.js";
import {legValue, termsOf, volAt} from "./revaluation.js";
import type {ExpiryMarket, Position} from "./types.js";

const DAYS_PER_YEAR = 365n;

export type Greeks = {
    readonly priceE18: bigint;
    readonly deltaE18: bigint;
    readonly gammaE18: bigint;
    readonly vegaE18: bigint;
    readonly thetaE18: bigint;
};

/**
 * Theta is the change of the price while a day passes and forward, volatility and discount factor stand:
 * -D F pdf(d1) vol / (2 sqrt T) / 365.
 */
export function greeks(option: black76.Terms, volE18: bigint, yearsE18: bigint): Greeks {
    const rootE18 = sqrtE18(yearsE18);
    const wE18 = mulDown(volE18, rootE18);
    const {d1E18} = black76.distances(option.lnMoneynessE18, wE18);
    const densityE18 = mulDown(option.discountE18, pdfE18(d1E18));
    const perForwardE18 = mulDown(option.forwardE18, densityE18);
    return {
        priceE18: black76.price(option, wE18),
        deltaE18: black76.delta(option, wE18),
        gammaE18: mulDivFloor(densityE18 * ONE_E18, ONE_E18, option.forwardE18 * black76.boundW(wE18)),
        vegaE18: mulDown(perForwardE18, rootE18),
        thetaE18: rootE18 === 0n ? 0n : -mulDivFloor(perForwardE18, volE18, 2n * DAYS_PER_YEAR * rootE18),
    };
}

export type LegGreeks = Greeks & {
    readonly instrument: bigint;
    readonly sizeE18: bigint;
    /** Annual implied volatility; 0 for legs without. */
    readonly volE18: bigint;
};

/** Price and delta are the engine's own, to the last unit. */
function unitGreeks(expiry: ExpiryMarket, position: Position): Greeks & {readonly volE18: bigint} {
    const instrument = decodeInstrument(position.instrument);
    const {kind} = instrument;
    const {markE18: priceE18, deltaE18} = legValue({scenarios: []}, expiry, position);
    if (expiry.phase !== "LIVE" || (kind !== "CALL" && kind !== "PUT")) {
        return {priceE18, deltaE18, gammaE18: 0n, vegaE18: 0n, thetaE18: 0n, volE18: 0n};
    }
    const option = termsOf(kind, expiry, instrument);
    const volE18 = volAt(expiry, option.lnMoneynessE18);
    return {...greeks(option, volE18, expiry.yearsE18), priceE18, deltaE18, volE18};
}

/** Price of one unit, and delta, gamma, vega and theta of the whole position. */
export function legGreeks(expiry: ExpiryMarket, position: Position): LegGreeks {
    const unit = unitGreeks(expiry, position);
    const times = (perUnitE18: bigint): bigint => mulFloor(position.sizeE18, perUnitE18);
    return {
        ...position,
        priceE18: unit.priceE18,
        deltaE18: times(unit.deltaE18),
        gammaE18: times(unit.gammaE18),
        vegaE18: times(unit.vegaE18),
        thetaE18: times(unit.thetaE18),
        volE18: unit.volE18,
    };
}
