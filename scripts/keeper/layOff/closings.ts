/** Slices that makers' quotes close in the transaction that takes them: no capital is needed, and what is left is cash. */
import {AbiCoder, dataLength, Interface} from "ethers";

import {isRevert, revertDataOf} from "../../chain/reverts.js";
import {CLOSE_OUT_ABI} from "../../sdk/abi/CloseOut.js";
import {decodeError} from "../../sdk/errors.js";
import type {AccountId} from "../../sdk/ids.js";
import {decodeInstrument} from "../../sdk/instruments.js";
import type {InstrumentId} from "../../sdk/instruments.js";
import {abs, max, mulDivDown, mulDivUp} from "../../sdk/math/index.js";
import type {Book} from "../../sdk/risk/index.js";
import {ONE_E18} from "../../sdk/units.js";
import type {ICloseOut} from "../../../typechain-types/contracts/interfaces/ICloseOut.js";
import {costOf, onSale} from "../strategy.js";
import type {Candidate, Closing, Market} from "../strategy.js";
import {coveredE18, coverWhole, spokenWith} from "./choose.js";
import type {Part, Spoken} from "./choose.js";
import {partOf} from "./marks.js";
import {blamed, fillOf, offersAmong} from "./offers.js";
import type {Offer} from "./offers.js";
import type {LayOffParts} from "./parts.js";
import type {Wanted} from "./wire.js";

const CLOSE_OUT = new Interface(CLOSE_OUT_ABI);
const ANY_PRICE = (1n << 255n) - 1n;
const ANY_GAIN = -(1n << 255n);
/** How often a plan is made again without the quotes that it failed on. */
const MOST_TRIES = 6;
/** Makers are asked for a little more than is there now, because slices grow. */
const ASKED_E18 = ONE_E18 + ONE_E18 / 20n;
/** Bytes that the data fee of a take is reckoned for: selector, five words and an empty list. */
const TAKE_BYTES = 196n;
const TERMS =
    "tuple(uint256 fractionE18, int256 equityE18, uint256 maintenanceE18, int256 priceE18, uint256 discountE18)";

/** A slice as it would be laid off; sizes are what the keeper would trade. */
type Slice = {
    readonly candidate: Candidate;
    readonly fractionE18: bigint;
    readonly book: Book;
};

type Plan = {readonly maxFractionE18: bigint; readonly parts: readonly Part[]};

/** Positions of a part of a book, turned around: sizes are cut as the clearinghouse cuts them. */
function legsOf({positions}: Pick<Book, "positions">, fractionE18: bigint): readonly Wanted[] {
    return positions.flatMap(({instrument, sizeE18}) => {
        const partE18 = mulDivDown(abs(sizeE18), fractionE18, ONE_E18);
        if (partE18 === 0n) return [];
        return [{instrument: instrument as InstrumentId, sizeE18: sizeE18 > 0n ? -partE18 : partE18}];
    });
}

const underlyingsOf = ({positions}: Book): Set<number> =>
    new Set(positions.map(({instrument}) => decodeInstrument(instrument).underlying));

/** What has expired turns into cash on the way, if its price is known; nobody quotes it. */
const isAlive = ({positions}: Book, nowSeconds: bigint): boolean =>
    positions.every(({instrument}) => {
        const {expiry} = decodeInstrument(instrument);
        return expiry === 0 || BigInt(expiry) > nowSeconds;
    });

/** Closings that pay, those with the greatest discount first at the quotes. */
export async function planClosings(
    candidates: readonly Candidate[],
    market: Market,
    parts: LayOffParts,
): Promise<readonly Closing[]> {
    const slices = await slicesOf(candidates, market, parts);
    if (slices.length === 0) return [];
    const {blockNumber, nowSeconds} = market;
    const wanted = asked(slices);
    const heard = await parts.makers({...parts.names, account: parts.account, legs: wanted});
    const offers = await offersAmong(heard, {wanted, blockNumber, nowSeconds}, parts.offering);
    const closings: Closing[] = [];
    let spoken: Spoken = new Map();
    for (const slice of slices) {
        const found = await close(slice, offers, {market, spoken, parts});
        if (found === undefined) continue;
        closings.push(found.closing);
        spoken = spokenWith(spoken, found.plan.parts);
    }
    return closings;
}

async function slicesOf(candidates: readonly Candidate[], market: Market, parts: LayOffParts): Promise<Slice[]> {
    const {account, reader} = parts;
    const sales = candidates
        .flatMap((candidate) => {
            const sale = onSale(candidate, market, {account});
            return sale === undefined ? [] : [{candidate, ...sale}];
        })
        .sort((a, b) => (a.costE18 === b.costE18 ? 0 : a.costE18 > b.costE18 ? -1 : 1));
    if (sales.length === 0) return [];
    // Cash shows no gain while the keeper has a position of his own in an underlying: his figure stays open, or is closed with it.
    const own = underlyingsOf(await reader.book(account, market.blockNumber));
    const slices = await Promise.all(
        sales.map(async ({candidate, fractionE18}) => {
            const book = await reader.book(candidate.account, market.blockNumber);
            return {candidate, fractionE18, book};
        }),
    );
    return slices.filter(
        ({book}) =>
            book.positions.length > 0 &&
            isAlive(book, market.nowSeconds) &&
            ![...underlyingsOf(book)].some((underlying) => own.has(underlying)),
    );
}

/** What is asked of makers: all slices together, long and short ones of an instrument the one that is larger. */
function asked(slices: readonly Slice[]): readonly Wanted[] {
    const sums = new Map<InstrumentId, {buyE18: bigint; sellE18: bigint}>();
    for (const {book, fractionE18} of slices) {
        for (const {instrument, sizeE18} of legsOf(book, fractionE18)) {
            const sum = sums.get(instrument) ?? {buyE18: 0n, sellE18: 0n};
            sums.set(instrument, sum);
            if (sizeE18 > 0n) sum.buyE18 += sizeE18;
            else sum.sellE18 += sizeE18;
        }
    }
    const more = (sizeE18: bigint): bigint => mulDivUp(sizeE18, ASKED_E18, ONE_E18);
    return [...sums].map(([instrument, {buyE18, sellE18}]) => ({
        instrument,
        sizeE18: buyE18 > -sellE18 ? more(buyE18) : -more(-sellE18),
    }));
}

/** Offers for all legs of a slice, or for the same part of all of them. */
function planOf({book, fractionE18, candidate}: Slice, offers: readonly Offer[], spoken: Spoken): Plan | undefined {
    const others = offers.filter(({signed}) => signed.quote.maker !== candidate.account);
    const cover = (legs: readonly Wanted[]): readonly Part[] | undefined => {
        const own = legs.map((leg) => coverWhole(leg, sidesOf(leg, others), spoken));
        return own.every((one) => one !== undefined) ? own.flat() : undefined;
    };
    const legs = legsOf(book, fractionE18);
    if (legs.length === 0) return undefined;
    const whole = cover(legs);
    if (whole !== undefined) return {maxFractionE18: ONE_E18, parts: whole};
    const partE18 = coveredE18(legs, others, spoken);
    const maxFractionE18 = mulDivDown(fractionE18, partE18, ONE_E18);
    const less = legsOf(book, maxFractionE18);
    const rest = less.length === legs.length ? cover(less) : undefined;
    return rest === undefined ? undefined : {maxFractionE18, parts: rest};
}

/** Makers may be asked for one side of an instrument while a slice needs the other. */
const sidesOf = ({sizeE18}: Wanted, offers: readonly Offer[]): readonly Offer[] =>
    offers.filter(({signed}) => signed.quote.legs.every((leg) => leg.sizePerUnitE18 > 0n !== sizeE18 > 0n));

type Setting = {readonly market: Market; readonly spoken: Spoken; readonly parts: LayOffParts};
type Found = {readonly closing: Closing; readonly plan: Plan};

/** Tries a slice on the block; quotes that it fails on are left out and it is planned again. */
async function close(slice: Slice, offers: readonly Offer[], setting: Setting): Promise<Found | undefined> {
    const {account} = slice.candidate;
    const {log} = setting.parts;
    let left = offers;
    for (let tries = MOST_TRIES; tries > 0; --tries) {
        const plan = planOf(slice, left, setting.spoken);
        if (plan === undefined) return undefined;
        try {
            const closing = await tried(account, plan, setting);
            return closing === undefined ? undefined : {closing, plan};
        } catch (error) {
            if (!isRevert(error)) throw error;
            const data = revertDataOf(error) ?? "0x";
            log("close_out_refused", {account, reason: decodeError(data)?.name ?? data});
            const guilty = blamed(
                error,
                plan.parts.map(({offer}) => offer),
            );
            if (guilty.length === 0) return undefined;
            left = left.filter(({digest}) => !guilty.some((one) => one.digest === digest));
        }
    }
    return undefined;
}

/** What a closing gains on the block, less its gas; undefined if that is less than is wanted. */
async function tried(account: AccountId, plan: Plan, setting: Setting): Promise<Closing | undefined> {
    const {market, parts} = setting;
    const {provider, from} = parts.offering;
    const fills = plan.parts.map(({offer, unitsE18, isRest}) => fillOf(offer, parts.account, isRest ? 0n : unitsE18));
    const order = {
        account,
        keeper: parts.account,
        maxFractionE18: plan.maxFractionE18,
        maxPriceE18: ANY_PRICE,
        minGainE18: ANY_GAIN,
        fills,
    };
    const call = {to: parts.closeOut, data: encodeClosing(order), from};
    const result = await provider.call({...call, blockTag: market.blockNumber});
    const [, gainE18] = AbiCoder.defaultAbiCoder().decode([TERMS, "int256"], result) as unknown as [unknown, bigint];
    const dataWei = mulDivUp(market.dataFees.takeWei, BigInt(dataLength(call.data)), TAKE_BYTES);
    const expenseE18 = costOf({gas: await provider.estimateGas(call), dataWei}, market);
    const leastE18 = expenseE18 + parts.minProfitE18;
    if (gainE18 < leastE18) {
        parts.log("close_out_too_dear", {account, gainE18, expenseE18});
        return undefined;
    }
    // What moves until it is in a block may take a part of the gain, but never so much that gas is not earned.
    const minGainE18 = max(gainE18 - partOf(gainE18, parts.gainSlackBps), leastE18);
    return {kind: "close_out", account, profitE18: gainE18 - expenseE18, gainE18, order: {...order, minGainE18}};
}

/** The call that a closing is. */
export const encodeClosing = (order: ICloseOut.OrderStruct): string =>
    CLOSE_OUT.encodeFunctionData("closeOut", [order]);
