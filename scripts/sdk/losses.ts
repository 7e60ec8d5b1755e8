/** Who pays for a loss, as `LossBudgets` and `LossShares` do it: same names, same rounding, equal to the wei. */
import {max, min, mulDivDown, sum} from "./math/index.js";

/** What the backstop may lose on one underlying. USD with 18 decimals, Unix times and spans in seconds. */
export type LossBudget = {
    readonly limitE18: bigint;
    readonly filledE18: bigint;
    readonly filledAt: bigint;
    /** 0 = no budget was set. */
    readonly windowSeconds: bigint;
};

const heldE18 = ({limitE18}: LossBudget): bigint => limitE18 >> 1n;

function filledE18(budget: LossBudget, nowSeconds: bigint): bigint {
    if (budget.windowSeconds === 0n) return budget.filledE18;
    const drained = mulDivDown(heldE18(budget), nowSeconds - budget.filledAt, budget.windowSeconds);
    return max(budget.filledE18 - drained, 0n);
}

/** What may be lost now. */
export function roomE18(budget: LossBudget, nowSeconds: bigint): bigint {
    return budget.windowSeconds === 0n ? 0n : max(heldE18(budget) - filledE18(budget, nowSeconds), 0n);
}

/** What of an amount counts as lost, and the budget after it. */
export function spend(
    budget: LossBudget,
    amountE18: bigint,
    nowSeconds: bigint,
): {readonly lostE18: bigint; readonly left: LossBudget} {
    const lostE18 = min(amountE18, roomE18(budget, nowSeconds));
    const left = {...budget, filledE18: filledE18(budget, nowSeconds) + lostE18, filledAt: nowSeconds};
    return {lostE18, left};
}

/** Charges of one underlying in a report. */
export type Charged = {
    readonly underlying: number;
    readonly scanE18: bigint;
    readonly addOnE18: bigint;
    readonly concentrationE18: bigint;
};
export type LossShare = {readonly underlying: number; readonly amountE18: bigint};

const chargeE18 = ({scanE18, addOnE18, concentrationE18}: Charged): bigint => scanE18 + addOnE18 + concentrationE18;

/** Shares of a loss in proportion to the charges; the first takes what rounding leaves. */
export function byCharge(parts: readonly Charged[], lossE18: bigint): readonly LossShare[] {
    const total = sum(parts.map(chargeE18));
    if (total === 0n) return [{underlying: 0, amountE18: lossE18}];
    const shares = parts.map((part) => ({
        underlying: part.underlying,
        amountE18: mulDivDown(lossE18, chargeE18(part), total),
    }));
    const rest = lossE18 - sum(shares.map(({amountE18}) => amountE18));
    return shares.map((share, index) => (index === 0 ? {...share, amountE18: share.amountE18 + rest} : share));
}
