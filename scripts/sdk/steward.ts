/**
 * Changes of parameters as the steward takes them: a subject, its number, and the new figures in their ABI encoding. Twin of
 * contracts/governance/Laws.sol for what the parameters of an underlying must satisfy together.
 */
import {AbiCoder, Interface} from "ethers";
import type {ParamType} from "ethers";

import {CLEARINGHOUSE_ABI, MARGIN_VAULT_ABI, RISK_PARAMETERS_ABI} from "./abi/index.js";
import {InputError} from "./failures.js";
import {mulDivUp, mulDown, mulUp, sqrtE18} from "./math/index.js";
import {ONE_E18} from "./units.js";

/** Numbers of the contract's subjects. */
export const SUBJECTS = {
    UNDERLYING: 0,
    ASSET: 1,
    GROUP: 2,
    GLOBAL: 3,
    ASSET_CAP: 4,
    SETTLEMENT_CAP: 5,
    LISTING: 6,
} as const;
export type Subject = keyof typeof SUBJECTS;

function inputsOf(abi: readonly string[], setter: string, skip: number): readonly ParamType[] {
    const found = new Interface(abi).getFunction(setter);
    if (found === null) throw new Error(`No function ${setter}`);
    return found.inputs.slice(skip);
}

const TYPES: Readonly<Record<Subject, readonly ParamType[]>> = {
    UNDERLYING: inputsOf(RISK_PARAMETERS_ABI, "setUnderlying", 1),
    ASSET: inputsOf(RISK_PARAMETERS_ABI, "setAsset", 1),
    GROUP: inputsOf(RISK_PARAMETERS_ABI, "setGroup", 1),
    GLOBAL: inputsOf(RISK_PARAMETERS_ABI, "setGlobal", 0),
    ASSET_CAP: inputsOf(MARGIN_VAULT_ABI, "setAssetCap", 1),
    SETTLEMENT_CAP: inputsOf(MARGIN_VAULT_ABI, "setSettlementCap", 0),
    LISTING: inputsOf(CLEARINGHOUSE_ABI, "setListing", 1),
};

const CODER = AbiCoder.defaultAbiCoder();

/** What `change`, `tighten` and `replace` take, from the arguments of the setter behind them without the number. */
export function encodeFigures(subject: Subject, values: readonly unknown[]): string {
    if (values.length !== TYPES[subject].length) {
        const wanted = TYPES[subject].length;
        const details = {subject, parts: String(values.length), wanted: String(wanted)};
        throw new InputError("figures-malformed", `${subject} has ${wanted} parts, not ${values.length}`, details);
    }
    return CODER.encode(TYPES[subject], values);
}

/** The arguments again. */
export const decodeFigures = (subject: Subject, data: string): readonly unknown[] =>
    CODER.decode(TYPES[subject], data).toArray(true);

const fieldsOf = (type: ParamType): readonly string[] => type.components?.map(({name}) => name) ?? [type.name];

/** Name of a figure by its place in an encoding, as errors of the steward give it. */
export function figureName(subject: Subject, place: number): string {
    const [first, second] = TYPES[subject];
    if (first === undefined) throw new Error(`${subject} has no figures`);
    const fields = fieldsOf(first);
    if (place < fields.length) return fields[place] ?? "";
    const list = second?.arrayChildren;
    if (!list) return second?.name ?? "";
    // The place of the list and its length stand before it.
    const within = place - fields.length - 2;
    if (within < 0) return "scenarios";
    const names = fieldsOf(list);
    return `scenario ${Math.floor(within / names.length)}.${names[within % names.length] ?? ""}`;
}

/** Figures of an underlying that the laws look at; fractions, 18 decimals. */
export type LawfulUnderlying = {
    readonly spreadE18: bigint;
    readonly impactE18: bigint;
    readonly sigmaDayE18: bigint;
    readonly rangeE18: bigint;
};
export type LawfulScenario = {readonly factorE18: bigint; readonly weightE18: bigint};

/** One-sided 99.9 % of a normal move. */
const Z_E18 = 3_090_232_306_167_813_540n;
/** Root of one hundredth: a sale of a hundredth of a day's volume. */
const ROOT_OF_SIZE_E18 = ONE_E18 / 10n;
const DAY_SECONDS = 86_400n;

const greatest = (values: readonly bigint[]): bigint =>
    values.reduce((most, value) => (value > most ? value : most), 0n);

/** Smallest charge on a unit of a linear position, fraction of its price, 18 decimals, rounded down. */
export function leastShockE18({rangeE18}: LawfulUnderlying, grid: readonly LawfulScenario[]): bigint {
    const falls = grid.map(({factorE18, weightE18}) => mulDown(ONE_E18 - factorE18, weightE18));
    const rises = grid.map(({factorE18, weightE18}) => mulDown(factorE18 - ONE_E18, weightE18));
    return [greatest(falls), greatest(rises)].reduce((least, value) => (value < least ? value : least), rangeE18);
}

/** Half the spread and the impact of a hundredth of a day's volume, fraction of the price, 18 decimals, rounded up. */
export const slippageE18 = ({spreadE18, impactE18, sigmaDayE18}: LawfulUnderlying): bigint =>
    mulDivUp(spreadE18, 1n, 2n) + mulUp(mulUp(impactE18, sigmaDayE18), ROOT_OF_SIZE_E18);

/** z * sigma * sqrt(tau), fraction of the price, 18 decimals, rounded up. */
export const normalMoveE18 = ({sigmaDayE18}: LawfulUnderlying, reactionSeconds: number): bigint =>
    mulUp(mulUp(Z_E18, sigmaDayE18), sqrtE18(mulDivUp(BigInt(reactionSeconds), ONE_E18, DAY_SECONDS)) + 1n);

export type Laws = {
    readonly shockE18: bigint;
    /** Normal move in the reaction time, slippage and fee. */
    readonly neededE18: bigint;
    /** Slippage and fee. */
    readonly saleE18: bigint;
    /** The delay inequality holds. */
    readonly coversDelay: boolean;
    /** A sale raises every health from one half on. */
    readonly saleRaisesHealth: boolean;
};

export function lawsOf(
    params: LawfulUnderlying,
    grid: readonly LawfulScenario[],
    {feeE18, reactionSeconds}: {readonly feeE18: bigint; readonly reactionSeconds: number},
): Laws {
    const shockE18 = leastShockE18(params, grid);
    const saleE18 = slippageE18(params) + feeE18;
    const neededE18 = normalMoveE18(params, reactionSeconds) + saleE18;
    return {
        shockE18,
        neededE18,
        saleE18,
        coversDelay: shockE18 >= neededE18,
        saleRaisesHealth: 2n * saleE18 <= shockE18,
    };
}
