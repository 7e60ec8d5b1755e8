/** Rebuilds the books from events alone and compares them with what the chain holds. */
import type {HDNodeWallet} from "ethers";

import {decodeLog} from "../chain/events.js";
import {applyEvent, emptyLedger, sizeSums} from "../chain/ledger.js";
import type {AccountBooks, Ledger} from "../chain/ledger.js";
import type {World} from "./world.js";

export type Replay = {
    readonly events: number;
    readonly accounts: number;
    /** Every figure that differs; none, or the events do not tell the whole truth. */
    readonly differences: readonly string[];
    /** Sum of sizes over all accounts by instrument, those closed again included. */
    readonly sumsE18: ReadonlyMap<bigint, bigint>;
};

function senderOf({wallets}: World): HDNodeWallet {
    const [sender] = wallets;
    if (sender === undefined) throw new Error("There is no wallet");
    return sender;
}

async function rebuilt({provider, deployment}: World): Promise<{ledger: Ledger; events: number; met: Set<bigint>}> {
    const {vault, clearinghouse, liquidator} = deployment.contracts;
    const ledger = emptyLedger();
    const met = new Set<bigint>();
    const fromBlock = deployment.block;
    const logs = await provider.getLogs({address: [vault, clearinghouse, liquidator], fromBlock, toBlock: "latest"});
    for (const log of logs) {
        const event = decodeLog(log);
        if (event === undefined) continue;
        applyEvent(ledger, event);
        // A slice moves what was opened before it.
        if (event.name === "PositionChanged") met.add(event.args["instrument"] as bigint);
    }
    return {ledger, events: logs.length, met};
}

async function differencesOf({ballast}: World, account: string, books: AccountBooks): Promise<string[]> {
    const [positions, quotes] = await ballast.clearinghouse.positionsOf(account);
    const found: string[] = [];
    const check = (what: string, event: bigint, chain: bigint): void => {
        if (event !== chain) found.push(`${account} ${what}: events ${event}, chain ${chain}`);
    };
    check("positions", BigInt(books.sizeE18.size), BigInt(positions.length));
    for (const {instrument, sizeE18} of positions) check("size", books.sizeE18.get(instrument) ?? 0n, sizeE18);
    for (const {underlying, quoteE18} of quotes) {
        check("quote", books.quoteE18.get(Number(underlying)) ?? 0n, quoteE18);
    }
    check("principal", books.principalE18, await ballast.vault.principalOf(account));
    for (const [assetId, unitsE18] of books.unitsE18) {
        check("collateral", unitsE18, await ballast.vault.unitsOf(account, assetId));
    }
    return found;
}

export async function replayEvents(world: World): Promise<Replay> {
    // Views count interest up to now; the events do so up to the last touch.
    await world.done(world.as(senderOf(world)).vault.accrue(world.gas()));
    const {ledger, events, met} = await rebuilt(world);
    const differences: string[] = [];
    for (const [account, books] of ledger.accounts) differences.push(...(await differencesOf(world, account, books)));
    const totals = await world.ballast.vault.cashTotals();
    const same =
        totals.netSettledE18 === ledger.netSettledE18 &&
        totals.supplyIndexE27 === ledger.supplyIndexE27 &&
        totals.borrowIndexE27 === ledger.borrowIndexE27;
    if (!same) differences.push("totals of cash");
    const sums = sizeSums(ledger);
    const sumsE18 = new Map([...met].sort((a, b) => (a < b ? -1 : 1)).map((id) => [id, sums.get(id) ?? 0n] as const));
    return {events, accounts: ledger.accounts.size, differences, sumsE18};
}
