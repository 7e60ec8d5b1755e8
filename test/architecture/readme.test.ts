import {expect} from "chai";

import {read} from "../../scripts/tools/repository.js";

const readme = read("README.md");
const gas = JSON.parse(read("snapshots/gas.json")) as Record<string, number>;

/** Rows of the README's gas table and what the gas tests call them. */
const ROWS = {
    "margin check": "margin view",
    deposit: "deposit",
    withdraw: "withdraw",
    "two-leg trade, both sides checked": "two-leg fill, both sides checked",
    "start a liquidation": "start by witness",
    "take a slice (Derive: bid)": "take, slice to the target",
};

describe("architecture: README", () => {
    for (const [row, label] of Object.entries(ROWS)) {
        it(`should print the recorded gas of "${row}"`, () => {
            const figures = [1, 8, 32].map((count) => gas[`protocol: ${label}, ${String(count)} options`] ?? NaN);
            expect(readme).to.contain(
                `| ${row} | ${figures.map((figure) => figure.toLocaleString("en")).join(" | ")} |`,
            );
        });
    }

    it("should link to files that exist", () => {
        const links = [...readme.matchAll(/\]\(([^)#]+)\)/g)].map(([, link = ""]) => link);
        const local = links.filter((link) => !link.includes("://"));
        expect(local.map((link) => read(link).length > 0)).to.deep.equal(local.map(() => true));
    });
});
