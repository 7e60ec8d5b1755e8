/**
 * Twin of contracts/risk/Revaluation.sol: value of a book's legs now and under every scenario. Under a price factor f a leg
 * gains lanes(f) + linear * f + base. Sums keep the exact products of size and price (36 decimals); each figure is rounded
 * once, at its end.
 */
import {decodeInstrument, isLinear, isOption} from "../instruments.js";
import type {Instrument} from "../instruments.js";
import {CDF_BITS, abs, cutE18, max, mulDivUp, mulDown, mulFloor, sum, weightedCeil} from "../math/index.js";
import {ONE_E18} from "../units.js";
import {roll, strikeE18, worstLoss} from "./addOns.js";
import type {Leg} from "./addOns.js";
import * as black76 from "./black76.js";
import {lanesOf, oddsOf, openOption, unitOption} from "./options.js";
import type {Lanes, SharedOption} from "./options.js";
import {volatility} from "./svi.js";
import type {ExpiryMarket, Exposure, MarginModel, Position, Scenario, UnderlyingMarket} from "./types.js";

const MICRO = 10n ** 6n;

/** Loss of a scenario, positive = loss. */
export const weightedLoss = (pnlE36: bigint, weightE18: bigint): bigint => weightedCeil(-pnlE36, weightE18);

/** Implied annual volatility at a strike; the smile's stays as reported while time passes between two reports. */
export function volAt(expiry: ExpiryMarket, lnMoneynessE18: bigint): bigint {
    if ("volE18" in expiry.vol) return expiry.vol.volE18;
    return volatility(expiry.vol.smile, -lnMoneynessE18, expiry.reportYearsE18);
}

export const termsOf = (
    kind: black76.OptionKind,
    {priceE18, discountE18}: ExpiryMarket,
    instrument: Instrument,
): black76.Terms => black76.terms(kind, priceE18, strikeE18(instrument), discountE18);

/** What one unit pays at a price: the price itself for linear legs, intrinsic value for options. */
function payoff(instrument: Instrument, priceE18: bigint): bigint {
    if (instrument.kind !== "CALL" && instrument.kind !== "PUT") return priceE18;
    return black76.intrinsic(instrument.kind, priceE18, strikeE18(instrument));
}

/** One leg: worth and delta of a unit, and what a price factor does to the whole. */
export type LegValue = Leg & {
    readonly markE18: bigint;
    readonly deltaE18: bigint;
    readonly linearE36: bigint;
    readonly baseE36: bigint;
    /** Of a live option, by scenario. */
    readonly lanes?: readonly Lanes[];
    /** Of an expired option: what it pays, by scenario, 36 decimals. */
    readonly paysE36?: readonly bigint[];
};

/** What all positions in an option share: found where an earlier book left it, unless other scenarios are asked about. */
export function sharedOption(
    {scenarios, shared}: Pick<UnderlyingMarket, "scenarios" | "shared">,
    expiry: ExpiryMarket,
    kind: black76.OptionKind,
    id: bigint,
): SharedOption {
    const known = shared?.scenarios === scenarios ? shared.options.get(id) : undefined;
    if (known !== undefined) return known;
    const unit = unitOption(kind, expiry, strikeE18(decodeInstrument(id)));
    const fresh = {unit, odds: oddsOf(expiry, unit, scenarios)};
    if (shared?.scenarios === scenarios) shared.options.set(id, fresh);
    return fresh;
}

/** A leg valued now and under every scenario of the market. */
export function legValue(
    market: Pick<UnderlyingMarket, "scenarios" | "shared">,
    expiry: ExpiryMarket,
    {instrument: id, sizeE18}: Position,
): LegValue {
    const instrument = decodeInstrument(id);
    const {kind} = instrument;
    const own = {instrument, sizeE18};
    const markE18 = payoff(instrument, expiry.priceE18);
    if (expiry.phase === "SETTLED") return {...own, markE18, deltaE18: 0n, linearE36: 0n, baseE36: 0n};
    if (kind !== "CALL" && kind !== "PUT") {
        const linearE36 = sizeE18 * markE18;
        return {...own, markE18, deltaE18: ONE_E18, linearE36, baseE36: -linearE36};
    }
    if (expiry.phase === "LIVE") {
        const {unit, odds} = sharedOption(market, expiry, kind, id);
        const terms = openOption(kind, expiry, strikeE18(instrument), sizeE18, unit);
        const {linearE36, baseE36} = terms;
        const lanes = lanesOf(expiry, terms, market.scenarios, odds);
        return {...own, markE18: terms.markE18, deltaE18: terms.deltaE18, linearE36, baseE36, lanes};
    }
    const paysE36 = market.scenarios.map(
        ({factorE18}) => sizeE18 * payoff(instrument, mulDown(expiry.priceE18, factorE18)),
    );
    const inTheMoney = kind === "CALL" ? ONE_E18 : -ONE_E18;
    const deltaE18 = markE18 === 0n ? 0n : inTheMoney;
    return {...own, markE18, deltaE18, linearE36: 0n, baseE36: -sizeE18 * markE18, paysE36};
}

/** Change of the value of some legs under a scenario, 36 decimals. */
function pnlOf(legs: readonly LegValue[], {factorE18}: Scenario, place: number): bigint {
    const upper = sum(legs.map(({lanes}) => lanes?.[place]?.upper ?? 0n));
    const lower = sum(legs.map(({lanes}) => lanes?.[place]?.lower ?? 0n));
    const optionsE36 = ((upper * factorE18 + lower * ONE_E18) * MICRO) >> CDF_BITS;
    const linearE36 = cutE18(sum(legs.map((leg) => leg.linearE36)) * factorE18);
    const paysE36 = sum(legs.map((leg) => leg.paysE36?.[place] ?? 0n));
    return optionsE36 + linearE36 + sum(legs.map(({baseE36}) => baseE36)) + paysE36;
}

const isLinearLeg = ({instrument}: LegValue): boolean => isLinear(instrument.kind);

/** Weighted loss of one leg in its own worst scenario. */
function ownWorst({scenarios}: UnderlyingMarket, leg: LegValue): bigint {
    return max(0n, ...scenarios.map((one, s) => weightedLoss(pnlOf([leg], one, s), one.weightE18)));
}

/** Funding takes from the value of a perpetual, and nothing from what a move of the price does. */
const valueOf = (market: UnderlyingMarket, expiry: ExpiryMarket, leg: LegValue): bigint =>
    mulFloor(leg.sizeE18, leg.markE18 - (expiry.expiry === 0 ? market.fundingE18 : 0n));

type Opened = {readonly expiry: ExpiryMarket; readonly legs: readonly LegValue[]};

/** What the legs of one expiry that has not settled add to the charges that do not depend on scenarios. */
function chargesOf(market: UnderlyingMarket, {expiry, legs}: Opened): Pick<Exposure, "rollE18" | "worstE18"> {
    const deltaE36 = sum(legs.map(({sizeE18, deltaE18}) => sizeE18 * deltaE18));
    const valueE36 = sum(legs.map(({sizeE18, markE18}) => sizeE18 * markE18));
    const deltaE18 = mulDivUp(abs(deltaE36), 1n, ONE_E18);
    const farFactorE18 = max(0n, ...market.grid.map(({factorE18}) => factorE18));
    return {
        rollE18: roll(market.params, deltaE18, market.spotE18, expiry.yearsE18),
        worstE18: worstLoss(legs, expiry, valueE36, farFactorE18),
    };
}

/** Values positions that are all of the market's underlying. */
export function revalue(market: UnderlyingMarket, model: MarginModel, positions: readonly Position[]): Exposure {
    const opened = market.expiries.map((expiry): Opened => {
        const own = positions.filter(({instrument}) => decodeInstrument(instrument).expiry === expiry.expiry);
        return {expiry, legs: own.map((position) => legValue(market, expiry, position))};
    });
    const unsettled = opened.filter(({expiry}) => expiry.phase !== "SETTLED");
    const legs = unsettled.flatMap((one) => one.legs);
    const deltas = legs.map(({sizeE18, deltaE18}) => sizeE18 * deltaE18);
    const charges = unsettled.map((one) => chargesOf(market, one));
    const linear = opened.flatMap(({expiry, legs: own}) =>
        own.filter(isLinearLeg).map((leg) => valueOf(market, expiry, leg)),
    );
    const linearUnits = legs.filter(isLinearLeg).map(({sizeE18}) => sizeE18);
    const shorts = legs.filter(({instrument, sizeE18}) => sizeE18 < 0n && isOption(instrument.kind));
    return {
        valueE18: sum(opened.flatMap((one) => one.legs.map((leg) => valueOf(market, one.expiry, leg)))),
        pnlE36: market.scenarios.map((scenario, s) => pnlOf(legs, scenario, s)),
        isolatedE18: model === "ISOLATED" ? sum(legs.map((leg) => ownWorst(market, leg))) : 0n,
        deltaE36: sum(deltas),
        grossDeltaE36: sum(deltas.map(abs)),
        rollE18: sum(charges.map(({rollE18}) => rollE18)),
        linearE18: linear.length === 0 ? undefined : sum(linear),
        linearUnitsE18: max(
            sum(linearUnits.map((size) => max(size, 0n))),
            sum(linearUnits.map((size) => max(-size, 0n))),
        ),
        shortE18: -sum(shorts.map(({sizeE18}) => sizeE18)),
        worstE18: sum(charges.map(({worstE18}) => worstE18)),
        hasOptions: legs.some(({instrument}) => !isLinear(instrument.kind)),
    };
}
