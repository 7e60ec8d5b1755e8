/** One axis for stretches that lie years apart: each as wide as it is long, the gaps between them left out. */
import type {Frame} from "../../../shared/report/axes.js";
import {tag, text} from "../../../shared/report/svg.js";
import type {Stretch} from "../backtest.js";

export type Piece = {readonly from: number; readonly to: number};

/** Stretches of all universes, overlapping ones joined. */
export function piecesOf(stretches: readonly Stretch[]): Piece[] {
    const sorted = [...stretches].sort((one, other) => one.from - other.from);
    return sorted.reduce<Piece[]>((pieces, {from, to}) => {
        const last = pieces.at(-1);
        if (last === undefined || from > last.to) return [...pieces, {from, to}];
        return [...pieces.slice(0, -1), {from: last.from, to: Math.max(last.to, to)}];
    }, []);
}

export type Timeline = {
    readonly pieces: readonly (Piece & {readonly left: number; readonly right: number})[];
    readonly x: (time: number) => number;
};

export function timelineOf(pieces: readonly Piece[], {left, right}: Frame): Timeline {
    const total = pieces.reduce((sum, {from, to}) => sum + to - from, 0) || 1;
    let at = left;
    const placed = pieces.map((piece) => {
        const start = at;
        at += ((piece.to - piece.from) / total) * (right - left);
        return {...piece, left: start, right: at};
    });
    return {
        pieces: placed,
        x: (time) => {
            const piece = placed.find(({to}) => time <= to) ?? placed.at(-1);
            if (piece === undefined) return left;
            const share = Math.max(0, (time - piece.from) / (piece.to - piece.from || 1));
            return piece.left + Math.min(share, 1) * (piece.right - piece.left);
        },
    };
}

const LEAST_LABEL = 60;

const monthOf = (time: number): string =>
    new Date(time * 1000).toLocaleDateString("en-GB", {month: "short", year: "numeric", timeZone: "UTC"});

/** A rule where one stretch ends and the next begins, and the month of those that are wide enough. */
export function timelineAxis({pieces}: Timeline, {top, bottom}: Frame): string {
    return pieces
        .map(({from, left, right}) => {
            const rule = tag("line", {x1: left, x2: left, y1: top, y2: bottom, class: "grid"});
            const isWide = right - left >= LEAST_LABEL;
            return rule + (isWide ? text(left + 4, bottom + 13, monthOf(from), {class: "tick"}) : "");
        })
        .join("");
}
