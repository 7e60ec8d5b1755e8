/** The risk engine among stand-ins: parameters of the margin model, two underlyings, a market that tests set. */
import type {HardhatEthers, HardhatEthersSigner} from "@nomicfoundation/hardhat-ethers/types";

import {expect} from "chai";

import {accountId, type AccountId} from "../../../scripts/sdk/ids.js";
import {future, option, perp} from "../../../scripts/sdk/instruments.js";
import {defaultGrid, VOL_STATES, type Scenario, type VolState} from "../../../scripts/sdk/risk/index.js";
import {parseE18} from "../../../scripts/sdk/units.js";
import type {
    AccessManager,
    MockMarket,
    RiskEngine,
    RiskGreeks,
    RiskModels,
    RiskParameters,
} from "../../../typechain-types/index.js";
import type {SurfaceStruct} from "../../../typechain-types/contracts/mocks/risk/MockMarket.js";

export const BTC = 1;
export const ETH = 2;
/** Collateral assets by number. */
export const WETH = 0;
export const WBTC = 1;
export const USDT = 2;
export const USDC_FEED = 1000;
export const USDT_FEED = 1001;
export const GROUP = 1;
export const MODEL = {scenario: 0, isolated: 1, delta: 2, greeks: 3} as const;
export const SPOT = {[BTC]: 70_000, [ETH]: 3_500} as const;

/** A Friday, 08:00 UTC, when the test chain begins; expiries count from here. */
export const START = Date.UTC(2030, 0, 4, 8) / 1000;
export const RISK_CHAIN = {
    override: {initialDate: "2030-01-04T08:00:00Z", allowBlocksWithSameTimestamp: true},
} as const;
export const days = (count: number): number => START + Math.round(count * 86_400);

export const e18 = (amount: string | number): bigint => parseE18(String(amount));
/** To a double, for comparisons with a tolerance. */
export const num = (value: bigint): number => Number(value) / 1e18;

/** Parameters of the margin model. */
export const UNDERLYING = {
    [BTC]: {
        group: GROUP,
        volUpE18: e18("0.6"),
        volDownE18: e18("0.3"),
        volFloorUpE18: e18("0.5"),
        volFloorDownE18: e18("0.01"),
        powerShortE18: e18("0.3"),
        powerLongE18: e18("0.35"),
        rollMinE18: e18("0.01"),
        rollYearE18: e18("0.075"),
        floorNetE18: e18("0.02"),
        floorHedgedE18: e18("0.01"),
        floorShortE18: e18("0.01"),
        spreadE18: e18("0.0005"),
        impactE18: e18("1"),
        sigmaDayE18: e18("0.04"),
        advE18: e18("2000000000"),
        oiLowerE18: e18("200000000"),
        oiUpperE18: e18("400000000"),
        rangeE18: e18("0.16"),
    },
    [ETH]: {
        group: GROUP,
        volUpE18: e18("0.5"),
        volDownE18: e18("0.3"),
        volFloorUpE18: e18("0.5"),
        volFloorDownE18: e18("0.01"),
        powerShortE18: e18("0.3"),
        powerLongE18: e18("0.35"),
        rollMinE18: e18("0.01"),
        rollYearE18: e18("0.075"),
        floorNetE18: e18("0.02"),
        floorHedgedE18: e18("0.01"),
        floorShortE18: e18("0.01"),
        spreadE18: e18("0.0005"),
        impactE18: e18("1"),
        sigmaDayE18: e18("0.05"),
        advE18: e18("1000000000"),
        oiLowerE18: e18("100000000"),
        oiUpperE18: e18("200000000"),
        rangeE18: e18("0.18"),
    },
} as const;
export type Params = Record<keyof (typeof UNDERLYING)[typeof BTC], bigint | number>;

export const RANGE = {[BTC]: e18("0.16"), [ETH]: e18("0.18")} as const;
export const BLEND = e18("0.4");
export const GLOBAL = {
    initialRatioE18: e18("0.8"),
    reserveBaseE18: e18("5"),
    reservePerPositionE18: e18("0.25"),
    settlementFeedId: USDC_FEED,
};
export const ASSETS = {
    [WETH]: {underlying: ETH, feedId: ETH, weightE18: e18("1"), sizeE18: e18("0.00002")},
    [WBTC]: {underlying: BTC, feedId: BTC, weightE18: e18("1"), sizeE18: e18("0.00002")},
    [USDT]: {underlying: 0, feedId: USDT_FEED, weightE18: e18("0.96"), sizeE18: 0n},
} as const;

/** A smile that is flat: total variance of the annual volatility over the report's time to expiry. */
export function flatSurface(
    expiry: number,
    vol: number,
    ratio = 1,
    discount = 1,
    publishedAt = START - 3600,
): SurfaceStruct {
    const years = (expiry - publishedAt) / (365 * 86_400);
    return {
        publishedAt,
        forwardRatioE18: e18(ratio.toFixed(12)),
        discountE18: e18(discount.toFixed(12)),
        aE18: BigInt(Math.round(vol * vol * years * 1e15)) * 1000n,
        bE18: 0n,
        rhoE18: 0n,
        mE18: 0n,
        sigmaE18: e18("0.1"),
    };
}

export const gridOf = (scenarios: readonly Scenario[]): (Omit<Scenario, "vol"> & {vol: number})[] =>
    scenarios.map((scenario) => ({...scenario, vol: VOL_STATES.indexOf(scenario.vol)}));
export const scenario = (factorE18: bigint, lnFactorE18: bigint, weightE18: bigint, vol: VolState): Scenario => ({
    factorE18,
    lnFactorE18,
    weightE18,
    vol,
});

export type Leg = readonly [instrument: bigint, size: string | number];
export interface HeldBook {
    model: 0 | 1 | 2 | 3;
    cashE18: bigint;
    collateral: {assetId: number; unitsE18: bigint}[];
    quotes: {underlying: number; quoteE18: bigint}[];
    positions: {instrument: bigint; sizeE18: bigint}[];
}
export interface BookInput {
    readonly model?: 0 | 1 | 2 | 3;
    readonly cash?: string | number;
    readonly collateral?: readonly (readonly [assetId: number, units: string | number])[];
    readonly quotes?: readonly (readonly [underlying: number, quote: string | number])[];
    readonly legs?: readonly Leg[];
}

export const byId = ([a]: Leg, [b]: Leg): number => (a < b ? -1 : a > b ? 1 : 0);

/** A book as the contracts take it; legs in ascending order whatever order they come in. */
export function book({model = 0, cash = 0, collateral = [], quotes = [], legs = []}: BookInput): HeldBook {
    return {
        model,
        cashE18: e18(cash),
        collateral: collateral.map(([assetId, units]) => ({assetId, unitsE18: e18(units)})),
        quotes: quotes.map(([underlying, quote]) => ({underlying, quoteE18: e18(quote)})),
        positions: [...legs].sort(byId).map(([instrument, size]) => ({instrument, sizeE18: e18(size)})),
    };
}

export const strike = (usd: number): bigint => BigInt(Math.round(usd * 1e8));
export const call = (underlying: number, expiry: number, usd: number): bigint =>
    option("CALL", underlying, expiry, strike(usd));
export const put = (underlying: number, expiry: number, usd: number): bigint =>
    option("PUT", underlying, expiry, strike(usd));
export {defaultGrid, future, perp};

export interface RiskFixture {
    readonly admin: HardhatEthersSigner;
    readonly stranger: HardhatEthersSigner;
    readonly authority: AccessManager;
    readonly market: MockMarket;
    readonly parameters: RiskParameters;
    readonly table: string;
    readonly greeks: RiskGreeks;
    readonly models: RiskModels;
    readonly engine: RiskEngine;
    readonly account: AccountId;
}

/** Engine and parameters with nothing set beyond what the constructors ask for. */
export async function bareFixture(ethers: HardhatEthers): Promise<RiskFixture> {
    const [admin, stranger] = await ethers.getSigners();
    if (admin === undefined || stranger === undefined) throw new Error("two signers needed");
    const authority = await ethers.deployContract("AccessManager", [admin]);
    const market = await ethers.deployContract("MockMarket");
    const table = await (await ethers.deployContract("CdfTable")).getAddress();
    const parameters = await ethers.deployContract("RiskParameters", [authority, market, market, GLOBAL]);
    const greeks = await ethers.deployContract("RiskGreeks", [market, market, parameters, table]);
    const models = await ethers.deployContract("RiskModels", [greeks]);
    const engine = await ethers.deployContract("RiskEngine", [models]);
    const account = accountId(admin.address);
    return {admin, stranger, authority, market, parameters, table, greeks, models, engine, account};
}

/** The margin model's parameters, a spot price for everything, flat smiles at 7, 30 and 90 days. */
export async function riskFixture(ethers: HardhatEthers): Promise<RiskFixture> {
    const fixture = await bareFixture(ethers);
    const {market, parameters} = fixture;
    await parameters.setGroup(GROUP, BLEND);
    for (const underlying of [BTC, ETH] as const) {
        await parameters.setUnderlying(underlying, UNDERLYING[underlying], gridOf(defaultGrid(RANGE[underlying])));
        await market.setPrice(underlying, e18(SPOT[underlying]));
        for (const expiry of [days(7), days(30), days(90)]) {
            await market.setSurface(underlying, expiry, flatSurface(expiry, 0.6));
        }
    }
    for (const asset of [WETH, WBTC, USDT] as const) await parameters.setAsset(asset, ASSETS[asset]);
    await market.setPrice(USDC_FEED, e18(1));
    await market.setPrice(USDT_FEED, e18(1));
    return fixture;
}

/** The same without any charge beside the grid: what is left is the scan alone. */
export const SCAN_ONLY = {
    rollMinE18: 0n,
    rollYearE18: 0n,
    floorNetE18: 0n,
    floorHedgedE18: 0n,
    floorShortE18: 0n,
    spreadE18: 0n,
    impactE18: 0n,
} as const;

export async function scanOnlyFixture(ethers: HardhatEthers): Promise<RiskFixture> {
    const fixture = await riskFixture(ethers);
    for (const underlying of [BTC, ETH] as const) {
        const params = {...UNDERLYING[underlying], ...SCAN_ONLY};
        await fixture.parameters.setUnderlying(underlying, params, gridOf(defaultGrid(RANGE[underlying])));
    }
    await fixture.parameters.setGlobal({...GLOBAL, reserveBaseE18: 0n, reservePerPositionE18: 0n});
    return fixture;
}

/** Two doubles within a tolerance. */
export function near(actual: number, expected: number, tolerance: number, label = "figure"): void {
    expect(Math.abs(actual - expected), `${label}: ${actual} against ${expected}`).to.be.at.most(tolerance);
}
