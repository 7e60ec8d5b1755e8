/** Every gas price under every rule, over the same breaches. */
import {TIP_WEI} from "../../sdk/auction.js";
import type {KeeperPay} from "../../sdk/auction.js";
import {mulDivDown, sum} from "../../sdk/math/index.js";
import type {Progress} from "../backtest/progress.js";
import {baseFees, CLASSES, drawBreaches, SPREAD_BLOCKS} from "./breaches.js";
import type {Breach, Class} from "./breaches.js";
import {recordedGas} from "./gas.js";
import {defaultHouse, fixedAt} from "./rules.js";
import type {House} from "./rules.js";
import {isCovered, meet} from "./run.js";
import type {Fate, Met, Scene} from "./run.js";

export type Options = {
    readonly breaches: number;
    readonly seed: number;
    /** Base fee of a calm day, wei, and the factors on it. */
    readonly gasPriceWei: bigint;
    readonly factors: readonly number[];
    readonly nativePriceE18: bigint;
    /** Blocks within which a breach is to be executed. */
    readonly within: number;
    readonly horizon: number;
};

/** Factor at which the second control's reward is right. */
export const DEAR = 50;
export const RULES = ["gas-aware", "fixed, right at x1", "fixed, right at x50"] as const;
export type Rule = (typeof RULES)[number];

export type Cell = {
    readonly rule: Rule;
    readonly factor: number;
    readonly met: readonly Met[];
    /** Breaches, by number, of which the rule alone pays the gas at the level of the base fee. */
    readonly covered: ReadonlySet<number>;
};

export type Sweep = {readonly options: Options; readonly house: House; readonly cells: readonly Cell[]};

function payUnder(rule: Rule, {pay}: House, {gasPriceWei, nativePriceE18}: Options): KeeperPay {
    switch (rule) {
        case "gas-aware":
            return pay;
        case "fixed, right at x1":
            return fixedAt(pay, {baseFeeWei: gasPriceWei, nativePriceE18});
        case "fixed, right at x50":
            return fixedAt(pay, {baseFeeWei: gasPriceWei * BigInt(DEAR), nativePriceE18});
    }
}

export function sweep(options: Options, onProgress: Progress = () => undefined): Sweep {
    const house = defaultHouse();
    const gas = recordedGas();
    const {seed, horizon, nativePriceE18} = options;
    const breaches: readonly Breach[] = drawBreaches(options.breaches, seed, house);
    const places = options.factors.flatMap((factor) => RULES.map((rule) => ({factor, rule})));
    const cells = places.map(({factor, rule}, done): Cell => {
        const levelWei = options.gasPriceWei * BigInt(factor);
        const scene: Scene = {
            ...{house, gas, horizon, nativePriceE18, tipWei: TIP_WEI, pay: payUnder(rule, house, options)},
            baseFeesWei: baseFees(levelWei, SPREAD_BLOCKS + horizon + 1, seed + 1),
        };
        const met = breaches.map((breach) => meet(scene, breach));
        const fees = {baseFeeWei: levelWei, nativePriceE18};
        const covered = breaches.filter((breach) => isCovered(scene, breach, fees)).map(({number}) => number);
        onProgress(done + 1, places.length);
        return {rule, factor, met, covered: new Set(covered)};
    });
    return {options, house, cells};
}

/** Blocks that so many hundredths of the breaches took, by nearest rank; undefined if more than the rest were never executed. */
export function percentile(met: readonly Met[], hundredths: number): number | undefined {
    const sorted = met
        .map(({fate, blocks}) => (fate === "executed" ? blocks : Infinity))
        .sort((one, other) => one - other);
    const found = sorted[Math.max(0, Math.ceil((sorted.length * hundredths) / 100) - 1)];
    return found === undefined || found === Infinity ? undefined : found;
}

export type Result = {
    readonly fates: Readonly<Record<Fate, number>>;
    /** Parts of all breaches; who recovers by himself counts as not executed. */
    readonly within: number;
    readonly executed: number;
    readonly medianBlocks: number | undefined;
    readonly p95Blocks: number | undefined;
    readonly gasCostE18: bigint;
    readonly paidE18: bigint;
    readonly profitE18: bigint;
    readonly overpaidE18: bigint;
    readonly sloE18: bigint;
};

const ratio = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);

export function resultOf(met: readonly Met[], within: number): Result {
    const count = (fate: Fate): number => met.filter((one) => one.fate === fate).length;
    const soon = met.filter(({fate, blocks}) => fate === "executed" && blocks <= within).length;
    const gasCostE18 = sum(met.map((one) => one.gasCostE18));
    const paidE18 = sum(met.map((one) => one.paidE18));
    return {
        fates: {executed: count("executed"), recovered: count("recovered"), open: count("open")},
        within: ratio(soon, met.length),
        executed: ratio(count("executed"), met.length),
        medianBlocks: percentile(met, 50),
        p95Blocks: percentile(met, 95),
        gasCostE18,
        paidE18,
        profitE18: paidE18 - gasCostE18,
        overpaidE18: sum(met.map(({overpaidE18}) => overpaidE18)),
        sloE18: sum(met.map(({sloE18}) => sloE18)),
    };
}

/** The same by size of the account. */
export const byClass = ({met}: Cell, within: number): (readonly [Class, Result])[] =>
    CLASSES.map((name) => [
        name,
        resultOf(
            met.filter(({breach}) => breach.class === name),
            within,
        ),
    ]);

/** Overpayment as a multiple of the gas, 18 decimals. */
export const overpaymentE18 = ({overpaidE18, gasCostE18}: Result): bigint =>
    gasCostE18 === 0n ? 0n : mulDivDown(overpaidE18, 10n ** 18n, gasCostE18);
