/**
 * Draws `docs/architecture.svg`. Rooms are bands from the highest layer down, their area in proportion to lines of code. An arrow on
 * the right goes down, from a room to one that it imports; an arrow on the left, in red, would go up, and there must be none.
 */
import type {Arrow, Half, Room, RoomFile} from "./architecture.js";
import {factsOf} from "./architecture.js";
import {treemap} from "./treemap.js";
import type {Box} from "./treemap.js";

const BAND_WIDTH = 470;
const GUTTER_LEFT = 44;
const GUTTER_RIGHT = 150;
const HALF_WIDTH = GUTTER_LEFT + BAND_WIDTH + GUTTER_RIGHT;
const TOP = 132;
const GAP = 16;
const TITLE_HEIGHT = 26;
const MIN_BAND = 62;
const PORT = 9;
const MARGIN = 24;
const TALLEST_HALF = 980;
const UPWARD = "#d1242f";

/** What each room is for, in a few words. */
const PURPOSE: Readonly<Record<string, string>> = {
    "contracts/types": "words and units",
    "contracts/libraries": "arithmetic, encoding",
    "contracts/interfaces": "what each room promises",
    "contracts/risk": "is it enough?",
    "contracts/oracle": "what is it worth?",
    "contracts/core": "who put in what, who owes whom",
    "contracts/liquidation": "what if it is not enough?",
    "contracts/periphery": "read-only views",
    "contracts/settlement": "expiry and batches",
    "contracts/crosschain": "messages between chains",
    "contracts/proofs": "verifiers",
    "scripts/sdk": "pure: ids, quotes, risk twin",
    "scripts/shared": "config, logs, errors",
    "scripts/chain": "reads and writes the chain",
    "scripts/keeper": "finds and closes short books",
    "scripts/oracle": "publishes surfaces",
    "scripts/simulators": "replays and stress",
    "scripts/cli": "npx ballast",
    "scripts/node": "npm start",
    "scripts/demo": "npm run demo",
    "scripts/tools": "generators and checks",
};

const CAPTION: Readonly<Record<string, string>> = {
    contracts: "Solidity, on chain",
    scripts: "TypeScript, off chain; meets the contracts through their ABI only",
};

type Band = Room & Box & {readonly colour: string};
type Port = {readonly arrow: Arrow; readonly y: number};

const round = (value: number): string => String(Math.round(value * 10) / 10);
const escape = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? "" : "s"}`;

/** Hues spread over the circle, so that neighbouring bands differ. */
const colourOf = (index: number): string => `hsl(${(205 + index * 47) % 360} 52% 42%)`;

function text(x: number, y: number, content: string, attributes = ""): string {
    return `<text x="${round(x)}" y="${round(y)}" ${attributes}>${escape(content)}</text>`;
}

function layOut(half: Half, left: number, pixelsPerLine: number): Band[] {
    let y = TOP;
    return half.rooms.map((room, index) => {
        const ports = half.arrows.filter(({from, to}) => from === room.name || to === room.name).length;
        const height = Math.max(MIN_BAND, TITLE_HEIGHT + room.weight * pixelsPerLine, (ports + 1) * PORT);
        const band = {...room, x: left + GUTTER_LEFT, y, width: BAND_WIDTH, height, colour: colourOf(index)};
        y += height + GAP;
        return band;
    });
}

/** The name of a file and its lines, upright if they fit, else along the longer side, else not at all. */
function label({x, y, width, height, item}: Box & {item: RoomFile}): string {
    const name = item.name.split("/").at(-1) ?? item.name;
    const sizeFor = (length: number): number | undefined =>
        [11, 9.5, 8].find((size) => length > name.length * size * 0.61 + 8);
    const centre = {x: x + width / 2, y: y + height / 2};
    const upright = sizeFor(width);
    if (upright !== undefined && height >= upright + 4) {
        const hasRoomBelow = height >= 30;
        const middle = centre.y + (hasRoomBelow ? -2 : 3.5);
        const lines = hasRoomBelow ? text(centre.x, middle + 12, String(item.weight), `class="lines"`) : "";
        return text(centre.x, middle, name, `class="file" font-size="${upright}"`) + lines;
    }
    const turned = sizeFor(height);
    if (turned === undefined || width < turned + 4) return "";
    const turn = `transform="rotate(-90 ${round(centre.x)} ${round(centre.y)})"`;
    return text(centre.x, centre.y + 3.5, name, `class="file" font-size="${turned}" ${turn}`);
}

function drawCell(cell: Box & {item: RoomFile}, colour: string): string {
    const side = (length: number): string => round(Math.max(1, length - 2));
    return (
        `<rect x="${round(cell.x + 1)}" y="${round(cell.y + 1)}" width="${side(cell.width)}" height="${side(cell.height)}" ` +
        `rx="2.5" fill="${colour}" fill-opacity="0.17">` +
        `<title>${escape(cell.item.name)}: ${plural(cell.item.weight, "line")}</title></rect>${label(cell)}`
    );
}

function drawBand(band: Band, folder: string): string {
    const {x, y, width, height, colour, name, files, weight} = band;
    const inner = {x: x + 4, y: y + TITLE_HEIGHT, width: width - 8, height: height - TITLE_HEIGHT - 4};
    const purpose = PURPOSE[`${folder}/${name}`] ?? "";
    return [
        `<rect x="${x}" y="${round(y)}" width="${width}" height="${round(height)}" rx="7" fill="#ffffff" stroke="${colour}" stroke-width="1.4"/>`,
        `<text x="${x + 11}" y="${round(y + 18)}"><tspan class="room" fill="${colour}">${name}/</tspan>` +
            `<tspan class="purpose" dx="9">${escape(purpose)}</tspan></text>`,
        text(x + width - 10, y + 18, `${plural(files.length, "file")} · ${weight} lines`, `class="total"`),
        ...treemap(files, inner).map((cell) => drawCell(cell, colour)),
    ].join("\n");
}

/** Ports on one side of a band: arrivals above departures, ordered so that arrows of one room nest and never cross. */
function portsOf(band: Band, arrows: readonly Arrow[], bands: readonly Band[]): Port[] {
    const place = (name: string): number => bands.findIndex((other) => other.name === name);
    const own = place(band.name);
    const distance = (arrow: Arrow): number => Math.abs(place(arrow.from === band.name ? arrow.to : arrow.from) - own);
    const above = (arrow: Arrow): boolean => place(arrow.from === band.name ? arrow.to : arrow.from) < own;
    const touching = arrows.filter(({from, to}) => from === band.name || to === band.name);
    const ordered = [
        ...touching.filter(above).sort((a, b) => distance(a) - distance(b)),
        ...touching.filter((arrow) => !above(arrow)).sort((a, b) => distance(b) - distance(a)),
    ];
    const step = Math.min(14, band.height / (ordered.length + 1));
    const first = band.y + band.height / 2 - ((ordered.length - 1) * step) / 2;
    return ordered.map((arrow, index) => ({arrow, y: first + index * step}));
}

function drawArrows(bands: readonly Band[], arrows: readonly Arrow[], side: "left" | "right"): string {
    const ports = new Map(bands.map((band) => [band.name, portsOf(band, arrows, bands)]));
    const furthest = Math.max(1, bands.length - 1);
    return arrows
        .map((arrow) => {
            const from = bands.find(({name}) => name === arrow.from);
            const start = ports.get(arrow.from)?.find((port) => port.arrow === arrow);
            const end = ports.get(arrow.to)?.find((port) => port.arrow === arrow);
            if (from === undefined || start === undefined || end === undefined) return "";
            const span = Math.abs(bands.indexOf(from) - bands.findIndex(({name}) => name === arrow.to));
            const room = (side === "right" ? GUTTER_RIGHT : GUTTER_LEFT) - 18;
            const reach = 26 + ((room - 26) * span) / furthest;
            const direction = side === "right" ? 1 : -1;
            const edge = side === "right" ? from.x + from.width : from.x;
            const bend = edge + direction * reach * 1.25;
            const tip = edge + direction * 6;
            const colour = arrow.isUpward ? UPWARD : from.colour;
            const strokeWidth = round(1 + Math.log2(arrow.count + 1) * 0.55);
            const path = `M${edge} ${round(start.y)} C${round(bend)} ${round(start.y)} ${round(bend)} ${round(end.y)} ${round(tip)} ${round(end.y)}`;
            const head = `M${edge + direction} ${round(end.y)} l${direction * 7} -3.6 v7.2 z`;
            const title = `${arrow.from} imports ${arrow.to}: ${plural(arrow.count, "statement")}`;
            return (
                `<path d="${path}" fill="none" stroke="${colour}" stroke-width="${strokeWidth}" stroke-opacity="0.72"><title>${title}</title></path>` +
                `<path d="${head}" fill="${colour}"/>`
            );
        })
        .join("\n");
}

function drawHalf(half: Half, left: number, pixelsPerLine: number): {readonly svg: string; readonly bottom: number} {
    const bands = layOut(half, left, pixelsPerLine);
    const total = bands.reduce((lines, {weight}) => lines + weight, 0);
    const x = left + GUTTER_LEFT;
    const svg = [
        text(x, TOP - 34, `${half.folder}/`, `class="half"`),
        text(x + BAND_WIDTH, TOP - 34, `${total} lines of code`, `class="total"`),
        text(x, TOP - 14, CAPTION[half.folder] ?? "", `class="purpose"`),
        ...bands.map((band) => drawBand(band, half.folder)),
        drawArrows(
            bands,
            half.arrows.filter((arrow) => !arrow.isUpward),
            "right",
        ),
        drawArrows(
            bands,
            half.arrows.filter((arrow) => arrow.isUpward),
            "left",
        ),
    ].join("\n");
    return {svg, bottom: Math.max(...bands.map(({y, height}) => y + height), TOP)};
}

const STYLE = `text{font-family:system-ui,"Segoe UI",Helvetica,Arial,sans-serif;fill:#24292f}
.title{font-size:22px;font-weight:650}.half{font-size:17px;font-weight:650}.room{font-size:13.5px;font-weight:650}
.purpose{font-size:11.5px;fill:#57606a}.total{font-size:11px;fill:#57606a;text-anchor:end}
.file{font-family:ui-monospace,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace;text-anchor:middle}
.lines{font-size:8.5px;fill:#57606a;text-anchor:middle}`;

export function drawArchitecture(halves: readonly Half[]): string {
    const tallest = Math.max(1, ...halves.map(({rooms}) => rooms.reduce((lines, {weight}) => lines + weight, 0)));
    const drawn = halves.map((half, index) =>
        drawHalf(half, MARGIN + index * (HALF_WIDTH + 10), TALLEST_HALF / tallest),
    );
    const width = MARGIN * 2 + halves.length * HALF_WIDTH + 10;
    const height = Math.ceil(Math.max(...drawn.map(({bottom}) => bottom)) + MARGIN);
    const upward = halves.flatMap(({arrows}) => arrows).filter((arrow) => arrow.isUpward).length;
    const verdict = upward === 0 ? "No arrow points up." : `${plural(upward, "arrow")} pointing up, drawn in red.`;
    const legend =
        "Area = lines of code. An arrow on the right runs from a room down to one that it imports; thicker = more imports. ";
    return [
        `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="Rooms of the repository and what imports what">`,
        `<metadata>${escape(factsOf(halves))}</metadata>`,
        `<style>${STYLE}</style>`,
        `<rect width="${width}" height="${height}" fill="#fbfcfd"/>`,
        text(MARGIN + GUTTER_LEFT, 40, "Ballast: rooms and what they import", `class="title"`),
        `<text x="${MARGIN + GUTTER_LEFT}" y="62" class="purpose">${legend}` +
            `<tspan${upward === 0 ? "" : ` style="fill:${UPWARD};font-weight:650"`}>${verdict}</tspan></text>`,
        ...drawn.map(({svg}) => svg),
        "</svg>\n",
    ].join("\n");
}
