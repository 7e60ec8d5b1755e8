/** How far a long run is: a line every few seconds, with the time that is left at the pace so far. */
import {formatDuration} from "../../sdk/index.js";
import type {Progress} from "./backtest.js";

export type {Progress} from "./backtest.js";

const EVERY_MS = 5000;

export function progressOn(print: (line: string) => void, now: () => number, noun = "starts"): Progress {
    const began = now();
    let last = began;
    return (done, all) => {
        const time = now();
        if (time - last < EVERY_MS || done === all) return;
        last = time;
        const left = Math.round((((time - began) / done) * (all - done)) / 1000);
        print(`${done} of ${all} ${noun}, ${formatDuration(left)} left`);
    };
}
