/** All cash as of a moment: what events tell, and the interest since, of which the protocol gets its share. */
import {balanceOf, principalOf, principalTotals, step, totalsOf} from "../sdk/interest.js";
import type {RateCurve} from "../sdk/interest.js";
import type {Ledger} from "./ledger.js";

export type CashTerms = {
    readonly curve: RateCurve;
    /** The account that keeps the reserve. */
    readonly protocol: string;
    /** Since the indices were last brought up to date. */
    readonly elapsedSeconds: bigint;
};

/** As the vault's `cashTotals` says it. */
export type CashTotals = {
    readonly supplyIndexE27: bigint;
    readonly borrowIndexE27: bigint;
    /** Rounded up. */
    readonly suppliedE18: bigint;
    /** Rounded down. */
    readonly borrowedE18: bigint;
};

export function cashTotalsAt(ledger: Ledger, {curve, protocol, elapsedSeconds}: CashTerms): CashTotals {
    const {supplyIndexE27, borrowIndexE27} = ledger;
    const principals = new Map([...ledger.accounts].map(([account, {principalE18}]) => [account, principalE18]));
    const pool = {supplyIndexE27, borrowIndexE27, ...principalTotals([...principals.values()])};
    const now = step(pool, curve, elapsedSeconds);
    if (now.reserveE18 !== 0n) {
        const balanceE18 = balanceOf(principals.get(protocol) ?? 0n, now);
        principals.set(protocol, principalOf(balanceE18 + now.reserveE18, now));
    }
    const totals = totalsOf([...principals.values()], now);
    return {supplyIndexE27: now.supplyIndexE27, borrowIndexE27: now.borrowIndexE27, ...totals};
}
