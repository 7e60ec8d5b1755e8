/**
 * Random books against a second reading of the margin model: doubles, written from the formulas, sharing no code with the
 * contracts or the SDK beyond the ids of instruments.
 */
import {expect} from "chai";
import {network} from "hardhat";

import * as risk from "../fixture.js";
import {book, BTC, days, e18, ETH, num} from "../fixture.js";

const {ethers, networkHelpers} = await network.create(risk.RISK_CHAIN);

const BOOKS = 100;
/** Of gross: what the table of the normal distribution costs. */
const TOLERANCE = 2e-9;
/** Entered for more than any legs drawn are worth: what is withheld of profits has tests of its own. */
const ENTRY = 1e7;
const YEAR = 365;

type Name = typeof BTC | typeof ETH;
type Kind = "perp" | "future" | "call" | "put";
interface Leg {
    readonly underlying: Name;
    readonly kind: Kind;
    readonly expiry: number;
    readonly strike: number;
    readonly size: number;
}
interface Smile {
    readonly a: number;
    readonly b: number;
    readonly rho: number;
    readonly m: number;
    readonly s: number;
    readonly ratio: number;
    readonly discount: number;
}

const EXPIRIES = [days(2), days(30), days(160)];
const PUBLISHED = risk.START - 1800;
const RANGE = {[BTC]: 0.16, [ETH]: 0.18};
const RISE = {[BTC]: 0.6, [ETH]: 0.5};
const SIGMA_DAY = {[BTC]: 0.04, [ETH]: 0.05};
const ADV = {[BTC]: 2e9, [ETH]: 1e9};
const MARK = {[BTC]: 1.001, [ETH]: 0.999};
const FUNDING = {[BTC]: 35.5, [ETH]: -1.25};
/** Seeded numbers in [0, 1): a 32-bit mixing generator. */
function random(seed: number): () => number {
    let state = seed;
    return () => {
        state = (state + 0x6d2b79f5) | 0;
        let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
        mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
        return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
    };
}

const smileOf = (underlying: Name, expiry: number): Smile => {
    const years = (expiry - PUBLISHED) / 86_400 / YEAR;
    const variance = (underlying === BTC ? 0.55 : 0.7) ** 2 * years;
    return {
        a: variance / 2,
        b: variance * 2,
        rho: -0.25,
        m: 0.01,
        s: 0.25,
        ratio: 1 + 0.05 * years,
        discount: 1 - 0.03 * years,
    };
};

/** Cumulative normal by the continued fraction and the series of erfc, to double precision. */
function cdf(x: number): number {
    const z = Math.abs(x);
    if (z > 37) return x > 0 ? 1 : 0;
    let tail: number;
    if (z < 3.5) {
        let [term, sum] = [z, z];
        for (let k = 1; k < 200 && Math.abs(term) > 1e-18; k++) {
            term *= (z * z) / (2 * k + 1);
            sum += term;
        }
        tail = 0.5 - (sum * Math.exp((-z * z) / 2)) / Math.sqrt(2 * Math.PI);
    } else {
        let fraction = 0;
        for (let k = 120; k > 0; k--) fraction = k / (z + fraction);
        tail = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI) / (z + fraction);
    }
    return x > 0 ? 1 - tail : tail;
}

const black = (kind: Kind, forward: number, strike: number, w: number): number => {
    const d1 = Math.log(forward / strike) / w + w / 2;
    const callValue = forward * cdf(d1) - strike * cdf(d1 - w);
    return kind === "call" ? callValue : callValue - forward + strike;
};

interface Priced {
    readonly value: number;
    readonly delta: number;
    readonly at: (move: number, vol: "up" | "down") => number;
}

function price({underlying, kind, expiry, strike}: Leg, now: number): Priced {
    const spot = risk.SPOT[underlying];
    if (kind === "perp") {
        const mark = spot * MARK[underlying];
        return {value: mark, delta: 1, at: (move) => mark * (1 + move)};
    }
    const smile = smileOf(underlying, expiry);
    const forward = spot * smile.ratio;
    if (kind === "future") return {value: forward, delta: 1, at: (move) => forward * (1 + move)};
    const k = Math.log(strike / forward);
    const total = smile.a + smile.b * (smile.rho * (k - smile.m) + Math.sqrt((k - smile.m) ** 2 + smile.s ** 2));
    const vol = Math.sqrt(total / ((expiry - PUBLISHED) / 86_400 / YEAR));
    const inDays = (expiry - now) / 86_400;
    const root = Math.sqrt(inDays / YEAR);
    const scale = (30 / Math.max(inDays, 1)) ** (inDays < 30 ? 0.3 : 0.35);
    const up = Math.max(vol * (1 + RISE[underlying] * scale), 0.5);
    const down = Math.max(vol * Math.max(1 - 0.3 * scale, 0), 0.01);
    const w = vol * root;
    const d1 = -k / w + w / 2;
    return {
        value: smile.discount * black(kind, forward, strike, w),
        delta: smile.discount * (kind === "call" ? cdf(d1) : cdf(d1) - 1),
        at: (move, state) =>
            smile.discount * black(kind, forward * (1 + move), strike, (state === "up" ? up : down) * root),
    };
}

function grid(underlying: Name): {move: number; vol: "up" | "down"; weight: number}[] {
    const range = RANGE[underlying];
    const step = -Math.log(1 - range) / 4;
    const regular = [-4, -3, -2, -1, 0, 1, 2, 3, 4].flatMap((j) =>
        (["up", "down"] as const).map((vol) => ({move: Math.exp(j * step) - 1, vol, weight: 1})),
    );
    const tails = [-0.66, -0.33, 0.5, 1, 2, 4].map((move) => ({
        move,
        vol: "up" as const,
        weight: range / Math.abs(move),
    }));
    return [...regular, ...tails];
}

const weightOf = (value: number): number => Math.min(1, 1.1 / (2e-5 * Math.sqrt(value) + 1));

/** Worst loss over prices of an expiry: at 0, at the strikes, far to the right. */
function worstOf(legs: readonly Leg[], now: number): number {
    const [first] = legs;
    if (first === undefined) return 0;
    const isPerp = first.kind === "perp";
    const {ratio, discount} = isPerp
        ? {ratio: MARK[first.underlying], discount: 1}
        : smileOf(first.underlying, first.expiry);
    const forward = risk.SPOT[first.underlying] * ratio;
    const payoff = (x: number): number =>
        legs.reduce((sum, {kind, size, strike}) => {
            if (kind === "perp" || kind === "future") return sum + size * x;
            return sum + discount * size * Math.max(kind === "call" ? x - strike : strike - x, 0);
        }, 0);
    const value = legs.reduce((sum, leg) => sum + leg.size * price(leg, now).value, 0);
    const slope = payoff(1e12) - payoff(1e12 - 1e9);
    const prices = [0, ...legs.map(({strike}) => strike), ...(slope < 0 ? [5 * forward] : [])];
    return Math.max(value - Math.min(...prices.map(payoff)), 0);
}

function underlyingRisk(underlying: Name, all: readonly Leg[], held: number, now: number) {
    const spot = risk.SPOT[underlying];
    const legs = all.filter((leg) => leg.underlying === underlying);
    const credited = held * weightOf(held * spot);
    const priced = legs.map((leg) => ({leg, ...price(leg, now)}));
    const losses = grid(underlying).map(({move, vol, weight}) => {
        const change = priced.reduce((sum, {leg, value, at}) => sum + leg.size * (at(move, vol) - value), 0);
        return -weight * (change + credited * spot * move);
    });
    const isolated =
        [...priced.map(({leg, value, at}) => (move: number, vol: "up" | "down") => leg.size * (at(move, vol) - value)), (move: number) => credited * spot * move] // prettier-ignore
            .map((change) => Math.max(0, ...grid(underlying).map(({move, vol, weight}) => -weight * change(move, vol))))
            .reduce((a, b) => a + b, 0);
    const traded = priced.reduce((sum, {leg, delta}) => sum + leg.size * delta, 0);
    const gross = priced.reduce((sum, {leg, delta}) => sum + Math.abs(leg.size * delta), credited);
    const net = Math.abs(traded + credited);
    const expiries = [...new Set(legs.map(({expiry}) => expiry))];
    const roll = expiries
        .map((expiry) => {
            const delta = priced.reduce((sum, p) => sum + (p.leg.expiry === expiry ? p.leg.size * p.delta : 0), 0);
            const years = expiry === 0 ? 0 : (expiry - now) / 86_400 / YEAR;
            return Math.abs(delta) * spot * Math.max(0.01, 0.075 * years);
        })
        .reduce((a, b) => a + b, 0);
    const shorts = legs.filter(({kind, size}) => size < 0 && (kind === "call" || kind === "put"));
    const floorShort = 0.01 * spot * shorts.reduce((sum, {size}) => sum - size, 0);
    const floorDelta = (0.02 * net + (0.01 * (gross - net)) / 2) * spot;
    const x = net * spot;
    const concentration = 0.5 * 0.0005 * x + SIGMA_DAY[underlying] * x * Math.sqrt(x / ADV[underlying]);
    const worst = expiries
        .map((expiry) =>
            worstOf(
                legs.filter((leg) => leg.expiry === expiry),
                now,
            ),
        )
        .reduce((a, b) => a + b, 0);
    const cap = worst + Math.max(...grid(underlying).map(({move, weight}) => -weight * credited * spot * move), 0);
    const extra = (scan: number): number =>
        Math.min(Math.max(roll, floorDelta - scan, floorShort - scan) + concentration, Math.max(cap - scan, 0));
    const value = priced.reduce((sum, p) => sum + p.leg.size * p.value, 0);
    const perps = legs.filter(({kind}) => kind === "perp").reduce((sum, {size}) => sum + size, 0);
    return {
        losses,
        scan: Math.max(0, ...losses),
        isolated,
        extra,
        equity: value - perps * FUNDING[underlying] + credited * spot,
        gross: priced.reduce((sum, {leg}) => sum + Math.abs(leg.size) * spot, credited * spot),
    };
}

describe("RiskEngine against a second reading of the margin model", () => {
    async function fixture() {
        const all = await risk.riskFixture(ethers);
        for (const underlying of [BTC, ETH] as const) {
            await all.market.setPerp(underlying, e18(MARK[underlying]), e18(FUNDING[underlying]));
            for (const expiry of EXPIRIES) {
                const {a, b, rho, m, s, ratio, discount} = smileOf(underlying, expiry);
                const fixed = (value: number): bigint => e18(value.toFixed(18));
                await all.market.setSurface(underlying, expiry, {
                    publishedAt: PUBLISHED,
                    forwardRatioE18: fixed(ratio),
                    discountE18: fixed(discount),
                    aE18: fixed(a),
                    bE18: fixed(b),
                    rhoE18: fixed(rho),
                    mE18: fixed(m),
                    sigmaE18: fixed(s),
                });
            }
        }
        return all;
    }

    function draw(next: () => number): {legs: Leg[]; held: Record<Name, number>; cash: number} {
        const count = 1 + Math.floor(next() * 10);
        const legs = new Map<string, Leg>();
        for (let i = 0; i < count; i++) {
            const underlying: Name = next() < 0.5 ? BTC : ETH;
            const kind = (["perp", "future", "call", "call", "put", "put"] as const)[Math.floor(next() * 6)] ?? "perp";
            const expiry = kind === "perp" ? 0 : (EXPIRIES[Math.floor(next() * 3)] ?? 0);
            const isOption = kind === "call" || kind === "put";
            const strike = isOption ? Math.round(risk.SPOT[underlying] * (0.5 + next() * 1.2)) : 0;
            const size = Number(((next() - 0.5) * 40).toFixed(6));
            legs.set([underlying, kind, expiry, strike].join(), {underlying, kind, expiry, strike, size});
        }
        const held = (limit: number): number => (next() < 0.5 ? 0 : Number((next() * limit).toFixed(6)));
        return {
            legs: [...legs.values()],
            held: {[BTC]: held(30), [ETH]: held(500)},
            cash: Math.round((next() - 0.3) * 1e6),
        };
    }

    const instrument = ({underlying, kind, expiry, strike}: Leg): bigint => {
        if (kind === "perp") return risk.perp(underlying);
        if (kind === "future") return risk.future(underlying, expiry);
        return kind === "call" ? risk.call(underlying, expiry, strike) : risk.put(underlying, expiry, strike);
    };

    it(`should agree within ${TOLERANCE} of gross on ${BOOKS} books, under both models`, async () => {
        const {engine} = await networkHelpers.loadFixture(fixture);
        const now = await networkHelpers.time.latest();
        const next = random(20_300_104);
        let worst = 0;
        for (let i = 0; i < BOOKS; i++) {
            const {legs, held, cash} = draw(next);
            const parts = ([BTC, ETH] as const).map((underlying) =>
                underlyingRisk(underlying, legs, held[underlying], now),
            );
            const joint = Math.max(
                0,
                ...grid(BTC).map((_, s) => parts.reduce((sum, {losses}) => sum + (losses[s] ?? 0), 0)),
            );
            const scans = parts.reduce((sum, {scan}) => sum + scan, 0);
            const reserve = 5 + 0.25 * legs.length;
            const netted =
                0.4 * joint + 0.6 * scans + parts.reduce((sum, {extra, scan}) => sum + extra(scan), 0) + reserve;
            const apart = parts.reduce((sum, {extra, isolated}) => sum + isolated + extra(isolated), 0) + reserve;
            const equity = cash - 2 * ENTRY + parts.reduce((sum, part) => sum + part.equity, 0);
            const gross = parts.reduce((sum, part) => sum + part.gross, 0);
            for (const [model, expected] of [
                [0, netted],
                [1, apart],
            ] as const) {
                const {equityE18, initialE18, maintenanceE18} = await engine.assessBook(
                    book({
                        model,
                        cash,
                        collateral: [
                            [risk.WETH, held[ETH]],
                            [risk.WBTC, held[BTC]],
                        ],
                        quotes: [
                            [BTC, -ENTRY],
                            [ETH, -ENTRY],
                        ],
                        legs: legs.map((leg) => [instrument(leg), leg.size.toFixed(6)] as const),
                    }),
                );
                const errors = [
                    num(equityE18) - equity,
                    num(maintenanceE18) - expected,
                    num(initialE18) - expected / 0.8,
                ].map((error) => Math.abs(error) / gross);
                worst = Math.max(worst, ...errors);
                expect(Math.max(...errors), `book ${i}, model ${model}: ${JSON.stringify(legs)}`).to.be.at.most(
                    TOLERANCE,
                );
            }
        }
        expect(worst, "two readings in different arithmetic are never the same").to.be.greaterThan(0);
    });
});
