/** The books that are tested, in units of a notional. Strikes are in standard deviations of their expiry around the forward. */

export type Days = 1 | 7 | 30 | 60 | 90;

export type LegTerms =
    | {readonly kind: "SPOT" | "PERP"}
    | {readonly kind: "FUTURE"; readonly days: Days}
    | {readonly kind: "CALL" | "PUT"; readonly days: Days; readonly deviations: number};

export type StrategyLeg = {
    /** Place of the asset in the universe. */
    readonly asset: number;
    readonly terms: LegTerms;
    /** Times the notional, positive = long. */
    readonly units: number;
};

export type Strategy = {
    readonly name: string;
    readonly legs: readonly StrategyLeg[];
    /** Whether a perpetual makes the delta of every asset zero at the start. */
    readonly isHedged: boolean;
};

export const spot = (units: number, asset = 0): StrategyLeg => ({asset, terms: {kind: "SPOT"}, units});
export const perp = (units: number, asset = 0): StrategyLeg => ({asset, terms: {kind: "PERP"}, units});
export const future = (units: number, days: Days = 30): StrategyLeg => ({
    asset: 0,
    terms: {kind: "FUTURE", days},
    units,
});
export const call = (units: number, deviations: number, days: Days = 7, asset = 0): StrategyLeg => ({
    asset,
    terms: {kind: "CALL", days, deviations},
    units,
});
export const put = (units: number, deviations: number, days: Days = 7, asset = 0): StrategyLeg => ({
    asset,
    terms: {kind: "PUT", days, deviations},
    units,
});

export const plain = (name: string, ...legs: StrategyLeg[]): Strategy => ({name, legs, isHedged: false});
export const hedged = (name: string, ...legs: StrategyLeg[]): Strategy => ({name, legs, isHedged: true});

const STRANGLE = [put(-1, -1), call(-1, 1)] as const;

/** Days to the expiries that some strategies deal in, ascending. */
export function tenorsOf(strategies: readonly Strategy[]): Days[] {
    const days = strategies.flatMap(({legs}) => legs.flatMap(({terms}) => ("days" in terms ? [terms.days] : [])));
    return [...new Set(days)].sort((one, other) => one - other);
}

/** Books of one asset. */
export const SINGLE: readonly Strategy[] = [
    plain("long perpetual", perp(1)),
    plain("short perpetual", perp(-1)),
    plain("long future", future(1)),
    plain("short future", future(-1)),
    plain("cash and carry", spot(1), future(-1)),
    plain("reverse carry", future(1), perp(-1)),
    plain("covered call", spot(1), call(-1, 1)),
    plain("protective put", spot(1), put(1, -1)),
    plain("short call", call(-1, 1)),
    plain("short put", put(-1, -1)),
    plain("long straddle", put(1, 0), call(1, 0)),
    plain("short straddle", put(-1, 0), call(-1, 0)),
    plain("short straddle, 1 day", put(-1, 0, 1), call(-1, 0, 1)),
    plain("short straddle, 30 days", put(-1, 0, 30), call(-1, 0, 30)),
    plain("short strangle", ...STRANGLE),
    hedged("short strangle, hedged", ...STRANGLE),
    plain("call spread, bought", call(1, 0), call(-1, 1)),
    plain("call spread, sold", call(-1, 0), call(1, 1)),
    plain("put spread, bought", put(1, 0), put(-1, -1)),
    plain("put spread, sold", put(-1, 0), put(1, -1)),
    plain("calendar, far bought", call(-1, 0, 7), call(1, 0, 30)),
    plain("calendar, far sold", call(1, 0, 7), call(-1, 0, 30)),
    plain("butterfly, bought", call(1, -1), call(-2, 0), call(1, 1)),
    plain("iron condor, sold", put(1, -2), put(-1, -1), call(-1, 1), call(1, 2)),
    plain("risk reversal, long", put(-1, -1), call(1, 1)),
    plain("risk reversal, short", put(1, -1), call(-1, 1)),
    plain("synthetic long", put(-1, 0), call(1, 0)),
    plain("call ratio spread", call(1, 0), call(-2, 1)),
    plain("put ratio spread", put(1, 0), put(-2, -1)),
];

/** Books of two assets. */
export const DOUBLE: readonly Strategy[] = [
    plain("long {0}, short {1}", perp(1, 0), perp(-1, 1)),
    plain("short {0}, long {1}", perp(-1, 0), perp(1, 1)),
    hedged("short gamma on both, hedged", ...STRANGLE, put(-1, -1, 7, 1), call(-1, 1, 7, 1)),
    hedged("straddles, {0} sold, {1} bought", put(-1, 0), call(-1, 0), put(1, 0, 7, 1), call(1, 0, 7, 1)),
];

/** Assets that are tested together. */
export type Universe = {readonly assets: readonly string[]; readonly strategies: readonly Strategy[]};

/** Every asset by itself, and the first two together if they are BTC and ETH. */
export function universesOf(assets: readonly string[]): Universe[] {
    const pair = ["BTC", "ETH"];
    return [
        ...assets.map((asset) => ({assets: [asset], strategies: SINGLE})),
        ...(pair.every((asset) => assets.includes(asset)) ? [{assets: pair, strategies: DOUBLE}] : []),
    ];
}

/** `BTC short straddle`; names of two assets stand where the pattern says. */
export function titleOf(assets: readonly string[], {name}: Strategy): string {
    const filled = name.replace(/\{(\d)\}/g, (_, place: string) => assets[Number(place)] ?? "");
    return filled === name ? `${assets.join("+")} ${name}` : filled;
}
