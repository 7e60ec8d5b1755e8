/** Black-76 in floating point, for reading volatilities out of prices. Figures per unit of the underlying, before discounting. */

const ROOT_TWO_PI = Math.sqrt(2 * Math.PI);
const SERIES_END = 4;
const FRACTION_TERMS = 60;
const BISECTIONS = 80;
/** Greatest volatility times root of time that is looked for. */
const MAX_TOTAL_VOL = 8;

const density = (x: number): number => Math.exp(-(x * x) / 2) / ROOT_TWO_PI;

/** The normal distribution: its power series near the middle, the continued fraction of its tail beyond. */
export function normalCdf(x: number): number {
    if (x > SERIES_END) return 1 - tail(x);
    if (x < -SERIES_END) return tail(-x);
    let term = x;
    let sum = x;
    for (let odd = 3; Math.abs(term) > Number.EPSILON * Math.abs(sum); odd += 2) {
        term *= (x * x) / odd;
        sum += term;
    }
    return 0.5 + density(x) * sum;
}

function tail(x: number): number {
    let fraction = x;
    for (let term = FRACTION_TERMS; term > 0; --term) fraction = x + term / fraction;
    return density(x) / fraction;
}

export type Side = "call" | "put";

/** Undiscounted price for a volatility times root of time. */
export function blackPrice(side: Side, forward: number, strike: number, totalVol: number): number {
    const sign = side === "call" ? 1 : -1;
    const first = Math.log(forward / strike) / totalVol + totalVol / 2;
    return sign * (forward * normalCdf(sign * first) - strike * normalCdf(sign * (first - totalVol)));
}

/** Volatility times root of time behind an undiscounted price; undefined for one that no volatility gives. */
export function totalVolOf(side: Side, forward: number, strike: number, price: number): number | undefined {
    const least = Math.max(side === "call" ? forward - strike : strike - forward, 0);
    const most = side === "call" ? forward : strike;
    if (!(price > least && price < most)) return undefined;
    let [low, high] = [0, MAX_TOTAL_VOL];
    for (let step = 0; step < BISECTIONS; ++step) {
        const middle = (low + high) / 2;
        if (blackPrice(side, forward, strike, middle) < price) low = middle;
        else high = middle;
    }
    return (low + high) / 2;
}
