/** Reads what the strategy decides on: parameters, accounts in batches, witnesses; all figures of one block. */
import {type Block, Contract, type Provider, type Result} from "ethers";

import {isRevert} from "../chain/reverts.js";
import {CLEARINGHOUSE_ABI} from "../sdk/abi/Clearinghouse.js";
import {LIQUIDATOR_ABI} from "../sdk/abi/Liquidator.js";
import {MARGIN_LENS_ABI} from "../sdk/abi/MarginLens.js";
import {MARGIN_VAULT_ABI} from "../sdk/abi/MarginVault.js";
import {PRICE_ORACLE_ABI} from "../sdk/abi/PriceOracle.js";
import {RISK_ENGINE_ABI} from "../sdk/abi/RiskEngine.js";
import {RISK_PARAMETERS_ABI} from "../sdk/abi/RiskParameters.js";
import type {Auction, Curve, DataFees, KeeperPay} from "../sdk/auction.js";
import type {AccountId} from "../sdk/ids.js";
import type {Book} from "../sdk/risk/index.js";
import {bookFrom, type RawBook} from "../chain/snapshot.js";
import type {KeeperConfig} from "./config.js";
import type {Candidate, Market} from "./strategy.js";

export type Witness = {readonly own: readonly number[]; readonly joint: readonly number[]};

export const NO_WITNESS: Witness = {own: [], joint: []};

type RawAssessment = {
    readonly equityE18: bigint;
    readonly initialE18: bigint;
    readonly maintenanceE18: bigint;
};
type RawReport = {
    readonly underlyings: readonly {readonly binding: bigint}[];
    readonly groupBinding: readonly bigint[];
};
type RawClock = {readonly nowOnClock: bigint; readonly openAt: bigint};
type RawGlobal = {readonly reserveBaseE18: bigint; readonly reservePerPositionE18: bigint};
type RawView = {
    readonly book: {readonly positions: readonly unknown[]};
    readonly assessment: RawAssessment;
    readonly auction: Auction;
    readonly lastCheckedBlock: bigint;
};

/** An account as it stands, with its book where one call tells both. */
export type Answer = Candidate & {readonly book?: Book};

export type Reader = {
    /** At a block, the latest if left out. */
    readonly market: (blockNumber?: number) => Promise<Market>;
    /** Accounts whose figures can be had; one whose market has no price now is left out and reported. */
    readonly accounts: (ids: readonly AccountId[], blockNumber: number) => Promise<readonly Answer[]>;
    /** Binding scenarios if they alone show that the account is short, otherwise the whole grid. */
    readonly witness: (id: AccountId, blockNumber: number) => Promise<Witness>;
    readonly excessE18: (id: AccountId, blockNumber: number) => Promise<bigint>;
};

export type ReaderOptions = {
    readonly provider: Provider;
    readonly contracts: KeeperConfig["contracts"];
    readonly batchSize: number;
    readonly onUnreadable: (account: AccountId, error: unknown) => void;
};

type Ask = <T>(contract: Contract, name: string, ...inputs: readonly unknown[]) => Promise<T>;

const at =
    (blockTag: number): Ask =>
    async <T>(contract: Contract, name: string, ...inputs: readonly unknown[]): Promise<T> =>
        (await contract.getFunction(name).staticCall(...inputs, {blockTag})) as T;

export function createReader({provider, contracts, batchSize, onUnreadable}: ReaderOptions): Reader {
    const vault = new Contract(contracts.vault, MARGIN_VAULT_ABI, provider);
    const clearinghouse = new Contract(contracts.clearinghouse, CLEARINGHOUSE_ABI, provider);
    const engine = new Contract(contracts.riskEngine, RISK_ENGINE_ABI, provider);
    const oracle = new Contract(contracts.priceOracle, PRICE_ORACLE_ABI, provider);
    const liquidator = new Contract(contracts.liquidator, LIQUIDATOR_ABI, provider);
    const lens = contracts.lens === undefined ? undefined : new Contract(contracts.lens, MARGIN_LENS_ABI, provider);

    const readOne = async (account: AccountId, ask: Ask): Promise<Candidate> => {
        const [assessment, auction, lastCheckedBlock, [positions]] = await Promise.all([
            ask<RawAssessment>(engine, "assess", account),
            ask<Auction>(liquidator, "auction", account),
            ask<bigint>(vault, "lastCheckedBlock", account),
            ask<readonly [readonly unknown[]]>(clearinghouse, "positionsOf", account),
        ]);
        return candidateOf(account, {assessment, auction, lastCheckedBlock, book: {positions}});
    };

    const readBatch = async (ids: readonly AccountId[], ask: Ask): Promise<readonly Answer[]> => {
        if (lens !== undefined) {
            try {
                const views = await ask<readonly (RawView & {readonly book: RawBook})[]>(lens, "accounts", [...ids]);
                return pair(ids, views).map(([id, view]) => ({...candidateOf(id, view), book: bookFrom(view.book)}));
            } catch (error) {
                // One account without a price fails the whole batch: read them one by one instead.
                if (!isRevert(error)) throw error;
            }
        }
        const read = await Promise.allSettled(ids.map((id) => readOne(id, ask)));
        return pair(ids, read).flatMap(([id, result]) => {
            if (result.status === "fulfilled") return [result.value];
            if (!isRevert(result.reason)) throw result.reason as Error;
            onUnreadable(id, result.reason);
            return [];
        });
    };

    const readReport = async (account: AccountId, ask: Ask): Promise<RawReport> => {
        if (lens !== undefined) return ask<RawReport>(lens, "scenarioTable", account);
        const [cashE18, collateral, model] = await ask<readonly [bigint, Result, bigint]>(vault, "holdingsOf", account);
        const [positions, quotes] = await ask<readonly [Result, Result]>(clearinghouse, "positionsOf", account);
        // Decoded results are frozen, and encoding writes into its input.
        const plain = (list: Result): unknown => list.toArray(true);
        return ask<RawReport>(engine, "report", [model, cashE18, plain(collateral), plain(quotes), plain(positions)]);
    };

    return {
        market: (blockNumber) => readMarket(provider, {engine, liquidator, oracle}, blockNumber ?? "latest"),
        accounts: async (ids, blockNumber) => {
            const found: Answer[] = [];
            for (let from = 0; from < ids.length; from += batchSize) {
                found.push(...(await readBatch(ids.slice(from, from + batchSize), at(blockNumber))));
            }
            return withClocks(found, await provider.getBlock(blockNumber), liquidator);
        },
        witness: async (account, blockNumber) => {
            const ask = at(blockNumber);
            const report = await readReport(account, ask);
            const witness = {
                own: report.underlyings.map(({binding}) => Number(binding)),
                joint: report.groupBinding.map(Number),
            };
            const [isShort] = await ask<readonly [boolean]>(engine, "breaches", account, witness);
            return isShort ? witness : NO_WITNESS;
        },
        excessE18: async (account, blockNumber) => {
            const {equityE18, initialE18} = await at(blockNumber)<RawAssessment>(engine, "assess", account);
            return equityE18 - initialE18;
        },
    };
}

function pair<T>(ids: readonly AccountId[], values: readonly T[]): readonly (readonly [AccountId, T])[] {
    return values.flatMap((value, index) => {
        const id = ids[index];
        return id === undefined ? [] : [[id, value] as const];
    });
}

function candidateOf(account: AccountId, view: RawView): Candidate {
    const {equityE18, initialE18, maintenanceE18} = view.assessment;
    const {startedAt, insolventAt} = view.auction;
    return {
        account,
        equityE18,
        initialE18,
        maintenanceE18,
        positions: view.book.positions.length,
        auction: {startedAt, insolventAt},
        stoppedSeconds: 0n,
        openAt: 0n,
        lastCheckedBlock: Number(view.lastCheckedBlock),
    };
}

/** Auctions have clocks of their own, which stand still while prices are stopped. */
async function withClocks(
    candidates: readonly Answer[],
    block: Block | null,
    liquidator: Contract,
): Promise<readonly Answer[]> {
    if (block === null) return candidates;
    const ask = at(block.number);
    return Promise.all(
        candidates.map(async (candidate) => {
            if (candidate.auction.startedAt === 0n) return candidate;
            const {nowOnClock, openAt} = await ask<RawClock>(liquidator, "clockOf", candidate.account);
            return {...candidate, stoppedSeconds: BigInt(block.timestamp) - nowOnClock, openAt};
        }),
    );
}

async function readGlobal(provider: Provider, engine: Contract, ask: Ask): Promise<RawGlobal> {
    const parameters = await ask<string>(engine, "parameters");
    return ask<RawGlobal>(new Contract(parameters, RISK_PARAMETERS_ABI, provider), "globalParams");
}

async function readMarket(
    provider: Provider,
    {engine, liquidator, oracle}: Readonly<Record<"engine" | "liquidator" | "oracle", Contract>>,
    blockTag: number | "latest",
): Promise<Market> {
    const block = await provider.getBlock(blockTag);
    if (block === null) throw new Error(`The node has no block ${blockTag}`);
    const ask = at(block.number);
    const [curve, pay, dataFees, global, fees] = await Promise.all([
        ask<Curve>(liquidator, "curve"),
        ask<KeeperPay & {readonly nativeFeedId: bigint}>(liquidator, "keeperPay"),
        ask<DataFees>(liquidator, "dataFeesWei"),
        readGlobal(provider, engine, ask),
        provider.getFeeData(),
    ]);
    const baseFeeWei = block.baseFeePerGas ?? 0n;
    return {
        blockNumber: block.number,
        nowSeconds: BigInt(block.timestamp),
        curve,
        pay,
        dataFees,
        reserveBaseE18: global.reserveBaseE18,
        reservePerPositionE18: global.reservePerPositionE18,
        baseFeeWei,
        feePerGasWei: baseFeeWei + (fees.maxPriorityFeePerGas ?? 0n),
        nativePriceE18: await nativePrice(ask, oracle, pay.nativeFeedId),
    };
}

async function nativePrice(ask: Ask, oracle: Contract, feedId: bigint): Promise<bigint | undefined> {
    try {
        return await ask<bigint>(oracle, "price", feedId);
    } catch (error) {
        if (isRevert(error)) return undefined;
        throw error;
    }
}
