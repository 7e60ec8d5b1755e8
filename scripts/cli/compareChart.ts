/** The picture of a comparison, a row per venue. Numbers here are for drawing only. */
import type {Comparison, VenueResult} from "../sdk/venues/index.js";
import {PALETTE} from "../shared/report/style.js";
import {compact, linear, tag, text, ticks} from "../shared/report/svg.js";
import type {Scale} from "../shared/report/svg.js";
import {percentText} from "./describeCompare.js";

const WIDTH = 860;
const LEFT = 190;
const RIGHT = 740;
const TOP = 70;
const ROW = 34;
const BAR = 11;
const FOOT = 34;

const STYLE = `${PALETTE}
text{font:12px system-ui,-apple-system,"Segoe UI",sans-serif;fill:var(--ink)}.back{fill:var(--card)}.tick{fill:var(--soft)}.end{text-anchor:end}.mid{text-anchor:middle}
.head{font-size:15px;font-weight:600}.grid{stroke:var(--line)}.initial{fill:var(--rest)}.maintenance{fill:var(--soft)}.own .maintenance{fill:var(--one)}.own text{font-weight:600}.equity{stroke:var(--bad);stroke-dasharray:4 3}`;

function row(venue: VenueResult, place: number, x: Scale): string {
    const y = TOP + place * ROW + ROW / 2;
    const bar = (css: string, value: string, top: number): string =>
        tag("rect", {x: LEFT, y: top, width: Math.max(x(Number(value)) - LEFT, 0), height: BAR, class: css});
    const figure = `${compact(Number(venue.initialMargin))} / ${compact(Number(venue.maintenanceMargin))}`;
    return tag(
        "g",
        {class: place === 0 ? "own" : "venue"},
        text(LEFT - 10, y + 4, venue.name, {class: "end"}),
        bar("initial", venue.initialMargin, y - BAR),
        bar("maintenance", venue.maintenanceMargin, y),
        text(x(Number(venue.initialMargin)) + 8, y + 4, `${figure}, ${percentText(venue.ofScenario)}`),
    );
}

/** Requirements from 0 up; a dashed line where the account's equity stands, if it is in sight. */
export function compareChart({venues, equity}: Comparison): string {
    const most = Math.max(1, ...venues.map(({initialMargin}) => Number(initialMargin)));
    const x = linear([0, most], [LEFT, RIGHT - 40]);
    const end = TOP + venues.length * ROW;
    const height = end + FOOT;
    const lines = ticks(0, most, 5).map(
        (value) =>
            tag("line", {x1: x(value), x2: x(value), y1: TOP, y2: end, class: "grid"}) +
            text(x(value), end + 18, compact(value), {class: "tick mid"}),
    );
    const own = Number(equity);
    const limit =
        own <= 0 || own > most
            ? ""
            : tag("line", {x1: x(own), x2: x(own), y1: TOP - 8, y2: end, class: "equity"}) +
              text(x(own), TOP - 12, "equity", {class: "tick mid"});
    const attributes = {
        xmlns: "http://www.w3.org/2000/svg",
        viewBox: `0 0 ${WIDTH} ${height}`,
        width: WIDTH,
        height,
        role: "img",
        "aria-label": "Initial and maintenance requirement of one book at several venues",
    };
    const parts = [
        tag("style", {}, STYLE),
        tag("rect", {width: WIDTH, height, class: "back"}),
        text(20, 28, "Initial (light) and maintenance requirement, USD; initial against Ballast's", {class: "head"}),
        ...lines,
        ...venues.map((venue, place) => row(venue, place, x)),
        limit,
    ];
    return `${tag("svg", attributes, ...parts)}\n`;
}
