import {expect} from "chai";
import {network} from "hardhat";

import {readOracle, surfaceSender} from "../../../scripts/oracle/chain.js";
import {SurfaceError} from "../../../scripts/oracle/failures.js";
import {flatSmile, parseMarket} from "../../../scripts/oracle/market.js";
import type {Market} from "../../../scripts/oracle/market.js";
import {prepare, publishOnce} from "../../../scripts/oracle/publisher.js";
import type {OracleState} from "../../../scripts/oracle/publisher.js";
import {atmVolatility, buildReports, checkReports, surfaceKey, towards} from "../../../scripts/oracle/reports.js";
import type {Surface, SurfaceReport} from "../../../scripts/sdk/surfaces.js";
import {reportDigest} from "../../../scripts/sdk/surfaces.js";

const {ethers, networkHelpers} = await network.create();
const {time, loadFixture} = networkHelpers;

const E18 = 10n ** 18n;
const DAY = 86_400;
const START = Date.UTC(2030, 2, 1, 8) / 1000;
const WEEK = START + 7 * DAY;
const MONTH = START + 28 * DAY;
const BOUNDS = {
    maxAgeSeconds: 900,
    maxRatioStepE18: E18 / 50n,
    minRatioE18: E18 / 2n,
    maxRatioE18: 2n * E18,
    maxVolStepE18: E18 / 5n,
};

const percent = (figure: bigint): bigint => (figure * E18) / 100n;

/** One volatility for both expiries of both underlyings. */
function marketAt(at: number, volE18: bigint, spotE18 = 50_000n * E18): Market {
    return {
        time: at,
        underlyings: [1, 2].map((underlying) => ({
            underlying,
            spotE18,
            expiries: [WEEK, MONTH].map((expiry) => ({
                expiry,
                forwardE18: spotE18 + E18,
                discountE18: E18,
                smile: {...flatSmile(volE18, expiry - at), bE18: E18 / 100n, rhoE18: -E18 / 4n},
            })),
        })),
    };
}

const reportOf = (market: Market): SurfaceReport => buildReports(market)[0]!;
const codeOf = (act: () => unknown): string => {
    try {
        act();
    } catch (error) {
        if (error instanceof SurfaceError) return error.code;
        throw error;
    }
    return "none";
};

async function codeOfAsync(acting: Promise<unknown>): Promise<string> {
    const outcome = await acting.catch((error: unknown) => error);
    return codeOf(() => {
        if (outcome instanceof Error) throw outcome;
    });
}

describe("surface publisher", () => {
    async function fixture() {
        const [admin, sender, ...keys] = await ethers.getSigners();
        const signers = keys.slice(0, 3);
        const manager = await ethers.deployContract("AccessManager", [admin!.address]);
        const addresses = signers.map(({address}) => address);
        const oracle = await ethers.deployContract("SurfaceOracle", [await manager.getAddress(), addresses, 2, BOUNDS]);
        await time.increaseTo(START);
        const address = await oracle.getAddress();
        const partsFor = (market: () => Market, events: string[] = []) => ({
            market: () => Promise.resolve(market()),
            state: () => readOracle(ethers.provider, address, [1, 2]),
            signers,
            send: surfaceSender(sender!, address),
            log: (event: string) => void events.push(event),
        });
        return {oracle, partsFor};
    }

    describe("buildReports", () => {
        it("should state forwards as ratios, in order, without what has expired", () => {
            const market = marketAt(WEEK, percent(60n));
            const reports = buildReports(market);
            expect(reports.map(({underlying, expiry}) => [underlying, expiry])).to.deep.equal([
                [1, MONTH],
                [2, MONTH],
            ]);
            expect(reports[0]!.surface.forwardRatioE18).to.equal(E18 + E18 / 50_000n);
            expect(reports[0]!.surface.publishedAt).to.equal(WEEK);
            expect(Object.isFrozen(reports)).to.equal(true);
        });
    });

    describe("checkReports", () => {
        const report = reportOf(marketAt(START, percent(60n)));
        const changed = (changes: Partial<Surface>): SurfaceReport => ({
            ...report,
            surface: {...report.surface, ...changes},
        });
        const check = (given: readonly SurfaceReport[], last?: SurfaceReport, now = START): string =>
            codeOf(() =>
                checkReports(
                    given,
                    new Map(last === undefined ? [] : [[surfaceKey(last.underlying, last.expiry), last.surface]]),
                    BOUNDS,
                    now,
                ),
            );

        it("should pass a sound batch", () => {
            expect(check(buildReports(marketAt(START, percent(60n))))).to.equal("none");
        });

        for (const [code, given] of [
            ["time", changed({publishedAt: START + 1})],
            ["time", changed({publishedAt: START - 901})],
            ["discount", changed({discountE18: 0n})],
            ["discount", changed({discountE18: percent(105n) + 1n})],
            ["butterfly", changed({rhoE18: E18})],
            ["forward", changed({forwardRatioE18: BOUNDS.minRatioE18 - 1n})],
            ["volatility", changed({aE18: 0n, bE18: 0n})],
        ] as const) {
            it(`should name the rule "${code}"`, () => {
                expect(check([given])).to.equal(code);
            });
        }

        it("should refuse a report not newer than the accepted one, and steps beyond the bounds", () => {
            const later = changed({publishedAt: START + 1});
            expect(check([report], report)).to.equal("time");
            expect(check([later], report, START + 1)).to.equal("none");
            const ratio = (report.surface.forwardRatioE18 * 103n) / 100n;
            expect(check([changed({publishedAt: START + 1, forwardRatioE18: ratio})], report, START + 1)).to.equal(
                "forward",
            );
            const wild = reportOf(marketAt(START + 1, percent(80n)));
            expect(check([wild], report, START + 1)).to.equal("volatility");
        });

        it("should refuse variance that falls between expiries, and pass over a neighbour too old to count", () => {
            const [near, far] = buildReports(marketAt(START, percent(60n)));
            const low = {...far!, surface: {...far!.surface, aE18: near!.surface.aE18 - 1n}};
            expect(check([near!, low])).to.equal("calendar");
            expect(check([near!], low)).to.equal("calendar");
            const old = {...low, surface: {...low.surface, publishedAt: START - 901}};
            expect(check([near!], old)).to.equal("none");
        });
    });

    describe("towards", () => {
        it("should return a target within reach as it is", () => {
            const [last, next] = [
                reportOf(marketAt(START, percent(60n))),
                reportOf(marketAt(START + 60, percent(65n))),
            ];
            expect(towards(next, last.surface, BOUNDS)).to.deep.equal(next);
            expect(towards(next, undefined, BOUNDS)).to.equal(next);
        });

        for (const vol of [200n, 10n]) {
            it(`should walk to ${vol} % in steps that the rules accept`, () => {
                let last = reportOf(marketAt(START, percent(60n)));
                let steps = 0;
                for (let at = START + 1; at < START + 20; ++at) {
                    const target = reportOf(marketAt(at, percent(vol)));
                    const next = towards(target, last.surface, BOUNDS);
                    const accepted = new Map([[surfaceKey(1, WEEK), last.surface]]);
                    checkReports([next], accepted, BOUNDS, at);
                    last = next;
                    ++steps;
                    if (next.surface.aE18 === target.surface.aE18) break;
                }
                expect(steps).to.be.within(5, 12);
                const target = reportOf(marketAt(START + 1, percent(vol)));
                const distance = atmVolatility(last.surface, WEEK) - atmVolatility(target.surface, WEEK);
                expect(distance < percent(1n) && -distance < percent(1n)).to.equal(true);
            });
        }
    });

    describe("publishOnce", () => {
        it("should bring every surface of the market on chain, signed by as many keys as needed", async () => {
            const {oracle, partsFor} = await loadFixture(fixture);
            const market = marketAt(START, percent(60n));
            const events: string[] = [];
            const publication = await publishOnce(partsFor(() => market, events));
            expect(publication?.limited).to.equal(false);
            for (const {underlying, expiry, surface} of buildReports(market)) {
                expect(await oracle.surface(underlying, expiry)).to.deep.equal(
                    Object.values(surface).map((figure) => BigInt(figure)),
                );
            }
            expect(events).to.deep.equal(["surfaces_published"]);
        });

        it("should reach a market that moved too far in several rounds", async () => {
            const {oracle, partsFor} = await loadFixture(fixture);
            await publishOnce(partsFor(() => marketAt(START, percent(60n))));
            const limited: boolean[] = [];
            for (let at = START + 10; limited.at(-1) !== false; at += 10) {
                await time.increaseTo(at);
                const publication = await publishOnce(partsFor(() => marketAt(at, percent(150n))));
                limited.push(publication!.limited);
            }
            expect(limited.length).to.be.within(4, 8);
            const [aE18, bE18] = [(await oracle.surface(1, WEEK)).aE18, (await oracle.surface(1, WEEK)).bE18];
            expect(aE18 > marketAt(START, percent(149n)).underlyings[0]!.expiries[0]!.smile.aE18).to.equal(true);
            expect(bE18).to.equal(E18 / 100n);
        });

        it("should send nothing when the rules would refuse it, or nothing is left to report", async () => {
            const {partsFor, oracle} = await loadFixture(fixture);
            const events: string[] = [];
            const stale = publishOnce(partsFor(() => marketAt(START - 1_000, percent(60n)), events));
            expect(await codeOfAsync(stale)).to.equal("time");
            await time.increaseTo(MONTH);
            expect(await publishOnce(partsFor(() => marketAt(MONTH, percent(60n)), events))).to.equal(undefined);
            expect(events).to.deep.equal([]);
            expect(await oracle.expiries(1)).to.deep.equal([]);
        });

        it("should refuse to start with fewer keys than signatures needed", async () => {
            const {partsFor} = await loadFixture(fixture);
            const parts = partsFor(() => marketAt(START, percent(60n)));
            expect(await codeOfAsync(prepare({...parts, signers: parts.signers.slice(0, 1)}))).to.equal("signers");
        });

        it("should compute the digest that the oracle checks", async () => {
            const {oracle, partsFor} = await loadFixture(fixture);
            const {domain}: OracleState = await partsFor(() => marketAt(START, E18)).state();
            const report = reportOf(marketAt(START, percent(60n)));
            expect(await oracle.digest(report)).to.equal(reportDigest(domain, report));
        });
    });

    describe("parseMarket", () => {
        const file = (smile: object): string =>
            JSON.stringify({
                now: "2030-03-01T08:00:00Z",
                underlyings: {BTC: {spot: 50000, expiries: {"2030-03-08": {forward: "50010.5", smile}}}},
            });

        it("should read a smile, a flat volatility, numbers and texts", () => {
            const smile = {a: "0.01", b: 0.05, rho: "-0.2", m: 0, sigma: "0.1"};
            const [btc] = parseMarket(file(smile)).underlyings;
            expect(btc).to.deep.equal({
                underlying: 1,
                spotE18: 50_000n * E18,
                expiries: [
                    {
                        expiry: WEEK,
                        forwardE18: (500_105n * E18) / 10n,
                        discountE18: E18,
                        smile: {aE18: E18 / 100n, bE18: E18 / 20n, rhoE18: -E18 / 5n, mE18: 0n, sigmaE18: E18 / 10n},
                    },
                ],
            });
            const flat = reportOf(parseMarket(file({vol: "0.55"})));
            const vol = atmVolatility(flat.surface, WEEK);
            expect(vol > percent(55n) - 10n ** 12n && vol <= percent(55n)).to.equal(true);
        });

        it("should name a field that is wrong", () => {
            expect(() => parseMarket(file({vol: "high"}))).to.throw(
                SurfaceError,
                "underlyings.BTC.expiries.2030-03-08.smile",
            );
            expect(() => parseMarket(JSON.stringify({now: "yesterday", underlyings: {}}))).to.throw(
                SurfaceError,
                "now",
            );
        });
    });
});
