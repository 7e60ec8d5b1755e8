/** How far an engine that prices options by approximation may be from the reference, figure by figure. */
import type {Leg, Margin, Portfolio, Underlying} from "./types.js";

/** Of gross notional: prices within 2e-9 of the forward, now and in a scenario, with room for deltas. */
const OF_NOTIONAL = 5e-9;
/** Of the figure itself. */
const OF_FIGURE = 1e-9;
/** Figures are integers of 1e-18, and a delta rounded up costs as much of the price: far below a cent. */
const OF_ROUNDING = 1e-9;

export type Tolerance = (figure: number) => number;

export type UnderlyingTolerance = {
    readonly loss: (scenario: number) => Tolerance;
    readonly scan: Tolerance;
    /** Of roll, floors and add-on. */
    readonly charge: Tolerance;
    readonly concentration: Tolerance;
    readonly crowding: Tolerance;
    readonly withheld: Tolerance;
    /** In units. */
    readonly delta: Tolerance;
};

export type Tolerances = {
    readonly equity: Tolerance;
    readonly initial: Tolerance;
    readonly maintenance: Tolerance;
    readonly underlyings: readonly UnderlyingTolerance[];
};

const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);
const within =
    (absolute: number): Tolerance =>
    (figure) =>
        absolute + OF_FIGURE * Math.abs(figure) + OF_ROUNDING;

const forwardOf = ({mark, spot, expiries, settlements}: Underlying, {expiry}: Leg): number =>
    expiry === 0 ? mark : (settlements.get(expiry) ?? expiries.get(expiry)?.forward ?? spot);

/** |size| * max(forward, strike), the forward moved by a factor above 1. */
const notionalOf = (one: Underlying, leg: Leg, factor = 1): number =>
    Math.abs(leg.size) * Math.max(forwardOf(one, leg) * Math.max(factor, 1), leg.strike);
export const grossOf = (one: Underlying, factor = 1): number =>
    total(one.legs.map((leg) => notionalOf(one, leg, factor)));

/** A loss is as uncertain as the two prices it is made of, and weighted like it. */
const lossErrors = (one: Underlying): readonly number[] =>
    one.grid.map(({factor, weight}) => OF_NOTIONAL * weight * grossOf(one, factor));

/** Whichever scenario is the worst, of the book or, under ISOLATED, of each leg by itself. */
const scanError = (one: Underlying): number =>
    OF_NOTIONAL *
    total(
        one.legs.map((leg) =>
            Math.max(
                ...one.grid.map(({factor, weight}) => weight * notionalOf(one, leg, factor)),
                notionalOf(one, leg),
            ),
        ),
    );

/** A charge that grows like X^1.5 passes on more than it is given where X is large against the market. */
function slopeOf({spot, rules}: Underlying, delta: number): number {
    const x = Math.abs(delta) * spot;
    return rules.spread / 2 + 1.5 * rules.impact * rules.sigmaDay * Math.sqrt(x / rules.adv);
}

export function tolerancesOf(portfolio: Portfolio, {underlyings: found}: Margin): Tolerances {
    const {underlyings, collateral, cash, ratio} = portfolio;
    const held = total(collateral.map(({units, price}) => units * price)) + Math.abs(cash);
    const gross = total(underlyings.map((one) => grossOf(one)));
    const parts = underlyings.map((one, i) => {
        const own = OF_NOTIONAL * grossOf(one);
        const scan = scanError(one);
        const charge = own + scan;
        const concentration = charge + own * slopeOf(one, found[i]?.delta ?? 0);
        return {one, own, scan, charge, concentration, all: scan + charge + concentration};
    });
    const maintenance = total(parts.map(({all}) => all));
    // Double precision itself, where large figures cancel.
    const cancelled = 1e-14 * (gross + held);
    return {
        equity: within(OF_NOTIONAL * gross + cancelled),
        initial: within(maintenance / ratio + total(parts.map(({own, all}) => 2 * own + all / ratio))),
        maintenance: within(maintenance),
        underlyings: parts.map(({one, own, scan, charge, concentration, all}) => {
            const losses = lossErrors(one);
            return {
                loss: (scenario) => within(losses[scenario] ?? 0),
                delta: within(own / one.spot),
                scan: within(scan),
                charge: within(charge),
                concentration: within(concentration),
                crowding: within(own + all / ratio),
                withheld: within(own),
            };
        }),
    };
}
