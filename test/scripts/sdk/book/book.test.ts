import {readFileSync} from "node:fs";

import {expect} from "chai";

import {bookJsonSchema, marginOf, prepareBook, readBook} from "../../../../scripts/sdk/book/index.js";
import type {MarginResult} from "../../../../scripts/sdk/book/index.js";
import {InputError, parseE18} from "../../../../scripts/sdk/index.js";
import {expectNear} from "../../../support/near.js";

type Json = Readonly<Record<string, unknown>>;

const NOW = "2026-03-13T08:00:00Z";
const BTC = {spot: "70000"};

/** No charge but the grid's, so that requirements can be worked out by head. */
const BARE = {
    initialRatio: "0.8",
    reserveBase: "0",
    reservePerPosition: "0",
    BTC: {spread: "0", impact: "0", rollMin: "0", rollYear: "0", floorNet: "0", floorHedged: "0", floorShort: "0"},
};

const margin = (json: unknown): MarginResult => marginOf(prepareBook(readBook(json)));

const book = (account: Json, more: Json = {}): Json => ({now: NOW, underlyings: {BTC}, account, ...more});

function failure(json: unknown): string {
    try {
        margin(json);
    } catch (error) {
        if (error instanceof InputError) return error.message;
        throw error;
    }
    return "no error";
}

describe("book", () => {
    context("given a lone perpetual", () => {
        const lone = {cash: "20000", positions: [{instrument: "BTC-PERP", size: "1", entry: "69000"}]};

        it("should charge its range and no more without add-ons", () => {
            // Of a market of ten units, so that a tenth of the profit is withheld.
            const underlyings = {BTC: {...BTC, openInterest: "10"}};
            const result = margin(book(lone, {parameters: BARE, underlyings}));
            expect(result.equity).to.equal("21000");
            expect(result.addOns.withheld).to.equal("100");
            expect(result.maintenanceMargin).to.equal("11200");
            expect(result.initialMargin).to.equal("14100");
            expect(result.health).to.equal("1.875");
            expect(result.bindingScenario).to.deep.equal({
                index: 0,
                move: "-0.16",
                vol: "up",
                weight: "1",
                pnl: "-11200",
                loss: "11200",
            });
            expect(result.scenarios).to.have.lengthOf(24);
            expect(result.legs).to.deep.equal([
                {
                    instrument: "BTC-PERP",
                    size: "1",
                    price: "70000",
                    value: "70000",
                    delta: "1",
                    gamma: "0",
                    vega: "0",
                    theta: "0",
                    vol: null,
                    entry: "69000",
                    pnl: "1000",
                },
            ]);
        });

        it("should add the margin model's charges", () => {
            const result = margin(book(lone));
            expect(result.addOns.roll).to.equal("700");
            expect(result.addOns.floorDelta).to.equal("1400");
            expect(result.addOns.floorShort).to.equal("0");
            expect(result.addOns.addOn).to.equal("700");
            expect(result.addOns.reserve).to.equal("5.25");
            // 0.0005 / 2 * 70000 + 0.04 * 70000 * sqrt(70000 / 2e9)
            expectNear(Number(result.addOns.concentration), 34.06502339267, 1e-11);
            expectNear(Number(result.maintenanceMargin), 11939.31502339267, 1e-11);
        });

        it("should count a leg without an entry as entered now", () => {
            const result = margin(book({positions: [{instrument: "BTC-PERP", size: "-2"}]}));
            expect(result.equity).to.equal("0");
            expect(result.legs[0]?.pnl).to.equal(null);
        });

        it("should use the mark of the perpetual", () => {
            const json = {...book(lone, {parameters: BARE}), underlyings: {BTC: {spot: "70000", mark: "70100"}}};
            expect(margin(json).equity).to.equal("21100");
            expect(margin(json).maintenanceMargin).to.equal("11216");
        });
    });

    context("given a perpetual against calls of delta 0.3", () => {
        it("should ask 1,400 for the hedged-delta floor", () => {
            // Far in the money a call moves like the forward times the discount factor.
            const expiries = {"2026-03-27": {forward: "70000", discount: "0.3", smile: {vol: "0.05"}}};
            const positions = [
                {instrument: "BTC-PERP", size: "1"},
                {instrument: "BTC-27MAR26-35000-C", size: "-5"},
            ];
            const result = margin({now: NOW, underlyings: {BTC: {...BTC, expiries}}, account: {positions}});
            expect(result.legs.map(({delta}) => delta)).to.deep.equal(["1", "-1.5"]);
            expect(result.addOns.floorDelta).to.equal("1400");
            expect(result.addOns.floorShort).to.equal("3500");
        });
    });

    context("given a short straddle", () => {
        const expiries = {"2026-04-12": {forward: "60000", smile: {vol: "0.60"}}};
        const json = {
            now: NOW,
            underlyings: {BTC: {spot: "60000", expiries}},
            account: {
                cash: "20000",
                positions: [
                    {instrument: "BTC-12APR26-60000-C", size: "-1", entry: "5000"},
                    {instrument: "BTC-12APR26-60000-P", size: "-1"},
                ],
            },
            parameters: BARE,
        };

        it("should value both legs at the reference price, each against the account", () => {
            const result = margin(json);
            // The engine prices by a table: within 2e-9 of the forward.
            const tolerance = 2e-9 * 60_000;
            expectNear(Number(result.legs[0]?.price), 4112.364430952128, tolerance);
            expect(result.legs[0]?.price).to.equal(result.legs[1]?.price);
            expectNear(Number(result.equity), 20000 - 2 * 4112.364430952128, 2 * tolerance);
            expectNear(Number(result.legs[0]?.delta), -0.5342697035912677, 2e-10);
            expect(result.legs[0]?.vol).to.equal("0.6");
            expect(result.legs[0]?.entry).to.equal("5000");
            expectNear(Number(result.legs[0]?.pnl), 5000 - 4112.364430952128, tolerance);
        });

        it("should meet its worst loss at an end of the range with volatility up", () => {
            const {bindingScenario, scenarios, maintenanceMargin} = margin(json);
            expect(bindingScenario?.vol).to.equal("up");
            expect([0, 16, 18, 23]).to.include(bindingScenario?.index);
            const losses = scenarios.map(({loss}) => parseE18(loss));
            expect(parseE18(maintenanceMargin)).to.equal(losses.reduce((a, b) => (a > b ? a : b)));
        });

        it("should report unweighted profit and weighted loss of every scenario", () => {
            for (const {pnl, loss, weight} of margin(json).scenarios) {
                expectNear(Number(loss), -Number(pnl) * Number(weight), 1e-8);
            }
        });
    });

    context("given options that are sold", () => {
        const underlyings = {BTC: {...BTC, expiries: {"2026-04-10": {forward: "70000", smile: {vol: "0.6"}}}}};

        it("should ask by the model that the file names", () => {
            const sold = [{instrument: "BTC-10APR26-91000-C", size: "-1"}];
            const ask = (model: string): MarginResult =>
                margin({now: NOW, underlyings, account: {positions: sold, model}, parameters: BARE});
            const [scenario, greeks] = [ask("scenario"), ask("greeks")];
            expect([scenario.model, greeks.model]).to.deep.equal(["scenario", "greeks"]);
            expect(parseE18(greeks.maintenanceMargin) * 2n < parseE18(scenario.maintenanceMargin)).to.equal(true);
            expect(() => ask("delta")).to.throw(InputError, "The delta model takes no options");
            const linear = {positions: [{instrument: "BTC-PERP", size: "1"}], model: "delta"};
            const delta = margin(book(linear, {parameters: BARE}));
            expect([delta.model, delta.maintenanceMargin]).to.deep.equal(["delta", "11200"]);
        });

        it("should add sensitivities up by underlying", () => {
            const legs = ["BTC-10APR26-75000-C", "BTC-10APR26-65000-P"].map((instrument) => ({instrument, size: "-2"}));
            const result = margin({now: NOW, underlyings, account: {positions: legs}});
            for (const name of ["gamma", "vega", "theta"] as const) {
                const sum = result.legs.reduce((total, leg) => total + parseE18(leg[name]), 0n);
                expect(
                    result.underlyings.map((one) => parseE18(one[name])),
                    name,
                ).to.deep.equal([sum]);
                expect(sum === 0n, name).to.equal(false);
            }
        });
    });

    context("given two underlyings", () => {
        const underlyings = {BTC, ETH: {spot: "2000"}};
        const positions = [
            {instrument: "BTC-PERP", size: "1"},
            {instrument: "ETH-PERP", size: "-35"},
        ];
        const flat = {spread: "0", impact: "0", rollMin: "0", rollYear: "0", floorNet: "0", floorHedged: "0"};
        const parameters = {
            ...BARE,
            BTC: {...BARE.BTC, priceRange: "0.16"},
            ETH: {...flat, floorShort: "0", priceRange: "0.16"},
        };

        it("should blend what both lose together with what each loses by itself", () => {
            const result = margin({now: NOW, underlyings, account: {positions}, parameters});
            // Long 70000 against short 70000: nothing together; apart 11200 and 70000 * (1 / 0.84 - 1).
            const [btc, eth] = result.underlyings;
            expect(btc?.scan).to.equal("11200");
            expectNear(Number(eth?.scan), 13333.333333333, 1e-6);
            expect(result.groups).to.have.lengthOf(1);
            expectNear(Number(result.maintenanceMargin), 0.6 * (11200 + 13333.3333333333), 1e-6);
            expect(result.scenarios[0]?.move).to.equal("-0.16");
            expect(result.scenarios[0]?.pnl).to.equal("0");
        });

        it("should net nothing in the isolated model", () => {
            const account = {positions, model: "isolated"};
            const result = margin({now: NOW, underlyings, account, parameters});
            expect(result.model).to.equal("isolated");
            expectNear(Number(result.maintenanceMargin), 11200 + 13333.3333333333, 1e-6);
        });

        it("should sum scenario by scenario and say where moves differ", () => {
            const result = margin({now: NOW, underlyings, account: {positions}});
            expect(result.scenarios[0]?.move).to.equal(null);
            const own = result.underlyings.map((one) => parseE18(one.scenarios[0]?.loss ?? "0"));
            expect(parseE18(result.scenarios[0]?.loss ?? "0")).to.equal(own.reduce((a, b) => a + b, 0n));
        });

        it("should refuse lists of different length", () => {
            const scenarios = [{move: "0.16", vol: "up"}];
            const json = {now: NOW, underlyings, account: {positions}, parameters: {BTC: {scenarios}}};
            expect(failure(json)).to.match(/^parameters\.ETH\.scenarios: has 24 scenarios, that of BTC 1/);
            expect(margin({...json, parameters: {scenarios}}).scenarios).to.have.lengthOf(1);
        });

        it("should keep an underlying it does not know in a group of its own", () => {
            const json = {
                now: NOW,
                underlyings: {...underlyings, SOL: {spot: "150"}},
                account: {positions: [...positions, {instrument: "SOL-PERP", size: "10"}]},
            };
            const result = margin(json);
            expect(result.underlyings.map(({underlying}) => underlying)).to.deep.equal(["BTC", "ETH", "SOL"]);
            expect(result.groups.map(({group}) => group)).to.deep.equal([1, 3]);
        });
    });

    context("given collateral", () => {
        it("should put WETH into the grid, weigh stablecoins and count the settlement coin as cash", () => {
            const json = {
                now: NOW,
                underlyings: {ETH: {spot: "2000"}},
                prices: {DAI: "0.99"},
                account: {cash: "-500", collateral: {WETH: "10", USDT: "1000", DAI: "100", USDC: "800"}},
            };
            const result = margin(json);
            expect(result.collateral.map(({asset, value}) => [asset, value])).to.deep.equal([
                ["WETH", "20000"],
                ["USDT", "960"],
                ["DAI", "95.04"],
            ]);
            expect(result.equity).to.equal("21355.04");
            expect(result.underlyings[0]?.delta).to.equal("10");
            // 18 % of 20000; nothing for the keeper in a book without positions.
            expect(result.underlyings[0]?.scan).to.equal("3600");
            expect(result.addOns.reserve).to.equal("0");
        });

        it("should count a falling share of a great holding", () => {
            const json = {now: NOW, underlyings: {ETH: {spot: "2000"}}, account: {collateral: {ETH: "50000"}}};
            // 1.1 / (0.00002 * sqrt(1e8) + 1) = 0.91666...
            expect(margin(json).collateral[0]?.credited).to.equal("45833.333333333333333333");
        });

        it("should leave out an underlying without a price and warn", () => {
            const result = margin(book({cash: "1", collateral: {WETH: "10"}}));
            expect(result.equity).to.equal("1");
            expect(result.warnings).to.deep.equal([
                "account.collateral.WETH counts for nothing: the book has no underlyings.ETH.spot",
            ]);
        });
    });

    context("given figures in different forms", () => {
        const expiries = {
            "27MAR26": {forward: 70010, discount: 1, smile: {a: 0.01, b: "0.04", rho: -1e-1, m: 0, sigma: 0.1}},
        };
        const positions = [{instrument: "BTC-27MAR26-75000-C", size: -0.5}];

        it("should read numbers by their shortest decimal text", () => {
            const numbers = {now: NOW, underlyings: {BTC: {spot: 7e4, expiries}}, account: {cash: 0.1, positions}};
            const text = {
                now: "2026-03-13T09:00:00+01:00",
                underlyings: {
                    BTC: {
                        spot: "70000",
                        expiries: {
                            "2026-03-27": {
                                forward: "70010",
                                smile: {a: "0.01", b: ".04", rho: "-0.1", m: "0", sigma: "1e-1"},
                            },
                        },
                    },
                },
                account: {cash: "0.1", positions: [{instrument: "btc-27mar26-75000-c", size: "-5E-1"}]},
            };
            expect(margin(numbers)).to.deep.equal(margin(text));
        });

        it("should merge positions in one instrument", () => {
            const once = {positions: [{instrument: "BTC-PERP", size: "3", entry: "69000"}]};
            const twice = {
                positions: [
                    {instrument: "BTC-PERP", size: "1", entry: "67000"},
                    {instrument: "BTC-PERP", size: "2", entry: "70000"},
                ],
            };
            expect(margin(book(twice))).to.deep.equal(margin(book(once)));
        });

        it("should keep the profit of positions that cancel out", () => {
            const positions = [
                {instrument: "BTC-PERP", size: "1", entry: "60000"},
                {instrument: "BTC-PERP", size: "-1", entry: "61000"},
            ];
            const result = margin(book({positions}));
            expect(result.equity).to.equal("1000");
            expect(result.maintenanceMargin).to.equal("0");
            expect(result.health).to.equal(null);
        });
    });

    context("given an expiry that has passed", () => {
        const past = {instrument: "BTC-6MAR26-60000-C", size: "2"};

        it("should pay the settlement price", () => {
            const expiries = {"2026-03-06": {settlement: "65000"}};
            const result = margin({now: NOW, underlyings: {BTC: {...BTC, expiries}}, account: {positions: [past]}});
            expect(result.equity).to.equal("10000");
            expect(result.underlyings[0]?.scan).to.equal("0");
        });

        it("should value intrinsically at the index until there is one", () => {
            const result = margin(book({positions: [past]}, {parameters: BARE}));
            expect(result.equity).to.equal("20000");
            expect(result.maintenanceMargin).to.equal("20000");
        });
    });

    context("given the parameters of a book", () => {
        it("should apply each to the charge it is for", () => {
            const positions = [{instrument: "BTC-PERP", size: "1"}];
            const base = margin(book({positions}));
            const changed = (figures: Json): MarginResult => margin(book({positions}, {parameters: {BTC: figures}}));
            expect(changed({priceRange: "0.2"}).underlyings[0]?.scan, "priceRange").to.equal("14000");
            expect(changed({rollMin: "0.03"}).addOns.roll, "rollMin").to.equal("2100");
            expect(changed({floorNet: "0.04"}).addOns.floorDelta, "floorNet").to.equal("2800");
            expect(changed({spread: "0", impact: "0"}).addOns.concentration, "spread").to.equal("0");
            expectNear(
                Number(changed({adv: "8000000000"}).addOns.concentration),
                17.5 + (Number(base.addOns.concentration) - 17.5) / 2,
                1e-9,
                "adv",
            );
            const crowded = {now: NOW, underlyings: {BTC: {...BTC, openInterest: "5000"}}, account: {positions}};
            // 350 million open between bounds of 200 and 400: three quarters of the way to 100 %.
            const own = Number(margin(crowded).underlyings[0]?.addOns.openInterest);
            const ownInitial = (Number(base.maintenanceMargin) - 5.25) / 0.8;
            expectNear(own, 0.75 * (70000 - ownInitial), 1e-9, "openInterest");
        });
    });

    it("should publish its current schema", () => {
        const path = new URL("../../../../docs/book.schema.json", import.meta.url);
        const published: unknown = JSON.parse(readFileSync(path, "utf8"));
        expect(published, "run `npm run docs`").to.deep.equal(JSON.parse(JSON.stringify(bookJsonSchema())));
    });
});
