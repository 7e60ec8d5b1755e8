/** What the trade twin needs to know, read from the chain at its latest block. */
import type {NetworkConnection} from "hardhat/types/network";

import {parametersOf} from "../../../../deploy/parameters/index.js";
import {bookFrom} from "../../../../scripts/chain/snapshot.js";
import {riskParameters} from "../../../../scripts/demo/mirror.js";
import type {ExpiryQuote, UnderlyingQuote} from "../../../../scripts/sdk/risk/index.js";
import {NOBODY} from "../../../../scripts/sdk/trade/index.js";
import type {Holder, Terms, TradeQuestion} from "../../../../scripts/sdk/trade/index.js";
import {BTC, E18, ETH, TAKER} from "./fixture.js";
import type {Sides, TradeWorld} from "./fixture.js";

const UNDERLYINGS = [BTC, ETH];
const SETTLEMENT_FEED = 1_000;
const STABLE_FEED = 1_001;

async function quoteOf(
    {all, deployment, expiries: dates}: TradeWorld,
    underlying: number,
    connection: NetworkConnection,
) {
    const oracle = await connection.ethers.getContractAt("SurfaceOracle", deployment.contracts.surfaceOracle);
    const [markE18, fundingE18] = await all.clearinghouse.perpMark(underlying, await all.priceOracle.price(underlying));
    const expiries = new Map<number, ExpiryQuote>();
    const settlements = new Map<number, bigint>();
    for (const expiry of Object.values(dates)) {
        const surface = await oracle.lastSurface(underlying, expiry);
        expiries.set(expiry, {
            forwardNumeratorE18: surface.forwardRatioE18,
            forwardDenominatorE18: E18,
            discountE18: surface.discountE18,
            vol: {
                smile: {
                    aE18: surface.aE18,
                    bE18: surface.bE18,
                    rhoE18: surface.rhoE18,
                    mE18: surface.mE18,
                    sigmaE18: surface.sigmaE18,
                },
                publishedAt: Number(surface.publishedAt),
            },
        });
        const settledE18 = await all.clearinghouse.settlementPriceE18(underlying, expiry);
        if (settledE18 !== 0n) settlements.set(expiry, settledE18);
    }
    const openInterestE18 = await all.clearinghouse.openInterestE18(underlying);
    const quote: UnderlyingQuote = {markE18, fundingE18, openInterestE18, expiries, settlements};
    return [underlying, quote] as const;
}

async function termsOf({all}: TradeWorld, isTradable: Terms["isTradable"]): Promise<Terms> {
    const {clearinghouse, vault} = all;
    const {supplyIndexE27, borrowIndexE27} = await vault.cashTotals();
    const perps: [number, {premiumE18: bigint; sampledAt: bigint}][] = [];
    const caps: [number, bigint][] = [];
    for (const underlying of UNDERLYINGS) {
        const {premiumE18, sampledAt} = await clearinghouse.perpState(underlying);
        perps.push([underlying, {premiumE18, sampledAt}]);
        caps.push([underlying, (await clearinghouse.listing(underlying)).openInterestCapE18]);
    }
    const {linearE18, optionE18, optionCapE18} = await clearinghouse.fees();
    const {maxPremiumE18, averageSeconds, sampleNotionalE18} = await clearinghouse.fundingParams();
    return {
        fees: {linearE18, optionE18, optionCapE18},
        funding: {maxPremiumE18, averageSeconds, sampleNotionalE18},
        perps: new Map(perps),
        openInterestCapsE18: new Map(caps),
        openingPaused: await clearinghouse.openingPaused(),
        isTradable,
        supplyIndexE27,
        borrowIndexE27,
    };
}

async function holderOf({all, ids}: TradeWorld, index: number): Promise<Holder> {
    const id = ids[index];
    if (id === undefined) return NOBODY;
    return {principal: await all.vault.principalOf(id), book: bookFrom(await all.marginLens.bookOf(id))};
}

/** A question about the latest block. Every instrument that is asked about has to be among those named tradable. */
export async function questionOf(
    connection: NetworkConnection,
    world: TradeWorld,
    {account, counterparty, role = TAKER}: Sides,
    isTradable: Terms["isTradable"] = () => true,
): Promise<TradeQuestion> {
    const prices = await Promise.all(
        [...UNDERLYINGS, SETTLEMENT_FEED, STABLE_FEED].map(
            async (feed) => [feed, await world.all.priceOracle.price(feed)] as const,
        ),
    );
    const quotes = await Promise.all(UNDERLYINGS.map((underlying) => quoteOf(world, underlying, connection)));
    return {
        account: await holderOf(world, account),
        counterparty: await holderOf(world, counterparty),
        role: role === TAKER ? "TAKER" : "MAKER",
        market: {
            now: await connection.networkHelpers.time.latest(),
            pricesE18: new Map(prices),
            underlyings: new Map(quotes),
        },
        parameters: riskParameters(parametersOf("local")),
        terms: await termsOf(world, isTradable),
    };
}
