/** Lays off what the keeper holds: quotes near the mark that bring his positions closer to zero, until there are none. */
import {Interface} from "ethers";

import {expiriesOf} from "../../chain/snapshot.js";
import type {Snapshot} from "../../chain/snapshot.js";
import {isRevert, revertDataOf} from "../../chain/reverts.js";
import {CLEARINGHOUSE_ABI} from "../../sdk/abi/Clearinghouse.js";
import {decodeError} from "../../sdk/errors.js";
import {decodeInstrument} from "../../sdk/instruments.js";
import type {InstrumentId} from "../../sdk/instruments.js";
import {mulDown, mulUp, sum} from "../../sdk/math/index.js";
import {costOf} from "../strategy.js";
import type {Market} from "../strategy.js";
import {coverMost} from "./choose.js";
import type {Part} from "./choose.js";
import {markOf, reachE18} from "./marks.js";
import {blamed, fillOf, isBetter, offersAmong} from "./offers.js";
import type {Offer} from "./offers.js";
import type {HedgeParts} from "./parts.js";
import type {Wanted} from "./wire.js";

const CLEARINGHOUSE = new Interface(CLEARINGHOUSE_ABI);
/** How often a plan is made again without the quotes that it failed on. */
const MOST_TRIES = 6;

/** Fills of several quotes that the keeper's account is hedged by. */
export type Hedge = {
    readonly call: {readonly to: string; readonly data: string};
    readonly fills: number;
    /** What the fills are worse than the marks, and their gas; USD, 18 decimals. */
    readonly slippageE18: bigint;
    readonly expenseE18: bigint;
};

/** Undefined while there is nothing to lay off, or nobody to whom at a price inside the band. */
export async function planHedge(market: Market, parts: HedgeParts): Promise<Hedge | undefined> {
    const {account, reader, band} = parts;
    const {blockNumber, nowSeconds} = market;
    const {positions} = await reader.book(account, blockNumber);
    const wanted = positions
        .filter(({instrument}) => isOpen(instrument, nowSeconds))
        .map(({instrument, sizeE18}): Wanted => ({instrument: instrument as InstrumentId, sizeE18: -sizeE18}));
    if (wanted.length === 0) return undefined;
    const snapshot = await reader.snapshot(expiriesOf(wanted.map(({instrument}) => instrument)), blockNumber);
    const heard = await parts.makers({...parts.names, account, legs: wanted});
    const isFair = (instrument: bigint, priceE18: bigint): boolean => {
        const markE18 = markOf(snapshot, instrument);
        const leg = wanted.find((one) => one.instrument === instrument);
        if (markE18 === undefined || leg === undefined) return false;
        const reach = reachE18(instrument, markE18, band);
        return !isBetter(leg.sizeE18, leg.sizeE18 > 0n ? markE18 + reach : markE18 - reach, priceE18);
    };
    let offers = await offersAmong(heard, {wanted, blockNumber, nowSeconds, isFair}, parts.offering);
    for (let tries = MOST_TRIES; tries > 0; --tries) {
        const chosen = wanted.flatMap((leg) => coverMost(leg, offers));
        if (chosen.length === 0) return undefined;
        try {
            return await tried(chosen, {market, snapshot, wanted}, parts);
        } catch (error) {
            if (!isRevert(error)) throw error;
            const data = revertDataOf(error) ?? "0x";
            parts.log("hedge_refused", {reason: decodeError(data)?.name ?? data});
            const guilty = blamed(
                error,
                chosen.map(({offer}) => offer),
            );
            if (guilty.length === 0) return undefined;
            offers = offers.filter((offer: Offer) => !guilty.includes(offer));
        }
    }
    return undefined;
}

function isOpen(instrument: bigint, nowSeconds: bigint): boolean {
    const {expiry} = decodeInstrument(instrument);
    return expiry === 0 || BigInt(expiry) > nowSeconds;
}

type Setting = {readonly market: Market; readonly snapshot: Snapshot; readonly wanted: readonly Wanted[]};

/** Gas counts into the band: quotes of next to nothing must not wear the keeper down. */
async function tried(
    chosen: readonly Part[],
    {market, snapshot, wanted}: Setting,
    {offering, account, band, log}: HedgeParts,
): Promise<Hedge | undefined> {
    const {provider, clearinghouse: to, from} = offering;
    const fills = chosen.map(({offer, unitsE18}) => fillOf(offer, account, unitsE18));
    const call = {to, data: CLEARINGHOUSE.encodeFunctionData("fillMany", [fills])};
    await provider.call({...call, from, blockTag: market.blockNumber});
    const expenseE18 = costOf(
        {gas: await provider.estimateGas({...call, from}), dataWei: market.dataFees.takeWei},
        market,
    );
    const figures = chosen.map(({offer: {instrument, priceE18}, unitsE18}) => {
        const markE18 = markOf(snapshot, instrument) ?? 0n;
        const buys = wanted.some((leg) => leg.instrument === instrument && leg.sizeE18 > 0n);
        return {
            slippageE18: mulUp(unitsE18, buys ? priceE18 - markE18 : markE18 - priceE18),
            mostE18: mulDown(unitsE18, reachE18(instrument, markE18, band)),
        };
    });
    const slippageE18 = sum(figures.map((one) => one.slippageE18));
    if (slippageE18 + expenseE18 > sum(figures.map(({mostE18}) => mostE18))) {
        log("hedge_too_dear", {slippageE18, expenseE18});
        return undefined;
    }
    return {call, fills: fills.length, slippageE18, expenseE18};
}
