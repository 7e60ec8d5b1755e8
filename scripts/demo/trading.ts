/** Orders become signed quotes of the market maker, and quotes become fills. */
import type {HDNodeWallet} from "ethers";

import {
    accountId,
    buildQuote,
    decodeInstrument,
    explainError,
    ONE_E18,
    parseE18,
    price,
    quoteDomain,
    signQuote,
    size,
    units,
} from "../sdk/index.js";
import type {AccountId, InstrumentId, Quote} from "../sdk/index.js";
import {abs, mulDivDown, mulDown} from "../sdk/math/index.js";
import type {Order} from "./cast.js";
import type {DemoMarket} from "./market.js";
import type {World} from "./world.js";

/** What the maker earns on each side: linear instruments in fractions of the price, options too. */
const LINEAR_SPREAD_E18 = parseE18("0.0004");
const OPTION_SPREAD_E18 = parseE18("0.01");
/** Smallest premium anybody signs for. */
const LEAST_PRICE = parseE18("0.01");
const MAX_LEGS = 8;
const QUOTE_LIFE = 600;
const SEARCH_STEPS = 12;

export type Party = {readonly id: string; readonly wallet: HDNodeWallet; readonly account: AccountId};

export const partyOf = (id: string, wallet: HDNodeWallet): Party => ({id, wallet, account: accountId(wallet.address)});

/** Orders of one instrument added up, without those that cancel out. */
function merged(orders: readonly Order[]): Order[] {
    const sizes = new Map<InstrumentId, bigint>();
    for (const {instrument, sizeE18} of orders) sizes.set(instrument, (sizes.get(instrument) ?? 0n) + sizeE18);
    return [...sizes].filter(([, sizeE18]) => sizeE18 !== 0n).map(([instrument, sizeE18]) => ({instrument, sizeE18}));
}

export class Desk {
    readonly #world: World;
    readonly #market: DemoMarket;
    readonly #maker: Party;
    #nonce = 0n;
    /** Premium at which perpetuals trade, by underlying: what funding follows. */
    premiumE18 = 0n;

    constructor(world: World, market: DemoMarket, maker: Party) {
        this.#world = world;
        this.#market = market;
        this.#maker = maker;
    }

    /** Price for a taker who buys (positive size) or sells. */
    #priceFor({instrument, sizeE18}: Order): bigint {
        const {kind} = decodeInstrument(instrument);
        const linear = kind === "PERP" || kind === "FUTURE";
        const fairE18 = this.#market.fairE18(instrument);
        const middleE18 = kind === "PERP" ? mulDown(fairE18, ONE_E18 + this.premiumE18) : fairE18;
        const spreadE18 = mulDown(middleE18, linear ? LINEAR_SPREAD_E18 : OPTION_SPREAD_E18);
        const quotedE18 = sizeE18 > 0n ? middleE18 + spreadE18 : middleE18 - spreadE18;
        return quotedE18 < LEAST_PRICE ? LEAST_PRICE : quotedE18;
    }

    async #quote(orders: readonly Order[], taker: AccountId, now: number): Promise<Quote> {
        const legs = orders.map((order) => ({
            instrument: order.instrument,
            sizePerUnitE18: size(-order.sizeE18),
            priceE18: price(this.#priceFor(order)),
        }));
        const nonce = this.#nonce++;
        const epoch = await this.#world.ballast.clearinghouse.epochOf(this.#maker.account);
        const unitsE18 = units(ONE_E18);
        return buildQuote({
            maker: this.#maker.account,
            taker,
            legs,
            unitsE18,
            nonce,
            epoch,
            deadline: now + QUOTE_LIFE,
        });
    }

    async #fill(taker: Party, orders: readonly Order[], attempt: "try" | "send" = "send"): Promise<void> {
        const {deployment, provider} = this.#world;
        const block = await provider.getBlock("latest");
        const quote = await this.#quote(orders, taker.account, block?.timestamp ?? 0);
        const domain = quoteDomain(BigInt(deployment.chainId), deployment.contracts.clearinghouse);
        const {signer, signature} = await signQuote(this.#maker.wallet, domain, quote);
        const terms = {quote: {...quote, legs: [...quote.legs]}, signer, signature, taker: taker.account};
        const fill = {...terms, unitsE18: ONE_E18};
        const {clearinghouse} = this.#world.as(taker.wallet);
        if (attempt === "try") await clearinghouse.fill.staticCall(fill);
        else await this.#world.done(clearinghouse.fill(fill, this.#world.gas()));
    }

    /** Trades with the maker, eight legs at a time. */
    async trade(taker: Party, orders: readonly Order[]): Promise<void> {
        const wanted = merged(orders);
        for (let at = 0; at < wanted.length; at += MAX_LEGS) await this.#fill(taker, wanted.slice(at, at + MAX_LEGS));
    }

    /** The same at the largest multiple that initial margin allows; returns the multiple. */
    async tradeLargest(taker: Party, orders: readonly Order[], most: bigint): Promise<bigint> {
        let low = 0n;
        let high = most;
        const fits = async (multiple: bigint): Promise<boolean> => {
            try {
                await this.#fill(taker, scale(orders, multiple), "try");
                return true;
            } catch (error) {
                if (explainError(error) !== undefined) return false;
                throw error;
            }
        };
        for (let step = 0; step < SEARCH_STEPS; step++) {
            const middle = (low + high) >> 1n;
            if (await fits(middle)) low = middle;
            else high = middle;
        }
        await this.trade(taker, scale(orders, low));
        return low;
    }

    /** Turns all positions of an account into nothing. */
    async close(taker: Party): Promise<boolean> {
        const [positions] = await this.#world.ballast.clearinghouse.positionsOf(taker.account);
        const now = (await this.#world.provider.getBlock("latest"))?.timestamp ?? 0;
        const orders = positions
            .map(({instrument, sizeE18}) => ({instrument: instrument as InstrumentId, sizeE18: -sizeE18}))
            .filter(({instrument}) => {
                const {expiry} = decodeInstrument(instrument);
                return expiry === 0 || expiry > now;
            });
        await this.trade(taker, orders);
        return orders.length > 0;
    }
}

function scale(orders: readonly Order[], multipleE18: bigint): Order[] {
    return orders.map(({instrument, sizeE18}) => {
        const scaled = mulDivDown(abs(sizeE18), multipleE18, ONE_E18);
        return {instrument, sizeE18: sizeE18 < 0n ? -scaled : scaled};
    });
}
