import {expect} from "chai";

import {chart} from "../../scripts/tools/gas/chart.js";
import {fromJson} from "../../scripts/tools/gas/figures.js";
import {gasBlock, PAGE, PICTURE, README, readmeBlock, withBlock} from "../../scripts/tools/gas/pages.js";
import {read} from "../../scripts/tools/repository.js";
import {TX_GAS_CAP} from "../gas/recordGas.js";

const readme = read(README);
const gas = JSON.parse(read("snapshots/gas.json")) as Record<string, number>;
const figures = fromJson(read("snapshots/bench.json"));

describe("architecture: README", () => {
    it("should print the recorded gas of the benchmark", () => {
        expect(withBlock(readme, readmeBlock(figures), README), "table").to.equal(readme);
    });

    it("should print the recorded gas of a deposit, the same for every book", () => {
        const deposits = Object.keys(gas).filter((label) => label.startsWith("protocol: deposit"));
        expect(deposits.length, "sizes").to.be.above(1);
        expect(new Set(deposits.map((label) => gas[label])).size, "different figures").to.equal(1);
        expect(readme).to.contain(`is ${(gas[deposits[0] ?? ""] ?? NaN).toLocaleString("en")} at every size`);
    });

    it("should promise rightly that everything fits a transaction of the main network", () => {
        const above = figures.filter((figure) => BigInt(figure.gas) > TX_GAS_CAP);
        expect(above).to.deep.equal([]);
    });

    it("should link to files that exist", () => {
        const links = [...readme.matchAll(/\]\(([^)#]+)\)/g)].map(([, link = ""]) => link);
        const local = links.filter((link) => !link.includes("://"));
        expect(local.map((link) => read(link).length > 0)).to.deep.equal(local.map(() => true));
    });
});

describe("architecture: docs/gas.md", () => {
    it("should print the recorded gas of the benchmark", () => {
        const page = read(PAGE);
        expect(withBlock(page, gasBlock(figures), PAGE), "tables").to.equal(page);
    });

    it("should draw it", () => {
        expect(chart(figures), "picture").to.equal(read(PICTURE));
    });
});
