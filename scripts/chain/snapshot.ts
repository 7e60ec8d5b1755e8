/** Reads what the risk twin needs at one block: parameters, market data, books. None of it grows with the number of accounts. */
import {Contract, type Provider} from "ethers";

import {CLEARINGHOUSE_ABI} from "../sdk/abi/Clearinghouse.js";
import {MARGIN_VAULT_ABI} from "../sdk/abi/MarginVault.js";
import {PRICE_ORACLE_ABI} from "../sdk/abi/PriceOracle.js";
import {RISK_ENGINE_ABI} from "../sdk/abi/RiskEngine.js";
import {RISK_PARAMETERS_ABI} from "../sdk/abi/RiskParameters.js";
import {SURFACE_ORACLE_ABI} from "../sdk/abi/SurfaceOracle.js";
import type {AccountId} from "../sdk/ids.js";
import {decodeInstrument} from "../sdk/instruments.js";
import {MARGIN_MODELS, VOL_STATES} from "../sdk/risk/index.js";
import type {
    AssetParams,
    Book,
    ExpiryQuote,
    GlobalParams,
    Market,
    RiskParameters,
    Scenario,
    svi,
    UnderlyingParams,
    UnderlyingQuote,
} from "../sdk/risk/index.js";
import {ONE_E18} from "../sdk/units.js";
import {isRevert} from "./reverts.js";

/** Expiry of one underlying, Unix time in seconds. */
export type Expiry = {readonly underlying: number; readonly expiry: number};

/** Expiries of instruments, each once. */
export function expiriesOf(instruments: readonly bigint[]): Expiry[] {
    const found = new Map<string, Expiry>();
    for (const instrument of instruments) {
        const {underlying, expiry} = decodeInstrument(instrument);
        if (expiry !== 0) found.set(`${underlying}:${expiry}`, {underlying, expiry});
    }
    return [...found.values()];
}

/** Where to begin; the engine knows the rest. */
export type SnapshotContracts = Readonly<Record<"vault" | "clearinghouse" | "riskEngine", string>>;

/** Indices of what is lent and borrowed, 27 decimals. */
export type Indices = {readonly supplyIndexE27: bigint; readonly borrowIndexE27: bigint};

export type Snapshot = {
    readonly market: Market;
    readonly parameters: RiskParameters;
    readonly indices: Indices;
};

export type SnapshotReader = {
    /** Parameters and market data at a block, with the surfaces and settlement prices of some expiries. */
    readonly snapshot: (expiries: readonly Expiry[], blockNumber: number) => Promise<Snapshot>;
    readonly book: (account: AccountId, blockNumber: number) => Promise<Book>;
};

type Numbers<T> = {readonly [Name in keyof T]: bigint};
type RawScenario = Omit<Scenario, "vol"> & {readonly vol: bigint};
type RawSurface = svi.Smile &
    Pick<ExpiryQuote, "discountE18"> & {readonly publishedAt: bigint; readonly forwardRatioE18: bigint};
type RawEntry = {readonly assetId: bigint; readonly unitsE18: bigint};
type RawQuote = {readonly underlying: bigint; readonly quoteE18: bigint};
type RawPosition = {readonly instrument: bigint; readonly sizeE18: bigint};

/** A book as the contracts tell it. */
export type RawBook = {
    readonly model: bigint;
    readonly cashE18: bigint;
    readonly collateral: readonly RawEntry[];
    readonly quotes: readonly RawQuote[];
    readonly positions: readonly RawPosition[];
};

export const bookFrom = ({model, cashE18, collateral, quotes, positions}: RawBook): Book => ({
    model: MARGIN_MODELS[Number(model)] ?? "SCENARIO",
    cashE18,
    collateral: collateral.map(({assetId, unitsE18}) => ({assetId: Number(assetId), unitsE18})),
    quotes: quotes.map(({underlying, quoteE18}) => ({underlying: Number(underlying), quoteE18})),
    positions: positions.map(({instrument, sizeE18}) => ({instrument, sizeE18})),
});

type Ask = <T>(contract: Contract, name: string, ...inputs: readonly unknown[]) => Promise<T>;

/** What a view returns, or undefined where it refuses: a price that does not stand now is no failure of the keeper. */
async function whereGiven<T>(asked: Promise<T>): Promise<T | undefined> {
    try {
        return await asked;
    } catch (error) {
        if (isRevert(error)) return undefined;
        throw error;
    }
}

/** The pairs of a map whose figures could be had. */
async function gather<Key, T>(
    keys: readonly Key[],
    ask: (key: Key) => Promise<T | undefined>,
): Promise<ReadonlyMap<Key, T>> {
    const found = new Map<Key, T>();
    const answers = await Promise.all(keys.map(async (key) => ({key, answer: await ask(key)})));
    for (const {key, answer} of answers) if (answer !== undefined) found.set(key, answer);
    return found;
}

const NAMES = [
    "volUpE18",
    "volDownE18",
    "volFloorUpE18",
    "volFloorDownE18",
    "powerShortE18",
    "powerLongE18",
    "rollMinE18",
    "rollYearE18",
    "floorNetE18",
    "floorHedgedE18",
    "floorShortE18",
    "spreadE18",
    "impactE18",
    "sigmaDayE18",
    "advE18",
    "oiLowerE18",
    "oiUpperE18",
    "rangeE18",
] as const satisfies readonly (keyof UnderlyingParams)[];

/** Results of calls are read by name: only names that are asked for are certain to be there. */
const paramsFrom = (raw: Numbers<UnderlyingParams>): UnderlyingParams => ({
    ...(Object.fromEntries(NAMES.map((name) => [name, raw[name]])) as Omit<UnderlyingParams, "group">),
    group: Number(raw.group),
});

const scenarioFrom = ({factorE18, lnFactorE18, weightE18, vol}: RawScenario): Scenario => ({
    factorE18,
    lnFactorE18,
    weightE18,
    vol: VOL_STATES[Number(vol)] ?? "FLAT",
});

async function readUnderlyings(ask: Ask, rules: Contract): Promise<Pick<RiskParameters, "underlyings" | "blendsE18">> {
    const numbers = (await ask<readonly bigint[]>(rules, "underlyings")).map(Number);
    const underlyings = await gather(numbers, async (one) => {
        const [raw, grid] = await Promise.all([
            ask<Numbers<UnderlyingParams>>(rules, "underlyingParams", one),
            ask<readonly RawScenario[]>(rules, "scenarios", one),
        ]);
        return {params: paramsFrom(raw), grid: grid.map(scenarioFrom)};
    });
    const groups = [...new Set([...underlyings.values()].map(({params}) => params.group))];
    return {underlyings, blendsE18: await gather(groups, (group) => ask<bigint>(rules, "groupBlendE18", group))};
}

async function readAssets(ask: Ask, rules: Contract, vault: Contract): Promise<RiskParameters["assets"]> {
    const assetIds = Array.from({length: Number(await ask<bigint>(vault, "assetCount"))}, (_, id) => id);
    return gather(assetIds, async (id): Promise<AssetParams> => {
        const raw = await ask<Numbers<AssetParams>>(rules, "assetParams", id);
        const {weightE18, sizeE18} = raw;
        return {underlying: Number(raw.underlying), feedId: Number(raw.feedId), weightE18, sizeE18};
    });
}

/** Side by side: with a node far away, or one that fails now and then, the length of the queue is what counts. */
async function readParameters(ask: Ask, rules: Contract, vault: Contract): Promise<RiskParameters> {
    const [own, assets, global] = await Promise.all([
        readUnderlyings(ask, rules),
        readAssets(ask, rules, vault),
        ask<Numbers<GlobalParams>>(rules, "globalParams"),
    ]);
    const {initialRatioE18, reserveBaseE18, reservePerPositionE18} = global;
    return {
        ...own,
        assets,
        global: {
            initialRatioE18,
            reserveBaseE18,
            reservePerPositionE18,
            settlementFeedId: Number(global.settlementFeedId),
        },
    };
}

function surfaceFrom(raw: RawSurface): ExpiryQuote {
    const {aE18, bE18, rhoE18, mE18, sigmaE18, publishedAt} = raw;
    return {
        forwardNumeratorE18: raw.forwardRatioE18,
        forwardDenominatorE18: ONE_E18,
        discountE18: raw.discountE18,
        vol: {smile: {aE18, bE18, rhoE18, mE18, sigmaE18}, publishedAt: Number(publishedAt)},
    };
}

type Places = {readonly clearinghouse: Contract; readonly surfaces: Contract};

async function readQuote(
    ask: Ask,
    {clearinghouse, surfaces}: Places,
    {underlying, spotE18}: {readonly underlying: number; readonly spotE18: bigint},
    dated: {readonly live: readonly number[]; readonly past: readonly number[]},
): Promise<UnderlyingQuote> {
    const [[markE18, fundingE18], expiries, settlements, openInterestE18] = await Promise.all([
        ask<readonly [bigint, bigint]>(clearinghouse, "perpMark", underlying, spotE18),
        gather(dated.live, async (expiry) => {
            const raw = await whereGiven(ask<RawSurface>(surfaces, "surface", underlying, expiry));
            return raw === undefined ? undefined : surfaceFrom(raw);
        }),
        gather(dated.past, async (expiry) => {
            const priceE18 = await ask<bigint>(clearinghouse, "settlementPriceE18", underlying, expiry);
            return priceE18 === 0n ? undefined : priceE18;
        }),
        ask<bigint>(clearinghouse, "openInterestE18", underlying),
    ]);
    return {markE18, fundingE18, openInterestE18, expiries, settlements};
}

export function createSnapshotReader(provider: Provider, contracts: SnapshotContracts): SnapshotReader {
    const vault = new Contract(contracts.vault, MARGIN_VAULT_ABI, provider);
    const clearinghouse = new Contract(contracts.clearinghouse, CLEARINGHOUSE_ABI, provider);
    const engine = new Contract(contracts.riskEngine, RISK_ENGINE_ABI, provider);
    const at =
        (blockTag: number): Ask =>
        async <T>(contract: Contract, name: string, ...inputs: readonly unknown[]): Promise<T> =>
            (await contract.getFunction(name).staticCall(...inputs, {blockTag})) as T;
    return {
        snapshot: async (wanted, blockNumber) => {
            const ask = at(blockNumber);
            const rules = new Contract(await ask<string>(engine, "parameters"), RISK_PARAMETERS_ABI, provider);
            const [parameters, [pricesAt, surfacesAt], block, indices] = await Promise.all([
                readParameters(ask, rules, vault),
                ask<readonly [string, string]>(rules, "oracles"),
                provider.getBlock(blockNumber),
                ask<Indices>(vault, "cashTotals"),
            ]);
            const oracle = new Contract(pricesAt, PRICE_ORACLE_ABI, provider);
            const surfaces = new Contract(surfacesAt, SURFACE_ORACLE_ABI, provider);
            if (block === null) throw new Error(`The node has no block ${blockNumber}`);
            const now = block.timestamp;
            const numbers = [...parameters.underlyings.keys()];
            const feeds = [...parameters.assets.values()].map(({feedId}) => feedId);
            const pricesE18 = await gather(
                [...new Set([...numbers, ...feeds, parameters.global.settlementFeedId])],
                (feed) => whereGiven(ask<bigint>(oracle, "price", feed)),
            );
            const underlyings = await gather(numbers, async (underlying) => {
                const spotE18 = pricesE18.get(underlying);
                if (spotE18 === undefined) return undefined;
                const own = wanted.filter((one) => one.underlying === underlying).map(({expiry}) => expiry);
                const dated = {live: own.filter((one) => one > now), past: own.filter((one) => one <= now)};
                return whereGiven(readQuote(ask, {clearinghouse, surfaces}, {underlying, spotE18}, dated));
            });
            const {supplyIndexE27, borrowIndexE27} = indices;
            return {market: {now, pricesE18, underlyings}, parameters, indices: {supplyIndexE27, borrowIndexE27}};
        },
        book: async (account, blockNumber) => {
            const ask = at(blockNumber);
            const [[cashE18, collateral, model], [positions, quotes]] = await Promise.all([
                ask<readonly [bigint, readonly RawEntry[], bigint]>(vault, "holdingsOf", account),
                ask<readonly [readonly RawPosition[], readonly RawQuote[]]>(clearinghouse, "positionsOf", account),
            ]);
            return bookFrom({model, cashE18, collateral, quotes, positions});
        },
    };
}
