/** Who trades: so many accounts from one seed, each with its money, what it opens, and how near its limit it stands. */
import {future, option, parseE18, perp, size, strike} from "../sdk/index.js";
import type {InstrumentId} from "../sdk/index.js";
import {mulDivDown, mulDown} from "../sdk/math/index.js";
import {Random} from "../shared/random.js";

export type Order = {readonly instrument: InstrumentId; readonly sizeE18: bigint};
export type Series = {readonly mid: number; readonly far: number};

/** What an order may look at when it is made. */
export type Sight = {readonly series: Series; spotE18(underlying: number): bigint};

export type Trader = {
    readonly id: string;
    readonly kind: Kind;
    readonly deposits: readonly (readonly [symbol: string, amount: string])[];
    /** Orders of one unit of the strategy. */
    readonly unit: (sight: Sight) => readonly Order[];
    /** Share of the equity that the initial requirement may come to. */
    readonly useE18: bigint;
};

const BTC = 1;
const ETH = 2;
const KINDS = [
    "long perpetual",
    "short perpetual",
    "long on coins",
    "basis",
    "strangle seller",
    "put seller",
    "put spread",
    "call buyer",
    "two markets",
] as const;
export type Kind = (typeof KINDS)[number];

/** How often each is met: most are long in a rising market. */
const CROWD: readonly Kind[] = [
    "long perpetual",
    "long perpetual",
    "long perpetual",
    "long on coins",
    "long on coins",
    ...KINDS,
];

const lot = (underlying: number): bigint => size(parseE18(underlying === BTC ? "0.01" : "0.25"));

function strikeAt(sight: Sight, underlying: number, share: string): bigint {
    const step = underlying === BTC ? parseE18("50") : parseE18("1");
    const wanted = mulDown(sight.spotE18(underlying), parseE18(share));
    return strike(mulDivDown(mulDivDown(wanted, 1n, step) * step, 1n, 10n ** 10n));
}

type Maker = (underlying: number) => (sight: Sight) => readonly Order[];

const UNITS: Readonly<Record<Kind, Maker>> = {
    "long perpetual": (u) => () => [{instrument: perp(u), sizeE18: lot(u)}],
    "short perpetual": (u) => () => [{instrument: perp(u), sizeE18: -lot(u)}],
    "long on coins": (u) => () => [{instrument: perp(u), sizeE18: lot(u)}],
    basis: (u) => (sight) => [
        {instrument: perp(u), sizeE18: lot(u)},
        {instrument: future(u, sight.series.far), sizeE18: -lot(u)},
    ],
    "strangle seller": (u) => (sight) => [
        {instrument: option("CALL", u, sight.series.mid, strikeAt(sight, u, "1.2")), sizeE18: -lot(u)},
        {instrument: option("PUT", u, sight.series.mid, strikeAt(sight, u, "0.85")), sizeE18: -lot(u)},
    ],
    "put seller": (u) => (sight) => [
        {instrument: option("PUT", u, sight.series.mid, strikeAt(sight, u, "0.9")), sizeE18: -lot(u)},
    ],
    "put spread": (u) => (sight) => [
        {instrument: option("PUT", u, sight.series.mid, strikeAt(sight, u, "0.9")), sizeE18: -lot(u)},
        {instrument: option("PUT", u, sight.series.mid, strikeAt(sight, u, "0.7")), sizeE18: lot(u)},
    ],
    "call buyer": (u) => (sight) => [
        {instrument: option("CALL", u, sight.series.far, strikeAt(sight, u, "1.1")), sizeE18: lot(u)},
    ],
    "two markets": () => () => [
        {instrument: perp(BTC), sizeE18: lot(BTC)},
        {instrument: perp(ETH), sizeE18: -lot(ETH)},
    ],
};

function moneyOf(kind: Kind, underlying: number, random: Random): Trader["deposits"] {
    // From a few hundred dollars to a few hundred thousand, small ones more often.
    const dollars = random.between(2, 9) * 10 ** random.between(2, 4) * random.between(1, 3);
    if (kind !== "long on coins") return [["USDC", String(dollars)]];
    const [symbol, price] = underlying === BTC ? (["WBTC", 8000] as const) : (["WETH", 200] as const);
    const hundredths = Math.max(1, Math.floor((dollars * 100) / price));
    return [
        [symbol, `${Math.floor(hundredths / 100)}.${String(hundredths % 100).padStart(2, "0")}`],
        ["USDC", String(Math.max(50, Math.floor(dollars / 20)))],
    ];
}

export function populate(count: number, seed: number): Trader[] {
    const random = new Random(seed);
    return Array.from({length: count}, (_, index): Trader => {
        const kind = random.pick(CROWD);
        const underlying = random.pick([BTC, ETH]);
        return {
            id: `${kind} ${index + 1}`,
            kind,
            deposits: moneyOf(kind, underlying, random),
            unit: UNITS[kind](underlying),
            useE18: parseE18(`0.${random.between(55, 97)}`),
        };
    });
}
