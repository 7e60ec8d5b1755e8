/**
 * Sends the transactions of one key, one after the other. Owns the nonce; a transaction that does not get into a block in time
 * is sent again with the same nonce and higher fees, so that the queue can never hang behind it nor do a thing twice.
 */
import {isError} from "ethers";
import type {Provider, Signer, TransactionReceipt, TransactionRequest} from "ethers";

export type Call = {readonly to: string; readonly data: string};

export type DispatcherOptions = {
    readonly signer: Signer;
    readonly provider: Provider;
    /** How long one attempt may take, milliseconds. */
    readonly timeoutMs: number;
    /** Attempts in all, the first included. */
    readonly attempts: number;
    /** Fee per gas that no attempt goes above, wei. */
    readonly maxFeePerGasWei: bigint;
    /** Other nodes that are asked for the nonce too: one that says too much would leave a gap that nothing gets past. */
    readonly peers?: readonly Pick<Provider, "getTransactionCount">[];
    /** Takes signed transactions instead of the node, so that nobody sees them before they are in a block. */
    readonly relay?: Pick<Provider, "broadcastTransaction">;
};

export type DispatchFailureCode = "reverted" | "not-mined" | "fee-above-limit";

export class DispatchError extends Error {
    readonly code: DispatchFailureCode;
    readonly hash: string | undefined;

    constructor(code: DispatchFailureCode, message: string, hash?: string) {
        super(message);
        this.name = "DispatchError";
        this.code = code;
        this.hash = hash;
    }
}

export type Dispatcher = {readonly send: (call: Call) => Promise<TransactionReceipt>};

/** Estimates are made at a base fee of zero on many nodes, where keeper pay takes another path: a fifth on top. */
const GAS_MARGIN_PERCENT = 120n;
/** Nodes replace a transaction only for at least a tenth more. */
const BUMP_PERCENT = 125n;
const PERCENT = 100n;

type Fees = {readonly maxFeePerGas: bigint; readonly maxPriorityFeePerGas: bigint};
/** Fees of a transaction that was given up but may still wait in the pool: the next one takes its place, so it must pay more. */
type Pending = {
    fees: Fees | undefined;
    /** One more than the last nonce that is known to be used. */ nextNonce: number;
};

export function createDispatcher(options: DispatcherOptions): Dispatcher {
    let tail: Promise<unknown> = Promise.resolve();
    const pending: Pending = {fees: undefined, nextNonce: 0};
    return {
        send: (call) => {
            const result = tail.then(() => sendOne(call, options, pending));
            // The caller gets the failure; the queue only waits for the end.
            tail = result.catch(() => undefined);
            return result;
        },
    };
}

async function sendOne(call: Call, options: DispatcherOptions, pending: Pending): Promise<TransactionReceipt> {
    const {signer, provider, attempts} = options;
    const from = await signer.getAddress();
    const nonce = await nextNonce(from, options, pending);
    const estimate = await provider.estimateGas({...call, from});
    const gasLimit = (estimate * GAS_MARGIN_PERCENT) / PERCENT;
    const {chainId} = await provider.getNetwork();
    let fees = pending.fees === undefined ? await feesNow(provider) : higher(pending.fees, await feesNow(provider));
    const hashes: string[] = [];
    for (let attempt = 0; attempt < attempts; ++attempt) {
        if (fees.maxFeePerGas > options.maxFeePerGasWei) {
            throw new DispatchError("fee-above-limit", `A fee of ${fees.maxFeePerGas} wei is above the limit`);
        }
        const request = {...call, from, nonce, gasLimit, chainId, type: 2, ...fees};
        hashes.push(await hand(request, options, pending));
        pending.fees = fees;
        const receipt = await firstReceipt(hashes, options);
        if (receipt !== undefined) [pending.fees, pending.nextNonce] = [undefined, nonce + 1];
        if (receipt?.status === 1) return receipt;
        if (receipt !== undefined) throw new DispatchError("reverted", "The transaction reverted", receipt.hash);
        fees = higher(fees, await feesNow(provider));
    }
    throw new DispatchError("not-mined", `Not in a block after ${attempts} attempts`, hashes.at(-1));
}

/**
 * The queue is serial and ends only with a receipt or a replacement, so what is mined says what comes next. Nodes may lag or lie: none
 * is believed below what this queue has seen mined, and of the others the least, because a nonce too low is refused at once.
 */
async function nextNonce(from: string, {provider, peers = []}: DispatcherOptions, pending: Pending): Promise<number> {
    const asked = await Promise.allSettled([provider, ...peers].map((one) => one.getTransactionCount(from, "latest")));
    const counts = asked.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
    const [refused] = asked.flatMap((one) => (one.status === "rejected" ? [one.reason as Error] : []));
    if (counts.length === 0) throw refused ?? new Error("no node was asked for the nonce");
    const believed = counts.filter((one) => one >= pending.nextNonce);
    return believed.length === 0 ? pending.nextNonce : Math.min(...believed);
}

/** @returns the hash, under which the transaction is known from now on. */
async function hand(
    request: TransactionRequest & {readonly nonce: number},
    {signer, relay}: DispatcherOptions,
    pending: Pending,
): Promise<string> {
    try {
        if (relay === undefined) return (await signer.sendTransaction(request)).hash;
        return (await relay.broadcastTransaction(await signer.signTransaction(request))).hash;
    } catch (error) {
        if (isError(error, "NONCE_EXPIRED")) pending.nextNonce = Math.max(pending.nextNonce, request.nonce + 1);
        throw error;
    }
}

async function feesNow(provider: Provider): Promise<Fees> {
    const {maxFeePerGas, maxPriorityFeePerGas, gasPrice} = await provider.getFeeData();
    const tip = maxPriorityFeePerGas ?? 0n;
    return {maxFeePerGas: maxFeePerGas ?? (gasPrice ?? 0n) * 2n + tip, maxPriorityFeePerGas: tip};
}

function higher(before: Fees, now: Fees): Fees {
    const bump = (fee: bigint, other: bigint): bigint => {
        const bumped = (fee * BUMP_PERCENT) / PERCENT + 1n;
        return bumped > other ? bumped : other;
    };
    return {
        maxFeePerGas: bump(before.maxFeePerGas, now.maxFeePerGas),
        maxPriorityFeePerGas: bump(before.maxPriorityFeePerGas, now.maxPriorityFeePerGas),
    };
}

/** Receipt of whichever attempt got in, undefined if none did in time. */
async function firstReceipt(
    hashes: readonly string[],
    {provider, timeoutMs}: DispatcherOptions,
): Promise<TransactionReceipt | undefined> {
    const deadline = Date.now() + timeoutMs;
    const pauseMs = Math.max(1, Math.min(500, Math.floor(timeoutMs / 10)));
    for (;;) {
        for (const hash of hashes) {
            const receipt = await provider.getTransactionReceipt(hash);
            if (receipt !== null) return receipt;
        }
        if (Date.now() >= deadline) return undefined;
        await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
}
