/** The report as one file: figures, pictures and words, nothing from the network. */
import {dayAxis, timeScale, valueAxis} from "../../shared/report/axes.js";
import {STYLE} from "../../shared/report/style.js";
import {area, compact, escape, line, linear, svg, tag, text} from "../../shared/report/svg.js";
import type {Dot} from "../../shared/report/svg.js";
import {formatE18} from "../../sdk/index.js";
import {describe} from "../describe.js";
import type {Figures} from "../figures.js";
import {DIFFERENCES} from "../protections.js";
import type {Outcome} from "../run.js";

/** For drawing only. */
const num = (valueE18: bigint): number => Number(formatE18(valueE18));

/** The price, and under it a stroke for each first slice, red where the book was worth less than nothing. */
function priceChart({prices, liquidations, protections}: Outcome): string {
    const frame = {left: 60, right: 1010, top: 24, bottom: 220};
    const span = {from: prices[0]?.time ?? 0, to: prices.at(-1)?.time ?? 0};
    const values = prices.map(({btc}) => Number(btc));
    const domain: [number, number] = [Math.min(...values) * 0.95, Math.max(...values) * 1.03];
    const x = timeScale(span, frame);
    const y = linear(domain, [frame.bottom, frame.top]);
    const dots = prices.map(({time, btc}): Dot => [x(time), y(Number(btc))]);
    const strokes = liquidations.flatMap(({firstSliceAt, holeE18}) =>
        firstSliceAt === undefined
            ? []
            : [
                  tag("line", {
                      x1: x(firstSliceAt),
                      x2: x(firstSliceAt),
                      y1: frame.bottom - 26,
                      y2: frame.bottom,
                      class: holeE18 > 0n ? "hit" : "sold",
                  }),
              ],
    );
    return svg(
        1040,
        250,
        `BTC and slices with protections ${protections}`,
        dayAxis(span, x, frame, Math.max(1, Math.round((span.to - span.from) / 86_400 / 8))),
        valueAxis(y, domain, frame),
        area(dots, frame.bottom, "fill one"),
        line(dots, "line one"),
        ...strokes,
        text(frame.left, frame.top - 8, `BTC, US dollars; protections ${protections}`, {class: "title"}),
    );
}

const LAYERS = [
    ["accounts", "accountsE18", "one"],
    ["backstop", "backstopE18", "two"],
    ["written down", "writtenDownE18", "bad"],
] as const;

/** Who paid, one row for each run and layer. */
function paidChart(runs: readonly Figures[]): string {
    const rows = runs.flatMap(({protections, paid}) =>
        LAYERS.map(([name, key, css]) => ({name: `${name}, ${protections}`, value: Number(paid[key]), css})),
    );
    const x = linear([0, Math.max(1, ...rows.map(({value}) => value)) * 1.1], [220, 960]);
    const height = rows.length * 24 + 8;
    const bars = rows.map(({name, value, css}, place) => {
        const y = 6 + place * 24;
        return [
            text(210, y + 13, name, {class: "tick end strong"}),
            tag("rect", {x: x(0), y, width: Math.max(1, x(value) - x(0)), height: 16, class: `bar ${css}`}),
            text(x(value) + 6, y + 13, compact(value), {class: "tick"}),
        ].join("");
    });
    return svg(1040, height, "Who paid", ...bars);
}

const BINS = [300, 600, 900, 1800, 3600, 7200, 14_400, Infinity];

/** How long accounts were short before the first slice. */
function latencyChart({liquidations, protections}: Outcome): string {
    const waits = liquidations.flatMap(({firstSliceAt, breachAt}) =>
        firstSliceAt === undefined ? [] : [firstSliceAt - breachAt],
    );
    const counts = BINS.map(
        (end, place) => waits.filter((wait) => wait <= end && wait > (BINS[place - 1] ?? -1)).length,
    );
    const frame = {left: 40, right: 500, top: 24, bottom: 150};
    const y = linear([0, Math.max(1, ...counts)], [frame.bottom, frame.top + 14]);
    const width = (frame.right - frame.left) / BINS.length;
    const bars = counts.map((count, place) => {
        const left = frame.left + place * width;
        const end = BINS[place] ?? Infinity;
        const label = end === Infinity ? "more" : `${end / 60}`;
        return [
            tag("rect", {
                x: left + 4,
                y: y(count),
                width: width - 8,
                height: frame.bottom - y(count),
                class: "bar one",
            }),
            text(left + width / 2 - 8, frame.bottom + 14, label, {class: "tick"}),
            text(left + width / 2 - 4, y(count) - 4, String(count), {class: "tick"}),
        ].join("");
    });
    const title = `Minutes from breach to first slice, protections ${protections}`;
    return svg(520, 172, title, text(frame.left, 14, title, {class: "title"}), ...bars);
}

/** What keepers earned after gas. */
function keeperChart(outcomes: readonly Outcome[]): string {
    const rows = outcomes.flatMap(({takings, protections}) =>
        takings.map(({id, gainE18, gasCostE18}) => ({name: `${id}, ${protections}`, value: num(gainE18 - gasCostE18)})),
    );
    const x = linear(
        [Math.min(0, ...rows.map(({value}) => value)), Math.max(1, ...rows.map(({value}) => value)) * 1.1],
        [220, 960],
    );
    const bars = rows.map(({name, value}, place) => {
        const y = 6 + place * 22;
        const left = Math.min(x(0), x(value));
        return [
            text(210, y + 12, name, {class: "tick end strong"}),
            tag("rect", {
                x: left,
                y,
                width: Math.max(1, Math.abs(x(value) - x(0))),
                height: 14,
                class: value < 0 ? "bar bad" : "bar one",
            }),
            text(Math.max(x(0), x(value)) + 6, y + 12, compact(value), {class: "tick"}),
        ].join("");
    });
    return svg(1040, rows.length * 22 + 10, "Profit of keepers after gas", ...bars);
}

const OWN_STYLE = `.hit{stroke:var(--bad);stroke-width:1.6}.sold{stroke:var(--two);stroke-width:1.1;opacity:.7}
pre{white-space:pre;overflow-x:auto;font:12.5px/1.5 ui-monospace,monospace}`;

export function page(outcomes: readonly Outcome[], runs: readonly Figures[], source: string): string {
    return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Ballast: stress</title><style>${STYLE}${OWN_STYLE}</style></head><body><main>
<header><h1>Ballast: stress</h1><p>${escape(source)}: every account trades, falls short and is sold on the contracts themselves, in a chain inside the process that wrote this page.</p></header>
<section><h2>Figures</h2><pre>${escape(describe(runs, source))}</pre></section>
<section><h2>Prices and slices</h2><p class="note">Each stroke is the first slice of an account; red where the book was worth less than nothing.</p>${outcomes.map(priceChart).join("")}</section>
<section><h2>Who paid</h2>${paidChart(runs)}</section>
<section><h2>How long it took</h2>${outcomes.map(latencyChart).join("")}</section>
<section><h2>What keepers earned</h2>${keeperChart(outcomes)}</section>
<section><h2>Without protections</h2><p class="note">What differs there:</p><ul>${DIFFERENCES.map((one) => `<li>${escape(one)}</li>`).join("")}</ul></section>
</main></body></html>
`;
}
