import {expect} from "chai";
import {network} from "hardhat";

import * as math from "../../../../scripts/sdk/math/index.js";
import * as black76 from "../../../../scripts/sdk/risk/black76.js";
import {parseE18} from "../../../../scripts/sdk/units.js";

const {ethers, networkHelpers} = await network.create();

const ONE = 10n ** 18n;
const DAY_SECONDS = 86_400n;
const YEAR_SECONDS = 365n * DAY_SECONDS;

/** w = volatility * sqrt(days / 365). */
const totalVol = (vol: string, days: bigint): bigint =>
    math.mulDown(parseE18(vol), math.sqrtE18((days * DAY_SECONDS * ONE) / YEAR_SECONDS));

describe("Black76", () => {
    async function fixture() {
        return {harness: await ethers.deployContract("PricingHarness")};
    }

    /** Forward, strike, days, volatility, call: undiscounted reference values of the margin model. */
    const undiscounted: readonly (readonly [string, string, bigint, string, string])[] = [
        ["60000", "60000", 30n, "0.60", "4112.364430952128"],
        ["60000", "75000", 7n, "0.80", "60.67592255492276"],
        ["3000", "3000", 1n, "0.90", "56.37508917630847"],
    ];

    for (const [forward, strike, days, vol, expected] of undiscounted) {
        it(`should price a call on ${forward} struck at ${strike} for ${days} days at ${vol}`, async () => {
            const {harness} = await networkHelpers.loadFixture(fixture);
            const [f, k, w] = [parseE18(forward), parseE18(strike), totalVol(vol, days)];
            const result = await harness.price(2, f, k, w, ONE);
            expect(result).to.be.closeTo(parseE18(expected), 10n ** 6n);
            expect(black76.price(black76.terms("CALL", f, k, ONE), w), "twin").to.equal(result);
            const put = await harness.price(3, f, k, w, ONE);
            expect(result - put, "parity").to.equal(f - k);
        });
    }

    /** Kind, spot, strike, carry q, rate r, years, volatility, price: Haug's book, 4 decimals. */
    const haug: readonly (readonly ["CALL" | "PUT", string, string, string, string, string, string, string])[] = [
        ["CALL", "60", "65", "0", "0.08", "0.25", "0.30", "2.1334"],
        ["PUT", "100", "95", "0.05", "0.10", "0.50", "0.20", "2.4648"],
        ["CALL", "42", "40", "0.08", "0.04", "0.75", "0.35", "5.0975"],
    ];

    for (const [kind, spot, strike, q, r, years, vol, expected] of haug) {
        it(`should agree with Haug on the ${kind} struck at ${strike} (${expected})`, async () => {
            const {harness} = await networkHelpers.loadFixture(fixture);
            const t = parseE18(years);
            const carry = math.mulFloor(parseE18(r) - parseE18(q), t);
            const forward = math.mulDown(parseE18(spot), math.expE18(carry));
            const discount = math.expE18(-math.mulFloor(parseE18(r), t));
            const w = math.mulDown(parseE18(vol), math.sqrtE18(t));
            const option = black76.terms(kind, forward, parseE18(strike), discount);
            const result = await harness.price(kind === "CALL" ? 2 : 3, forward, parseE18(strike), w, discount);
            expect(result).to.be.closeTo(parseE18(expected), 10n ** 14n);
            expect(black76.price(option, w), "twin").to.equal(result);
        });
    }

    it("should know the delta of a call and of a put, discounted", async () => {
        const {harness} = await networkHelpers.loadFixture(fixture);
        const [f, w] = [parseE18("60000"), totalVol("0.60", 30n)];
        expect(await harness.delta(2, f, f, w, ONE), "call").to.be.closeTo(parseE18("0.534269703591267736"), 10n);
        expect(await harness.delta(3, f, f, w, ONE), "put").to.be.closeTo(parseE18("-0.465730296408732264"), 10n);
        const half = await harness.delta(3, f, f, w, ONE / 2n);
        expect(half, "discounted").to.be.closeTo(parseE18("-0.232865148204366132"), 10n);
    });

    it("should price a shocked forward like the forward it becomes", async () => {
        const {harness} = await networkHelpers.loadFixture(fixture);
        const [f, k, w] = [parseE18("3000"), parseE18("2800"), totalVol("0.9", 20n)];
        for (const factor of [parseE18("0.34"), parseE18("0.82"), ONE, parseE18("5")]) {
            const terms = {kind: 2, ...solidity(black76.terms("CALL", f, k, ONE))};
            const shocked = await harness.priceAt(terms, factor, math.lnE18(factor), w);
            const direct = await harness.price(2, math.mulDown(f, factor), k, w, ONE);
            expect(shocked, `factor ${factor}`).to.be.closeTo(direct, 20_000n);
        }
    });

    context("when volatility no longer matters", () => {
        it("should be worth intrinsic value, never below it", async () => {
            const {harness} = await networkHelpers.loadFixture(fixture);
            const [f, k] = [parseE18("3000"), parseE18("2500")];
            expect(await harness.price(2, f, k, 0n, ONE), "call in the money").to.equal(f - k);
            expect(await harness.price(3, f, k, 0n, ONE), "put out of the money").to.equal(0n);
            expect(await harness.price(2, k, f, 0n, ONE), "call out of the money").to.equal(0n);
            expect(await harness.price(3, k, f, 0n, ONE), "put in the money").to.equal(f - k);
            expect(await harness.intrinsic(2, f, k), "intrinsic of the call").to.equal(f - k);
            expect(await harness.intrinsic(3, f, k), "intrinsic of the put").to.equal(0n);
            expect(await harness.intrinsic(3, k, f), "intrinsic of the put in the money").to.equal(f - k);
        });
    });

    context("when volatility is without bound", () => {
        it("should be worth the forward or the strike", async () => {
            const {harness} = await networkHelpers.loadFixture(fixture);
            const [f, k, w] = [parseE18("3000"), parseE18("2500"), 2n ** 200n];
            expect(await harness.price(2, f, k, w, ONE), "call").to.equal(f);
            expect(await harness.price(3, f, k, w, ONE), "put").to.equal(k);
        });
    });

    function solidity({forwardE18, strikeE18, lnMoneynessE18, discountE18}: black76.Terms) {
        return {forwardE18, strikeE18, lnMoneynessE18, discountE18};
    }
});
