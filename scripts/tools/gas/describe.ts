/** The figures as tables: on the terminal and on a page. */
import {table} from "../../shared/table.js";
import {sizeLabel} from "./books.js";
import type {Size} from "./books.js";
import {isOf} from "./figures.js";
import type {Figure} from "./figures.js";
import {COUNTS, NAMES} from "./measure.js";
import type {Name} from "./measure.js";
import {MANAGERS} from "./peers.js";

export const TITLES: Readonly<Record<Name, string>> = {
    assess: "margin check, the whole grid",
    witness: "margin check by witness",
    acceptEarly: "margin check, accepted early",
    withdraw: "withdraw",
    fill2: "two-leg fill, both sides checked",
    start: "start a liquidation",
    take: "take a slice",
};

const NONE = "–";

export const grouped = (figure: number | undefined): string =>
    figure === undefined ? NONE : figure.toLocaleString("en");

/** How many times what we use the peer uses. */
const ratio = ({gas, peer}: Figure): string => (peer === null ? NONE : `${(peer.gas / gas).toFixed(1)}×`);

/** A table per question. */
export function describe(figures: readonly Figure[]): string {
    const parts = NAMES.map((name) => {
        const rows = figures
            .filter((figure) => figure.name === name)
            .map((figure) => [sizeLabel(figure), grouped(figure.gas), grouped(figure.peer?.gas), ratio(figure)]);
        return table([`${name} (${COUNTS[name]})`, "gas", MANAGERS.PMRM, "Derive / Ballast"], rows);
    });
    return parts.join("\n\n");
}

const row = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;

const head = (cells: readonly string[]): string => `${row(cells)}\n| --- |${" --: |".repeat(cells.length - 1)}`;

type Book = Omit<Size, "positions">;

/** Rows of one kind of book: ours, and the peer's below where it was measured. */
export function markdown(figures: readonly Figure[], {expiries, underlyings}: Book): string {
    const own = figures.filter((figure) => figure.expiries === expiries && figure.underlyings === underlyings);
    const counts = [...new Set(own.map(({positions}) => positions))].sort((one, other) => one - other);
    const rows = NAMES.flatMap((name) => {
        const found = counts.map((positions) =>
            own.filter(isOf({positions, expiries, underlyings})).find((figure) => figure.name === name),
        );
        const lines = [row([`${TITLES[name]} (${COUNTS[name]})`, ...found.map((figure) => grouped(figure?.gas))])];
        if (found.every((figure) => (figure?.peer ?? null) === null)) return lines;
        return [
            ...lines,
            row(["*Derive PMRM*", ...found.map((figure) => grouped(figure?.peer?.gas))]),
            row(["*Derive / Ballast*", ...found.map((figure) => (figure === undefined ? NONE : ratio(figure)))]),
        ];
    });
    return [head(["positions", ...counts.map(String)]), ...rows].join("\n");
}

const README_SIZES = [1, 8, 64].map((positions) => ({positions, expiries: 1, underlyings: 1}));

/** The short table: books of one expiry, the peer beside us. */
export function readmeTable(figures: readonly Figure[]): string {
    const rows = NAMES.map((name) => {
        const found = README_SIZES.map((size) => figures.filter(isOf(size)).find((figure) => figure.name === name));
        return row([
            TITLES[name],
            COUNTS[name],
            ...found.map((figure) => grouped(figure?.gas)),
            ...found.map((figure) => grouped(figure?.peer?.gas)),
        ]);
    });
    return [head(["positions", "counts", "1", "8", "64", "Derive at 1", "8", "64"]), ...rows].join("\n");
}
