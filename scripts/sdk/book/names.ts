/** Numbers of the underlyings of a book. */
import type {Underlyings} from "../instruments.js";
import type {BookFile} from "./schema.js";

export type Names = Underlyings;

/** BTC and ETH keep their numbers; others follow in the order of the file. */
export function namesOf(file: BookFile): Names {
    const others = Object.keys(file.underlyings).filter((name) => name !== "BTC" && name !== "ETH");
    return Object.fromEntries(["BTC", "ETH", ...others].map((name, i) => [i + 1, name]));
}

export function numberOf(names: Names, name: string): number | undefined {
    const found = Object.entries(names).find(([, known]) => known === name);
    return found === undefined ? undefined : Number(found[0]);
}
