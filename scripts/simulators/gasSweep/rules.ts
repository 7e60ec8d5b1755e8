/**
 * What a keeper is paid under each rule, as the contract reckons it. A fixed reward is the same rule with its least and its most set to one
 * figure, so it is a deployment that parameters can make.
 */
import {parametersOf} from "../../../deploy/parameters/index.js";
import {auctionCurve, keeperPay} from "../../../deploy/structs.js";
import {affordableE18, payE18} from "../../sdk/auction.js";
import type {Curve, KeeperPay} from "../../sdk/auction.js";
import {mulDivDown} from "../../sdk/math/index.js";

/** What both rules share. */
export type House = {
    readonly curve: Curve;
    readonly pay: KeeperPay;
    readonly reserveBaseE18: bigint;
    readonly reservePerPositionE18: bigint;
    /** Largest price range: what a book asks for of its notional. */
    readonly rangeE18: bigint;
    readonly sigmaDayE18: bigint;
};

/** The figures that every network starts with, of the underlying that moves most. */
export function defaultHouse(): House {
    const parameters = parametersOf("local");
    const {risk} = parameters;
    const [first, ...others] = risk.underlyings;
    if (first === undefined) throw new Error("There is no underlying");
    const widest = others.reduce((most, one) => (one.sigmaDay > most.sigmaDay ? one : most), first);
    return {
        curve: auctionCurve(parameters),
        pay: keeperPay(parameters),
        reserveBaseE18: risk.reserveBase,
        reservePerPositionE18: risk.reservePerPosition,
        rangeE18: widest.priceRange,
        sigmaDayE18: widest.sigmaDay,
    };
}

export type Work = "start" | "take";

const gasPaid = (pay: KeeperPay, work: Work, positions: number): bigint =>
    work === "start" ? pay.startGas : pay.takeGas + pay.takeGasPerPosition * BigInt(positions);

export type Fees = {readonly baseFeeWei: bigint; readonly nativePriceE18: bigint};
export type Bearer = {readonly equityE18: bigint; readonly maintenanceE18: bigint; readonly positions: number};

/** Pay for one transaction, within what the book bears; no data fee. */
export function payFor(pay: KeeperPay, work: Work, book: Bearer, {baseFeeWei, nativePriceE18}: Fees): bigint {
    const expense = {gas: gasPaid(pay, work, book.positions), dataWei: 0n};
    return affordableE18(payE18(pay, expense, baseFeeWei, nativePriceE18), book.equityE18, book.maintenanceE18);
}

/** Positions of the book at which a fixed reward is the average of what the formula pays for its two transactions. */
const USUAL_POSITIONS = 4;

/** The reward that is right at one gas price, and the same at every other. */
export function fixedAt(pay: KeeperPay, fees: Fees): KeeperPay {
    const [start, take] = (["start", "take"] as const).map((work) => {
        const expense = {gas: gasPaid(pay, work, USUAL_POSITIONS), dataWei: 0n};
        return payE18(pay, expense, fees.baseFeeWei, fees.nativePriceE18);
    });
    const meanE18 = mulDivDown((start ?? 0n) + (take ?? 0n), 1n, 2n);
    return {...pay, minE18: meanE18, maxE18: meanE18};
}
