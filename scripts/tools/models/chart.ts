/** The picture of the figures, a row per book. Numbers here are for drawing only. */
import {PALETTE} from "../../shared/report/style.js";
import {compact, linear, logarithmic, tag, text} from "../../shared/report/svg.js";
import type {Scale} from "../../shared/report/svg.js";
import {FAMILIES} from "./books.js";
import type {Figure, NeedFigure} from "./figures.js";

const WIDTH = 1040;
const LABELS = 250;
const TOP = 108;
const ROW = 17;
const HEADING = 22;
const FOOT = 40;

/** Where a panel begins and ends, and its title. */
const NEEDS = {left: 262, right: 640, title: "maintenance requirement, USD, logarithmic"};
const ERRORS = {left: 672, right: 832, title: "error of the Greeks / scan"};
const LOSSES = {left: 864, right: 1022, title: "worst loss / requirement"};

const NEED_LINES = [10, 100, 1e3, 1e4, 1e5];
const NEED_RANGE = [4, 2e5] as const;
const DOT = 4;
const BAR = 9;

const STYLE = `${PALETTE}
text{font:11px system-ui,-apple-system,"Segoe UI",sans-serif;fill:var(--ink)}.back{fill:var(--card)}.tick{fill:var(--soft)}.end{text-anchor:end}.mid{text-anchor:middle}
.head{font-size:15px;font-weight:600}.title{font-size:12px;font-weight:600}.family{font-weight:600}.grid{stroke:var(--line)}.limit{stroke:var(--soft);stroke-dasharray:4 3}
.span{stroke:var(--rest);stroke-width:5;stroke-linecap:round}.isolated{fill:var(--soft)}.scenario{fill:var(--one)}.greeks{fill:none;stroke:var(--warn);stroke-width:2}.delta{stroke:var(--two);stroke-width:2.4}
.error{fill:var(--warn);opacity:.75}.loss{fill:var(--one)}.above{fill:var(--bad)}`;

type Row = {readonly y: number; readonly figure: Figure};
type Layout = {
    readonly rows: readonly Row[];
    readonly headings: readonly (readonly [string, number])[];
    readonly end: number;
};

/** Families one below the other, a heading before each. */
function layoutOf(figures: readonly Figure[]): Layout {
    const rows: Row[] = [];
    const headings: (readonly [string, number])[] = [];
    let y = TOP;
    for (const family of FAMILIES) {
        const own = figures.filter((figure) => figure.family === family);
        if (own.length === 0) continue;
        headings.push([family, y + HEADING - 6]);
        y += HEADING;
        for (const figure of own) {
            rows.push({y: y + ROW / 2, figure});
            y += ROW;
        }
    }
    return {rows, headings, end: y + 4};
}

const across = (x: number, end: number, css: string): string =>
    tag("line", {x1: x, x2: x, y1: TOP, y2: end, class: css});

type Axis = {readonly scale: Scale; readonly lines: readonly number[]; readonly label: (value: number) => string};

function axis(
    {left, title}: {readonly left: number; readonly title: string},
    {scale, lines, label}: Axis,
    end: number,
): string {
    const marks = lines.map(
        (value) => across(scale(value), end, "grid") + text(scale(value), end + 15, label(value), {class: "tick mid"}),
    );
    return text(left, TOP - 8, title, {class: "title"}) + marks.join("");
}

const at = (x: Scale, {maintenance}: NeedFigure): number => x(Math.max(Number(maintenance), NEED_RANGE[0]));

function needsOf({y, figure}: Row, x: Scale): string {
    const [isolated, scenario, greeks] = [figure.isolated, figure.scenario, figure.greeks].map((need) => at(x, need));
    if (isolated === undefined || scenario === undefined || greeks === undefined) return "";
    const delta = figure.delta === null ? undefined : at(x, figure.delta);
    return [
        tag("line", {x1: scenario, x2: isolated, y1: y, y2: y, class: "span"}),
        tag("circle", {cx: isolated, cy: y, r: DOT, class: "isolated"}),
        tag("circle", {cx: scenario, cy: y, r: DOT, class: "scenario"}),
        tag("circle", {cx: greeks, cy: y, r: DOT + 1.6, class: "greeks"}),
        delta === undefined ? "" : tag("line", {x1: delta, x2: delta, y1: y - 6, y2: y + 6, class: "delta"}),
    ].join("");
}

function bar(y: number, x: Scale, value: number, css: string): string {
    const width = x(value) - x(0);
    return width <= 0 ? "" : tag("rect", {x: x(0), y: y - BAR / 2, width, height: BAR, class: css});
}

/** What the marks mean, in one line. */
function legend(): string {
    const y = 60;
    const entries = [
        [tag("circle", {cx: 262, cy: y, r: DOT, class: "scenario"}), 272, "Scenario"],
        [tag("circle", {cx: 352, cy: y, r: DOT, class: "isolated"}), 362, "Isolated"],
        [tag("circle", {cx: 436, cy: y, r: DOT + 1.6, class: "greeks"}), 448, "Greeks"],
        [tag("line", {x1: 514, x2: 514, y1: y - 6, y2: y + 6, class: "delta"}), 522, "Delta, linear books only"],
        [
            tag("rect", {x: 672, y: y - BAR / 2, width: 14, height: BAR, class: "error"}),
            692,
            "largest on the regular grid",
        ],
        [tag("rect", {x: 864, y: y - BAR / 2, width: 14, height: BAR, class: "above"}), 884, "above the requirement"],
    ] as const;
    return entries.map(([mark, x, words]) => mark + text(x, y + 4, words)).join("");
}

export function chart(figures: readonly Figure[]): string {
    const {rows, headings, end} = layoutOf(figures);
    const mostError = Math.max(1, ...figures.map(({taylor}) => Number(taylor.share ?? 0)));
    const mostLoss = Math.max(1, ...figures.map(({crash}) => Number(crash.ratio)));
    const needs = logarithmic(NEED_RANGE, [NEEDS.left, NEEDS.right]);
    const errors = linear([0, Math.ceil(mostError)], [ERRORS.left, ERRORS.right]);
    const losses = linear([0, Math.ceil(mostLoss * 2) / 2], [LOSSES.left, LOSSES.right]);
    const wholes = Array.from({length: Math.ceil(mostError) + 1}, (_, i) => i);
    const halves = Array.from({length: Math.ceil(mostLoss * 2) + 1}, (_, i) => i / 2);
    const height = end + FOOT;
    const attributes = {
        xmlns: "http://www.w3.org/2000/svg",
        viewBox: `0 0 ${WIDTH} ${height}`,
        width: WIDTH,
        height,
        role: "img",
        "aria-label": "Requirements of the margin models and losses in the crash windows, by book",
    };
    const parts = [
        tag("style", {}, STYLE),
        tag("rect", {width: WIDTH, height, class: "back"}),
        text(20, 28, `What each model asks of ${figures.length} books of 100,000 USD a unit`, {class: "head"}),
        legend(),
        axis(NEEDS, {scale: needs, lines: NEED_LINES, label: compact}, end),
        axis(ERRORS, {scale: errors, lines: wholes, label: (value) => `${value * 100} %`}, end),
        axis(LOSSES, {scale: losses, lines: halves, label: String}, end),
        across(losses(1), end, "limit"),
        ...headings.map(([family, y]) => text(20, y, family, {class: "family"})),
        ...rows.map(({y, figure}) => text(LABELS, y + 4, figure.name, {class: "end"})),
        ...rows.map((row) => needsOf(row, needs)),
        ...rows.map(({y, figure}) => bar(y, errors, Number(figure.taylor.share ?? 0), "error")),
        ...rows.map(({y, figure}) => {
            const ratio = Number(figure.crash.ratio);
            return bar(y, losses, ratio, ratio > 1 ? "above" : "loss");
        }),
    ];
    return `${tag("svg", attributes, ...parts)}\n`;
}
