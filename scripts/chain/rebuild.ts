/** Every book at a block, from events alone. */
import type {Provider} from "ethers";

import {MARGIN_MODELS} from "../sdk/risk/index.js";
import type {Book} from "../sdk/risk/index.js";
import type {Deployment} from "../shared/deployment.js";
import {decodeLog} from "./events.js";
import {applyEvent, cashE18, emptyLedger} from "./ledger.js";
import type {AccountBooks, Ledger} from "./ledger.js";
import {expiriesOf} from "./snapshot.js";
import type {Expiry} from "./snapshot.js";

/** While anybody owes, cash changes only after interest was brought to the same block; the first debt starts the clock. */
const ACCRUING: ReadonlySet<string> = new Set(["InterestAccrued", "CashChanged"]);
/** Most blocks in one request. */
const RANGE = 5000;

/** Books, and the block up to which they hold interest; none if nobody had cash yet. */
export type Rebuilt = {readonly ledger: Ledger; readonly accruedBlock: number | undefined};

export type RebuildOptions = {
    /** The last block that is read. */
    readonly to: number;
    readonly onBlock?: ((block: number) => void) | undefined;
    /** What is known up to a block already; its ledger is written to. */
    readonly known?: (Rebuilt & {readonly block: number}) | undefined;
};

/** Reads all events of a deployment up to a block. `onBlock` hears how far it is. */
export async function rebuild(
    provider: Pick<Provider, "getLogs">,
    {contracts, block}: Deployment,
    {to, onBlock, known}: RebuildOptions,
): Promise<Rebuilt> {
    const ledger = known?.ledger ?? emptyLedger();
    let accruedBlock = known?.accruedBlock;
    const address = [contracts.vault, contracts.clearinghouse, contracts.liquidator];
    const first = known === undefined ? block : known.block + 1;
    for (let fromBlock = first; fromBlock <= to; fromBlock += RANGE) {
        const toBlock = Math.min(to, fromBlock + RANGE - 1);
        for (const log of await provider.getLogs({address, fromBlock, toBlock})) {
            const event = decodeLog(log);
            if (event === undefined) continue;
            applyEvent(ledger, event);
            if (ACCRUING.has(event.name)) accruedBlock = log.blockNumber;
        }
        onBlock?.(toBlock);
    }
    return {ledger, accruedBlock};
}

/** An account's book as the twin takes it, with interest up to the ledger's indices. */
export function bookOf(ledger: Ledger, books: AccountBooks): Book {
    const sorted = <K extends number | bigint>(map: ReadonlyMap<K, bigint>): (readonly [K, bigint])[] =>
        [...map].sort(([a], [b]) => (a < b ? -1 : 1));
    return {
        model: MARGIN_MODELS[books.model] ?? "SCENARIO",
        cashE18: cashE18(ledger, books),
        collateral: sorted(books.unitsE18).map(([assetId, unitsE18]) => ({assetId, unitsE18})),
        quotes: sorted(books.quoteE18).map(([underlying, quoteE18]) => ({underlying, quoteE18})),
        positions: sorted(books.sizeE18).map(([instrument, sizeE18]) => ({instrument, sizeE18})),
    };
}

/** Expiries that somebody holds. */
export const heldExpiries = (ledger: Ledger): Expiry[] =>
    expiriesOf([...ledger.accounts.values()].flatMap(({sizeE18}) => [...sizeE18.keys()]));
