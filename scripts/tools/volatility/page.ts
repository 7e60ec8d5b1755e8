/** Writes the figures of docs/volatility.md between its marks, and its picture; what stands around the marks is written by hand. */
import {formatCut} from "../../sdk/index.js";
import {max} from "../../sdk/math/index.js";
import {replaceBlocks} from "../blocks.js";
import {replayChart} from "./chart.js";
import {replays} from "./replay.js";
import type {Point, Replay} from "./replay.js";

export const PAGE = "docs/volatility.md";
export const PICTURE = "docs/volatility.svg";

const HEAD = [
    "window, bitcoin",
    "greatest fall in 24 h",
    "volatility before it, after it",
    "first announcement",
    "first step",
    "range when the fall ended",
    "greatest range",
    "back at the floor",
];

const rowOf = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
const percent = (valueE18: bigint): string => `${formatCut(valueE18 * 100n, 18, 1)} %`;
const DAY = 86_400;
const MINUTES = 60_000;

const dateOf = (time: number): string =>
    new Date(Math.floor((time * 1000) / MINUTES) * MINUTES).toISOString().slice(5, 16).replace("T", " ");

/** Where the price had lost most within a day, and the moment a day before it. */
function worstOf(points: readonly Point[]): {readonly start: Point; readonly end: Point; readonly fallE18: bigint} {
    const within = points.findIndex(({time}) => time - (points[0]?.time ?? 0) >= DAY);
    const pairs = points.slice(within).map((end, index) => {
        const start = points[index] ?? end;
        return {start, end, fallE18: ((start.priceE18 - end.priceE18) * 10n ** 18n) / start.priceE18};
    });
    const [first, ...rest] = pairs;
    if (first === undefined) throw new Error("A window is longer than a day");
    return rest.reduce((worst, pair) => (pair.fallE18 > worst.fallE18 ? pair : worst), first);
}

function rowOfReplay({window, floorE18, points}: Replay): string {
    const {start, end, fallE18} = worstOf(points);
    const announced = points.find(({move}) => move === "ANNOUNCED");
    const risen = points.find(({rangeE18}) => rangeE18 > floorE18);
    const greatestE18 = max(0n, ...points.map(({rangeE18}) => rangeE18));
    const last = points.findLast(({rangeE18}) => rangeE18 > floorE18);
    const whenever = (point: Point | undefined): string => (point === undefined ? "none" : dateOf(point.time));
    return rowOf([
        window.name,
        `${percent(fallE18)}, to ${dateOf(end.time)}`,
        `${percent(start.volatilityE18)}, ${percent(end.volatilityE18)}`,
        whenever(announced),
        whenever(risen),
        percent(end.rangeE18),
        percent(greatestE18),
        whenever(last),
    ]);
}

/** Every block of the page by name. */
export const volatilityBlocks = (): Readonly<Record<string, string>> => ({
    replays: [rowOf(HEAD), rowOf(["---", ...HEAD.slice(1).map(() => "--:")]), ...replays().map(rowOfReplay)].join("\n"),
});

/** The page with its blocks written anew. */
export const withBlocks = (page: string): string => replaceBlocks(PAGE, page, volatilityBlocks());

export const picture = (): string => replayChart(replays());
