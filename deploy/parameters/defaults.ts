/** The margin model's defaults, shared by every network that has no reason to differ. */
import type {ParametersFile} from "./schema.js";

type Underlying = ParametersFile["risk"]["underlyings"][number];

/** Charges that do not depend on the underlying. */
const COMMON = {
    group: 1,
    volFloorUp: "0.50",
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

/** 4-hour moves beyond 16 %: 16 of 18,709 bars since 2017; worst 24 h rise of 30-day volatility 55 %. */
export const BTC: Underlying = {
    ...COMMON,
    id: 1,
    name: "BTC",
    priceRange: "0.16",
    volUp: "0.60",
    volDown: "0.30",
    sigmaDay: "0.04",
    averageDailyVolume: "2000000000",
    openInterestLower: "200000000",
    openInterestUpper: "400000000",
    listing: {strikeStep: "50", minStrike: "50", maxStrike: "5000000", openInterestCap: "20000"},
};

/** 4-hour moves beyond 18 %: about 26 bars; worst 24 h rise of volatility 28 %. */
export const ETH: Underlying = {
    ...COMMON,
    id: 2,
    name: "ETH",
    priceRange: "0.18",
    volUp: "0.50",
    volDown: "0.30",
    sigmaDay: "0.05",
    averageDailyVolume: "1000000000",
    openInterestLower: "100000000",
    openInterestUpper: "200000000",
    listing: {strikeStep: "1", minStrike: "1", maxStrike: "500000", openInterestCap: "400000"},
};

export const USDC_FEED = 1000;
export const USDT_FEED = 1001;

export const RISK: ParametersFile["risk"] = {
    initialRatio: "0.8",
    reserveBase: "5",
    reservePerPosition: "0.25",
    settlementFeedId: USDC_FEED,
    // 99 % band of the 24 h spread between the two is -8.5/+10.7 %.
    groups: [{id: 1, blend: "0.40"}],
    underlyings: [BTC, ETH],
};

export const ASSETS: ParametersFile["vault"]["assets"] = [
    {token: "WETH", cap: "200000", underlying: 2, feedId: 2, weight: "1", size: "0.00002"},
    {token: "WBTC", cap: "10000", underlying: 1, feedId: 1, weight: "1", size: "0.00002"},
    {token: "USDT", cap: "100000000", underlying: 0, feedId: USDT_FEED, weight: "0.96", size: "0.00002"},
];

/** Half an hour before 08:00 UTC, the window in which the largest venue of options averages its index. */
export const SETTLEMENT_WINDOW = 1800;

export const VAULT: ParametersFile["vault"] = {
    settlementCap: "500000000",
    rates: {base: "0", kink: "0.8", slopeLow: "0.06", slopeHigh: "1", reserve: "0.10"},
    assets: ASSETS,
};

export const CLEARING: ParametersFile["clearing"] = {
    fees: {linear: "0.0005", option: "0.0003", optionCap: "0.125"},
    funding: {maxPremium: "0.005", maxRate: "0.004", averageSeconds: 3600, sampleNotional: "10000"},
    // No perpetual of a venue with a clamped premium has stood a fifth away from its index; a slipped digit stands further.
    priceBand: "0.20",
};

/** Losses: a tenth of a percent of everything in a day is more than any slice should cost. */
export const GATE: ParametersFile["gate"] = {
    dwellSeconds: 1800,
    averageSeconds: 3600,
    windowSeconds: 86_400,
    deviation: {throttleIn: "0.20", throttleOut: "0.10", haltIn: "0.40", haltOut: "0.20"},
    loss: {throttleIn: "0.001", throttleOut: "0.0005", haltIn: "0.01", haltOut: "0.002"},
    outflow: {throttleIn: "0.30", throttleOut: "0.15", haltIn: "0.60", haltOut: "0.30"},
};

export const LIQUIDATION: ParametersFile["liquidation"] = {
    discountStart: "0.02",
    discountFast: "0.30",
    fastSeconds: 900,
    slowSeconds: 7200,
    insolventSeconds: 1800,
    insolventCap: "0.5",
    targetHealth: "1.25",
    dust: "50",
    // Gas as measured in test/gas, with some room; the start at the most positions.
    pay: {
        startGas: 1_300_000,
        takeGas: 750_000,
        takeGasPerPosition: 95_000,
        margin: "0.25",
        maxGasPriceWei: 500_000_000_000,
        min: "1",
        max: "500",
        nativeFeedId: 2,
    },
    dataFee: "none",
    // A rollup's bad day. The keeper reserve is what must cover it: a chain where gas is dearer needs a greater one.
    stress: {gasPriceWei: 300_000_000, nativePrice: "6000"},
};

/** A requirement may rise by a twentieth in ten minutes, and threefold by one tightening; an hour passes before a keeper is late. */
export const STEWARD: ParametersFile["steward"] = {
    rampSeconds: 2 * 86_400,
    stepSeconds: 600,
    maxStep: "0.05",
    maxTighten: "2",
    reactionSeconds: 3600,
};

/**
 * Four standard deviations of a day: the ranges above are those of days of 4 and 4.5 %. At most 1.8 times as much, which one
 * tightening may come to as well. A false price that stands for one sample adds 0.21 to the annual variance.
 */
export const DRIVER: ParametersFile["driver"] = {
    spacingSeconds: 3600,
    halfLifeSeconds: 3 * 86_400,
    horizonSeconds: 86_400,
    noticeSeconds: 3600,
    maxReturn: "0.05",
    multiple: "4",
    most: "1.8",
    hysteresis: "0.05",
};

const LOSS_WINDOW = {windowSeconds: 86_400};

/** A day's loss on one underlying stays below what deposits of a young pool can bear; half of it may be lost at once. */
export const BACKSTOP: ParametersFile["backstop"] = {
    cooldownSeconds: 7 * 86_400,
    windowSeconds: 2 * 86_400,
    lossBudgets: [
        {underlying: 0, limit: "100000", ...LOSS_WINDOW},
        {underlying: BTC.id, limit: "2000000", ...LOSS_WINDOW},
        {underlying: ETH.id, limit: "2000000", ...LOSS_WINDOW},
    ],
};
