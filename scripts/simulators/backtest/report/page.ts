/** The report as one file: figures, pictures and words, nothing from the network. */
import {STYLE} from "../../../shared/report/style.js";
import {escape} from "../../../shared/report/svg.js";
import type {Backtest} from "../backtest.js";
import {describe, verdictOf} from "../describe.js";
import type {Figures, StrategyFigures} from "../figures.js";
import type {Outcome} from "../outcome.js";
import {exceedanceChart, ratioChart, strategyChart} from "./charts.js";
import {piecesOf} from "./timeline.js";
import type {Piece} from "./timeline.js";

const OWN_STYLE = `.hit{stroke:var(--bad);stroke-width:1.6}.loss-line{stroke:var(--one);stroke-width:1.2;stroke-linejoin:round}
pre{white-space:pre-wrap;font:13.5px/1.5 system-ui,sans-serif;margin:8px 0 0}.scroll{overflow-x:auto}td.n,th.n{white-space:nowrap}`;

const percent = (share: string | number, places = 2): string => `${(Number(share) * 100).toFixed(places)} %`;
const range = ([low, high]: readonly [string, string]): string => `${percent(low)} to ${percent(high)}`;
const cell = (content: string, css = "n"): string => `<td class="${css}">${content}</td>`;

const HEAD = [
    "periods",
    "exceed",
    "rate",
    "95 % of it, bootstrap",
    "rate, no overlap",
    "95 % of it, Wilson",
    "above initial",
    "worst loss / requirement",
    "worst at (UTC)",
    "mean requirement / gross",
];

const tableRow = (one: StrategyFigures): string =>
    [
        `<tr><th>${escape(one.strategy)}</th>`,
        cell(String(one.periods)),
        cell(String(one.exceedances)),
        cell(percent(one.rate), one.kept ? "n" : "n bad"),
        cell(range(one.intervals.bootstrap)),
        cell(percent(one.rateSeparate)),
        cell(range(one.intervals.separate)),
        cell(percent(one.rateInitial)),
        cell(Number(one.worst.ratio).toFixed(2), Number(one.worst.ratio) > 1 ? "n bad" : "n"),
        cell(one.worst.time.slice(0, 16).replace("T", " ")),
        cell(percent(one.meanRequirement, 1)),
        "</tr>",
    ].join("");

const tableOf = ({strategies}: Figures): string =>
    [
        `<div class="scroll"><table><thead><tr><th>strategy</th>${HEAD.map((name) => `<th class="n">${name}</th>`).join("")}</tr></thead><tbody>`,
        ...strategies.map(tableRow),
        "</tbody></table></div>",
    ].join("");

function headline({strategies, missed, kept, hours}: Figures): string {
    const periods = strategies.reduce((total, one) => total + one.periods, 0);
    const exceedances = strategies.reduce((total, one) => total + one.exceedances, 0);
    const worst = Math.max(...strategies.map(({worst: {ratio}}) => Number(ratio)));
    const stats = [
        [String(strategies.length), "strategies"],
        [periods.toLocaleString("en-US"), `periods of ${hours} h, all strategies`],
        [percent(exceedances / periods), "of them lost more than maintenance"],
        [worst.toFixed(2), "worst loss over requirement"],
        [String(missed.length), "strategies above 1 %"],
        [kept ? "kept" : "missed", "the 99 % promise, on these prices"],
    ];
    return `<div class="stats">${stats.map(([figure, words]) => `<div><b>${figure}</b><span>${words}</span></div>`).join("")}</div>`;
}

function card(outcome: Outcome, pieces: readonly Piece[]): string {
    const {tally, exceedances, periods, worstRatio} = outcome;
    const css = outcome.isKept ? (exceedances === 0 ? "good" : "warn") : "bad";
    const words = `<span class="${css}">${exceedances} of ${periods}</span>, worst ${worstRatio.toFixed(2)}`;
    return `<figure class="card"><figcaption><b>${escape(tally.title)}</b> ${words}</figcaption>${strategyChart(outcome, pieces)}</figure>`;
}

export function page(result: Backtest, figures: Figures): string {
    const pieces = piecesOf(result.stretches);
    const [setting = "", ...stretches] = describe(figures).split("\n\n")[0]?.split("\n") ?? [];
    return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Ballast: backtest of the maintenance requirement</title><style>${STYLE}${OWN_STYLE}</style></head><body><main>
<header><h1>Ballast: backtest</h1><p>Every strategy is opened at every start, held unchanged for ${figures.hours} hours and revalued in full; its loss is compared with the requirement it had at the start. ${escape(setting)}.</p></header>
${headline(figures)}
<section><h2>Verdict</h2><pre>${escape(verdictOf(figures))}</pre><p class="note">${stretches.map(escape).join("<br>")}</p></section>
<section><h2>Worst loss over maintenance requirement</h2><p class="note">Right of the rule the loss was larger than the requirement.</p>${ratioChart(result.outcomes)}</section>
<section><h2>Exceedances in time</h2><p class="note">Each stroke is a start whose loss passed the requirement. Gaps between stretches are left out.</p>${exceedanceChart(result.outcomes, pieces)}</section>
<section><h2>Loss against requirement</h2><p class="note">Filled: maintenance requirement. Line: loss, gains at zero. Dots: exceedances. Shares of gross notional; neighbouring starts are drawn as one, with their largest loss.</p><div class="cards">${result.outcomes.map((outcome) => card(outcome, pieces)).join("")}</div></section>
<section><h2>Figures</h2>${tableOf(figures)}</section>
<footer>Prices: ${escape(figures.source)}. Implied volatility follows a stated rule over the past prices; no option was quoted. Intervals: Wilson's over as many periods as fit without overlap, and ${figures.bootstrap.draws} draws of blocks of a day with seed ${figures.bootstrap.seed}.</footer>
</main></body></html>
`;
}
