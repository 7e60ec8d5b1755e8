/** Random markets, parameters and books for the risk engine and its twin. */
import {future, option, perp} from "../../scripts/sdk/instruments.js";
import {abs, mulDivFloor, mulDown} from "../../scripts/sdk/math/index.js";
import {
    defaultFigures,
    defaultGrid,
    MARGIN_MODELS,
    scenarioOf,
    underlyingParams,
} from "../../scripts/sdk/risk/index.js";
import type {
    AssetParams,
    Book,
    ExpiryQuote,
    GlobalParams,
    Market,
    Position,
    RiskParameters,
    Scenario,
    svi,
    UnderlyingParams,
    UnderlyingQuote,
    Witness,
} from "../../scripts/sdk/risk/index.js";
import {ONE_E18, parseE18} from "../../scripts/sdk/units.js";
import type {Random} from "./bits.js";

export const UNDERLYINGS = [1, 2, 3] as const;
export const SETTLEMENT_FEED = 1000;
const STABLE_FEED = 1001;
const CENT = ONE_E18 / 100n;
const SPOTS: Readonly<Record<number, bigint>> = {1: parseE18("70000"), 2: parseE18("2500"), 3: parseE18("0.35")};

/** What the contracts are told about an expiry. */
export type Surface = svi.Smile & {
    readonly publishedAt: number;
    readonly forwardRatioE18: bigint;
    readonly discountE18: bigint;
};

export type World = {
    readonly market: Market;
    readonly parameters: RiskParameters;
    /** By underlying and expiry, as the surface oracle keeps them. */
    readonly surfaces: ReadonlyMap<number, ReadonlyMap<number, Surface>>;
    readonly markRatiosE18: ReadonlyMap<number, bigint>;
};

/** A default figure times 0 to 2. */
const around = (random: Random, text: string): bigint =>
    mulDivFloor(parseE18(text), random.between(0n, 2n * ONE_E18), ONE_E18);

function paramsOf(random: Random, underlying: number): UnderlyingParams {
    const figures = defaultFigures(underlying === 1 ? "BTC" : "ETH");
    const drawn = Object.fromEntries(
        Object.entries(figures).map(([name, text]) => [name, around(random, text)]),
    ) as Record<keyof typeof figures, bigint>;
    // The third underlying is a group of its own.
    return underlyingParams(underlying === 3 ? 7 : 1, {
        ...drawn,
        volDown: drawn.volDown % ONE_E18,
        volFloor: drawn.volFloor + CENT,
        volFloorDown: CENT,
        adv: drawn.adv + 1_000n * ONE_E18,
        oiUpper: drawn.oiLower + drawn.oiUpper + 1n,
        priceRange: drawn.priceRange + CENT,
    });
}

/** The default list, or one of any moves with any states of volatility. */
function gridsOf(random: Random): (underlying: number) => Scenario[] {
    if (random.below(2n) === 0n) return () => defaultGrid(random.between(5n * CENT, 30n * CENT));
    const count = Number(random.between(1n, 12n));
    return () =>
        Array.from({length: count}, () =>
            scenarioOf(
                random.between(-90n * CENT, 300n * CENT),
                random.pick(["FLAT", "UP", "DOWN"]),
                random.between(1n, ONE_E18),
            ),
        );
}

function smileOf(random: Random): svi.Smile {
    return {
        aE18: random.between(0n, 10n * CENT),
        bE18: random.between(0n, 30n * CENT),
        rhoE18: random.between(-90n * CENT, 90n * CENT),
        mE18: random.between(-20n * CENT, 20n * CENT),
        sigmaE18: random.between(1n, 40n * CENT),
    };
}

/** Expiries past and to come, seconds and years away. */
const expiriesOf = (random: Random, now: number): number[] =>
    [-500_000n, -3n, 0n, 1n, 40_000n, 700_000n, 2_600_000n, 30_000_000n].map(
        (seconds) => now + Number(seconds === 0n ? 0n : seconds + random.below(abs(seconds))),
    );

const toQuote = ({forwardRatioE18, discountE18, publishedAt, ...smile}: Surface): ExpiryQuote => ({
    forwardNumeratorE18: forwardRatioE18,
    forwardDenominatorE18: ONE_E18,
    discountE18,
    vol: {smile, publishedAt},
});

export function worldOf(random: Random, now: number): World {
    const gridOf = gridsOf(random);
    const surfaces = new Map<number, Map<number, Surface>>();
    const markRatiosE18 = new Map<number, bigint>();
    const quotes = new Map<number, UnderlyingQuote>();
    const pricesE18 = new Map([
        [SETTLEMENT_FEED, random.between(97n * CENT, 102n * CENT)],
        [STABLE_FEED, random.between(97n * CENT, 102n * CENT)],
    ]);
    for (const underlying of UNDERLYINGS) {
        const spotE18 = mulDown(SPOTS[underlying] ?? ONE_E18, random.between(40n * CENT, 250n * CENT));
        const markRatioE18 = random.between(98n * CENT, 102n * CENT);
        const expiries = expiriesOf(random, now);
        const live = expiries.filter((expiry) => expiry > now);
        const published = new Map(
            live.map((expiry) => [
                expiry,
                {
                    ...smileOf(random),
                    publishedAt: now - Number(random.below(7_200n)),
                    forwardRatioE18: random.between(95n * CENT, 106n * CENT),
                    discountE18: random.between(90n * CENT, 101n * CENT),
                },
            ]),
        );
        surfaces.set(underlying, published);
        markRatiosE18.set(underlying, markRatioE18);
        pricesE18.set(underlying, spotE18);
        quotes.set(underlying, {
            markE18: mulDown(spotE18, markRatioE18),
            fundingE18: random.signed(66),
            openInterestE18: random.magnitude(90),
            expiries: new Map([...published].map(([expiry, surface]) => [expiry, toQuote(surface)])),
            // The first expiry has its settlement price, the others that have passed are waiting for theirs.
            settlements: new Map(expiries.slice(0, 1).map((expiry) => [expiry, mulDown(spotE18, 103n * CENT)])),
        });
    }
    const asset = (underlying: number, feedId: number): AssetParams => ({
        underlying,
        feedId,
        weightE18: random.between(50n * CENT, ONE_E18),
        sizeE18: random.below(3n) === 0n ? 0n : random.below(10n ** 15n),
    });
    const global: GlobalParams = {
        initialRatioE18: random.between(50n * CENT, ONE_E18),
        reserveBaseE18: random.below(10n * ONE_E18),
        reservePerPositionE18: random.below(ONE_E18),
        settlementFeedId: SETTLEMENT_FEED,
    };
    return {
        market: {now, pricesE18, underlyings: quotes},
        parameters: {
            underlyings: new Map(
                UNDERLYINGS.map((one) => [one, {params: paramsOf(random, one), grid: gridOf(one)}] as const),
            ),
            blendsE18: new Map([
                [1, random.below(ONE_E18 / 2n)],
                [7, random.below(ONE_E18 / 2n)],
            ]),
            assets: new Map([
                [0, asset(2, 2)],
                [1, asset(1, 1)],
                [2, asset(0, STABLE_FEED)],
                [5, asset(2, 2)],
            ]),
            global,
        },
        surfaces,
        markRatiosE18,
    };
}

/** A strike around spot, on no grid. */
function strikeNear(random: Random, spotE18: bigint): bigint {
    const strikeE8 = mulDown(spotE18, random.between(30n * CENT, 300n * CENT)) / 10n ** 10n;
    return strikeE8 === 0n ? 1n : strikeE8;
}

function instrumentOf(random: Random, {market, surfaces}: World, underlying: number): bigint {
    const quote = market.underlyings.get(underlying);
    const spotE18 = market.pricesE18.get(underlying) ?? ONE_E18;
    const waiting = [market.now, market.now - 2];
    const expiries = [...(surfaces.get(underlying)?.keys() ?? []), ...(quote?.settlements.keys() ?? []), ...waiting];
    const expiry = random.pick(expiries);
    const kind = random.pick(["PERP", "FUTURE", "CALL", "PUT", "CALL", "PUT"] as const);
    if (kind === "PERP") return perp(underlying);
    if (kind === "FUTURE") return future(underlying, expiry);
    return option(kind, underlying, expiry, strikeNear(random, spotE18));
}

/** Sizes that make legs of like value on every underlying; now and then none. */
const sizeOf = (random: Random, spotE18: bigint): bigint =>
    random.below(20n) === 0n ? 0n : mulDivFloor(random.between(-100_000n, 100_000n) * ONE_E18, ONE_E18, spotE18);

export function bookOf(random: Random, world: World): Book {
    const positions = new Map<bigint, Position>();
    const count = random.pick([0, 1, 2, 4, 8, 16]);
    // Books that only buy, or that close each expiry with a spread, have a bounded loss.
    const onlyLong = random.below(4n) === 0n;
    for (let i = 0; i < count; i++) {
        const underlying = random.pick(UNDERLYINGS);
        const instrument = instrumentOf(random, world, underlying);
        const size = sizeOf(random, world.market.pricesE18.get(underlying) ?? ONE_E18);
        positions.set(instrument, {instrument, sizeE18: onlyLong ? abs(size) : size});
    }
    const collateral = [0, 1, 2, 5]
        .filter(() => random.below(3n) === 0n)
        .map((assetId) => ({assetId, unitsE18: random.below(4n) === 0n ? 0n : random.magnitude(75)}));
    return {
        model: random.pick(MARGIN_MODELS),
        cashE18: random.signed(80),
        collateral,
        quotes: UNDERLYINGS.filter(() => random.below(2n) === 0n).map((underlying) => ({
            underlying,
            quoteE18: random.signed(78),
        })),
        positions: [...positions.values()].sort((a, b) => (a.instrument < b.instrument ? -1 : 1)),
    };
}

/** Any scenarios of the grids of a book's underlyings and groups. */
export function witnessOf(random: Random, underlyings: number, groups: number, gridLength: number): Witness {
    const draw = (count: number): number[] =>
        Array.from({length: count}, () => Number(random.below(BigInt(gridLength))));
    return {own: draw(underlyings), joint: draw(groups)};
}
