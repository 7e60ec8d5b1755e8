/** The report as one file: figures, pictures and words, nothing from the network. */
import {formatTime, formatUsd, ONE_E18} from "../../sdk/index.js";
import {divDown} from "../../sdk/math/index.js";
import {KEEPERS, MAKER} from "../cast.js";
import type {AccountStory, Point, Story} from "../summary.js";
import {accountChart, auctionChart, modelChart, priceChart, waterfallChart} from "./charts.js";
import {STYLE} from "../../shared/report/style.js";
import {escape} from "../../shared/report/svg.js";

/** With a minus that cannot be taken for a hyphen, and that stays with its figure. */
const figure = (valueE18: bigint, digits: number): string => formatUsd(valueE18, digits).replace(/^-/, "−");
const usd = (valueE18: bigint): string => figure(valueE18, 0);
const percent = (fractionE18: bigint): string => `${formatUsd(fractionE18 * 100n, 0)} %`;
const health = ({healthE18}: Point): string =>
    healthE18 === undefined ? "–" : healthE18 > 99n * ONE_E18 ? "> 99" : figure(healthE18, 2);

const cell = (content: string, css = ""): string => `<td${css === "" ? "" : ` class="${css}"`}>${content}</td>`;

function fateOf(one: AccountStory): string {
    if (one.insolvent) return '<b class="bad">insolvent, the backstop paid</b>';
    if (one.liquidated) return `<b class="warn">${percent(one.closedE18)} sold in ${one.slices.length} slices</b>`;
    if (one.cured) return '<b class="good">called, cured by a deposit</b>';
    return one.called ? "called" : "";
}

function accountRow(one: AccountStory): string {
    return [
        `<tr><th>${escape(one.id)}<small>${escape(one.role)}</small></th>`,
        cell(usd(one.start.equityE18), "n"),
        cell(health(one.start), "n"),
        cell(usd(one.worst.equityE18), "n"),
        cell(health(one.worst), `n ${(one.worst.healthE18 ?? ONE_E18) < ONE_E18 ? "bad" : ""}`),
        cell(usd(one.end.equityE18), "n"),
        cell(health(one.end), "n"),
        cell(one.costE18 > 0n ? usd(one.costE18) : "", "n"),
        cell(fateOf(one)),
        "</tr>",
    ].join("");
}

function accountTable({accounts}: Story): string {
    const columns = ["equity", "health", "equity", "health", "equity", "health", "cost"];
    return [
        '<table><thead><tr><td></td><td colspan="2">at the start</td><td colspan="2">at its worst</td><td colspan="2">at the end</td><td colspan="2"></td></tr>',
        `<tr><th>account</th>${columns.map((name) => `<th class="n">${name}</th>`).join("")}<th>what happened</th></tr></thead><tbody>`,
        ...accounts.map(accountRow),
        "</tbody></table>",
    ].join("");
}

function card(story: Story, one: AccountStory): string {
    const fate = fateOf(one);
    return `<figure class="card"><figcaption><b>${escape(one.id)}</b> ${escape(one.role)}${fate === "" ? "" : `<br>${fate}`}</figcaption>${accountChart(story, one)}</figure>`;
}

function auctionCard(one: AccountStory): string {
    const days = [...new Set(one.slices.map(({time}) => formatTime(time).slice(0, 10)))].join(", ");
    const paid = one.slices.reduce((total, {priceE18}) => total + priceE18, 0n);
    const share = `${percent(one.closedE18)} of the book`;
    const deal =
        paid < 0n ? `keepers were paid ${usd(-paid)} to take ${share}` : `keepers paid ${usd(paid)} for ${share}`;
    return `<figure class="card wide"><figcaption><b>${escape(one.id)}</b> ${days}: ${deal}</figcaption>${auctionChart(one)}</figure>`;
}

function verdict(story: Story): string {
    const {books, promises, twin} = story;
    const lines = [
        [books.solvent, "Tokens held cover every claim, sizes add up to zero, every loss has a payer to the unit"],
        [
            books.replay.differences.length === 0,
            `${books.replay.events} events alone rebuild the books of all ${books.replay.accounts} accounts`,
        ],
        [
            twin.different.length === 0,
            `The off-chain twin and the risk contract give the same integers for all ${twin.compared} accounts`,
        ],
        ...promises.map(({promise, kept}) => [kept, `Happened: ${promise}`] as const),
    ] as const;
    const items = lines.map(([ok, words]) => `<li class="${ok ? "good" : "bad"}">${escape(words)}</li>`);
    return `<ul class="checks">${items.join("")}</ul>`;
}

function solvencyTable({books}: Story): string {
    const tokens = books.tokens.map(
        ({token, heldE18, claimsE18}) =>
            `<tr><th>${token}</th>${cell(formatUsd(heldE18, 6), "n")}${cell(formatUsd(claimsE18, 6), "n")}${cell(heldE18 >= claimsE18 ? "covered" : "short", heldE18 >= claimsE18 ? "good" : "bad")}</tr>`,
    );
    const sums = books.zeroSum.map(
        ({instrument, longE18, sumE18}) =>
            `<tr><th>${instrument}</th>${cell(formatUsd(longE18, 2), "n")}${cell(formatUsd(sumE18, 2), `n ${sumE18 === 0n ? "good" : "bad"}`)}</tr>`,
    );
    return [
        '<div class="pair"><table><thead><tr><th>token</th><th class="n">held</th><th class="n">claims</th><th></th></tr></thead><tbody>',
        ...tokens,
        '</tbody></table><table><thead><tr><th>instrument</th><th class="n">long at the end</th><th class="n">sum of sizes</th></tr></thead><tbody>',
        ...sums,
        "</tbody></table></div>",
    ].join("");
}

function headline({accounts, bars, books}: Story): string {
    const lows = bars.map(({BTC}) => Number(BTC));
    const fall = Math.round((1 - Math.min(...lows) / (lows[0] ?? 1)) * 100);
    const stats = [
        [`${bars.length}`, "hourly bars"],
        [`−${fall} %`, "BTC, first bar to lowest close"],
        [`${accounts.length}`, "participants"],
        [`${accounts.flatMap(({slices}) => slices).length}`, "slices sold"],
        [usd(books.losses.backstopE18), "paid by the backstop, USDC"],
        [books.solvent ? "solvent" : "NOT SOLVENT", "books at the end"],
    ];
    return `<div class="stats">${stats.map(([result, words]) => `<div><b>${result}</b><span>${words}</span></div>`).join("")}</div>`;
}

export function page(story: Story): string {
    const {run, bars, accounts, comparisons} = story;
    const shown = accounts.filter(({id}) =>
        (run.samples.get(id) ?? []).some(({maintenanceE18}) => maintenanceE18 > 0n),
    );
    const traders = shown.filter(({id}) => id !== MAKER && !KEEPERS.some((keeper) => keeper === id));
    const auctioned = accounts.filter(({slices}) => slices.length > 0);
    const best = comparisons.map(({scenarioE18, isolatedE18}) =>
        scenarioE18 === 0n ? 0n : divDown(isolatedE18, scenarioE18),
    );
    const from = formatTime(bars[0]?.time ?? 0).slice(0, 10);
    const to = formatTime(bars.at(-1)?.time ?? 0).slice(0, 10);
    const funding = Object.entries(story.fundingE18).map(([name, value]) => `${name}&nbsp;${figure(value, 2)}`);
    const settled = story.settlements.map(
        ({priceE18, underlying}) => `${underlying === 1 ? "BTC" : "ETH"} ${formatUsd(priceE18)}`,
    );
    return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Ballast: a replay of ${from} to ${to}</title><style>${STYLE}</style></head><body><main>
<header><h1>Ballast</h1><p>One pool of collateral behind perpetuals, futures and options, replayed hour by hour from ${from} to ${to} on a chain of its own. Contracts, signed quotes, signed surfaces, keepers and the backstop are the real ones; only tokens and price feeds are stand-ins.</p></header>
${headline(story)}
<section><h2>Prices</h2>${priceChart(story)}<p class="note">Triangles: hours in which slices were sold. Rule: the expiry that settled inside the window (${settled.join(", ")}). Funding paid per unit long: ${funding.join(", ")} USDC.</p></section>
<section><h2>Equity against the requirement</h2><p class="note">Line: equity. Filled: maintenance requirement. Dotted: initial requirement. Red bands: slices sold. ${escape(run.notes.join("; "))}.</p><div class="cards">${traders.map((one) => card(story, one)).join("")}</div></section>
<section><h2>Auctions</h2><p class="note">Each column is one slice: the coloured part was sold for the price above it, the grey part stayed. Below: time, and what the price gave up against fair value. Red: the keeper was paid to take it.</p><div class="cards two">${auctioned.map(auctionCard).join("")}</div></section>
<section><h2>What was lost, and who paid</h2>${waterfallChart(story)}</section>
<section><h2>Scenario beside Isolated</h2><p class="note"><i class="key one"></i>maintenance under Scenario, <i class="key three"></i>under Isolated, rule: the account's equity; one hour before the first large fall. Isolated asks for up to ${formatUsd(
        best.reduce((most, one) => (one > most ? one : most), 0n),
        1,
    )} times as much.</p>${modelChart(comparisons)}</section>
<section><h2>Accounts</h2>${accountTable(story)}</section>
<section><h2>The books</h2>${verdict(story)}${solvencyTable(story)}</section>
<footer>Closing prices: public hourly exchange bars. Volatility follows a stated rule: it rises as price stands below its level of the last day. Keepers stand still where the report says so: in the night of the fall no keeper's transaction was mined for two hours.</footer>
</main></body></html>
`;
}
