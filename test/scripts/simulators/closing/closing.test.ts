import {expect} from "chai";

import {limitE18} from "../../../../scripts/sdk/auction.js";
import {abs, divDown, max, mulDown, sum} from "../../../../scripts/sdk/math/index.js";
import {addOns, assessBook, reportOf, evaluate} from "../../../../scripts/sdk/risk/index.js";
import {ONE_E18, parseE18} from "../../../../scripts/sdk/units.js";
import {ClosingError} from "../../../../scripts/simulators/closing/failures.js";
import {isWorse, measure, play, totalOf, totals} from "../../../../scripts/simulators/closing/measure.js";
import type {Sale} from "../../../../scripts/simulators/closing/measure.js";
import {byLots, execute, ORDERS, PARTS, perCost, smallestPart} from "../../../../scripts/simulators/closing/orders.js";
import {ShortPosition, spilloverE18} from "../../../../scripts/simulators/closing/position.js";
import {drawScenarios} from "../../../../scripts/simulators/closing/scenarios.js";
import {termsOf} from "../../../../scripts/simulators/closing/simulate.js";
import {walkPaths} from "../../../../scripts/simulators/closing/paths.js";
import {Random} from "../../../../scripts/shared/random.js";

const TERMS = termsOf(100);
const LOTS = 10;
const {scenarios} = drawScenarios(10, 5);
const positions = scenarios.map(({book, before, after}) => new ShortPosition(book, before, after, TERMS));
const measured = measure({scenarios: 10, seed: 5, lots: LOTS, terms: TERMS});
const salesOf = (order: string): Sale[] =>
    measured.played.flatMap(({sales}) => sales.filter((sale) => sale.order === order));
const some = <T>(found: T | undefined): T => found ?? expect.fail("there is none");

describe("closing: the orders", () => {
    it("CML-5: should close the same scenarios in every order, and add up slippage and spillover of each", () => {
        for (const {sales} of measured.played) expect(sales.map(({order}) => order)).to.deep.equal(ORDERS);
        for (const total of totals(measured)) {
            const sales = salesOf(total.order);
            expect(total.slippageE18, "slippage").to.equal(sum(sales.map(({slippageE18}) => slippageE18)));
            expect(total.notionalE18, "notional").to.equal(sum(sales.map(({notionalE18}) => notionalE18)));
            const healthyE18 = sum(sales.map((sale) => mulDown(sale.notionalE18, sale.spilloverE18)));
            const differenceE18 = abs(total.spilloverE18 - divDown(healthyE18, total.notionalE18));
            expect(differenceE18 < 100n, "spillover").to.equal(true);
            const {target, completed, whole, short} = total.endings;
            expect(target + completed + whole + short, "endings").to.equal(scenarios.length);
        }
    });

    it("CML-5: should draw books that are short, still have equity, and hold several legs", () => {
        for (const {short} of scenarios) {
            expect(short.equityE18 > 0n && short.equityE18 < short.maintenanceE18, "short").to.equal(true);
        }
        expect(Math.max(...positions.map(({legs}) => legs.length))).to.be.greaterThan(3);
        expect(() => drawScenarios(9, 5, 3)).to.throw(ClosingError, /of 9 books fell short/);
    });

    it("CML-5: should give the same for the same seed, and other books for another", () => {
        const again = measure({scenarios: 10, seed: 5, lots: LOTS, terms: TERMS});
        expect(totals(again)).to.deep.equal(totals(measured));
        const other = drawScenarios(10, 6).scenarios.map(({short}) => short.equityE18);
        expect(other).to.not.deep.equal(scenarios.map(({short}) => short.equityE18));
    });

    it("CML-5: should close pro rata by the part that the contract's formula gives at the same cost", () => {
        for (const [place, position] of positions.entries()) {
            const {book, after, short} = some(scenarios[place]);
            const {closed, part} = smallestPart(position, position.nothing);
            if (part === PARTS) continue;
            const question = {book, market: after.market, parameters: after.rules.parameters};
            const {reserveE18} = reportOf(question, evaluate(question));
            // What the slice costs, as a discount on the whole book.
            const discountE18 = (position.costE18(closed) * PARTS) / part;
            const shortBook = {...short, reserveE18, discountE18, payE18: 0n};
            const exact = limitE18(shortBook, TERMS.targetHealthE18, 0n);
            const found = (part * ONE_E18) / PARTS;
            // Concentration falls faster than the slice grows, so a little less may do.
            expect(found <= exact + ONE_E18 / PARTS, `${found} for ${exact}`).to.equal(true);
            expect(found * 100n >= exact * 95n, `${found} for ${exact}`).to.equal(true);
        }
    });

    it("CML-5: should begin with the lot that releases most margin per unit of its cost", () => {
        for (const [place, position] of positions.entries()) {
            const {book, after} = some(scenarios[place]);
            const ask = (closed: readonly bigint[]) => {
                const costE18 = position.costE18(closed);
                const question = {market: after.market, parameters: after.rules.parameters};
                return {...assessBook({...question, book: position.bookAfter(closed, costE18)}), costE18};
            };
            const now = assessBook({book, market: after.market, parameters: after.rules.parameters});
            const ratios = position.legs.map(({sizeE18}, leg) => {
                const lot = position.nothing.map((_, i) => (i === leg ? sizeE18 / BigInt(LOTS) : 0n));
                const then = ask(lot);
                const released = now.maintenanceE18 - then.maintenanceE18;
                const helps = mulDown(released, TERMS.targetHealthE18) > then.costE18;
                return helps ? Number(released) / Number(then.costE18) : -Infinity;
            });
            const best = Math.max(...ratios);
            const {closed, ending} = byLots(position, "per cost", perCost, BigInt(LOTS));
            if (ending !== "target") continue;
            expect(closed[ratios.indexOf(best)] !== 0n, `leg ${ratios.indexOf(best)} of ${ratios.join(", ")}`).to.equal(
                true,
            );
        }
    });

    it("CML-5: should pay no more per unit of margin than the order that looks at margin alone", () => {
        const [byCost, byMargin, slice] = ["per cost", "per margin", "pro rata"].map((order) =>
            totalOf(order as "per cost", measured.played),
        );
        expect(some(byCost).slippageE18 <= some(byMargin).slippageE18, "slippage").to.equal(true);
        expect(some(byCost).slippageE18 < some(slice).slippageE18, "against pro rata").to.equal(true);
        expect(some(byMargin).legsTouched, "legs").to.be.lessThan(some(slice).legsTouched);
    });
});

describe("closing: what is left", () => {
    const choice = {lots: BigInt(LOTS), errorsE18: [] as bigint[]};

    it("CML-5, CML-3: should reach the target in every order that is prescribed, and go no further", () => {
        for (const position of positions) {
            for (const order of ["pro rata", "per cost", "per margin"] as const) {
                const {closed, ending} = execute(position, order, choice);
                expect(position.isDone(position.standing(closed)), order).to.equal(true);
                if (ending !== "target") continue;
                // A hundredth of everything closed back in the book is too much.
                const less = closed.map((size) => size - size / 100n);
                expect(position.isDone(position.standing(less)), `${order}, a little less`).to.equal(false);
            }
        }
    });

    it("CML-5: should leave nobody worse off pro rata than unsold", () => {
        expect(salesOf("pro rata").filter(isWorse)).to.deep.equal([]);
        const sale = some(salesOf("pro rata")[0]);
        const dearer = {...sale, lossAfterE18: sale.lossBeforeE18 + ONE_E18};
        expect(isWorse(dearer), "a loss that has grown").to.equal(true);
    });

    it("CML-5: should let a keeper with a choice take what is marked wrong in his favour, and leave the rest short", () => {
        const chosen = salesOf("keeper's choice");
        expect(chosen.filter(({gainE18}) => gainE18 < 0n)).to.deep.equal([]);
        expect(chosen.filter(({ending}) => ending === "short").length).to.be.greaterThan(0);
        const slices = salesOf("pro rata");
        expect(slices.filter(({gainE18}) => gainE18 < 0n).length, "losses on slices").to.be.greaterThan(0);
        const rate = (sales: readonly Sale[]): number =>
            Number(sum(sales.map(({gainE18}) => gainE18))) / Number(sum(sales.map(({notionalE18}) => notionalE18)));
        expect(rate(chosen)).to.be.greaterThan(rate(slices));
    });

    it("CML-5: should find nothing for a keeper where every mark is right", () => {
        const position = some(positions[0]);
        const {closed, ending} = execute(position, "keeper's choice", {
            ...choice,
            errorsE18: position.legs.map(() => 0n),
        });
        expect([ending, closed.every((size) => size === 0n)]).to.deep.equal(["short", true]);
    });

    it("CML-5: should tell healthy legs by their own profit since they were opened", () => {
        for (const position of positions) {
            const healthy = position.legs.map(({profitE18}) => profitE18 >= 0n);
            const only = (isHealthy: boolean) =>
                position.legs.map(({sizeE18}, i) => (healthy[i] === isHealthy ? sizeE18 : 0n));
            if (healthy.includes(true)) expect(spilloverE18(position, only(true)), "healthy").to.equal(ONE_E18);
            if (healthy.includes(false)) expect(spilloverE18(position, only(false)), "losing").to.equal(0n);
        }
        const all = positions.flatMap(({legs}) => legs);
        expect(all.some(({profitE18}) => profitE18 > 0n) && all.some(({profitE18}) => profitE18 < 0n)).to.equal(true);
    });

    it("CML-5: should draw the errors of marks alike for every order of a scenario", () => {
        const scenario = some(scenarios[0]);
        const [one, other] = [7, 7].map((seed) => play(scenario, {lots: LOTS, terms: TERMS}, new Random(seed)));
        expect(one).to.deep.equal(other);
    });
});

describe("closing: what it costs", () => {
    it("CML-5: should charge a linear leg the concentration of the margin model", () => {
        const linear = positions.flatMap((position) =>
            position.legs.flatMap((leg, place) => (leg.isOption ? [] : [{position, leg, place}])),
        );
        for (const {position, leg, place} of linear) {
            const {parameters} = some(scenarios[positions.indexOf(position)]).after.rules;
            const {params} = some(parameters.underlyings.get(leg.underlying));
            const closed = position.nothing.map((_, i) => (i === place ? leg.sizeE18 : 0n));
            const wanted = addOns.concentration(params, abs(leg.sizeE18), leg.spotE18);
            // A dated future's spread is on its own price.
            const off = abs(position.costE18(closed) - wanted);
            expect(off * 100n <= max(wanted, 1n), `${off} of ${wanted}`).to.equal(true);
        }
        expect(linear.length).to.be.greaterThan(5);
    });

    it("CML-5: should charge an option its vega, and less impact where deltas offset each other", () => {
        const position = some(positions.find(({legs}) => legs.some(({isOption}) => isOption)));
        const {book, before, after} = some(scenarios[positions.indexOf(position)]);
        const wider = new ShortPosition(book, before, after, termsOf(200));
        const place = position.legs.findIndex(({isOption}) => isOption);
        const leg = some(position.legs[place]);
        const closed = position.nothing.map((_, i) => (i === place ? leg.sizeE18 : 0n));
        const addedE18 = wider.costE18(closed) - position.costE18(closed);
        const vegaE18 = mulDown(mulDown(abs(leg.sizeE18), leg.vegaE18), parseE18("0.01"));
        expect(abs(addedE18 - vegaE18) < ONE_E18, `${addedE18} for ${vegaE18}`).to.equal(true);
        const pairs = positions.flatMap((one) =>
            one.legs.flatMap(({underlying, sizeE18, deltaE18}, i) =>
                one.legs.flatMap((other, j) =>
                    i < j && other.underlying === underlying && sizeE18 * deltaE18 * other.sizeE18 * other.deltaE18 < 0n
                        ? [{one, i, j}]
                        : [],
                ),
            ),
        );
        for (const {one, i, j} of pairs) {
            const costOf = (...legs: number[]): bigint =>
                one.costE18(one.legs.map(({sizeE18}, at) => (legs.includes(at) ? sizeE18 : 0n)));
            expect(costOf(i, j) < costOf(i) + costOf(j), "offset").to.equal(true);
        }
        expect(pairs.length).to.be.greaterThan(5);
    });
});

describe("closing: cross and isolated", () => {
    const paths = walkPaths(TERMS);

    it("CML-5: should show a path that the cross account survives and its isolated twin does not", () => {
        expect(paths.isolatedAt).to.be.lessThan(paths.crossAt);
        expect(paths.mild.crossHealthE18 >= ONE_E18 && paths.mild.isolatedHealthE18 < ONE_E18).to.equal(true);
    });

    it("CML-5: should close healthy legs on a harder path, and say how much of it that is", () => {
        expect(paths.hard.crossHealthE18 < ONE_E18).to.equal(true);
        // Two of three legs stand where they were opened.
        expect(paths.spilloverE18 > parseE18("0.6") && paths.spilloverE18 < parseE18("0.8")).to.equal(true);
    });

    it("CML-3: should close no further than needed: one step less misses the target", () => {
        expect(paths.afterE18 >= paths.targetE18 && paths.oneLessE18 < paths.targetE18).to.equal(true);
        expect(paths.closedE18 > 0n && paths.closedE18 < ONE_E18).to.equal(true);
    });
});
