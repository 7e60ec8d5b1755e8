/** Positions of a book file, once for each instrument. */
import {InputError} from "../failures.js";
import {decodeInstrument, instrumentName, parseInstrument} from "../instruments.js";
import type {Instrument} from "../instruments.js";
import {mulDivDown, mulFloor} from "../math/index.js";
import {bookError} from "./schema.js";
import type {BookFile} from "./schema.js";
import type {Names} from "./names.js";

export type BookLeg = {
    readonly name: string;
    readonly id: bigint;
    readonly instrument: Instrument;
    readonly sizeE18: bigint;
    /** -size * entry, rounded against the account; undefined when some part of the position has no entry. */
    readonly paidE18: bigint | undefined;
};

function legOf(file: BookFile, names: Names, place: number): BookLeg {
    const position = file.account.positions?.[place];
    const field = `account.positions[${place}]`;
    if (position === undefined) throw bookError(field, "is missing");
    const {instrument: text, size, entry} = position;
    const name = text.trim().toUpperCase().split("-")[0] ?? "";
    if (!(name in file.underlyings) && text.includes("-")) {
        throw bookError(`underlyings.${name}`, `is missing; ${field}.instrument ${text} needs it`);
    }
    try {
        const id = parseInstrument(text, names);
        const paidE18 = entry === undefined ? undefined : mulFloor(-size, entry);
        return {name: instrumentName(id, names), id, instrument: decodeInstrument(id), sizeE18: size, paidE18};
    } catch (error) {
        if (!(error instanceof InputError)) throw error;
        throw bookError(`${field}.instrument`, error.message);
    }
}

const both = (a: bigint | undefined, b: bigint | undefined): bigint | undefined =>
    a === undefined || b === undefined ? undefined : a + b;

/** Legs in ascending order of instrument; positions in one instrument are one leg. */
export function legsOf(file: BookFile, names: Names): BookLeg[] {
    const byId = new Map<bigint, BookLeg>();
    (file.account.positions ?? []).forEach((_, place) => {
        const leg = legOf(file, names, place);
        const other = byId.get(leg.id);
        const total = {sizeE18: leg.sizeE18 + (other?.sizeE18 ?? 0n), paidE18: both(leg.paidE18, other?.paidE18)};
        byId.set(leg.id, other === undefined ? leg : {...leg, ...total});
    });
    return [...byId.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** Average entry price of a leg, for display. */
export function entryOf({sizeE18, paidE18}: BookLeg): bigint | undefined {
    if (paidE18 === undefined || sizeE18 === 0n) return undefined;
    return sizeE18 > 0n ? mulDivDown(-paidE18, 10n ** 18n, sizeE18) : mulDivDown(paidE18, 10n ** 18n, -sizeE18);
}
