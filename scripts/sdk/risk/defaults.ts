/** The margin model's parameters as decimal text, for books that name none of their own. */
import {parseE18} from "../units.js";
import type {AssetParams, GlobalParams, UnderlyingParams} from "./types.js";

/** Figures of one underlying, by the names people use. */
export type UnderlyingFigures = {
    readonly priceRange: string;
    readonly volUp: string;
    readonly volDown: string;
    readonly volFloor: string;
    readonly volFloorDown: string;
    readonly powerShort: string;
    readonly powerLong: string;
    readonly rollMin: string;
    readonly rollYear: string;
    readonly floorNet: string;
    readonly floorHedged: string;
    readonly floorShort: string;
    readonly spread: string;
    readonly impact: string;
    readonly sigmaDay: string;
    readonly adv: string;
    readonly oiLower: string;
    readonly oiUpper: string;
};

/** Charges that do not depend on the underlying. */
const COMMON = {
    volFloor: "0.50",
    volFloorDown: "0.01",
    powerShort: "0.30",
    powerLong: "0.35",
    rollMin: "0.01",
    rollYear: "0.075",
    floorNet: "0.02",
    floorHedged: "0.01",
    floorShort: "0.01",
    spread: "0.0005",
    impact: "1",
} as const;

const BTC: UnderlyingFigures = {
    ...COMMON,
    priceRange: "0.16",
    volUp: "0.60",
    volDown: "0.30",
    sigmaDay: "0.04",
    adv: "2000000000",
    oiLower: "200000000",
    oiUpper: "400000000",
};

const ETH: UnderlyingFigures = {
    ...COMMON,
    priceRange: "0.18",
    volUp: "0.50",
    volDown: "0.30",
    sigmaDay: "0.05",
    adv: "1000000000",
    oiLower: "100000000",
    oiUpper: "200000000",
};

/** Correlation group of BTC and ETH. */
export const MAJORS_GROUP = 1;

/** Figures of an underlying; one without figures of its own gets the wider ones of ETH. */
export const defaultFigures = (name: string): UnderlyingFigures => (name === "BTC" ? BTC : ETH);

export const DEFAULT_BLEND_E18 = parseE18("0.40");

export const DEFAULT_GLOBAL: Omit<GlobalParams, "settlementFeedId"> = {
    initialRatioE18: parseE18("0.8"),
    reserveBaseE18: parseE18("5"),
    reservePerPositionE18: parseE18("0.25"),
};

/** Weight of collateral inside the grid and of stablecoins, and k of the weight that falls with size. */
export const DEFAULT_WEIGHTS: Readonly<Record<"underlying" | "stable", Pick<AssetParams, "weightE18" | "sizeE18">>> = {
    underlying: {weightE18: parseE18("1"), sizeE18: parseE18("0.00002")},
    stable: {weightE18: parseE18("0.96"), sizeE18: parseE18("0.00002")},
};

/** The contract's parameters made of figures by name; `priceRange` shapes the default grid as well. */
export function underlyingParams(
    group: number,
    figures: Readonly<Record<keyof UnderlyingFigures, bigint>>,
): UnderlyingParams {
    return {
        group,
        volUpE18: figures.volUp,
        volDownE18: figures.volDown,
        volFloorUpE18: figures.volFloor,
        volFloorDownE18: figures.volFloorDown,
        powerShortE18: figures.powerShort,
        powerLongE18: figures.powerLong,
        rollMinE18: figures.rollMin,
        rollYearE18: figures.rollYear,
        floorNetE18: figures.floorNet,
        floorHedgedE18: figures.floorHedged,
        floorShortE18: figures.floorShort,
        spreadE18: figures.spread,
        impactE18: figures.impact,
        sigmaDayE18: figures.sigmaDay,
        advE18: figures.adv,
        oiLowerE18: figures.oiLower,
        oiUpperE18: figures.oiUpper,
        rangeE18: figures.priceRange,
    };
}
