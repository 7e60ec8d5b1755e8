import {expect} from "chai";

import {leastOnDelta, PARADEX, PARADEX_SCENARIOS} from "../../../../scripts/sdk/venues/index.js";
import {expectNear} from "../../../support/near.js";
import {book, e18, linear, option, part, usd} from "./legs.js";

const DAY = 86_400;

describe("venues: Paradex", () => {
    it("should scan 24 scenarios, the far ones with falling weight", () => {
        expect(PARADEX_SCENARIOS.length).to.equal(24);
        const far = PARADEX_SCENARIOS.filter(({weightE18}) => weightE18 !== e18(1));
        expect(far.map(({weightE18}) => usd(weightE18))).to.deep.equal([
            0.24, 0.48, 0.32, 0.16, 0.08, 0.0533, 0.04, 0.032,
        ]);
        expect(PARADEX_SCENARIOS.filter(({vol}) => vol === "DOWN").length).to.equal(7);
    });

    // Published example: one perpetual against five calls sold of delta 0.3, at 70,000: net 0.5, hedged 1.0.
    it("should ask 1,400 on the delta of the venue's own example", () => {
        const call = option({kind: "CALL", size: -5, strike: 80000, forward: 70000, vol: "0.6", seconds: 30 * DAY});
        const legs = [linear(1, 70000), {...call, deltaE18: e18("0.3")}];
        expect(usd(leastOnDelta(book(70000, legs)))).to.equal(1400);
    });

    it("should charge a perpetual its range, half of it to keep", () => {
        const charge = PARADEX.charge(book(70000, [linear(-1, 70000)]));
        expectNear(usd(charge.initialE18), 11_200, 1e-9);
        expectNear(usd(charge.maintenanceE18), 5600, 1e-9);
        expect(charge.worst?.label).to.equal("+16 %, volatility up");
    });

    it("should charge the delta where legs cancel in every scenario", () => {
        const charge = PARADEX.charge(book(70000, [linear(1, 70000), linear(-1, 70000, 30)]));
        // No net delta, 1 hedged: 1 % of 70,000.
        expect(part(charge, "scan")).to.equal(0);
        expectNear(usd(charge.initialE18), 700, 1e-9);
        expect(charge.worst).to.equal(null);
    });
});
