import {expect} from "chai";
import fc from "fast-check";

import {coveredE18, coverMost, coverWhole, spokenWith} from "../../../../scripts/keeper/layOff/choose.js";
import type {Part} from "../../../../scripts/keeper/layOff/choose.js";
import type {Offer} from "../../../../scripts/keeper/layOff/offers.js";
import {accountId} from "../../../../scripts/sdk/ids.js";
import {perp} from "../../../../scripts/sdk/instruments.js";
import {buildQuote} from "../../../../scripts/sdk/quotes.js";
import {parsePrice, parseSize, parseUnits} from "../../../../scripts/sdk/units.js";

const E18 = 10n ** 18n;
const BTC = perp(1);

/** A quote for so many units at a price; by its sign the maker buys or sells. */
function offer(name: string, price: number, left: string, size = "1"): Offer {
    const quote = buildQuote({
        maker: accountId(`0x${"11".repeat(20)}`),
        legs: [{instrument: BTC, sizePerUnitE18: parseSize(size), priceE18: parsePrice(String(price))}],
        unitsE18: parseUnits(left),
        nonce: 1n,
        deadline: 1,
    });
    const signed = {quote, signer: "", signature: "0x"};
    const leftE18 = quote.unitsE18;
    const [maker, digest] = ["m", name];
    const priceE18 = BigInt(price) * E18;
    return {maker, signed, digest, instrument: BTC, priceE18, leftE18, isByContract: false};
}

const leg = (size: string): {readonly instrument: typeof BTC; readonly sizeE18: bigint} => ({
    instrument: BTC,
    sizeE18: parseSize(size),
});
const brief = (parts: readonly Part[] | undefined): unknown =>
    parts?.map(({offer: {digest}, unitsE18, isRest}) => [digest, Number(unitsE18) / 1e18, isRest]);

describe("keeper: choice of quotes", () => {
    it("should sell to the highest and buy from the lowest", () => {
        const offers = [offer("a", 100, "1"), offer("b", 102, "1"), offer("c", 101, "1")];
        expect(brief(coverMost(leg("-2.5"), offers)), "sold").to.deep.equal([
            ["b", 1, false],
            ["c", 1, false],
            ["a", 0.5, false],
        ]);
        expect(brief(coverMost(leg("1.5"), offers)), "bought").to.deep.equal([
            ["a", 1, false],
            ["c", 0.5, false],
        ]);
        expect(brief(coverMost(leg("-9"), offers.slice(0, 1))), "as much as there is").to.deep.equal([["a", 1, false]]);
    });

    it("should leave the last quote the rest, with room to grow", () => {
        const offers = [offer("a", 102, "1"), offer("b", 101, "5")];
        expect(brief(coverWhole(leg("-2"), offers))).to.deep.equal([
            ["a", 1, false],
            ["b", 1, true],
        ]);
        expect(brief(coverWhole(leg("-2"), [offer("b", 101, "2.04")])), "a fiftieth more").to.deep.equal([
            ["b", 2, true],
        ]);
        expect(coverWhole(leg("-2"), [offer("b", 101, "2.03")]), "less than that").to.equal(undefined);
        // The better one alone would do for the size of now, but not for a second later.
        expect(brief(coverWhole(leg("-2"), [offer("a", 102, "2"), offer("b", 101, "1")]))).to.deep.equal([
            ["a", 1.96, false],
            ["b", 0.04, true],
        ]);
        expect(coverWhole(leg("-2"), []), "nobody").to.equal(undefined);
    });

    it("should know which part is covered, and fill no unit twice", () => {
        const offers = [offer("a", 102, "1.02")];
        expect(coveredE18([leg("-2")], offers), "a half").to.equal(E18 / 2n);
        expect(coveredE18([leg("-1")], offers), "all, and no more than all").to.equal(E18);
        const first = coverWhole(leg("-0.5"), offers)!;
        const spoken = spokenWith(new Map(), first);
        expect(spoken.get("a"), "with what it may grow by").to.equal((51n * E18) / 100n);
        expect(coverWhole(leg("-0.6"), offers, spoken), "the rest does not reach").to.equal(undefined);
        expect(brief(coverWhole(leg("-0.5"), offers, spoken)), "but for this").to.deep.equal([["a", 0.5, true]]);
        expect(brief(coverMost(leg("-9"), offers, spoken)), "as for that").to.deep.equal([["a", 0.51, false]]);
    });

    it("should add up to the leg and stay within what is left, whatever the quotes", () => {
        const some = fc.array(fc.record({price: fc.integer({min: 1, max: 9}), left: fc.integer({min: 1, max: 900})}), {
            maxLength: 8,
        });
        fc.assert(
            fc.property(some, fc.integer({min: 1, max: 1000}), fc.boolean(), (quotes, cents, sells) => {
                const offers = quotes.map(({price, left}, n) => offer(String(n), price, String(left / 100)));
                const sizeE18 = (BigInt(cents) * E18) / 100n;
                const whole = coverWhole({instrument: BTC, sizeE18: sells ? -sizeE18 : sizeE18}, offers);
                if (whole === undefined) {
                    const alone = offers.filter(({leftE18}) => leftE18 * 50n >= sizeE18 * 51n);
                    expect(alone, "no quote would do alone").to.deep.equal([]);
                    return;
                }
                expect(
                    whole.reduce((sum, {unitsE18}) => sum + unitsE18, 0n),
                    "sum",
                ).to.equal(sizeE18);
                expect(
                    whole.map(({isRest}) => isRest),
                    "one rest, the last",
                ).to.deep.equal([...whole.slice(1).map(() => false), true]);
                for (const {offer: one, unitsE18} of whole) {
                    expect(unitsE18 > 0n && unitsE18 <= one.leftE18, "within").to.equal(true);
                }
            }),
        );
    });
});
