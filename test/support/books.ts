/** Random books in a random world. */
import {decodeInstrument, future, isLinear, option, perp} from "../../scripts/sdk/instruments.js";
import {abs, min, mulDivFloor, mulDown} from "../../scripts/sdk/math/index.js";
import {MARGIN_MODELS} from "../../scripts/sdk/risk/index.js";
import type {Book, Position, Witness} from "../../scripts/sdk/risk/index.js";
import {ONE_E18} from "../../scripts/sdk/units.js";
import type {Random} from "./bits.js";
import {calendarOf, UNDERLYINGS} from "./worlds.js";
import type {World} from "./worlds.js";

const CENT = ONE_E18 / 100n;
const MAX_EXPIRIES = 6n;
/** USD of an option's underlying or strike: half of what the engine takes, see Options.MAX_LANE. */
const LARGEST_E18 = 10n ** 13n * ONE_E18;
const HIGHEST_STRIKE = 100n;
const COUNTS = [0n, 1n, 2n, 4n, 8n, 16n, 32n, 64n] as const;

/** What a book deals in, and in what manner. */
type Style = {
    readonly world: World;
    readonly underlyings: readonly number[];
    readonly expiries: readonly number[];
    /** ANY: as it comes. LONG: only bought. SPREADS: what is sold at one strike is bought at another. */
    readonly side: "ANY" | "LONG" | "SPREADS";
    readonly sizes: "ALIKE" | "ANY";
    readonly strikes: "NEAR" | "FAR";
};

/** Some of a list, at least one, in its order. */
function someOf<T>(random: Random, items: readonly T[], most: bigint): T[] {
    const count = Number(random.between(1n, min(most, BigInt(items.length))));
    const keyed = items.map((item, place) => ({item, place, key: random.below(ONE_E18)}));
    const chosen = keyed.sort((a, b) => (a.key < b.key ? -1 : 1)).slice(0, count);
    return chosen.sort((a, b) => a.place - b.place).map(({item}) => item);
}

/** Around spot, or anywhere from a hundredth of it to a hundred times it, in even orders of magnitude. */
function strikeOf(random: Random, {strikes}: Style, spotE18: bigint): bigint {
    const near = (): bigint => random.between(30n * CENT, 300n * CENT);
    const far = (): bigint =>
        BigInt(Math.round(Math.exp(Math.log(100) * (Number(random.below(2_000_001n)) / 1e6 - 1)) * 1e9)) * 10n ** 9n;
    const strikeE8 = mulDown(spotE18, strikes === "FAR" ? far() : near()) / 10n ** 10n;
    return strikeE8 === 0n ? 1n : strikeE8;
}

/** Sizes that make legs of like value on every underlying, or of any order of magnitude; now and then none. */
function sizeOf(random: Random, {sizes}: Style, spotE18: bigint): bigint {
    if (random.below(20n) === 0n) return 0n;
    if (sizes === "ALIKE") return mulDivFloor(random.between(-100_000n, 100_000n) * ONE_E18, ONE_E18, spotE18);
    // Up to two million units, as far as the engine takes them at any strike.
    const largest = (LARGEST_E18 * ONE_E18) / (HIGHEST_STRIKE * spotE18);
    return (random.below(2n) === 0n ? 1n : -1n) * min(random.magnitude(81), largest);
}

type Draw = {readonly instrument: bigint; readonly sizeE18: bigint};

/** One leg, or the two of a spread. */
function legsOf(random: Random, style: Style): Draw[] {
    const {world, underlyings, expiries, side} = style;
    const underlying = random.pick(underlyings);
    const spotE18 = world.market.pricesE18.get(underlying) ?? ONE_E18;
    const expiry = random.pick(expiries);
    const drawn = sizeOf(random, style, spotE18);
    const size = side === "LONG" ? abs(drawn) : drawn;
    const kind = random.pick(["PERP", "FUTURE", "CALL", "PUT", "CALL", "PUT", "CALL", "PUT"] as const);
    if (side === "SPREADS" || kind === "CALL" || kind === "PUT") {
        const optionKind = kind === "PUT" ? kind : "CALL";
        const one = option(optionKind, underlying, expiry, strikeOf(random, style, spotE18));
        const legs = [{instrument: one, sizeE18: size}];
        if (side !== "SPREADS") return legs;
        return [
            ...legs,
            {instrument: option(optionKind, underlying, expiry, strikeOf(random, style, spotE18)), sizeE18: -size},
        ];
    }
    return [{instrument: kind === "PERP" ? perp(underlying) : future(underlying, expiry), sizeE18: size}];
}

function positionsOf(random: Random, style: Style): Position[] {
    const most = random.pick(COUNTS);
    const count = Number(most < 2n || random.below(2n) === 0n ? most : random.between(1n, most));
    const positions = new Map<bigint, Position>();
    // Instruments without a strike repeat; so do the draws of a book that has few underlyings.
    for (let draws = 0; positions.size < count && draws < 4 * count; draws++) {
        for (const leg of legsOf(random, style)) if (positions.size < count) positions.set(leg.instrument, leg);
    }
    return [...positions.values()].sort((a, b) => (a.instrument < b.instrument ? -1 : 1));
}

const isLinearIn =
    (underlying: number) =>
    ({instrument, sizeE18}: Position): boolean => {
        const terms = decodeInstrument(instrument);
        return sizeE18 !== 0n && terms.underlying === underlying && isLinear(terms.kind);
    };

export function bookOf(random: Random, world: World): Book {
    const positions = positionsOf(random, {
        world,
        underlyings: someOf(random, UNDERLYINGS, BigInt(UNDERLYINGS.length)),
        expiries: someOf(random, calendarOf(world), MAX_EXPIRIES),
        side: random.pick(["ANY", "ANY", "LONG", "SPREADS"]),
        sizes: random.pick(["ALIKE", "ALIKE", "ANY"]),
        strikes: random.pick(["NEAR", "NEAR", "FAR"]),
    });
    const model = random.pick(MARGIN_MODELS);
    const collateral = [...world.parameters.assets.keys()]
        .filter(() => random.below(4n) === 0n)
        .map((assetId) => ({assetId, unitsE18: random.below(4n) === 0n ? 0n : random.magnitude(75)}));
    return {
        model,
        cashE18: random.signed(80),
        collateral,
        // As the clearinghouse keeps them: only beside linear positions.
        quotes: UNDERLYINGS.filter((underlying) => positions.some(isLinearIn(underlying))).map((underlying) => ({
            underlying,
            quoteE18: random.signed(78),
        })),
        // The delta model takes no options.
        positions: positions.filter(({instrument}) => model !== "DELTA" || isLinear(decodeInstrument(instrument).kind)),
    };
}

/** Any scenarios of the grids of a book's underlyings and groups. */
export function witnessOf(
    random: Random,
    world: World,
    underlyings: readonly number[],
    groups: readonly number[],
): Witness {
    const lengthOf = (member: (underlying: number, group: number) => boolean): bigint => {
        const found = [...world.parameters.underlyings].find(([number, {params}]) => member(number, params.group));
        return BigInt(found?.[1].grid.length ?? 1);
    };
    return {
        own: underlyings.map((one) => Number(random.below(lengthOf((number) => number === one)))),
        joint: groups.map((one) => Number(random.below(lengthOf((_, group) => group === one)))),
    };
}
