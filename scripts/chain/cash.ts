/** Books as of a moment: what events tell, and the interest since, of which the protocol gets its share. */
import {balanceOf, principalOf, principalTotals, step, totalsOf} from "../sdk/interest.js";
import type {RateCurve} from "../sdk/interest.js";
import {booksOf} from "./ledger.js";
import type {Ledger} from "./ledger.js";

export type CashTerms = {
    readonly curve: RateCurve;
    /** The account that keeps the reserve. */
    readonly protocol: string;
    /** Since the books held all interest. */
    readonly elapsedSeconds: bigint;
};

const principalsOf = ({accounts}: Ledger): bigint[] => [...accounts.values()].map(({principalE18}) => principalE18);

/** A ledger of its own for what interest moves; all else is shared with the one given. */
export function ledgerAt(ledger: Ledger, {curve, protocol, elapsedSeconds}: CashTerms): Ledger {
    const {supplyIndexE27, borrowIndexE27} = ledger;
    const pool = {supplyIndexE27, borrowIndexE27, ...principalTotals(principalsOf(ledger))};
    const {reserveE18, ...indices} = step(pool, curve, elapsedSeconds);
    const now = {...ledger, ...indices, accounts: new Map(ledger.accounts)};
    if (reserveE18 === 0n) return now;
    const books = booksOf(now, protocol);
    const principalE18 = principalOf(balanceOf(books.principalE18, indices) + reserveE18, indices);
    now.accounts.set(protocol, {...books, principalE18});
    return now;
}

/** All claims rounded up and all debts rounded down, as the vault's `cashTotals` says them. */
export const cashTotalsOf = (ledger: Ledger): {readonly suppliedE18: bigint; readonly borrowedE18: bigint} =>
    totalsOf(principalsOf(ledger), ledger);
