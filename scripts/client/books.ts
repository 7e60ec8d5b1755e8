/** Books between the contracts and the twin. */
import type {Assessment, Book} from "../sdk/risk/types.js";
import {MARGIN_MODELS} from "../sdk/risk/types.js";
import {usd} from "../sdk/units.js";

/** A book as the contracts take it. */
export const structOf = (book: Book): Writable<Omit<Book, "model">> & {model: number} => ({
    model: MARGIN_MODELS.indexOf(book.model),
    cashE18: book.cashE18,
    collateral: [...book.collateral],
    quotes: [...book.quotes],
    positions: [...book.positions],
});

type Writable<T> = {-readonly [K in keyof T]: T[K] extends readonly (infer Item)[] ? Item[] : T[K]};

export const assessmentFrom = (raw: {readonly [K in keyof Assessment]: bigint}): Assessment => ({
    equityE18: usd(raw.equityE18),
    initialE18: usd(raw.initialE18),
    maintenanceE18: usd(raw.maintenanceE18),
});

/** The book with more (or fewer) units of one asset; an asset without units is not in a book. */
export function withUnits(book: Book, assetId: number, deltaE18: bigint): Book {
    const heldE18 = book.collateral.find((one) => one.assetId === assetId)?.unitsE18 ?? 0n;
    const others = book.collateral.filter((one) => one.assetId !== assetId);
    const all = [...others, {assetId, unitsE18: heldE18 + deltaE18}].filter(({unitsE18}) => unitsE18 !== 0n);
    return {...book, collateral: all.sort((a, b) => a.assetId - b.assetId)};
}
