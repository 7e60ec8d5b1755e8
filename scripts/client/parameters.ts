/** The risk parameters in force, as the twin takes them. */
import {VOL_STATES} from "../sdk/risk/types.js";
import type {AssetParams, GlobalParams, RiskParameters, Scenario, UnderlyingParams} from "../sdk/risk/types.js";
import type {Core} from "./core.js";

/** A block to read at. */
export type At = {readonly blockTag: number};

type Raw<T> = {readonly [K in keyof T]: bigint};

const paramsFrom = (raw: Raw<UnderlyingParams>): UnderlyingParams => ({
    group: Number(raw.group),
    volUpE18: raw.volUpE18,
    volDownE18: raw.volDownE18,
    volFloorUpE18: raw.volFloorUpE18,
    volFloorDownE18: raw.volFloorDownE18,
    powerShortE18: raw.powerShortE18,
    powerLongE18: raw.powerLongE18,
    rollMinE18: raw.rollMinE18,
    rollYearE18: raw.rollYearE18,
    floorNetE18: raw.floorNetE18,
    floorHedgedE18: raw.floorHedgedE18,
    floorShortE18: raw.floorShortE18,
    spreadE18: raw.spreadE18,
    impactE18: raw.impactE18,
    sigmaDayE18: raw.sigmaDayE18,
    advE18: raw.advE18,
    oiLowerE18: raw.oiLowerE18,
    oiUpperE18: raw.oiUpperE18,
    rangeE18: raw.rangeE18,
});

const scenarioFrom = ({factorE18, lnFactorE18, weightE18, vol}: Raw<Scenario>): Scenario => ({
    factorE18,
    lnFactorE18,
    weightE18,
    vol: VOL_STATES[Number(vol)] ?? "FLAT",
});

const assetFrom = ({underlying, feedId, weightE18, sizeE18}: Raw<AssetParams>): AssetParams => ({
    underlying: Number(underlying),
    feedId: Number(feedId),
    weightE18,
    sizeE18,
});

const globalFrom = (raw: Raw<GlobalParams>): GlobalParams => ({
    initialRatioE18: raw.initialRatioE18,
    reserveBaseE18: raw.reserveBaseE18,
    reservePerPositionE18: raw.reservePerPositionE18,
    settlementFeedId: Number(raw.settlementFeedId),
});

/** Everything that the risk contract stores, at a block. */
export async function parametersOf({contracts: {riskParameters, vault}}: Core, at: At): Promise<RiskParameters> {
    const ids = await riskParameters.underlyings(at);
    const underlyings = ids.map(async (id) => {
        const params = paramsFrom(await riskParameters.underlyingParams(id, at));
        const grid = (await riskParameters.scenarios(id, at)).map(scenarioFrom);
        return [Number(id), {params, grid}] as const;
    });
    const known = new Map(await Promise.all(underlyings));
    const groups = [...new Set([...known.values()].map(({params}) => params.group))];
    const blends = groups.map(async (group) => [group, await riskParameters.groupBlendE18(group, at)] as const);
    const assetIds = Array.from({length: Number(await vault.assetCount(at))}, (_, assetId) => assetId);
    const assets = assetIds.map(async (id) => [id, assetFrom(await riskParameters.assetParams(id, at))] as const);
    return {
        underlyings: known,
        blendsE18: new Map(await Promise.all(blends)),
        assets: new Map(await Promise.all(assets)),
        global: globalFrom(await riskParameters.globalParams(at)),
    };
}
