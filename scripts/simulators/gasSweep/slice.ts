/** What may be taken of a short book at one moment, and for what: the contract's terms of a slice that goes down to the target. */
import {discountE18, limitE18, priceE18} from "../../sdk/auction.js";
import type {Auction, KeeperPay, ShortBook} from "../../sdk/auction.js";
import {payFor} from "./rules.js";
import type {Bearer, Fees, House} from "./rules.js";

export type Rulebook = {
    readonly house: House;
    /** The rule in force: the house's own or a fixed one. */
    readonly pay: KeeperPay;
};

export type Short = Bearer & {readonly reserveE18: bigint};

export type Slice = {readonly priceE18: bigint; readonly costE18: bigint; readonly payE18: bigint};

/** The book as the auction sees it. */
function bookOf({house, pay}: Rulebook, short: Short, auction: Auction, fees: Fees, nowSeconds: bigint): ShortBook {
    const {equityE18, maintenanceE18, reserveE18} = short;
    return {
        ...{equityE18, maintenanceE18, reserveE18},
        discountE18: discountE18(house.curve, auction, short, nowSeconds),
        payE18: payFor(pay, "take", short, fees),
    };
}

type Asked = Parameters<typeof bookOf>;

/** Fraction that may be taken. */
export function limitOf(...asked: Asked): bigint {
    const {targetHealthE18, dustE18} = asked[0].house.curve;
    return limitE18(bookOf(...asked), targetHealthE18, dustE18);
}

/** All that may be taken; undefined where nothing is. */
export function sliceOf(...asked: Asked): Slice | undefined {
    const fraction = limitOf(...asked);
    const book = bookOf(...asked);
    return fraction === 0n ? undefined : {...priceE18(book, fraction, true), payE18: book.payE18};
}
