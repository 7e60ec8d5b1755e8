/** The pictures of the report. Numbers here are for drawing only. */
import {valueAxis} from "../../../shared/report/axes.js";
import type {Frame} from "../../../shared/report/axes.js";
import {area, line, linear, svg, tag, text} from "../../../shared/report/svg.js";
import type {Dot} from "../../../shared/report/svg.js";
import type {Outcome} from "../outcome.js";
import {mean} from "../statistics.js";
import {timelineAxis, timelineOf} from "./timeline.js";
import type {Piece, Timeline} from "./timeline.js";

const percent = (share: number): string => `${(share * 100).toFixed(1).replace(/\.0$/, "")} %`;

const ROW = 18;
const RATIO_WIDTH = 1040;

/** Worst loss over requirement, strategy by strategy; the rule is where the requirement is used up. */
export function ratioChart(outcomes: readonly Outcome[]): string {
    const most = Math.max(1.1, ...outcomes.map(({worstRatio}) => worstRatio));
    const x = linear([0, most * 1.06], [250, RATIO_WIDTH - 20]);
    const height = outcomes.length * ROW + 8;
    const rows = outcomes.map(({tally, worstRatio}, place) => {
        const y = 4 + place * ROW;
        const css = worstRatio > 1 ? "bad" : "one";
        return [
            text(242, y + 12, tally.title, {class: "tick end strong"}),
            tag("rect", {x: x(0), y: y + 2, width: Math.max(x(worstRatio) - x(0), 1), height: 12, class: `bar ${css}`}),
            text(x(Math.max(worstRatio, 0)) + 5, y + 12, worstRatio.toFixed(2), {class: "tick"}),
        ].join("");
    });
    const rule = tag("line", {x1: x(1), x2: x(1), y1: 0, y2: height, class: "mark-line strong"});
    return svg(RATIO_WIDTH, height, "Worst loss over maintenance requirement", ...rows, rule);
}

/** Exceedances by strategy and time, for those that have any. */
export function exceedanceChart(outcomes: readonly Outcome[], pieces: readonly Piece[]): string {
    const shown = outcomes.filter(({exceedances}) => exceedances > 0);
    const frame = {left: 250, right: 1020, top: 4, bottom: 4 + Math.max(shown.length, 1) * ROW};
    const timeline = timelineOf(pieces, frame);
    const rows = shown.map(({tally, exceedances}, place) => {
        const y = frame.top + place * ROW + ROW / 2;
        const places = tally.times.flatMap((time, i) =>
            tally.exceeded[i] === true ? [Math.round(timeline.x(time))] : [],
        );
        const marks = [...new Set(places)].map((at) =>
            tag("line", {x1: at, x2: at, y1: y - 6, y2: y + 6, class: "hit"}),
        );
        const name = text(frame.left - 8, y + 4, `${tally.title}  ${exceedances}`, {class: "tick end strong"});
        return [name, ...marks].join("");
    });
    const none = shown.length === 0 ? text(frame.left + 8, frame.bottom - 5, "none", {class: "tick"}) : "";
    return svg(1040, frame.bottom + 20, "Exceedances in time", timelineAxis(timeline, frame), ...rows, none);
}

type Bin = {readonly x: number; readonly loss: number; readonly need: number; readonly hits: number};

const BINS = 160;

/** Neighbouring periods of one piece drawn as one: the largest loss, the mean requirement. */
function binsOf({tally}: Outcome, {pieces, x}: Timeline, {left, right}: Frame): Bin[][] {
    const width = (right - left) / BINS;
    return pieces.map((piece) => {
        const places = new Map<number, number[]>();
        tally.times.forEach((time, i) => {
            if (time < piece.from || time > piece.to) return;
            const bin = Math.floor((x(time) - left) / width);
            places.set(bin, [...(places.get(bin) ?? []), i]);
        });
        return [...places].map(([bin, own]) => ({
            x: left + (bin + 0.5) * width,
            loss: Math.max(0, ...own.map((i) => tally.losses[i] ?? 0)),
            need: mean(own.map((i) => tally.needs[i] ?? 0)),
            hits: own.filter((i) => tally.exceeded[i] === true).length,
        }));
    });
}

/** Realised loss against the requirement of one strategy, as shares of the gross notional. */
export function strategyChart(outcome: Outcome, pieces: readonly Piece[]): string {
    const frame = {left: 46, right: 334, top: 8, bottom: 112};
    const timeline = timelineOf(pieces, frame);
    const runs = binsOf(outcome, timeline, frame);
    const top = Math.max(0.001, ...runs.flat().flatMap(({loss, need}) => [loss, need])) * 1.08;
    const y = linear([0, top], [frame.bottom, frame.top]);
    const drawn = runs.map((bins) => {
        const needs = bins.map((bin): Dot => [bin.x, y(bin.need)]);
        const losses = bins.map((bin): Dot => [bin.x, y(bin.loss)]);
        const hits = bins.filter(({hits: count}) => count > 0);
        return [
            area(needs, frame.bottom, "need"),
            line(needs, "need-line"),
            line(losses, "loss-line"),
            ...hits.map((bin) => tag("circle", {cx: bin.x, cy: y(bin.loss), r: 2.6, class: "mark bad"})),
        ].join("");
    });
    const axes = valueAxis(y, [0, top], frame, 3, percent) + timelineAxis(timeline, frame);
    return svg(340, 130, `Loss against requirement of ${outcome.tally.title}`, axes, ...drawn);
}
