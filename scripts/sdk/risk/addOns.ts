/** Twin of contracts/risk/AddOns.sol: what a grid of parallel moves cannot see. Rounded up. */
import type {Instrument} from "../instruments.js";
import {cutE18, max, min, mulDivDown, mulDivFloor, mulDivUp, mulUp, sqrtE18} from "../math/index.js";
import {ONE_E18} from "../units.js";
import type {ExpiryMarket, UnderlyingParams} from "./types.js";

const ONE_E36 = ONE_E18 * ONE_E18;
const ONE_E54 = ONE_E36 * ONE_E18;

/** Strike in USD with 18 decimals. */
export const strikeE18 = ({strikeE8}: Pick<Instrument, "strikeE8">): bigint => strikeE8 * 10n ** 10n;

/** |delta| * S * max(least, per year * T). */
export const roll = (params: UnderlyingParams, deltaE18: bigint, spotE18: bigint, yearsE18: bigint): bigint =>
    mulDivUp(deltaE18 * spotE18, max(mulUp(params.rollYearE18, yearsE18), params.rollMinE18), ONE_E36);

/** (f_net * |net| + f_hedged * (gross - |net|) / 2) * S. */
export function hedgedDelta(
    params: Pick<UnderlyingParams, "floorNetE18" | "floorHedgedE18">,
    netE18: bigint,
    grossE18: bigint,
    spotE18: bigint,
): bigint {
    const twiceE36 = 2n * netE18 * params.floorNetE18 + (grossE18 - netE18) * params.floorHedgedE18;
    return mulDivUp(twiceE36, spotE18, 2n * ONE_E36);
}

/** f_short * S * units of short options. */
export const shortOptions = (params: UnderlyingParams, shortE18: bigint, spotE18: bigint): bigint =>
    mulDivUp(shortE18 * params.floorShortE18, spotE18, ONE_E36);

/** spread / 2 * X + Y * sigma * X * sqrt(X / ADV), X = |net| * S. */
export function concentration(params: UnderlyingParams, netE18: bigint, spotE18: bigint): bigint {
    const valueE18 = mulUp(netE18, spotE18);
    const shareE18 = mulDivUp(valueE18, ONE_E18, params.advE18);
    const floorE18 = sqrtE18(shareE18);
    const rootE18 = floorE18 * floorE18 < shareE18 * ONE_E18 ? floorE18 + 1n : floorE18;
    const impactE36 = params.impactE18 * params.sigmaDayE18;
    return mulDivUp(valueE18, params.spreadE18, 2n * ONE_E18) + mulDivUp(valueE18 * rootE18, impactE36, ONE_E54);
}

type OpenInterest = {readonly openInterestE18: bigint; readonly spotE18: bigint};

export type Crowd = OpenInterest & {readonly tradedDeltaE18: bigint; readonly ownInitialE18: bigint};

/** How far the value of open interest stands above its lower bound, at most up to the upper, and how far that is. */
function crowdOf(params: UnderlyingParams, {openInterestE18, spotE18}: OpenInterest): {above: bigint; span: bigint} {
    const span = params.oiUpperE18 - params.oiLowerE18;
    return {above: min(max(mulUp(openInterestE18, spotE18) - params.oiLowerE18, 0n), span), span};
}

/** scale * max(0, X - own initial requirement), the scale rising from 0 to 1 between two values of open interest. */
export function crowding(params: UnderlyingParams, crowd: Crowd): bigint {
    const valueE18 = mulUp(crowd.tradedDeltaE18, crowd.spotE18);
    if (valueE18 <= crowd.ownInitialE18) return 0n;
    const {above, span} = crowdOf(params, crowd);
    return mulDivUp(valueE18 - crowd.ownInitialE18, above, span);
}

export type Profit = OpenInterest & {readonly profitE18: bigint; readonly unitsE18: bigint};

/** Profit of linear legs less profit * (1 - share) * (1 - scale), the scale that of crowding. */
export function withheld(params: UnderlyingParams, profit: Profit): bigint {
    const {profitE18, unitsE18, openInterestE18} = profit;
    if (unitsE18 >= openInterestE18 && unitsE18 !== 0n) return profitE18;
    const {above, span} = crowdOf(params, profit);
    const uncrowdedE18 = mulDivDown(profitE18, span - above, span);
    if (unitsE18 === 0n) return profitE18 - uncrowdedE18;
    return profitE18 - mulDivDown(uncrowdedE18, openInterestE18 - unitsE18, openInterestE18);
}

export type Leg = {readonly instrument: Instrument; readonly sizeE18: bigint};

const sizeOf = (legs: readonly Leg[], matches: (leg: Leg) => boolean): bigint =>
    legs.reduce((total, leg) => (matches(leg) ? total + leg.sizeE18 : total), 0n);

/** Payoff of the legs of one expiry: linear at the price, options discounted. */
function payoffE36(legs: readonly Leg[], discountE18: bigint, priceE18: bigint): bigint {
    const linearE18 = sizeOf(legs, ({instrument: {strikeE8}}) => strikeE8 === 0n);
    const optionsE36 = legs.reduce((total, {instrument, sizeE18}) => {
        if (instrument.strikeE8 === 0n) return total;
        const inTheMoney = (priceE18 - strikeE18(instrument)) * (instrument.kind === "CALL" ? 1n : -1n);
        return total + sizeE18 * max(inTheMoney, 0n);
    }, 0n);
    return linearE18 * priceE18 + mulDivFloor(optionsE36, discountE18, ONE_E18);
}

/**
 * Most that the legs of one expiry can lose under a grid by their terms: the payoff is straight between strikes, and beyond
 * the last strike the mean price is at most the grid's greatest factor times the forward.
 */
export function worstLoss(
    legs: readonly Leg[],
    {priceE18, discountE18}: Pick<ExpiryMarket, "priceE18" | "discountE18">,
    valueE36: bigint,
    farFactorE18: bigint,
): bigint {
    const linearE18 = sizeOf(legs, ({instrument: {strikeE8}}) => strikeE8 === 0n);
    const callsE18 = sizeOf(legs, ({instrument: {kind}}) => kind === "CALL");
    const prices = [0n, ...legs.map(({instrument}) => strikeE18(instrument))];
    const payoffs = prices.map((price) => payoffE36(legs, discountE18, price));
    const lastSlopeE36 = linearE18 * ONE_E18 + discountE18 * callsE18;
    const beyondE36 = cutE18(min(lastSlopeE36, 0n) * mulUp(priceE18, farFactorE18));
    const least = payoffs.reduce((a, b) => min(a, b)) + beyondE36;
    return mulDivUp(max(valueE36 - least, 0n), 1n, ONE_E18);
}
