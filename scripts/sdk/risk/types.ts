/**
 * What the risk twin reads and returns. Mirrors contracts/types/{Book,Risk,Valuation}.sol: same names, bigint for every
 * figure, 18 decimals unless the name says otherwise.
 */
import type {PriceE18, SizeE18, UsdE18} from "../units.js";
import type {SharedOption} from "./options.js";
import type {Smile, VolShape} from "./svi.js";

/** In the order of the contracts' enumeration. */
export const VOL_STATES = ["FLAT", "UP", "DOWN"] as const;
export type VolState = (typeof VOL_STATES)[number];

/** In the order of the contracts' enumeration. */
export const MARGIN_MODELS = ["SCENARIO", "ISOLATED", "DELTA", "GREEKS"] as const;
export type MarginModel = (typeof MARGIN_MODELS)[number];

/** One shock. Any list will do: the logarithm is data, so moves may be linear or logarithmic. */
export type Scenario = {
    /** Price after / price before, above 0. */
    readonly factorE18: bigint;
    readonly lnFactorE18: bigint;
    readonly weightE18: bigint;
    readonly vol: VolState;
};

export type UnderlyingParams = {
    readonly group: number;
    readonly volUpE18: bigint;
    readonly volDownE18: bigint;
    readonly volFloorUpE18: bigint;
    readonly volFloorDownE18: bigint;
    readonly powerShortE18: bigint;
    readonly powerLongE18: bigint;
    readonly rollMinE18: bigint;
    readonly rollYearE18: bigint;
    readonly floorNetE18: bigint;
    readonly floorHedgedE18: bigint;
    readonly floorShortE18: bigint;
    readonly spreadE18: bigint;
    readonly impactE18: bigint;
    readonly sigmaDayE18: bigint;
    readonly advE18: bigint;
    readonly oiLowerE18: bigint;
    readonly oiUpperE18: bigint;
    /** Relative price move that the delta model charges. */
    readonly rangeE18: bigint;
};

export type AssetParams = {
    /** Underlying whose grid shocks the asset; 0 = none. */
    readonly underlying: number;
    readonly feedId: number;
    readonly weightE18: bigint;
    readonly sizeE18: bigint;
};

export type GlobalParams = {
    readonly initialRatioE18: bigint;
    readonly reserveBaseE18: bigint;
    readonly reservePerPositionE18: bigint;
    readonly settlementFeedId: number;
};

/** Everything the risk contract stores. */
export type RiskParameters = {
    readonly underlyings: ReadonlyMap<number, {readonly params: UnderlyingParams; readonly grid: readonly Scenario[]}>;
    /** Blend per correlation group; 0 where a group is missing. */
    readonly blendsE18: ReadonlyMap<number, bigint>;
    readonly assets: ReadonlyMap<number, AssetParams>;
    readonly global: GlobalParams;
};

export type Position = {readonly instrument: bigint; readonly sizeE18: bigint};

export type Book = {
    readonly model: MarginModel;
    readonly cashE18: bigint;
    readonly collateral: readonly {readonly assetId: number; readonly unitsE18: bigint}[];
    readonly quotes: readonly {readonly underlying: number; readonly quoteE18: bigint}[];
    readonly positions: readonly Position[];
};

/** Where an expiry's volatility comes from: a smile of total variance as of its report, or one annual figure. */
export type VolSource = {readonly smile: Smile; readonly publishedAt: number} | {readonly volE18: bigint};

/** Surface of one expiry. The forward is spot * numerator / denominator, so that it follows spot. */
export type ExpiryQuote = {
    readonly forwardNumeratorE18: bigint;
    readonly forwardDenominatorE18: bigint;
    readonly discountE18: bigint;
    readonly vol: VolSource;
};

/** Market data of one underlying: what the engine asks oracles and clearinghouse for. */
export type UnderlyingQuote = {
    /** Price of the perpetual at the index of `prices`. */
    readonly markE18: bigint;
    readonly fundingE18: bigint;
    readonly openInterestE18: bigint;
    /** By expiry, Unix time in seconds. */
    readonly expiries: ReadonlyMap<number, ExpiryQuote>;
    /** Fixed settlement prices by expiry. */
    readonly settlements: ReadonlyMap<number, bigint>;
};

export type Market = {
    /** Unix time, seconds. */
    readonly now: number;
    /** Prices by feed; the feed of an underlying has the underlying's number. */
    readonly pricesE18: ReadonlyMap<number, bigint>;
    readonly underlyings: ReadonlyMap<number, UnderlyingQuote>;
};

/** Another spot price of one underlying: its perpetual and forwards move in proportion. */
export type SpotOverride = {readonly underlying: number; readonly spotE18: bigint};

export type Witness = {readonly own: readonly number[]; readonly joint: readonly number[]};

export type Phase = "LIVE" | "EXPIRED" | "SETTLED";

/** One expiry ready for pricing; expiry 0 is the perpetual. */
export type ExpiryMarket = {
    readonly expiry: number;
    readonly phase: Phase;
    readonly priceE18: bigint;
    readonly discountE18: bigint;
    readonly yearsE18: bigint;
    readonly rootYearsE18: bigint;
    readonly reportYearsE18: bigint;
    /** ln of the price. */
    readonly lnPriceE18: bigint;
    /** Price times discount factor. */
    readonly discountedE18: bigint;
    /** Factors on volatility in the up and in the down state. */
    readonly volUpE18: bigint;
    readonly volDownE18: bigint;
    /** Least w in the up and in the down state. */
    readonly floorUpE18: bigint;
    readonly floorDownE18: bigint;
    readonly vol: VolSource;
    readonly shape: VolShape;
};

export type UnderlyingMarket = {
    readonly underlying: number;
    readonly spotE18: bigint;
    readonly fundingE18: bigint;
    readonly openInterestE18: bigint;
    readonly params: UnderlyingParams;
    readonly grid: readonly Scenario[];
    /** Those to evaluate: the whole grid, or what a witness names. */
    readonly scenarios: readonly Scenario[];
    readonly expiries: readonly ExpiryMarket[];
    /** What earlier books have left for those to come. */
    readonly shared?: SharedUnderlying | undefined;
};

/** What books of one underlying share under one market: by expiry, and by option under the whole grid. */
export type SharedUnderlying = {
    readonly scenarios: readonly Scenario[];
    readonly expiries: Map<number, ExpiryMarket>;
    readonly options: Map<bigint, SharedOption>;
};

/** What questions about one market and one set of parameters share; it makes answers faster and changes none. */
export type Shared = {
    readonly market: Market;
    readonly parameters: RiskParameters;
    readonly underlyings: Map<number, SharedUnderlying>;
};

/** What the positions of one underlying are worth and how they move. */
export type Exposure = {
    readonly valueE18: bigint;
    readonly pnlE36: readonly bigint[];
    readonly isolatedE18: bigint;
    readonly deltaE36: bigint;
    readonly grossDeltaE36: bigint;
    readonly rollE18: bigint;
    readonly shortE18: bigint;
    /** Value of the linear legs, settled ones included; undefined where there are none. */
    readonly linearE18: bigint | undefined;
    /** Units of linear legs that have not settled, on the larger side. */
    readonly linearUnitsE18: bigint;
    /** Greatest loss over all prices, each expiry at its own worst. */
    readonly worstE18: bigint;
    /** Whether any leg that has not settled is an option. */
    readonly hasOptions: boolean;
};

/** What a book holds in one underlying. */
export type Holdings = {
    readonly market: UnderlyingMarket;
    readonly positions: readonly Position[];
    /** Units of collateral that count, inside the grid. */
    readonly creditedE18: bigint;
};

/** One underlying of a book before it is put together with the others. */
export type UnderlyingRisk = {
    readonly underlying: number;
    readonly group: number;
    readonly spotE18: bigint;
    readonly equityE18: bigint;
    readonly deltaE18: bigint;
    readonly tradedDeltaE18: bigint;
    /** Change of value per scenario, not weighted, collateral included. */
    readonly pnlE36: readonly bigint[];
    readonly lossE18: readonly bigint[];
    readonly scanE18: bigint;
    readonly rollE18: bigint;
    readonly floorDeltaE18: bigint;
    readonly floorShortE18: bigint;
    readonly concentrationE18: bigint;
    /** Most that scan and add-ons may come to together. */
    readonly capE18: bigint;
    /** Profit of the linear legs, their entry cost taken off; 0 if it is a loss. */
    readonly profitE18: bigint;
    readonly linearUnitsE18: bigint;
};

export type Assessment = {
    readonly equityE18: UsdE18;
    readonly initialE18: UsdE18;
    readonly maintenanceE18: UsdE18;
};

export type UnderlyingReport = {
    readonly underlying: number;
    readonly group: number;
    readonly binding: number;
    readonly spotE18: PriceE18;
    readonly deltaE18: SizeE18;
    readonly pnlE36: readonly bigint[];
    readonly lossE18: readonly UsdE18[];
    readonly scanE18: UsdE18;
    readonly rollE18: UsdE18;
    readonly floorDeltaE18: bigint;
    readonly floorShortE18: UsdE18;
    readonly addOnE18: UsdE18;
    readonly concentrationE18: UsdE18;
    readonly openInterestE18: UsdE18;
    /** Profit of linear legs that does not count for opening and withdrawing. */
    readonly withheldE18: UsdE18;
};

export type Report = Assessment & {
    readonly reserveE18: UsdE18;
    readonly underlyings: readonly UnderlyingReport[];
    readonly groups: readonly number[];
    readonly groupScanE18: readonly UsdE18[];
    readonly groupBinding: readonly number[];
};
