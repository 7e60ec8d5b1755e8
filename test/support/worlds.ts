/** Random markets and parameters for the risk engine, its twin and the reference. */
import {abs, mulDivFloor, mulDown} from "../../scripts/sdk/math/index.js";
import {defaultFigures, defaultGrid, scenarioOf, underlyingParams, VOL_STATES} from "../../scripts/sdk/risk/index.js";
import type {
    AssetParams,
    ExpiryQuote,
    GlobalParams,
    Market,
    RiskParameters,
    Scenario,
    svi,
    UnderlyingParams,
    UnderlyingQuote,
} from "../../scripts/sdk/risk/index.js";
import {ONE_E18, parseE18} from "../../scripts/sdk/units.js";
import type {Random} from "./bits.js";

export const UNDERLYINGS = [1, 2, 3, 4] as const;
/** Two groups of two. */
const GROUP_OF: Readonly<Record<number, number>> = {1: 1, 2: 1, 3: 7, 4: 7};
const GROUPS = [1, 7] as const;
export const SETTLEMENT_FEED = 1000;
const STABLE_FEED = 1001;
const CENT = ONE_E18 / 100n;
const SPOTS: Readonly<Record<number, bigint>> = {
    1: parseE18("70000"),
    2: parseE18("2500"),
    3: parseE18("0.35"),
    4: parseE18("150"),
};
const YEAR = 365n * 86_400n;
/** As many as the contract takes. */
const MAX_SCENARIOS = 48n;

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
    return underlyingParams(GROUP_OF[underlying] ?? 0, {
        ...drawn,
        volDown: drawn.volDown % ONE_E18,
        volFloor: drawn.volFloor + CENT,
        volFloorDown: CENT,
        adv: drawn.adv + 1_000n * ONE_E18,
        oiUpper: drawn.oiLower + drawn.oiUpper + 1n,
        priceRange: drawn.priceRange + CENT,
    });
}

function shuffled<T>(random: Random, items: readonly T[]): T[] {
    const keyed = items.map((item) => ({item, key: random.below(ONE_E18)}));
    return keyed.sort((a, b) => (a.key < b.key ? -1 : 1)).map(({item}) => item);
}

/** The default list, the same in any order, or any moves with any states of volatility. */
function gridsOf(random: Random): () => Scenario[] {
    const list = (): Scenario[] => defaultGrid(random.between(5n * CENT, 30n * CENT));
    const form = random.below(4n);
    if (form <= 1n) return list;
    if (form === 2n) return () => shuffled(random, list());
    const count = Number(random.between(1n, MAX_SCENARIOS));
    const least = random.pick([-99n, -90n, -30n]) * CENT;
    const most = random.pick([30n, 300n, 900n]) * CENT;
    return () =>
        Array.from({length: count}, () =>
            scenarioOf(random.between(least, most), random.pick(VOL_STATES), random.between(1n, ONE_E18)),
        );
}

/** Mostly an annual volatility of 5 % to 400 %, spread over orders of magnitude; now and then any total variance at all. */
function smileOf(random: Random, seconds: bigint): svi.Smile {
    const wings = {
        rhoE18: random.between(-90n * CENT, 90n * CENT),
        mE18: random.between(-20n * CENT, 20n * CENT),
        sigmaE18: random.between(1n, 40n * CENT),
    };
    if (random.below(4n) === 0n) {
        return {...wings, aE18: random.between(0n, 10n * CENT), bE18: random.between(0n, 30n * CENT)};
    }
    const vol = Math.exp(Math.log(0.05) + Math.log(80) * (Number(random.below(1_000_000n)) / 1e6));
    const volE18 = BigInt(Math.round(vol * 1e9)) * 10n ** 9n;
    // Variance must fit the 64 bits of a surface.
    const varianceE18 = mulDivFloor(mulDown(volE18, volE18), seconds, YEAR) % (9n * ONE_E18);
    return {...wings, aE18: mulDown(varianceE18, random.between(40n * CENT, ONE_E18)), bE18: varianceE18 / 4n};
}

/** Least distances from now; each is drawn up to twice as far, and the last stays within three years. */
const PAST = [-500_000n, -3n];
const AHEAD = [1n, 60n, 3_000n, 40_000n, 350_000n, 1_300_000n, 7_000_000n, 47_000_000n];

const instants = (random: Random, now: number, distances: readonly bigint[]): number[] =>
    distances.map((seconds) => now + Number(seconds + (seconds < 0n ? -1n : 1n) * random.below(abs(seconds))));

const toQuote = ({forwardRatioE18, discountE18, publishedAt, ...smile}: Surface): ExpiryQuote => ({
    forwardNumeratorE18: forwardRatioE18,
    forwardDenominatorE18: ONE_E18,
    discountE18,
    vol: {smile, publishedAt},
});

function surfaceOf(random: Random, now: number, expiry: number): Surface {
    const publishedAt = now - Number(random.below(7_200n));
    return {
        ...smileOf(random, BigInt(expiry - publishedAt)),
        publishedAt,
        forwardRatioE18: random.between(95n * CENT, 106n * CENT),
        discountE18: random.pick([ONE_E18, random.between(70n * CENT, 103n * CENT)]),
    };
}

function assetsOf(random: Random): ReadonlyMap<number, AssetParams> {
    const asset = (underlying: number, feedId: number): AssetParams => ({
        underlying,
        feedId,
        weightE18: random.between(50n * CENT, ONE_E18),
        sizeE18: random.below(3n) === 0n ? 0n : random.below(10n ** 15n),
    });
    return new Map([
        [0, asset(2, 2)],
        [1, asset(1, 1)],
        [2, asset(0, STABLE_FEED)],
        [5, asset(2, 2)],
        [6, asset(3, 3)],
    ]);
}

const globalOf = (random: Random): GlobalParams => ({
    initialRatioE18: random.between(50n * CENT, ONE_E18),
    reserveBaseE18: random.below(10n * ONE_E18),
    reservePerPositionE18: random.below(ONE_E18),
    settlementFeedId: SETTLEMENT_FEED,
});

function parametersOf(random: Random): RiskParameters {
    const grids = new Map(GROUPS.map((group) => [group as number, gridsOf(random)]));
    const rulesOf = (underlying: number) => ({
        params: paramsOf(random, underlying),
        grid: (grids.get(GROUP_OF[underlying] ?? 0) ?? (() => []))(),
    });
    return {
        underlyings: new Map(UNDERLYINGS.map((one) => [one, rulesOf(one)] as const)),
        blendsE18: new Map(GROUPS.map((group) => [group, random.below(ONE_E18 / 2n)])),
        assets: assetsOf(random),
        global: globalOf(random),
    };
}

export function worldOf(random: Random, now: number): World {
    const surfaces = new Map<number, Map<number, Surface>>();
    const markRatiosE18 = new Map<number, bigint>();
    const quotes = new Map<number, UnderlyingQuote>();
    const pricesE18 = new Map([
        [SETTLEMENT_FEED, random.between(97n * CENT, 102n * CENT)],
        [STABLE_FEED, random.between(97n * CENT, 102n * CENT)],
    ]);
    // One calendar for all, so that a book may hold one expiry of several underlyings.
    const [settled = now] = instants(random, now, PAST);
    const live = instants(random, now, AHEAD);
    for (const underlying of UNDERLYINGS) {
        const spotE18 = mulDown(SPOTS[underlying] ?? ONE_E18, random.between(40n * CENT, 250n * CENT));
        const markRatioE18 = random.between(98n * CENT, 102n * CENT);
        const published = new Map(live.map((expiry) => [expiry, surfaceOf(random, now, expiry)]));
        surfaces.set(underlying, published);
        markRatiosE18.set(underlying, markRatioE18);
        pricesE18.set(underlying, spotE18);
        quotes.set(underlying, {
            markE18: mulDown(spotE18, markRatioE18),
            fundingE18: random.signed(66),
            openInterestE18: random.magnitude(90),
            expiries: new Map([...published].map(([expiry, surface]) => [expiry, toQuote(surface)])),
            settlements: new Map([[settled, mulDown(spotE18, random.between(50n * CENT, 200n * CENT))]]),
        });
    }
    return {market: {now, pricesE18, underlyings: quotes}, parameters: parametersOf(random), surfaces, markRatiosE18};
}

/** Expiries of a world: settled, past and waiting for their price, now, and to come. */
export function calendarOf({market, surfaces}: World): number[] {
    const settled = [...(market.underlyings.get(UNDERLYINGS[0])?.settlements.keys() ?? [])];
    return [...settled, market.now - 2, market.now, ...(surfaces.get(UNDERLYINGS[0])?.keys() ?? [])];
}
