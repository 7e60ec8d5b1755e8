/**
 * What it takes to push a price. Square-root law: a net volume N bought at once moves the price by x = Y · σ · √(N / V), with σ the
 * volatility of a day and V a day's volume (Almgren, Thum, Hauptmann and Li 2005; Tóth and others 2011; on bitcoin Donier and
 * Bonart 2015). What was bought costs its average displacement, two thirds of x, if it is sold again at the fair price for nothing.
 * Arbitrage undoes a push within the time of recovery; until then it counts in full. Fees, spread and the risk of what is held
 * meanwhile are left out: all of this is in the attacker's favour.
 */
import {ONE_E18} from "../../sdk/index.js";
import {mulDivDown, mulDivUp, sqrtE18} from "../../sdk/math/index.js";

export type Market = {
    /** Volatility of one day, fraction. */
    readonly sigmaDayE18: bigint;
    /** Y of the law. */
    readonly impactE18: bigint;
    /** USD traded on a day. */
    readonly volumeE18: bigint;
};

const TWO = 2n;
const THREE = 3n;

/** (Y · σ)², the share of the square of a displacement that a day's volume makes. */
const squaredE36 = ({sigmaDayE18, impactE18}: Market): bigint => {
    const dayE18 = mulDivDown(sigmaDayE18, impactE18, ONE_E18);
    return dayE18 * dayE18;
};

/** USD that a push buys. @rounding down, so that an attack is never dearer than the law says */
export const pushedVolumeE18 = (market: Market, moveE18: bigint): bigint =>
    mulDivDown(market.volumeE18, moveE18 * moveE18, squaredE36(market));

/** USD that one push costs. @rounding down */
export const pushCostE18 = (market: Market, moveE18: bigint): bigint =>
    mulDivDown(pushedVolumeE18(market, moveE18), TWO * moveE18, THREE * ONE_E18);

/** Pushes that hold a price away from the market over a window; a single moment takes one. */
export const pushesFor = (windowSeconds: number, recoverySeconds: number): bigint =>
    mulDivUp(BigInt(Math.max(windowSeconds, 1)), 1n, BigInt(recoverySeconds));

/** USD to move the average over a window: dearer by any plan but an even one, since cost grows with the cube of a displacement. */
export const attackCostE18 = (market: Market, moveE18: bigint, pushes: bigint): bigint =>
    pushes * pushCostE18(market, moveE18);

export type Best = {readonly moveE18: bigint; readonly profitE18: bigint};

/** The move that earns most for a position that gains as much as the price moves: P · x − n · c · x³ is greatest at √(P / 3nc). */
export function bestAttack(market: Market, positionE18: bigint, pushes: bigint): Best {
    const squareE18 = mulDivDown(positionE18, squaredE36(market), TWO * pushes * market.volumeE18 * ONE_E18);
    const moveE18 = sqrtE18(squareE18);
    const gainE18 = mulDivDown(positionE18, moveE18, ONE_E18);
    return {moveE18, profitE18: gainE18 - attackCostE18(market, moveE18, pushes)};
}

/** USD of the smallest position for which a move pays: what it earns is its own share of it. @rounding up */
export const breakEvenE18 = (market: Market, moveE18: bigint, pushes: bigint): bigint =>
    mulDivUp(attackCostE18(market, moveE18, pushes), ONE_E18, moveE18);
