/**
 * Sends the transactions of one key, one after the other. Owns the nonce; a transaction that does not get into a block in time
 * is sent again with the same nonce and higher fees, so that the queue can never hang behind it nor do a thing twice.
 */
import {setTimeout} from "node:timers/promises";

import {BaseWallet, isError, keccak256} from "ethers";
import type {Provider, Signer, TransactionReceipt, TransactionRequest} from "ethers";

import {isRevert} from "./reverts.js";

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

/** Hears the hash of what is signed before anybody else does, so that it can be written down first. */
export type OnSigned = (hash: string) => void;

export type Dispatcher = {readonly send: (call: Call, onSigned?: OnSigned) => Promise<TransactionReceipt>};

/** Estimates are made at a base fee of zero on many nodes, where keeper pay takes another path: a fifth on top. */
const GAS_MARGIN_PERCENT = 120n;
/** Nodes replace a transaction only for at least a tenth more. */
const BUMP_PERCENT = 125n;
const PERCENT = 100n;
/** How often a silent node is asked for the nonce, or handed a transaction. */
const TRIES = 3;
/** Looks for a receipt in the time of one attempt, at least. */
const LOOKS = 10;
const MOST_PAUSE_MS = 500;

type Fees = {readonly maxFeePerGas: bigint; readonly maxPriorityFeePerGas: bigint};
/** A transaction that got into a block, and its nonce. */
type Mined = {readonly hash: string; readonly nonce: number};
type Pending = {
    /** A transaction that may still wait in a pool: the next one of its nonce takes its place, so it must pay more. */
    waiting: {readonly nonce: number; readonly fees: Fees} | undefined;
    /** The last that this queue has seen in a block. */
    last: Mined | undefined;
    /** No nonce below it is free, as far as is known. */
    least: number;
};

export function createDispatcher(options: DispatcherOptions): Dispatcher {
    let tail: Promise<unknown> = Promise.resolve();
    const pending: Pending = {waiting: undefined, last: undefined, least: 0};
    return {
        send: (call, onSigned) => {
            const result = tail.then(() => sendOne(call, options, pending, onSigned));
            // The caller gets the failure; the queue only waits for the end.
            tail = result.catch(() => undefined);
            return result;
        },
    };
}

async function sendOne(
    call: Call,
    options: DispatcherOptions,
    pending: Pending,
    onSigned: OnSigned | undefined,
): Promise<TransactionReceipt> {
    const {signer, provider, attempts, timeoutMs} = options;
    const from = await signer.getAddress();
    const nonce = await nextNonce(from, options, pending);
    const estimate = await provider.estimateGas({...call, from});
    const gasLimit = (estimate * GAS_MARGIN_PERCENT) / PERCENT;
    const {chainId} = await provider.getNetwork();
    const {waiting} = pending;
    let fees = await feesNow(provider);
    if (waiting?.nonce === nonce) fees = higher(waiting.fees, fees);
    const hashes: string[] = [];
    for (let attempt = 0; attempt < attempts; ++attempt) {
        if (fees.maxFeePerGas > options.maxFeePerGasWei) {
            forget(pending);
            throw new DispatchError("fee-above-limit", `A fee of ${fees.maxFeePerGas} wei is above the limit`);
        }
        const request = {...call, from, nonce, gasLimit, chainId, type: 2, ...fees};
        const refusal = await hand(request, options, hashes, onSigned);
        const receipt = await firstReceipt(hashes, options, refusal === undefined ? timeoutMs : timeoutMs / LOOKS);
        if (receipt !== undefined) {
            Object.assign(pending, {waiting: undefined, last: {hash: receipt.hash, nonce}, least: nonce + 1});
            if (receipt.status === 1) return receipt;
            throw refusal ?? new DispatchError("reverted", "The transaction reverted", receipt.hash);
        }
        if (refusal !== undefined && !isError(refusal, "REPLACEMENT_UNDERPRICED")) {
            pending.last = undefined;
            if (isError(refusal, "NONCE_EXPIRED")) pending.least = Math.max(pending.least, nonce + 1);
            throw refusal;
        }
        // It waits in a pool, or one of an earlier life of this key does.
        pending.waiting = {nonce, fees};
        fees = higher(fees, await feesNow(provider).catch(() => fees));
    }
    forget(pending);
    throw new DispatchError("not-mined", `Not in a block after ${attempts} attempts`, hashes.at(-1));
}

/**
 * The key is this queue's alone, so the nonce after the last that was mined is the next one, whatever nodes say, as long as that block
 * stands. Without one the nodes are asked: none is believed below what is known to be used, and of the others the least, because a
 * nonce too low is refused at once and one too high leaves a gap. Who is silent is asked again, lest the one who lies is alone.
 */
async function nextNonce(from: string, options: DispatcherOptions, pending: Pending): Promise<number> {
    const {provider, peers = []} = options;
    if (pending.last !== undefined) {
        if ((await provider.getTransactionReceipt(pending.last.hash)) !== null) return pending.last.nonce + 1;
        // A reorganisation has dropped it; its nonce is free again, or will be used by it once more.
        forget(pending);
    }
    const asked = await Promise.allSettled(
        [provider, ...peers].map((one) => repeatedly(() => one.getTransactionCount(from, "latest"), options)),
    );
    const counts = asked.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
    const [refused] = asked.flatMap((one) => (one.status === "rejected" ? [one.reason as Error] : []));
    if (counts.length === 0) throw refused ?? new Error("no node was asked for the nonce");
    const believed = counts.filter((one) => one >= pending.least);
    return believed.length === 0 ? pending.least : Math.min(...believed);
}

/** What was given up may get in by itself, and a block may be taken back: then only nodes know which nonce is next. */
function forget(pending: Pending): void {
    pending.last = undefined;
    pending.least = 0;
}

/** Asks again after a pause, unless the answer is final; the last failure counts. */
async function repeatedly<T>(
    ask: () => Promise<T>,
    {timeoutMs}: DispatcherOptions,
    isFinal: (error: unknown) => boolean = () => false,
): Promise<T> {
    for (let left = TRIES - 1; ; --left) {
        try {
            return await ask();
        } catch (error) {
            if (left === 0 || isFinal(error)) throw error;
            await setTimeout(pauseOf(timeoutMs));
        }
    }
}

/**
 * Hands a transaction over. One that is signed here has a hash before anybody sees it, so a broken connection is no reason to lose sight
 * of it: the same bytes are handed again, which cannot do a thing twice.
 * @returns why it was refused; undefined when it is in a pool, or may be.
 */
async function hand(
    request: TransactionRequest,
    options: DispatcherOptions,
    hashes: string[],
    onSigned: OnSigned | undefined,
): Promise<Error | undefined> {
    const {signer, provider, relay} = options;
    try {
        if (relay === undefined && !(signer instanceof BaseWallet)) {
            hashes.push((await signer.sendTransaction(request)).hash);
            return undefined;
        }
        const signed = await signer.signTransaction(request);
        const hash = keccak256(signed);
        onSigned?.(hash);
        hashes.push(hash);
        await repeatedly(() => (relay ?? provider).broadcastTransaction(signed), options, isFinal);
        return undefined;
    } catch (error) {
        if (!(error instanceof Error)) throw error;
        return isRefusal(error) || hashes.length === 0 ? error : undefined;
    }
}

/** What another try cannot change. */
const REFUSALS = ["NONCE_EXPIRED", "REPLACEMENT_UNDERPRICED", "INSUFFICIENT_FUNDS", "UNSUPPORTED_OPERATION"] as const;

const isRefusal = (error: unknown): boolean => isRevert(error) || REFUSALS.some((code) => isError(error, code));
const isKnown = (error: unknown): boolean =>
    error instanceof Error && /already known|known transaction/i.test(error.message);
const isFinal = (error: unknown): boolean => isRefusal(error) || isKnown(error);

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

/** Receipt of whichever attempt got in, undefined if none did in time; nodes that do not answer are asked again until then. */
async function firstReceipt(
    hashes: readonly string[],
    {provider, timeoutMs}: DispatcherOptions,
    waitMs: number,
): Promise<TransactionReceipt | undefined> {
    const deadline = Date.now() + waitMs;
    for (;;) {
        for (const hash of hashes) {
            const receipt = await provider.getTransactionReceipt(hash).catch(() => null);
            if (receipt !== null) return receipt;
        }
        if (Date.now() >= deadline) return undefined;
        await setTimeout(pauseOf(timeoutMs));
    }
}

const pauseOf = (timeoutMs: number): number => Math.max(1, Math.min(MOST_PAUSE_MS, Math.floor(timeoutMs / LOOKS)));
