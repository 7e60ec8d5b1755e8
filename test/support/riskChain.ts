/** The risk engine on a test chain, told a random world and asked about many books in one call. */
import {Interface} from "ethers";
import type {BaseContract} from "ethers";
import type {NetworkConnection} from "hardhat/types/network";

import {assessBook, breaches, greeksReport, MARGIN_MODELS, report, VOL_STATES} from "../../scripts/sdk/risk/index.js";
import type {
    Assessment,
    Book,
    ExpiryGreeks,
    LegGreeks,
    Question,
    Report,
    Sensitivities,
    UnderlyingGreeks,
    UnderlyingReport,
    Witness,
} from "../../scripts/sdk/risk/index.js";
import type {BookStruct} from "../../typechain-types/contracts/risk/RiskEngine.js";
import {IRiskEngine__factory} from "../../typechain-types/index.js";
import type {CdfTable, MockMarket, RiskBatch, RiskEngine, RiskParameters} from "../../typechain-types/index.js";
import type {Random} from "./bits.js";
import {witnessOf} from "./books.js";
import {SETTLEMENT_FEED, UNDERLYINGS} from "./worlds.js";
import type {World} from "./worlds.js";

type Connection = Pick<NetworkConnection, "ethers" | "networkHelpers">;

/** What every world shares. */
export type RiskChain = {readonly connection: Connection; readonly table: CdfTable; readonly batch: RiskBatch};

export type ToldWorld = {
    readonly chain: RiskChain;
    readonly world: World;
    readonly market: MockMarket;
    readonly parameters: RiskParameters;
    readonly engine: RiskEngine;
};

/** One book with the two witnesses that the chain is asked about. */
export type Case = {readonly book: Book; readonly strongest: Witness; readonly any: Witness};

/** The same with what the twin reports. */
export type ToldCase = Case & {readonly report: Report};

export type Answered = {readonly success: boolean; readonly data: string};

export async function riskChain(connection: Connection): Promise<RiskChain> {
    const {ethers} = connection;
    return {
        connection,
        table: await ethers.deployContract("CdfTable"),
        batch: await ethers.deployContract("RiskBatch"),
    };
}

/** As the contracts take it. */
export const chainBook = (book: Book): BookStruct => ({
    ...book,
    model: MARGIN_MODELS.indexOf(book.model),
    collateral: [...book.collateral],
    quotes: [...book.quotes],
    positions: [...book.positions],
});

type Call = readonly [target: BaseContract, name: string, args: readonly unknown[]];

function callsOf(world: World, market: MockMarket, parameters: RiskParameters): Call[] {
    const calls: Call[] = [];
    for (const [feedId, priceE18] of world.market.pricesE18) calls.push([market, "setPrice", [feedId, priceE18]]);
    for (const underlying of UNDERLYINGS) {
        const {params, grid} = world.parameters.underlyings.get(underlying)!;
        const quote = world.market.underlyings.get(underlying)!;
        const scenarios = grid.map((scenario) => ({...scenario, vol: VOL_STATES.indexOf(scenario.vol)}));
        calls.push([parameters, "setUnderlying", [underlying, params, scenarios]]);
        calls.push([market, "setPerp", [underlying, world.markRatiosE18.get(underlying), quote.fundingE18]]);
        calls.push([market, "setOpenInterest", [underlying, quote.openInterestE18]]);
        for (const [expiry, surface] of world.surfaces.get(underlying)!) {
            calls.push([market, "setSurface", [underlying, expiry, surface]]);
        }
        for (const [expiry, priceE18] of quote.settlements) {
            calls.push([market, "setSettlement", [underlying, expiry, priceE18]]);
        }
    }
    for (const [group, blendE18] of world.parameters.blendsE18) calls.push([parameters, "setGroup", [group, blendE18]]);
    for (const [assetId, asset] of world.parameters.assets) calls.push([parameters, "setAsset", [assetId, asset]]);
    calls.push([parameters, "setGlobal", [world.parameters.global]]);
    return calls;
}

const FIRST_GLOBAL = {
    initialRatioE18: 8n * 10n ** 17n,
    reserveBaseE18: 0n,
    reservePerPositionE18: 0n,
    settlementFeedId: SETTLEMENT_FEED,
};

/** An engine with parameters and a market of its own; the chain stands at the world's time afterwards. */
export async function tellWorld(chain: RiskChain, world: World): Promise<ToldWorld> {
    const {ethers, networkHelpers} = chain.connection;
    const authority = await ethers.deployContract("AccessManager", [chain.batch]);
    const market = await ethers.deployContract("MockMarket");
    const parameters = await ethers.deployContract("RiskParameters", [authority, market, market, FIRST_GLOBAL]);
    const greeks = await ethers.deployContract("RiskGreeks", [market, market, parameters, chain.table]);
    const models = await ethers.deployContract("RiskModels", [greeks]);
    const engine = await ethers.deployContract("RiskEngine", [models]);
    const calls = callsOf(world, market, parameters);
    const targets = calls.map(([target]) => target);
    const data = calls.map(([target, name, args]) => target.interface.encodeFunctionData(name, args));
    await chain.batch.tell(targets, data);
    await networkHelpers.time.increaseTo(world.market.now);
    return {chain, world, market, parameters, engine};
}

export const questionOf = ({market, parameters}: World, book: Book): Question => ({book, market, parameters});

/** Two witnesses of a book: the strongest, which the twin names, and any other. */
export function caseOf(random: Random, world: World, book: Book): ToldCase {
    const told = report(questionOf(world, book));
    const strongest = {own: told.underlyings.map(({binding}) => binding), joint: told.groupBinding};
    const numbers = told.underlyings.map(({underlying}) => underlying);
    return {book, strongest, any: witnessOf(random, world, numbers, told.groups), report: told};
}

const listed = ({own, joint}: Witness) => ({own: [...own], joint: [...joint]});

export async function ask({chain, engine, market}: ToldWorld, cases: readonly Case[]): Promise<Answered[]> {
    const questions = cases.map(({book, strongest, any}) => ({
        book: chainBook(book),
        strongest: listed(strongest),
        any: listed(any),
    }));
    const results = await chain.batch.ask.staticCall(engine, market, questions);
    return results.map(({success, data}) => ({success, data}));
}

type Shown = ReturnType<typeof breaches>;

/** Everything the twin answers, member by member as the harness does. */
export type Answer = {
    readonly assessment: Assessment;
    readonly whole: Shown;
    readonly strongest: Shown;
    readonly any: Shown;
    readonly report: Omit<Report, "underlyings"> & {readonly underlyings: readonly Omit<UnderlyingReport, "pnlE36">[]};
    readonly greeks: readonly ChainGreeks[];
};

type Sums = {readonly sum: Sensitivities};
type ChainLeg = Pick<LegGreeks, "instrument" | "sizeE18" | "priceE18" | "volE18"> & {readonly whole: Sensitivities};
type ChainExpiry = Pick<ExpiryGreeks, "expiry" | "priceE18"> & Sums & {readonly legs: readonly ChainLeg[]};
type ChainGreeks = Pick<UnderlyingGreeks, "underlying"> & Sums & {readonly expiries: readonly ChainExpiry[]};

const sensitivitiesOf = ({deltaE18, gammaE18, vegaE18, thetaE18}: Sensitivities): Sensitivities => ({
    deltaE18,
    gammaE18,
    vegaE18,
    thetaE18,
});

/** As the contracts nest them. */
export const chainGreeks = (one: UnderlyingGreeks): ChainGreeks => ({
    underlying: one.underlying,
    sum: sensitivitiesOf(one),
    expiries: one.expiries.map((dated) => ({
        expiry: dated.expiry,
        priceE18: dated.priceE18,
        sum: sensitivitiesOf(dated),
        legs: dated.legs.map((leg) => ({
            instrument: leg.instrument,
            sizeE18: leg.sizeE18,
            priceE18: leg.priceE18,
            volE18: leg.volE18,
            whole: sensitivitiesOf(leg),
        })),
    })),
});

export function answerOf(world: World, {book, strongest, any, report: told}: ToldCase): Answer {
    const question = questionOf(world, book);
    return {
        assessment: assessBook(question),
        whole: breaches(question, {own: [], joint: []}),
        strongest: breaches(question, strongest),
        any: breaches(question, any),
        report: {...told, underlyings: told.underlyings.map(({pnlE36: _, ...one}) => one)},
        greeks: greeksReport(question).map(({greeks}) => chainGreeks(greeks)),
    };
}

/** What the chain would return for an answer, to the byte. */
export const encoded = ({batch}: RiskChain, answer: Answer): string =>
    batch.interface.encodeFunctionResult("askOne", [answer]);

/** The first figure that differs, or undefined. */
export function difference(chain: RiskChain, answer: Answer, answered: Answered): string | undefined {
    if (!answered.success) return `reverted with ${revertName(chain, answered.data)}`;
    if (answered.data === encoded(chain, answer)) return undefined;
    const told: unknown = chain.batch.interface.decodeFunctionResult("askOne", answered.data)[0];
    // The report first: it says where a requirement comes from.
    const {report: parts, ...sums} = answer;
    return firstDifference("", {report: parts}, told) ?? firstDifference("", sums, told) ?? "encoding";
}

/** The first member in which the twin's answer and the contract's differ, with its path. */
export function firstDifference(path: string, twin: unknown, chain: unknown): string | undefined {
    if (typeof twin !== "object" || twin === null) {
        const isSame = typeof twin === "number" ? BigInt(twin) === chain : twin === chain;
        return isSame ? undefined : `${path}: twin ${String(twin)}, contract ${String(chain)}`;
    }
    const theirs = chain as Readonly<Record<string, unknown>> & {readonly length: number};
    if (Array.isArray(twin) && twin.length !== theirs.length) {
        return `${path}: twin has ${twin.length} members, contract ${theirs.length}`;
    }
    for (const [name, value] of Object.entries(twin)) {
        const found = firstDifference(path === "" ? name : `${path}.${name}`, value, theirs[name]);
        if (found !== undefined) return found;
    }
    return undefined;
}

function revertName({batch}: RiskChain, data: string): string {
    const errors = [IRiskEngine__factory.createInterface(), batch.interface].flatMap(({fragments}) => fragments);
    return new Interface(errors).parseError(data)?.name ?? data;
}
