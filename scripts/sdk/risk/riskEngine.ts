/**
 * Twin of contracts/risk/RiskEngine.sol: equity, requirements and their parts of any book under any market data and any
 * parameters, equal to the contract to the last unit. Reads nothing but its arguments.
 */
import {InputError} from "../failures.js";
import {decodeInstrument} from "../instruments.js";
import {divUp, min, mulDown, sum} from "../math/index.js";
import {ONE_E18, usd} from "../units.js";
import type {UsdE18} from "../units.js";
import {crowding, withheld} from "./addOns.js";
import * as aggregation from "./aggregation.js";
import type {Opening} from "./aggregation.js";
import {creditedUnits} from "./collateral.js";
import {byGreeks, greeksScan} from "./greeksModel.js";
import type {GreeksScan} from "./greeksModel.js";
import {datedMarket, perpMarket, priceOf} from "./marketReader.js";
import type {Ask} from "./marketReader.js";
import {revalue} from "./revaluation.js";
import type {
    Assessment,
    AssetParams,
    Book,
    ExpiryMarket,
    Holdings,
    Market,
    Position,
    Report,
    RiskParameters,
    Scenario,
    Shared,
    SharedUnderlying,
    SpotOverride,
    UnderlyingMarket,
    UnderlyingQuote,
    UnderlyingRisk,
    Witness,
} from "./types.js";

/** Everything a question needs. */
export type Question = {
    readonly book: Book;
    readonly market: Market;
    readonly parameters: RiskParameters;
    readonly whatIf?: SpotOverride | undefined;
    /** What earlier questions about the same market and parameters have worked out; of no use to others, and of no effect on any. */
    readonly shared?: Shared | undefined;
};

/** A book as far as it has been evaluated. */
export type Evaluation = {
    readonly equityE18: bigint;
    /** Positions with a size. */
    readonly positions: readonly Position[];
    /** Ascending by underlying, like `parts`. */
    readonly markets: readonly UnderlyingMarket[];
    readonly parts: readonly UnderlyingRisk[];
    readonly groups: readonly number[];
};

type Holding = {readonly params: AssetParams; readonly unitsE18: bigint};

const ascending = (numbers: readonly number[]): number[] => [...new Set(numbers)].sort((a, b) => a - b);
const isAscending = (values: readonly (bigint | number)[]): boolean =>
    values.every((value, i) => i === 0 || (values[i - 1] ?? value) < value);
const underlyingOf = ({instrument}: Position): number => decodeInstrument(instrument).underlying;

export function checkOrder({positions, quotes, collateral}: Book): void {
    const lists = [
        positions.map(({instrument}) => instrument),
        quotes.map(({underlying}) => underlying),
        collateral.map(({assetId}) => assetId),
    ];
    if (!lists.every(isAscending)) {
        throw new InputError("book-unordered", "Positions, quotes and collateral must be strictly ascending");
    }
}

function assetOf({assets}: RiskParameters, assetId: number): AssetParams {
    const params = assets.get(assetId);
    if (params === undefined) {
        throw new InputError("market-missing", `No risk parameters of asset ${assetId}`, {assetId: String(assetId)});
    }
    return params;
}

/** Market data of an underlying that is collateral only needs nothing but the spot price. */
const quoteOf = ({underlyings}: Market, underlying: number, spotE18: bigint): UnderlyingQuote =>
    underlyings.get(underlying) ?? {
        markE18: spotE18,
        fundingE18: 0n,
        openInterestE18: 0n,
        expiries: new Map(),
        settlements: new Map(),
    };

export const share = (market: Market, parameters: RiskParameters): Shared => ({
    market,
    parameters,
    underlyings: new Map(),
});

/** What the books of an underlying share; nothing if the question is about another market, or about another spot price. */
function sharedOf(
    {market, parameters, whatIf, shared}: Omit<Question, "book">,
    underlying: number,
    grid: readonly Scenario[],
): SharedUnderlying | undefined {
    if (shared?.market !== market || shared.parameters !== parameters || whatIf !== undefined) return undefined;
    const known = shared.underlyings.get(underlying);
    if (known !== undefined) return known;
    const fresh = {scenarios: grid, expiries: new Map(), options: new Map()};
    shared.underlyings.set(underlying, fresh);
    return fresh;
}

/** The whole grid until a witness chooses. */
export function underlyingMarket(
    question: Omit<Question, "book">,
    underlying: number,
    positions: readonly Position[],
): UnderlyingMarket {
    const {market, parameters, whatIf} = question;
    const stored = parameters.underlyings.get(underlying);
    if (stored === undefined) {
        const details = {underlying: String(underlying)};
        throw new InputError("market-missing", `No risk parameters of underlying ${underlying}`, details);
    }
    const spotE18 = whatIf?.underlying === underlying ? whatIf.spotE18 : priceOf(market, underlying);
    const quote = quoteOf(market, underlying, spotE18);
    const ask: Ask = {market, quote, params: stored.params, underlying, spotE18};
    const expiries = ascending(positions.map(({instrument}) => decodeInstrument(instrument).expiry));
    const shared = sharedOf(question, underlying, stored.grid);
    const expiryMarket = (expiry: number): ExpiryMarket => {
        const known = shared?.expiries.get(expiry);
        if (known !== undefined) return known;
        const fresh = expiry === 0 ? perpMarket(ask) : datedMarket(ask, expiry);
        shared?.expiries.set(expiry, fresh);
        return fresh;
    };
    return {
        underlying,
        spotE18,
        fundingE18: quote.fundingE18,
        openInterestE18: quote.openInterestE18,
        params: stored.params,
        grid: stored.grid,
        scenarios: stored.grid,
        expiries: expiries.map(expiryMarket),
        shared,
    };
}

const isWhole = (witness: Witness): boolean => witness.own.length === 0 && witness.joint.length === 0;

/** For a witness two scenarios: the underlying's own and its group's. */
function chooseScenarios(
    markets: readonly UnderlyingMarket[],
    groups: readonly number[],
    witness: Witness,
): UnderlyingMarket[] {
    const fits = witness.own.length === markets.length && witness.joint.length === groups.length;
    const at = (grid: readonly Scenario[], place: number | undefined): Scenario => {
        const scenario = place === undefined || !fits ? undefined : grid[place];
        if (scenario === undefined) {
            throw new InputError(
                "witness-malformed",
                "The witness does not fit the book or names no scenario of a grid",
            );
        }
        return scenario;
    };
    return markets.map((market, i) => {
        const joint = witness.joint[groups.indexOf(market.params.group)];
        return {...market, scenarios: [at(market.grid, witness.own[i]), at(market.grid, joint)]};
    });
}

function cashAndQuotes({book, market, parameters}: Question): bigint {
    const quotesE18 = sum(book.quotes.map(({quoteE18}) => quoteE18));
    if (book.cashE18 <= 0n) return book.cashE18 + quotesE18;
    const priceE18 = min(priceOf(market, parameters.global.settlementFeedId), ONE_E18);
    return mulDown(book.cashE18, priceE18) + quotesE18;
}

/** Value of a holding with the size-dependent weight applied to all of it. */
export function collateralValue(params: AssetParams, unitsE18: bigint, priceE18: bigint): bigint {
    return mulDown(creditedUnits(params, unitsE18, priceE18), priceE18);
}

/** Collateral that no grid moves. */
const plainCollateral = (market: Market, holdings: readonly Holding[]): bigint =>
    sum(
        holdings
            .filter(({params, unitsE18}) => params.underlying === 0 && unitsE18 !== 0n)
            .map(({params, unitsE18}) => collateralValue(params, unitsE18, priceOf(market, params.feedId))),
    );

const holdingsOf = ({book, parameters}: Question): Holding[] =>
    book.collateral.map(({assetId, unitsE18}) => ({params: assetOf(parameters, assetId), unitsE18}));

/** The underlyings of a book, ascending, each with its market, legs and collateral. */
export function underlyingsOf(question: Question): Holdings[] {
    const {book} = question;
    checkOrder(book);
    const positions = book.positions.filter(({sizeE18}) => sizeE18 !== 0n);
    const inGrid = holdingsOf(question).filter(({params, unitsE18}) => params.underlying !== 0 && unitsE18 !== 0n);
    const names = ascending([...positions.map(underlyingOf), ...inGrid.map(({params}) => params.underlying)]);
    return names.map((underlying) => {
        const legs = positions.filter((one) => underlyingOf(one) === underlying);
        const market = underlyingMarket(question, underlying, legs);
        const held = inGrid.filter(({params}) => params.underlying === underlying);
        const credited = held.map(({params, unitsE18}) => creditedUnits(params, unitsE18, market.spotE18));
        return {market, positions: legs, creditedE18: sum(credited)};
    });
}

/** Equity and the losses of every underlying, under the whole grid or under the scenarios a witness names. */
export function evaluate(question: Question, witness: Witness = {own: [], joint: []}): Evaluation {
    const {book, market} = question;
    const held = underlyingsOf(question);
    const whole = held.map((one) => one.market);
    const groups = ascending(whole.map(({params}) => params.group));
    const markets = isWhole(witness) ? whole : chooseScenarios(whole, groups, witness);
    const parts = held.map(({market: own, positions, creditedE18}, i) => {
        const chosen = markets[i] ?? own;
        const exposure = revalue(chosen, book.model, positions);
        if (book.model === "DELTA" && exposure.hasOptions) {
            throw new InputError("model-not-for-options", "The delta model takes no options");
        }
        const risk = aggregation.underlyingRisk(chosen, exposure, book.model, {
            creditedE18,
            quoteE18: book.quotes.find(({underlying}) => underlying === chosen.underlying)?.quoteE18 ?? 0n,
        });
        return book.model === "GREEKS" ? {...risk, ...byGreeks({market: chosen, positions, creditedE18})} : risk;
    });
    const equityE18 =
        cashAndQuotes(question) +
        plainCollateral(market, holdingsOf(question)) +
        sum(parts.map((part) => part.equityE18));
    return {equityE18, positions: held.flatMap(({positions}) => positions), markets, parts, groups};
}

/** Outside the scenario model nothing is netted. */
const blendOf = ({book, parameters}: Question, group: number): bigint =>
    book.model !== "SCENARIO" ? 0n : (parameters.blendsE18.get(group) ?? 0n);

const membersOf = ({parts}: Evaluation, group: number): UnderlyingRisk[] =>
    parts.filter((part) => part.group === group);

/** Keeper reserve. */
const reserve = ({parameters: {global}}: Question, {positions}: Evaluation): bigint =>
    positions.length === 0 ? 0n : global.reserveBaseE18 + global.reservePerPositionE18 * BigInt(positions.length);

type Charge = (parts: readonly UnderlyingRisk[], blendE18: bigint) => bigint;

const maintenance = (question: Question, evaluation: Evaluation, charge: Charge): bigint =>
    reserve(question, evaluation) +
    sum(evaluation.groups.map((group) => charge(membersOf(evaluation, group), blendOf(question, group))));

function openingOf({parameters}: Question, market: UnderlyingMarket, part: UnderlyingRisk): Opening {
    const ownInitialE18 = aggregation.ownInitial(part, parameters.global.initialRatioE18);
    const {openInterestE18, spotE18, params} = market;
    const {tradedDeltaE18, profitE18, linearUnitsE18: unitsE18} = part;
    return {
        openInterestE18: crowding(params, {openInterestE18, tradedDeltaE18, spotE18, ownInitialE18}),
        withheldE18: withheld(params, {openInterestE18, spotE18, profitE18, unitsE18}),
    };
}

const NOTHING: Opening = {openInterestE18: 0n, withheldE18: 0n};

function openings(question: Question, {markets, parts}: Evaluation): Opening[] {
    return parts.map((part, i) => {
        const market = markets[i];
        return market === undefined ? NOTHING : openingOf(question, market, part);
    });
}

const initial = ({parameters}: Question, maintenanceE18: bigint, asked: readonly Opening[]): bigint =>
    divUp(maintenanceE18, parameters.global.initialRatioE18) +
    sum(asked.map(({openInterestE18, withheldE18}) => openInterestE18 + withheldE18));

/** Equity and requirements. */
export function assessBook(question: Question): Assessment {
    const evaluation = evaluate(question);
    const maintenanceE18 = maintenance(question, evaluation, aggregation.groupCharge);
    const initialE18 = initial(question, maintenanceE18, openings(question, evaluation));
    return Object.freeze({
        equityE18: usd(evaluation.equityE18),
        initialE18: usd(initialE18),
        maintenanceE18: usd(maintenanceE18),
    });
}

/**
 * Whether the named scenarios show that a book is below maintenance. An empty witness evaluates the whole grid, and so do the models
 * whose requirement no two scenarios show.
 */
export function breaches(
    question: Question,
    witness: Witness,
): {readonly short: boolean; readonly equityE18: UsdE18; readonly boundE18: UsdE18} {
    const whole = question.book.model !== "SCENARIO" || isWhole(witness);
    const evaluation = whole ? evaluate(question) : evaluate(question, witness);
    const charge = whole ? aggregation.groupCharge : aggregation.leastGroupCharge;
    const boundE18 = maintenance(question, evaluation, charge);
    return {short: evaluation.equityE18 < boundE18, equityE18: usd(evaluation.equityE18), boundE18: usd(boundE18)};
}

/** The scenarios that show the greatest requirement of a book. */
export function strongestWitness({parts, groups}: Evaluation): Witness {
    return {
        own: parts.map(({lossE18}) => aggregation.greatest(lossE18)),
        joint: groups.map((group) => aggregation.joint(parts.filter((part) => part.group === group)).binding),
    };
}

/** Every scenario, add-on and binding scenario of an evaluated book. */
export function reportOf(question: Question, evaluation: Evaluation): Report {
    const maintenanceE18 = maintenance(question, evaluation, aggregation.groupCharge);
    const asked = openings(question, evaluation);
    const {groups} = evaluation;
    return Object.freeze({
        equityE18: usd(evaluation.equityE18),
        initialE18: usd(initial(question, maintenanceE18, asked)),
        maintenanceE18: usd(maintenanceE18),
        reserveE18: usd(reserve(question, evaluation)),
        underlyings: evaluation.parts.map((part, i) => aggregation.reportOf(part, asked[i] ?? NOTHING)),
        groups,
        groupScanE18: groups.map((group) =>
            usd(aggregation.groupScan(membersOf(evaluation, group), blendOf(question, group))),
        ),
        groupBinding: groups.map((group) => aggregation.joint(membersOf(evaluation, group)).binding),
    });
}

export const report = (question: Question): Report => reportOf(question, evaluate(question));

/** Sensitivities and what the Greeks model makes of them, for every underlying of a book, ascending. */
export const greeksReport = (question: Question): GreeksScan[] => underlyingsOf(question).map(greeksScan);
