import {expect} from "chai";

import {formatE18, ONE_E18, parseE18} from "../../../../scripts/sdk/index.js";
import {black76, greeks} from "../../../../scripts/sdk/risk/index.js";
import type {Greeks} from "../../../../scripts/sdk/risk/index.js";
import {expectNear} from "../../../support/near.js";

type Inputs = {readonly forward: string; readonly vol: string; readonly years: string};

const of = (kind: "CALL" | "PUT", {forward, vol, years}: Inputs): Greeks =>
    greeks(black76.terms(kind, parseE18(forward), parseE18("3100"), parseE18("0.97")), parseE18(vol), parseE18(years));

const BASE: Inputs = {forward: "3000", vol: "0.8", years: "0.1"};
const number = (value: bigint): number => Number(formatE18(value));

/** Slope of a figure between two prices. */
const slope = (from: Greeks, to: Greeks, figure: keyof Greeks, step: number): number =>
    number(to[figure] - from[figure]) / step;

describe("greeks", () => {
    for (const kind of ["CALL", "PUT"] as const) {
        it(`should be the slopes of the price of a ${kind}`, () => {
            const here = of(kind, BASE);
            const forward = slope(
                of(kind, {...BASE, forward: "2999.9"}),
                of(kind, {...BASE, forward: "3000.1"}),
                "priceE18",
                0.2,
            );
            const curve = slope(
                of(kind, {...BASE, forward: "2999.9"}),
                of(kind, {...BASE, forward: "3000.1"}),
                "deltaE18",
                0.2,
            );
            const vol = slope(of(kind, {...BASE, vol: "0.7999"}), of(kind, {...BASE, vol: "0.8001"}), "priceE18", 2e-4);
            const day = slope(
                of(kind, {...BASE, years: "0.1001"}),
                of(kind, {...BASE, years: "0.0999"}),
                "priceE18",
                2e-4 * 365,
            );
            expectNear(number(here.deltaE18), forward, 1e-8, "delta");
            expectNear(number(here.gammaE18), curve, 1e-10, "gamma");
            expectNear(number(here.vegaE18), vol, 1e-4, "vega");
            expectNear(number(here.thetaE18), day, 1e-5, "theta");
        });
    }

    it("should share gamma, vega and theta between call and put", () => {
        const [call, put] = [of("CALL", BASE), of("PUT", BASE)];
        expect(call.gammaE18).to.equal(put.gammaE18);
        expect(call.vegaE18).to.equal(put.vegaE18);
        expect(call.thetaE18).to.equal(put.thetaE18);
        expect(call.deltaE18 - put.deltaE18).to.equal(parseE18("0.97"));
    });

    it("should stand still at expiry", () => {
        const expired = of("CALL", {...BASE, forward: "3200", years: "0"});
        expect(expired.priceE18).to.equal(parseE18("97"));
        expect(expired.deltaE18).to.equal((97n * ONE_E18) / 100n);
        expect([expired.gammaE18, expired.vegaE18, expired.thetaE18]).to.deep.equal([0n, 0n, 0n]);
    });
});
