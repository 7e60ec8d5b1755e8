/**
 * Margin of other venues: rules as data. Figures of rules are theirs and dated; what is charged is USD with 18 decimals, rounded up.
 */
import type {VolState} from "../risk/types.js";

/** One unit and how many of it a book holds. Collateral of the underlying is no leg. */
export type VenueLeg = {
    readonly name: string;
    readonly kind: "LINEAR" | "CALL" | "PUT";
    readonly sizeE18: bigint;
    /** Unix time in seconds; 0 for a perpetual. */
    readonly expiry: number;
    readonly yearsE18: bigint;
    readonly daysE18: bigint;
    /** Mark of a perpetual, forward of what expires. */
    readonly priceE18: bigint;
    /** 0 for linear legs, like everything below but mark and delta. */
    readonly strikeE18: bigint;
    readonly discountE18: bigint;
    readonly volE18: bigint;
    /** Worth of one unit. */
    readonly markE18: bigint;
    readonly deltaE18: bigint;
};

/** What a book holds in one underlying. */
export type UnderlyingBook = {
    readonly name: string;
    readonly spotE18: bigint;
    /** Units of the underlying held as collateral. */
    readonly coinsE18: bigint;
    readonly legs: readonly VenueLeg[];
};

/** A move of the price together with a state of volatility. */
export type VenueScenario = {
    /** Relative move; one below -1 leaves options with a price of 0. */
    readonly moveE18: bigint;
    readonly vol: VolState;
    readonly weightE18: bigint;
};

/** What asked for most. */
export type Worst = {
    /** Place in the venue's list, from 0; null for what stands beside the list. */
    readonly index: number | null;
    readonly label: string;
    readonly lossE18: bigint;
};

export type Part = {readonly name: string; readonly valueE18: bigint};

/** What one underlying asks for, against equity that counts options at their mark. */
export type Charge = {
    readonly initialE18: bigint;
    readonly maintenanceE18: bigint;
    /** Null where a rule looks at no scenario, or nothing can be lost. */
    readonly worst: Worst | null;
    readonly parts: readonly Part[];
};

/** One underlying's figures in a venue's rules. */
export type Figures<Params> = {readonly BTC: Params; readonly ETH: Params};

export type Venue = {
    readonly id: string;
    readonly name: string;
    /** When the figures held. */
    readonly asOf: string;
    readonly source: string;
    /** What had to be assumed where rule or figure are not public. */
    readonly assumptions: readonly string[];
    readonly charge: (book: UnderlyingBook) => Charge;
};

/** Figures of an underlying; one that a venue's list does not name gets those of ETH. */
export const figuresOf = <Params>(figures: Figures<Params>, name: string): Params =>
    name === "BTC" ? figures.BTC : figures.ETH;
