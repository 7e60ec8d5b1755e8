/** What each liquidation cost, whom, and how long it took. USD with 18 decimals, times in Unix seconds. */
import {abs, max, mulCeil, mulDown} from "../sdk/math/index.js";

/** One slice as the contract reports it. */
export type Slice = {
    readonly fractionE18: bigint;
    readonly equityBeforeE18: bigint;
    readonly priceE18: bigint;
    readonly backstopPaidE18: bigint;
    readonly socialisedE18: bigint;
};

/** Who paid for a slice: account, backstop and everybody's cash, together what the keeper gained and the hole that was filled. */
export type Layers = {
    /** Out of the account's own equity. */
    readonly accountE18: bigint;
    readonly backstopE18: bigint;
    readonly writtenDownE18: bigint;
    /** What the book lacked to be worth nothing, in proportion. */
    readonly holeE18: bigint;
    /** Given to the keeper on top of fair value. */
    readonly keeperE18: bigint;
};

/** A slice's value is its fraction of the equity, rounded like the contract's; the keeper gains what he pays less than that. */
export function layersOf(slice: Slice): Layers {
    const {fractionE18, equityBeforeE18, priceE18, backstopPaidE18, socialisedE18} = slice;
    const valueE18 = mulCeil(equityBeforeE18, fractionE18);
    const keeperE18 = valueE18 - priceE18;
    const holeE18 = max(0n, -valueE18);
    const outsideE18 = backstopPaidE18 + socialisedE18;
    return {
        accountE18: keeperE18 + holeE18 - outsideE18,
        backstopE18: backstopPaidE18,
        writtenDownE18: socialisedE18,
        holeE18,
        keeperE18,
    };
}

export type Liquidation = {
    readonly account: string;
    readonly kind: string;
    /** First look at which true prices showed it short. */
    readonly breachAt: number;
    readonly breachBlock: number;
    startedAt: number;
    startPayE18: bigint;
    firstSliceAt: number | undefined;
    firstSliceBlock: number | undefined;
    endedAt: number | undefined;
    slices: number;
    gas: bigint;
    gasCostE18: bigint;
    gasPriceWei: bigint;
    accountE18: bigint;
    backstopE18: bigint;
    writtenDownE18: bigint;
    holeE18: bigint;
    keeperE18: bigint;
    /** Worth at spot of what was sold, and of the part in legs that were in profit. */
    closedE18: bigint;
    profitableE18: bigint;
    /** Least equity that the book would have had at any later look, had it been left alone. */
    leftAloneE18: bigint | undefined;
};

export function newLiquidation(
    who: Pick<Liquidation, "account" | "kind" | "breachAt" | "breachBlock">,
    startedAt: number,
): Liquidation {
    return {
        ...who,
        startedAt,
        startPayE18: 0n,
        firstSliceAt: undefined,
        firstSliceBlock: undefined,
        endedAt: undefined,
        slices: 0,
        gas: 0n,
        gasCostE18: 0n,
        gasPriceWei: 0n,
        accountE18: 0n,
        backstopE18: 0n,
        writtenDownE18: 0n,
        holeE18: 0n,
        keeperE18: 0n,
        closedE18: 0n,
        profitableE18: 0n,
        leftAloneE18: undefined,
    };
}

export function addSlice(one: Liquidation, slice: Slice, at: {readonly time: number; readonly block: number}): void {
    const layers = layersOf(slice);
    one.slices += 1;
    one.firstSliceAt ??= at.time;
    one.firstSliceBlock ??= at.block;
    one.accountE18 += layers.accountE18;
    one.backstopE18 += layers.backstopE18;
    one.writtenDownE18 += layers.writtenDownE18;
    one.holeE18 += layers.holeE18;
    one.keeperE18 += layers.keeperE18;
}

/** A leg that was sold: in profit if its price moved the way of its size since it was opened. */
export type SoldLeg = {
    readonly sizeE18: bigint;
    readonly spotE18: bigint;
    readonly entryE18: bigint;
    readonly nowE18: bigint;
};

export function addLegs(one: Liquidation, legs: readonly SoldLeg[], fractionE18: bigint): void {
    for (const {sizeE18, spotE18, entryE18, nowE18} of legs) {
        const worthE18 = mulDown(mulDown(abs(sizeE18), fractionE18), spotE18);
        one.closedE18 += worthE18;
        if ((nowE18 - entryE18) * sizeE18 > 0n) one.profitableE18 += worthE18;
    }
}

const COLUMNS: readonly (readonly [string, (one: Liquidation) => string | number | bigint | undefined])[] = [
    ["account", ({account}) => account],
    ["kind", ({kind}) => kind],
    ["breach_at", ({breachAt}) => breachAt],
    ["started_at", ({startedAt}) => startedAt],
    ["first_slice_at", ({firstSliceAt}) => firstSliceAt],
    ["ended_at", ({endedAt}) => endedAt],
    [
        "seconds_to_slice",
        ({firstSliceAt, breachAt}) => (firstSliceAt === undefined ? undefined : firstSliceAt - breachAt),
    ],
    [
        "blocks_to_slice",
        ({firstSliceBlock, breachBlock}) => (firstSliceBlock === undefined ? undefined : firstSliceBlock - breachBlock),
    ],
    ["slices", ({slices}) => slices],
    ["gas", ({gas}) => gas],
    ["gas_price_wei", ({gasPriceWei}) => gasPriceWei],
    ["gas_cost_usd_e18", ({gasCostE18}) => gasCostE18],
    ["start_pay_usd_e18", ({startPayE18}) => startPayE18],
    ["discount_usd_e18", ({keeperE18}) => keeperE18],
    ["hole_usd_e18", ({holeE18}) => holeE18],
    ["from_account_usd_e18", ({accountE18}) => accountE18],
    ["from_backstop_usd_e18", ({backstopE18}) => backstopE18],
    ["written_down_usd_e18", ({writtenDownE18}) => writtenDownE18],
    ["closed_usd_e18", ({closedE18}) => closedE18],
    ["closed_in_profit_usd_e18", ({profitableE18}) => profitableE18],
];

/** One row per liquidation. */
export const ledgerCsv = (all: readonly Liquidation[]): string =>
    [
        COLUMNS.map(([name]) => name).join(","),
        ...all.map((one) => COLUMNS.map(([, read]) => String(read(one) ?? "")).join(",")),
        "",
    ].join("\n");
