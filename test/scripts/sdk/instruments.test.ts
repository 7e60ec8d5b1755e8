import {expect} from "chai";
import fc from "fast-check";

import {
    decodeInstrument,
    describeInstrument,
    future,
    instrumentId,
    instrumentName,
    KINDS,
    option,
    parseInstrument,
    perp,
    strike,
} from "../../../scripts/sdk/index.js";
import type {Instrument} from "../../../scripts/sdk/index.js";

const DAY = 86_400;
const FIRST_EXPIRY = Date.UTC(2000, 0, 1, 8) / 1000;
const LAST_DAY = 36_524;

const instrument: fc.Arbitrary<Instrument> = fc
    .record({
        underlying: fc.constantFrom(1, 2),
        kind: fc.constantFrom(...KINDS),
        day: fc.integer({min: 0, max: LAST_DAY}),
        strikeE8: fc.bigInt({min: 1n, max: 2n ** 64n - 1n}),
    })
    .map(({underlying, kind, day, strikeE8}) => ({
        underlying,
        kind,
        expiry: kind === "PERP" ? 0 : FIRST_EXPIRY + day * DAY,
        strikeE8: strike(kind === "CALL" || kind === "PUT" ? strikeE8 : 0n),
    }));

describe("sdk instruments", () => {
    it("should read back every name and id it makes", () => {
        fc.assert(
            fc.property(instrument, (terms) => {
                const id = instrumentId(terms);
                expect(decodeInstrument(id)).to.deep.equal(terms);
                expect(parseInstrument(instrumentName(id))).to.equal(id);
            }),
            {numRuns: 500},
        );
    });

    it("should lay out the bits as contracts/types/InstrumentId.sol does", () => {
        const expiry = Date.UTC(2026, 2, 27, 8) / 1000;
        const id = option("PUT", 2, expiry, 3000n * 10n ** 8n);
        expect(id).to.equal((2n << 112n) | (BigInt(expiry) << 72n) | (3n << 64n) | (3000n * 10n ** 8n));
    });

    it("should order a book by underlying, expiry, kind, strike", () => {
        const near = Date.UTC(2026, 2, 27, 8) / 1000;
        const ascending = [
            perp(1),
            future(1, near),
            option("CALL", 1, near, 10n),
            option("CALL", 1, near, 11n),
            option("PUT", 1, near, 5n),
            future(1, near + 7 * DAY),
            perp(2),
        ];
        expect([...ascending].reverse().sort((a, b) => (a < b ? -1 : 1))).to.deep.equal(ascending);
    });

    it("should use the field's names", () => {
        const names = [
            "ETH-PERP",
            "ETH-27MAR26",
            "ETH-27MAR26-3000-C",
            "BTC-3APR20-5642.5-P",
            "BTC-3APR20-0.00000001-C",
        ];
        for (const name of names) expect(instrumentName(parseInstrument(name))).to.equal(name);
        expect(instrumentName(parseInstrument("eth-03apr26-3000.50-c"))).to.equal("ETH-3APR26-3000.5-C");
    });

    it("should refuse names of nothing", () => {
        const malformed = [
            "ETH",
            "ETH-",
            "ETH-30FEB26",
            "ETH-27XXX26",
            "ETH-27MAR26-C",
            "ETH-27MAR26-3000",
            "ETH-27MAR26-3000-X",
        ];
        for (const name of [
            ...malformed,
            "ETH-27MAR26--1-C",
            "ETH-27MAR26-1e3-C",
            "ETH-PERP-3000-C",
            "ETH-27MAR26-1-C-1",
        ]) {
            expect(() => parseInstrument(name), name)
                .to.throw()
                .with.property("code", "instrument-malformed");
        }
        expect(() => parseInstrument("DOGE-PERP"))
            .to.throw()
            .with.property("code", "instrument-unknown-underlying");
        expect(() => parseInstrument("ETH-27MAR26-0-C"))
            .to.throw()
            .with.property("code", "instrument-terms");
        expect(() => parseInstrument("ETH-27MAR26-1.000000001-C"))
            .to.throw()
            .with.property("code", "number-too-precise");
    });

    it("should refuse terms that do not belong together", () => {
        const expiry = FIRST_EXPIRY;
        const wrong: Instrument[] = [
            {underlying: 1, kind: "PERP", expiry, strikeE8: strike(0n)},
            {underlying: 1, kind: "FUTURE", expiry: 0, strikeE8: strike(0n)},
            {underlying: 1, kind: "FUTURE", expiry, strikeE8: strike(1n)},
            {underlying: 1, kind: "CALL", expiry, strikeE8: strike(0n)},
            {underlying: 70_000, kind: "FUTURE", expiry, strikeE8: strike(0n)},
            {underlying: 1, kind: "FUTURE", expiry: 2 ** 40, strikeE8: strike(0n)},
        ];
        for (const terms of wrong) {
            expect(() => instrumentId(terms))
                .to.throw()
                .with.property("code", "instrument-terms");
        }
        expect(() => decodeInstrument(4n << 64n))
            .to.throw()
            .with.property("code", "instrument-malformed");
    });

    it("should describe ids that have no name by their number", () => {
        expect(describeInstrument(perp(1))).to.equal("BTC-PERP");
        expect(describeInstrument(perp(9))).to.equal("0x90000000000000000000000000000");
        expect(describeInstrument(255n << 64n)).to.equal("0xff0000000000000000");
        expect(describeInstrument(future(1, FIRST_EXPIRY + 1))).to.match(/^0x/);
    });
});
