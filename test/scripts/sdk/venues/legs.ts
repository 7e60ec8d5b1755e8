/** Legs and books for tests of venues, from figures as people write them. */
import {mulDivDown} from "../../../../scripts/sdk/math/index.js";
import {yearsOf} from "../../../../scripts/sdk/risk/index.js";
import {formatE18, ONE_E18, parseE18} from "../../../../scripts/sdk/units.js";
import {linearLeg, optionLeg} from "../../../../scripts/sdk/venues/index.js";
import type {Charge, UnderlyingBook, VenueLeg} from "../../../../scripts/sdk/venues/index.js";

const DAY = 86_400;

export const e18 = (figure: number | string): bigint => parseE18(String(figure));

const timeOf = (seconds: number): Pick<VenueLeg, "expiry" | "yearsE18" | "daysE18"> => ({
    expiry: seconds,
    yearsE18: yearsOf(seconds),
    daysE18: mulDivDown(BigInt(seconds), ONE_E18, BigInt(DAY)),
});

/** A perpetual, or a future if days are given. */
export const linear = (size: number | string, price: number | string, days = 0): VenueLeg =>
    linearLeg({name: "linear", sizeE18: e18(size), priceE18: e18(price), ...timeOf(days * DAY)});

export type OptionText = {
    readonly kind: "CALL" | "PUT";
    readonly size: number | string;
    readonly strike: number | string;
    readonly forward: number | string;
    readonly vol: number | string;
    readonly seconds: number;
    readonly discount?: number | string;
};

export const option = ({kind, size, strike, forward, vol, seconds, discount = 1}: OptionText): VenueLeg =>
    optionLeg({
        name: "option",
        kind,
        sizeE18: e18(size),
        strikeE18: e18(strike),
        priceE18: e18(forward),
        volE18: e18(vol),
        discountE18: e18(discount),
        ...timeOf(seconds),
    });

export const book = (
    spot: number | string,
    legs: readonly VenueLeg[],
    {name = "BTC", coins = "0"}: {readonly name?: string; readonly coins?: string} = {},
): UnderlyingBook => ({name, spotE18: e18(spot), coinsE18: e18(coins), legs});

/** Every leg this many times. */
export const times = (one: UnderlyingBook, factor: bigint): UnderlyingBook => ({
    ...one,
    coinsE18: one.coinsE18 * factor,
    legs: one.legs.map((leg) => ({...leg, sizeE18: leg.sizeE18 * factor})),
});

export const usd = (valueE18: bigint): number => Number(formatE18(valueE18));

export const part = ({parts}: Charge, name: string): number => {
    const found = parts.find((one) => one.name === name);
    if (found === undefined) throw new Error(`no part ${name} among ${parts.map((one) => one.name).join(", ")}`);
    return usd(found.valueE18);
};
