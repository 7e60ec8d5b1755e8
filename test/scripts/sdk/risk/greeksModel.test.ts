import {expect} from "chai";

import {decodeInstrument, future, ONE_E18, option, parseE18, perp} from "../../../../scripts/sdk/index.js";
import {abs, sum} from "../../../../scripts/sdk/math/index.js";
import {
    assessBook,
    defaultFigures,
    defaultGrid,
    DEFAULT_GLOBAL,
    evaluate,
    greeksReport,
    isRegular,
    lossE18,
    report,
    scenarioOf,
    underlyingParams,
} from "../../../../scripts/sdk/risk/index.js";
import type {
    Assessment,
    Book,
    ExpiryQuote,
    GreeksScan,
    Position,
    Question,
    Scenario,
    Sensitivities,
    UnderlyingGreeks,
} from "../../../../scripts/sdk/risk/index.js";
import {portfolioOf, toNumber} from "../../../reference/fromQuestion.js";
import {black76, delta76, volatility, YEAR} from "../../../reference/options.js";
import type {Option} from "../../../reference/options.js";
import {randomFrom} from "../../../support/bits.js";
import {bookOf} from "../../../support/books.js";
import {NOW} from "../../../support/comparison.js";
import {expectNear} from "../../../support/near.js";
import {questionOf} from "../../../support/riskChain.js";
import {worldOf} from "../../../support/worlds.js";

const DAY = 86_400;
const WEEK = NOW + 7 * DAY;
const SEASON = NOW + 90 * DAY;
const SPOT = parseE18("70000");
const BTC = 1;
const SETTLEMENT = 1000;
const COLLATERAL = 1;

const quote = (ratio: string, discount: string, a: string, b: string): ExpiryQuote => ({
    forwardNumeratorE18: parseE18(ratio),
    forwardDenominatorE18: ONE_E18,
    discountE18: parseE18(discount),
    vol: {
        smile: {
            aE18: parseE18(a),
            bE18: parseE18(b),
            rhoE18: parseE18("-0.3"),
            mE18: parseE18("0.01"),
            sigmaE18: parseE18("0.08"),
        },
        publishedAt: NOW - 1800,
    },
});

function figuresOf() {
    const figures = Object.entries(defaultFigures("BTC")).map(([name, text]) => [name, parseE18(text)]);
    return Object.fromEntries(figures) as Record<keyof ReturnType<typeof defaultFigures>, bigint>;
}

/** About 60 % of volatility in both expiries; forwards above spot and discount factors below one. */
function question(positions: readonly Position[], grid = defaultGrid(parseE18("0.16")), units = 0n): Question {
    const book: Book = {
        model: "SCENARIO",
        cashE18: 0n,
        collateral: [{assetId: COLLATERAL, unitsE18: units}],
        quotes: [],
        positions: [...positions].sort((one, other) => (one.instrument < other.instrument ? -1 : 1)),
    };
    return {
        book,
        market: {
            now: NOW,
            pricesE18: new Map([
                [BTC, SPOT],
                [SETTLEMENT, ONE_E18],
            ]),
            underlyings: new Map([
                [
                    BTC,
                    {
                        markE18: parseE18("70100"),
                        fundingE18: 0n,
                        openInterestE18: 0n,
                        expiries: new Map([
                            [WEEK, quote("1.002", "0.999", "0.0045", "0.03")],
                            [SEASON, quote("1.02", "0.97", "0.08", "0.1")],
                        ]),
                        settlements: new Map(),
                    },
                ],
            ]),
        },
        parameters: {
            underlyings: new Map([[BTC, {params: underlyingParams(1, figuresOf()), grid}]]),
            blendsE18: new Map(),
            assets: new Map([[COLLATERAL, {underlying: BTC, feedId: BTC, weightE18: ONE_E18, sizeE18: 0n}]]),
            global: {...DEFAULT_GLOBAL, settlementFeedId: SETTLEMENT},
        },
    };
}

const leg = (instrument: bigint, size: string): Position => ({instrument, sizeE18: parseE18(size)});
const strike = (text: string): bigint => parseE18(text) / 10n ** 10n;
const call = (expiry: number, at: string, size = "1"): Position => leg(option("CALL", BTC, expiry, strike(at)), size);
const put = (expiry: number, at: string, size = "1"): Position => leg(option("PUT", BTC, expiry, strike(at)), size);

function only(positions: readonly Position[], grid?: readonly Scenario[], units?: bigint): GreeksScan {
    const [scan] = greeksReport(question(positions, grid && [...grid], units));
    return scan!;
}

const greeksOfBook = (positions: readonly Position[]): UnderlyingGreeks => only(positions).greeks;
const FIGURES = ["deltaE18", "gammaE18", "vegaE18", "thetaE18"] as const;
const expectFigures = (actual: Sensitivities, expected: Sensitivities, label: string): void => {
    for (const figure of FIGURES) expect(actual[figure], `${label}: ${figure}`).to.equal(expected[figure]);
};

/** An option of a question as the reference prices it. */
function referenceOf(position: Position): Option & {readonly vol: number; readonly years: number} {
    const {kind, expiry, strikeE8} = decodeInstrument(position.instrument);
    const [one] = portfolioOf(question([position])).underlyings;
    const {forward, discount, smile, publishedAt} = one!.expiries.get(expiry)!;
    const at = Number(strikeE8) / 1e8;
    const vol = volatility(smile, at, forward, (expiry - publishedAt) / YEAR);
    const years = (expiry - NOW) / YEAR;
    return {
        kind: kind === "PUT" ? "PUT" : "CALL",
        forward,
        strike: at,
        discount,
        w: vol * Math.sqrt(years),
        vol,
        years,
    };
}

describe("greeksOf", () => {
    for (const kind of ["CALL", "PUT"] as const) {
        for (const [expiry, words] of [
            [WEEK, "a week"],
            [SEASON, "90 days"],
        ] as const) {
            for (const at of ["56000", "68000", "70000", "75000", "90000"]) {
                it(`should be the reference's slopes: ${kind} at ${at}, ${words}`, () => {
                    const position = leg(option(kind, BTC, expiry, strike(at)), "-2.5");
                    const {deltaE18, gammaE18, vegaE18, thetaE18} = greeksOfBook([position]);
                    const here = referenceOf(position);
                    const {forward, vol, years} = here;
                    const priced = (change: Partial<Option>): number => -2.5 * black76({...here, ...change});
                    const slope = (f: (x: number) => number, x: number, step: number): number =>
                        (f(x + step) - f(x - step)) / (2 * step);
                    const delta = slope((x) => priced({forward: x}), forward, 1);
                    const gamma = slope((x) => -2.5 * delta76({...here, forward: x}), forward, 1);
                    const vega = slope((x) => priced({w: x * Math.sqrt(years)}), vol, 1e-4);
                    const theta = -slope((x) => priced({w: vol * Math.sqrt(x)}), years, 1e-5) / 365;
                    expectNear(toNumber(deltaE18), delta, 1e-7, "delta, units");
                    expectNear(toNumber(gammaE18), gamma, 1e-10, "gamma, units per USD");
                    expectNear(toNumber(vegaE18), vega, Math.abs(vega) * 1e-6 + 1e-4, "vega, USD per 1.00");
                    expectNear(toNumber(thetaE18), theta, Math.abs(theta) * 1e-4 + 1e-5, "theta, USD per day");
                });
            }
        }
    }

    it("should have the signs of what was bought and of what was sold", () => {
        const signs = (positions: readonly Position[]): number[] => {
            const one = greeksOfBook(positions);
            return FIGURES.map((figure) => Math.sign(toNumber(one[figure])));
        };
        expect(signs([call(WEEK, "72000")]), "call bought").to.deep.equal([1, 1, 1, -1]);
        expect(signs([call(WEEK, "72000", "-1")]), "call sold").to.deep.equal([-1, -1, -1, 1]);
        expect(signs([put(WEEK, "72000")]), "put bought").to.deep.equal([-1, 1, 1, -1]);
        expect(signs([put(WEEK, "72000", "-1")]), "put sold").to.deep.equal([1, -1, -1, 1]);
        expect(signs([leg(future(BTC, WEEK), "-1")]), "future sold").to.deep.equal([-1, 0, 0, 0]);
        expect(signs([leg(perp(BTC), "1")]), "perpetual bought").to.deep.equal([1, 0, 0, 0]);
    });

    it("should differ between call and put by the discount factor in delta and in nothing else", () => {
        for (const at of ["50000", "70000", "95000"]) {
            const [bought, sold] = [greeksOfBook([call(SEASON, at)]), greeksOfBook([put(SEASON, at)])];
            expectNear(toNumber(bought.deltaE18 - sold.deltaE18), 0.97, 1e-17, `delta at ${at}`);
            for (const figure of ["gammaE18", "vegaE18", "thetaE18"] as const) {
                expect(bought[figure], `${figure} at ${at}`).to.equal(sold[figure]);
            }
        }
    });

    it("should be the sums of legs by expiry, and of expiries by underlying", () => {
        const near = [call(WEEK, "72000", "-3"), put(WEEK, "66000", "1.5")];
        const far = [call(SEASON, "80000", "0.7"), leg(future(BTC, SEASON), "-2")];
        const whole = greeksOfBook([leg(perp(BTC), "1"), ...near, ...far]);
        expect(
            whole.expiries.map(({expiry, priceE18}) => [expiry, priceE18]),
            "expiries and their prices",
        ).to.deep.equal([
            [0, parseE18("70100")],
            [WEEK, parseE18("70140")],
            [SEASON, parseE18("71400")],
        ]);
        const addUp = (all: readonly Sensitivities[]): Sensitivities => {
            const of = (figure: (typeof FIGURES)[number]): bigint => all.reduce((sum, one) => sum + one[figure], 0n);
            return {
                deltaE18: of("deltaE18"),
                gammaE18: of("gammaE18"),
                vegaE18: of("vegaE18"),
                thetaE18: of("thetaE18"),
            };
        };
        const alone = (positions: readonly Position[]) => positions.map((one) => greeksOfBook([one]));
        expectFigures(whole.expiries[1]!, addUp(alone(near)), "near");
        expectFigures(whole.expiries[2]!, addUp(alone(far)), "far");
        expectFigures(whole, addUp(whole.expiries), "whole");
    });

    it("should count collateral in the delta of the whole and of no expiry", () => {
        const {greeks} = only([call(WEEK, "70000", "-1")], undefined, 2n * ONE_E18);
        expect(greeks.deltaE18 - greeks.expiries[0]!.deltaE18, "credited units").to.equal(2n * ONE_E18);
    });
});

describe("greeksScan", () => {
    /** Full revaluation of the same scenarios. */
    const fullOf = (positions: readonly Position[], grid: readonly Scenario[], units = 0n): readonly bigint[] =>
        report(question(positions, [...grid], units)).underlyings[0]!.pnlE36;

    it("should equal the full revaluation of books without options to the unit", () => {
        const positions = [leg(perp(BTC), "1"), leg(future(BTC, WEEK), "-2"), leg(future(BTC, SEASON), "0.5")];
        const grid = defaultGrid(parseE18("0.16"));
        const {pnlE36, scanE18, binding} = only(positions, grid, ONE_E18);
        const full = fullOf(positions, grid, ONE_E18);
        for (const [place, one] of full.entries()) {
            expect(abs(pnlE36[place]! - one) <= 3n * ONE_E18, `scenario ${place}`).to.equal(true);
        }
        const worst = full.reduce((least, one, s) => (isRegular(grid[s]!) && one < least ? one : least), 0n);
        expect(abs(scanE18 + worst / ONE_E18) <= 4n, "scan").to.equal(true);
        expect(pnlE36[binding]! / ONE_E18, "binding scenario").to.equal(-scanE18);
    });

    it("should be delta, gamma and vega times the moves of the grid, in plain numbers", () => {
        const positions = [call(WEEK, "74000", "-4"), put(SEASON, "60000", "3"), leg(perp(BTC), "0.8")];
        const grid = defaultGrid(parseE18("0.16"));
        const {pnlE36} = only(positions, grid, ONE_E18);
        const {rules} = portfolioOf(question(positions)).underlyings[0]!;
        const vol = (base: number, days: number, up: boolean): number => {
            const stretch = (30 / days) ** (days < 30 ? 0.3 : 0.35);
            return up ? Math.max(base * (1 + rules.volUp * stretch), 0.5) : base * (1 - rules.volDown * stretch);
        };
        for (const [place, {factorE18, vol: state}] of grid.entries()) {
            const move = toNumber(factorE18) - 1;
            const options = positions.slice(0, 2).map((position, i) => {
                const one = greeksOfBook([position]);
                const {forward, vol: base} = referenceOf(position);
                const change = vol(base, i === 0 ? 7 : 90, state === "UP") - base;
                const price = toNumber(one.deltaE18) * forward * move;
                const curve = (toNumber(one.gammaE18) * (forward * move) ** 2) / 2;
                return price + curve + toNumber(one.vegaE18) * change;
            });
            const linear = 0.8 * 70100 * move + 70000 * move;
            expectNear(
                toNumber(pnlE36[place]! / ONE_E18),
                options[0]! + options[1]! + linear,
                1e-3,
                `scenario ${place}`,
            );
        }
    });

    it("should agree with the full revaluation the better, the smaller the move", () => {
        const positions = [call(WEEK, "72000", "-4"), put(SEASON, "66000", "3")];
        const gap = (move: string): number => {
            const grid = [scenarioOf(parseE18(move), "FLAT", ONE_E18)];
            return Math.abs(toNumber((only(positions, grid).pnlE36[0]! - fullOf(positions, grid)[0]!) / ONE_E18));
        };
        expectNear(gap("0.01") / gap("0.005"), 8, 1, "halving a rise leaves an eighth");
        expectNear(gap("-0.01") / gap("-0.005"), 8, 1, "halving a fall leaves an eighth");
    });

    it("should understate a call far in the wing by nearly all of its loss", () => {
        const positions = [call(WEEK, "91182", "-1")];
        const {scanE18} = only(positions);
        const full = report(question(positions)).underlyings[0]!.scanE18;
        expect(toNumber(scanE18) / toNumber(full), "share of the full loss").to.be.lessThan(0.05);
    });

    it("should bind in a regular scenario even where all of them gain", () => {
        // A far rise, whose gain is greater still, comes before them.
        const grid = [
            scenarioOf(parseE18("4"), "UP", parseE18("0.04")),
            scenarioOf(parseE18("0.1"), "FLAT", ONE_E18),
            scenarioOf(parseE18("0.05"), "FLAT", ONE_E18),
        ];
        const {scanE18, binding} = only([leg(perp(BTC), "1")], grid);
        expect(scanE18, "scan").to.equal(0n);
        expect(binding, "the least gain").to.equal(2);
        expect(only([leg(perp(BTC), "1")], grid.slice(0, 1)).binding, "no regular scenario").to.equal(-1);
    });
});

const asGreeks = (asked: Question): Assessment => assessBook({...asked, book: {...asked.book, model: "GREEKS"}});

describe("the Greeks model's requirement", () => {
    it("should be the scan with the add-ons, reserve and ratio of the other models", () => {
        const positions = [leg(perp(BTC), "1"), leg(future(BTC, SEASON), "-1")];
        const asked = question(positions);
        const scenario = report(asked);
        const {maintenanceE18, initialE18} = asGreeks(asked);
        // Both scans are of a linear book whose worst move is the end of the range.
        expect(abs(maintenanceE18 - scenario.maintenanceE18) <= 10n, "maintenance").to.equal(true);
        expect(abs(initialE18 - scenario.initialE18) <= 20n, "initial").to.equal(true);
    });

    it("should be defined for any book in any world, the maintenance within the initial", () => {
        const random = randomFrom(1973n);
        for (let worlds = 0; worlds < 6; worlds++) {
            const world = worldOf(random, NOW);
            for (let books = 0; books < 8; books++) {
                const asked = questionOf(world, bookOf(random, world));
                const scans = greeksReport(asked);
                const {parts} = evaluate({...asked, book: {...asked.book, model: "SCENARIO"}});
                expect(
                    scans.map(({greeks}) => greeks.underlying),
                    "underlyings",
                ).to.deep.equal(parts.map(({underlying}) => underlying));
                for (const [i, {greeks, pnlE36, scanE18, binding}] of scans.entries()) {
                    // The engine rounds the sum, the report every leg.
                    const legs = BigInt(asked.book.positions.length + 1);
                    expect(abs(greeks.deltaE18 - parts[i]!.deltaE18) <= legs, "the engine's delta").to.equal(true);
                    if (binding < 0) continue;
                    expect(scanE18 >= lossE18(pnlE36[binding]!), "scan").to.equal(true);
                }
                const {initialE18, maintenanceE18} = asGreeks(asked);
                expect(initialE18 >= maintenanceE18, "initial").to.equal(true);
                const scansE18 = sum(scans.map((one) => one.scanE18));
                expect(maintenanceE18 >= scansE18, "nothing netted across underlyings").to.equal(true);
            }
        }
    });
});
