/** The worked book of docs/margin.md and its variations, through the risk twin. */
import {readBook, marginOf, prepareBook} from "../../sdk/book/index.js";
import type {MarginResult, PreparedBook} from "../../sdk/book/index.js";
import {max} from "../../sdk/math/index.js";
import {evaluate, reportOf} from "../../sdk/risk/index.js";
import type {Evaluation, MarginModel, Report, SpotOverride} from "../../sdk/risk/index.js";
import {ONE_E18, parseE18} from "../../sdk/units.js";
import {read} from "../repository.js";

export const BOOK = "docs/examples/strangle.json";

type Position = {readonly instrument: string; readonly size: string; readonly entry?: string};
type BookJson = {readonly account: {readonly positions: readonly Position[]; readonly model?: string}};

/** A book and everything that the twin says of it. */
export type Worked = {
    readonly prepared: PreparedBook;
    readonly evaluation: Evaluation;
    readonly report: Report;
    readonly result: MarginResult;
};

const json = JSON.parse(read(BOOK)) as BookJson;

function work(prepared: PreparedBook): Worked {
    const evaluation = evaluate(prepared.question);
    return {prepared, evaluation, report: reportOf(prepared.question, evaluation), result: marginOf(prepared)};
}

/** The book with other positions. */
function withPositions(change: (positions: readonly Position[]) => readonly Position[]): PreparedBook {
    const {account} = json;
    return prepareBook(readBook({...json, account: {...account, positions: change(account.positions)}}));
}

export const worked = (): Worked => work(withPositions((positions) => positions));

const without = (positions: readonly Position[], pattern: RegExp): Position[] =>
    positions.filter(({instrument}) => !pattern.test(instrument));

/** Bought options outside the sold ones. */
const WINGS: readonly Position[] = [
    {instrument: "BTC-27MAR26-58000-P", size: "1"},
    {instrument: "BTC-27MAR26-84000-C", size: "1"},
];
const SHORT_ETH: Position = {instrument: "ETH-PERP", size: "-10"};

const CHANGES: readonly (readonly [title: string, (positions: readonly Position[]) => readonly Position[]])[] = [
    ["as it stands", (positions) => positions],
    ["without the bitcoin perpetual", (positions) => without(positions, /^BTC-PERP/)],
    ["all of the ether sold forward", (positions) => [...without(positions, /^ETH-PERP/), SHORT_ETH]],
    ["options bought outside the sold ones", (positions) => [...positions, ...WINGS]],
    ["both of these", (positions) => [...without(positions, /^ETH-PERP/), SHORT_ETH, ...WINGS]],
    ["the four options, no perpetuals", (positions) => [...without(positions, /PERP/), ...WINGS]],
];

/** What a change of the positions makes of the requirement. */
export const changes = (): (readonly [title: string, Worked])[] =>
    CHANGES.map(([title, change]) => [title, work(withPositions(change))]);

/** Requirements under a model; nothing where it refuses the book. */
function under(prepared: PreparedBook, model: MarginModel): Report | undefined {
    const question = {...prepared.question, book: {...prepared.question.book, model}};
    const hasOptions = prepared.legs.some(({instrument}) => instrument.strikeE8 !== 0n);
    return model === "DELTA" && hasOptions ? undefined : reportOf(question, evaluate(question));
}

export type ModelRow = {
    readonly model: MarginModel;
    readonly whole: Report | undefined;
    readonly linear: Report | undefined;
};

/** The models, on the whole book and on its linear legs. */
export function models(): ModelRow[] {
    const whole = withPositions((positions) => positions);
    const linear = withPositions((positions) => without(positions, /-[CP]$/));
    return (["SCENARIO", "ISOLATED", "DELTA"] as const).map((model) => ({
        model,
        whole: under(whole, model),
        linear: under(linear, model),
    }));
}

/** The book with the spot price of one underlying replaced. */
export function at({prepared: {question}}: Worked, whatIf: SpotOverride): Report {
    const moved = {...question, whatIf};
    return reportOf(moved, evaluate(moved));
}

const SEARCH_STEP_E18 = parseE18("0.02");
const LOWEST_E18 = parseE18("0.02");
const HIGHEST_E18 = parseE18("10");
const HALVINGS = 40;

/** Nearest spot below or above, in steps of 2 %, at which equity no longer covers maintenance; nothing where there is none. */
export function liquidationPrice(book: Worked, underlying: number, direction: -1n | 1n): bigint | undefined {
    const spotE18 = book.report.underlyings.find((one) => one.underlying === underlying)?.spotE18 ?? 0n;
    const isShort = (factorE18: bigint): boolean => {
        const report = at(book, {underlying, spotE18: (spotE18 * factorE18) / ONE_E18});
        return report.equityE18 < report.maintenanceE18;
    };
    let good = ONE_E18;
    let bad = good + direction * SEARCH_STEP_E18;
    while (!isShort(bad)) {
        if (bad <= LOWEST_E18 || bad >= HIGHEST_E18) return undefined;
        good = bad;
        bad += direction * SEARCH_STEP_E18;
    }
    for (let halving = 0; halving < HALVINGS; halving++) {
        const middle = (good + bad) / 2n;
        if (isShort(middle)) bad = middle;
        else good = middle;
    }
    return (spotE18 * bad) / ONE_E18;
}

/** Share of spot between spot and a price. */
export const distanceE18 = (spotE18: bigint, priceE18: bigint): bigint =>
    (max(spotE18 - priceE18, priceE18 - spotE18) * ONE_E18) / spotE18;
