import {expect} from "chai";

import {labelOf, shockedVol, valueAt, worstOf} from "../../../../scripts/sdk/venues/index.js";
import type {VolRule} from "../../../../scripts/sdk/venues/index.js";
import {expectNear} from "../../../support/near.js";
import {e18, linear, option, usd} from "./legs.js";

const DAY = 86_400;
const RULE: VolRule = {
    riseE18: e18("0.40"),
    fallE18: e18("0.22"),
    powerShortE18: e18("0.30"),
    powerLongE18: e18("0.13"),
    floorDaysE18: e18(1),
    leastUpE18: e18("0.45"),
};

const at = (days: number, vol = "0.5"): ReturnType<typeof option> =>
    option({kind: "CALL", size: 1, strike: 100, forward: 100, vol, seconds: days * DAY});

describe("venues: shocks", () => {
    it("should scale a rise of volatility by the days left, the nearer the more", () => {
        const rises = [30, 7, 120, 0.5].map((days) => usd(shockedVol(RULE, at(days), "UP")));
        // (30 / 7)^0.3, (30 / 120)^0.13, and no less than a day: 30^0.3.
        const scales = [1, 1.5474156, 0.8350879, 2.7741911];
        rises.forEach((vol, i) => expectNear(vol, 0.5 * (1 + 0.4 * scales[i]!), 1e-6, `case ${i}`));
    });

    it("should lower volatility the same way, at most to nothing", () => {
        expectNear(usd(shockedVol(RULE, at(30), "DOWN")), 0.5 * 0.78, 1e-9);
        expect(shockedVol({...RULE, fallE18: e18(2)}, at(30), "DOWN")).to.equal(0n);
        expect(shockedVol(RULE, at(30), "FLAT")).to.equal(e18("0.5"));
    });

    it("should raise to the least volatility that the rule knows", () => {
        expect(shockedVol(RULE, at(30, "0.1"), "UP")).to.equal(e18("0.45"));
        expect(usd(shockedVol(RULE, at(30, "0.1"), "DOWN"))).to.equal(0.078);
    });

    it("should value linear legs below zero and options at a price of 0", () => {
        expect(usd(valueAt(linear(1, 200), e18("-1.05"), 0n))).to.equal(-10);
        const put = option({kind: "PUT", size: 1, strike: 90, forward: 100, vol: "0.5", seconds: DAY, discount: "0.9"});
        expect(usd(valueAt(put, e18("-1"), e18("0.5")))).to.equal(81);
        expect(valueAt(at(1), e18("-1.05"), e18("0.5"))).to.equal(0n);
    });

    it("should name a shock, and no worst one where nothing is lost", () => {
        const shock = {moveE18: e18("-0.33"), vol: "DOWN", weightE18: e18(1)} as const;
        expect(labelOf(shock)).to.equal("-33 %, volatility down");
        expect(labelOf({moveE18: e18("0.1166666666"), vol: "FLAT"})).to.equal("+11.66 %");
        expect(labelOf({moveE18: 0n, vol: "UP"})).to.equal("0 %, volatility up");
        expect(worstOf([0n], [shock])).to.equal(null);
        expect(worstOf([5n, 7n, 7n], [shock, shock, shock])?.index).to.equal(1);
    });
});
