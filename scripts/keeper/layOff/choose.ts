/** Which quotes a position is laid off to: the best price first, from figures alone. */
import {abs, min, mulDivDown, mulDivUp, sum} from "../../sdk/math/index.js";
import {ONE_E18} from "../../sdk/units.js";
import {isBetter} from "./offers.js";
import type {Offer} from "./offers.js";
import type {Wanted} from "./wire.js";

/** Units of an offer that are filled. */
export type Part = {
    readonly offer: Offer;
    readonly unitsE18: bigint;
    /** Filled by what there is to close when it is filled; the units are what that is now. */
    readonly isRest: boolean;
};

/** Units that other plans of the same round have spoken for, by digest. */
export type Spoken = ReadonlyMap<string, bigint>;

/** A slice may grow until it is sold: its discount rises with every second, and so does what has to be sold. */
const GROWTH_E18 = ONE_E18 / 50n;

const growthOf = (sizeE18: bigint): bigint => mulDivUp(sizeE18, GROWTH_E18, ONE_E18);

const leftOf = ({digest, leftE18}: Offer, spoken: Spoken): bigint => leftE18 - (spoken.get(digest) ?? 0n);

/** Offers for a leg with something left, the best price first. */
function ranked({instrument, sizeE18}: Wanted, offers: readonly Offer[], spoken: Spoken): readonly Offer[] {
    return offers
        .filter((offer) => offer.instrument === instrument && leftOf(offer, spoken) > 0n)
        .sort((a, b) => (a.priceE18 === b.priceE18 ? 0 : isBetter(sizeE18, a.priceE18, b.priceE18) ? -1 : 1));
}

/** As much of a leg as there are offers for. */
export function coverMost(leg: Wanted, offers: readonly Offer[], spoken: Spoken = new Map()): readonly Part[] {
    const parts: Part[] = [];
    let restE18 = abs(leg.sizeE18);
    for (const offer of ranked(leg, offers, spoken)) {
        const unitsE18 = min(restE18, leftOf(offer, spoken));
        if (unitsE18 > 0n) parts.push({offer, unitsE18, isRest: false});
        restE18 -= unitsE18;
    }
    return parts;
}

/**
 * The whole of a leg whose size is known for certain only when it is there: all but the last offer by units, the last by the rest,
 * with room for what the slice may grow by. Undefined if the offers do not reach.
 */
export function coverWhole(
    leg: Wanted,
    offers: readonly Offer[],
    spoken: Spoken = new Map(),
): readonly Part[] | undefined {
    const parts: Part[] = [];
    const growthE18 = growthOf(abs(leg.sizeE18));
    let restE18 = abs(leg.sizeE18);
    for (const offer of ranked(leg, offers, spoken)) {
        const leftE18 = leftOf(offer, spoken);
        if (leftE18 >= restE18 + growthE18) return [...parts, {offer, unitsE18: restE18, isRest: true}];
        const unitsE18 = min(leftE18, restE18 - growthE18);
        if (unitsE18 <= 0n) continue;
        parts.push({offer, unitsE18, isRest: false});
        restE18 -= unitsE18;
    }
    return undefined;
}

/** Part of all legs that the offers cover, at most one, 18 decimals. */
export function coveredE18(legs: readonly Wanted[], offers: readonly Offer[], spoken: Spoken = new Map()): bigint {
    const parts = legs.map((leg) => {
        const sizeE18 = abs(leg.sizeE18);
        const leftE18 = sum(ranked(leg, offers, spoken).map((offer) => leftOf(offer, spoken)));
        return mulDivDown(leftE18, ONE_E18, sizeE18 + growthOf(sizeE18));
    });
    return min(ONE_E18, ...parts);
}

/** What is spoken for once some parts are; what a slice may grow by included. */
export function spokenWith(spoken: Spoken, parts: readonly Part[]): Spoken {
    const next = new Map(spoken);
    for (const {offer, unitsE18, isRest} of parts) {
        const moreE18 = unitsE18 + (isRest ? growthOf(unitsE18) : 0n);
        next.set(offer.digest, (next.get(offer.digest) ?? 0n) + moreE18);
    }
    return next;
}
