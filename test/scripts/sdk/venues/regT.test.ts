import {expect} from "chai";

import {nakedOption, REG_T, REG_T_FIGURES} from "../../../../scripts/sdk/venues/index.js";
import type {VenueLeg} from "../../../../scripts/sdk/venues/index.js";
import {expectNear} from "../../../support/near.js";
import {book, e18, linear, option, part, usd} from "./legs.js";

const DAY = 86_400;

/** An option that is worth what the example says. */
const worth = (kind: "CALL" | "PUT", size: number, strike: number, mark: number, days = 30): VenueLeg => ({
    ...option({kind, size, strike, forward: 100, vol: "0.3", seconds: days * DAY}),
    markE18: e18(mark),
});

const naked = (kind: "CALL" | "PUT", strike: number, mark: number, spot: number): number =>
    usd(nakedOption(REG_T_FIGURES, worth(kind, -1, strike, mark), e18(spot)));

describe("venues: Reg-T", () => {
    describe("published examples", () => {
        it("should ask what tastytrade's example asks of a 68 call at 1.50, the stock at 65", () => {
            expectNear(naked("CALL", 68, 1.5, 65) * 100, 1150, 1e-9);
        });

        it("should ask what Hull's example asks of four 40 calls at 5, the stock at 38, and of four puts", () => {
            // Options, Futures, and Other Derivatives, example on naked options: 4,240 for calls, 5,040 for puts.
            expectNear(naked("CALL", 40, 5, 38) * 400, 4240, 1e-9);
            expectNear(naked("PUT", 40, 5, 38) * 400, 5040, 1e-9);
        });

        it("should ask what McMillan's table 5-2 asks of a 50 call at stock prices of 55, 50 and 46", () => {
            const asked = [
                [55, 7],
                [50, 4],
                [46, 2],
            ].map(([spot, mark]) => naked("CALL", 50, mark!, spot!) * 100);
            asked.forEach((value, i) => expectNear(value, [1800, 1400, 720][i]!, 1e-9));
        });

        it("should ask what eDeltaPro's examples ask of a 200 put at 1.20, the stock at 209, and of a put spread", () => {
            expectNear(naked("PUT", 200, 1.2, 209) * 100, 3400, 1e-9);
            // Long 120 put at 0.80, short 125 put at 1.24: bought for 80 besides, 500 of distance, 580 in all; 456 after proceeds.
            const charge = REG_T.charge(book(130, [worth("PUT", 100, 120, 0.8), worth("PUT", -100, 125, 1.24)]));
            expectNear(part(charge, "spreads and covered options") + 80, 580, 1e-9);
            expectNear(usd(charge.initialE18), 456, 1e-9);
        });
    });

    it("should never ask less than 10 %: of the stock for calls, of the strike for puts", () => {
        // 20 % of 100 less 40 out of the money is below 10.
        expectNear(naked("CALL", 140, 1, 100), 11, 1e-9);
        expectNear(naked("PUT", 60, 1, 100), 7, 1e-9);
    });

    it("should ask the price of what is bought", () => {
        const charge = REG_T.charge(book(100, [worth("CALL", 3, 110, 2), worth("PUT", 1, 90, 1.5)]));
        expectNear(usd(charge.initialE18), 7.5, 1e-9);
        expectNear(usd(charge.maintenanceE18), 7.5, 1e-9);
    });

    it("should ask half of a stock to open, 25 % long and 30 % short to keep, net", () => {
        const long = REG_T.charge(book(100, [linear(3, 101), linear(-1, 102, 30)]));
        expect([usd(long.initialE18), usd(long.maintenanceE18)]).to.deep.equal([100, 50]);
        const short = REG_T.charge(book(100, [linear(-2, 100)]));
        expect([usd(short.initialE18), usd(short.maintenanceE18)]).to.deep.equal([100, 60]);
    });

    it("should ask of a spread what it can lose", () => {
        const debit = REG_T.charge(book(100, [worth("CALL", 1, 95, 8), worth("CALL", -1, 105, 3)]));
        expectNear(usd(debit.initialE18), 5, 1e-9);
        const credit = REG_T.charge(book(100, [worth("CALL", -1, 95, 8), worth("CALL", 1, 105, 3)]));
        expectNear(usd(credit.initialE18), 10 - 5, 1e-9);
    });

    it("should put what covers against what it saves most", () => {
        // Alone 95 asks 8 + 20 = 28 and 110 asks 1 + 10 = 11; the 112 saves 28 - 17 of the one or 11 - 2 of the other.
        const legs = [worth("CALL", -1, 110, 1), worth("CALL", -1, 95, 8), worth("CALL", 1, 112, 1)];
        const charge = REG_T.charge(book(100, legs));
        expectNear(part(charge, "spreads and covered options"), 17, 1e-9);
        expectNear(part(charge, "naked options"), 11, 1e-9);
    });

    it("should leave alone what a spread would make dearer", () => {
        const charge = REG_T.charge(book(100, [worth("CALL", -1, 110, 1), worth("CALL", 1, 130, 1)]));
        expectNear(part(charge, "naked options"), 11, 1e-9);
    });

    it("should not cover an option by one that expires before it", () => {
        const charge = REG_T.charge(book(100, [worth("CALL", -1, 100, 4, 30), worth("CALL", 1, 100, 2, 7)]));
        expectNear(part(charge, "naked options"), 24, 1e-9);
        const later = REG_T.charge(book(100, [worth("CALL", -1, 100, 2, 7), worth("CALL", 1, 100, 4, 30)]));
        expectNear(part(later, "naked options"), 0, 0);
    });

    it("should ask of an iron condor one side, of overlapping spreads both", () => {
        const condor = (puts: number): number => {
            const legs = [worth("PUT", 1, puts - 5, 1), worth("PUT", -1, puts, 2)];
            return part(
                REG_T.charge(book(100, [...legs, worth("CALL", -1, 110, 2), worth("CALL", 1, 117, 1)])),
                "spreads and covered options",
            );
        };
        expectNear(condor(90), 7, 1e-9);
        expectNear(condor(112), 12, 1e-9);
    });

    it("should ask of a strangle the greater side and the value of the other, unit by unit", () => {
        // Call 2 + 20 - 10 = 12, put 3 + 20 - 5 = 18: 18 + 2; a second call alone.
        const charge = REG_T.charge(book(100, [worth("CALL", -2, 110, 2), worth("PUT", -1, 95, 3)]));
        expectNear(part(charge, "naked options"), 20 + 12, 1e-9);
        expectNear(usd(charge.initialE18), 32 - 7, 1e-9);
    });

    it("should cover calls by what is held, coins too, and ask for what they are in the money", () => {
        const covered = REG_T.charge(book(100, [worth("CALL", -1, 96, 6)], {coins: "1"}));
        expectNear(part(covered, "spreads and covered options"), 4, 1e-9);
        // 25 of the stock, 4 in the money, less 6 that the option is worth.
        expectNear(usd(covered.maintenanceE18), 23, 1e-9);
        const put = REG_T.charge(book(100, [linear(-1, 100), worth("PUT", -1, 90, 1)]));
        expectNear(usd(put.maintenanceE18), 30 - 1, 1e-9);
        const wrongSide = REG_T.charge(book(100, [linear(1, 100), worth("PUT", -1, 90, 1)]));
        expectNear(part(wrongSide, "naked options"), 11, 1e-9);
    });
});
