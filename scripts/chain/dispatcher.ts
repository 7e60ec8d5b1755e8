/**
 * Sends the transactions of one key, one after the other or several at once, in order. Owns the nonce; what does not get into a block
 * in time is sent again with the same nonce and higher fees, so that the queue can never hang behind it nor do a thing twice.
 */
import {setTimeout} from "node:timers/promises";

import {BaseWallet, isError, keccak256} from "ethers";
import type {Provider, Signer, TransactionReceipt, TransactionRequest} from "ethers";

import {gasOf, kindOf, type Call, type Estimates} from "./gas.js";
import {isRevert} from "./reverts.js";

export type {Call};

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

/** Hears the hash of what is signed before anybody else does, so that it can be written down first. */
export type OnSigned = (hash: string) => void | Promise<void>;

export type Dispatcher = {
    /** What is asked for while others are on their way goes with the next ones, in order; each fails by itself. */
    readonly send: (call: Call, onSigned?: OnSigned) => Promise<TransactionReceipt>;
};

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
    /** Fees of transactions that may still wait in a pool: what takes their place must pay more. */
    fees: Fees | undefined;
    /** The last nonce that was given out under them. */
    lastNonce: number;
    /** The last that this queue has seen in a block. */
    last: Mined | undefined;
    /** No nonce below it is free, as far as is known. */
    least: number;
    readonly estimates: Estimates;
};
type Outcome = PromiseSettledResult<TransactionReceipt>;
type Asked = {
    readonly call: Call;
    readonly onSigned: OnSigned | undefined;
    readonly settle: (outcome: Outcome) => void;
};

const failed = (reason: unknown): Outcome => ({status: "rejected", reason});

export function createDispatcher(options: DispatcherOptions): Dispatcher {
    const pending: Pending = {fees: undefined, lastNonce: -1, last: undefined, least: 0, estimates: new Map()};
    const queue: Asked[] = [];
    let isRunning = false;
    const run = async (): Promise<void> => {
        isRunning = true;
        while (queue.length > 0) {
            await gathered(queue, options);
            const asked = queue.splice(0, options.inFlight ?? 1);
            const outcomes = await sendAll(asked, options, pending).catch((reason: unknown) =>
                asked.map(() => failed(reason)),
            );
            asked.forEach(({settle}, place) => {
                settle(outcomes[place] ?? failed(new Error("the transaction was lost")));
            });
        }
        isRunning = false;
    };
    return {
        send: (call, onSigned) =>
            new Promise((resolve, reject) => {
                const settle = (outcome: Outcome): void => {
                    if (outcome.status === "fulfilled") resolve(outcome.value);
                    else reject(outcome.reason as Error);
                };
                queue.push({call, onSigned, settle});
                if (!isRunning) void run();
            }),
    };
}

const MOST_WAITS = 20;

async function gathered(queue: readonly Asked[], {inFlight = 1, gatherMs = 0}: DispatcherOptions): Promise<void> {
    let known = 0;
    for (let waits = 0; waits < MOST_WAITS && known < queue.length && queue.length < inFlight; ++waits) {
        known = queue.length;
        await setTimeout(gatherMs);
    }
}

/** One call on its way; settled once it has an outcome. */
type Flight = {
    readonly call: Call & {readonly gasLimit: bigint};
    readonly onSigned: OnSigned | undefined;
    nonce: number;
    readonly hashes: string[];
    /** What the node said when it was handed over last. */
    refusal: Error | undefined;
    outcome: Outcome | undefined;
};

async function sendAll(asked: readonly Asked[], options: DispatcherOptions, pending: Pending): Promise<Outcome[]> {
    const {signer, provider, attempts} = options;
    const from = await signer.getAddress();
    const nonce = await nextNonce(from, options, pending);
    const flights = await prepareAll(asked, from, options, pending.estimates);
    const open = (): Flight[] => flights.filter(({outcome}) => outcome === undefined);
    open().forEach((flight, place) => {
        flight.nonce = nonce + place;
    });
    const {chainId} = await provider.getNetwork();
    const now = await feesNow(provider);
    let fees = pending.fees === undefined || nonce > pending.lastNonce ? now : higher(pending.fees, now);
    for (let attempt = 0; attempt < attempts && open().length > 0; ++attempt) {
        if (fees.maxFeePerGas > options.maxFeePerGasWei) {
            const reason = new DispatchError("fee-above-limit", `A fee of ${fees.maxFeePerGas} wei is above the limit`);
            for (const flight of open()) flight.outcome = failed(reason);
            forget(pending);
            break;
        }
        await handAll(open(), {from, chainId, type: 2, ...fees}, options);
        await landed(open(), options, pending);
        for (const flight of open()) giveUpRefused(flight, pending);
        // What is left waits in a pool, or transactions of an earlier life of this key do.
        Object.assign(pending, {fees, lastNonce: Math.max(pending.lastNonce, ...flights.map((one) => one.nonce))});
        fees = higher(fees, await feesNow(provider).catch(() => fees));
    }
    if (open().length > 0) forget(pending);
    return flights.map(({outcome, hashes}) => {
        const message = `Not in a block after ${attempts} attempts`;
        return outcome ?? failed(new DispatchError("not-mined", message, hashes.at(-1)));
    });
}

/** A call that would revert gets no nonce. */
async function prepared(
    {call, onSigned}: Asked,
    from: string,
    {provider}: DispatcherOptions,
    estimates: Estimates,
): Promise<Flight> {
    const flight = {onSigned, nonce: -1, hashes: [], refusal: undefined};
    try {
        const gas = await gasOf({...call, from}, provider, estimates);
        const gasLimit = (gas * GAS_MARGIN_PERCENT) / PERCENT;
        return {...flight, call: {...call, gasLimit}, outcome: undefined};
    } catch (error) {
        return {...flight, call: {...call, gasLimit: 0n}, outcome: failed(error)};
    }
}

/** Side by side, but for one call of a new kind, whose estimate the others need. */
async function prepareAll(
    asked: readonly Asked[],
    from: string,
    options: DispatcherOptions,
    estimates: Estimates,
): Promise<Flight[]> {
    const leaders = new Map<Asked, Flight>();
    for (const [kind, one] of new Map(asked.map((call) => [kindOf(call.call), call]))) {
        if (!estimates.has(kind)) leaders.set(one, await prepared(one, from, options, estimates));
    }
    const flightOf = async (one: Asked): Promise<Flight> =>
        leaders.get(one) ?? (await prepared(one, from, options, estimates));
    return Promise.all(asked.map(flightOf));
}

const mayWait = (refusal: Error | undefined): boolean =>
    refusal === undefined || isError(refusal, "REPLACEMENT_UNDERPRICED");

/** In the order of their nonces. Behind one that the node does not take, what was never handed over would wait for ever. */
async function handAll(
    flights: readonly Flight[],
    common: TransactionRequest,
    options: DispatcherOptions,
): Promise<void> {
    for (const [place, flight] of flights.entries()) {
        const {call, nonce, hashes, onSigned} = flight;
        flight.refusal = await hand({...call, ...common, nonce}, options, hashes, onSigned);
        if (mayWait(flight.refusal)) continue;
        for (const later of flights.slice(place + 1)) {
            if (later.hashes.length === 0) later.refusal = flight.refusal;
        }
        return;
    }
}

function giveUpRefused(flight: Flight, pending: Pending): void {
    const {refusal, nonce} = flight;
    if (mayWait(refusal)) return;
    flight.outcome = failed(refusal);
    pending.last = undefined;
    if (isError(refusal, "NONCE_EXPIRED")) pending.least = Math.max(pending.least, nonce + 1);
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
        await onSigned?.(hash);
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

/**
 * Waits until all are in blocks or the time is over; each counts by whichever of its attempts got in. Nodes that do not answer are asked
 * again until then; what was refused is looked for once more, for an earlier attempt may have got in.
 */
async function landed(
    flights: readonly Flight[],
    {provider, timeoutMs}: DispatcherOptions,
    pending: Pending,
): Promise<void> {
    const isHopeful = flights.some(({hashes, refusal}) => hashes.length > 0 && refusal === undefined);
    const deadline = Date.now() + (isHopeful ? timeoutMs : timeoutMs / LOOKS);
    let waiting = flights.filter(({hashes}) => hashes.length > 0);
    while (waiting.length > 0) {
        for (const flight of waiting) await lookFor(flight, provider, pending);
        waiting = waiting.filter(({outcome}) => outcome === undefined);
        if (waiting.length === 0 || Date.now() >= deadline) return;
        await setTimeout(pauseOf(timeoutMs));
    }
}

async function lookFor(flight: Flight, provider: Provider, pending: Pending): Promise<void> {
    const {hashes, nonce, refusal} = flight;
    for (const hash of hashes) {
        const receipt = await provider.getTransactionReceipt(hash).catch(() => null);
        if (receipt === null) continue;
        if (pending.last === undefined || pending.last.nonce < nonce) pending.last = {hash: receipt.hash, nonce};
        pending.least = Math.max(pending.least, nonce + 1);
        const reverted = (): Error =>
            refusal ?? new DispatchError("reverted", "The transaction reverted", receipt.hash);
        flight.outcome = receipt.status === 1 ? {status: "fulfilled", value: receipt} : failed(reverted());
        return;
    }
}

const pauseOf = (timeoutMs: number): number => Math.max(1, Math.min(MOST_PAUSE_MS, Math.floor(timeoutMs / LOOKS)));
