/** Whether everybody could be paid: tokens against claims, and the two sides of every instrument against each other. */
import {Contract} from "ethers";

import {TOKEN_ABI} from "../chain/contracts.js";
import {cashE18, sizeSums} from "../chain/ledger.js";
import type {Ledger} from "../chain/ledger.js";
import type {World} from "../demo/world.js";
import {sum, toE18} from "../sdk/math/index.js";

/**
 * What does not hold, in words; nothing if all does: coins held, lent out and collected ahead cover all claims (VLT-1), tokens cover
 * all units (VLT-2), sizes of an instrument add up to zero (LED-1). `books` are those that events tell of.
 */
export async function problemsOf(world: World, books: Ledger): Promise<string[]> {
    return [...(await uncovered(world, books)), ...unbalanced(books)];
}

/** Instruments whose longs and shorts differ. */
export function unbalanced(books: Ledger): string[] {
    return [...sizeSums(books)]
        .filter(([, sizeE18]) => sizeE18 !== 0n)
        .map(([instrument, sizeE18]) => `instrument ${instrument}: sizes add up to ${sizeE18}`);
}

async function uncovered(world: World, books: Ledger): Promise<string[]> {
    const {deployment, provider} = world;
    const {vault} = world.ballast;
    const problems: string[] = [];
    const held = async (address: string): Promise<bigint> => {
        const token = new Contract(address, TOKEN_ABI, provider);
        return (await token.getFunction("balanceOf").staticCall(deployment.contracts.vault)) as bigint;
    };
    const coin = deployment.tokens[deployment.settlementToken];
    const totals = await vault.cashTotals();
    const coinsE18 = toE18(await held(coin?.address ?? ""), coin?.decimals ?? 0);
    const coverE18 = coinsE18 + totals.borrowedE18 + totals.netSettledE18;
    if (coverE18 < totals.suppliedE18) problems.push(`coins ${coverE18} of ${totals.suppliedE18}`);
    const allCashE18 = sum([...books.accounts.values()].map((account) => cashE18(books, account)));
    if (coinsE18 + totals.netSettledE18 < allCashE18) problems.push(`coins ${coinsE18} for cash ${allCashE18}`);
    for (let assetId = 0; assetId < Number(await vault.assetCount()); assetId += 1) {
        const {token, decimals, totalE18} = await vault.asset(assetId);
        const unitsE18 = toE18(await held(token), Number(decimals));
        if (unitsE18 < totalE18) problems.push(`asset ${assetId}: ${unitsE18} of ${totalE18}`);
    }
    return problems;
}
