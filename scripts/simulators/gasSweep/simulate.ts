/** From the options of the command line to figures. */
import type {Progress} from "../backtest/progress.js";
import {figuresOf} from "./figures.js";
import type {SweepFigures} from "./figures.js";
import type {Options} from "./program.js";
import {sweep} from "./sweep.js";

export function simulate(
    {gasPrice, nativePrice, blocks, ...options}: Omit<Options, "json">,
    onProgress: Progress = () => undefined,
): SweepFigures {
    const terms = {...options, gasPriceWei: gasPrice, nativePriceE18: nativePrice, horizon: blocks};
    return figuresOf(sweep(terms, onProgress));
}
