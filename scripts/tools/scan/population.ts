/** A market with a full board of listed instruments, and accounts that trade on it. */
import {parametersOf} from "../../../deploy/parameters/index.js";
import {USDC_FEED, USDT_FEED} from "../../../deploy/parameters/defaults.js";
import {riskParameters} from "../../demo/mirror.js";
import {accountId} from "../../sdk/ids.js";
import type {AccountId} from "../../sdk/ids.js";
import {decodeInstrument, future, option, perp} from "../../sdk/instruments.js";
import {mulDivFloor, mulDown} from "../../sdk/math/index.js";
import type {Book, ExpiryQuote, Market, Position, RiskParameters} from "../../sdk/risk/index.js";
import type {Scan} from "../../sdk/scan/index.js";
import {ONE_E18, parseE18} from "../../sdk/units.js";
import {Random} from "../../shared/random.js";

const NOW = 1_893_734_000;
const DAY = 86_400;
const EXPIRY_DAYS = [1, 2, 7, 14, 28, 56, 91, 182, 273, 364] as const;
const STRIKES = 24;
const MOST_POSITIONS = 32;
/** Opening prices by underlying. */
const SPOTS_E18 = new Map([
    [1, parseE18("60000")],
    [2, parseE18("3000")],
]);
const WETH = 0;
const WBTC = 1;

export const PARAMETERS: RiskParameters = riskParameters(parametersOf("local"));

const expiriesOf = (): number[] => EXPIRY_DAYS.map((days) => NOW + days * DAY);

/** Total variance of 60 % a year with a smile around the forward. */
function surfaceOf(expiry: number): ExpiryQuote {
    const varianceE18 = mulDivFloor(parseE18("0.36"), BigInt(expiry - NOW), BigInt(365 * DAY));
    return {
        forwardNumeratorE18: ONE_E18 + mulDivFloor(parseE18("0.05"), BigInt(expiry - NOW), BigInt(365 * DAY)),
        forwardDenominatorE18: ONE_E18,
        discountE18: ONE_E18 - mulDivFloor(parseE18("0.04"), BigInt(expiry - NOW), BigInt(365 * DAY)),
        vol: {
            publishedAt: NOW,
            smile: {
                aE18: mulDown(varianceE18, parseE18("0.8")),
                bE18: varianceE18 / 4n,
                rhoE18: parseE18("-0.3"),
                mE18: 0n,
                sigmaE18: parseE18("0.2"),
            },
        },
    };
}

/** The market some seconds after the start, every price moved by the same factor. */
export function marketAt(seconds: number, factorE18: bigint): Market {
    const spots = [...SPOTS_E18].map(([underlying, spotE18]) => [underlying, mulDown(spotE18, factorE18)] as const);
    const expiries = new Map(expiriesOf().map((expiry) => [expiry, surfaceOf(expiry)]));
    return {
        now: NOW + seconds,
        pricesE18: new Map([...spots, [USDC_FEED, ONE_E18], [USDT_FEED, ONE_E18]]),
        underlyings: new Map(
            spots.map(([underlying, spotE18]) => [
                underlying,
                {
                    markE18: spotE18,
                    fundingE18: 0n,
                    openInterestE18: 5_000n * ONE_E18,
                    expiries,
                    settlements: new Map<number, bigint>(),
                },
            ]),
        ),
    };
}

type Board = {readonly linear: readonly bigint[]; readonly options: readonly bigint[]};

/** Every instrument that is listed on an underlying: strikes from a half to 1.65 times the opening price. */
function boardOf(underlying: number, spotE18: bigint): Board {
    const expiries = expiriesOf();
    const strikes = Array.from({length: STRIKES}, (_, i) => (spotE18 * BigInt(50 + 5 * i)) / 100n / 10n ** 10n);
    return {
        linear: [perp(underlying), ...expiries.map((expiry) => future(underlying, expiry))],
        options: expiries.flatMap((expiry) =>
            strikes.flatMap((strike) => [
                option("CALL", underlying, expiry, strike),
                option("PUT", underlying, expiry, strike),
            ]),
        ),
    };
}

/** How an account trades: as a maker on both sides, as a buyer of options, or on linear instruments mostly. */
const STYLES = ["MAKER", "MAKER", "BUYER", "LINEAR"] as const;

type Draw = {readonly positions: readonly Position[]; readonly notionalE18: bigint};

function positionsOf(random: Random, boards: readonly Board[]): Draw {
    const style = random.pick(STYLES);
    const own = random.below(3) === 0 ? boards : [random.pick(boards)];
    const count = random.between(1, MOST_POSITIONS);
    const sizes = new Map<bigint, bigint>();
    let notionalE18 = 0n;
    while (sizes.size < count) {
        const board = random.pick(own);
        const isLinear = style === "LINEAR" ? random.below(2) === 0 : style === "MAKER" && random.below(6) === 0;
        const instrument = random.pick(isLinear ? board.linear : board.options);
        if (sizes.has(instrument)) continue;
        const spotE18 = SPOTS_E18.get(decodeInstrument(instrument).underlying) ?? ONE_E18;
        // 100 to 100,000 dollars' worth.
        const dollars = BigInt(random.between(100, 1_000)) * 10n ** BigInt(random.below(3));
        const sizeE18 = (dollars * ONE_E18 * ONE_E18) / spotE18;
        sizes.set(instrument, style !== "BUYER" && random.below(2) === 0 ? -sizeE18 : sizeE18);
        notionalE18 += dollars * ONE_E18;
    }
    const positions = [...sizes].map(([instrument, sizeE18]) => ({instrument, sizeE18}));
    return {positions: positions.sort((a, b) => (a.instrument < b.instrument ? -1 : 1)), notionalE18};
}

/** A tenth of the accounts hold coins beside their cash. */
function collateralOf(random: Random, notionalE18: bigint): Book["collateral"] {
    if (random.below(10) > 0) return [];
    const asset = random.pick([WETH, WBTC]);
    const spotE18 = SPOTS_E18.get(asset === WETH ? 2 : 1) ?? ONE_E18;
    return [{assetId: asset, unitsE18: mulDivFloor(notionalE18, ONE_E18, 20n * spotE18)}];
}

const ownerOf = (place: number): AccountId => accountId(`0x${place.toString(16).padStart(40, "0")}`);

const DOLLAR_CENTS = 100;

/**
 * Fills a scan that knows a market. Every account has as much cash as leaves it with 0 to 20 % of its notional above its requirement;
 * which cash that is the screen's bound says well enough.
 */
export function populate(scan: Scan, accounts: number, seed: number): Map<AccountId, Book> {
    const random = new Random(seed);
    const boards = [...SPOTS_E18].map(([underlying, spotE18]) => boardOf(underlying, spotE18));
    const books = new Map<AccountId, Book>();
    for (let place = 1; place <= accounts; place++) {
        const {positions, notionalE18} = positionsOf(random, boards);
        const account = ownerOf(place);
        const bare: Book = {
            model: "SCENARIO",
            cashE18: 0n,
            collateral: collateralOf(random, notionalE18),
            quotes: [],
            positions,
        };
        scan.put(account, bare);
        const missingE18 =
            (BigInt(Math.ceil(-scan.leastLeft(account) * DOLLAR_CENTS)) * ONE_E18) / BigInt(DOLLAR_CENTS);
        const spareE18 = mulDivFloor(notionalE18, BigInt(random.between(0, 2_000)), 10_000n);
        const book = {...bare, cashE18: missingE18 + spareE18};
        scan.put(account, book);
        books.set(account, book);
    }
    return books;
}
