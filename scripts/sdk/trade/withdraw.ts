/** Twin of the lens's `maxWithdraw`: the greatest amount of a token that may leave an account now. */
import {InputError} from "../failures.js";
import {balanceOf, min, principalOf, toE18, toNativeDown} from "../math/index.js";
import type {CashIndices} from "../math/index.js";
import {assessBook} from "../risk/riskEngine.js";
import type {Book, Market, RiskParameters} from "../risk/types.js";
import {amount} from "../units.js";
import type {AmountNative} from "../units.js";
import {closeIn, GREATEST, LEAST} from "./search.js";

/** Whose money, at which prices, and what the vault says. */
export type WithdrawQuestion = {
    readonly book: Book;
    readonly market: Market;
    readonly parameters: RiskParameters;
    readonly vault: CashIndices & {readonly borrowingPaused: boolean};
};

/** What is taken: the settlement coin, or an asset by its number. */
export type WithdrawToken = {
    readonly asset: number | "settlement";
    readonly decimals: number;
    /** Tokens that the vault holds. */
    readonly heldNative: bigint;
};

/** The book once `amountNative` has left; undefined if that would borrow while nobody may. */
function bookAfter(question: WithdrawQuestion, token: WithdrawToken, amountNative: bigint): Book | undefined {
    const {book, vault} = question;
    const debitE18 = toE18(amountNative, token.decimals);
    if (token.asset !== "settlement") {
        const collateral = book.collateral.map((held) =>
            held.assetId === token.asset ? {...held, unitsE18: held.unitsE18 - debitE18} : held,
        );
        return {...book, collateral};
    }
    if (amountNative === 0n) return book;
    const cashE18 = book.cashE18 - debitE18;
    if (cashE18 < 0n && vault.borrowingPaused) return undefined;
    // Cash as the vault keeps it: a change is rounded to a principal.
    return {...book, cashE18: balanceOf(principalOf(cashE18, vault), vault)};
}

/** Excess over the initial requirement: `GREATEST` where the vault asks for none, `LEAST` where it refuses. */
function excessAfter(question: WithdrawQuestion, token: WithdrawToken, amountNative: bigint): bigint {
    const book = bookAfter(question, token, amountNative);
    if (book === undefined) return LEAST;
    if (book.cashE18 >= 0n && book.positions.length === 0 && book.quotes.length === 0) return GREATEST;
    const {equityE18, initialE18} = assessBook({book, market: question.market, parameters: question.parameters});
    return equityE18 - initialE18;
}

/** Greatest amount, token units: it may leave, one unit more may not. 0 for an account below its initial requirement. */
export function maxWithdraw(question: WithdrawQuestion, token: WithdrawToken): AmountNative {
    if (token.heldNative < 0n) {
        const details = {held: String(token.heldNative)};
        throw new InputError("number-out-of-range", `The vault cannot hold ${token.heldNative} tokens`, details);
    }
    const unitsE18 = question.book.collateral.find(({assetId}) => assetId === token.asset)?.unitsE18 ?? 0n;
    const ownedNative = token.asset === "settlement" ? token.heldNative : toNativeDown(unitsE18, token.decimals);
    const most = min(token.heldNative, ownedNative);
    const figureAt = (amountNative: bigint): bigint => excessAfter(question, token, amountNative);
    if (most === 0n) return amount(0n);
    const atMost = figureAt(most);
    if (atMost >= 0n) return amount(most);
    const atNothing = figureAt(0n);
    if (atNothing < 0n) return amount(0n);
    return amount(closeIn({good: 0n, atGood: atNothing, bad: most, atBad: atMost}, figureAt));
}
