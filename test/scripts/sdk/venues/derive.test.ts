import {expect} from "chai";

import {DERIVE, DERIVE_FIGURES, deriveCharge, nakedUnits} from "../../../../scripts/sdk/venues/index.js";
import {expectNear} from "../../../support/near.js";
import {PUBLISHED_BASIS_LOSS, PUBLISHED_CASES, PUBLISHED_SKEWS} from "./derivePublished.js";
import {book, e18, linear, option, part, usd} from "./legs.js";

const DAY = 86_400;
/** The venue's own figures were made with doubles. */
const TOLERANCE = 2e-5;

describe("venues: Derive", () => {
    it("should scan 33 scenarios, two of them of the smile", () => {
        expect(DERIVE_FIGURES.scenarios.length + 2).to.equal(33);
    });

    describe("the venue's own portfolios", () => {
        for (const one of PUBLISHED_CASES) {
            it(`should leave the same of portfolio ${one.name}`, () => {
                const legs = one.options.map(option);
                if (one.perp !== undefined) legs.push(linear(...one.perp));
                const charge = deriveCharge(one.params, book(one.spot, legs));
                const worth = legs
                    .filter(({kind}) => kind !== "LINEAR")
                    .reduce((total, {sizeE18, markE18}) => total + usd(sizeE18) * usd(markE18), one.cash);
                expectNear(usd(charge.worst!.lossE18), one.worst, TOLERANCE, "worst loss");
                expectNear(worth - usd(charge.initialE18), one.initial, TOLERANCE, "initial");
                expectNear(worth - usd(charge.maintenanceE18), one.maintenance, TOLERANCE, "maintenance");
                expect(charge.worst!.label.startsWith(one.label), charge.worst!.label).to.equal(true);
            });
        }

        for (const [name, index, loss] of PUBLISHED_SKEWS) {
            it(`should lose the same by a turn of the smile of portfolio ${name}`, () => {
                const {options, params, spot} = PUBLISHED_CASES.find((one) => one.name === name)!;
                const smile = {...params, scenarios: [], basisPlusE18: 0n, basisTimesE18: 0n};
                const worst = deriveCharge(smile, book(spot, options.map(option))).worst!;
                expectNear(usd(worst.lossE18), loss, TOLERANCE);
                const label = ["wings of the smile turned", "wings of the smile up or down"][index];
                expect([worst.index, worst.label]).to.deep.equal([index, label]);
            });
        }

        it("should lose the same by the basis alone", () => {
            const {options, params, spot} = PUBLISHED_CASES[0]!;
            const legs = options.map(option);
            const still = {...params, scenarios: []};
            const basis = deriveCharge(still, book(spot, legs)).worst!;
            expectNear(usd(basis.lossE18), PUBLISHED_BASIS_LOSS, TOLERANCE, "basis");
            expect([basis.index, basis.label]).to.deep.equal([null, "basis of each expiry"]);
        });
    });

    it("should charge a perpetual its range and 3 % of notional, 4 % to open", () => {
        const charge = DERIVE.charge(book(70000, [linear(1, 70000)]));
        expectNear(usd(charge.initialE18), 12_600 + 2800, 1e-9);
        expectNear(usd(charge.maintenanceE18), 0.8 * 12_600 + 2100, 1e-9);
    });

    it("should let coins hedge, less their haircut", () => {
        const charge = DERIVE.charge(book(2000, [linear(-4, 2000)], {name: "ETH", coins: "4"}));
        expect(charge.worst).to.equal(null);
        expectNear(usd(charge.maintenanceE18), 8000 * (0.03 + 0.056), 1e-9);
        expectNear(usd(charge.initialE18), 8000 * (0.04 + 0.07), 1e-9);
    });

    it("should count as naked what is sold net at one strike", () => {
        const at = (kind: "CALL" | "PUT", size: number, strike = 100, seconds = DAY): ReturnType<typeof option> =>
            option({kind, size, strike, forward: 100, vol: "0.5", seconds});
        const naked = (...legs: ReturnType<typeof option>[]): number => usd(nakedUnits(legs));
        expect(naked(at("CALL", -3), at("PUT", 2)), "a call sold, a put bought").to.equal(1);
        expect(naked(at("CALL", -3), at("PUT", -2)), "both sold").to.equal(5);
        expect(naked(at("CALL", -3), at("CALL", 3, 110)), "another strike").to.equal(3);
        expect(naked(at("CALL", -3), at("CALL", 3, 100, 2 * DAY)), "another expiry").to.equal(3);
        expect(naked(linear(-7, 100), at("CALL", 2)), "nothing sold").to.equal(0);
    });

    it("should count each expiry on its worse side when the smile turns", () => {
        const wing = (size: number, days: number): ReturnType<typeof option> =>
            option({kind: "CALL", size, strike: 90000, forward: 70000, vol: "0.5", seconds: days * DAY});
        const smile = {...DERIVE_FIGURES, scenarios: [], basisPlusE18: 0n, basisTimesE18: 0n};
        const loss = (...legs: ReturnType<typeof option>[]): number =>
            part(deriveCharge(smile, book(70000, legs)), "worst scenario");
        expectNear(loss(wing(-1, 10), wing(1, 40)), loss(wing(-1, 10)) + loss(wing(1, 40)), 1e-9);
    });

    it("should turn the smile no further than its cap", () => {
        const wing = (vol: string): ReturnType<typeof option> =>
            option({kind: "CALL", size: -1, strike: 2000, forward: 100, vol, seconds: 365 * DAY});
        const smile = {...DERIVE_FIGURES, scenarios: [], basisPlusE18: 0n, basisTimesE18: 0n};
        const {worst} = deriveCharge(smile, book(100, [wing("0.9")]));
        // ln 20 is beyond k* = 4 * 0.6: volatility rises by 25 % - 10 %.
        expectNear(usd(worst!.lossE18), usd(wing("1.035").markE18) - usd(wing("0.9").markE18), 1e-9);
    });

    it("should hold volatility at 40 % after a rise", () => {
        const calm = book(70000, [
            option({kind: "CALL", size: -1, strike: 70000, forward: 70000, vol: "0.1", seconds: 30 * DAY}),
        ]);
        const low = deriveCharge({...DERIVE_FIGURES, vol: {...DERIVE_FIGURES.vol, leastUpE18: e18("0.1")}}, calm);
        expect(DERIVE.charge(calm).initialE18 > low.initialE18).to.equal(true);
    });
});
