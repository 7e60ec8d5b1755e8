import {expect} from "chai";
import * as fc from "fast-check";

import {marginOf, prepareBook, readBook} from "../../../../scripts/sdk/book/index.js";
import {
    compareBook,
    DERIBIT,
    DERIBIT_COIN,
    DERIBIT_FIGURES,
    DERIVE,
    figuresOf,
    PARADEX,
    REG_T,
    SPAN,
    VENUES,
} from "../../../../scripts/sdk/venues/index.js";
import type {UnderlyingBook} from "../../../../scripts/sdk/venues/index.js";
import {read} from "../../../../scripts/tools/repository.js";
import {expectNear} from "../../../support/near.js";
import {book, e18, linear, option, times, usd} from "./legs.js";

const DAY = 86_400;

const example = (name: string): unknown => JSON.parse(read(`docs/examples/${name}.json`));
const compared = (json: unknown): ReturnType<typeof compareBook> => compareBook(prepareBook(readBook(json)));

const options = fc.record({
    kind: fc.constantFrom("CALL" as const, "PUT" as const),
    size: fc.integer({min: -5, max: 5}).filter((size) => size !== 0),
    strike: fc.integer({min: 50, max: 160}).map((percent) => percent * 700),
    forward: fc.constant(70000),
    vol: fc.integer({min: 20, max: 120}).map((percent) => percent / 100),
    seconds: fc.integer({min: 1, max: 200}).map((days) => days * DAY),
});
const books = fc
    .tuple(fc.array(options, {maxLength: 4}), fc.integer({min: -3, max: 3}), fc.integer({min: -3, max: 3}))
    .map(([some, perps, futures]): UnderlyingBook => {
        const straight = [linear(perps, 70000), linear(futures, 70000, 30)].filter(({sizeE18}) => sizeE18 !== 0n);
        return book(70000, [...some.map(option), ...straight]);
    });

describe("venues: every rule", () => {
    it("should ask nothing of nothing", () => {
        for (const {charge, id} of VENUES) {
            const {initialE18, maintenanceE18, worst} = charge(book(70000, []));
            expect([initialE18, maintenanceE18, worst], id).to.deep.equal([0n, 0n, null]);
        }
    });

    it("should ask no less to open than to keep, and never less than nothing", () => {
        fc.assert(
            fc.property(books, (one) => {
                for (const {charge, id} of VENUES) {
                    const {initialE18, maintenanceE18} = charge(one);
                    expect(initialE18 >= maintenanceE18 && maintenanceE18 >= 0n, id).to.equal(true);
                }
            }),
            {numRuns: 60, seed: 1},
        );
    });

    it("should ask twice as much of twice the book, where the rule is linear in size", () => {
        fc.assert(
            fc.property(books, (one) => {
                for (const {charge, id} of [SPAN, PARADEX, DERIVE, REG_T]) {
                    const [once, twice] = [charge(one), charge(times(one, 2n))];
                    expectNear(usd(twice.initialE18), 2 * usd(once.initialE18), 1e-6, id);
                    expectNear(usd(twice.maintenanceE18), 2 * usd(once.maintenanceE18), 1e-6, id);
                }
            }),
            {numRuns: 40, seed: 2},
        );
    });

    it("should scan an option bought to no more than it is worth", () => {
        fc.assert(
            fc.property(options, (terms) => {
                const bought = option({...terms, size: Math.abs(terms.size)});
                const worthE18 = (bought.sizeE18 * bought.markE18) / e18(1) + 1n;
                // Not Derive, which counts what a turn of the smile gains as a loss.
                for (const {charge, id} of [DERIBIT, DERIBIT_COIN, PARADEX, SPAN, REG_T]) {
                    const {maintenanceE18, worst} = charge(book(70000, [bought]));
                    expect((worst?.lossE18 ?? 0n) <= worthE18, `${id}, scan`).to.equal(true);
                    if (id === "reg-t" || id === "span") expect(maintenanceE18 <= worthE18, id).to.equal(true);
                }
            }),
            {numRuns: 60, seed: 3},
        );
    });

    it("should give an underlying that no list names the figures of ETH", () => {
        expect(figuresOf(DERIBIT_FIGURES, "SOL")).to.equal(DERIBIT_FIGURES.ETH);
        expect(figuresOf(DERIBIT_FIGURES, "BTC")).to.equal(DERIBIT_FIGURES.BTC);
    });
});

describe("venues: a book compared", () => {
    it("should put Scenario first, by the twin's figures, whatever model the book names", () => {
        const json = example("covered") as {account: object};
        const result = marginOf(prepareBook(readBook(json)));
        const isolated = {...json, account: {...json.account, model: "isolated"}};
        // Delta governs no options by itself.
        const delta = {...json, account: {...json.account, model: "delta"}};
        for (const one of [compared(json), compared(isolated), compared(delta)]) {
            expect(one.venues[0]).to.include({
                id: "ballast",
                initialMargin: result.initialMargin,
                maintenanceMargin: result.maintenanceMargin,
                ofScenario: "1",
            });
            expect(one.equity).to.equal(result.equity);
            expect(one.venues[0]?.underlyings[0]?.worst?.index).to.equal(result.bindingScenario?.index);
        }
    });

    it("should list every venue once, with source, date and assumptions", () => {
        const {venues} = compared(example("covered"));
        expect(venues.map(({id}) => id)).to.deep.equal([
            ...["ballast", "deribit", "deribit-coin", "derive", "paradex", "span", "reg-t"],
        ]);
        for (const {id, source, asOf, assumptions} of venues) {
            expect([source.length > 0, asOf.length > 0, assumptions.length > 0], id).to.deep.equal([true, true, true]);
        }
    });

    it("should add underlyings up", () => {
        const {venues} = compared(example("strangle"));
        for (const {id, initialMargin, underlyings} of venues.slice(1)) {
            expect(
                underlyings.map(({underlying}) => underlying),
                id,
            ).to.deep.equal(["BTC", "ETH"]);
            const total = underlyings.reduce((sum, one) => sum + Number(one.initialMargin), 0);
            expectNear(Number(initialMargin), total, 1e-6, id);
        }
    });

    it("should count coins where the venue does", () => {
        const initials = (coins: string): Record<string, number> => {
            const account = {collateral: {WETH: coins}, positions: [{instrument: "ETH-PERP", size: "-10"}]};
            const json = {now: "2026-03-13T08:00:00Z", underlyings: {ETH: {spot: "2000"}}, account};
            return Object.fromEntries(compared(json).venues.map(({id, initialMargin}) => [id, Number(initialMargin)]));
        };
        const [bare, hedged] = [initials("0"), initials("10")];
        expect(hedged["span"], "CME").to.equal(bare["span"]);
        expect(hedged["paradex"], "Paradex").to.equal(bare["paradex"]);
        for (const id of ["deribit", "derive", "reg-t"]) expect(hedged[id]!, id).to.be.lessThan(bare[id]!);
    });

    it("should say when figures are borrowed, and warn as the book does", () => {
        const account = {collateral: {WBTC: "1"}, positions: [{instrument: "SOL-PERP", size: "1"}]};
        const one = compared({now: "2026-03-13T08:00:00Z", underlyings: {SOL: {spot: "100"}}, account});
        for (const {assumptions} of one.venues.slice(1)) expect(assumptions).to.include("SOL has the figures of ETH");
        expect(one.warnings).to.have.lengthOf(1);
    });

    it("should leave out what has settled, and keep what waits for its price", () => {
        const at = (settlement: object): string => {
            const underlyings = {BTC: {spot: "70000", expiries: {"2026-03-27": {forward: "70000", ...settlement}}}};
            const positions = [{instrument: "BTC-27MAR26-60000-C", size: "-1"}];
            const json = {now: "2026-03-28T08:00:00Z", underlyings, account: {positions}};
            return compared(json).venues[1]?.underlyings[0]?.initialMargin ?? "";
        };
        expect(at({settlement: "70000"})).to.equal("0");
        // Moves with the index: 16 % of 70,000, and the roll of its delta.
        expectNear(Number(at({})), 11_200 + 700, 1e-6);
    });

    it("should ask nothing of an account without positions, and give no ratio", () => {
        const one = compared({now: "2026-03-13T08:00:00Z", underlyings: {}, account: {cash: "5"}});
        expect(one.venues.map(({initialMargin, ofScenario}) => [initialMargin, ofScenario])).to.deep.equal(
            one.venues.map(() => ["0", null]),
        );
    });
});
