/**
 * Arbitrum One: native USDC as settlement coin, Chainlink's feeds, the sequencer's uptime feed, changes under delay.
 * Nothing has been deployed there: hold every address against its publisher's own list first.
 */
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

const DAY = 86_400;
const HOUR = 3600;

/** Heartbeat of the feeds there is a day, with an hour of slack. */
const coin = {maxAgeSeconds: DAY + HOUR, maxDeviation: "0.01", maxJump: "0.10", minPrice: "0.1", maxPrice: "10"};
const crypto = {maxAgeSeconds: DAY + HOUR, maxDeviation: "0.02", maxJump: "0.20", minPrice: "1", maxPrice: "100000000"};

export const arbitrum: ParametersFile = {
    network: "arbitrum",
    delays: {adminSeconds: 3 * DAY, riskSeconds: 2 * DAY},
    tokens: {
        USDC: {address: "0xaf88d065e77c8cC2239327C5EDb3A432268e5831"},
        WETH: {address: "0x82aF49447D8a07e3bd95BD0d56f35241523fBab1"},
        WBTC: {address: "0x2f2a2543B76A4166549F7aaB2e75Bef0aefC5B0f"},
        USDT: {address: "0xFd086bC7CD5C481DCC9C85ebE478A1C0b69FCbb9"},
    },
    settlementToken: "USDC",
    oracle: {
        confirmSeconds: 1800,
        settlementWindowSeconds: SETTLEMENT_WINDOW,
        feeds: [
            {id: 1, source: {address: "0x6ce185860a4963106506C203335A2910413708e9"}, ...crypto},
            {id: 2, source: {address: "0x639Fe6ab55C921f74e7fac1ee960C0B6293ba612"}, ...crypto},
            {id: USDC_FEED, source: {address: "0x50834F3163758fcC1Df9973b6e91f0F0F0434aD3"}, ...coin},
            {id: USDT_FEED, source: {address: "0x3f3f5dF88dC9F13eac63DF89EC16ef6e7E25DdE7"}, ...coin},
        ],
        sequencer: {feed: {address: "0xFdB631F5EE196F0ed6FAa767959853A9F217697D"}, graceSeconds: HOUR},
    },
    surfaces: {
        threshold: 3,
        maxAgeSeconds: HOUR,
        maxRatioStep: "0.02",
        minRatio: "0.8",
        maxRatio: "1.25",
        maxVolStep: "0.30",
    },
    vault: VAULT,
    clearing: CLEARING,
    risk: RISK,
    liquidation: {...LIQUIDATION, dataFee: {chain: "Arbitrum", startBytes: 900, takeBytes: 500}},
    gate: GATE,
    steward: STEWARD,
    driver: DRIVER,
    backstop: BACKSTOP,
};
