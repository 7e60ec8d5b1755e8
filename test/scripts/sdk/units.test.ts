import {expect} from "chai";
import fc from "fast-check";

import {
    formatFixed,
    InputError,
    parseAmount,
    parseE18,
    parseFixed,
    parsePrice,
    size,
} from "../../../scripts/sdk/index.js";
import {formatCut, formatDuration, formatTime} from "../../../scripts/sdk/index.js";

const anyInteger = fc.bigInt({min: -(2n ** 200n), max: 2n ** 200n});

function codeOf(action: () => unknown): string {
    try {
        action();
    } catch (error) {
        if (error instanceof InputError) return error.code;
        throw error;
    }
    return "no error";
}

describe("sdk units", () => {
    it("should read back every figure it prints, whatever the decimals", () => {
        fc.assert(
            fc.property(anyInteger, fc.integer({min: 0, max: 30}), (value, decimals) => {
                expect(parseFixed(formatFixed(value, decimals), decimals)).to.equal(value);
            }),
        );
    });

    it("should read the same figure with and without an exponent", () => {
        fc.assert(
            fc.property(anyInteger, fc.integer({min: -20, max: 20}), (value, exponent) => {
                const decimals = 20;
                expect(parseFixed(`${value}e${exponent}`, decimals)).to.equal(
                    value * 10n ** BigInt(decimals + exponent),
                );
            }),
        );
    });

    it("should keep every digit of a price", () => {
        expect(parseE18("5642.123456789012345678")).to.equal(5642123456789012345678n);
        expect(parseE18("-0.000000000000000001")).to.equal(-1n);
        expect(parseE18("1e-18")).to.equal(1n);
        expect(parseE18("1.50")).to.equal(15n * 10n ** 17n);
        expect(parseE18("0.1000000000000000000000")).to.equal(10n ** 17n);
    });

    it("should refuse digits that would be lost", () => {
        expect(codeOf(() => parseE18("0.0000000000000000001"))).to.equal("number-too-precise");
        expect(codeOf(() => parseAmount("1.0000001", 6))).to.equal("number-too-precise");
    });

    it("should refuse what is no decimal number", () => {
        for (const text of ["", "abc", "1.", ".5", "0x10", "1,000", "NaN", "Infinity", "1e", "--1"]) {
            expect(
                codeOf(() => parseE18(text)),
                text,
            ).to.equal("number-malformed");
        }
    });

    it("should refuse figures that the chain cannot hold", () => {
        expect(codeOf(() => parsePrice("0"))).to.equal("number-out-of-range");
        expect(codeOf(() => parsePrice("-1"))).to.equal("number-out-of-range");
        expect(codeOf(() => size(2n ** 127n))).to.equal("number-out-of-range");
        expect(size(-(2n ** 127n))).to.equal(-(2n ** 127n));
    });

    it("should cut figures for the eye, never round them up", () => {
        expect(formatCut(1_234_567_899n, 6, 2)).to.equal("1,234.56");
        expect(formatCut(-1_999_999n, 6, 0)).to.equal("-1");
        expect(formatCut(-1n, 6, 2)).to.equal("0.00");
    });

    it("should print times and durations", () => {
        expect(formatTime(1_584_086_400)).to.equal("2020-03-13T08:00:00Z");
        expect([0, 45, 3600, 7500, 90_061].map(formatDuration)).to.deep.equal(["0s", "45s", "1h", "2h 5m", "1d 1h"]);
    });
});
