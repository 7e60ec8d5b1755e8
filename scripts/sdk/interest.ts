/** Twin of contracts/core/vault/InterestModel.sol and CashMath.sol: what time adds to claims and debts, to the last unit. */
import {max, min, mulDivDown, mulDivFloor, mulDivUp} from "./math/fixedPoint.js";
import {ONE_E18} from "./units.js";

export type RateCurve = {
    readonly baseE18: bigint;
    readonly kinkE18: bigint;
    readonly slopeLowE18: bigint;
    readonly slopeHighE18: bigint;
    readonly reserveE18: bigint;
};

export type Pool = {
    readonly supplyIndexE27: bigint;
    readonly borrowIndexE27: bigint;
    /** Sum of positive principals. */
    readonly supplyPrincipal: bigint;
    /** Sum of the sizes of negative principals. */
    readonly borrowPrincipal: bigint;
};

export type InterestStep = {
    readonly supplyIndexE27: bigint;
    readonly borrowIndexE27: bigint;
    readonly reserveE18: bigint;
};

type Indices = Pick<InterestStep, "supplyIndexE27" | "borrowIndexE27">;

const ONE_E27 = 10n ** 27n;
const E18_TO_E27 = 10n ** 9n;
const YEAR_SECONDS = 365n * 86_400n;
const MAX_INDEX_E27 = 2n * 10n ** 31n;

/** Annual rate that debtors pay, rounded up. */
export function borrowRateE18(curve: RateCurve, suppliedE18: bigint, borrowedE18: bigint): bigint {
    if (borrowedE18 === 0n) return curve.baseE18;
    const usedE18 = borrowedE18 >= suppliedE18 ? ONE_E18 : mulDivUp(borrowedE18, ONE_E18, suppliedE18);
    if (usedE18 <= curve.kinkE18) return curve.baseE18 + mulDivUp(curve.slopeLowE18, usedE18, curve.kinkE18);
    const aboveKinkE18 = mulDivUp(curve.slopeHighE18, usedE18 - curve.kinkE18, ONE_E18 - curve.kinkE18);
    return curve.baseE18 + curve.slopeLowE18 + aboveKinkE18;
}

/** Moves the indices over a span: supply index rounded down, borrow index up, the residue to the reserve. */
export function step(pool: Pool, curve: RateCurve, elapsedSeconds: bigint): InterestStep {
    const {supplyIndexE27, borrowIndexE27, supplyPrincipal, borrowPrincipal} = pool;
    if (borrowPrincipal === 0n) return {supplyIndexE27, borrowIndexE27, reserveE18: 0n};
    const borrowedE18 = mulDivDown(borrowPrincipal, borrowIndexE27, ONE_E27);
    const suppliedE18 = mulDivUp(supplyPrincipal, supplyIndexE27, ONE_E27);
    const rateE18 = borrowRateE18(curve, suppliedE18, borrowedE18);
    const growthE27 = mulDivUp(rateE18 * elapsedSeconds, E18_TO_E27, YEAR_SECONDS);
    const grownE27 = min(borrowIndexE27 + mulDivUp(borrowIndexE27, growthE27, ONE_E27), MAX_INDEX_E27);
    const interestE18 = mulDivDown(borrowPrincipal, grownE27, ONE_E27) - borrowedE18;
    if (supplyPrincipal === 0n) return {supplyIndexE27, borrowIndexE27: grownE27, reserveE18: interestE18};

    const forClaimsE18 = interestE18 - mulDivUp(interestE18, curve.reserveE18, ONE_E18);
    const riseE27 = min(
        mulDivDown(forClaimsE18, ONE_E27, supplyPrincipal),
        mulDivDown(supplyIndexE27, growthE27, ONE_E27),
        MAX_INDEX_E27 - supplyIndexE27,
    );
    return {
        supplyIndexE27: supplyIndexE27 + riseE27,
        borrowIndexE27: grownE27,
        reserveE18: interestE18 - mulDivUp(supplyPrincipal, riseE27, ONE_E27),
    };
}

/** Balance behind a principal, rounded towards what is worse for the account. */
export function balanceOf(principal: bigint, {supplyIndexE27, borrowIndexE27}: Indices): bigint {
    return mulDivFloor(principal, principal >= 0n ? supplyIndexE27 : borrowIndexE27, ONE_E27);
}

/** Principal behind a balance, rounded towards what is worse for the account. */
export function principalOf(balanceE18: bigint, {supplyIndexE27, borrowIndexE27}: Indices): bigint {
    return mulDivFloor(balanceE18, ONE_E27, balanceE18 >= 0n ? supplyIndexE27 : borrowIndexE27);
}

/** Claims rounded up and debts rounded down at the indices of a step. */
export function totalsOf(
    principals: readonly bigint[],
    indices: Indices,
): {readonly suppliedE18: bigint; readonly borrowedE18: bigint} {
    const {supplyPrincipal, borrowPrincipal} = principalTotals(principals);
    return {
        suppliedE18: mulDivUp(supplyPrincipal, indices.supplyIndexE27, ONE_E27),
        borrowedE18: mulDivDown(borrowPrincipal, indices.borrowIndexE27, ONE_E27),
    };
}

export function principalTotals(principals: readonly bigint[]): Pick<Pool, "supplyPrincipal" | "borrowPrincipal"> {
    return {
        supplyPrincipal: principals.reduce((total, one) => total + max(one, 0n), 0n),
        borrowPrincipal: principals.reduce((total, one) => total + max(-one, 0n), 0n),
    };
}
