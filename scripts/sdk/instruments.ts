/**
 * Instrument ids and their names: `ETH-PERP`, `ETH-27MAR26`, `ETH-27MAR26-3000-C`, `ETH-3APR26-0.25-P`.
 * The id packs `underlying 16 | expiry 40 | kind 8 | strike 64`; expiries are at 08:00 UTC, strikes have 8 decimals.
 */
import {InputError} from "./failures.js";
import {formatFixed, parseFixed, STRIKE_DECIMALS, strike as toStrike} from "./units.js";
import type {StrikeE8} from "./units.js";

declare const INSTRUMENT: unique symbol;
/** 128 bits; ascending ids group a book by underlying, then expiry, kind and strike. */
export type InstrumentId = bigint & {readonly [INSTRUMENT]: true};

export const KINDS = ["PERP", "FUTURE", "CALL", "PUT"] as const;
export type Kind = (typeof KINDS)[number];

export type Instrument = {
    readonly underlying: number;
    readonly kind: Kind;
    /** Unix time in seconds; 0 for a perpetual. */
    readonly expiry: number;
    /** 0 for linear instruments. */
    readonly strikeE8: StrikeE8;
};

/** Names of underlyings by number. */
export type Underlyings = Readonly<Record<number, string>>;
export const UNDERLYINGS: Underlyings = {1: "BTC", 2: "ETH"};

const MAX_UINT_16 = 0xffff;
const MAX_UINT_40 = 2 ** 40 - 1;
const MASK_64 = 2n ** 64n - 1n;
const MASK_8 = 0xffn;
const MASK_40 = 2n ** 40n - 1n;
const MAX_ID = 2n ** 128n - 1n;
const MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"] as const;
const EXPIRY_HOUR = 8;
const CENTURY = 2000;

export const isLinear = (kind: Kind): boolean => kind === "PERP" || kind === "FUTURE";
export const isOption = (kind: Kind): boolean => !isLinear(kind);

export function instrumentId({underlying, kind, expiry, strikeE8}: Instrument): InstrumentId {
    const inRange = [
        Number.isInteger(underlying) && underlying >= 0 && underlying <= MAX_UINT_16,
        Number.isInteger(expiry) && expiry >= 0 && expiry <= MAX_UINT_40,
    ].every(Boolean);
    if (!inRange || (kind === "PERP") !== (expiry === 0) || isLinear(kind) !== (strikeE8 === 0n)) {
        const terms = {underlying: String(underlying), kind, expiry: String(expiry), strikeE8: String(strikeE8)};
        throw new InputError("instrument-terms", "The terms do not make an instrument", terms);
    }
    const packed =
        (BigInt(underlying) << 112n) | (BigInt(expiry) << 72n) | (BigInt(KINDS.indexOf(kind)) << 64n) | strikeE8;
    return packed as InstrumentId;
}

export const perp = (underlying: number): InstrumentId =>
    instrumentId({underlying, kind: "PERP", expiry: 0, strikeE8: toStrike(0n)});

export const future = (underlying: number, expiry: number): InstrumentId =>
    instrumentId({underlying, kind: "FUTURE", expiry, strikeE8: toStrike(0n)});

export const option = (kind: "CALL" | "PUT", underlying: number, expiry: number, strikeE8: bigint): InstrumentId =>
    instrumentId({underlying, kind, expiry, strikeE8: toStrike(strikeE8)});

/** Terms inside an id; refuses numbers that no instrument has. */
export function decodeInstrument(id: bigint): Instrument {
    const kind = KINDS[Number((id >> 64n) & MASK_8)];
    if (id < 0n || id > MAX_ID || kind === undefined) {
        throw new InputError("instrument-malformed", `${id} is not an instrument id`, {id: String(id)});
    }
    const instrument = {
        underlying: Number(id >> 112n),
        kind,
        expiry: Number((id >> 72n) & MASK_40),
        strikeE8: toStrike(id & MASK_64),
    };
    instrumentId(instrument);
    return instrument;
}

/** `27MAR26`: the day of an expiry at 08:00 UTC. */
export function formatExpiry(expiry: number): string {
    const date = new Date(expiry * 1000);
    const year = date.getUTCFullYear() - CENTURY;
    if (date.getTime() !== Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate(), EXPIRY_HOUR)) {
        throw new InputError("instrument-terms", `Expiry ${expiry} is not at 08:00 UTC`, {expiry: String(expiry)});
    }
    if (year < 0 || year > 99) {
        throw new InputError("instrument-terms", `Expiry ${expiry} is outside 2000 to 2099`, {expiry: String(expiry)});
    }
    return `${date.getUTCDate()}${MONTHS[date.getUTCMonth()]}${String(year).padStart(2, "0")}`;
}

/** Unix time in seconds of a day written `27MAR26`, at 08:00 UTC. */
export function parseExpiry(text: string): number {
    const match = /^(\d{1,2})([A-Z]{3})(\d{2})$/.exec(text.toUpperCase());
    const month = MONTHS.findIndex((name) => name === match?.[2]);
    const day = Number(match?.[1]);
    const time = Date.UTC(CENTURY + Number(match?.[3]), month, day, EXPIRY_HOUR);
    if (match === null || month < 0 || new Date(time).getUTCDate() !== day) {
        throw new InputError("instrument-malformed", `"${text}" is not a day such as 27MAR26`, {text});
    }
    return time / 1000;
}

export function instrumentName(id: bigint, underlyings: Underlyings = UNDERLYINGS): string {
    const {underlying, kind, expiry, strikeE8} = decodeInstrument(id);
    const name = underlyings[underlying];
    if (name === undefined) {
        throw new InputError("instrument-unknown-underlying", `Underlying ${underlying} has no name`);
    }
    switch (kind) {
        case "PERP":
            return `${name}-PERP`;
        case "FUTURE":
            return `${name}-${formatExpiry(expiry)}`;
        case "CALL":
        case "PUT":
            return `${name}-${formatExpiry(expiry)}-${formatFixed(strikeE8, STRIKE_DECIMALS)}-${kind.charAt(0)}`;
    }
}

/** The name if there is one, else the number in hex: for messages about ids that may be malformed. */
export function describeInstrument(id: bigint, underlyings: Underlyings = UNDERLYINGS): string {
    try {
        return instrumentName(id, underlyings);
    } catch (error) {
        if (error instanceof InputError) return `0x${id.toString(16)}`;
        throw error;
    }
}

export function underlyingNumber(name: string, underlyings: Underlyings = UNDERLYINGS): number {
    const found = Object.entries(underlyings).find(([, known]) => known === name.toUpperCase());
    if (found === undefined) {
        throw new InputError("instrument-unknown-underlying", `"${name}" is not a known underlying`, {name});
    }
    return Number(found[0]);
}

const OPTION_KINDS: Readonly<Record<string, "CALL" | "PUT">> = {C: "CALL", P: "PUT"};

export function parseInstrument(text: string, underlyings: Underlyings = UNDERLYINGS): InstrumentId {
    const [name = "", second = "", third, fourth, ...rest] = text.trim().split("-");
    const underlying = underlyingNumber(name, underlyings);
    const malformed = new InputError("instrument-malformed", `"${text}" is not an instrument name`, {text});
    if (rest.length > 0) throw malformed;
    if (third === undefined) {
        return second.toUpperCase() === "PERP" ? perp(underlying) : future(underlying, parseExpiry(second));
    }
    const kind = OPTION_KINDS[(fourth ?? "").toUpperCase()];
    if (kind === undefined || !/^\d+(\.\d+)?$/.test(third)) throw malformed;
    return option(kind, underlying, parseExpiry(second), parseFixed(third, STRIKE_DECIMALS));
}
