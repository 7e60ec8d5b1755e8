/** The twin at work: reads books from the chain and asks the twin, not the chain, what they need. */
import type {Parameters as Deployed} from "../../deploy/parameters/index.js";
import {bookFrom} from "../chain/snapshot.js";
import {parseE18} from "../sdk/index.js";
import {mulDivFloor} from "../sdk/math/index.js";
import {assessBook, defaultGrid, report} from "../sdk/risk/index.js";
import type {
    Assessment,
    Book,
    ExpiryQuote,
    Market,
    Question,
    Report,
    RiskParameters,
    UnderlyingQuote,
} from "../sdk/risk/index.js";
import type {DemoMarket} from "./market.js";
import type {World} from "./world.js";

/** The risk contract's parameters, from the file that it was deployed with. */
export function riskParameters({risk, vault}: Deployed): RiskParameters {
    const underlyings = risk.underlyings.map(
        (one): [number, ReturnType<RiskParameters["underlyings"]["get"]> & object] => [
            one.id,
            {
                grid: defaultGrid(one.priceRange),
                params: {
                    group: one.group,
                    volUpE18: one.volUp,
                    volDownE18: one.volDown,
                    volFloorUpE18: one.volFloorUp,
                    volFloorDownE18: one.volFloorDown,
                    powerShortE18: one.powerShort,
                    powerLongE18: one.powerLong,
                    rollMinE18: one.rollMin,
                    rollYearE18: one.rollYear,
                    floorNetE18: one.floorNet,
                    floorHedgedE18: one.floorHedged,
                    floorShortE18: one.floorShort,
                    spreadE18: one.spread,
                    impactE18: one.impact,
                    sigmaDayE18: one.sigmaDay,
                    advE18: one.averageDailyVolume,
                    oiLowerE18: one.openInterestLower,
                    oiUpperE18: one.openInterestUpper,
                    rangeE18: one.priceRange,
                },
            },
        ],
    );
    const assets = vault.assets.map((one, assetId): [number, ReturnType<RiskParameters["assets"]["get"]> & object] => [
        assetId,
        {underlying: one.underlying, feedId: one.feedId, weightE18: one.weight, sizeE18: one.size},
    ]);
    return {
        underlyings: new Map(underlyings),
        blendsE18: new Map(risk.groups.map(({id, blend}) => [id, blend])),
        assets: new Map(assets),
        global: {
            initialRatioE18: risk.initialRatio,
            reserveBaseE18: risk.reserveBase,
            reservePerPositionE18: risk.reservePerPosition,
            settlementFeedId: risk.settlementFeedId,
        },
    };
}

async function quoteOf(world: World, market: DemoMarket, underlying: number): Promise<UnderlyingQuote> {
    const {clearinghouse} = world.ballast;
    const spotE18 = market.spotE18(underlying);
    const [markE18, fundingE18] = await clearinghouse.perpMark(underlying, spotE18);
    const openInterestE18 = await clearinghouse.openInterestE18(underlying);
    const expiries = market.surfaces(underlying).map(([expiry, surface]): [number, ExpiryQuote] => [
        expiry,
        {
            forwardNumeratorE18: surface.forwardRatioE18,
            forwardDenominatorE18: parseE18("1"),
            discountE18: surface.discountE18,
            vol: {smile: surface, publishedAt: surface.publishedAt},
        },
    ]);
    const settlements = new Map<number, bigint>();
    for (const expiry of market.expiries) {
        const settledE18 = await clearinghouse.settlementPriceE18(underlying, expiry);
        if (settledE18 > 0n) settlements.set(expiry, settledE18);
    }
    return {markE18, fundingE18, openInterestE18, expiries: new Map(expiries), settlements};
}

export class Mirror {
    readonly #world: World;
    readonly #market: DemoMarket;
    readonly #parameters: RiskParameters;
    #state: Market | undefined;

    constructor(world: World, market: DemoMarket, deployed: Deployed) {
        this.#world = world;
        this.#market = market;
        this.#parameters = riskParameters(deployed);
    }

    /** Takes in what the market is now; everything asked afterwards is answered on this. */
    async refresh(): Promise<void> {
        const block = await this.#world.provider.getBlock("latest");
        const one = parseE18("1");
        const underlyings = new Map<number, UnderlyingQuote>();
        for (const id of [1, 2]) underlyings.set(id, await quoteOf(this.#world, this.#market, id));
        const pricesE18 = new Map([
            [1, this.#market.spotE18(1)],
            [2, this.#market.spotE18(2)],
            [1000, one],
            [1001, one],
        ]);
        this.#state = {now: block?.timestamp ?? 0, pricesE18, underlyings};
    }

    async bookOf(account: string): Promise<Book> {
        return bookFrom(await this.#world.ballast.marginLens.bookOf(account));
    }

    assess(book: Book): Assessment {
        return assessBook(this.#question(book));
    }

    /** The same with other spot prices; perpetuals move in proportion. */
    assessAt(book: Book, spotsE18: ReadonlyMap<number, bigint>): Assessment {
        const {market, ...question} = this.#question(book);
        const underlyings = new Map(market.underlyings);
        for (const [id, spotE18] of spotsE18) {
            const quote = underlyings.get(id);
            const writtenE18 = market.pricesE18.get(id);
            if (quote === undefined || writtenE18 === undefined) continue;
            underlyings.set(id, {...quote, markE18: mulDivFloor(quote.markE18, spotE18, writtenE18)});
        }
        const pricesE18 = new Map([...market.pricesE18, ...spotsE18]);
        return assessBook({...question, market: {...market, pricesE18, underlyings}});
    }

    report(book: Book): Report {
        return report(this.#question(book));
    }

    #question(book: Book): Question {
        if (this.#state === undefined) throw new Error("The mirror has not seen the market yet");
        return {book, market: this.#state, parameters: this.#parameters};
    }
}
