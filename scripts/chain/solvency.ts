/** What the pool holds and owes at a block: books rebuilt from events beside what the contracts say of themselves. */
import {Contract} from "ethers";
import type {Provider} from "ethers";

import {decodeInstrument, UNDERLYINGS} from "../sdk/instruments.js";
import {max, sum, toE18} from "../sdk/math/index.js";
import {assessBook} from "../sdk/risk/index.js";
import type {Assessment, Market, RiskParameters} from "../sdk/risk/index.js";
import {tokenOf} from "../shared/deployment.js";
import type {Deployment} from "../shared/deployment.js";
import {ballastAt, TOKEN_ABI} from "./contracts.js";
import type {BallastContracts} from "./contracts.js";
import {sizeSums} from "./ledger.js";
import type {Ledger} from "./ledger.js";
import {cashTotalsOf, ledgerAt} from "./cash.js";
import {bookOf, heldExpiries, rebuild} from "./rebuild.js";
import type {Rebuilt} from "./rebuild.js";
import {createSnapshotReader} from "./snapshot.js";

/** Everything of one block: books, and what the twin needs to judge them. */
export type Standing = {
    readonly block: number;
    readonly hash: string;
    readonly time: number;
    /** What events tell. */
    readonly events: Rebuilt;
    /** The same, with interest up to this block. */
    readonly ledger: Ledger;
    readonly parameters: RiskParameters;
    readonly market: Market;
};

export type Source = {
    readonly provider: Provider;
    readonly deployment: Deployment;
    /** The latest if left out. */
    readonly block?: number | undefined;
    readonly onBlock?: (block: number) => void;
    /** Of an earlier look: only what came after it is read, unless its block is gone. Its books are written to. */
    readonly since?: Standing | undefined;
};

export async function readStanding({provider, deployment, block: asked, onBlock, since}: Source): Promise<Standing> {
    const block = await provider.getBlock(asked ?? "latest");
    if (block === null) throw new Error(`the node has no block ${String(asked ?? "latest")}`);
    const stands = since !== undefined && (await provider.getBlock(since.block))?.hash === since.hash;
    const known = stands && since.block <= block.number ? {...since.events, block: since.block} : undefined;
    const events = await rebuild(provider, deployment, {to: block.number, onBlock, known});
    const reader = createSnapshotReader(provider, deployment.contracts);
    const {parameters, market} = await reader.snapshot(heldExpiries(events.ledger), block.number);
    const {vault} = ballastAt(deployment, provider);
    const at = {blockTag: block.number};
    const accrued = events.accruedBlock === undefined ? block : await provider.getBlock(events.accruedBlock);
    const ledger = ledgerAt(events.ledger, {
        curve: await vault.rateCurve(at),
        protocol: await vault.protocolAccount(at),
        elapsedSeconds: BigInt(block.timestamp - (accrued ?? block).timestamp),
    });
    return {block: block.number, hash: block.hash ?? "", time: block.timestamp, events, ledger, parameters, market};
}

/** What two ways of counting say of one figure. */
export type Count = {readonly name: string; readonly booksE18: bigint; readonly contractE18: bigint};

export type Solvency = {
    readonly block: number;
    readonly time: number;
    readonly accounts: number;
    /** Each must be equal to the unit. */
    readonly counts: readonly Count[];
    /** Tokens in the vault beside what is claimed of them. */
    readonly tokens: readonly {readonly name: string; readonly heldE18: bigint; readonly claimedE18: bigint}[];
    /** Sums of sizes that are not zero, by instrument. */
    readonly unbalanced: readonly {readonly instrument: bigint; readonly sizeE18: bigint}[];
    readonly equityE18: bigint;
    readonly initialE18: bigint;
    readonly maintenanceE18: bigint;
    /** Of accounts with negative equity. */
    readonly deficitE18: bigint;
    readonly belowMaintenance: readonly string[];
    /** Accounts that cannot be judged, because something they hold has no price. */
    readonly unpriced: readonly string[];
    readonly backstopE18: bigint;
    readonly lossesE18: {readonly backstop: bigint; readonly writtenDown: bigint};
    readonly holds: boolean;
};

/** Every account of a ledger by the twin; one whose market has no price is left undefined. */
export function assessAll(
    {ledger, parameters}: Pick<Standing, "ledger" | "parameters">,
    market: Market,
): Map<string, Assessment | undefined> {
    const judged = [...ledger.accounts].map(([account, books]): [string, Assessment | undefined] => {
        try {
            return [account, assessBook({book: bookOf(ledger, books), market, parameters})];
        } catch (error) {
            if ((error as {code?: string}).code !== "market-missing") throw error;
            return [account, undefined];
        }
    });
    return new Map(judged);
}

export async function solvencyOf(standing: Standing, {provider, deployment}: Source): Promise<Solvency> {
    const {block, time, ledger, market} = standing;
    const at = {blockTag: block};
    const ballast = ballastAt(deployment, provider);
    const [counts, tokens] = [await countsOf(standing, ballast), await tokensOf(standing, deployment, provider)];
    const unbalanced = unbalancedOf(ledger);
    const judged = [...assessAll(standing, market)];
    const known = judged.flatMap(([account, one]) => (one === undefined ? [] : [{account, ...one}]));
    const losses = await ballast.liquidator.losses(at);
    const {decimals} = tokenOf(deployment, deployment.settlementToken);
    const agree = counts.every(({booksE18, contractE18}) => booksE18 === contractE18);
    const covered = tokens.every(({heldE18, claimedE18}) => heldE18 >= claimedE18);
    return {
        block,
        time,
        accounts: ledger.accounts.size,
        counts,
        tokens,
        unbalanced,
        equityE18: sum(known.map(({equityE18}) => equityE18)),
        initialE18: sum(known.map(({initialE18}) => initialE18)),
        maintenanceE18: sum(known.map(({maintenanceE18}) => maintenanceE18)),
        deficitE18: sum(known.map(({equityE18}) => max(0n - equityE18, 0n))),
        belowMaintenance: known.filter((one) => one.equityE18 < one.maintenanceE18).map(({account}) => account),
        unpriced: judged.filter(([, one]) => one === undefined).map(([account]) => account),
        backstopE18: toE18(await ballast.backstop.totalAssets(at), decimals),
        lossesE18: {backstop: losses.backstopE18, writtenDown: losses.writtenDownE18},
        holds: agree && covered && unbalanced.length === 0,
    };
}

/** Instruments whose sizes do not add up to zero (LED-1); an expiry that has its price is settled one side after the other. */
export function unbalancedOf(ledger: Ledger): {instrument: bigint; sizeE18: bigint}[] {
    return [...sizeSums(ledger)].flatMap(([instrument, sizeE18]) => {
        const {underlying, expiry} = decodeInstrument(instrument);
        const settled = ledger.settlements.has(`${String(underlying)}:${String(expiry)}`);
        return sizeE18 === 0n || settled ? [] : [{instrument, sizeE18}];
    });
}

async function countsOf({block, ledger, parameters}: Standing, ballast: BallastContracts): Promise<Count[]> {
    const {vault, clearinghouse} = ballast;
    const at = {blockTag: block};
    const totals = await vault.cashTotals(at);
    const {suppliedE18, borrowedE18} = cashTotalsOf(ledger);
    const counts: Count[] = [
        {name: "cash supplied", booksE18: suppliedE18, contractE18: totals.suppliedE18},
        {name: "cash borrowed", booksE18: borrowedE18, contractE18: totals.borrowedE18},
        {name: "settled ahead", booksE18: ledger.netSettledE18, contractE18: totals.netSettledE18},
    ];
    for (const id of parameters.underlyings.keys()) {
        const name = `open interest of ${UNDERLYINGS[id] ?? String(id)}`;
        counts.push({name, booksE18: longE18(ledger, id), contractE18: await clearinghouse.openInterestE18(id, at)});
    }
    for (const id of parameters.assets.keys()) {
        const {totalE18} = await vault.asset(id, at);
        counts.push({name: `units of asset ${String(id)}`, booksE18: unitsE18(ledger, id), contractE18: totalE18});
    }
    return counts;
}

function longE18(ledger: Ledger, underlying: number): bigint {
    const sizes = [...ledger.accounts.values()].flatMap(({sizeE18}) => [...sizeE18]);
    const own = sizes.filter(([instrument]) => decodeInstrument(instrument).underlying === underlying);
    return sum(own.map(([, sizeE18]) => max(sizeE18, 0n)));
}

const unitsE18 = (ledger: Ledger, assetId: number): bigint =>
    sum([...ledger.accounts.values()].map((books) => books.unitsE18.get(assetId) ?? 0n));

/** Tokens in the vault beside what is claimed of them (VLT-1, VLT-2). */
export async function tokensOf(
    {block, ledger}: Pick<Standing, "block" | "ledger">,
    deployment: Deployment,
    provider: Provider,
): Promise<Solvency["tokens"]> {
    const at = {blockTag: block};
    const {vault} = ballastAt(deployment, provider);
    const heldE18 = async (token: string, decimals: number): Promise<bigint> => {
        const balanceOf = new Contract(token, TOKEN_ABI, provider).getFunction("balanceOf");
        return toE18((await balanceOf.staticCall(deployment.contracts.vault, at)) as bigint, decimals);
    };
    const coin = tokenOf(deployment, deployment.settlementToken);
    const {suppliedE18, borrowedE18, netSettledE18} = await vault.cashTotals(at);
    // What is lent out and what was paid ahead are not in the vault.
    const claimedE18 = suppliedE18 - borrowedE18 - netSettledE18;
    const tokens = [
        {name: deployment.settlementToken, heldE18: await heldE18(coin.address, coin.decimals), claimedE18},
    ];
    const assets = Number(await vault.assetCount(at));
    for (let id = 0; id < assets; ++id) {
        const {token, decimals} = await vault.asset(id, at);
        const name = Object.entries(deployment.tokens).find(([, {address}]) => address === token)?.[0] ?? token;
        tokens.push({name, heldE18: await heldE18(token, Number(decimals)), claimedE18: unitsE18(ledger, id)});
    }
    return tokens;
}
