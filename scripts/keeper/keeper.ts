/** The keeper's loop: follow the chain, read, decide, act; one round at a time, and clean ends. */
import {Contract, type Provider} from "ethers";

import {isRevert} from "../chain/reverts.js";
import {CLEARINGHOUSE_ABI} from "../sdk/abi/Clearinghouse.js";
import {PRICE_ORACLE_ABI} from "../sdk/abi/PriceOracle.js";
import {SOLVENCY_GATE_ABI} from "../sdk/abi/SolvencyGate.js";
import type {AccountId} from "../sdk/ids.js";
import type {Expiry} from "../chain/snapshot.js";
import type {Log} from "../shared/logger.js";
import {act, actionOf, closingOf, hedgeOf, lookOf, marginCallOf, settlementOf, type ActParts} from "./actions.js";
import {accountsToCall} from "./caller.js";
import type {Backing} from "./backing.js";
import type {KeeperConfig} from "./config.js";
import {driveRanges} from "./driving.js";
import type {LayOff} from "./layOff/layOff.js";
import type {Lookout, Seen} from "./lookout.js";
import {NO_WITNESS, type Reader} from "./reader.js";
import {findStraddle, type Round, type RoundSource} from "./settler.js";
import {withExpiry, withoutExpiry, type KeeperState} from "./state.js";
import {decide, together, withClosings, type Candidate, type Decision, type Market} from "./strategy.js";

export type KeeperParts = {
    readonly config: KeeperConfig;
    readonly provider: Provider;
    readonly reader: Reader;
    /** Chooses whom to read; without it everybody is read in every round. */
    readonly lookout?: Lookout | undefined;
    /** Knows makers; without it what is taken is kept. */
    readonly layOff?: LayOff | undefined;
    readonly acting: ActParts;
    readonly backing: Pick<Backing, "follow">;
    readonly log: Log;
};

/** What a round hands to the next one. */
export type Memory = {readonly state: KeeperState; readonly calls: ReadonlyMap<AccountId, bigint>};

const AGGREGATOR_ABI = [
    "function latestRoundData() view returns (uint80 roundId, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound)",
    "function getRoundData(uint80 id) view returns (uint80 roundId, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound)",
];

/** One round. What it learned of the chain is saved before it acts, so that a crash repeats no reading and loses nothing. */
export async function tick(memory: Memory, parts: KeeperParts): Promise<Memory> {
    const startedMs = parts.acting.nowMs();
    const {state: followed, seen} = await parts.backing.follow(memory.state);
    const settled = await settleExpiries(followed, parts);
    // All is read at a block whose hash the cursor keeps: what a reorganisation takes back is read again.
    const market = await parts.reader.market(followed.cursor.nextBlock - 1);
    const candidates = await look(settled.accounts, seen, market, parts);
    const short = await liquidate(candidates, market, parts);
    await hedge(market, parts);
    const calls = await callMargins(candidates, market, memory.calls, parts);
    await lookAtGate(market, parts);
    await driveRanges(market.blockNumber, parts);
    parts.log("tick_finished", {
        block: market.blockNumber,
        blockSeconds: market.nowSeconds,
        accounts: candidates.length,
        short,
        ms: parts.acting.nowMs() - startedMs,
    });
    return {state: settled, calls};
}

/** Ticks until the signal; ends with the last failure after too many in a row. */
export async function runKeeper(start: Memory, parts: KeeperParts, signal: AbortSignal): Promise<Memory> {
    const {config, log} = parts;
    let memory = start;
    let failures = 0;
    while (!signal.aborted) {
        try {
            memory = await tick(memory, parts);
            failures = 0;
        } catch (error) {
            failures += 1;
            log("tick_failed", {error, failures});
            if (failures >= config.maxFailures) throw error;
        }
        await pause(config.pollMs, signal);
    }
    log("keeper_stopped", {nextBlock: memory.state.cursor.nextBlock});
    return memory;
}

/** Accounts as they stand on the chain: all, or those that the lookout names. */
async function look(
    accounts: KeeperState["accounts"],
    seen: Seen,
    {blockNumber, nowSeconds}: Market,
    {reader, lookout}: KeeperParts,
): Promise<readonly Candidate[]> {
    if (lookout === undefined) return reader.accounts([...accounts], blockNumber);
    const named = await lookout.whom(accounts, seen, {number: blockNumber, seconds: nowSeconds});
    const candidates = await reader.accounts(named, blockNumber);
    lookout.told(candidates);
    return candidates;
}

/** @returns how many are short or in an auction. */
async function liquidate(candidates: readonly Candidate[], market: Market, parts: KeeperParts): Promise<number> {
    const {config, reader, layOff, acting, log} = parts;
    const {account, minProfit: minProfitE18, useOfExcess: useE18} = config;
    const short = candidates.filter(
        ({auction, equityE18, maintenanceE18}) => auction.startedAt > 0n || equityE18 < maintenanceE18,
    );
    if (short.length === 0) return 0;
    const excessE18 = await reader.excessE18(account, market.blockNumber);
    const keeper = {account, excessE18, minProfitE18, useE18};
    const closings = (await layOff?.closings(short, market)) ?? [];
    const decisions = withClosings(decide(short, market, keeper), closings);
    log("accounts_ranked", {short: short.length, decisions: decisions.length, closings: closings.length, excessE18});
    const {blockNumber} = market;
    const {closeOut = ""} = config.contracts;
    const carryOut = async (decision: Decision): Promise<unknown> => {
        if (decision.kind === "close_out") return act(closingOf(decision, closeOut), blockNumber, acting);
        const isStart = decision.kind === "start";
        const witness = isStart ? await reader.witness(decision.account, blockNumber) : NO_WITNESS;
        return act(actionOf(decision, config.contracts, account, witness), blockNumber, acting);
    };
    for (const group of together(decisions, keeper, config.inFlight)) {
        const outcomes = await Promise.allSettled(group.map(carryOut));
        const failure = outcomes.find((outcome) => outcome.status === "rejected");
        if (failure !== undefined) throw failure.reason;
    }
    return short.length;
}

/** What was taken in an earlier round is laid off in this one: this round's block knows nothing of its own slices. */
async function hedge(market: Market, {config, layOff, acting}: KeeperParts): Promise<void> {
    const found = await layOff?.hedge(market);
    if (found !== undefined) await act(hedgeOf(found, config.account), market.blockNumber, acting);
}

async function callMargins(
    candidates: readonly Candidate[],
    {nowSeconds, blockNumber}: Market,
    before: Memory["calls"],
    {config, acting}: KeeperParts,
): Promise<Memory["calls"]> {
    const calls = new Map(before);
    const everySeconds = BigInt(config.callEverySeconds);
    for (const account of accountsToCall(candidates, before, {nowSeconds, everySeconds})) {
        if (await act(marginCallOf(account, config.contracts), blockNumber, acting)) calls.set(account, nowSeconds);
    }
    return calls;
}

/** The gate counts calm only while somebody looks; one keeper of several is enough. */
async function lookAtGate({nowSeconds, blockNumber}: Market, {config, provider, acting}: KeeperParts): Promise<void> {
    const {solvencyGate} = config.contracts;
    if (solvencyGate === undefined) return;
    const gate = new Contract(solvencyGate, SOLVENCY_GATE_ABI, provider);
    const asked = gate.getFunction("state").staticCall({blockTag: blockNumber});
    const {lookedAt} = (await asked) as {readonly lookedAt: bigint};
    if (nowSeconds - lookedAt >= BigInt(config.lookEverySeconds)) await act(lookOf(solvencyGate), blockNumber, acting);
}

/** An expiry is forgotten once its price has stood for so long that no reorganisation takes it back. */
async function settleExpiries(state: KeeperState, parts: KeeperParts): Promise<KeeperState> {
    const block = await parts.provider.getBlock("latest");
    if (block === null) return state;
    let next = state;
    for (const expiry of state.expiries.values()) {
        if (expiry.expiry >= block.timestamp) continue;
        const settledAt = (await settleOne(expiry, block.number, parts))
            ? (expiry.settledAt ?? block.number)
            : undefined;
        const isFinal = settledAt !== undefined && block.number - settledAt > parts.config.reorgDepth;
        next = isFinal ? withoutExpiry(next, expiry) : withExpiry(next, {...expiry, settledAt});
    }
    return next;
}

/** @returns whether the expiry has its price. */
async function settleOne(
    expiry: Expiry,
    blockNumber: number,
    {config, provider, acting, log}: KeeperParts,
): Promise<boolean> {
    const {clearinghouse, priceOracle} = config.contracts;
    const books = new Contract(clearinghouse, CLEARINGHOUSE_ABI, provider);
    const {underlying, expiry: atSeconds} = expiry;
    const price = (await books.getFunction("settlementPriceE18").staticCall(underlying, atSeconds)) as bigint;
    if (price > 0n) return true;
    const oracle = new Contract(priceOracle, PRICE_ORACLE_ABI, provider);
    const feed = (await oracle.getFunction("feed").staticCall(underlying)) as {readonly aggregator: string};
    const rounds = await findStraddle(roundSource(feed.aggregator, provider), BigInt(atSeconds));
    if (rounds === undefined) {
        log("settlement_waits", {underlying, expiry: atSeconds});
        return false;
    }
    return act(settlementOf(expiry, rounds, config.contracts), blockNumber, acting);
}

/** Rounds of a Chainlink proxy. A round that does not exist reverts on some feeds and has no time on others. */
export function roundSource(aggregator: string, provider: Provider): RoundSource {
    const contract = new Contract(aggregator, AGGREGATOR_ABI, provider);
    const ask = async (name: string, ...inputs: readonly unknown[]): Promise<Round> => {
        const {roundId, updatedAt} = (await contract.getFunction(name).staticCall(...inputs)) as Round;
        return {roundId, updatedAt};
    };
    return {
        latest: () => ask("latestRoundData"),
        round: async (roundId) => {
            try {
                const round = await ask("getRoundData", roundId);
                return round.updatedAt === 0n ? undefined : round;
            } catch (error) {
                if (isRevert(error)) return undefined;
                throw error;
            }
        },
    };
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
        if (signal.aborted) {
            resolve();
            return;
        }
        const finish = (): void => {
            clearTimeout(timer);
            signal.removeEventListener("abort", finish);
            resolve();
        };
        const timer = setTimeout(finish, ms);
        signal.addEventListener("abort", finish);
    });
}
