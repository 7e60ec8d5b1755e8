/** The figures of the scan's benchmark as tables for the terminal. */
import {table} from "../../shared/table.js";
import type {Figure} from "./measure.js";

const grouped = (figure: number): string => Math.round(figure).toLocaleString("en");
const ms = (seconds: number): string => (seconds * 1_000).toFixed(1);
const share = (part: number, whole: number): string => `${((100 * part) / whole).toFixed(2)} %`;

export function describe(figures: readonly Figure[]): string {
    const times = figures.map((one) => [
        grouped(one.accounts),
        grouped(one.positions),
        ...[one.repriceSeconds, one.screenSeconds, one.decideSeconds, one.orderSeconds, one.seconds].map(ms),
        grouped(one.accountsPerSecond),
        grouped(one.positionsPerSecond),
        grouped(one.screenedPerSecond),
    ]);
    const results = figures.map((one) => [
        grouped(one.accounts),
        grouped(one.instruments),
        `${grouped(one.asked)} (${share(one.asked, one.accounts)})`,
        grouped(one.short),
        grouped(one.actions),
        grouped(one.verified),
        grouped(one.falseNegatives),
    ]);
    return [
        table(
            [
                "accounts",
                "positions",
                ...["reprice ms", "screen ms", "exact ms", "order ms", "all ms"],
                ...["accounts/s", "positions/s", "screened/s"],
            ],
            times,
        ),
        table(["accounts", "instruments", "asked exactly", "short", "worth it", "verified", "missed"], results),
    ].join("\n\n");
}
