/** The picture of the figures: gas by positions, both axes in equal factors. Numbers here are for drawing only. */
import type {Frame} from "../../shared/report/axes.js";
import {PALETTE} from "../../shared/report/style.js";
import {compact, line, logarithmic, tag, text} from "../../shared/report/svg.js";
import type {Dot, Scale} from "../../shared/report/svg.js";
import {TITLES} from "./describe.js";
import type {Figure} from "./figures.js";
import type {Name} from "./measure.js";
import {MANAGERS, peerGas} from "./peers.js";
import type {Manager} from "./peers.js";

const WIDTH = 1040;
const HEIGHT = 600;
const COLUMNS = 3;
const CELL = {width: 340, height: 274};
const MARGIN = {left: 52, right: 10, top: 34, bottom: 34};
const ORIGIN = {x: 14, y: 44};
const COUNTS = [1, 2, 4, 8, 16, 32, 64];
const LINES = [1e4, 3e4, 1e5, 3e5, 1e6, 3e6, 1e7, 3e7];
/** The picture begins at the highest of these that lies below every figure. */
const FLOORS = [1e5, 3e4, 1e4];
const TOP = 3e7;
/** The most that one transaction may use on Ethereum (EIP-7825). */
const CAP = 2 ** 24;

type Series = {readonly css: string; readonly label: string; readonly dots: readonly (readonly [number, number])[]};

const PANELS: readonly (readonly [title: string, names: readonly Name[]])[] = [
    ["margin check", ["assess", "witness", "acceptEarly"]],
    [TITLES.fill2, ["fill2"]],
    [TITLES.withdraw, ["withdraw"]],
    [TITLES.start, ["start"]],
    [TITLES.take, ["take"]],
];

const OWN_CSS: Readonly<Record<Name, string>> = {
    assess: "one",
    witness: "one dashed",
    acceptEarly: "one dotted",
    withdraw: "one",
    fill2: "one",
    start: "one dashed",
    take: "one",
};
const PEER_CSS: Readonly<Record<Manager, string>> = {PMRM: "warn", PMRM_2: "bad"};

const STYLE = `${PALETTE}
text{font:11px system-ui,-apple-system,"Segoe UI",sans-serif;fill:var(--ink)}.back{fill:var(--card)}.tick{fill:var(--soft)}.end{text-anchor:end}.mid{text-anchor:middle}
.head{font-size:15px;font-weight:600}.title{font-size:12.5px;font-weight:600}.grid{stroke:var(--line)}.cap{stroke:var(--soft);stroke-dasharray:4 3}
.line{stroke-width:1.8;stroke-linejoin:round}.dashed{stroke-dasharray:6 4}.dotted{stroke-dasharray:2 3}
.line.one{stroke:var(--one)}.line.warn{stroke:var(--warn)}.line.bad{stroke:var(--bad)}.dot.one{fill:var(--one)}.dot.warn{fill:var(--warn)}.dot.bad{fill:var(--bad)}`;

/** Books of one expiry; the peer was measured on no others. */
function seriesOf(figures: readonly Figure[], names: readonly Name[]): Series[] {
    const own = names.map((name) => ({
        css: OWN_CSS[name],
        label: `Ballast, ${TITLES[name]}`,
        dots: figures
            .filter((figure) => figure.name === name && figure.expiries === 1 && figure.underlyings === 1)
            .map(({positions, gas}) => [positions, gas] as const),
    }));
    const peers = (["PMRM", "PMRM_2"] as const).map((manager) => ({
        css: PEER_CSS[manager],
        label: MANAGERS[manager],
        dots: COUNTS.flatMap((positions) => {
            const found = names.map((name) => peerGas(name, {positions, expiries: 1, underlyings: 1}, manager));
            return found.flatMap((gas) => (gas === undefined ? [] : [[positions, gas] as const]));
        }),
    }));
    return [...own, ...peers].filter(({dots}) => dots.length > 0);
}

function axes(x: Scale, y: Scale, {left, right, top, bottom}: Frame): string {
    const rows = LINES.filter((gas) => y(gas) <= bottom).map(
        (gas) =>
            tag("line", {x1: left, x2: right, y1: y(gas), y2: y(gas), class: "grid"}) +
            text(left - 6, y(gas) + 4, compact(gas), {class: "tick end"}),
    );
    const columns = COUNTS.map(
        (count) =>
            tag("line", {x1: x(count), x2: x(count), y1: top, y2: bottom, class: "grid"}) +
            text(x(count), bottom + 15, String(count), {class: "tick mid"}),
    );
    const cap = tag("line", {x1: left, x2: right, y1: y(CAP), y2: y(CAP), class: "cap"});
    return [...rows, ...columns, cap].join("");
}

const stroke = ({css, dots}: Series, x: Scale, y: Scale): string => {
    const places = dots.map(([count, gas]): Dot => [x(count), y(gas)]);
    const [color = ""] = css.split(" ");
    const marks = places.map(([cx, cy]) => tag("circle", {cx, cy, r: 2.6, class: `dot ${color}`}));
    return line(places, `line ${css}`) + marks.join("");
};

function frameOf(place: number): Frame {
    const left = ORIGIN.x + (place % COLUMNS) * CELL.width;
    const top = ORIGIN.y + Math.floor(place / COLUMNS) * CELL.height;
    return {
        left: left + MARGIN.left,
        right: left + CELL.width - MARGIN.right,
        top: top + MARGIN.top,
        bottom: top + CELL.height - MARGIN.bottom,
    };
}

function panel(figures: readonly Figure[], title: string, names: readonly Name[], frame: Frame): string {
    const least = Math.min(...figures.map(({gas}) => gas));
    const floor = FLOORS.find((one) => one <= least) ?? 1;
    const x = logarithmic([COUNTS[0] ?? 1, COUNTS.at(-1) ?? 1], [frame.left, frame.right - 6]);
    const y = logarithmic([floor, TOP], [frame.bottom, frame.top]);
    return [
        axes(x, y, frame),
        text(frame.left, frame.top - 10, title, {class: "title"}),
        ...seriesOf(figures, names).map((one) => stroke(one, x, y)),
    ].join("");
}

/** What the strokes mean, in the cell that is left. */
function legend({left, top}: Frame): string {
    const entries = [
        ["one", "Ballast, 24 scenarios"],
        ["one dashed", "Ballast, by witness"],
        ["one dotted", "Ballast, accepted early"],
        [PEER_CSS.PMRM, MANAGERS.PMRM],
        [PEER_CSS.PMRM_2, MANAGERS.PMRM_2],
        ["cap", "the most that one transaction may use"],
    ] as const;
    return entries
        .map(([css, words], place) => {
            const y = top + 18 + place * 24;
            const dots: Dot[] = [
                [left, y],
                [left + 34, y],
            ];
            return line(dots, css === "cap" ? css : `line ${css}`) + text(left + 44, y + 4, words);
        })
        .join("");
}

export function chart(figures: readonly Figure[]): string {
    const panels = PANELS.map(([title, names], place) => panel(figures, title, names, frameOf(place)));
    const attributes = {
        xmlns: "http://www.w3.org/2000/svg",
        viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
        width: WIDTH,
        height: HEIGHT,
        role: "img",
        "aria-label": "Gas by positions, Ballast beside Derive",
    };
    const parts = [
        tag("style", {}, STYLE),
        tag("rect", {width: WIDTH, height: HEIGHT, class: "back"}),
        text(ORIGIN.x + 6, 28, "Gas by positions, options of one expiry; both axes logarithmic", {class: "head"}),
        ...panels,
        legend(frameOf(PANELS.length)),
    ];
    return `${tag("svg", attributes, ...parts)}\n`;
}
