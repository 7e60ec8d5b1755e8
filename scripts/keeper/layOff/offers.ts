/** Quotes that can be filled now: each is read, its signature recovered, and its fill tried on the block that is decided on. */
import {getAddress, Interface, isAddress, type Provider} from "ethers";
import {ZodError} from "zod";

import {isRevert, revertDataOf} from "../../chain/reverts.js";
import {CLEARINGHOUSE_ABI} from "../../sdk/abi/Clearinghouse.js";
import {InputError} from "../../sdk/failures.js";
import {ANYONE} from "../../sdk/ids.js";
import type {AccountId} from "../../sdk/ids.js";
import {abs, min} from "../../sdk/math/index.js";
import {quoteDigest, quoteDomain, verifyQuote} from "../../sdk/quotes.js";
import type {Quote, QuoteLeg, SignedQuote} from "../../sdk/quotes.js";
import {ONE_E18, price, size, units} from "../../sdk/units.js";
import type {Log} from "../../shared/logger.js";
import {readQuote} from "../../shared/quoteFile.js";
import type {QuoteFile} from "../../shared/quoteFile.js";
import type {IClearinghouse} from "../../../typechain-types/contracts/interfaces/IClearinghouse.js";
import type {Heard} from "./makers.js";
import type {Wanted} from "./wire.js";

/** A quote of one leg of one unit that stands on the chain. */
export type Offer = {
    readonly maker: string;
    readonly signed: SignedQuote;
    /** By which the chain knows it. */
    readonly digest: string;
    readonly instrument: bigint;
    readonly priceE18: bigint;
    /** Units that it has left, 18 decimals. */
    readonly leftE18: bigint;
    /** Whether a contract answers for the signature: such a one may change its mind. */
    readonly isByContract: boolean;
};

export type Refusal =
    | "malformed"
    | "other-domain"
    | "other-taker"
    | "not-asked"
    | "not-of-one-unit"
    | "expired"
    | "too-small"
    | "bad-signature"
    | "off-price"
    | "twice"
    | "filled"
    | "cancelled"
    | "maker-short"
    | "refused"
    | "dearer";

export type OffersOptions = {
    readonly provider: Provider;
    readonly chainId: bigint;
    readonly clearinghouse: string;
    /** Taker, and who sends for him. */
    readonly account: AccountId;
    readonly from: string;
    /** A quote that ends sooner after the block is of no use. */
    readonly leastSeconds: number;
    readonly log: Log;
};

/** What is to be laid off, and the block that it is decided on. */
export type Need = {
    readonly wanted: readonly Wanted[];
    readonly blockNumber: number;
    readonly nowSeconds: bigint;
    /** Whether a price is one to trade at; any if left out. */
    readonly isFair?: (instrument: bigint, priceE18: bigint) => boolean;
};

const CLEARINGHOUSE = new Interface(CLEARINGHOUSE_ABI);
/** Quotes of one maker for one leg that are tried on the chain: the best ones. */
const MOST_TRIED = 4;
/** Less than this part of a leg is not worth its gas. */
const LEAST_PART = 100n;
const MAX_UINT_64 = 2n ** 64n - 1n;
const MAX_UINT_128 = 2n ** 128n - 1n;
const MAX_TIME = 2 ** 40 - 1;

/** What a fill may fail on that is no fault of the quote: the taker does not hold yet what he will lay off, or has no money. */
const TAKERS_LACK = new Set([
    "Clearinghouse_InsufficientMargin",
    "Clearinghouse_Insolvent",
    "Clearinghouse_TooManyPositions",
    "Clearinghouse_OpeningPaused",
]);
const SLICES_LACK = new Set(["Clearinghouse_NotTradable", "Clearinghouse_OpenInterestCap"]);
const REASONS: Readonly<Record<string, Refusal>> = {
    Clearinghouse_QuoteCancelled: "cancelled",
    Clearinghouse_QuoteExpired: "expired",
    Clearinghouse_BadSignature: "bad-signature",
    Clearinghouse_Overfilled: "filled",
    Clearinghouse_PriceOutsideBand: "off-price",
};

/** A fill as the clearinghouse takes it. */
export function fillOf({signed}: Pick<Offer, "signed">, taker: AccountId, unitsE18: bigint): IClearinghouse.FillStruct {
    const {quote, signer, signature} = signed;
    return {quote: {...quote, legs: quote.legs.map((leg) => ({...leg}))}, signer, signature, taker, unitsE18};
}

/** Whether the first price is the better one for who wants that size. */
export const isBetter = (sizeE18: bigint, aE18: bigint, bE18: bigint): boolean =>
    sizeE18 > 0n ? aE18 < bE18 : aE18 > bE18;

/** Quotes that can be filled, in no order; why others cannot is logged, once for each maker. */
export async function offersAmong(
    heard: readonly Heard[],
    need: Need,
    options: OffersOptions,
): Promise<readonly Offer[]> {
    const tally = new Map<string, Map<string, number>>();
    const count = (maker: string, outcome: Refusal | "usable"): void => {
        const own = tally.get(maker) ?? new Map<string, number>();
        tally.set(maker, own.set(outcome, (own.get(outcome) ?? 0) + 1));
    };
    const read: Offer[] = [];
    for (const {maker, raw} of heard) {
        const found = await readOffer(raw, maker, need, options);
        if (typeof found === "string") count(maker, found);
        else if (read.some(({digest}) => digest === found.digest)) count(maker, "twice");
        else read.push(found);
    }
    const best = bestOf(read, need);
    for (const {maker} of read.filter((one) => !best.includes(one))) count(maker, "dearer");
    const tried = await Promise.all(best.map((offer) => onChain(offer, need, options)));
    const offers = tried.filter((found) => typeof found !== "string");
    tried.forEach((found, place) => {
        count(best[place]?.maker ?? "", typeof found === "string" ? found : "usable");
    });
    for (const [maker, outcomes] of tally) {
        options.log("quotes_judged", {maker, outcomes: Object.fromEntries(outcomes)});
    }
    return offers;
}

const wantedOf = ({wanted}: Need, instrument: bigint): bigint =>
    wanted.find((one) => one.instrument === instrument)?.sizeE18 ?? 0n;

/** The best of each maker for each leg. */
function bestOf(offers: readonly Offer[], need: Need): readonly Offer[] {
    const isAbove = (one: Offer, other: Offer): boolean =>
        one.maker === other.maker &&
        one.instrument === other.instrument &&
        isBetter(wantedOf(need, one.instrument), one.priceE18, other.priceE18);
    return offers.filter((offer, place) => {
        const above = offers.filter((other, at) => isAbove(other, offer) || (at < place && isEqual(other, offer)));
        return above.length < MOST_TRIED;
    });
}

const isEqual = (one: Offer, other: Offer): boolean =>
    one.maker === other.maker && one.instrument === other.instrument && one.priceE18 === other.priceE18;

/** Everything that can be known without positions and prices of the maker. */
async function readOffer(raw: unknown, maker: string, need: Need, options: OffersOptions): Promise<Offer | Refusal> {
    const file = quoteIn(raw);
    if (file === undefined) return "malformed";
    const {signed} = file;
    const [leg, ...others] = signed.quote.legs;
    const foreign = misdirected(file, options);
    if (foreign !== undefined) return foreign;
    if (leg === undefined || others.length > 0 || abs(leg.sizePerUnitE18) !== ONE_E18) return "not-of-one-unit";
    const misfit = unwanted(leg, signed.quote, need, options);
    if (misfit !== undefined) return misfit;
    const domain = quoteDomain(options.chainId, options.clearinghouse);
    const isByContract = !isSigned(domain, signed);
    if (isByContract && (await options.provider.getCode(signed.signer, need.blockNumber)) === "0x") {
        return "bad-signature";
    }
    const {instrument, priceE18} = leg;
    const digest = quoteDigest(domain, signed.quote);
    return {maker, signed, digest, instrument, priceE18, leftE18: signed.quote.unitsE18, isByContract};
}

/** Whether a quote is for another place or another taker. */
function misdirected(
    {signed: {quote}, chainId, clearinghouse}: QuoteFile,
    options: OffersOptions,
): Refusal | undefined {
    if (BigInt(chainId) !== options.chainId || clearinghouse !== options.clearinghouse) return "other-domain";
    const isForOther = quote.taker !== ANYONE && quote.taker !== options.account;
    return isForOther || quote.maker === options.account ? "other-taker" : undefined;
}

/** Whether a leg is not what is wanted, or not for long enough, enough of it, or at a price that is none. */
function unwanted(
    {instrument, priceE18, sizePerUnitE18}: QuoteLeg,
    {deadline, unitsE18}: Quote,
    need: Need,
    {leastSeconds}: OffersOptions,
): Refusal | undefined {
    const wantedE18 = wantedOf(need, instrument);
    // The maker's side is the other one.
    if (wantedE18 === 0n || wantedE18 > 0n === sizePerUnitE18 > 0n) return "not-asked";
    if (BigInt(deadline) < need.nowSeconds + BigInt(leastSeconds)) return "expired";
    if (unitsE18 * LEAST_PART < abs(wantedE18)) return "too-small";
    return need.isFair?.(instrument, priceE18) === false ? "off-price" : undefined;
}

/** A quote whose figures fit where the contract keeps them. */
function quoteIn(raw: unknown): QuoteFile | undefined {
    try {
        const file = readQuote(raw);
        const {quote, signer} = file.signed;
        if (!isInRange(quote) || !isAddress(signer) || !isAddress(file.clearinghouse)) return undefined;
        const signed = {...file.signed, signer: getAddress(signer)};
        return {...file, signed, clearinghouse: getAddress(file.clearinghouse)};
    } catch (error) {
        if (error instanceof ZodError || error instanceof InputError) return undefined;
        throw error;
    }
}

/** @throws InputError for units, sizes and prices that are out of range. */
function isInRange({unitsE18, legs, group, epoch, nonce, deadline}: Quote): boolean {
    units(unitsE18);
    for (const {sizePerUnitE18, priceE18} of legs) {
        size(sizePerUnitE18);
        price(priceE18);
    }
    const isTime = Number.isInteger(deadline) && deadline >= 0 && deadline <= MAX_TIME;
    return isTime && group <= MAX_UINT_64 && epoch <= MAX_UINT_64 && nonce <= MAX_UINT_128;
}

/** Everything but the signature has been looked at: whatever fails here is no signature of that key. */
function isSigned(domain: ReturnType<typeof quoteDomain>, signed: SignedQuote): boolean {
    try {
        verifyQuote(domain, signed);
        return true;
    } catch (error) {
        if (error instanceof Error) return false;
        throw error;
    }
}

/** What is left of a quote, and what its fill alone comes to at the block: the maker is looked at before the taker. */
async function onChain(offer: Offer, need: Need, options: OffersOptions): Promise<Offer | Refusal> {
    const {provider, clearinghouse: to, from, account} = options;
    const call = (data: string): Promise<string> => provider.call({to, from, data, blockTag: need.blockNumber});
    const filled = await call(CLEARINGHOUSE.encodeFunctionData("filledE18", [offer.digest]));
    const leftE18 = offer.signed.quote.unitsE18 - BigInt(filled);
    const wantedE18 = abs(wantedOf(need, offer.instrument));
    if (leftE18 <= 0n) return "filled";
    if (leftE18 * LEAST_PART < wantedE18) return "too-small";
    const fill = fillOf(offer, account, min(leftE18, wantedE18));
    try {
        await call(CLEARINGHOUSE.encodeFunctionData("fill", [fill]));
    } catch (error) {
        if (!isRevert(error)) throw error;
        const refusal = refusalIn(revertDataOf(error) ?? "0x", offer, account);
        if (refusal !== undefined) return refusal;
    }
    return {...offer, leftE18};
}

const SELECTOR_LENGTH = 10;

const errorIn = (data: string | undefined): ReturnType<Interface["parseError"]> =>
    data === undefined || data.length < SELECTOR_LENGTH ? null : CLEARINGHOUSE.parseError(data);

/** Why a fill is refused, undefined if for what the taker will have once he holds the slice. */
function refusalIn(data: string, {signed: {quote}}: Offer, account: AccountId): Refusal | undefined {
    const error = errorIn(data);
    if (error === null) return "refused";
    const [first] = error.args.toArray() as readonly unknown[];
    const who = String(first).toLowerCase();
    if (SLICES_LACK.has(error.name) || (TAKERS_LACK.has(error.name) && who === account)) return undefined;
    if (TAKERS_LACK.has(error.name) && who === quote.maker) return "maker-short";
    return REASONS[error.name] ?? "refused";
}

/** Offers that a failed fill of several is to blame on: those that it names, or whose maker it names. */
export function blamed(error: unknown, offers: readonly Offer[]): readonly Offer[] {
    const told = errorIn(revertDataOf(error));
    const names = new Set((told?.args.toArray() ?? []).map((value) => String(value).toLowerCase()));
    const named = offers.filter(
        ({digest, signed: {quote}}) => names.has(digest.toLowerCase()) || names.has(quote.maker),
    );
    return named.length > 0 ? named : offers.filter(({isByContract}) => isByContract);
}
