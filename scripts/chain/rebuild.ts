/** Every book at a block, from events alone. */
import type {Log, Provider} from "ethers";

import {decodeInstrument} from "../sdk/instruments.js";
import {MARGIN_MODELS} from "../sdk/risk/index.js";
import type {Book} from "../sdk/risk/index.js";
import type {Deployment} from "../shared/deployment.js";
import {decodeLog} from "./events.js";
import {applyEvent, cashE18, emptyLedger} from "./ledger.js";
import type {AccountBooks, Ledger} from "./ledger.js";
import type {Expiry} from "./snapshot.js";

/** Most blocks in one request. */
const RANGE = 5000;

/** Applies logs in their order; what carries no books is passed over. */
export function applyLogs(ledger: Ledger, logs: readonly Log[]): void {
    for (const log of logs) {
        const event = decodeLog(log);
        if (event !== undefined) applyEvent(ledger, event);
    }
}

export type RebuildOptions = {
    /** The last block that is read. */
    readonly to: number;
    readonly onBlock?: ((block: number) => void) | undefined;
    /** What is known up to a block already; its ledger is written to. */
    readonly known?: {readonly ledger: Ledger; readonly block: number} | undefined;
};

/** Reads all events of a deployment up to a block. `onBlock` hears how far it is. */
export async function rebuild(
    provider: Pick<Provider, "getLogs">,
    {contracts, block}: Deployment,
    {to, onBlock, known}: RebuildOptions,
): Promise<Ledger> {
    const ledger = known?.ledger ?? emptyLedger();
    const address = [contracts.vault, contracts.clearinghouse, contracts.liquidator];
    const first = known === undefined ? block : known.block + 1;
    for (let fromBlock = first; fromBlock <= to; fromBlock += RANGE) {
        const toBlock = Math.min(to, fromBlock + RANGE - 1);
        applyLogs(ledger, await provider.getLogs({address, fromBlock, toBlock}));
        onBlock?.(toBlock);
    }
    return ledger;
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
export function heldExpiries(ledger: Ledger): Expiry[] {
    const held = new Map<string, Expiry>();
    for (const {sizeE18} of ledger.accounts.values()) {
        for (const instrument of sizeE18.keys()) {
            const {underlying, expiry} = decodeInstrument(instrument);
            if (expiry !== 0) held.set(`${String(underlying)}:${String(expiry)}`, {underlying, expiry});
        }
    }
    return [...held.values()];
}
