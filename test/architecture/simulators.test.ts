import {posix} from "node:path";

import {expect} from "chai";

import {replaceBlocks} from "../../scripts/tools/blocks.js";
import {read} from "../../scripts/tools/repository.js";
import {
    CLOSING,
    closingBlocks,
    closingFigures,
    SWEEP,
    sweepBlocks,
    sweepFigures,
} from "../../scripts/tools/simulated.js";

const closing = closingFigures();
const sweep = sweepFigures();
const pages = [
    {path: CLOSING, blocks: closingBlocks(closing)},
    {path: SWEEP, blocks: sweepBlocks(sweep)},
] as const;
const some = <T>(found: T | undefined): T => found ?? expect.fail("there is none");

describe("architecture: pages of the simulators", () => {
    it("CML-5: should print what the orders come to now", () => {
        expect(replaceBlocks(CLOSING, read(CLOSING), closingBlocks(closing))).to.equal(read(CLOSING));
    });

    it("MCA-5: should print what the sweep comes to now", () => {
        expect(replaceBlocks(SWEEP, read(SWEEP), sweepBlocks(sweep))).to.equal(read(SWEEP));
    });

    for (const {path, blocks} of pages) {
        it(`should have every block of ${path} once, and link to files that exist`, () => {
            const page = read(path);
            const begun = [...page.matchAll(/<!-- ([\w-]+): begin/g)].map(([, name]) => name);
            expect(begun).to.have.members(Object.keys(blocks)).and.to.have.lengthOf(Object.keys(blocks).length);
            for (const [, target = ""] of page.matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)) {
                expect(read(posix.join("docs", target)).length, target).to.be.greaterThan(0);
            }
        });
    }

    it("CML-5: should conclude on the closing page what its figures say", () => {
        const of = (order: string) => some(closing.totals.find((total) => total.order === order));
        const [slice, byCost, byMargin, chosen] = ["pro rata", "per cost", "per margin", "keeper's choice"].map(of);
        for (const legs of [byCost, byMargin]) {
            for (const figure of ["notional", "slippage", "spillover"] as const) {
                expect(Number(some(legs)[figure]), figure).to.be.lessThan(Number(some(slice)[figure]));
            }
        }
        const better = new Set(closing.scenarios.map(({family}) => family)).size;
        const lower = [...new Set(closing.scenarios.map(({family}) => family))].filter((family) => {
            const own = closing.scenarios.filter((one) => one.family === family);
            const paid = (order: string) =>
                own.reduce((sum, {sales}) => sum + Number(some(sales.find((one) => one.order === order)).slippage), 0);
            return paid("per cost") < paid("pro rata");
        });
        expect(lower.length * 2, "kinds of books").to.be.greaterThan(better);
        expect([some(slice).worse, some(slice).endings.short]).to.deep.equal([0, 0]);
        expect(some(chosen).endings.short, "left short").to.be.greaterThan(0);
        expect(some(chosen).salesAgainstKeeper).to.equal(0);
        expect(some(byCost).mostAssessments, "assessments").to.be.greaterThan(100);
    });

    it("MCA-5: should conclude on the page of the sweep what its figures say", () => {
        const of = (rule: string, factor: number) =>
            some(sweep.cells.find((cell) => cell.rule === rule && cell.factor === factor));
        const aware = of("gas-aware", 50);
        const smallest = some(aware.classes.find((one) => one.class === "smallest"));
        const others = aware.classes.filter((one) => one !== smallest);
        for (const one of others) {
            expect(Number(one.executed), one.class).to.be.greaterThan(0.9);
            expect(Number(one.within), one.class).to.be.greaterThan(5 * Number(smallest.within));
        }
        expect(Number(smallest.within), "at once").to.be.lessThan(0.2);
        expect(Number(smallest.executed), "at all").to.be.lessThan(0.9);
        expect(of("gas-aware", 5000).covered).to.equal("0.000000");
        for (const factor of [10, 50]) expect(of("fixed, right at x1", factor).covered).to.equal("0.000000");
        expect(Number(of("gas-aware", 1).overpaid)).to.be.lessThan(Number(of("fixed, right at x50", 1).overpaid) / 10);
        expect(sweep.delays.length).to.be.greaterThan(1);
        expect(sweep.delays.filter(({holds}) => !holds)).to.deep.equal([]);
    });
});
