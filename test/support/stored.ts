/** Storage in the shape of books rebuilt from events, to compare the two. */
import type {AccountId} from "../../scripts/sdk/ids.js";
import {UNDERLYINGS} from "./world.js";
import type {Side, World} from "./world.js";

const ASSETS = [0, 1, 2];

/** What storage says of one account, in the ledger's own shape. */
export async function stored(
    world: World,
    operators: readonly Side[],
    account: AccountId,
    blockTag: number,
): Promise<unknown> {
    const {vault, clearinghouse, liquidator} = world.all;
    const {positions} = await clearinghouse.positionsOf(account, {blockTag});
    const units = await Promise.all(ASSETS.map((asset) => vault.unitsOf(account, asset, {blockTag})));
    const quotes = await Promise.all(UNDERLYINGS.map((one) => clearinghouse.quoteOf(account, one, {blockTag})));
    const grants = await Promise.all(
        operators.map(async ({owner}) => {
            const {rights, expiresAt} = await vault.operatorGrant(account, owner.address, {blockTag});
            return [owner.address, {rights: Number(rights), expiresAt: Number(expiresAt)}] as const;
        }),
    );
    const auction = await liquidator.auction(account, {blockTag});
    return {
        principalE18: await vault.principalOf(account, {blockTag}),
        unitsE18: new Map(ASSETS.map((asset, i) => [asset, units[i]!] as const).filter(([, held]) => held !== 0n)),
        sizeE18: new Map(positions.map(({instrument, sizeE18}) => [instrument, sizeE18] as const)),
        quoteE18: new Map(UNDERLYINGS.map((one, i) => [one, quotes[i]!] as const).filter(([, quote]) => quote !== 0n)),
        operators: new Map(grants.filter(([, {rights}]) => rights !== 0)),
        model: Number((await vault.holdingsOf(account, {blockTag})).model),
        epoch: await clearinghouse.epochOf(account, {blockTag}),
        auction: auction.startedAt !== 0n,
        insolventAt: Number(auction.insolventAt),
    };
}

const sorted = <K>(map: Map<K, unknown>): [K, unknown][] => [...map].sort(([a], [b]) => (a < b ? -1 : 1));

/** Maps in one order, so that books can be compared as a whole. */
export function plain(books: unknown): unknown {
    const entries = Object.entries(books as Record<string, unknown>);
    return Object.fromEntries(entries.map(([key, value]) => [key, value instanceof Map ? sorted(value) : value]));
}
