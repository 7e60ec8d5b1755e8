import {expect} from "chai";

import {ONE_E18, parseE18} from "../../../../scripts/sdk/index.js";
import {mulDivFloor, sqrtE18} from "../../../../scripts/sdk/math/index.js";
import {assessBook, shifted, svi} from "../../../../scripts/sdk/risk/index.js";
import type {Market} from "../../../../scripts/sdk/risk/index.js";
import {randomFrom} from "../../../support/bits.js";
import {bookOf} from "../../../support/books.js";
import {UNDERLYINGS, worldOf} from "../../../support/worlds.js";

const NOW = 1_757_059_200;
const HALF = parseE18("0.5");
const still = {factorsE18: new Map<number, bigint>(), volFactorE18: ONE_E18};

describe("risk: a shifted market", () => {
    it("should be another spot of one underlying, where only that moves", () => {
        const random = randomFrom(11n);
        let moved = 0;
        for (let i = 0; i < 40; i++) {
            const world = worldOf(random, NOW);
            const book = bookOf(random, world);
            const underlying = random.pick(UNDERLYINGS);
            const spotE18 = world.market.pricesE18.get(underlying);
            if (spotE18 === undefined || !world.parameters.underlyings.has(underlying)) continue;
            const question = {book, parameters: world.parameters};
            const whatIf = {underlying, spotE18: mulDivFloor(spotE18, HALF, ONE_E18)};
            const market = shifted(world.market, {...still, factorsE18: new Map([[underlying, HALF]])});
            const before = assessBook({...question, market: world.market});
            const after = assessBook({...question, market});
            const asked = assessBook({...question, market: world.market, whatIf});
            expect(after.maintenanceE18 - asked.maintenanceE18, `book ${i}`).to.be.within(-1000n, 1000n);
            if (after.maintenanceE18 !== before.maintenanceE18) moved += 1;
        }
        expect(moved).to.be.greaterThan(10);
    });

    it("should scale every volatility of a smile and of a figure", () => {
        const smile = {aE18: 10n ** 16n, bE18: 10n ** 17n, rhoE18: -HALF, mE18: 10n ** 16n, sigmaE18: 10n ** 17n};
        const common = {forwardNumeratorE18: ONE_E18, forwardDenominatorE18: ONE_E18, discountE18: ONE_E18};
        const expiries = new Map([
            [NOW + 1, {...common, vol: {smile, publishedAt: NOW}}],
            [NOW + 2, {...common, vol: {volE18: HALF}}],
        ]);
        const quote = {markE18: ONE_E18, fundingE18: 0n, openInterestE18: 0n, expiries, settlements: new Map()};
        const market: Market = {now: NOW, pricesE18: new Map([[1, ONE_E18]]), underlyings: new Map([[1, quote]])};
        const after = shifted(market, {...still, volFactorE18: parseE18("1.5")}).underlyings.get(1)!.expiries;
        expect(after.get(NOW + 2)!.vol).to.deep.equal({volE18: parseE18("0.75")});
        const {vol} = after.get(NOW + 1)!;
        if (!("smile" in vol)) throw new Error("a smile stays a smile");
        for (const k of ["-0.7", "0", "0.3"].map(parseE18)) {
            const root = (one: svi.Smile): bigint => sqrtE18(svi.totalVariance(one, k));
            expect(root(vol.smile) - (root(smile) * 3n) / 2n, `at ${k}`).to.be.within(-1000n, 1000n);
        }
        expect(shifted(market, still)).to.deep.equal(market);
    });
});
