/** Prices as they come in: writes feeds, publishes surfaces, and knows what every instrument is worth. */
import {Contract} from "ethers";

import {FEED_ABI} from "../chain/contracts.js";
import {modelMarket} from "../oracle/model.js";
import type {ModelInput} from "../oracle/model.js";
import {buildReports, surfaceKey, towards} from "../oracle/reports.js";
import {decodeInstrument, ONE_E18, parseE18, parseFixed, signReport, surfaceDomain} from "../sdk/index.js";
import type {InstrumentId, Surface} from "../sdk/index.js";
import {abs, lnRatioE18, mulDivDown, mulDown, mulFloor, sqrtE18} from "../sdk/math/index.js";
import {black76, svi} from "../sdk/risk/index.js";
import type {PriceBar} from "./priceFile.js";
import type {World} from "./world.js";

const FEED_DECIMALS = 8;
const COINS = [1000, 1001];
/** Coins are quoted every so many bars; their feeds may be a day old. */
const COIN_EVERY = 12;
const BASE_VOL: Readonly<Record<number, string>> = {1: "0.65", 2: "0.80"};
const UNDERLYINGS = [1, 2] as const;
/** Weight of a new hour in the moving average of about a day. */
const RECENT_WEIGHT_E18 = parseE18("0.06");
const STRIKE_SCALE = 10n ** 10n;
/** Signatures that the local network asks for. */
const SIGNATURES = 2;

/** The local network takes a larger move since the last look only after it stood for a while. */
const MAX_JUMP_E18 = parseE18("0.35");
const CONFIRM_SECONDS = 330;

type Prices = Readonly<Record<number, bigint>>;

/** What the local network's feeds say before the first bar. */
const BEFORE_FIRST: Prices = {1: parseE18("8000"), 2: parseE18("200")};

const isJump = (before: bigint, now: bigint): boolean => abs(now - before) * ONE_E18 > before * MAX_JUMP_E18;

export type DemoMarket = {
    readonly expiries: readonly number[];
    /** Writes the prices of one bar and the surfaces that go with them. */
    write(bar: PriceBar, index: number): Promise<void>;
    spotE18(underlying: number): bigint;
    /** Fair price of an instrument now. */
    fairE18(instrument: InstrumentId): bigint;
    /** Surfaces as published, by expiry. */
    surfaces(underlying: number): readonly (readonly [number, Surface])[];
    /** Annual volatility at the money of an expiry. */
    volE18(underlying: number, expiry: number): bigint;
};

type State = {spot: Prices; last: Prices; recent: Prices; readonly surfaces: Map<string, Surface>};

function advance(state: State, bar: PriceBar): void {
    const spot: Prices = {1: parseE18(bar.BTC), 2: parseE18(bar.ETH)};
    state.last = Object.keys(state.spot).length === 0 ? spot : state.spot;
    const recent = UNDERLYINGS.map((id): [number, bigint] => {
        const before = state.recent[id] ?? spot[id] ?? 0n;
        return [id, before + mulFloor((spot[id] ?? 0n) - before, RECENT_WEIGHT_E18)];
    });
    state.spot = spot;
    state.recent = Object.fromEntries(recent);
}

function inputOf({spot, last, recent}: State, underlying: number): ModelInput {
    const zero = 0n;
    return {
        underlying,
        spotE18: spot[underlying] ?? zero,
        lastE18: last[underlying] ?? zero,
        recentE18: recent[underlying] ?? zero,
        baseVolE18: parseE18(BASE_VOL[underlying] ?? "0"),
    };
}

async function pushPrices(world: World, state: State, bar: PriceBar, index: number): Promise<void> {
    const deployer = world.signer(0);
    const push = async (feedId: number, answer: bigint): Promise<void> => {
        const feed = new Contract(world.deployment.feeds[String(feedId)] ?? "", FEED_ABI, deployer);
        await world.done(feed.getFunction("pushRound").send(answer, bar.time, world.gas()));
    };
    world.moveTo(bar.time);
    for (const id of UNDERLYINGS) await push(id, mulDivDown(state.spot[id] ?? 0n, 1n, STRIKE_SCALE));
    if (index % COIN_EVERY === 0) for (const id of COINS) await push(id, parseFixed("1", FEED_DECIMALS));
    const [signer] = world.wallets;
    if (signer === undefined) throw new Error("There is no wallet");
    const poke = async (): Promise<void> => {
        for (const id of UNDERLYINGS) await world.done(world.as(signer).priceOracle.poke(id, world.gas()));
    };
    await poke();
    const before = index === 0 ? BEFORE_FIRST : state.last;
    if (!UNDERLYINGS.some((id) => isJump(before[id] ?? 0n, state.spot[id] ?? 0n))) return;
    world.moveTo(bar.time + CONFIRM_SECONDS);
    await poke();
}

async function publish(world: World, state: State, expiries: readonly number[], bar: PriceBar): Promise<void> {
    const {deployment, wallets} = world;
    const market = modelMarket(
        bar.time,
        expiries,
        UNDERLYINGS.map((id) => inputOf(state, id)),
    );
    const bounds = {
        maxAgeSeconds: 7200,
        maxRatioStepE18: parseE18("0.05"),
        minRatioE18: parseE18("0.5"),
        maxRatioE18: parseE18("2"),
        maxVolStepE18: ONE_E18,
    };
    const reports = buildReports(market).map((report) =>
        towards(report, state.surfaces.get(surfaceKey(report.underlying, report.expiry)), bounds),
    );
    if (reports.length === 0) return;
    const domain = surfaceDomain(BigInt(deployment.chainId), deployment.contracts.surfaceOracle);
    const signers = wallets
        .filter(({address}) => deployment.actors.surfaceSigners.includes(address))
        .slice(0, SIGNATURES);
    const signed = await Promise.all(reports.map((report) => signReport(signers, domain, report)));
    const [sender] = wallets;
    if (sender === undefined) throw new Error("There is no wallet");
    const signatures = signed.map((one) => [...one.signatures]);
    await world.done(world.as(sender).surfaceOracle.publish(reports, signatures, world.gas()));
    for (const {underlying, expiry, surface} of reports) state.surfaces.set(surfaceKey(underlying, expiry), surface);
}

function fairPrice(state: State, instrument: InstrumentId): bigint {
    const {underlying, kind, expiry, strikeE8} = decodeInstrument(instrument);
    const spotE18 = state.spot[underlying] ?? 0n;
    const surface = state.surfaces.get(surfaceKey(underlying, expiry));
    if (kind === "PERP" || surface === undefined) return spotE18;
    const forwardE18 = mulDown(spotE18, surface.forwardRatioE18);
    if (kind === "FUTURE") return forwardE18;
    const strikeE18 = strikeE8 * STRIKE_SCALE;
    const wE18 = sqrtE18(svi.totalVariance(surface, lnRatioE18(strikeE18, forwardE18)));
    return black76.price(black76.terms(kind, forwardE18, strikeE18, surface.discountE18), wE18);
}

export function createMarket(world: World, expiries: readonly number[]): DemoMarket {
    const state: State = {spot: {}, last: {}, recent: {}, surfaces: new Map()};
    return {
        expiries,
        async write(bar, index) {
            advance(state, bar);
            await pushPrices(world, state, bar, index);
            await publish(world, state, expiries, bar);
        },
        spotE18: (underlying) => state.spot[underlying] ?? 0n,
        fairE18: (instrument) => fairPrice(state, instrument),
        surfaces: (underlying) =>
            expiries.flatMap((expiry) => {
                const surface = state.surfaces.get(surfaceKey(underlying, expiry));
                return surface === undefined ? [] : [[expiry, surface] as const];
            }),
        volE18(underlying, expiry) {
            const surface = state.surfaces.get(surfaceKey(underlying, expiry));
            if (surface === undefined) return 0n;
            const yearsE18 = mulDivDown(BigInt(expiry - surface.publishedAt), ONE_E18, 31_536_000n);
            return svi.volatility(surface, 0n, yearsE18);
        },
    };
}
