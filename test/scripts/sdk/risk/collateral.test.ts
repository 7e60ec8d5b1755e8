import {expect} from "chai";

import {ONE_E18, parseE18} from "../../../../scripts/sdk/index.js";
import {mulDown} from "../../../../scripts/sdk/math/index.js";
import {creditedUnits} from "../../../../scripts/sdk/risk/index.js";
import {randomFrom} from "../../../support/bits.js";

const PRICE_E18 = parseE18("2500");

describe("risk: credit for collateral (CML-2, CML-4)", () => {
    const random = randomFrom(3n);
    const draws = Array.from({length: 40}, () => ({
        underlying: 2,
        feedId: 2,
        weightE18: random.between(ONE_E18 / 10n, ONE_E18),
        sizeE18: random.between(0n, 10n ** 14n),
    }));

    it("should never count a holding for more than its price, nor for more than its base weight", () => {
        for (const params of draws) {
            for (let units = ONE_E18; units < 10n ** 26n; units *= 10n) {
                const creditedE18 = creditedUnits(params, units, PRICE_E18);
                expect(creditedE18 <= mulDown(units, params.weightE18), String(units)).to.equal(true);
            }
        }
    });

    it("should count every further unit for no more than the one before, and still for something", () => {
        for (const params of draws) {
            const step = random.between(ONE_E18, 10n ** 22n);
            const credits = Array.from({length: 30}, (_, i) => creditedUnits(params, BigInt(i) * step, PRICE_E18));
            const margins = credits.slice(1).map((credit, i) => credit - (credits[i] ?? 0n));
            margins.forEach((margin, i) => {
                expect(margin > 0n, `unit ${i}`).to.equal(true);
                // Each credit is rounded down by less than a unit, and the root that it is made of by less than one of 30 digits.
                if (i > 0) expect(margin <= (margins[i - 1] ?? 0n) + 4n, `unit ${i} of ${step}`).to.equal(true);
            });
        }
    });

    it("should fall with size where a size is set, and only there", () => {
        const params = {underlying: 2, feedId: 2, weightE18: ONE_E18, sizeE18: 2n * 10n ** 13n};
        const share = (units: bigint, sizeE18: bigint): bigint =>
            (creditedUnits({...params, sizeE18}, units, PRICE_E18) * ONE_E18) / units;
        expect(share(10n ** 24n, params.sizeE18) < share(10n ** 18n, params.sizeE18)).to.equal(true);
        expect(share(10n ** 24n, 0n)).to.equal(ONE_E18);
    });
});
