/** Signed offers: build, hash, sign and check the EIP-712 `Quote` that the clearinghouse fills. */
import {TypedDataEncoder, verifyTypedData} from "ethers";
import type {TypedDataDomain, TypedDataField} from "ethers";

import {InputError} from "./failures.js";
import {ANYONE} from "./ids.js";
import type {AccountId} from "./ids.js";
import type {InstrumentId} from "./instruments.js";
import type {PriceE18, SizeE18, UnitsE18} from "./units.js";

/** One leg, seen from the maker: a positive size = the maker buys. */
export type QuoteLeg = {
    readonly instrument: InstrumentId;
    readonly sizePerUnitE18: SizeE18;
    readonly priceE18: PriceE18;
};

export type Quote = {
    readonly maker: AccountId;
    readonly taker: AccountId;
    readonly legs: readonly QuoteLeg[];
    readonly unitsE18: UnitsE18;
    readonly group: bigint;
    readonly epoch: bigint;
    readonly nonce: bigint;
    /** Unix time in seconds, inclusive. */
    readonly deadline: number;
};

export type SignedQuote = {readonly quote: Quote; readonly signer: string; readonly signature: string};

export const MAX_LEGS = 8;

export const QUOTE_TYPES: Record<string, TypedDataField[]> = {
    Quote: [
        {name: "maker", type: "bytes32"},
        {name: "taker", type: "bytes32"},
        {name: "legs", type: "Leg[]"},
        {name: "unitsE18", type: "uint128"},
        {name: "group", type: "uint64"},
        {name: "epoch", type: "uint64"},
        {name: "nonce", type: "uint128"},
        {name: "deadline", type: "uint40"},
    ],
    Leg: [
        {name: "instrument", type: "uint128"},
        {name: "sizePerUnitE18", type: "int128"},
        {name: "priceE18", type: "uint128"},
    ],
};

/** What ties a signature to one chain and one clearinghouse. */
export function quoteDomain(chainId: bigint, clearinghouse: string): TypedDataDomain {
    return {name: "Ballast", version: "1", chainId, verifyingContract: clearinghouse};
}

export type QuoteTerms = Pick<Quote, "maker" | "legs" | "unitsE18" | "nonce" | "deadline"> & Partial<Quote>;

/** Fills in what is usual and refuses what the clearinghouse would refuse: legs out of order, too many, or none. */
export function buildQuote(terms: QuoteTerms): Quote {
    const legs = [...terms.legs].sort((a, b) => (a.instrument < b.instrument ? -1 : 1));
    const repeated = legs.some(({instrument}, index) => legs[index + 1]?.instrument === instrument);
    if (legs.length === 0 || legs.length > MAX_LEGS || repeated) {
        throw new InputError("quote-malformed", `A quote has 1 to ${MAX_LEGS} legs, each of another instrument`);
    }
    if (legs.some(({sizePerUnitE18}) => sizePerUnitE18 === 0n) || terms.unitsE18 <= 0n) {
        throw new InputError("quote-malformed", "Units and the size of every leg must differ from zero");
    }
    return Object.freeze({taker: ANYONE, group: 0n, epoch: 0n, ...terms, legs: Object.freeze(legs)});
}

/** The digest that is signed; equal to `Clearinghouse.quoteDigest`. */
export function quoteDigest(domain: TypedDataDomain, quote: Quote): string {
    return TypedDataEncoder.hash(domain, QUOTE_TYPES, quote);
}

/** Struct hash inside the digest, independent of chain and contract. */
export function quoteHash(quote: Quote): string {
    return TypedDataEncoder.hashStruct("Quote", QUOTE_TYPES, quote);
}

/** Whatever can sign typed data: a wallet, a hardware device, a session key. */
export type TypedDataSigner = {
    getAddress(): Promise<string>;
    signTypedData(
        domain: TypedDataDomain,
        types: Record<string, TypedDataField[]>,
        value: Record<string, unknown>,
    ): Promise<string>;
};

export async function signQuote(signer: TypedDataSigner, domain: TypedDataDomain, quote: Quote): Promise<SignedQuote> {
    const signature = await signer.signTypedData(domain, QUOTE_TYPES, {...quote});
    return {quote, signer: await signer.getAddress(), signature};
}

/** Refuses a signature that is not the named signer's. Contract signers (ERC-1271) are asked on chain instead. */
export function verifyQuote(domain: TypedDataDomain, {quote, signer, signature}: SignedQuote): void {
    const recovered = verifyTypedData(domain, QUOTE_TYPES, quote, signature);
    if (recovered !== signer) {
        throw new InputError("quote-signature", `The quote is signed by ${recovered}, not by ${signer}`, {
            recovered,
            signer,
        });
    }
}
