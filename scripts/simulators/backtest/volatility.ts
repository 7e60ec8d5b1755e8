/**
 * Implied volatility where none is quoted, by a stated rule over the past prices. Floating point: this is a stand-in for what a
 * market would quote; what is decided on it is decided by the twin.
 *
 *   level   1.5 times the mean absolute return, per root of a year, over the past with a half-life of 10 days
 *   recent  mean price over the past with a half-life of 1 day
 *   fall    ln(recent / spot), between 0 and 0.25
 *   vol(T)  level · (1 + 4 · fall · (30 days / T)^0.3), T at least a day, between 10 % and 500 %
 *
 * So term structure is flat in quiet times and inverted in a fall, and near volatility rises most. The smile of an expiry is
 *
 *   w²(k) = θ/2 · (1 + ρφk + √((φk + ρ)² + 1 − ρ²)),  θ = vol² T,  φ = 1/√θ,  ρ = −0.5
 *
 * which has one shape in standard deviations: puts above calls. Constants are by eye from public chains of BTC and ETH around the
 * fall of 5 February 2026; docs/backtest.md has the comparison.
 */
import type {svi} from "../../sdk/risk/index.js";

export type VolState = {
    readonly price: number;
    /** Annual volatility of the past. */
    readonly level: number;
    readonly recent: number;
};

const HOUR = 3600;
const DAY = 24 * HOUR;
const HOURS_OF_YEAR = 8760;
const YEAR = HOURS_OF_YEAR * HOUR;
const LEVEL_HALF_LIFE = 240;
const RECENT_HALF_LIFE = 24;
/** √(π/2) makes a deviation of a normal mean absolute return; fat tails and the premium of options are the rest. */
const OF_MEAN_MOVE = 1.5;
const FALL_SLOPE = 4;
/** Beyond this a deeper fall adds nothing: volatility at 30 days has doubled on top of what the level did. */
const MOST_FALL = 0.25;
const NEARNESS = 0.3;
const REFERENCE = 30 * DAY;
const LEAST_VOL = 0.1;
const MOST_VOL = 5;
const SKEW = -0.5;

/** Hours of a run before the first period, for the level to have a past. */
export const WARM_UP_HOURS = 72;

const weight = (hours: number, halfLife: number): number => 1 - 2 ** (-hours / halfLife);
const sampleOf = (before: number, price: number, hours: number): number =>
    OF_MEAN_MOVE * Math.abs(Math.log(price / before)) * Math.sqrt(HOURS_OF_YEAR / hours);

/** The state after a price, some hours later. */
export const advance = ({price: before, level, recent}: VolState, price: number, hours: number): VolState => ({
    price,
    level: level + weight(hours, LEVEL_HALF_LIFE) * (sampleOf(before, price, hours) - level),
    recent: recent + weight(hours, RECENT_HALF_LIFE) * (price - recent),
});

/** What to carry on from, and the hours from there to the first price. */
export type Carried = {readonly state: VolState; readonly hours: number};

/** States by bar; none while the run warms up. A state to carry on from needs no warm-up. */
export function statesOf(closes: readonly number[], hours: number, carried?: Carried): (VolState | undefined)[] {
    const [first = 0, ...others] = closes;
    if (carried !== undefined) {
        let state = advance(carried.state, first, carried.hours);
        return [state, ...others.map((price) => (state = advance(state, price, hours)))];
    }
    const warmUp = Math.ceil(WARM_UP_HOURS / hours);
    const samples = others.slice(0, warmUp).map((price, i) => sampleOf(closes[i] ?? price, price, hours));
    // All that is known of the warm-up is its mean, which its own prices do not move.
    const level = samples.reduce((total, sample) => total + sample, 0) / Math.max(samples.length, 1);
    let state: VolState = {price: first, level, recent: first};
    return closes.map((price, i) => {
        const next = i === 0 ? state : advance(state, price, hours);
        state = i <= warmUp ? {...next, level} : next;
        return i < warmUp ? undefined : state;
    });
}

/** Annual volatility at the money. */
export function volatilityAt({price, level, recent}: VolState, seconds: number): number {
    const fall = Math.min(Math.max(Math.log(recent / price), 0), MOST_FALL);
    const near = (REFERENCE / Math.max(seconds, DAY)) ** NEARNESS;
    return Math.min(Math.max(level * (1 + FALL_SLOPE * fall * near), LEAST_VOL), MOST_VOL);
}

const MICRO = 1e12;
const TO_E18 = 1_000_000n;

/** A figure of the rule as the twin wants it, rounded to 12 decimals. */
export const fixed = (value: number): bigint => BigInt(Math.round(value * MICRO)) * TO_E18;

/** One standard deviation of the price to expiry. */
export const deviation = (state: VolState, seconds: number): number =>
    volatilityAt(state, seconds) * Math.sqrt(seconds / YEAR);

/** The smile of an expiry, as raw SVI of total variance. */
export function smileAt(state: VolState, seconds: number): svi.Smile {
    const root = deviation(state, seconds);
    const cosine = Math.sqrt(1 - SKEW * SKEW);
    return {
        aE18: fixed((root * root * cosine * cosine) / 2),
        bE18: fixed(root / 2),
        rhoE18: fixed(SKEW),
        mE18: fixed(-SKEW * root),
        sigmaE18: fixed(cosine * root),
    };
}
