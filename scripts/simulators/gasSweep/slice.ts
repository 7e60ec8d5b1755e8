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

export type Slice = {
    readonly fractionE18: bigint;
    readonly priceE18: bigint;
    readonly costE18: bigint;
    /** What the rule pays at least. */
    readonly payE18: bigint;
};

/** The book as the auction sees it. */
function bookOf({house, pay}: Rulebook, short: Short, auction: Auction, fees: Fees, nowSeconds: bigint): ShortBook {
    const {equityE18, maintenanceE18, reserveE18} = short;
    return {
        ...{equityE18, maintenanceE18, reserveE18},
        discountE18: discountE18(house.curve, auction, short, nowSeconds),
        payE18: payFor(pay, "take", short, fees),
    };
}

/** All that may be taken; undefined where nothing is. */
export function sliceOf(...asked: Parameters<typeof bookOf>): Slice | undefined {
    const {targetHealthE18, dustE18} = asked[0].house.curve;
    const book = bookOf(...asked);
    const fractionE18 = limitE18(book, targetHealthE18, dustE18);
    return fractionE18 === 0n ? undefined : {fractionE18, ...priceE18(book, fractionE18, true), payE18: book.payE18};
}
