/**
 * The margin model in double precision, written from its formulas alone: what the contract and its twin are held against.
 * It favours the plain form of each formula over speed and rounds nowhere.
 */
import {
    collateralWeight,
    concentrationCharge,
    crowdedShare,
    greatestLoss,
    hedgedDeltaFloor,
    rollCharge,
    withheldProfit,
} from "./charges.js";
import {black76, delta76, intrinsic, volatility, YEAR} from "./options.js";
import type {Holding, Leg, Margin, Portfolio, Rules, Shock, Underlying, UnderlyingMargin} from "./types.js";

const DAY = 86_400;
const SHOCK_DAYS = 30;

const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);
const groupBy = <T>(items: readonly T[], key: (item: T) => number): readonly (readonly [number, readonly T[]])[] =>
    [...new Set(items.map(key))].sort((a, b) => a - b).map((k) => [k, items.filter((item) => key(item) === k)]);

/** One unit of a leg: its price now and after a shock, and its delta. */
type Unit = {
    readonly value: number;
    readonly delta: number;
    readonly shocked: (shock: Shock) => number;
};

/** An expiry of the book with what its legs refer to. */
type Dated = {readonly price: number; readonly discount: number; readonly years: number; readonly settled: boolean};

function datedOf({mark, spot, expiries, settlements}: Underlying, expiry: number, now: number): Dated {
    if (expiry === 0) return {price: mark, discount: 1, years: 0, settled: false};
    const settlement = settlements.get(expiry);
    if (settlement !== undefined && expiry <= now) return {price: settlement, discount: 1, years: 0, settled: true};
    if (expiry <= now) return {price: spot, discount: 1, years: 0, settled: false};
    const quote = expiries.get(expiry);
    if (quote === undefined) throw new Error(`No surface for ${expiry}`);
    return {price: quote.forward, discount: quote.discount, years: (expiry - now) / YEAR, settled: false};
}

/** Volatility in a state: stated for 30 days, more violent the shorter the time. */
function shockedVol(vol: number, state: Shock["vol"], seconds: number, rules: Rules): number {
    const daysLeft = seconds / DAY;
    const stretch =
        (SHOCK_DAYS / Math.max(daysLeft, 1)) ** (daysLeft < SHOCK_DAYS ? rules.powerShort : rules.powerLong);
    if (state === "UP") return Math.max(vol * (1 + rules.volUp * stretch), rules.volFloorUp);
    if (state === "DOWN") return Math.max(vol * Math.max(1 - rules.volDown * stretch, 0), rules.volFloorDown);
    return vol;
}

function optionUnit(one: Underlying, leg: Leg, kind: "CALL" | "PUT", now: number, dated: Dated): Unit {
    const {strike, expiry} = leg;
    const quote = one.expiries.get(expiry);
    if (dated.years === 0 || quote === undefined) {
        const isInside = intrinsic(kind, dated.price, strike) > 0;
        const side = kind === "CALL" ? 1 : -1;
        return {
            value: intrinsic(kind, dated.price, strike),
            delta: isInside ? side : 0,
            shocked: ({factor}) => intrinsic(kind, dated.price * factor, strike),
        };
    }
    const {forward, discount} = quote;
    const vol = volatility(quote.smile, strike, forward, (expiry - quote.publishedAt) / YEAR);
    const root = Math.sqrt(dated.years);
    const terms = {kind, forward, strike, discount, w: vol * root};
    return {
        value: black76(terms),
        delta: delta76(terms),
        shocked: ({factor, vol: state}) =>
            black76({...terms, forward: forward * factor, w: shockedVol(vol, state, expiry - now, one.rules) * root}),
    };
}

function unitOf(one: Underlying, leg: Leg, now: number): Unit {
    const dated = datedOf(one, leg.expiry, now);
    const isOption = leg.kind === "CALL" || leg.kind === "PUT";
    const unit: Unit = isOption
        ? optionUnit(one, leg, leg.kind === "CALL" ? "CALL" : "PUT", now, dated)
        : {value: dated.price, delta: 1, shocked: ({factor}) => dated.price * factor};
    // Once settled, a leg is a sum of money.
    return dated.settled ? {value: unit.value, delta: 0, shocked: () => unit.value} : unit;
}

type Priced = Leg & {readonly unit: Unit};
type Spot = {readonly units: number; readonly price: number};

const lossOf = ({size, unit}: Priced, shock: Shock): number =>
    -shock.weight * size * (unit.shocked(shock) - unit.value);
const heldLoss = (held: readonly Spot[], {factor, weight}: Shock): number =>
    -weight * total(held.map(({units, price}) => units * price * (factor - 1)));
const worst = (losses: readonly number[]): number => Math.max(0, ...losses);

/** Most that the terms of the legs can lose, expiry by expiry. */
function boundOf(one: Underlying, legs: readonly Priced[], now: number): number {
    const farthest = Math.max(...one.grid.map(({factor}) => factor));
    const perExpiry = groupBy(legs, ({expiry}) => expiry).map(([expiry, mine]) => {
        const {price, discount, settled} = datedOf(one, expiry, now);
        if (settled) return 0;
        const options = mine.flatMap(({kind, strike, size}) =>
            kind === "CALL" || kind === "PUT" ? [{kind, strike, size}] : [],
        );
        const linear = total(mine.filter(({kind}) => kind === "PERP" || kind === "FUTURE").map(({size}) => size));
        const value = total(mine.map(({size, unit}) => size * unit.value));
        return greatestLoss({linear, options, forward: price, discount, value}, farthest);
    });
    return total(perExpiry);
}

function shortUnits(one: Underlying, legs: readonly Priced[], now: number): number {
    const options = legs.filter(
        ({kind, expiry}) => kind !== "PERP" && kind !== "FUTURE" && !datedOf(one, expiry, now).settled,
    );
    return total(options.map(({size}) => Math.max(-size, 0)));
}

/** Charges of one underlying and what the rest of the requirement needs of it. */
type Charged = UnderlyingMargin & {readonly group: number; readonly value: number};

const isLinear = ({kind}: Leg): boolean => kind === "PERP" || kind === "FUTURE";

/** Profit of linear legs, settled ones with what they came to, and what of it opening may not use. */
function withheldOf(one: Underlying, legs: readonly Priced[], {now, quotes}: Portfolio, scale: number): number {
    const linear = legs.filter(isLinear);
    const worth = ({kind, size, unit}: Priced): number => size * (unit.value - (kind === "PERP" ? one.funding : 0));
    const entry = quotes.filter(({underlying}) => underlying === one.underlying).map(({quote}) => quote);
    const open = linear.filter(({expiry}) => !datedOf(one, expiry, now).settled).map(({size}) => size);
    const units = Math.max(total(open.filter((size) => size > 0)), -total(open.filter((size) => size < 0)));
    if (linear.length === 0) return 0;
    return withheldProfit(total(linear.map(worth)) + total(entry), units, one.openInterest, scale);
}

function chargedOf(one: Underlying, held: readonly Spot[], portfolio: Portfolio): Charged {
    const {now, model, ratio} = portfolio;
    const {spot, rules, grid} = one;
    const legs = one.legs.map((leg): Priced => ({...leg, unit: unitOf(one, leg, now)}));
    const losses = grid.map((shock) => total(legs.map((leg) => lossOf(leg, shock))) + heldLoss(held, shock));
    const heldWorst = worst(grid.map((shock) => heldLoss(held, shock)));
    const apart = total(legs.map((leg) => worst(grid.map((shock) => lossOf(leg, shock))))) + heldWorst;
    const traded = total(legs.map(({size, unit}) => size * unit.delta));
    const heldUnits = total(held.map(({units}) => units));
    const delta = traded + heldUnits;
    const cap = boundOf(one, legs, now) + heldWorst;
    const netted = Math.min(worst(losses), cap);
    const moved = Math.max(Math.abs(delta) * spot * rules.range, netted);
    const scan = {SCENARIO: netted, ISOLATED: apart, DELTA: moved}[model];
    const gross = total(legs.map(({size, unit}) => Math.abs(size * unit.delta))) + heldUnits;
    const roll = total(
        groupBy(legs, ({expiry}) => expiry).map(([expiry, mine]) =>
            rollCharge(
                total(mine.map(({size, unit}) => size * unit.delta)),
                spot,
                datedOf(one, expiry, now).years,
                rules,
            ),
        ),
    );
    const floorDelta = hedgedDeltaFloor(delta, gross, spot, rules);
    const floorShort = rules.floorShort * spot * shortUnits(one, legs, now);
    const room = Math.max(cap - scan, 0);
    const addOn = Math.min(Math.max(roll, floorDelta - scan, floorShort - scan, 0), room);
    const concentration = Math.min(concentrationCharge(Math.abs(delta) * spot, rules), room - addOn);
    const own = (scan + addOn + concentration) / ratio;
    const scale = crowdedShare(one.openInterest * spot, rules);
    const crowding = scale * Math.max(0, Math.abs(traded) * spot - own);
    const funding = one.funding * total(legs.filter(({kind}) => kind === "PERP").map(({size}) => size));
    return {
        ...{underlying: one.underlying, group: one.group, delta, losses, scan, roll, floorDelta, floorShort},
        ...{addOn, concentration, crowding, withheld: withheldOf(one, legs, portfolio, scale)},
        value: total(legs.map(({size, unit}) => size * unit.value)) - funding,
    };
}

const creditedUnits = ({units, price, weight, k}: Holding): number =>
    units * collateralWeight(weight, k, units * price);

export function margin(portfolio: Portfolio): Margin {
    const {model, cash, coinPrice, quotes, collateral, blends, ratio} = portfolio;
    const parts = portfolio.underlyings.map((one) => {
        const mine = collateral.filter(({underlying}) => underlying === one.underlying);
        return chargedOf(
            one,
            mine.map((holding) => ({units: creditedUnits(holding), price: holding.price})),
            portfolio,
        );
    });
    const groups = groupBy(parts, ({group}) => group).map(([group, members]) => {
        const blend = model === "SCENARIO" ? (blends.get(group) ?? 0) : 0;
        const scenarios = members[0]?.losses ?? [];
        const scans = total(members.map(({scan}) => scan));
        const joint = worst(scenarios.map((_, s) => total(members.map(({losses}) => losses[s] ?? 0))));
        return {group, scan: blend * Math.min(joint, scans) + (1 - blend) * scans};
    });
    const count = total(portfolio.underlyings.map(({legs}) => legs.length));
    const reserve = count === 0 ? 0 : portfolio.reserveBase + portfolio.reservePerPosition * count;
    const maintenance =
        total(groups.map(({scan}) => scan)) +
        total(parts.map(({addOn, concentration}) => addOn + concentration)) +
        reserve;
    const equity =
        (cash > 0 ? cash * Math.min(1, coinPrice) : cash) +
        total(quotes.map(({quote}) => quote)) +
        total(collateral.map((holding) => creditedUnits(holding) * holding.price)) +
        total(parts.map(({value}) => value));
    return {
        equity,
        initial: maintenance / ratio + total(parts.map(({crowding, withheld}) => crowding + withheld)),
        maintenance,
        reserve,
        groups,
        underlyings: parts,
    };
}
