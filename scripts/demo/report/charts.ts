/** The pictures of the report, drawn from the story. */
import {formatE18} from "../../sdk/index.js";
import type {Comparison} from "../comparison.js";
import type {AccountStory, Story} from "../summary.js";
import {dayAxis, timeScale, valueAxis} from "../../shared/report/axes.js";
import type {Frame, Span} from "../../shared/report/axes.js";
import {area, compact, line, linear, svg, tag, text} from "../../shared/report/svg.js";
import type {Dot, Scale} from "../../shared/report/svg.js";

/** For drawing only. */
export const num = (valueE18: bigint): number => Number(formatE18(valueE18));

const spanOf = ({bars}: Story): Span => ({from: bars[0]?.time ?? 0, to: bars.at(-1)?.time ?? 0});
const storyScale = (story: Story, frame: Frame): Scale => timeScale(spanOf(story), frame);

function pricePanel(story: Story, asset: "BTC" | "ETH", frame: Frame, css: string): string {
    const prices = story.bars.map((bar) => Number(bar[asset]));
    const domain: [number, number] = [Math.min(...prices) * 0.95, Math.max(...prices) * 1.03];
    const x = storyScale(story, frame);
    const y = linear(domain, [frame.bottom, frame.top]);
    const dots = story.bars.map((bar): Dot => [x(bar.time), y(Number(bar[asset]))]);
    const last = prices.at(-1) ?? 0;
    return [
        dayAxis(spanOf(story), x, frame),
        valueAxis(y, domain, frame),
        area(dots, frame.bottom, `fill ${css}`),
        line(dots, `line ${css}`),
        text(frame.left, frame.top - 10, `${asset}, US dollars`, {class: "title"}),
        text(frame.right + 6, y(last) + 4, compact(last), {class: `value ${css}`}),
    ].join("");
}

function markers(story: Story, frame: Frame): string {
    const x = storyScale(story, frame);
    const slices = story.accounts.flatMap((one) => one.slices);
    const first = slices
        .map(({time}) => time)
        .filter((time, index, all) => index === 0 || time - (all[index - 1] ?? 0) > 3600);
    const settled = story.settlements[0];
    const taken = [...new Set(first.map((time) => Math.floor(time / 3600) * 3600))].map((time) =>
        tag("path", {d: `M${x(time)} ${frame.bottom - 1}l-5 -9h10z`, class: "mark bad"}, "<title>auctions</title>"),
    );
    if (settled === undefined) return taken.join("");
    const at = x(settled.expiry);
    const rule = tag("line", {x1: at, x2: at, y1: frame.top, y2: frame.bottom, class: "mark-line"});
    return [...taken, rule, text(at + 5, frame.top + 14, "expiry", {class: "tick"})].join("");
}

export function priceChart(story: Story): string {
    const left = {left: 52, right: 470, top: 26, bottom: 236};
    const right = {left: 580, right: 998, top: 26, bottom: 236};
    return svg(
        1040,
        262,
        "Prices of BTC and ETH",
        pricePanel(story, "BTC", left, "one"),
        markers(story, left),
        pricePanel(story, "ETH", right, "two"),
        markers(story, right),
    );
}

function auctionBands(one: AccountStory, x: Scale, {top, bottom}: Frame): string {
    const hours = [...new Set(one.slices.map(({time}) => Math.floor(time / 3600) * 3600))];
    return hours
        .map((hour) => tag("rect", {x: x(hour) - 2, y: top, width: 5, height: bottom - top, class: "band"}))
        .join("");
}

/** Equity against maintenance, for one account. */
export function accountChart(story: Story, one: AccountStory): string {
    const frame = {left: 44, right: 330, top: 10, bottom: 118};
    const samples = story.run.samples.get(one.id) ?? [];
    const values = samples.flatMap((sample) => [num(sample.equityE18), num(sample.maintenanceE18)]);
    const domain: [number, number] = [Math.min(0, ...values), Math.max(...values) * 1.08 || 1];
    const x = storyScale(story, frame);
    const y = linear(domain, [frame.bottom, frame.top]);
    const zero = y(0);
    const equity = samples.map((sample): Dot => [x(sample.time), y(num(sample.equityE18))]);
    const maintenance = samples.map((sample): Dot => [x(sample.time), y(num(sample.maintenanceE18))]);
    const initial = samples.map((sample): Dot => [x(sample.time), y(num(sample.initialE18))]);
    return svg(
        340,
        138,
        `Equity and maintenance requirement of ${one.id}`,
        dayAxis(spanOf(story), x, frame, 2),
        valueAxis(y, domain, frame),
        auctionBands(one, x, frame),
        area(maintenance, zero, "need"),
        line(maintenance, "need-line"),
        line(initial, "initial-line"),
        line(equity, "line one"),
        domain[0] < 0 ? tag("line", {x1: frame.left, x2: frame.right, y1: zero, y2: zero, class: "zero"}) : "",
    );
}

/** One auction: what is left of the book, slice by slice, with the price paid for each. */
export function auctionChart(one: AccountStory): string {
    const {slices} = one;
    const frame = {left: 40, right: 500, top: 26, bottom: 150};
    const width = Math.min(64, (frame.right - frame.left) / Math.max(slices.length, 1) - 8);
    const y = linear([0, 1], [frame.bottom, frame.top]);
    let left = 1;
    const bars = slices.map((slice, index) => {
        const x = frame.left + 8 + index * (width + 8);
        const before = left;
        const taken = before * num(slice.fractionE18);
        left -= taken;
        const price = num(slice.priceE18);
        const discount = num(slice.worthE18) - price;
        const label = new Date(slice.time * 1000).toISOString().slice(11, 16);
        return [
            tag("rect", {
                x,
                y: y(before),
                width,
                height: y(before - taken) - y(before),
                class: price < 0 ? "bar bad" : "bar one",
                rx: "2",
            }),
            tag("rect", {x, y: y(left), width, height: frame.bottom - y(left), class: "bar rest", rx: "2"}),
            text(x + width / 2, y(before) - 6, compact(price), {class: "tick mid strong"}),
            text(x + width / 2, frame.bottom + 13, label, {class: "tick mid"}),
            text(x + width / 2, frame.bottom + 26, compact(-discount), {class: "tick mid"}),
        ].join("");
    });
    const axis = [0, 0.5, 1].map((share) =>
        text(frame.left - 6, y(share) + 4, `${share * 100} %`, {class: "tick end"}),
    );
    const base = tag("line", {x1: frame.left, x2: frame.right, y1: frame.bottom, y2: frame.bottom, class: "zero"});
    return svg(510, 184, `Auction of ${one.id}`, ...axis, ...bars, base);
}

type Bar = {readonly label: string; readonly value: number; readonly css: string; readonly from: number};

/** What was lost on the left, who paid on the right. */
export function waterfallChart({books: {losses}}: Story): string {
    const owners = num(losses.ownersE18);
    const backstop = num(losses.backstopE18);
    const spread = num(losses.socialisedE18);
    const holes = num(losses.holesE18);
    const keepers = num(losses.keepersE18);
    const bars: Bar[] = [
        {label: "holes in insolvent books", value: holes, css: "bad", from: 0},
        {label: "paid to keepers", value: keepers, css: "warn", from: holes},
        {label: "from the owners", value: owners, css: "one", from: backstop + spread},
        {label: "from the backstop", value: backstop, css: "two", from: spread},
        {label: "written down over all cash", value: spread, css: "three", from: 0},
    ];
    const top = Math.max(holes + keepers, owners + backstop + spread, 1);
    const y = linear([0, top * 1.1], [210, 20]);
    const drawn = bars.map(({label, value, css, from}, index) => {
        const x = 60 + index * 190;
        const height = Math.max(y(from) - y(from + value), 1.5);
        const words = label.split(" ");
        const half = Math.ceil(words.length / 2);
        return [
            tag("rect", {x, y: y(from + value), width: 120, height, class: `bar ${css}`, rx: "3"}),
            text(x + 60, y(from + value) - 7, compact(value), {class: "value mid"}),
            text(x + 60, 230, words.slice(0, half).join(" "), {class: "tick mid"}),
            text(x + 60, 244, words.slice(half).join(" "), {class: "tick mid"}),
            index < bars.length - 1 && index !== 1
                ? tag("line", {
                      x1: x,
                      x2: x + 310,
                      y1: y(index === 0 ? holes : from),
                      y2: y(index === 0 ? holes : from),
                      class: "link",
                  })
                : "",
        ].join("");
    });
    const total = tag("line", {x1: 60, x2: 560, y1: y(holes + keepers), y2: y(holes + keepers), class: "link"});
    return svg(
        1040,
        252,
        "What was lost and who paid",
        total,
        ...drawn,
        tag("line", {x1: 40, x2: 1000, y1: 210, y2: 210, class: "zero"}),
    );
}

/** Isolated beside Scenario for some books. */
export function modelChart(comparisons: readonly Comparison[]): string {
    const most = Math.max(...comparisons.flatMap(({isolatedE18, equityE18}) => [num(isolatedE18), num(equityE18)]), 1);
    const x = linear([0, most * 1.08], [150, 990]);
    const rows = comparisons.map(({id, scenarioE18, isolatedE18, equityE18}, index) => {
        const y = 12 + index * 56;
        const pair = [
            {value: num(scenarioE18), css: "one", dy: 0},
            {value: num(isolatedE18), css: "three", dy: 20},
        ].map(
            ({value, css, dy}) =>
                tag("rect", {
                    x: x(0),
                    y: y + dy,
                    width: Math.max(x(value) - x(0), 1),
                    height: 16,
                    class: `bar ${css}`,
                    rx: "2",
                }) + text(x(value) + 6, y + dy + 12, compact(value), {class: "tick"}),
        );
        const equity = x(num(equityE18));
        const mark = tag("line", {x1: equity, x2: equity, y1: y - 4, y2: y + 40, class: "mark-line strong"});
        return [text(140, y + 22, id, {class: "title end"}), ...pair, mark].join("");
    });
    return svg(1040, 16 + comparisons.length * 56, "Maintenance under two models", ...rows);
}
