/** Margin around an action: the engine's answer about the book as it is and as it would be. */
import {bookFrom} from "../chain/snapshot.js";
import {balanceOf, principalOf} from "../sdk/math/index.js";
import type {Assessment, Book} from "../sdk/risk/types.js";
import type {AccountId} from "../sdk/ids.js";
import type {Token} from "../shared/deployment.js";
import {assessmentFrom, structOf, withUnits} from "./books.js";
import type {Core} from "./core.js";
import {ifAnswered} from "./failures.js";

/** USD, 18 decimals. */
export type MarginChange = {readonly before: Assessment; readonly after: Assessment};

export const assess = async ({contracts}: Core, book: Book): Promise<Assessment> =>
    assessmentFrom(await contracts.riskEngine.assessBook(structOf(book)));

export const bookOf = async ({contracts}: Core, account: AccountId): Promise<Book> =>
    bookFrom(await contracts.marginLens.bookOf(account));

/** Margin before and after a change of the book; undefined while a price that it needs is not to be had. */
export const around = (
    core: Core,
    account: AccountId,
    change: (book: Book) => Book,
): Promise<MarginChange | undefined> =>
    ifAnswered(async () => {
        const book = await bookOf(core, account);
        return {before: await assess(core, book), after: await assess(core, change(book))};
    });

/** Margin before and after units of a token come (positive) or go; cash is rounded to a principal as the vault does. */
export async function aroundMoney(
    core: Core,
    account: AccountId,
    token: Token,
    deltaE18: bigint,
): Promise<MarginChange | undefined> {
    const {vault} = core.contracts;
    if (token.symbol === core.deployment.settlementToken) {
        const indices = await vault.cashTotals();
        return around(core, account, (book) => ({
            ...book,
            cashE18: balanceOf(principalOf(book.cashE18 + deltaE18, indices), indices),
        }));
    }
    const {listed, assetId} = await vault.assetIdOf(token.address);
    return around(core, account, (book) => (listed ? withUnits(book, Number(assetId), deltaE18) : book));
}
