/** Axes of a chart: round figures on the left, days below. */
import {compact, linear, tag, text, ticks} from "./svg.js";
import type {Scale} from "./svg.js";

const DAY = 86_400;

export type Frame = {readonly left: number; readonly right: number; readonly top: number; readonly bottom: number};

export const dayLabel = (time: number): string =>
    new Date(time * 1000).toLocaleDateString("en-GB", {day: "numeric", month: "short", timeZone: "UTC"});

export function valueAxis(
    y: Scale,
    [low, high]: readonly [number, number],
    {left, right}: Frame,
    count = 4,
    label: (value: number) => string = compact,
): string {
    return ticks(low, high, count)
        .map(
            (value) =>
                tag("line", {x1: left, x2: right, y1: y(value), y2: y(value), class: "grid"}) +
                text(left - 6, y(value) + 4, label(value), {class: "tick end"}),
        )
        .join("");
}

export type Span = {readonly from: number; readonly to: number};

export const timeScale = ({from, to}: Span, {left, right}: Frame): Scale => linear([from, to], [left, right]);

/** A rule per day, every so many of them named. */
export function dayAxis({from, to}: Span, x: Scale, {top, bottom}: Frame, every = 1): string {
    const parts: string[] = [];
    for (let time = Math.ceil(from / DAY) * DAY, day = 0; time <= to; time += DAY, day++) {
        parts.push(tag("line", {x1: x(time), x2: x(time), y1: top, y2: bottom, class: "grid"}));
        const isLast = time + DAY > to;
        if (day % every === 0 && !isLast) parts.push(text(x(time) + 4, bottom + 14, dayLabel(time), {class: "tick"}));
    }
    return parts.join("");
}
