/** Parameters in the shape of the contracts' structs: what the modules pass and what the check reads back. */
import type {Curve, KeeperPay} from "../scripts/sdk/auction.js";
import {defaultGrid} from "../scripts/sdk/risk/index.js";
import type {Parameters} from "./parameters/index.js";

export type Underlying = Parameters["risk"]["underlyings"][number];
export type Feed = Parameters["oracle"]["feeds"][number];
export type Asset = Parameters["vault"]["assets"][number];
export type Struct = Readonly<Record<string, bigint | number | boolean | string>>;

export const NO_ADDRESS = "0x0000000000000000000000000000000000000000";

export const rateCurve = ({vault: {rates}}: Parameters): Struct => ({
    baseE18: rates.base,
    kinkE18: rates.kink,
    slopeLowE18: rates.slopeLow,
    slopeHighE18: rates.slopeHigh,
    reserveE18: rates.reserve,
});

export const fees = ({clearing}: Parameters): Struct => ({
    linearE18: clearing.fees.linear,
    optionE18: clearing.fees.option,
    optionCapE18: clearing.fees.optionCap,
});

export const fundingParams = ({clearing: {funding}}: Parameters): Struct => ({
    maxPremiumE18: funding.maxPremium,
    maxRateE18: funding.maxRate,
    averageSeconds: funding.averageSeconds,
    sampleNotionalE18: funding.sampleNotional,
});

export const listing = ({listing: terms}: Underlying): Struct => ({
    active: true,
    strikeStepE8: terms.strikeStep,
    minStrikeE8: terms.minStrike,
    maxStrikeE8: terms.maxStrike,
    openInterestCapE18: terms.openInterestCap,
});

/** How a feed is read; its address comes from the deployment. */
export const feedGuards = (feed: Feed): Struct => ({
    second: feed.second?.address ?? NO_ADDRESS,
    maxAgeSeconds: feed.maxAgeSeconds,
    maxDeviationE18: feed.maxDeviation,
    maxJumpE18: feed.maxJump,
    minPriceE18: feed.minPrice,
    maxPriceE18: feed.maxPrice,
});

export const surfaceBounds = ({surfaces}: Parameters): Struct => ({
    maxAgeSeconds: surfaces.maxAgeSeconds,
    maxRatioStepE18: surfaces.maxRatioStep,
    minRatioE18: surfaces.minRatio,
    maxRatioE18: surfaces.maxRatio,
    maxVolStepE18: surfaces.maxVolStep,
});

export const globalParams = ({risk}: Parameters): Struct => ({
    initialRatioE18: risk.initialRatio,
    reserveBaseE18: risk.reserveBase,
    reservePerPositionE18: risk.reservePerPosition,
    settlementFeedId: risk.settlementFeedId,
});

export const underlyingParams = (underlying: Underlying): Struct => ({
    group: underlying.group,
    volUpE18: underlying.volUp,
    volDownE18: underlying.volDown,
    volFloorUpE18: underlying.volFloorUp,
    volFloorDownE18: underlying.volFloorDown,
    powerShortE18: underlying.powerShort,
    powerLongE18: underlying.powerLong,
    rollMinE18: underlying.rollMin,
    rollYearE18: underlying.rollYear,
    floorNetE18: underlying.floorNet,
    floorHedgedE18: underlying.floorHedged,
    floorShortE18: underlying.floorShort,
    spreadE18: underlying.spread,
    impactE18: underlying.impact,
    sigmaDayE18: underlying.sigmaDay,
    advE18: underlying.averageDailyVolume,
    oiLowerE18: underlying.openInterestLower,
    oiUpperE18: underlying.openInterestUpper,
    rangeE18: underlying.priceRange,
});

const VOL_STATES = ["FLAT", "UP", "DOWN"];

export const grid = (underlying: Underlying): Struct[] =>
    defaultGrid(underlying.priceRange).map((one) => ({...one, vol: VOL_STATES.indexOf(one.vol)}));

export const assetParams = (asset: Asset): Struct => ({
    underlying: asset.underlying,
    feedId: asset.feedId,
    weightE18: asset.weight,
    sizeE18: asset.size,
});

export const auctionCurve = ({liquidation}: Parameters): Curve => ({
    discountStartE18: liquidation.discountStart,
    discountFastE18: liquidation.discountFast,
    fastSeconds: BigInt(liquidation.fastSeconds),
    slowSeconds: BigInt(liquidation.slowSeconds),
    insolventSeconds: BigInt(liquidation.insolventSeconds),
    insolventCapE18: liquidation.insolventCap,
    targetHealthE18: liquidation.targetHealth,
    dustE18: liquidation.dust,
});

export const stewardRules = ({steward}: Parameters): Struct => ({
    rampSeconds: steward.rampSeconds,
    stepSeconds: steward.stepSeconds,
    maxStepE18: steward.maxStep,
    maxTightenE18: steward.maxTighten,
    reactionSeconds: steward.reactionSeconds,
});

export const driverRules = ({driver}: Parameters): Struct => ({
    spacingSeconds: driver.spacingSeconds,
    halfLifeSeconds: driver.halfLifeSeconds,
    horizonSeconds: driver.horizonSeconds,
    noticeSeconds: driver.noticeSeconds,
    maxReturnE18: driver.maxReturn,
    multipleE18: driver.multiple,
    mostE18: driver.most,
    hysteresisE18: driver.hysteresis,
});

export const gateTimes = ({gate}: Parameters): Struct => ({
    dwellSeconds: gate.dwellSeconds,
    averageSeconds: gate.averageSeconds,
    windowSeconds: gate.windowSeconds,
});

/** In the order of the contract's signals. */
export const gateThresholds = ({gate}: Parameters): Struct[] =>
    [gate.deviation, gate.loss, gate.outflow].map((limits) => ({
        throttleInE18: limits.throttleIn,
        throttleOutE18: limits.throttleOut,
        haltInE18: limits.haltIn,
        haltOutE18: limits.haltOut,
    }));

export const keeperPay = ({liquidation: {pay}}: Parameters): KeeperPay & {readonly nativeFeedId: number} => ({
    startGas: BigInt(pay.startGas),
    takeGas: BigInt(pay.takeGas),
    takeGasPerPosition: BigInt(pay.takeGasPerPosition),
    marginE18: pay.margin,
    maxGasPriceWei: BigInt(pay.maxGasPriceWei),
    minE18: pay.min,
    maxE18: pay.max,
    nativeFeedId: pay.nativeFeedId,
});
