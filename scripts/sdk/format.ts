/** Figures and times for people to read. Rounding here is for the eye only; nothing is decided on these strings. */
import {formatFixed} from "./units.js";

const THOUSANDS = /\B(?=(\d{3})+(?!\d))/g;

/** An integer of `decimals` places, cut (not rounded) after `places`, with separators: `-1,234.56`. */
export function formatCut(value: bigint, decimals: number, places: number): string {
    const exact = formatFixed(value < 0n ? -value : value, decimals);
    const [whole = "0", fraction = ""] = exact.split(".");
    const shown = fraction.slice(0, places).padEnd(places, "0");
    const figure = `${whole.replace(THOUSANDS, ",")}${places > 0 ? `.${shown}` : ""}`;
    return value < 0n && /[1-9]/.test(figure) ? `-${figure}` : figure;
}

/** 18 decimals, cut after two places. */
export const formatUsd = (valueE18: bigint, places = 2): string => formatCut(valueE18, 18, places);

/** `2020-03-13T08:00:00Z`. */
export const formatTime = (seconds: number | bigint): string =>
    new Date(Number(seconds) * 1000).toISOString().replace(".000Z", "Z");

/** `2h 5m`, `45s`, `3d 0h`: the two largest parts of a duration. */
export function formatDuration(seconds: number | bigint): string {
    const total = Number(seconds);
    const parts: [number, string][] = [
        [Math.floor(total / 86_400), "d"],
        [Math.floor(total / 3600) % 24, "h"],
        [Math.floor(total / 60) % 60, "m"],
        [total % 60, "s"],
    ];
    const first = parts.findIndex(([count]) => count > 0);
    if (first < 0) return "0s";
    return parts
        .slice(first, first + 2)
        .filter(([count], index) => index === 0 || count > 0)
        .map(([count, unit]) => `${count}${unit}`)
        .join(" ");
}
