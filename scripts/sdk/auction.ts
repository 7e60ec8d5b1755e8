/** The auction's arithmetic, as `SliceMath` and `LiquidationParams` do it: same names, same rounding, equal to the wei. */
import {max, min, mulCeil, mulDivDown, mulDivUp, mulDown} from "./math/index.js";
import {ONE_E18} from "./units.js";

export type Curve = {
    readonly discountStartE18: bigint;
    readonly discountFastE18: bigint;
    readonly fastSeconds: bigint;
    readonly slowSeconds: bigint;
    readonly insolventSeconds: bigint;
    readonly insolventCapE18: bigint;
    readonly targetHealthE18: bigint;
    readonly dustE18: bigint;
};

export type KeeperPay = {
    readonly startGas: bigint;
    readonly takeGas: bigint;
    readonly takeGasPerPosition: bigint;
    readonly marginE18: bigint;
    readonly maxGasPriceWei: bigint;
    readonly minE18: bigint;
    readonly maxE18: bigint;
};

/** What publishing the transactions costs, wei; both 0 on a chain without data fees. */
export type DataFees = {readonly startWei: bigint; readonly takeWei: bigint};

/** Unix times, seconds; 0 = none. */
export type Auction = {readonly startedAt: bigint; readonly insolventAt: bigint};

/** USD, 18 decimals. */
export type ShortBook = {
    readonly equityE18: bigint;
    readonly maintenanceE18: bigint;
    readonly reserveE18: bigint;
    readonly discountE18: bigint;
    readonly payE18: bigint;
};

/** What the contract adds to the base fee. */
export const TIP_WEI = 100_000_000n;

export const solventSeconds = (curve: Curve): bigint => curve.fastSeconds + curve.slowSeconds;

/** Discount on the whole book at a time on the auction's clock: Unix time less the seconds in which prices were stopped. */
export function discountE18(
    curve: Curve,
    auction: Auction,
    book: Pick<ShortBook, "equityE18" | "maintenanceE18">,
    nowSeconds: bigint,
): bigint {
    const insolvent = insolventPartE18(curve, auction, book.equityE18 < 0n, nowSeconds);
    const extra = mulDown(book.maintenanceE18, insolvent);
    if (book.equityE18 <= 0n) return extra;
    return mulDown(book.equityE18, solventPartE18(curve, nowSeconds - auction.startedAt)) + extra;
}

/** Fixed pay that a book can bear: at most its equity or its maintenance, whichever is greater. */
export const affordableE18 = (payE18: bigint, equityE18: bigint, maintenanceE18: bigint): bigint =>
    min(payE18, max(equityE18, maintenanceE18));

/** Largest fraction that may be taken. */
export function limitE18(book: ShortBook, targetHealthE18: bigint, dustE18: bigint): bigint {
    const {equityE18, maintenanceE18, reserveE18, payE18} = book;
    if (equityE18 < 0n) return ONE_E18;
    const target = mulDivUp(maintenanceE18, targetHealthE18, ONE_E18);
    if (equityE18 >= target) return 0n;
    if (book.discountE18 >= equityE18 || payE18 >= equityE18) return ONE_E18;
    const shrinking = mulDivUp(maintenanceE18 - reserveE18, targetHealthE18, ONE_E18);
    const byDiscount = quotient(target - equityE18, shrinking, book.discountE18);
    const byPay = quotient(target - equityE18 + payE18, shrinking, 0n);
    const fraction = max(byDiscount, byPay);
    return fraction >= ONE_E18 || restE18(book, fraction) < dustE18 ? ONE_E18 : fraction;
}

/** Maintenance left after a fraction is gone. */
export function restE18({maintenanceE18, reserveE18}: ShortBook, fractionE18: bigint): bigint {
    return fractionE18 === ONE_E18 ? 0n : mulDown(maintenanceE18 - reserveE18, ONE_E18 - fractionE18) + reserveE18;
}

/** Price of a slice, and its value less the price. */
export function priceE18(
    book: ShortBook,
    fractionE18: bigint,
    finishes: boolean,
): {readonly priceE18: bigint; readonly costE18: bigint} {
    const byDiscount = mulDown(book.discountE18, fractionE18);
    const costE18 = finishes ? max(byDiscount, book.payE18) : byDiscount;
    return {priceE18: mulCeil(book.equityE18, fractionE18) - costE18, costE18};
}

/** What a transaction costs: gas, and on a rollup its data. */
export type Expense = {readonly gas: bigint; readonly dataWei: bigint};

/** Keeper pay for a transaction. Undefined price: the native coin has no price, the least pay counts. */
export function payE18(
    pay: KeeperPay,
    {gas, dataWei}: Expense,
    baseFeeWei: bigint,
    nativePriceE18: bigint | undefined,
): bigint {
    const gasPriceWei = min(baseFeeWei + TIP_WEI, pay.maxGasPriceWei);
    const costE18 = mulDivUp(gas * gasPriceWei + dataWei, nativePriceE18 ?? 0n, ONE_E18);
    return max(pay.minE18, min(mulDivUp(costE18, ONE_E18 + pay.marginE18, ONE_E18), pay.maxE18));
}

function quotient(gap: bigint, shrinking: bigint, discount: bigint): bigint {
    if (shrinking <= discount || gap >= shrinking - discount) return ONE_E18;
    return mulDivUp(gap, ONE_E18, shrinking - discount);
}

function solventPartE18(curve: Curve, elapsed: bigint): bigint {
    if (elapsed >= solventSeconds(curve)) return ONE_E18;
    const {discountStartE18, discountFastE18, fastSeconds, slowSeconds} = curve;
    if (elapsed < fastSeconds) {
        return discountStartE18 + mulDivDown(discountFastE18 - discountStartE18, elapsed, fastSeconds);
    }
    return discountFastE18 + mulDivDown(ONE_E18 - discountFastE18, elapsed - fastSeconds, slowSeconds);
}

function insolventPartE18(curve: Curve, auction: Auction, isInsolvent: boolean, nowSeconds: bigint): bigint {
    const end = auction.startedAt + solventSeconds(curve);
    const recorded = auction.insolventAt === 0n ? nowSeconds : auction.insolventAt;
    const from = isInsolvent ? min(recorded, end) : end;
    if (nowSeconds <= from) return 0n;
    const elapsed = nowSeconds - from;
    if (elapsed >= curve.insolventSeconds) return curve.insolventCapE18;
    return mulDivDown(curve.insolventCapE18, elapsed, curve.insolventSeconds);
}
