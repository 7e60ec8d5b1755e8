/** The figures as tables: on the terminal and on a page. Rounding here is for the eye. */
import {table} from "../../shared/table.js";
import {FAMILIES} from "./books.js";
import type {Figure, NeedFigure} from "./figures.js";

const NONE = "–";

export const usd = (figure: string | undefined): string => {
    if (figure === undefined) return NONE;
    const places = Math.abs(Number(figure)) < 10 && !Number.isInteger(Number(figure)) ? 2 : 0;
    const text = Number(figure).toLocaleString("en", {minimumFractionDigits: places, maximumFractionDigits: places});
    return text.replace(/^-/, "−").replace(/^−(0(\.0+)?)$/, "$1");
};

const percent = (share: string | null): string => (share === null ? NONE : `${(Number(share) * 100).toFixed(0)} %`);

const times = (ratio: string): string => Number(ratio).toFixed(2);
const minute = (time: string): string => time.slice(0, 16).replace("T", " ");

/** Cut, not rounded: nothing is saved whole, the keeper reserve always stays. */
const saving = (share: string): string => `${(Math.floor(Math.round(Number(share) * 1e6) / 1e3) / 10).toFixed(1)} %`;

const needs = (need: NeedFigure | null): string[] => [usd(need?.maintenance), usd(need?.initial)];

const NEED_HEAD = [
    "book",
    ...["Isolated MM", "IM", "Delta MM", "IM", "Greeks MM", "IM", "Scenario MM", "IM"],
    "saved",
] as const;

const needRow = (one: Figure): string[] => [
    one.name,
    ...[one.isolated, one.delta, one.greeks, one.scenario].flatMap(needs),
    saving(one.saved),
];

const LOSS_HEAD = [
    "book",
    ...["Greeks scan", "full scan", "largest difference", "of the scan"],
    ...["worst loss", "MM then", "loss / MM", "above MM", "when (UTC)"],
] as const;

/** A book that gained in every period has no loss and no time of one. */
const lossRow = ({name, taylor, crash}: Figure): string[] => [
    name,
    ...[usd(taylor.greeksScan), usd(taylor.scan), usd(taylor.difference), percent(taylor.share)],
    ...[usd(crash.loss), usd(crash.maintenance), times(crash.ratio), `${crash.exceedances} of ${crash.periods}`],
    Number(crash.loss) > 0 ? minute(crash.time) : NONE,
];

export const describe = (figures: readonly Figure[]): string =>
    [table(NEED_HEAD, figures.map(needRow)), table(LOSS_HEAD, figures.map(lossRow))].join("\n\n");

const row = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
const head = (cells: readonly string[]): string => `${row(cells)}\n| --- |${" --: |".repeat(cells.length - 1)}`;

/** One table; a row in italics before the books of each family. */
function byFamily(titles: readonly string[], figures: readonly Figure[], rowOf: (one: Figure) => string[]): string {
    const rows = FAMILIES.flatMap((family) => {
        const own = figures.filter((figure) => figure.family === family);
        if (own.length === 0) return [];
        return [row([`*${family}*`, ...titles.slice(1).map(() => "")]), ...own.map((one) => row(rowOf(one)))];
    });
    return [head(titles), ...rows].join("\n");
}

export const needsTable = (figures: readonly Figure[]): string => byFamily(NEED_HEAD, figures, needRow);
export const lossTable = (figures: readonly Figure[]): string => byFamily(LOSS_HEAD, figures, lossRow);

export const legsTable = (figures: readonly Figure[]): string =>
    ["| book | legs |\n| --- | --- |", ...figures.map(({name, legs}) => row([name, legs]))].join("\n");

const isNetted = ({legs}: Figure): boolean => legs.includes(", ");
const byNumber =
    (of: (one: Figure) => number) =>
    (one: Figure, other: Figure): number =>
        of(one) - of(other);

/** What to take from the tables, in three lines. */
export function summary(figures: readonly Figure[]): string {
    const netted = figures.filter(isNetted).sort(byNumber(({saved}) => Number(saved)));
    const [least, most, middle] = [netted[0], netted.at(-1), netted[Math.floor(netted.length / 2)]];
    const errors = figures.filter(({taylor}) => taylor.share !== null);
    const worst = errors.sort(byNumber(({taylor}) => -Number(taylor.share)))[0];
    const lenient = [...figures].sort(
        byNumber(({greeks, scenario}) => Number(greeks.maintenance) / Number(scenario.maintenance)),
    )[0];
    const lost = [...figures].sort(byNumber(({crash}) => -Number(crash.ratio)))[0];
    if (!least || !most || !middle || !worst || !lenient || !lost) return "";
    return [
        `- Of ${netted.length} books with several legs Scenario asks ${saving(least.saved)} (${least.name}) to ${saving(most.saved)} (${most.name}) less than Isolated, ${saving(middle.saved)} in the middle.`,
        `- The Greeks of the ${worst.name} miss full revaluation by ${percent(worst.taylor.share)} of its scan. Of the ${lenient.name} they would ask ${usd(lenient.greeks.maintenance)} where Scenario asks ${usd(lenient.scenario.maintenance)}.`,
        `- In the crash windows the ${lost.name} lost most, ${times(lost.crash.ratio)} times its Scenario requirement; ${figures.filter(({crash}) => crash.exceedances === 0).length} of ${figures.length} books never lost more than theirs.`,
    ].join("\n");
}
