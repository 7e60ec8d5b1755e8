import {
    concentrationCharge,
    crowdedFraction,
    crowdedShare,
    greatestLoss,
    hedgedDeltaFloor,
} from "../reference/charges.js";
import {normalCdf} from "../reference/normal.js";
import {black76, delta76, volatility} from "../reference/options.js";
import {expectNear} from "../support/near.js";

const DAYS = 365;

/** Public figures, so that what everything else is held against is itself held against something. */
describe("differential: the reference against public values", () => {
    it("should give the normal distribution to fifteen digits, tails included", () => {
        const known = [
            [-3, 0.0013498980316300946],
            [-1, 0.15865525393145705],
            [0.5, 0.6914624612740131],
            [2, 0.9772498680518208],
            [-5, 2.86651571879193912e-7],
        ] as const;
        for (const [x, cdf] of known) expectNear(normalCdf(x), cdf, cdf * 1e-14, `cdf(${x})`);
    });

    it("should give the prices of Haug's book", () => {
        const known = [
            ["CALL", 65, 60, 0, 0.08, 0.25, 0.3, 2.1334],
            ["PUT", 95, 100, 0.05, 0.1, 0.5, 0.2, 2.4648],
            ["CALL", 40, 42, 0.08, 0.04, 0.75, 0.35, 5.0975],
        ] as const;
        // Haug's arguments are type, strike, spot, dividend yield, rate, years and volatility.
        const prices = known.map(([kind, first, second, q, r, years, vol, price]) => ({
            kind,
            first,
            second,
            q,
            r,
            years,
            vol,
            price,
        }));
        for (const {kind, first, second, q, r, years, vol, price} of prices) {
            const forward = second * Math.exp((r - q) * years);
            const option = {kind, forward, strike: first, discount: Math.exp(-r * years), w: vol * Math.sqrt(years)};
            expectNear(black76(option), price, 1e-4, `${kind} ${first}`);
        }
    });

    it("should give the prices of Black 1976", () => {
        const known = [
            [60_000, 60_000, 30, 0.6, 4112.364430952128],
            [60_000, 75_000, 7, 0.8, 60.67592255492276],
            [3_000, 3_000, 1, 0.9, 56.37508917630847],
        ] as const;
        for (const [forward, strike, days, vol, price] of known) {
            const option = {kind: "CALL", forward, strike, discount: 1, w: vol * Math.sqrt(days / DAYS)} as const;
            expectNear(black76(option), price, price * 1e-12, `call ${forward}/${strike}`);
            const parity = black76(option) - black76({...option, kind: "PUT"});
            expectNear(parity, forward - strike, forward * 1e-14, `parity ${forward}/${strike}`);
        }
    });

    it("should give deltas that are the slope of the price", () => {
        for (const kind of ["CALL", "PUT"] as const) {
            const option = {kind, forward: 3_000, strike: 3_300, discount: 0.97, w: 0.3};
            const slope = (black76({...option, forward: 3_000.01}) - black76({...option, forward: 2_999.99})) / 0.02;
            expectNear(delta76(option), slope, 1e-9, kind);
        }
    });

    it("should give the volatilities of a public smile", () => {
        const smile = {
            a: 0.027616438356164386,
            b: 0.041424657534246574,
            rho: 0.003452054794520548,
            m: 0.001726027397260274,
            sigma: 0.000345205479452055,
        };
        const years = 0.038356164383561646;
        expectNear(volatility(smile, 1500, 1805, years), 0.9597244734120128, 1e-13, "strike 1500");
        expectNear(volatility(smile, 2400, 1805, years), 1.0133571334275668, 1e-13, "strike 2400");
    });

    it("should give the hedged-delta floor and the rule of crowded open interest", () => {
        const floor = hedgedDeltaFloor(1 - 5 * 0.3, 1 + 5 * 0.3, 70_000, {floorNet: 0.02, floorHedged: 0.01});
        expectNear(floor, 1400, 1e-9, "one perpetual against five calls of delta 0.3");
        const known = [
            [25e6, 0.05],
            [37.5e6, 0.525],
            [50e6, 1],
        ] as const;
        for (const [openInterest, fraction] of known) {
            const scale = crowdedShare(openInterest, {oiLower: 25e6, oiUpper: 50e6});
            expectNear(crowdedFraction(0.05, scale), fraction, 1e-15, `open interest ${openInterest}`);
        }
    });

    it("should give charges one can work out by hand", () => {
        const rules = {spread: 0.001, impact: 1, sigmaDay: 0.04, adv: 1e9};
        expectNear(concentrationCharge(1e7, rules), 5_000 + 40_000, 1e-9, "a hundredth of a day's volume");
        const spread = [
            {kind: "CALL", strike: 100, size: -1},
            {kind: "CALL", strike: 110, size: 1},
        ] as const;
        const terms = {linear: 0, forward: 100, discount: 1};
        expectNear(greatestLoss({...terms, options: spread, value: -4}, 5), 6, 1e-12, "a spread loses its width");
        expectNear(
            greatestLoss({...terms, options: spread.slice(0, 1), value: -4}, 5),
            496,
            1e-12,
            "a naked call loses the price at most, less what it brought",
        );
        expectNear(greatestLoss({...terms, linear: 1, options: [], value: 100}, 5), 100, 1e-12, "a future ends at 0");
    });
});
