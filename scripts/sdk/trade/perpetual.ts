/** Twin of contracts/periphery/FillMarket.sol: the average premium of one perpetual, moved by fills. */
import {max, min, mulDivDown, mulDivFloor, mulDown} from "../math/index.js";
import {ONE_E18} from "../units.js";
import type {Terms} from "./types.js";

export type Perpetual = {premiumE18: bigint; sampledAt: bigint};

const clamp = (x: bigint, limit: bigint): bigint => max(min(x, limit), -limit);

/** The first touch of all starts the clock of the average. */
export function openPerpetual({perps}: Terms, underlying: number, now: bigint): Perpetual {
    const {premiumE18, sampledAt} = perps.get(underlying) ?? {premiumE18: 0n, sampledAt: 0n};
    return {premiumE18, sampledAt: sampledAt === 0n ? now : sampledAt};
}

export type Fill = {
    readonly sizeE18: bigint;
    readonly priceE18: bigint;
    readonly indexE18: bigint;
    /** Unix time, seconds. */
    readonly now: bigint;
};

/** Moves the average by one fill. */
export function samplePremium(perpetual: Perpetual, {funding}: Terms, fill: Fill): void {
    const {maxPremiumE18, averageSeconds, sampleNotionalE18} = funding;
    const {sizeE18, priceE18, indexE18, now} = fill;
    const unseen = now - perpetual.sampledAt;
    const weight = unseen * min(mulDown(sizeE18, indexE18), sampleNotionalE18);
    if (weight === 0n) return;
    const sampleE18 = clamp(mulDivFloor(priceE18 - indexE18, ONE_E18, indexE18), maxPremiumE18);
    const premiumE18 = clamp(perpetual.premiumE18, maxPremiumE18);
    const whole = (unseen + averageSeconds) * sampleNotionalE18;
    perpetual.premiumE18 = premiumE18 + mulDivFloor(sampleE18 - premiumE18, weight, whole);
    perpetual.sampledAt += mulDivDown(weight, 1n, sampleNotionalE18);
}

export const markOf = ({premiumE18}: Perpetual, {funding}: Terms, indexE18: bigint): bigint =>
    mulDown(indexE18, ONE_E18 + clamp(premiumE18, funding.maxPremiumE18));
