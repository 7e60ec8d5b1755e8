/** The driver's twin through the built-in crashes: somebody calls every ten minutes, prices are the closes of the bars. */
import {parametersOf} from "../../../deploy/parameters/index.js";
import type {Parameters} from "../../../deploy/parameters/index.js";
import {newDriver, stepDriver, wantedE18} from "../../sdk/driver.js";
import type {DriverState, Move, Range, Rules} from "../../sdk/driver.js";
import {parseE18} from "../../sdk/index.js";
import {volatilityE18} from "../../sdk/math/index.js";
import {defaultGrid} from "../../sdk/risk/index.js";
import {barsOf, CRASH_WINDOWS} from "../../shared/prices/crashWindows.js";
import type {PriceWindow} from "../../shared/prices/crashWindows.js";

export type Point = {
    readonly time: number;
    readonly priceE18: bigint;
    readonly volatilityE18: bigint;
    readonly wantedE18: bigint;
    readonly rangeE18: bigint;
    readonly move: Move;
};

export type Replay = {readonly window: PriceWindow; readonly floorE18: bigint; readonly points: readonly Point[]};

const CALL_SECONDS = 600;
/** Of the last price after each window: long enough for the range to come back. */
const CALM_DAYS = 14;

export function driverRules({driver, steward}: Parameters): Rules {
    const {maxReturn, multiple, most, hysteresis} = driver;
    return {
        driver: {
            spacingSeconds: BigInt(driver.spacingSeconds),
            halfLifeSeconds: BigInt(driver.halfLifeSeconds),
            horizonSeconds: BigInt(driver.horizonSeconds),
            noticeSeconds: BigInt(driver.noticeSeconds),
            maxReturnE18: maxReturn,
            multipleE18: multiple,
            mostE18: most,
            hysteresisE18: hysteresis,
        },
        steward: {
            rampSeconds: BigInt(steward.rampSeconds),
            stepSeconds: BigInt(steward.stepSeconds),
            maxStepE18: steward.maxStep,
        },
    };
}

export const rangeOf = (rangeE18: bigint): Range => ({
    rangeE18,
    weightsE18: defaultGrid(rangeE18).map(({weightE18}) => weightE18),
});

/** Bitcoin through one window and so many days of the last price after it. */
export function replayOf(window: PriceWindow, parameters: Parameters, calmDays = 0): Replay {
    const rules = driverRules(parameters);
    const [{priceRange} = {priceRange: 0n}] = parameters.risk.underlyings;
    const bars = barsOf(window, "BTC");
    const end = window.first + bars.length * window.seconds + calmDays * 86_400;
    const points: Point[] = [];
    let state: DriverState = newDriver(rangeOf(priceRange));
    for (let time = window.first + window.seconds; time <= end; time += CALL_SECONDS) {
        const place = Math.min(Math.floor((time - window.first) / window.seconds), bars.length) - 1;
        const priceE18 = parseE18(bars[place]?.close ?? "");
        const stepped = stepDriver(state, {now: BigInt(time), priceE18}, rules);
        ({state} = stepped);
        points.push({
            time,
            priceE18,
            volatilityE18: volatilityE18(state.sample?.varianceE18 ?? 0n),
            wantedE18: wantedE18(state, rules.driver),
            rangeE18: state.stand.rangeE18,
            move: stepped.move,
        });
    }
    return {window, floorE18: priceRange, points};
}

export const replays = (): readonly Replay[] =>
    CRASH_WINDOWS.map((window) => replayOf(window, parametersOf("local"), CALM_DAYS));
