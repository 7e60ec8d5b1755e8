/** What the trade twin reads and returns. Mirrors contracts/interfaces/ITradeLens.sol: same names, 18 decimals. */
import type {InstrumentId} from "../instruments.js";
import type {Assessment, Book, Market, RiskParameters} from "../risk/types.js";
import type {SizeE18, UsdE18} from "../units.js";

/** The taker pays the fees. */
export type Role = "TAKER" | "MAKER";

/** An account as vault and clearinghouse keep it, not settled. The cash of the book is what the principal is worth. */
export type Holder = {readonly principal: bigint; readonly book: Book};

/** An account that holds nothing. */
export const NOBODY: Holder = {
    principal: 0n,
    book: {model: "SCENARIO", cashE18: 0n, collateral: [], quotes: [], positions: []},
};

/** What the clearinghouse and the vault say about trading. */
export type Terms = {
    readonly fees: {readonly linearE18: bigint; readonly optionE18: bigint; readonly optionCapE18: bigint};
    readonly funding: {
        readonly maxPremiumE18: bigint;
        readonly averageSeconds: bigint;
        readonly sampleNotionalE18: bigint;
    };
    /** Average premium of each perpetual and the time up to which fills have moved it, Unix seconds; 0 = never. */
    readonly perps: ReadonlyMap<number, {readonly premiumE18: bigint; readonly sampledAt: bigint}>;
    readonly openInterestCapsE18: ReadonlyMap<number, bigint>;
    readonly openingPaused: boolean;
    /** The clearinghouse's `isTradable`. */
    readonly isTradable: (instrument: InstrumentId) => boolean;
    /** Indices of the vault's cash, 27 decimals. */
    readonly supplyIndexE27: bigint;
    readonly borrowIndexE27: bigint;
};

/** Who trades with whom, where. */
export type TradeQuestion = {
    readonly account: Holder;
    /** `NOBODY` for an account that holds nothing. */
    readonly counterparty: Holder;
    readonly role: Role;
    readonly market: Market;
    readonly parameters: RiskParameters;
    readonly terms: Terms;
};

/** One leg, seen from the account: positive = it buys. */
export type TradeLeg = {readonly instrument: InstrumentId; readonly sizeE18: bigint; readonly priceE18: bigint};

/** What the clearinghouse's check after a fill compares. */
export type Trial = {
    /** Without the trade, at the mark prices and open interest that it leaves behind. */
    readonly before: Assessment;
    readonly after: Assessment;
    readonly feeE18: UsdE18;
};

export type TradePreview = {
    readonly before: Assessment;
    readonly held: Assessment;
    readonly after: Assessment;
    readonly feeE18: UsdE18;
    readonly suffices: boolean;
};

/** What ends a search for the greatest size: the account's margin, or caps, pauses and listings. In the contracts' order. */
export const STOPS = ["MARGIN", "TERMS"] as const;
export type Stop = (typeof STOPS)[number];

export type Candidate = {
    readonly instrument: InstrumentId;
    /** Positive = the account buys. */
    readonly mostE18: bigint;
    readonly priceE18: bigint;
    readonly lotE18: bigint;
};

/** In the order of the contracts' enumeration. */
export const OUTCOMES = ["NONE", "IMPROVES", "CURES", "UNNEEDED"] as const;
export type Outcome = (typeof OUTCOMES)[number];

export type Hedge = {
    readonly outcome: Outcome;
    readonly index: number;
    readonly sizeE18: SizeE18;
    readonly held: Assessment;
    readonly after: Assessment;
    readonly costE18: UsdE18;
    readonly feeE18: UsdE18;
};
