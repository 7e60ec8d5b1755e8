/**
 * Twin of contracts/risk/Revaluation.sol: value of a book's legs now and under every scenario. Sums keep the exact products
 * of size and price (36 decimals); each figure is rounded once, at its end.
 */
import {decodeInstrument, isLinear, isOption} from "../instruments.js";
import type {Instrument} from "../instruments.js";
import {abs, max, mulDivCeil, mulDivUp, mulDown, mulFloor, sum} from "../math/index.js";
import {ONE_E18} from "../units.js";
import {roll, strikeE18, worstLoss} from "./addOns.js";
import type {Leg} from "./addOns.js";
import * as black76 from "./black76.js";
import {volatility} from "./svi.js";
import type {ExpiryMarket, Exposure, MarginModel, Position, UnderlyingMarket, VolState} from "./types.js";

const ONE_E36 = ONE_E18 * ONE_E18;

/** One unit of an instrument: worth, delta, and worth under every scenario. */
export type UnitValue = {
    readonly markE18: bigint;
    readonly deltaE18: bigint;
    readonly shockedE18: readonly bigint[];
};

/** Loss of a scenario, positive = loss. */
export const weightedLoss = (pnlE36: bigint, weightE18: bigint): bigint => mulDivCeil(-pnlE36, weightE18, ONE_E36);

/** Implied annual volatility at a strike; the smile's stays as reported while time passes between two reports. */
export function volAt(expiry: ExpiryMarket, lnMoneynessE18: bigint): bigint {
    if ("volE18" in expiry.vol) return expiry.vol.volE18;
    return volatility(expiry.vol.smile, -lnMoneynessE18, expiry.reportYearsE18);
}

/** Volatility times root of time in each state of volatility. */
export function totalVols(
    {params}: Pick<UnderlyingMarket, "params">,
    expiry: ExpiryMarket,
    lnMoneynessE18: bigint,
): Readonly<Record<VolState, bigint>> {
    const volE18 = volAt(expiry, lnMoneynessE18);
    const upE18 = max(mulDown(volE18, expiry.volUpE18), params.volFloorUpE18);
    const downE18 = max(mulDown(volE18, expiry.volDownE18), params.volFloorDownE18);
    return {
        FLAT: mulDown(volE18, expiry.rootYearsE18),
        UP: mulDown(upE18, expiry.rootYearsE18),
        DOWN: mulDown(downE18, expiry.rootYearsE18),
    };
}

export const termsOf = (
    kind: black76.OptionKind,
    {priceE18, discountE18}: ExpiryMarket,
    instrument: Instrument,
): black76.Terms => black76.terms(kind, priceE18, strikeE18(instrument), discountE18);

function optionValue(
    market: UnderlyingMarket,
    expiry: ExpiryMarket,
    kind: black76.OptionKind,
    instrument: Instrument,
): UnitValue {
    const option = termsOf(kind, expiry, instrument);
    const wE18 = totalVols(market, expiry, option.lnMoneynessE18);
    return {
        markE18: black76.price(option, wE18.FLAT),
        deltaE18: black76.delta(option, wE18.FLAT),
        shockedE18: market.scenarios.map(({factorE18, lnFactorE18, vol}) =>
            black76.priceAt(option, factorE18, lnFactorE18, wE18[vol]),
        ),
    };
}

/** What one unit pays at a price: the price itself for linear legs, intrinsic value for options. */
function payoff(instrument: Instrument, priceE18: bigint): bigint {
    if (instrument.kind !== "CALL" && instrument.kind !== "PUT") return priceE18;
    return black76.intrinsic(instrument.kind, priceE18, strikeE18(instrument));
}

function payoffDelta(instrument: Instrument, priceE18: bigint): bigint {
    if (isLinear(instrument.kind)) return ONE_E18;
    if (payoff(instrument, priceE18) === 0n) return 0n;
    return instrument.kind === "CALL" ? ONE_E18 : -ONE_E18;
}

/** Value of one unit now and under every scenario. */
export function unitValue(market: UnderlyingMarket, expiry: ExpiryMarket, instrument: Instrument): UnitValue {
    const {kind} = instrument;
    if (expiry.phase === "SETTLED") {
        const markE18 = payoff(instrument, expiry.priceE18);
        return {markE18, deltaE18: 0n, shockedE18: market.scenarios.map(() => markE18)};
    }
    if (expiry.phase === "LIVE" && (kind === "CALL" || kind === "PUT")) {
        return optionValue(market, expiry, kind, instrument);
    }
    return {
        markE18: payoff(instrument, expiry.priceE18),
        deltaE18: payoffDelta(instrument, expiry.priceE18),
        shockedE18: market.scenarios.map(({factorE18}) => payoff(instrument, mulDown(expiry.priceE18, factorE18))),
    };
}

type LegValue = Leg & UnitValue & {readonly pnlE36: readonly bigint[]};

function legValue(market: UnderlyingMarket, expiry: ExpiryMarket, {instrument: id, sizeE18}: Position): LegValue {
    const instrument = decodeInstrument(id);
    const unit = unitValue(market, expiry, instrument);
    return {...unit, instrument, sizeE18, pnlE36: unit.shockedE18.map((price) => sizeE18 * (price - unit.markE18))};
}

/** Weighted loss of one leg in its own worst scenario. */
function ownWorst(market: UnderlyingMarket, {pnlE36}: LegValue): bigint {
    const losses = market.scenarios.map(({weightE18}, s) => weightedLoss(pnlE36[s] ?? 0n, weightE18));
    return max(0n, ...losses);
}

/** Funding takes from the value of a perpetual, and nothing from what a move of the price does. */
const valueOf = (market: UnderlyingMarket, expiry: ExpiryMarket, leg: LegValue): bigint =>
    mulFloor(leg.sizeE18, leg.markE18 - (expiry.expiry === 0 ? market.fundingE18 : 0n));

const NOTHING: Omit<Exposure, "pnlE36"> = {
    valueE18: 0n,
    isolatedE18: 0n,
    deltaE36: 0n,
    grossDeltaE36: 0n,
    rollE18: 0n,
    shortE18: 0n,
    worstE18: 0n,
};

function addSettled(
    market: UnderlyingMarket,
    expiry: ExpiryMarket,
    legs: readonly LegValue[],
    sofar: Exposure,
): Exposure {
    return {...sofar, valueE18: sofar.valueE18 + sum(legs.map((leg) => valueOf(market, expiry, leg)))};
}

function addExpiry(
    market: UnderlyingMarket,
    model: MarginModel,
    expiry: ExpiryMarket,
    legs: readonly LegValue[],
    sofar: Exposure,
): Exposure {
    const deltas = legs.map(({sizeE18, deltaE18}) => sizeE18 * deltaE18);
    const deltaE36 = sum(deltas);
    const valueE36 = sum(legs.map(({sizeE18, markE18}) => sizeE18 * markE18));
    const shorts = legs.filter(({instrument, sizeE18}) => sizeE18 < 0n && isOption(instrument.kind));
    const deltaE18 = mulDivUp(abs(deltaE36), 1n, ONE_E18);
    const worst = model === "ISOLATED" ? legs.map((leg) => ownWorst(market, leg)) : [];
    return {
        valueE18: sofar.valueE18 + sum(legs.map((leg) => valueOf(market, expiry, leg))),
        pnlE36: sofar.pnlE36.map((total, s) => total + sum(legs.map((leg) => leg.pnlE36[s] ?? 0n))),
        isolatedE18: sofar.isolatedE18 + sum(worst),
        deltaE36: sofar.deltaE36 + deltaE36,
        grossDeltaE36: sofar.grossDeltaE36 + sum(deltas.map(abs)),
        rollE18: sofar.rollE18 + roll(market.params, deltaE18, market.spotE18, expiry.yearsE18),
        shortE18: sofar.shortE18 - sum(shorts.map(({sizeE18}) => sizeE18)),
        worstE18: sofar.worstE18 + worstLoss(legs, expiry, valueE36),
    };
}

/** Values positions that are all of the market's underlying. */
export function revalue(market: UnderlyingMarket, model: MarginModel, positions: readonly Position[]): Exposure {
    return market.expiries.reduce<Exposure>(
        (sofar, expiry) => {
            const own = positions.filter(({instrument}) => decodeInstrument(instrument).expiry === expiry.expiry);
            const legs = own.map((position) => legValue(market, expiry, position));
            return expiry.phase === "SETTLED"
                ? addSettled(market, expiry, legs, sofar)
                : addExpiry(market, model, expiry, legs, sofar);
        },
        {...NOTHING, pnlE36: market.scenarios.map(() => 0n)},
    );
}
