import {expect} from "chai";

import {FitError} from "../../../scripts/oracle/fit/failures.js";
import {judge} from "../../../scripts/oracle/judge.js";
import type {Tolerance} from "../../../scripts/oracle/judge.js";
import {flatSmile} from "../../../scripts/oracle/market.js";
import type {Market} from "../../../scripts/oracle/market.js";
import {planReports} from "../../../scripts/oracle/publisher.js";
import type {OracleState} from "../../../scripts/oracle/publisher.js";
import {buildReports, surfaceKey} from "../../../scripts/oracle/reports.js";
import type {Surface, SurfaceReport} from "../../../scripts/sdk/surfaces.js";

const E18 = 10n ** 18n;
const DAY = 86_400;
const START = Date.UTC(2030, 2, 1, 8) / 1000;
const WEEK = START + 7 * DAY;
const MONTH = START + 28 * DAY;

const percent = (figure: bigint): bigint => (figure * E18) / 100n;

const TOLERANCE: Tolerance = {
    forwardE18: E18 / 500n,
    discountE18: E18 / 200n,
    volE18: percent(2n),
    maxMarketAgeSeconds: 300,
    maxApartSeconds: 60,
};

function marketAt(time: number, volE18: bigint, expiries = [WEEK, MONTH]): Market {
    return {
        time,
        underlyings: [
            {
                underlying: 1,
                spotE18: 50_000n * E18,
                expiries: expiries.map((expiry) => ({
                    expiry,
                    forwardE18: 50_001n * E18,
                    discountE18: E18,
                    smile: {...flatSmile(volE18, expiry - time), bE18: E18 / 100n, rhoE18: -E18 / 4n},
                })),
            },
        ],
    };
}

function stateAt(now: number, reports: readonly SurfaceReport[] = []): OracleState {
    return {
        domain: {},
        bounds: {
            maxAgeSeconds: 900,
            maxRatioStepE18: E18 / 50n,
            minRatioE18: E18 / 2n,
            maxRatioE18: 2n * E18,
            maxVolStepE18: E18 / 5n,
        },
        threshold: 2,
        accepted: new Map(reports.map(({underlying, expiry, surface}) => [surfaceKey(underlying, expiry), surface])),
        now,
    };
}

const own = marketAt(START, percent(60n));
const [week, month] = buildReports(own);
const changed = (changes: Partial<Surface>, report = week!): SurfaceReport => ({
    ...report,
    surface: {...report.surface, ...changes},
});
const codes = (reports: readonly SurfaceReport[], market = own, state = stateAt(START)): (string | undefined)[] =>
    judge(reports, market, state, TOLERANCE).map((refusal) => refusal?.code);

describe("oracle: what a co-signer signs", () => {
    it("should sign what its own market says", () => {
        expect(codes([week!, month!])).to.deep.equal([undefined, undefined]);
    });

    it("should sign what is as far off as it may be, and no further", () => {
        const ratio = week!.surface.forwardRatioE18;
        expect(codes([changed({forwardRatioE18: ratio + (ratio * 19n) / 10_000n})]), "forward").to.deep.equal([
            undefined,
        ]);
        expect(codes([changed({discountE18: E18 - E18 / 200n})]), "discount").to.deep.equal([undefined]);
        const [near] = buildReports(marketAt(START, percent(61n)));
        expect(codes([near!]), "a volatility point").to.deep.equal([undefined]);
        const [far] = buildReports(marketAt(START, percent(63n)));
        expect(codes([far!]), "three points").to.deep.equal(["vol-apart"]);
    });

    for (const [code, report] of [
        ["forward-apart", changed({forwardRatioE18: (week!.surface.forwardRatioE18 * 1003n) / 1000n})],
        ["discount-apart", changed({discountE18: E18 - E18 / 100n})],
        // Level at the money, and a wing that nobody quotes.
        ["vol-apart", changed({bE18: E18 / 10n, aE18: week!.surface.aE18 - (E18 / 10n - E18 / 100n) / 10n})],
        ["no-own-surface", {...changed({}), expiry: WEEK + DAY}],
        ["time-apart", changed({publishedAt: START - 61})],
        ["butterfly", changed({rhoE18: E18})],
    ] as const) {
        it(`should refuse with ${code}, and say the values`, () => {
            const [refusal] = judge([report], own, stateAt(START), TOLERANCE);
            expect(refusal?.code, refusal?.message).to.equal(code);
            expect(Object.keys(refusal?.details ?? {}).length, "values").to.be.above(0);
        });
    }

    it("should refuse one report and sign the other", () => {
        expect(codes([changed({discountE18: E18 - E18 / 100n}), month!])).to.deep.equal(["discount-apart", undefined]);
    });

    it("should refuse a batch whole that breaks a rule of the oracle", () => {
        expect(codes([changed({discountE18: 0n}), month!])).to.deep.equal(["discount", "discount"]);
    });

    it("should refuse while its own market is old", () => {
        const later = START + 301;
        const fresh = buildReports(marketAt(later, percent(60n)));
        expect(codes(fresh, own, stateAt(later))).to.deep.equal(["own-market-old", "own-market-old"]);
    });

    it("should say why it has no surface of its own", () => {
        const error = new FitError("fit-few", "4 strikes have bid and ask, a smile needs 5");
        const market = {...marketAt(START, percent(60n), [MONTH]), omitted: [{underlying: 1, expiry: WEEK, error}]};
        const [refusal] = judge([week!], market, stateAt(START), TOLERANCE);
        expect(refusal?.message, "message").to.include("fit-few: 4 strikes");
    });

    it("should agree half-way with a proposer that walks to the same place in steps", () => {
        const state = stateAt(START + 10, buildReports(own));
        const {reports, limited} = planReports(marketAt(START + 10, percent(150n)), state);
        expect(limited, "a step short of the target").to.equal(true);
        expect(codes(reports, marketAt(START + 8, percent(150n)), state)).to.deep.equal([undefined, undefined]);
        expect(codes(reports, marketAt(START + 8, percent(60n)), state), "a market that did not move").to.deep.equal([
            "vol-apart",
            "vol-apart",
        ]);
    });
});
