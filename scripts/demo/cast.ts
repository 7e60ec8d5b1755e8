/** Who takes part, with what, and what each does when. Hours count from the first bar. */
import {option, future, parseE18, perp, size, strike} from "../sdk/index.js";
import type {InstrumentId} from "../sdk/index.js";
import {mulDivDown, mulDown} from "../sdk/math/index.js";

/** Series of the demo: one that settles inside the window, one at the end of the month, one a month later. */
export type Expiries = {readonly near: number; readonly mid: number; readonly far: number};

export type Order = {readonly instrument: InstrumentId; readonly sizeE18: bigint};

/** What a plan may look at when it is carried out. */
export type Sight = {
    readonly expiries: Expiries;
    spotE18(underlying: number): bigint;
};

export type Step = {
    /** Hours after the first bar, or after the first great fall. */
    readonly hour: number;
    readonly from?: "fall";
    readonly orders: (sight: Sight) => readonly Order[];
    /** Scale all orders so that this share of the equity's reach is used: the largest size that opening allows. */
    readonly largest?: boolean;
};

export type Habits = {
    /** Adds collateral when called. */
    readonly answersCalls?: {readonly token: string; readonly amount: string};
    /** Closes what is left once a slice was taken. */
    readonly leavesAfterSlice?: boolean;
    /** Keeps the delta flat with this future, bar by bar. */
    readonly hedges?: {readonly underlying: number; readonly expiry: keyof Expiries; readonly thresholdE18: bigint};
};

export type Member = {
    readonly id: string;
    /** Strategy in a few words, for the reader. */
    readonly role: string;
    readonly deposits: Readonly<Record<string, string>>;
    readonly plan: readonly Step[];
    readonly habits?: Habits;
};

const BTC = 1;
const ETH = 2;

const units = (text: string): bigint => size(parseE18(text));

/** A strike near a share of spot, on the step of the underlying. */
function near(sight: Sight, underlying: number, share: string): bigint {
    const step = underlying === BTC ? parseE18("50") : parseE18("1");
    const wanted = mulDown(sight.spotE18(underlying), parseE18(share));
    const onStep = mulDivDown(wanted, 1n, step) * step;
    return strike(mulDivDown(onStep, 1n, 10n ** 10n));
}

type Pick = {
    readonly underlying: number;
    readonly expiry: keyof Expiries;
    readonly share: string;
    readonly size: string;
};

const calls = (sight: Sight, {underlying, expiry, share, size: amount}: Pick): Order => ({
    instrument: option("CALL", underlying, sight.expiries[expiry], near(sight, underlying, share)),
    sizeE18: units(amount),
});
const puts = (sight: Sight, {underlying, expiry, share, size: amount}: Pick): Order => ({
    instrument: option("PUT", underlying, sight.expiries[expiry], near(sight, underlying, share)),
    sizeE18: units(amount),
});
const perps = (underlying: number, amount: string): Order => ({instrument: perp(underlying), sizeE18: units(amount)});

const strangle = (sight: Sight): Order[] => [
    calls(sight, {underlying: BTC, expiry: "mid", share: "1.15", size: "-40"}),
    puts(sight, {underlying: BTC, expiry: "mid", share: "0.85", size: "-40"}),
];

/** Bar of a step; what would lie before the first bar happens at its opening. */
export const hourOf = ({hour, from}: Step, fall: number): number => Math.max(0, from === "fall" ? fall + hour : hour);

export const MAKER = "maker";
export const DEPOSITOR = "backstop";
export const KEEPERS = ["kestrel", "osprey"] as const;

const TRADERS: readonly Member[] = [
    {
        id: "long-5x",
        role: "long BTC perpetual, as large as opening allows",
        deposits: {USDC: "100000"},
        plan: [{hour: -5, from: "fall", orders: () => [perps(BTC, "1")], largest: true}],
        habits: {leavesAfterSlice: true},
    },
    {
        id: "dip-buyer",
        role: "buys BTC perpetuals at 3.5x after the first fall",
        deposits: {USDC: "120000"},
        plan: [{hour: 7, from: "fall", orders: () => [perps(BTC, "68")]}],
    },
    {
        id: "eth-long",
        role: "long ETH perpetual, answers its margin call",
        deposits: {USDC: "100000"},
        plan: [
            {hour: 0, orders: () => [perps(ETH, "1200")]},
            {hour: 84, orders: () => [perps(ETH, "-1200")]},
        ],
        habits: {answersCalls: {token: "USDC", amount: "40000"}},
    },
    {
        id: "covered-call",
        role: "holds ETH, writes calls against it",
        deposits: {WETH: "1500"},
        plan: [
            {
                hour: 1,
                orders: (sight) => [calls(sight, {underlying: ETH, expiry: "mid", share: "1.12", size: "-1200"})],
            },
        ],
    },
    {
        id: "strangle",
        role: "short BTC strangle, naked",
        deposits: {USDC: "160000"},
        plan: [{hour: 2, orders: strangle}],
    },
    {
        id: "strangle-hedged",
        role: "the same strangle, hedged with futures",
        deposits: {USDC: "160000"},
        plan: [{hour: 2, orders: strangle}],
        habits: {hedges: {underlying: BTC, expiry: "mid", thresholdE18: units("2")}},
    },
    {
        id: "put-spread",
        role: "sells ETH put spreads",
        deposits: {USDC: "40000"},
        plan: [
            {
                hour: 3,
                orders: (sight) => [
                    puts(sight, {underlying: ETH, expiry: "mid", share: "0.9", size: "-800"}),
                    puts(sight, {underlying: ETH, expiry: "mid", share: "0.75", size: "800"}),
                ],
            },
        ],
    },
    {
        id: "calendar",
        role: "BTC calendar: short the near call, long the later one",
        deposits: {USDC: "60000"},
        plan: [
            {
                hour: 4,
                orders: (sight) => [
                    calls(sight, {underlying: BTC, expiry: "near", share: "1", size: "-25"}),
                    calls(sight, {underlying: BTC, expiry: "mid", share: "1", size: "25"}),
                ],
            },
        ],
    },
    {
        id: "cash-and-carry",
        role: "long BTC perpetual against a dated future",
        deposits: {USDC: "60000"},
        plan: [
            {
                hour: 5,
                orders: (sight) => [
                    perps(BTC, "40"),
                    {instrument: future(BTC, sight.expiries.far), sizeE18: units("-40")},
                ],
            },
        ],
    },
    {
        id: "btc-vs-eth",
        role: "long BTC against short ETH, perpetuals",
        deposits: {USDC: "90000"},
        plan: [{hour: 6, orders: () => [perps(BTC, "25"), perps(ETH, "-950")]}],
    },
    {
        id: "straddle",
        role: "buys ETH straddles into the expiry",
        deposits: {USDC: "60000"},
        plan: [
            {
                hour: 7,
                orders: (sight) => [
                    calls(sight, {underlying: ETH, expiry: "near", share: "1", size: "600"}),
                    puts(sight, {underlying: ETH, expiry: "near", share: "1", size: "600"}),
                ],
            },
        ],
    },
    {
        id: "collar",
        role: "holds BTC, buys puts, sells calls",
        deposits: {WBTC: "20"},
        plan: [
            {
                hour: 8,
                orders: (sight) => [
                    puts(sight, {underlying: BTC, expiry: "mid", share: "0.9", size: "20"}),
                    calls(sight, {underlying: BTC, expiry: "mid", share: "1.15", size: "-20"}),
                ],
            },
        ],
    },
    {
        id: "funding",
        role: "holds ETH, short the perpetual for its funding",
        deposits: {WETH: "800"},
        plan: [{hour: 9, orders: () => [perps(ETH, "-750")]}],
    },
];

/** Everyone with an account in the vault, the backstop's depositor last. */
export const CAST: readonly Member[] = [
    {id: MAKER, role: "market maker, signs every quote", deposits: {USDC: "12000000"}, plan: []},
    ...TRADERS,
    {id: "kestrel", role: "keeper, takes early and little", deposits: {USDC: "500000"}, plan: []},
    {id: "osprey", role: "keeper, waits for the better price", deposits: {USDC: "1500000"}, plan: []},
    {id: DEPOSITOR, role: "depositor of the backstop", deposits: {USDC: "400000"}, plan: []},
];
