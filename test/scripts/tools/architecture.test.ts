import {expect} from "chai";
import fc from "fast-check";

import {differences, factsOf} from "../../../scripts/tools/architecture.js";
import type {Half} from "../../../scripts/tools/architecture.js";
import {drawArchitecture} from "../../../scripts/tools/drawing.js";
import {codeOnly, HALVES, isUpward} from "../../../scripts/tools/repository.js";
import {treemap} from "../../../scripts/tools/treemap.js";

const [contracts] = HALVES;
const edge = (from: string, to: string): {from: string; to: string; isPackage: boolean} => ({
    from: `contracts/${from}`,
    to: `contracts/${to}`,
    isPackage: false,
});

function half(lines: number, isUp: boolean): Half {
    const rooms = ["core", "types"].map((name) => ({
        name,
        files: [{name: "File", weight: lines}],
        weight: lines,
    }));
    return {folder: "contracts", rooms, arrows: [{from: "core", to: "types", count: 1, isUpward: isUp}]};
}

describe("tools: repository", () => {
    it("should see an upward, a sideways and a test import, and no downward one", () => {
        expect(isUpward(edge("types/A.sol", "core/B.sol"), contracts!), "up").to.equal(true);
        expect(isUpward(edge("risk/A.sol", "oracle/B.sol"), contracts!), "sideways").to.equal(true);
        expect(isUpward(edge("core/A.sol", "mocks/B.sol"), contracts!), "into mocks").to.equal(true);
        expect(isUpward(edge("core/A.sol", "types/B.sol"), contracts!), "down").to.equal(false);
        expect(isUpward(edge("core/A.sol", "core/B.sol"), contracts!), "within").to.equal(false);
        expect(isUpward(edge("mocks/A.sol", "core/B.sol"), contracts!), "from mocks").to.equal(false);
    });

    it("should blank comments and strings and keep lines", () => {
        const source = 'a / b; // c / d\n/* e\n/ f */ g("h / i");';
        expect(codeOnly(source)).to.equal('a / b;         \n    \n       g("     ");');
    });
});

describe("tools: treemap", () => {
    it("should give every item its share of the area, inside the box", () => {
        fc.assert(
            fc.property(fc.array(fc.integer({min: 1, max: 500}), {minLength: 1, maxLength: 40}), (weights) => {
                const items = weights.sort((a, b) => b - a).map((weight) => ({weight}));
                const total = weights.reduce((a, b) => a + b, 0);
                const box = {x: 10, y: 20, width: 470, height: 130};
                const slack = 1e-6;
                for (const {x, y, width, height, item} of treemap(items, box)) {
                    const share = (box.width * box.height * item.weight) / total;
                    expect(Math.abs(width * height - share) < 1e-3, "area").to.equal(true);
                    const isInWidth = x >= box.x - slack && x + width <= box.x + box.width + slack;
                    const isInHeight = y >= box.y - slack && y + height <= box.y + box.height + slack;
                    expect(isInWidth && isInHeight, "inside").to.equal(true);
                }
            }),
        );
    });
});

describe("tools: architecture picture", () => {
    it("should draw an upward arrow in red and say so", () => {
        expect(drawArchitecture([half(100, true)]), "up").to.contain("1 arrow pointing up");
        expect(drawArchitecture([half(100, false)]), "down").to.contain("No arrow points up.");
    });

    it("should be the same picture each time", () => {
        expect(drawArchitecture([half(100, false)])).to.equal(drawArchitecture([half(100, false)]));
    });

    it("should forgive a few lines, but no file and no arrow", () => {
        const drawn = factsOf([half(100, false)]);
        expect(differences(drawn, factsOf([half(110, false)])), "a few lines").to.deep.equal([]);
        expect(differences(drawn, factsOf([half(200, false)])), "many lines").to.have.lengthOf(2);
        expect(differences(drawn, factsOf([{...half(100, false), arrows: []}])), "an arrow").to.deep.equal([
            "contracts: core -> types",
        ]);
        expect(differences("[]", drawn), "nothing drawn").to.have.lengthOf(3);
    });
});
