/** Quotes: made, looked at, filled, cancelled; and what is due to an account at expiry. */
import {InputError} from "../sdk/failures.js";
import {ownerOf} from "../sdk/ids.js";
import type {AccountId} from "../sdk/ids.js";
import {decodeInstrument} from "../sdk/instruments.js";
import type {InstrumentId} from "../sdk/instruments.js";
import {mulDivFloor} from "../sdk/math/index.js";
import {buildQuote, quoteDigest, quoteDomain, signQuote, verifyQuote} from "../sdk/quotes.js";
import type {Quote, QuoteTerms, SignedQuote} from "../sdk/quotes.js";
import {ONE_E18, price, size, units, usd} from "../sdk/units.js";
import type {PriceE18, SizeE18, UnitsE18, UsdE18} from "../sdk/units.js";
import type {IClearinghouse} from "../../typechain-types/contracts/interfaces/IClearinghouse.js";
import {actionOf} from "./action.js";
import type {Action} from "./action.js";
import {assessmentFrom} from "./books.js";
import {signerOf} from "./core.js";
import type {Core} from "./core.js";
import {ifAnswered} from "./failures.js";
import type {MarginChange} from "./margin.js";

/** A signed quote, and how much of it goes to whom. */
export type Fill = {
    readonly signed: SignedQuote;
    readonly taker: AccountId;
    /** All that was signed if left out. */
    readonly units?: UnitsE18;
};

/** A leg as the taker gets it: a positive size = the taker buys. */
export type TakenLeg = {readonly instrument: InstrumentId; readonly sizeE18: SizeE18; readonly priceE18: PriceE18};

export type FillEffect = {
    readonly legs: readonly TakenLeg[];
    /** The taker's margin and fees; undefined while a price that he needs is not to be had. */
    readonly margin: (MarginChange & {readonly feeE18: UsdE18}) | undefined;
};

export const unitsOf = ({signed: {quote}, units}: Fill): UnitsE18 => units ?? quote.unitsE18;

/** A fill as the clearinghouse takes it. */
export function fillStruct(fill: Fill): IClearinghouse.FillStruct {
    const {quote, signer, signature} = fill.signed;
    const legs = quote.legs.map((leg) => ({...leg}));
    return {quote: {...quote, legs}, signer, signature, taker: fill.taker, unitsE18: unitsOf(fill)};
}

const takenLegs = (fill: Fill): TakenLeg[] =>
    fill.signed.quote.legs.map(({instrument, sizePerUnitE18, priceE18}) => ({
        instrument,
        sizeE18: size(-mulDivFloor(sizePerUnitE18, unitsOf(fill), ONE_E18)),
        priceE18: price(priceE18),
    }));

const domainOf = ({deployment: {chainId, contracts}}: Core): ReturnType<typeof quoteDomain> =>
    quoteDomain(BigInt(chainId), contracts.clearinghouse);

/** Builds a quote in the maker's current epoch and signs it. */
export async function sign(core: Core, terms: QuoteTerms): Promise<SignedQuote> {
    const epoch = terms.epoch ?? (await core.contracts.clearinghouse.epochOf(terms.maker));
    return signQuote(signerOf(core), domainOf(core), buildQuote({...terms, epoch}));
}

/** What has become of a quote. */
export type QuoteState = {
    /** The digest that was signed, by which events name the quote. */
    readonly digest: string;
    readonly filledE18: UnitsE18;
    readonly leftE18: UnitsE18;
    /** False once `cancelAll` has ended its epoch. Cancelled nonces and groups show in a fill's preview. */
    readonly inEpoch: boolean;
};

export async function stateOf(core: Core, quote: Quote): Promise<QuoteState> {
    const {clearinghouse} = core.contracts;
    const digest = quoteDigest(domainOf(core), quote);
    const filledE18 = await clearinghouse.filledE18(digest);
    const inEpoch = (await clearinghouse.epochOf(quote.maker)) === quote.epoch;
    return {digest, filledE18: units(filledE18), leftE18: units(quote.unitsE18 - filledE18), inEpoch};
}

/**
 * Refuses a quote whose signature is not the signer's, or whose signer may not trade for the maker. Contracts that sign (ERC-1271) are
 * asked by a fill's preview.
 */
export async function verify(core: Core, signed: SignedQuote): Promise<void> {
    const {quote, signer} = signed;
    if ((await core.provider.getCode(signer)) === "0x") verifyQuote(domainOf(core), signed);
    const trade = 1;
    if (!(await core.contracts.vault.isAuthorised(quote.maker, signer, trade))) {
        const details = {signer, maker: ownerOf(quote.maker)};
        throw new InputError("quote-signature", `${signer} may not sign for ${ownerOf(quote.maker)}`, details);
    }
}

async function fillMargin(core: Core, fills: readonly Fill[], taker: AccountId): Promise<FillEffect["margin"]> {
    return ifAnswered(async () => {
        const items = fills.map(fillStruct);
        const told = await core.contracts.marginLens.previewFill.staticCall(items, taker);
        return {before: assessmentFrom(told.before), after: assessmentFrom(told.after_), feeE18: usd(told.feeE18)};
    });
}

function takerOf(fills: readonly Fill[]): AccountId {
    const [first, ...others] = fills;
    if (first === undefined) throw new InputError("quote-malformed", "A fill needs a quote");
    if (others.every(({taker}) => taker === first.taker)) return first.taker;
    throw new InputError("quote-malformed", "Fills of one transaction have one taker");
}

function filling(core: Core, name: "fillMany" | "fillReducing", fills: readonly Fill[]): Action<FillEffect> {
    const taker = takerOf(fills);
    const coder = core.contracts.clearinghouse.interface;
    const items = fills.map(fillStruct);
    return actionOf(core, {
        contract: "clearinghouse",
        name,
        data: name === "fillMany" ? coder.encodeFunctionData(name, [items]) : coder.encodeFunctionData(name, [items]),
        effect: async () => ({legs: fills.flatMap(takenLegs), margin: await fillMargin(core, fills, taker)}),
    });
}

export function fill(core: Core, one: Fill): Action<FillEffect> {
    return actionOf(core, {
        contract: "clearinghouse",
        name: "fill",
        data: core.contracts.clearinghouse.interface.encodeFunctionData("fill", [fillStruct(one)]),
        effect: async () => ({legs: takenLegs(one), margin: await fillMargin(core, [one], one.taker)}),
    });
}

/** Several quotes, all or none. */
export const fillMany = (core: Core, fills: readonly Fill[]): Action<FillEffect> => filling(core, "fillMany", fills);

/** Several quotes that bring both sides closer to zero; needs no fresh price. */
export const fillReducing = (core: Core, fills: readonly Fill[]): Action<FillEffect> =>
    filling(core, "fillReducing", fills);

const nothing = (): Promise<undefined> => Promise.resolve(undefined);

export const cancelQuote = (core: Core, {maker, nonce}: Pick<Quote, "maker" | "nonce">): Action<undefined> =>
    actionOf(core, {
        contract: "clearinghouse",
        name: "cancelQuote",
        data: core.contracts.clearinghouse.interface.encodeFunctionData("cancelQuote", [maker, nonce]),
        effect: nothing,
    });

/** Cancels every quote of a group, those still to come included. */
export const cancelGroup = (core: Core, {maker, group}: Pick<Quote, "maker" | "group">): Action<undefined> =>
    actionOf(core, {
        contract: "clearinghouse",
        name: "cancelGroup",
        data: core.contracts.clearinghouse.interface.encodeFunctionData("cancelGroup", [maker, group]),
        effect: nothing,
    });

/** Cancels every quote of a maker by ending his epoch. */
export const cancelAll = (core: Core, maker: AccountId): Action<undefined> =>
    actionOf(core, {
        contract: "clearinghouse",
        name: "cancelAll",
        data: core.contracts.clearinghouse.interface.encodeFunctionData("cancelAll", [maker]),
        effect: nothing,
    });

/** Positions of an account whose settlement price is fixed. */
export type SettleEffect = {
    readonly settles: readonly {
        readonly instrument: InstrumentId;
        readonly sizeE18: SizeE18;
        readonly priceE18: PriceE18;
    }[];
};

async function settledPositions({contracts}: Core, account: AccountId): Promise<SettleEffect> {
    const {positions} = await contracts.clearinghouse.positionsOf(account);
    const found = positions.map(async ({instrument, sizeE18}) => {
        const {kind, underlying, expiry} = decodeInstrument(instrument);
        const priceE18 = kind === "PERP" ? 0n : await contracts.clearinghouse.settlementPriceE18(underlying, expiry);
        return {instrument: instrument as InstrumentId, sizeE18: size(sizeE18), priceE18: price(priceE18)};
    });
    return {settles: (await Promise.all(found)).filter(({priceE18}) => priceE18 !== 0n)};
}

/** Turns positions whose price is fixed into cash. Anyone may do it for any account. */
export const settleAccount = (core: Core, account: AccountId): Action<SettleEffect> =>
    actionOf(core, {
        contract: "clearinghouse",
        name: "settleAccount",
        data: core.contracts.clearinghouse.interface.encodeFunctionData("settleAccount", [account]),
        effect: () => settledPositions(core, account),
    });
