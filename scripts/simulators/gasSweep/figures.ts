/** The figures of the gas sweep as they are written down: decimal text, money to the cent, shares to six places. */
import {formatFixed} from "../../sdk/units.js";
import {mulDivFloor} from "../../sdk/math/index.js";
import {BLOCK_SECONDS} from "./breaches.js";
import {delaysOf} from "./delay.js";
import {byClass, DEAR, percentile, resultOf} from "./sweep.js";
import type {Cell, Result, Rule, Sweep} from "./sweep.js";

const E18_DECIMALS = 18;
const CENTS = 2;
const PLACES = 6;

const cut = (valueE18: bigint, places: number): string =>
    formatFixed(mulDivFloor(valueE18, 1n, 10n ** BigInt(E18_DECIMALS - places)), places);
const usd = (valueE18: bigint): string => cut(valueE18, CENTS);
const share = (value: number): string => value.toFixed(PLACES);

export type ResultFigure = {
    readonly executed: string;
    readonly within: string;
    readonly recovered: number;
    readonly open: number;
    /** Null: so many were never executed. */
    readonly medianBlocks: number | null;
    readonly p95Blocks: number | null;
    readonly gasCost: string;
    readonly paid: string;
    readonly profit: string;
    readonly overpaid: string;
    readonly slo: string;
};

export type CellFigure = ResultFigure & {
    readonly rule: Rule;
    readonly factor: number;
    /** Part of the breaches of which the rule alone pays the gas, and the part of those that were executed in time. */
    readonly covered: string;
    readonly coveredWithin: string | null;
    readonly coveredP95Blocks: number | null;
    readonly classes: readonly (ResultFigure & {readonly class: string})[];
};

export type DelayFigure = {
    readonly network: string;
    readonly underlying: string;
    readonly shock: string;
    readonly measuredSeconds: number;
    readonly neededThen: string;
    readonly configuredSeconds: number;
    readonly neededAsConfigured: string;
    readonly mostSeconds: number;
    readonly holds: boolean;
};

export type SweepFigures = {
    readonly seed: number;
    readonly breaches: number;
    readonly gasPriceGwei: string;
    readonly nativePrice: string;
    readonly within: number;
    readonly blocks: number;
    readonly blockSeconds: number;
    readonly cells: readonly CellFigure[];
    readonly delays: readonly DelayFigure[];
};

const resultFigure = (result: Result): ResultFigure => ({
    executed: share(result.executed),
    within: share(result.within),
    recovered: result.fates.recovered,
    open: result.fates.open,
    medianBlocks: result.medianBlocks ?? null,
    p95Blocks: result.p95Blocks ?? null,
    gasCost: usd(result.gasCostE18),
    paid: usd(result.paidE18),
    profit: usd(result.profitE18),
    overpaid: usd(result.overpaidE18),
    slo: usd(result.sloE18),
});

const coveredOf = ({met, covered}: Cell): Cell["met"] => met.filter(({breach}) => covered.has(breach.number));

function cellFigure(cell: Cell, within: number): CellFigure {
    const covered = coveredOf(cell);
    return {
        rule: cell.rule,
        factor: cell.factor,
        covered: share(covered.length / cell.met.length),
        coveredWithin: covered.length === 0 ? null : share(resultOf(covered, within).within),
        coveredP95Blocks: percentile(covered, 95) ?? null,
        ...resultFigure(resultOf(cell.met, within)),
        classes: byClass(cell, within).map(([name, result]) => ({class: name, ...resultFigure(result)})),
    };
}

/**
 * Seconds in which 95 of 100 breaches within the cap of the gas-aware rule are executed, at the dearest gas price up to fifty times
 * the calm one; undefined where that is never.
 */
export function measuredSeconds({cells}: Sweep): number | undefined {
    const own = cells.filter(({rule, factor}) => rule === "gas-aware" && factor <= DEAR);
    const blocks = own.map((cell) => percentile(coveredOf(cell), 95) ?? Infinity);
    const most = Math.max(...blocks);
    return Number.isFinite(most) ? most * BLOCK_SECONDS : undefined;
}

function delayFigures(seconds: number): DelayFigure[] {
    return delaysOf(seconds).map((delay) => ({
        network: delay.network,
        underlying: delay.underlying,
        shock: cut(delay.measured.shockE18, PLACES),
        measuredSeconds: delay.measuredSeconds,
        neededThen: cut(delay.measured.neededE18, PLACES),
        configuredSeconds: delay.configuredSeconds,
        neededAsConfigured: cut(delay.configured.neededE18, PLACES),
        mostSeconds: delay.mostSeconds,
        holds: delay.measured.coversDelay && delay.configured.coversDelay,
    }));
}

export function figuresOf(done: Sweep): SweepFigures {
    const {options, cells} = done;
    const seconds = measuredSeconds(done);
    return {
        seed: options.seed,
        breaches: options.breaches,
        gasPriceGwei: formatFixed(options.gasPriceWei, 9),
        nativePrice: usd(options.nativePriceE18),
        within: options.within,
        blocks: options.horizon,
        blockSeconds: BLOCK_SECONDS,
        cells: cells.map((cell) => cellFigure(cell, options.within)),
        delays: seconds === undefined ? [] : delayFigures(seconds),
    };
}
