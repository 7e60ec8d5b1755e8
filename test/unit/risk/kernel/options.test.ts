/** Error of the engine's option prices against the formula, swept over the range for which it is stated. */
import {expect} from "chai";

import {expE18, lnPriceE18, mulDown, mulFloor} from "../../../../scripts/sdk/math/index.js";
import {black76, lanesOf, openOption} from "../../../../scripts/sdk/risk/index.js";
import type {ExpiryMarket, Scenario} from "../../../../scripts/sdk/risk/index.js";
import {ONE_E18, parseE18} from "../../../../scripts/sdk/units.js";

/** Of the forward. */
const STATED_ERROR = 2e-9;
const FORWARD_E18 = 60_000n * ONE_E18;
const SIZE_E18 = 1_000n * ONE_E18;

function expiryOf(wE18: bigint): ExpiryMarket {
    return {
        ...{expiry: 1, phase: "LIVE", priceE18: FORWARD_E18, discountE18: ONE_E18, yearsE18: ONE_E18},
        ...{rootYearsE18: ONE_E18, reportYearsE18: ONE_E18, lnPriceE18: lnPriceE18(FORWARD_E18)},
        ...{discountedE18: FORWARD_E18, volUpE18: ONE_E18, volDownE18: ONE_E18, floorUpE18: 0n, floorDownE18: 0n},
        ...{vol: {volE18: wE18}, shape: {wE18}},
    };
}

const SAME: Scenario = {factorE18: ONE_E18, lnFactorE18: 0n, weightE18: ONE_E18, vol: "FLAT"};

/** Geometric steps from 1e-4 to 6, and log-strikes from -3 to 3 that fall between the cells. */
const ws = Array.from({length: 45}, (_, i) => parseE18((1e-4 * 60_000 ** (i / 44)).toFixed(12)));
const ks = Array.from({length: 241}, (_, i) => parseE18((-3 + i / 40 + (i % 7) * 1e-4).toFixed(12)));

describe("Options", () => {
    for (const kind of ["CALL", "PUT"] as const) {
        it(`should price a ${kind.toLowerCase()} within 2e-9 of the forward, now and in a scenario`, () => {
            let worst = 0;
            for (const wE18 of ws) {
                const expiry = expiryOf(wE18);
                for (const k of ks) {
                    const strikeE18 = mulDown(FORWARD_E18, expE18(k)) || 1n;
                    const exact = black76.price(black76.terms(kind, FORWARD_E18, strikeE18, ONE_E18), wE18);
                    const terms = openOption(kind, expiry, strikeE18, SIZE_E18);
                    const [lanes] = lanesOf(expiry, terms, [SAME]);
                    const gainE36 = (((lanes?.upper ?? 0n) + (lanes?.lower ?? 0n)) * 10n ** 24n) >> 36n;
                    const shockedE36 = gainE36 + terms.linearE36 + terms.baseE36 + SIZE_E18 * terms.markE18;
                    const errors = [terms.markE18 - exact, (mulFloor(shockedE36, 1n) * 10n ** 18n) / SIZE_E18 - exact];
                    for (const error of errors) worst = Math.max(worst, Math.abs(Number(error)) / Number(FORWARD_E18));
                    expect(
                        terms.markE18 >= black76.intrinsic(kind, FORWARD_E18, strikeE18),
                        "never below intrinsic value",
                    ).to.equal(true);
                }
            }
            expect(worst, "largest error, of the forward").to.be.at.most(STATED_ERROR);
            expect(worst, "a table is never exact").to.be.greaterThan(STATED_ERROR / 100);
        });
    }
});
