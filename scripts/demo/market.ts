/** Prices as they come in: writes feeds, publishes surfaces, and knows what every instrument is worth. */
import {Contract} from "ethers";

import {FEED_ABI} from "../chain/contracts.js";
import {modelMarket} from "../oracle/model.js";
import {buildReports, surfaceKey, towards} from "../oracle/reports.js";
import {ONE_E18, parseE18, parseFixed, signReport, surfaceDomain} from "../sdk/index.js";
import type {InstrumentId, Surface} from "../sdk/index.js";
import {mulDivDown} from "../sdk/math/index.js";
import type {PriceBar} from "./priceFile.js";
import {advance, fairPrice, inputOf, isJump, NO_PRICES, STRIKE_SCALE, UNDERLYINGS} from "./pricing.js";
import type {Prices, PriceState} from "./pricing.js";
import type {World} from "./world.js";

const FEED_DECIMALS = 8;
const COINS = [1000, 1001];
/** Coins are quoted every so many bars; their feeds may be a day old. */
const COIN_EVERY = 12;
/** Signatures that the local network asks for. */
const SIGNATURES = 2;
const CONFIRM_SECONDS = 330;

/** What the local network's feeds say before the first bar. */
const BEFORE_FIRST: Prices = {1: parseE18("8000"), 2: parseE18("200")};

export type DemoMarket = {
    readonly expiries: readonly number[];
    /** Writes the prices of one bar and the surfaces that go with them. */
    write(bar: PriceBar, index: number): Promise<void>;
    spotE18(underlying: number): bigint;
    /** Fair price of an instrument now. */
    fairE18(instrument: InstrumentId): bigint;
    /** Surfaces as published, by expiry. */
    surfaces(underlying: number): readonly (readonly [number, Surface])[];
};

type State = {prices: PriceState; readonly surfaces: Map<string, Surface>};

async function pushPrices(world: World, {prices: {spot, last}}: State, bar: PriceBar, index: number): Promise<void> {
    const deployer = world.signer(0);
    const push = async (feedId: number, answer: bigint): Promise<void> => {
        const feed = new Contract(world.deployment.feeds[String(feedId)] ?? "", FEED_ABI, deployer);
        await world.done(feed.getFunction("pushRound").send(answer, bar.time, world.gas()));
    };
    world.moveTo(bar.time);
    for (const id of UNDERLYINGS) await push(id, mulDivDown(spot[id] ?? 0n, 1n, STRIKE_SCALE));
    if (index % COIN_EVERY === 0) for (const id of COINS) await push(id, parseFixed("1", FEED_DECIMALS));
    const [signer] = world.wallets;
    if (signer === undefined) throw new Error("There is no wallet");
    const poke = async (): Promise<void> => {
        for (const id of UNDERLYINGS) await world.done(world.as(signer).priceOracle.poke(id, world.gas()));
    };
    await poke();
    const before = index === 0 ? BEFORE_FIRST : last;
    if (!UNDERLYINGS.some((id) => isJump(before[id] ?? 0n, spot[id] ?? 0n))) return;
    world.moveTo(bar.time + CONFIRM_SECONDS);
    await poke();
}

async function publish(world: World, state: State, expiries: readonly number[], bar: PriceBar): Promise<void> {
    const {deployment, wallets} = world;
    const market = modelMarket(
        bar.time,
        expiries,
        UNDERLYINGS.map((id) => inputOf(state.prices, id)),
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

export function createMarket(world: World, expiries: readonly number[]): DemoMarket {
    const state: State = {prices: NO_PRICES, surfaces: new Map()};
    return {
        expiries,
        async write(bar, index) {
            state.prices = advance(state.prices, bar);
            await pushPrices(world, state, bar, index);
            await publish(world, state, expiries, bar);
        },
        spotE18: (underlying) => state.prices.spot[underlying] ?? 0n,
        fairE18: (instrument) => fairPrice(state.prices, state.surfaces, instrument),
        surfaces: (underlying) =>
            expiries.flatMap((expiry) => {
                const surface = state.surfaces.get(surfaceKey(underlying, expiry));
                return surface === undefined ? [] : [[expiry, surface] as const];
            }),
    };
}
