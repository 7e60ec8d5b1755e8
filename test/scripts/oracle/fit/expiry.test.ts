import {expect} from "chai";

import {SurfaceError} from "../../../../scripts/oracle/failures.js";
import {blackPrice} from "../../../../scripts/oracle/fit/black.js";
import type {Side} from "../../../../scripts/oracle/fit/black.js";
import {dropFalling} from "../../../../scripts/oracle/fit/calendar.js";
import {fitExpiry} from "../../../../scripts/oracle/fit/expiry.js";
import type {ExpiryBook} from "../../../../scripts/oracle/fit/expiry.js";
import {FitError} from "../../../../scripts/oracle/fit/failures.js";
import {QUOTES} from "../../../../scripts/oracle/fit/quotes.js";
import type {OptionQuote} from "../../../../scripts/oracle/fit/quotes.js";
import {volAt} from "../../../../scripts/oracle/fit/svi.js";
import type {RawSvi} from "../../../../scripts/oracle/fit/svi.js";
import {parseMarket} from "../../../../scripts/oracle/market.js";
import {isAcceptable} from "../../../../scripts/sdk/risk/svi.js";
import type {Smile} from "../../../../scripts/sdk/risk/svi.js";
import {expectNear} from "../../../support/near.js";

const YEARS = 0.05;
const FORWARD = 70_200;
const DISCOUNT = 0.997;
const SVI: RawSvi = {a: 0.002, b: 0.06, rho: -0.3, m: 0.01, sigma: 0.12};
const STRIKES = Array.from({length: 15}, (_, index) => 52_000 + 2_600 * index);

const vol = (strike: number): number => volAt(SVI, Math.log(strike / FORWARD), YEARS);
const inVols = (half = 0.005): OptionQuote[] =>
    STRIKES.map((strike) => ({strike, bidVol: vol(strike) - half, askVol: vol(strike) + half}));

const priceOf = (type: Side, strike: number): number =>
    DISCOUNT * blackPrice(type, FORWARD, strike, vol(strike) * Math.sqrt(YEARS));
const inPrices = (types: readonly Side[] = ["call", "put"], half = 5): OptionQuote[] =>
    STRIKES.flatMap((strike) =>
        types.map((type) => {
            const price = priceOf(type, strike);
            return {strike, type, bid: Math.max(price - half, price / 2), ask: price + half};
        }),
    );

const floats = ({aE18, bE18, rhoE18, mE18, sigmaE18}: Smile): RawSvi => ({
    a: Number(aE18) / 1e18,
    b: Number(bE18) / 1e18,
    rho: Number(rhoE18) / 1e18,
    m: Number(mE18) / 1e18,
    sigma: Number(sigmaE18) / 1e18,
});

function errorOf(act: () => unknown): FitError {
    try {
        act();
    } catch (error) {
        if (error instanceof FitError) return error;
        throw error;
    }
    throw new Error("nothing was thrown");
}

const book = (changes: Partial<ExpiryBook>): ExpiryBook => ({
    years: YEARS,
    quotes: inVols(),
    forward: FORWARD,
    ...changes,
});

describe("oracle: quotes of an expiry", () => {
    describe("fitExpiry", () => {
        it("should take volatilities with the given forward", () => {
            const {forwardE18, discountE18, smile, quality} = fitExpiry(book({discount: 0.99}));
            expect(forwardE18, "forward").to.equal(70_200n * 10n ** 18n);
            expect(discountE18, "discount").to.equal(99n * 10n ** 16n);
            expect(isAcceptable(smile), "the oracle's rule").to.equal(true);
            for (const strike of STRIKES) {
                const fitted = volAt(floats(smile), Math.log(strike / FORWARD), YEARS);
                expectNear(fitted, vol(strike), 1e-6, `volatility at ${strike}`);
            }
            expect(quality.points, "points").to.equal(STRIKES.length);
            expect(quality.outliers, "outliers").to.equal(0);
            expect(quality.inside, "inside").to.equal(1);
            expect(quality.rmsVol, "error").to.be.below(1e-6);
        });

        it("should find forward, discount factor and smile in prices of calls and puts", () => {
            const {forwardE18, discountE18, smile} = fitExpiry(book({quotes: inPrices(), forward: undefined}));
            expectNear(Number(forwardE18) / 1e18, FORWARD, 1, "forward");
            expectNear(Number(discountE18) / 1e18, DISCOUNT, 1e-4, "discount");
            for (const strike of STRIKES) {
                const fitted = volAt(floats(smile), Math.log(strike / FORWARD), YEARS);
                expectNear(fitted, vol(strike), 5e-4, `volatility at ${strike}`);
            }
        });

        it("should find them though one call is far off", () => {
            const quotes = inPrices().map((quote) =>
                quote.strike === STRIKES[3] && quote.type === "call" ? {...quote, bid: 9_000, ask: 9_010} : quote,
            );
            const {forwardE18, discountE18} = fitExpiry(book({quotes, forward: undefined}));
            expectNear(Number(forwardE18) / 1e18, FORWARD, 5, "forward");
            expectNear(Number(discountE18) / 1e18, DISCOUNT, 1e-3, "discount");
        });

        it("should keep to a given discount factor, and to the given forward where one side alone is quoted", () => {
            const fixed = fitExpiry(book({quotes: inPrices(), forward: undefined, discount: DISCOUNT}));
            expectNear(Number(fixed.discountE18) / 1e18, DISCOUNT, 1e-12, "given discount");
            expectNear(Number(fixed.forwardE18) / 1e18, FORWARD, 0.1, "forward");
            const outOfMoney = inPrices().filter(({type, strike}) => (type === "call") === strike >= FORWARD);
            const single = fitExpiry(book({quotes: outOfMoney, discount: DISCOUNT}));
            expectNear(Number(single.forwardE18) / 1e18, FORWARD, 1e-9, "given forward");
        });

        it("should take the forward from a single pair when nothing else is there", () => {
            const pair = STRIKES[6]!;
            const quotes = inPrices().filter(
                ({type, strike}) => strike === pair || (type === "call") === strike >= FORWARD,
            );
            const {forwardE18} = fitExpiry(book({quotes, forward: undefined, discount: DISCOUNT}));
            expectNear(Number(forwardE18) / 1e18, FORWARD, 0.1, "forward");
        });

        it("should leave one-sided quotes aside, and give small ones less weight", () => {
            const half = inVols().map((quote, index) => (index === 2 ? {...quote, bidVol: undefined} : quote));
            expect(fitExpiry(book({quotes: half})).quality.points, "points").to.equal(STRIKES.length - 1);
            const off = (size: number): number => {
                const quotes = inVols().map((quote, index) =>
                    index === 7
                        ? {...quote, size, bidVol: vol(quote.strike) + 0.005, askVol: vol(quote.strike) + 0.015}
                        : {...quote, size: 10},
                );
                const k = Math.log(STRIKES[7]! / FORWARD);
                return volAt(floats(fitExpiry(book({quotes})).smile), k, YEARS) - vol(STRIKES[7]!);
            };
            expect(off(0.1), "pull of a small quote").to.be.below(off(10) / 2);
        });
    });

    describe("failures", () => {
        const failing: readonly (readonly [string, string, Partial<ExpiryBook>, RegExp])[] = [
            [
                "fit-crossed",
                "a bid above its ask",
                {quotes: inVols().map((quote, index) => (index === 4 ? {...quote, bidVol: 2} : quote))},
                /strike 62400 .* bid 2 /,
            ],
            [
                "fit-price",
                "a price above the underlying",
                {quotes: [...inPrices(["call"]), {strike: 90_000, type: "call", bid: 80_000, ask: 81_000}]},
                /call at 90000 worth 80000/,
            ],
            ["fit-forward", "no forward anywhere", {forward: undefined}, /Neither/],
            [
                "fit-forward",
                "a forward that calls and puts deny",
                {quotes: inPrices(), forward: FORWARD * 1.02},
                /71604 is given/,
            ],
            [
                "fit-discount",
                "prices that imply a discount factor above the oracle's greatest",
                {
                    forward: undefined,
                    quotes: inPrices().map((quote) => ({...quote, bid: quote.bid! * 1.2, ask: quote.ask! * 1.2})),
                },
                /discount factor of 1\.19/,
            ],
            ["fit-few", "four strikes", {quotes: inVols().slice(0, 4)}, /4 strikes/],
            [
                "fit-poor",
                "volatilities that make no smile",
                {
                    quotes: inVols().map((quote, index) => {
                        const off = index % 2 === 0 ? 0.15 : -0.15;
                        return {...quote, bidVol: quote.bidVol! + off, askVol: quote.askVol! + off};
                    }),
                },
                /off by 0\.1/,
            ],
            [
                "fit-butterfly",
                "a smile with a negative density",
                {
                    years: 1,
                    quotes: Array.from({length: 25}, (_, index) => {
                        const k = -1.2 + index * 0.1;
                        const vogt: RawSvi = {a: -0.041, b: 0.1331, rho: 0.306, m: 0.3586, sigma: 0.4153};
                        const at = volAt(vogt, k, 1);
                        return {strike: FORWARD * Math.exp(k), bidVol: at, askVol: at};
                    }),
                },
                /negative density at log-strike/,
            ],
            [
                "fit-bounds",
                "more variance than a report can hold",
                {years: 2, quotes: STRIKES.map((strike) => ({strike, bidVol: 2.9, askVol: 2.9}))},
                /does not take/,
            ],
        ];
        for (const [code, what, changes, words] of failing) {
            it(`should name ${code}: ${what}`, () => {
                const error = errorOf(() => fitExpiry(book(changes)));
                expect(error.code, error.message).to.equal(code);
                expect(error.message, "message").to.match(words);
            });
        }

        it("should fit nothing more loosely than asked", () => {
            const quotes = inVols(0.0001).map((quote, index) => {
                const off = index % 2 === 0 ? 0.004 : -0.004;
                return {...quote, bidVol: quote.bidVol! + off, askVol: quote.askVol! + off};
            });
            expect(() => fitExpiry(book({quotes})), "two points allowed").to.not.throw();
            const error = errorOf(() => fitExpiry(book({quotes}), {maxErrorVol: 0.002}));
            expect(error.code, "a fifth of a point allowed").to.equal("fit-poor");
        });
    });

    describe("dropFalling", () => {
        const flat = (aE18: bigint): Smile => ({aE18, bE18: 0n, rhoE18: 0n, mE18: 0n, sigmaE18: 10n ** 17n});
        const entry = (expiry: number, variance: bigint, rmsVol?: number) => {
            const smile = flat(variance * 10n ** 15n);
            if (rmsVol === undefined) return {expiry, smile};
            return {expiry, smile, quality: {points: 9, outliers: 0, rmsVol, worstVol: rmsVol, inside: 1}};
        };
        const kept = (...entries: ReturnType<typeof entry>[]): number[] =>
            dropFalling(entries).kept.map(({expiry}) => expiry);

        it("should keep what rises", () => {
            expect(kept(entry(1, 5n, 0.1), entry(2, 5n, 0.1), entry(3, 6n, 0.1))).to.deep.equal([1, 2, 3]);
        });

        it("should let go of the worse of two, and look again at those who are neighbours then", () => {
            expect(kept(entry(1, 5n, 0.01), entry(2, 4n, 0.02), entry(3, 6n, 0.01)), "later").to.deep.equal([1, 3]);
            expect(kept(entry(1, 5n, 0.01), entry(2, 9n, 0.02), entry(3, 6n, 0.01)), "earlier").to.deep.equal([1, 3]);
            expect(kept(entry(1, 7n, 0.02), entry(2, 9n, 0.03), entry(3, 6n, 0.01)), "both").to.deep.equal([3]);
        });

        it("should never let go of a smile that was given", () => {
            expect(kept(entry(1, 7n), entry(2, 6n, 0.001)), "one given").to.deep.equal([1]);
            expect(kept(entry(1, 7n), entry(2, 6n)), "both given: the oracle's rule names them").to.deep.equal([1, 2]);
        });

        it("should say by how much", () => {
            const [{error} = {error: undefined}] = dropFalling([entry(1, 7n), entry(2, 6n, 0.001)]).dropped;
            expect(error?.code, "code").to.equal("fit-calendar");
            expect(error?.message, "message").to.include("from 0.007 to 0.006");
        });
    });

    describe("parseMarket", () => {
        const NOW = "2030-03-01T08:00:00Z";
        const days = 18.25;
        const file = (expiries: object): string =>
            JSON.stringify({now: NOW, underlyings: {BTC: {spot: 70_000, expiries}}});
        // The figures above are those of 18.25 days.
        const day = (offset: number): string =>
            new Date(Date.parse(NOW) + offset * 86_400_000).toISOString().slice(0, 10);
        const good = {forward: FORWARD, quotes: inVols()};

        it("should fit what is quoted and take what is given", () => {
            const given = {forward: FORWARD, smile: {vol: "0.9"}};
            const [btc] = parseMarket(file({[day(days)]: good, [day(40)]: given})).underlyings;
            const [fitted, flat] = btc!.expiries;
            expect(fitted!.quality?.points, "points of the fit").to.equal(STRIKES.length);
            expect(flat!.quality, "quality of a given smile").to.equal(undefined);
            expect(fitted!.forwardE18, "forward").to.equal(70_200n * 10n ** 18n);
        });

        it("should take the middle of a future for the forward", () => {
            const expiry = {future: {bid: FORWARD - 10, ask: FORWARD + 10}, quotes: inVols()};
            const [btc] = parseMarket(file({[day(days)]: expiry})).underlyings;
            expect(btc!.expiries[0]!.forwardE18, "forward").to.equal(70_200n * 10n ** 18n);
        });

        it("should name an expiry that fails and go on with the others", () => {
            const bad = {...good, quotes: inVols().slice(0, 3)};
            const {underlyings, omitted} = parseMarket(file({[day(days)]: good, [day(40)]: bad}));
            expect(underlyings[0]!.expiries.length, "fitted").to.equal(1);
            expect(
                omitted!.map(({error}) => error.code),
                "left out",
            ).to.deep.equal(["fit-few"]);
        });

        it("should leave out the worse of two expiries between which variance falls", () => {
            const low = inVols().map(({strike}) => ({strike, bidVol: 0.1, askVol: 0.1}));
            const {omitted} = parseMarket(file({[day(days)]: good, [day(20)]: {...good, quotes: low}}));
            expect(
                omitted!.map(({error}) => error.code),
                "left out",
            ).to.deep.equal(["fit-calendar"]);
        });

        it("should pass over what has expired", () => {
            const {underlyings, omitted} = parseMarket(file({[day(-3)]: good, [day(days)]: good}));
            expect(underlyings[0]!.expiries.length, "fitted").to.equal(1);
            expect(omitted, "left out").to.deep.equal([]);
        });

        it("should fail when no expiry has a smile, with every reason", () => {
            const bad = {...good, quotes: inVols().slice(0, 3)};
            try {
                parseMarket(file({[day(days)]: bad, [day(40)]: {quotes: inVols()}}));
                expect.fail("nothing was thrown");
            } catch (error) {
                if (!(error instanceof SurfaceError)) throw error;
                expect(error.code, "code").to.equal("nothing-fitted");
                expect(Object.values(error.details), "reasons").to.have.length(2);
            }
        });

        for (const [words, expiry] of [
            ["a smile or quotes", {forward: FORWARD}],
            ["a smile or quotes", {...good, smile: {vol: 1}}],
            ["a smile needs its forward", {smile: {vol: 1}}],
            ["not a future", {forward: FORWARD, smile: {vol: 1}, future: {bid: 1, ask: 2}}],
            ["a forward or a future", {...good, future: {bid: 1, ask: 2}}],
            ["the bid is above the ask", {quotes: inVols(), future: {bid: 2, ask: 1}}],
            ["prices or volatilities", {...good, quotes: [{strike: 1, type: "call", bid: 1, askVol: 1}]}],
            ["a price needs its type", {...good, quotes: [{strike: 1, bid: 1, ask: 1}]}],
            ["is not a number", {...good, quotes: [{strike: "high", bidVol: 1, askVol: 1}]}],
        ] as const) {
            it(`should refuse a file with words: ${words}`, () => {
                expect(() => parseMarket(file({[day(days)]: expiry}))).to.throw(SurfaceError, words);
            });
        }
    });

    it("should read texts and numbers, and nobody's bid as none", () => {
        const [quote] = QUOTES.parse([{strike: "60000", bidVol: null, askVol: "0.5"}]);
        expect(quote).to.deep.equal({strike: 60_000, bidVol: undefined, askVol: 0.5});
    });
});
