/** What keepers wrote down beside what the chain holds of them. */
import {expect} from "chai";

import {idOf} from "../world.js";
import {hashesOf, journalOf, minedBy} from "./keepers.js";
import type {Keeperhood, Street} from "./street.js";
import {salesOf} from "./street.js";

export type Checked = {
    readonly sent: number;
    readonly mined: number;
    /** In a block, and not called mined by the journal. */
    readonly unheard: number;
    readonly torn: number;
    readonly failures: ReadonlyMap<string, number>;
};

/**
 * Every transaction on the chain was written down before it was sent, no nonce was passed over, and what the journal calls mined is
 * there and no more than `unheard` others are: those whose outcome a kill kept the keeper from hearing.
 */
export async function checkJournal(
    street: Street,
    {wallet}: Keeperhood,
    folder: string,
    {fromBlock, unheard}: {readonly fromBlock: number; readonly unheard: number},
): Promise<Checked> {
    const {entries, torn} = journalOf(folder);
    const mined = await minedBy(street, wallet.address, fromBlock);
    const [sent, heard] = [hashesOf(entries, "sent"), hashesOf(entries, "mined")];
    const good = mined.filter(({ok}) => ok).map(({hash}) => hash);
    expect(sent, "written down before it was sent").to.include.members(mined.map(({hash}) => hash));
    expect(good, "mined, as the journal says").to.include.members(heard);
    expect(new Set(heard).size, "each once").to.equal(heard.length);
    expect(good.length - heard.length, "mined and not heard of").to.be.within(0, unheard);
    const [first] = mined;
    expect(
        mined.map(({nonce}) => nonce),
        "nonces",
    ).to.deep.equal(mined.map((_, index) => first!.nonce + index));
    const failures = new Map<string, number>();
    for (const {outcome, action, details} of entries) {
        const name = `${action}: ${String(details["reason"])}`;
        if (outcome === "failed") failures.set(name, (failures.get(name) ?? 0) + 1);
    }
    return {sent: sent.length, mined: mined.length, unheard: good.length - heard.length, torn, failures};
}

/** One start for each auction, and each slice that the chain sold is one that a keeper's journal knows. */
export async function checkSales(street: Street, folders: readonly string[], unheard: number): Promise<number> {
    const sales = await salesOf(street);
    expect(
        sales.filter(({endedAt}) => endedAt === undefined),
        "auctions that still run",
    ).to.deep.equal([]);
    for (const account of street.traders.map(idOf)) {
        const own = sales.filter((sale) => sale.account === account);
        own.slice(1).forEach(({startedAt}, index) => {
            expect(startedAt, "started while another ran").to.be.at.least(own[index]!.endedAt!);
        });
    }
    const entries = folders.flatMap((folder) => journalOf(folder).entries);
    const countOf = (action: string): number =>
        entries.filter((entry) => entry.action === action && entry.outcome === "mined").length;
    const {liquidator} = street.world.all;
    const slices = await liquidator.queryFilter(liquidator.filters.SliceTaken());
    expect(sales.length - countOf("start"), "starts").to.be.within(0, unheard);
    expect(slices.length - countOf("take"), "slices").to.be.within(0, unheard);
    // Each is sold to its target at once, because every keeper can carry a whole book.
    expect(slices, "slices for an auction").to.have.lengthOf(sales.length);
    return sales.length;
}
