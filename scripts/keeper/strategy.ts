/** What a keeper does about accounts, decided from figures alone: no chain, no clock. */
import {
    affordableE18 as bearableE18,
    discountE18,
    limitE18,
    payE18,
    priceE18,
    restE18,
    type Auction,
    type Curve,
    type DataFees,
    type Expense,
    type KeeperPay,
    type ShortBook,
} from "../sdk/auction.js";
import type {AccountId} from "../sdk/ids.js";
import {max, min, mulDivDown, mulDivUp, mulDown} from "../sdk/math/index.js";
import {ONE_E18} from "../sdk/units.js";
import type {ICloseOut} from "../../typechain-types/contracts/interfaces/ICloseOut.js";

/** An account as it stands at one block. USD, 18 decimals. */
export type Candidate = {
    readonly account: AccountId;
    readonly equityE18: bigint;
    readonly initialE18: bigint;
    readonly maintenanceE18: bigint;
    readonly positions: number;
    readonly auction: Auction;
    /** Seconds of the auction in which its clock stood still, and Unix time from which slices are sold; 0 = now. */
    readonly stoppedSeconds: bigint;
    readonly openAt: bigint;
    readonly lastCheckedBlock: number;
};

/** What is common to all accounts at that block. */
export type Market = {
    readonly blockNumber: number;
    readonly nowSeconds: bigint;
    readonly curve: Curve;
    readonly pay: KeeperPay;
    readonly dataFees: DataFees;
    readonly reserveBaseE18: bigint;
    readonly reservePerPositionE18: bigint;
    /** Fee per gas that sets the pay, and the one the keeper expects to bear. Wei. */
    readonly baseFeeWei: bigint;
    readonly feePerGasWei: bigint;
    /** Price of the chain's coin; undefined while it has none. */
    readonly nativePriceE18: bigint | undefined;
};

/** What the keeper has and wants. */
export type Keeper = {
    readonly account: AccountId;
    /** Equity less initial requirement, USD, 18 decimals. */
    readonly excessE18: bigint;
    /** Least profit of one action, USD, 18 decimals. */
    readonly minProfitE18: bigint;
    /** Part of the excess that one slice may use up, 18 decimals. */
    readonly useE18: bigint;
};

export type Decision =
    | {readonly kind: "start"; readonly account: AccountId; readonly profitE18: bigint}
    | {readonly kind: "record"; readonly account: AccountId; readonly profitE18: bigint}
    | {readonly kind: "cancel"; readonly account: AccountId; readonly profitE18: bigint}
    | {
          readonly kind: "take";
          readonly account: AccountId;
          readonly profitE18: bigint;
          readonly maxFractionE18: bigint;
          readonly maxPriceE18: bigint;
          /** Most that it uses up of the keeper's excess, USD, 18 decimals. */
          readonly needE18: bigint;
      }
    | Closing;

/** A slice that is taken and laid off to makers' quotes in one transaction, as it went on the block that is decided on. */
export type Closing = {
    readonly kind: "close_out";
    readonly account: AccountId;
    /** Gain less gas. */
    readonly profitE18: bigint;
    readonly gainE18: bigint;
    readonly order: ICloseOut.OrderStruct;
};

/** How far the price of a slice may move against the keeper until it is in a block, as a part of the slice's cost. */
const PRICE_SLACK_E18 = ONE_E18 / 20n;

/** What to do, the most profitable first. Starting comes with the prospect of the slice, so it is ranked with it. */
export function decide(candidates: readonly Candidate[], market: Market, keeper: Keeper): readonly Decision[] {
    return candidates
        .filter(({account}) => account.slice(0, 42) !== keeper.account.slice(0, 42))
        .flatMap((candidate) => decideOne(candidate, market, keeper) ?? [])
        .sort(byProfit);
}

const byProfit = (a: Decision, b: Decision): number =>
    a.profitE18 === b.profitE18 ? 0 : a.profitE18 > b.profitE18 ? -1 : 1;

/** The same with slices that can be closed out: of two ways to one account the one that leaves more. */
export function withClosings(decisions: readonly Decision[], closings: readonly Closing[]): readonly Decision[] {
    const isBetter = ({account, profitE18}: Closing): boolean =>
        !decisions.some((other) => other.account === account && isWay(other) && other.profitE18 >= profitE18);
    const better = closings.filter(isBetter);
    const rest = decisions.filter(({account}) => !better.some((closing) => closing.account === account));
    return [...rest, ...better].sort(byProfit);
}

/** Who sells a slice records what there is to record on the way. */
const isWay = ({kind}: Decision): boolean => kind !== "record";

/** All that an auction sells of an account now, whatever the keeper's means; undefined while it sells nothing. */
export function onSale(
    candidate: Candidate,
    market: Market,
    keeper: Pick<Keeper, "account">,
): {readonly fractionE18: bigint; readonly costE18: bigint} | undefined {
    const {account, auction, openAt, lastCheckedBlock} = candidate;
    const isOwn = account.slice(0, 42) === keeper.account.slice(0, 42);
    const isShut = auction.startedAt === 0n || openAt > market.nowSeconds || lastCheckedBlock === market.blockNumber;
    if (isOwn || isShut) return undefined;
    const book = bookOf(candidate, market);
    const fractionE18 = limitE18(book, market.curve.targetHealthE18, market.curve.dustE18);
    if (fractionE18 === 0n) return undefined;
    return {fractionE18, costE18: priceE18(book, fractionE18, true).costE18};
}

/**
 * Decisions that can be carried out at once: what is taken together must fit into what the keeper may use up. Groups come in the order
 * of their best; a slice that is too large for any group has one of its own.
 */
export function together(decisions: readonly Decision[], {excessE18, useE18}: Keeper, most: number): Decision[][] {
    const meansE18 = mulDown(max(excessE18, 0n), useE18);
    const groups: {readonly decisions: Decision[]; needE18: bigint}[] = [];
    for (const decision of decisions) {
        const needE18 = decision.kind === "take" ? decision.needE18 : 0n;
        const fits = groups.find((group) => group.decisions.length < most && group.needE18 + needE18 <= meansE18);
        if (fits === undefined) groups.push({decisions: [decision], needE18});
        else {
            fits.decisions.push(decision);
            fits.needE18 += needE18;
        }
    }
    return groups.map((group) => group.decisions);
}

export function decideOne(candidate: Candidate, market: Market, keeper: Keeper): Decision | undefined {
    const {account, equityE18, maintenanceE18, auction} = candidate;
    if (candidate.lastCheckedBlock === market.blockNumber) return undefined;
    const target = mulDivUp(maintenanceE18, market.curve.targetHealthE18, ONE_E18);
    if (auction.startedAt === 0n) {
        return equityE18 < maintenanceE18 ? worthwhile(startOf(candidate, market), keeper) : undefined;
    }
    // Without profit, but cheap: a clock that ran on would sell the account's next fall at a high discount.
    if (equityE18 >= target) return {kind: "cancel", account, profitE18: 0n};
    const open = candidate.openAt <= market.nowSeconds;
    const slice = open ? sliceOf(candidate, market, keeper) : undefined;
    if (slice !== undefined && slice.profitE18 >= keeper.minProfitE18) return slice;
    if (equityE18 < 0n && auction.insolventAt === 0n) return {kind: "record", account, profitE18: 0n};
    return undefined;
}

function worthwhile(decision: Decision, keeper: Keeper): Decision | undefined {
    return decision.profitE18 >= keeper.minProfitE18 ? decision : undefined;
}

/** Start pay is bounded by the book; what its equity does not cover comes from the backstop if it can, so it is not counted on. */
function startOf({account, equityE18, maintenanceE18}: Candidate, market: Market): Decision {
    const expense = {gas: market.pay.startGas, dataWei: market.dataFees.startWei};
    const asked = payE18(market.pay, expense, market.baseFeeWei, market.nativePriceE18);
    const due = bearableE18(asked, equityE18, maintenanceE18);
    const profitE18 = min(due, max(equityE18, 0n)) - costOf(expense, market);
    // A deficit has to be recorded before the backstop's part can rise: worth its gas to whoever means to take.
    return {kind: "start", account, profitE18: equityE18 <= 0n ? max(profitE18, due) : profitE18};
}

function sliceOf(candidate: Candidate, market: Market, keeper: Keeper): Decision | undefined {
    const book = bookOf(candidate, market);
    const {targetHealthE18, dustE18} = market.curve;
    const limit = limitE18(book, targetHealthE18, dustE18);
    const affordable = affordableE18(candidate, book, keeper);
    const finishes = affordable >= limit;
    const fraction = finishes ? limit : affordable;
    if (fraction === 0n) return undefined;
    if (!finishes && (restE18(book, fraction) < dustE18 || !helps(book, fraction))) return undefined;
    const {priceE18: price, costE18} = priceE18(book, fraction, finishes);
    return {
        kind: "take",
        account: candidate.account,
        profitE18: costE18 - costOf(takeExpense(candidate, market), market),
        maxFractionE18: finishes ? ONE_E18 : fraction,
        maxPriceE18: price + mulDown(costE18, PRICE_SLACK_E18),
        needE18: mulDivUp(max(candidate.initialE18 - book.discountE18, 0n), fraction, ONE_E18),
    };
}

export function bookOf(candidate: Candidate, market: Market): ShortBook {
    const {equityE18, maintenanceE18, positions, auction, stoppedSeconds} = candidate;
    const reserve = market.reserveBaseE18 + market.reservePerPositionE18 * BigInt(positions);
    const asked = payE18(market.pay, takeExpense(candidate, market), market.baseFeeWei, market.nativePriceE18);
    return {
        equityE18,
        maintenanceE18,
        reserveE18: positions === 0 ? 0n : min(reserve, maintenanceE18),
        discountE18: discountE18(market.curve, auction, candidate, market.nowSeconds - stoppedSeconds),
        payE18: bearableE18(asked, equityE18, maintenanceE18),
    };
}

/** Whether a part raises health: the contract refuses it otherwise. */
function helps(book: ShortBook, fraction: bigint): boolean {
    if (book.equityE18 < 0n) return true;
    const equity = book.equityE18 - mulDown(book.discountE18, fraction);
    return equity * book.maintenanceE18 > book.equityE18 * restE18(book, fraction);
}

/**
 * Fraction whose initial requirement the keeper's excess carries. Requirements add up at most, so the sum is a safe bound;
 * the slice brings its discount along.
 */
function affordableE18({initialE18}: Candidate, book: ShortBook, keeper: Keeper): bigint {
    const need = initialE18 - book.discountE18;
    const means = mulDown(max(keeper.excessE18, 0n), keeper.useE18);
    return need <= 0n ? ONE_E18 : min(ONE_E18, mulDivDown(means, ONE_E18, need));
}

const takeExpense = ({positions}: Candidate, {pay, dataFees}: Market): Expense => ({
    gas: pay.takeGas + pay.takeGasPerPosition * BigInt(positions),
    dataWei: dataFees.takeWei,
});

/** What an expense is worth, USD, 18 decimals. */
export const costOf = ({gas, dataWei}: Expense, market: Market): bigint =>
    mulDivUp(gas * market.feePerGasWei + dataWei, market.nativePriceE18 ?? 0n, ONE_E18);
