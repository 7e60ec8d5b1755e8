/** Whether everybody could be paid: tokens against claims, and the two sides of every instrument against each other. */
import {cashE18} from "../chain/ledger.js";
import type {Ledger} from "../chain/ledger.js";
import {tokensOf, unbalancedOf} from "../chain/solvency.js";
import type {World} from "../demo/world.js";
import {sum} from "../sdk/math/index.js";

/**
 * What does not hold, in words; nothing if all does: coins held, lent out and collected ahead cover all claims (VLT-1), tokens cover
 * all units (VLT-2), sizes of an instrument add up to zero (LED-1). `ledger` is what events tell.
 */
export async function problemsOf({deployment, provider, ballast}: World, ledger: Ledger): Promise<string[]> {
    const block = await provider.getBlockNumber();
    const tokens = await tokensOf({block, ledger}, deployment, provider);
    const uncovered = tokens.filter(({heldE18, claimedE18}) => heldE18 < claimedE18);
    const {netSettledE18} = await ballast.vault.cashTotals({blockTag: block});
    const allCashE18 = sum([...ledger.accounts.values()].map((account) => cashE18(ledger, account)));
    const coinsE18 = (tokens[0]?.heldE18 ?? 0n) + netSettledE18;
    return [
        ...uncovered.map(({name, heldE18, claimedE18}) => `${name}: ${heldE18} of ${claimedE18}`),
        ...(coinsE18 < allCashE18 ? [`coins ${coinsE18} for cash ${allCashE18}`] : []),
        ...unbalanced(ledger),
    ];
}

/** Instruments whose longs and shorts differ, in words. */
export const unbalanced = (ledger: Ledger): string[] =>
    unbalancedOf(ledger).map(({instrument, sizeE18}) => `instrument ${instrument}: sizes add up to ${sizeE18}`);
