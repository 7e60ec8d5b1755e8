/**
 * Sends the transactions of one key, one after the other or several at once, in order. Owns the nonce; what does not get into a block
 * in time is sent again with the same nonce and higher fees, so that the queue can never hang behind it nor do a thing twice.
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
    /** Transactions that may be on their way at once, 1 by default. */
    readonly inFlight?: number;
    /** Calls go when none has come for so long, or those in hand are enough or have waited twenty times this; 0 by default. */
    readonly gatherMs?: number;
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

export type Dispatcher = {
    /** What is asked for while others are on their way goes with the next ones, in order; each fails by itself. */
    readonly send: (call: Call) => Promise<TransactionReceipt>;
};

/** Estimates are made at a base fee of zero on many nodes, where keeper pay takes another path: a fifth on top. */
const GAS_MARGIN_PERCENT = 120n;
/** Nodes replace a transaction only for at least a tenth more. */
const BUMP_PERCENT = 125n;
const PERCENT = 100n;

type Fees = {readonly maxFeePerGas: bigint; readonly maxPriorityFeePerGas: bigint};
type Pending = {
    /** Of transactions that were given up but may still wait in the pool: what takes their place must pay more. */
    fees: Fees | undefined;
    /** The last nonce that was given out under those fees. */
    lastNonce: number;
    /** One more than the last nonce that is known to be used. */
    nextNonce: number;
};

type Asked = {
    readonly call: Call;
    readonly resolve: (receipt: TransactionReceipt) => void;
    readonly reject: (reason: unknown) => void;
};

export function createDispatcher(options: DispatcherOptions): Dispatcher {
    const pending: Pending = {fees: undefined, lastNonce: -1, nextNonce: 0};
    const queue: Asked[] = [];
    let isRunning = false;
    const run = async (): Promise<void> => {
        isRunning = true;
        while (queue.length > 0) {
            await gathered(queue, options);
            const asked = queue.splice(0, options.inFlight ?? 1);
            const outcomes = await sendAll(
                asked.map(({call}) => call),
                options,
                pending,
            ).catch((reason: unknown) => asked.map(() => failed(reason)));
            asked.forEach(({resolve, reject}, place) => {
                const outcome = outcomes[place];
                if (outcome?.status === "fulfilled") resolve(outcome.value);
                else reject(outcome?.reason);
            });
        }
        isRunning = false;
    };
    return {
        send: (call) =>
            new Promise((resolve, reject) => {
                queue.push({call, resolve, reject});
                if (!isRunning) void run();
            }),
    };
}

const MOST_WAITS = 20;

async function gathered(queue: readonly Asked[], {inFlight = 1, gatherMs = 0}: DispatcherOptions): Promise<void> {
    let known = 0;
    for (let waits = 0; waits < MOST_WAITS && known < queue.length && queue.length < inFlight; ++waits) {
        known = queue.length;
        await new Promise((resolve) => setTimeout(resolve, gatherMs));
    }
}

type Request = TransactionRequest & {readonly nonce: number};
/** One call on its way: settled once it has an outcome. */
type Flight = {
    readonly call: Call & {readonly gasLimit: bigint};
    nonce: number;
    readonly hashes: string[];
    outcome: PromiseSettledResult<TransactionReceipt> | undefined;
};

const failed = (reason: unknown): PromiseRejectedResult => ({status: "rejected", reason});

async function sendAll(
    calls: readonly Call[],
    options: DispatcherOptions,
    pending: Pending,
): Promise<PromiseSettledResult<TransactionReceipt>[]> {
    const {signer, provider, attempts} = options;
    const from = await signer.getAddress();
    const nonce = await nextNonce(from, options, pending);
    const {chainId} = await provider.getNetwork();
    const flights = await Promise.all(calls.map((call) => prepared(call, from, options)));
    const open = (): Flight[] => flights.filter(({outcome}) => outcome === undefined);
    open().forEach((flight, place) => {
        flight.nonce = nonce + place;
    });
    const now = await feesNow(provider);
    let fees = pending.fees === undefined || nonce > pending.lastNonce ? now : higher(pending.fees, now);
    for (let attempt = 0; attempt < attempts && open().length > 0; ++attempt) {
        if (fees.maxFeePerGas > options.maxFeePerGasWei) {
            const reason = new DispatchError("fee-above-limit", `A fee of ${fees.maxFeePerGas} wei is above the limit`);
            for (const flight of open()) flight.outcome = failed(reason);
            break;
        }
        await handAll(open(), {from, chainId, type: 2, ...fees}, options, pending);
        await landed(open(), options, pending);
        fees = higher(fees, await feesNow(provider));
    }
    return flights.map(({outcome, hashes}) => {
        const message = `Not in a block after ${attempts} attempts`;
        return outcome ?? failed(new DispatchError("not-mined", message, hashes.at(-1)));
    });
}

/** A call that would revert gets no nonce. */
async function prepared(call: Call, from: string, {provider}: DispatcherOptions): Promise<Flight> {
    const flight: Omit<Flight, "call"> = {nonce: -1, hashes: [], outcome: undefined};
    try {
        const estimate = await provider.estimateGas({...call, from});
        return {...flight, call: {...call, gasLimit: (estimate * GAS_MARGIN_PERCENT) / PERCENT}};
    } catch (error) {
        return {...flight, call: {...call, gasLimit: 0n}, outcome: failed(error)};
    }
}

/** In the order of their nonces. Behind one that the node does not take the others would wait for ever, so they fail with it. */
async function handAll(
    flights: readonly Flight[],
    common: TransactionRequest & Fees,
    options: DispatcherOptions,
    pending: Pending,
): Promise<void> {
    for (const [place, flight] of flights.entries()) {
        try {
            flight.hashes.push(await hand({...flight.call, ...common, nonce: flight.nonce}, options, pending));
        } catch (error) {
            for (const other of flights.slice(place)) {
                // What an earlier attempt handed over may still get in.
                if (other.hashes.length === 0 || other === flight) other.outcome = failed(error);
            }
            return;
        }
        const {maxFeePerGas, maxPriorityFeePerGas} = common;
        pending.fees = {maxFeePerGas, maxPriorityFeePerGas};
        pending.lastNonce = Math.max(pending.lastNonce, flight.nonce);
    }
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
async function hand(request: Request, {signer, relay}: DispatcherOptions, pending: Pending): Promise<string> {
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

/** Waits until all are in blocks or the time is over. Each counts by whichever of its attempts got in. */
async function landed(
    flights: readonly Flight[],
    {provider, timeoutMs}: DispatcherOptions,
    pending: Pending,
): Promise<void> {
    const deadline = Date.now() + timeoutMs;
    const pauseMs = Math.max(1, Math.min(500, Math.floor(timeoutMs / 10)));
    let waiting = flights.filter(({hashes}) => hashes.length > 0);
    for (;;) {
        for (const flight of waiting) flight.outcome = await outcomeOf(flight, provider);
        const settled = waiting.filter(({outcome}) => outcome !== undefined);
        pending.nextNonce = Math.max(pending.nextNonce, ...settled.map(({nonce}) => nonce + 1));
        waiting = waiting.filter(({outcome}) => outcome === undefined);
        if (waiting.length === 0 || Date.now() >= deadline) return;
        await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
}

async function outcomeOf({hashes}: Flight, provider: Provider): Promise<Flight["outcome"]> {
    for (const hash of hashes) {
        const receipt = await provider.getTransactionReceipt(hash);
        if (receipt?.status === 1) return {status: "fulfilled", value: receipt};
        if (receipt !== null) return failed(new DispatchError("reverted", "The transaction reverted", receipt.hash));
    }
    return undefined;
}
