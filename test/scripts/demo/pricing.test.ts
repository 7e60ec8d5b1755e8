import {expect} from "chai";

import {advance, fairPrice, inputOf, isJump, NO_PRICES} from "../../../scripts/demo/pricing.js";
import type {PriceState} from "../../../scripts/demo/pricing.js";
import {flatSmile} from "../../../scripts/oracle/market.js";
import {surfaceKey} from "../../../scripts/oracle/reports.js";
import {future, option, parseE18, perp, strike} from "../../../scripts/sdk/index.js";
import type {Surface} from "../../../scripts/sdk/index.js";

const BTC = 1;
const ETH = 2;
const NOW = Date.UTC(2020, 2, 12, 8) / 1000;
const EXPIRY = NOW + 365 * 86_400;
const bar = (btc: string, eth: string): {time: number; BTC: string; ETH: string} => ({time: NOW, BTC: btc, ETH: eth});

describe("demo: pricing", () => {
    describe("advance", () => {
        const first = advance(NO_PRICES, bar("8000", "200"));
        const second = advance(first, bar("7000", "210"));

        it("should take the first bar for all there ever was", () => {
            const prices = {[BTC]: parseE18("8000"), [ETH]: parseE18("200")};
            expect(first, "state after one bar").to.deep.equal({spot: prices, last: prices, recent: prices});
        });

        it("should remember one bar back and move the average by 6 % of the distance", () => {
            expect(second.spot[BTC], "spot").to.equal(parseE18("7000"));
            expect(second.last[BTC], "price one bar ago").to.equal(parseE18("8000"));
            expect(second.recent[BTC], "average after a fall").to.equal(parseE18("7940"));
            expect(second.recent[ETH], "average after a rise").to.equal(parseE18("200.6"));
        });

        it("should leave the state that it was given", () => {
            expect(first.spot[BTC], "spot of the older state").to.equal(parseE18("8000"));
        });

        it("should hand all of it to the volatility rule, with the calm volatility of the underlying", () => {
            expect(inputOf(second, ETH), "input").to.deep.equal({
                underlying: ETH,
                spotE18: parseE18("210"),
                lastE18: parseE18("200"),
                recentE18: parseE18("200.6"),
                baseVolE18: parseE18("0.80"),
            });
            expect(inputOf(second, BTC).baseVolE18, "calm volatility of BTC").to.equal(parseE18("0.65"));
        });
    });

    describe("isJump", () => {
        it("should tell what the feeds believe at once, 35 % either way, from what has to wait", () => {
            const before = parseE18("100");
            expect(isJump(before, parseE18("135")), "just inside, up").to.equal(false);
            expect(isJump(before, parseE18("135") + 1n), "just outside, up").to.equal(true);
            expect(isJump(before, parseE18("65")), "just inside, down").to.equal(false);
            expect(isJump(before, parseE18("65") - 1n), "just outside, down").to.equal(true);
        });
    });

    describe("fairPrice", () => {
        const state: PriceState = {...NO_PRICES, spot: {[BTC]: parseE18("8000")}};
        const surface: Surface = {
            publishedAt: NOW,
            forwardRatioE18: parseE18("1.05"),
            discountE18: parseE18("1"),
            ...flatSmile(parseE18("0.6"), EXPIRY - NOW),
        };
        const surfaces = new Map([[surfaceKey(BTC, EXPIRY), surface]]);
        const at = (text: string): ReturnType<typeof strike> => strike(BigInt(text) * 10n ** 8n);
        const value = (kind: "CALL" | "PUT", text: string): bigint =>
            fairPrice(state, surfaces, option(kind, BTC, EXPIRY, at(text)));

        it("should be spot for a perpetual and the forward for a future", () => {
            expect(fairPrice(state, surfaces, perp(BTC)), "perpetual").to.equal(parseE18("8000"));
            expect(fairPrice(state, surfaces, future(BTC, EXPIRY)), "future").to.equal(parseE18("8400"));
        });

        it("should be Black-76 for an option at the money", () => {
            // 2·N(σ√T / 2) − 1 of the forward, σ = 0.6, T = 1 year: 0.2358228...
            const expected = parseE18("1980.91");
            const difference = value("CALL", "8400") - expected;
            expect(difference < parseE18("0.01") && -difference < parseE18("0.01"), String(difference)).to.equal(true);
        });

        it("should keep call less put at forward less strike", () => {
            for (const text of ["6000", "8400", "11000"]) {
                const parity = value("CALL", text) - value("PUT", text) - (parseE18("8400") - parseE18(text));
                expect(parity >= -2n && parity <= 2n, `parity at ${text} off by ${parity}`).to.equal(true);
            }
        });

        it("should fall back on spot where no surface was ever published", () => {
            expect(fairPrice(state, new Map(), future(BTC, EXPIRY)), "future").to.equal(parseE18("8000"));
        });
    });
});
