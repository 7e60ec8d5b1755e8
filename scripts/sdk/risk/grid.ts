/** Shocks: the margin model's list, and scenarios from moves as people write them. */
import {abs, divDown, expE18, lnE18, mulDivFloor} from "../math/index.js";
import {InputError} from "../failures.js";
import {formatE18, ONE_E18, parseE18} from "../units.js";
import type {Scenario, VolState} from "./types.js";

const STEPS = 4n;
const TAIL_MOVES = ["-0.66", "-0.33", "0.5", "1", "2", "4"].map(parseE18);

/** A scenario that multiplies the price by 1 + move. */
export function scenarioOf(moveE18: bigint, vol: VolState, weightE18: bigint): Scenario {
    const factorE18 = ONE_E18 + moveE18;
    if (factorE18 <= 0n) {
        throw new InputError("number-out-of-range", `A move of ${formatE18(moveE18)} leaves no price`);
    }
    return {factorE18, lnFactorE18: lnE18(factorE18), weightE18, vol};
}

/** Relative move of the price. */
export const moveOf = ({factorE18}: Scenario): bigint => factorE18 - ONE_E18;

/** 18 regular shocks: e^(j delta), j = -4 ... 4, delta = -ln(1 - range) / 4, each with volatility up and down. */
export function regularScenarios(priceRangeE18: bigint): Scenario[] {
    const lowestE18 = lnE18(ONE_E18 - priceRangeE18);
    const scenarios: Scenario[] = [];
    for (let step = -STEPS; step <= STEPS; step++) {
        const lnFactorE18 = mulDivFloor(-lowestE18, step, STEPS);
        const factorE18 = step === -STEPS ? ONE_E18 - priceRangeE18 : expE18(lnFactorE18);
        for (const vol of ["UP", "DOWN"] as const) scenarios.push({factorE18, lnFactorE18, weightE18: ONE_E18, vol});
    }
    return scenarios;
}

/** 6 far moves with volatility up, weighted so that a linear leg loses the same in each: range / |move|. */
export const tailScenarios = (priceRangeE18: bigint): Scenario[] =>
    TAIL_MOVES.map((moveE18) => scenarioOf(moveE18, "UP", divDown(priceRangeE18, abs(moveE18))));

/** The margin model's 24 scenarios of an underlying. */
export const defaultGrid = (priceRangeE18: bigint): Scenario[] => [
    ...regularScenarios(priceRangeE18),
    ...tailScenarios(priceRangeE18),
];
