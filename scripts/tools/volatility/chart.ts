/** The picture of the replays, one panel each. Numbers here are for drawing only. */
import {dayAxis, timeScale, valueAxis} from "../../shared/report/axes.js";
import type {Frame} from "../../shared/report/axes.js";
import {PALETTE} from "../../shared/report/style.js";
import {compact, line, linear, tag, text} from "../../shared/report/svg.js";
import type {Dot} from "../../shared/report/svg.js";
import type {Point, Replay} from "./replay.js";

const WIDTH = 1040;
const HEIGHT = 372;
const GAP = 340;
const LEFT = 58;
const PANEL = 280;
const TOP = 74;
const MIDDLE = 190;
const LOWER = 222;
const BOTTOM = 334;
const RANGES = [0.14, 0.3] as const;
const DAYS_NAMED = 7;
/** A point in two hours is enough for the eye. */
const EVERY = 12;
const SCALE = 1e18;

const STYLE = `${PALETTE}
text{font:11px system-ui,-apple-system,"Segoe UI",sans-serif;fill:var(--ink)}.back{fill:var(--card)}.tick{fill:var(--soft)}.end{text-anchor:end}.head{font-size:15px;font-weight:600}.title{font-size:12px;font-weight:600}
.grid{stroke:var(--line)}.price{stroke:var(--soft);stroke-width:1.2}.wanted{stroke:var(--warn);stroke-dasharray:3 3}.range{stroke:var(--one);stroke-width:2}`;

const percent = (value: number): string => `${Math.round(value * 100)} %`;

function panel({window, points}: Replay, place: number): string {
    const left = LEFT + place * GAP;
    const upper: Frame = {left, right: left + PANEL, top: TOP, bottom: MIDDLE};
    const lower: Frame = {...upper, top: LOWER, bottom: BOTTOM};
    const shown = points.filter((_, index) => index % EVERY === 0);
    const span = {from: shown[0]?.time ?? 0, to: shown.at(-1)?.time ?? 0};
    const x = timeScale(span, upper);
    const prices = shown.map(({priceE18}) => Number(priceE18) / SCALE);
    const bounds = [Math.min(...prices), Math.max(...prices)] as const;
    const yPrice = linear(bounds, [MIDDLE, TOP]);
    const yRange = linear(RANGES, [BOTTOM, LOWER]);
    const dots = (valueOf: (point: Point) => number): Dot[] => shown.map((one) => [x(one.time), valueOf(one)]);
    return [
        text(left, TOP - 12, window.name, {class: "title"}),
        dayAxis(span, x, {...upper, bottom: BOTTOM}, DAYS_NAMED),
        valueAxis(yPrice, bounds, upper, 3, compact),
        valueAxis(yRange, RANGES, lower, 4, percent),
        line(
            dots(({priceE18}) => yPrice(Number(priceE18) / SCALE)),
            "price",
        ),
        line(
            dots(({wantedE18}) => yRange(Number(wantedE18) / SCALE)),
            "wanted",
        ),
        line(
            dots(({rangeE18}) => yRange(Number(rangeE18) / SCALE)),
            "range",
        ),
    ].join("");
}

export function replayChart(replays: readonly Replay[]): string {
    const attributes = {
        xmlns: "http://www.w3.org/2000/svg",
        viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
        width: WIDTH,
        height: HEIGHT,
        role: "img",
        "aria-label": "Bitcoin's price and the price range of its scenarios through three crashes",
    };
    const head = "Bitcoin, and the price range of its scenarios: what volatility asks for (dashed), what stands";
    const parts = [
        tag("style", {}, STYLE),
        tag("rect", {width: WIDTH, height: HEIGHT, class: "back"}),
        text(20, 28, head, {class: "head"}),
        ...replays.map(panel),
    ];
    return `${tag("svg", attributes, ...parts)}\n`;
}
