/** A chain of one's own: stand-in tokens and feeds that anyone may write, changes without delay. */
import {
    BACKSTOP,
    CLEARING,
    DRIVER,
    GATE,
    LIQUIDATION,
    RISK,
    SETTLEMENT_WINDOW,
    STEWARD,
    USDC_FEED,
    USDT_FEED,
    VAULT,
} from "./defaults.js";
import type {ParametersFile} from "./schema.js";

/** The hourly closes of March 2020 move by up to 23 %. */
const MAX_JUMP = "0.35";

const coin = {maxAgeSeconds: 90_000, maxDeviation: "0.02", maxJump: "0.20", minPrice: "0.01", maxPrice: "100"};
const crypto = {maxAgeSeconds: 4500, maxDeviation: "0.02", maxJump: MAX_JUMP, minPrice: "0.01", maxPrice: "100000000"};

export const local: ParametersFile = {
    network: "local",
    delays: {adminSeconds: 0, riskSeconds: 0},
    tokens: {
        USDC: {mock: {name: "USD Coin", decimals: 6}},
        WETH: {mock: {name: "Wrapped Ether", decimals: 18}},
        WBTC: {mock: {name: "Wrapped BTC", decimals: 8}},
        USDT: {mock: {name: "Tether USD", decimals: 6}},
    },
    settlementToken: "USDC",
    oracle: {
        confirmSeconds: 300,
        settlementWindowSeconds: SETTLEMENT_WINDOW,
        feeds: [
            {id: 1, source: {mock: {answer: "8000"}}, ...crypto},
            {id: 2, source: {mock: {answer: "200"}}, ...crypto},
            {id: USDC_FEED, source: {mock: {answer: "1"}}, ...coin},
            {id: USDT_FEED, source: {mock: {answer: "1"}}, ...coin},
        ],
        sequencer: {feed: "none", graceSeconds: 0},
    },
    surfaces: {
        threshold: 2,
        maxAgeSeconds: 7200,
        maxRatioStep: "0.05",
        minRatio: "0.5",
        maxRatio: "2",
        maxVolStep: "1",
    },
    vault: VAULT,
    clearing: CLEARING,
    risk: RISK,
    liquidation: LIQUIDATION,
    gate: GATE,
    steward: STEWARD,
    driver: DRIVER,
    backstop: BACKSTOP,
};
