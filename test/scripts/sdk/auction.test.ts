import {expect} from "chai";
import fc from "fast-check";
import {network} from "hardhat";

import {discountE18, limitE18, priceE18} from "../../../scripts/sdk/auction.js";

const {ethers} = await network.create();
const ONE = 10n ** 18n;
const RUNS = 200;

const CURVE = {
    discountStartE18: ONE / 50n,
    discountFastE18: ONE / 10n,
    fastSeconds: 600n,
    slowSeconds: 3_000n,
    insolventSeconds: 1_000n,
    insolventCapE18: ONE / 5n,
    targetHealthE18: (ONE * 11n) / 10n,
    dustE18: 10n * ONE,
};

const usd = (): fc.Arbitrary<bigint> => fc.bigInt({min: 0n, max: 10n ** 26n});
const books = fc
    .record({
        equityE18: fc.bigInt({min: -(10n ** 26n), max: 10n ** 26n}),
        maintenanceE18: usd(),
        reserveE18: fc.bigInt({min: 0n, max: 30n * ONE}),
        discountE18: usd(),
        payE18: fc.bigInt({min: 0n, max: 100n * ONE}),
    })
    .map((book) => ({...book, maintenanceE18: book.maintenanceE18 + book.reserveE18}));

describe("sdk: auction", () => {
    it("should cut slices as the contract does, to the unit (RSK-7)", async () => {
        const harness = await ethers.deployContract("SliceMathHarness");
        await fc.assert(
            fc.asyncProperty(books, fc.bigInt({min: 0n, max: 10n ** 22n}), async (book, dust) => {
                const target = CURVE.targetHealthE18;
                const expected = await harness.limitE18(book, target, dust);
                expect(limitE18(book, target, dust), "limit").to.equal(expected);
            }),
            {numRuns: RUNS},
        );
    });

    it("should price slices as the contract does, to the unit", async () => {
        const harness = await ethers.deployContract("SliceMathHarness");
        await fc.assert(
            fc.asyncProperty(books, fc.bigInt({min: 1n, max: ONE}), fc.boolean(), async (book, fraction, finishes) => {
                const [price, cost] = await harness.priceE18(book, fraction, finishes);
                expect(priceE18(book, fraction, finishes)).to.deep.equal({priceE18: price, costE18: cost});
            }),
            {numRuns: RUNS},
        );
    });

    it("should run the clock as the contract does", async () => {
        const harness = await ethers.deployContract("SliceMathHarness");
        const times = fc.record({
            insolventAt: fc.constantFrom(0n, 1_000n, 2_000n, 6_000n),
            now: fc.bigInt({min: 1_000n, max: 9_000n}),
        });
        await fc.assert(
            fc.asyncProperty(books, times, async (book, {insolventAt, now}) => {
                const auction = {startedAt: 1_000n, insolventAt: insolventAt <= now ? insolventAt : 0n};
                const {equityE18, maintenanceE18} = book;
                const expected = await harness.discountE18(CURVE, auction, equityE18, maintenanceE18, now);
                expect(discountE18(CURVE, auction, book, now)).to.equal(expected);
            }),
            {numRuns: RUNS},
        );
    });
});
