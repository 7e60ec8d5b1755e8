/** From the options of the command line to figures. */
import {parametersOf} from "../../../deploy/parameters/index.js";
import {mulDivDown} from "../../sdk/math/index.js";
import {ONE_E18} from "../../sdk/units.js";
import type {Progress} from "../backtest/progress.js";
import {figuresOf} from "./figures.js";
import type {ClosingFigures} from "./figures.js";
import {measure} from "./measure.js";
import {walkPaths} from "./paths.js";
import type {Terms} from "./position.js";
import type {Options} from "./program.js";

const BPS = 10_000n;

export const termsOf = (volSpreadBps: number): Terms => ({
    targetHealthE18: parametersOf("local").liquidation.targetHealth,
    volSpreadE18: mulDivDown(BigInt(volSpreadBps), ONE_E18, BPS),
});

export function simulate(
    {scenarios, seed, lots, volSpread}: Omit<Options, "json" | "each">,
    onProgress: Progress = () => undefined,
): ClosingFigures {
    const terms = termsOf(volSpread);
    return figuresOf(measure({scenarios, seed, lots, terms}, onProgress), walkPaths(terms));
}
