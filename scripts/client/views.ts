/** What the lenses say: whole accounts, greatest amounts and sizes, what legs would do, which hedge is the cheapest. */
import {bookFrom} from "../chain/snapshot.js";
import {ZeroHash} from "ethers";

import type {AccountId} from "../sdk/ids.js";
import type {Assessment, Book} from "../sdk/risk/types.js";
import {OUTCOMES, STOPS} from "../sdk/trade/index.js";
import type {Candidate, Hedge, Lot, Role, Stop, TradeLeg, TradePreview} from "../sdk/trade/index.js";
import {amount, price, size, usd} from "../sdk/units.js";
import type {AmountNative, PriceE18, SizeE18} from "../sdk/units.js";
import {zoneOf} from "../sdk/zone.js";
import type {Zone} from "../sdk/zone.js";
import {tokenOf} from "../shared/deployment.js";
import {assessmentFrom} from "./books.js";
import type {Core} from "./core.js";
import {refusing} from "./failures.js";

/** An account at the latest block. */
export type AccountView = {
    readonly id: AccountId;
    readonly book: Book;
    readonly margin: Assessment;
    readonly zone: Zone;
    /** Of a running auction, Unix seconds; 0 = none, and not recorded as insolvent. */
    readonly auction: {readonly startedAt: number; readonly insolventAt: number};
};

/** Who would trade with whom. */
export type Party = {
    readonly account: AccountId;
    /** An account that holds nothing if left out. */
    readonly counterparty?: AccountId;
    /** The taker pays the fees; he is the account if left out. */
    readonly role?: Role;
};

/** Prices of one underlying at which an account meets maintenance; undefined = none within reach. */
export type CrossingPrices = {readonly lowerE18: PriceE18 | undefined; readonly upperE18: PriceE18 | undefined};

const orNone = (priceE18: bigint): PriceE18 | undefined => (priceE18 === 0n ? undefined : price(priceE18));

export const account = ({contracts}: Core, id: AccountId): Promise<AccountView> =>
    refusing(async () => {
        const {book, assessment, auction} = await contracts.marginLens.account(id);
        const margin = assessmentFrom(assessment);
        const {startedAt, insolventAt} = auction;
        return {
            id,
            book: bookFrom(book),
            margin,
            zone: zoneOf(margin),
            auction: {startedAt: Number(startedAt), insolventAt: Number(insolventAt)},
        };
    });

/** Greatest amount of a token that `withdraw` would let out now. */
export const maxWithdraw = ({contracts, deployment}: Core, id: AccountId, token: string): Promise<AmountNative> =>
    refusing(async () => amount(await contracts.marginLens.maxWithdraw(id, tokenOf(deployment, token).address)));

export const liquidationPrices = ({contracts}: Core, id: AccountId, underlying: number): Promise<CrossingPrices> =>
    refusing(async () => {
        const [lowerE18, upperE18] = await contracts.marginLens.liquidationPrices(id, underlying);
        return {lowerE18: orNone(lowerE18), upperE18: orNone(upperE18)};
    });

const partyStruct = ({
    account: id,
    counterparty,
    role,
}: Party): {account: string; counterparty: string; role: number} => ({
    account: id,
    counterparty: counterparty ?? ZeroHash,
    role: role === "MAKER" ? 1 : 0,
});

/** Margin before and after legs that nobody has signed. */
export const previewLegs = ({contracts}: Core, party: Party, legs: readonly TradeLeg[]): Promise<TradePreview> =>
    refusing(async () => {
        const told = await contracts.tradeLens.previewLegs.staticCall(partyStruct(party), [...legs]);
        return {
            before: assessmentFrom(told.before),
            held: assessmentFrom(told.held),
            after: assessmentFrom(told.after_),
            feeE18: usd(told.feeE18),
            suffices: told.suffices,
        };
    });

/** Greatest size of one instrument at one price that the account may trade now. */
export const maxSize = (
    {contracts}: Core,
    party: Party,
    {instrument, priceE18, lotE18}: Lot,
): Promise<{readonly sizeE18: SizeE18; readonly stop: Stop}> =>
    refusing(async () => {
        const struct = partyStruct(party);
        const told = await contracts.tradeLens.maxSize.staticCall(struct, instrument, priceE18, lotE18);
        return {sizeE18: size(told.sizeE18), stop: STOPS[Number(told.stop)] ?? "MARGIN"};
    });

/** The one leg, and its size, that brings an account to its initial requirement for the least. */
export const cheapestHedge = ({contracts}: Core, party: Party, candidates: readonly Candidate[]): Promise<Hedge> =>
    refusing(async () => {
        const told = await contracts.tradeLens.cheapestHedge.staticCall(partyStruct(party), [...candidates]);
        return {
            outcome: OUTCOMES[Number(told.outcome)] ?? "NONE",
            index: Number(told.index),
            sizeE18: size(told.sizeE18),
            held: assessmentFrom(told.held),
            after: assessmentFrom(told.after_),
            costE18: usd(told.costE18),
            feeE18: usd(told.feeE18),
        };
    });
