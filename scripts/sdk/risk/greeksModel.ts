/**
 * The Greeks model: a book's profit under the grid by its sensitivities alone, to second order in price and first in volatility.
 * A report and a pre-check. It governs no account: far from where it stands an option is not its tangent.
 *
 * With f the factor of a scenario, F the price of an expiry and w' the volatility times root of time that the grid gives a leg:
 *
 *   move   = floor(F * (f - 1e18) / 1e18)                        per expiry, USD
 *   price  = delta * move + floor(gamma * move * move / 2e18)    per expiry, on the sums of its legs, 36 decimals
 *   vol    = size * floor(perW * (w' - w) / 1e18)                per leg: vega times the change of volatility, floors of the grid included
 *   pnl    = sum of price + sum of vol + credited * (floor(S * f / 1e18) - S)
 *   loss   = ceil(-pnl / 1e18)
 *
 * and the scan is the greatest loss over the regular scenarios, those of weight 1.
 *
 * What it would ask of a book is that scan in place of the scenario model's, with the same add-ons and reserve and nothing netted
 * across underlyings.
 */
import {cutE18, max, mulDivFloor, mulDown, mulFloor, sum} from "../math/index.js";
import {ONE_E18} from "../units.js";
import {decodeInstrument} from "../instruments.js";
import {greeksOf, unitGreeks} from "./greeks.js";
import type {ExpiryGreeks, UnderlyingGreeks} from "./greeks.js";
import {volIn} from "./options.js";
import {VOL_STATES} from "./types.js";
import type {Holdings, Scenario, UnderlyingMarket, UnderlyingRisk, VolState} from "./types.js";

export const isRegular = ({weightE18}: Scenario): boolean => weightE18 === ONE_E18;

/** What the legs gain when volatility alone goes to a state, 36 decimals. */
function riseE36({market, positions}: Holdings, state: VolState): bigint {
    const rises = market.expiries.flatMap((expiry) => {
        const own = positions.filter(({instrument}) => decodeInstrument(instrument).expiry === expiry.expiry);
        return own.map((position) => {
            const {perWE18, wE18} = unitGreeks(expiry, position);
            return perWE18 === 0n ? 0n : position.sizeE18 * mulFloor(perWE18, volIn(state, expiry, wE18) - wE18);
        });
    });
    return sum(rises);
}

/** What the legs of an expiry gain by its price alone, 36 decimals. */
function moveE36({priceE18, deltaE18, gammaE18}: ExpiryGreeks, {factorE18}: Scenario): bigint {
    const moveE18 = mulFloor(priceE18, factorE18 - ONE_E18);
    return deltaE18 * moveE18 + mulDivFloor(gammaE18 * moveE18, moveE18, 2n * ONE_E18);
}

const heldE36 = ({spotE18}: UnderlyingMarket, creditedE18: bigint, {factorE18}: Scenario): bigint =>
    creditedE18 * (mulDown(spotE18, factorE18) - spotE18);

export type GreeksScan = {
    readonly greeks: UnderlyingGreeks;
    /** Profit by the sensitivities under every scenario of the market, not weighted, 36 decimals. */
    readonly pnlE36: readonly bigint[];
    /** Greatest loss over the regular scenarios, rounded up; 0 where every one is a gain. */
    readonly scanE18: bigint;
    /** Place in the grid of the regular scenario that loses most, the first of equals; -1 if the grid has none. */
    readonly binding: number;
};

export const lossE18 = (pnlE36: bigint): bigint => -cutE18(pnlE36);

export function greeksScan(holdings: Holdings): GreeksScan {
    const {market, positions, creditedE18} = holdings;
    const greeks = greeksOf(market, positions, creditedE18);
    const rises = new Map(VOL_STATES.map((state) => [state, riseE36(holdings, state)]));
    const pnlE36 = market.scenarios.map(
        (scenario) =>
            sum(greeks.expiries.map((expiry) => moveE36(expiry, scenario))) +
            (rises.get(scenario.vol) ?? 0n) +
            heldE36(market, creditedE18, scenario),
    );
    const regular = market.scenarios.flatMap((scenario, place) =>
        isRegular(scenario) ? [{place, lossE18: lossE18(pnlE36[place] ?? 0n)}] : [],
    );
    const [first, ...others] = regular;
    const worst = first && others.reduce((most, one) => (one.lossE18 > most.lossE18 ? one : most), first);
    return {greeks, pnlE36, scanE18: max(0n, worst?.lossE18 ?? 0n), binding: worst?.place ?? -1};
}

/** What the model puts in place of the full revaluation. Scenarios that are not regular show no loss. */
export function byGreeks(holdings: Holdings): Pick<UnderlyingRisk, "pnlE36" | "lossE18" | "scanE18"> {
    const {pnlE36, scanE18} = greeksScan(holdings);
    const {scenarios} = holdings.market;
    const loss = (scenario: Scenario, place: number): bigint =>
        isRegular(scenario) ? lossE18(pnlE36[place] ?? 0n) : 0n;
    return {pnlE36, scanE18, lossE18: scenarios.map(loss)};
}
