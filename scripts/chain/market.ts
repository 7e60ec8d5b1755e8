/** Reads from the contracts what the twin needs to answer like them: parameters, prices, surfaces, marks. All of one block. */
import {VOL_STATES} from "../sdk/risk/index.js";
import type {ExpiryQuote, Market, RiskParameters, Scenario, UnderlyingQuote} from "../sdk/risk/index.js";
import type {BallastContracts} from "./contracts.js";
import {isRevert} from "./reverts.js";

type Source = Pick<BallastContracts, "vault" | "clearinghouse" | "riskParameters" | "priceOracle" | "surfaceOracle">;

/** Expiries by underlying, Unix time in seconds: those that somebody holds and whose surface may be gone already. */
export type Expiries = ReadonlyMap<number, ReadonlySet<number>>;

const ONE_E18 = 10n ** 18n;
/** Groups are numbered from 1; an underlying names its own. */
const plain = (fields: object): Record<string, bigint> =>
    (fields as {toObject: () => Record<string, bigint>}).toObject();

/** What the risk contract stores. */
export async function readParameters(
    {vault, riskParameters}: Source,
    blockTag: number | "latest" = "latest",
): Promise<RiskParameters> {
    const at = {blockTag};
    const ids = (await riskParameters.underlyings(at)).map(Number);
    const underlyings = await Promise.all(
        ids.map(async (id) => {
            const [params, grid] = await Promise.all([
                riskParameters.underlyingParams(id, at),
                riskParameters.scenarios(id, at),
            ]);
            const {group, ...rest} = plain(params);
            return [id, {params: {...rest, group: Number(group)}, grid: grid.map(scenarioFrom)}] as const;
        }),
    );
    const groups = [...new Set(underlyings.map(([, {params}]) => params.group))];
    const blends = groups.map(async (id) => [id, await riskParameters.groupBlendE18(id, at)] as const);
    const count = Number(await vault.assetCount(at));
    const assets = Array.from({length: count}, async (_, id) => {
        const {underlying, feedId, weightE18, sizeE18} = await riskParameters.assetParams(id, at);
        return [id, {underlying: Number(underlying), feedId: Number(feedId), weightE18, sizeE18}] as const;
    });
    const {settlementFeedId, ...global} = plain(await riskParameters.globalParams(at));
    return {
        underlyings: new Map(underlyings) as unknown as RiskParameters["underlyings"],
        blendsE18: new Map(await Promise.all(blends)),
        assets: new Map(await Promise.all(assets)),
        global: {...global, settlementFeedId: Number(settlementFeedId)} as RiskParameters["global"],
    };
}

function scenarioFrom(one: {factorE18: bigint; lnFactorE18: bigint; weightE18: bigint; vol: bigint}): Scenario {
    const {factorE18, lnFactorE18, weightE18, vol} = one;
    return {factorE18, lnFactorE18, weightE18, vol: VOL_STATES[Number(vol)] ?? "FLAT"};
}

/**
 * The market as the engine would see it. What has no price now is left out, so that the twin refuses a book that needs it, as the
 * engine does.
 */
export async function readMarket(
    source: Source,
    parameters: RiskParameters,
    {now, blockTag, held}: {readonly now: number; readonly blockTag: number | "latest"; readonly held: Expiries},
): Promise<Market> {
    const {priceOracle} = source;
    const coins = [...parameters.assets.values()].map(({feedId}) => feedId);
    const feeds = new Set([...parameters.underlyings.keys(), ...coins, parameters.global.settlementFeedId]);
    const prices = [...feeds].map(async (feedId) => {
        const priceE18 = await orNothing(priceOracle.price(feedId, {blockTag}));
        return [feedId, priceE18] as const;
    });
    const priced = (await Promise.all(prices)).filter((one): one is readonly [number, bigint] => one[1] !== undefined);
    const pricesE18 = new Map(priced);
    const quotes = [...parameters.underlyings.keys()].flatMap((id) => {
        const spotE18 = pricesE18.get(id);
        return spotE18 === undefined ? [] : [readQuote(source, {id, spotE18, blockTag, held: held.get(id)})];
    });
    return {now, pricesE18, underlyings: new Map(await Promise.all(quotes))};
}

type Asked = {
    readonly id: number;
    readonly spotE18: bigint;
    readonly blockTag: number | "latest";
    readonly held: ReadonlySet<number> | undefined;
};

async function readQuote(
    source: Source,
    {id, spotE18, blockTag, held}: Asked,
): Promise<readonly [number, UnderlyingQuote]> {
    const {clearinghouse, surfaceOracle} = source;
    const at = {blockTag};
    const [[markE18, fundingE18], openInterestE18, listed] = await Promise.all([
        clearinghouse.perpMark(id, spotE18, at),
        clearinghouse.openInterestE18(id, at),
        surfaceOracle.expiries(id, at),
    ]);
    const expiries = new Map<number, ExpiryQuote>();
    const settlements = new Map<number, bigint>();
    for (const expiry of new Set([...listed.map(Number), ...(held ?? [])])) {
        const settledE18 = await clearinghouse.settlementPriceE18(id, expiry, at);
        if (settledE18 !== 0n) {
            settlements.set(expiry, settledE18);
            continue;
        }
        const surface = await orNothing(surfaceOracle.surface(id, expiry, at));
        if (surface === undefined) continue;
        const {publishedAt, forwardRatioE18, discountE18, aE18, bE18, rhoE18, mE18, sigmaE18} = surface;
        expiries.set(expiry, {
            forwardNumeratorE18: forwardRatioE18,
            forwardDenominatorE18: ONE_E18,
            discountE18,
            vol: {smile: {aE18, bE18, rhoE18, mE18, sigmaE18}, publishedAt: Number(publishedAt)},
        });
    }
    return [id, {markE18, fundingE18, openInterestE18, expiries, settlements}];
}

async function orNothing<T>(asked: Promise<T>): Promise<T | undefined> {
    try {
        return await asked;
    } catch (error) {
        if (isRevert(error)) return undefined;
        throw error;
    }
}
