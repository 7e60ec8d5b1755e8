/** What each venue would ask for one book, beside the Scenario model. Every figure as decimal text. */
import type {PreparedBook} from "../book/question.js";
import {divUp, mulDivDown, sum} from "../math/index.js";
import {moveOf} from "../risk/grid.js";
import {evaluate, reportOf} from "../risk/riskEngine.js";
import type {Evaluation} from "../risk/riskEngine.js";
import type {Report, UnderlyingReport} from "../risk/types.js";
import {formatE18, ONE_E18} from "../units.js";
import {DERIBIT, DERIBIT_COIN} from "./deribit.js";
import {DERIVE} from "./derive.js";
import {venueBooks} from "./legs.js";
import {PARADEX} from "./paradex.js";
import {REG_T} from "./regT.js";
import {labelOf} from "./shocks.js";
import {SPAN} from "./span.js";
import type {Charge, UnderlyingBook, Venue, Worst} from "./types.js";

export const VENUES: readonly Venue[] = [DERIBIT, DERIBIT_COIN, DERIVE, PARADEX, SPAN, REG_T];

export type WorstResult = {
    /** Place in the list of scenarios, from 0; null for what stands beside the list. */
    readonly index: number | null;
    readonly label: string;
    readonly loss: string;
};

export type UnderlyingCharge = {
    readonly underlying: string;
    readonly initialMargin: string;
    readonly maintenanceMargin: string;
    readonly worst: WorstResult | null;
    readonly parts: Readonly<Record<string, string>>;
};

export type VenueResult = {
    readonly id: string;
    readonly name: string;
    readonly asOf: string;
    readonly source: string;
    readonly assumptions: readonly string[];
    readonly initialMargin: string;
    readonly maintenanceMargin: string;
    /** Initial requirement as a part of the Scenario model's; null where that is 0. */
    readonly ofScenario: string | null;
    readonly underlyings: readonly UnderlyingCharge[];
};

export type Comparison = {
    /** The account's equity by the Scenario model, which venues may count otherwise. */
    readonly equity: string;
    /** The Scenario model first. */
    readonly venues: readonly VenueResult[];
    readonly warnings: readonly string[];
};

const worstResult = (worst: Worst | null): WorstResult | null =>
    worst === null ? null : {index: worst.index, label: worst.label, loss: formatE18(worst.lossE18)};

const underlyingCharge = (underlying: string, charge: Charge): UnderlyingCharge => ({
    underlying,
    initialMargin: formatE18(charge.initialE18),
    maintenanceMargin: formatE18(charge.maintenanceE18),
    worst: worstResult(charge.worst),
    parts: Object.fromEntries(charge.parts.map(({name, valueE18}) => [name, formatE18(valueE18)])),
});

const share = (initialE18: bigint, ofE18: bigint): string | null =>
    ofE18 === 0n ? null : formatE18(mulDivDown(initialE18, ONE_E18, ofE18));

function venueResult(venue: Venue, books: readonly UnderlyingBook[], scenarioE18: bigint): VenueResult {
    const charges = books.map((book) => ({book, charge: venue.charge(book)}));
    const initialE18 = sum(charges.map(({charge}) => charge.initialE18));
    const {id, name, asOf, source, assumptions} = venue;
    const strangers = books.filter((book) => book.name !== "BTC" && book.name !== "ETH");
    return {
        id,
        name,
        asOf,
        source,
        assumptions: [...assumptions, ...strangers.map((book) => `${book.name} has the figures of ETH`)],
        initialMargin: formatE18(initialE18),
        maintenanceMargin: formatE18(sum(charges.map(({charge}) => charge.maintenanceE18))),
        ofScenario: share(initialE18, scenarioE18),
        underlyings: charges.map(({book, charge}) => underlyingCharge(book.name, charge)),
    };
}

/** What an underlying adds by itself, before correlation groups are blended and the keeper reserve is added. */
function ownCharge(report: UnderlyingReport, name: string, {markets}: Evaluation, ratioE18: bigint): UnderlyingCharge {
    const scenario = markets.find(({underlying}) => underlying === report.underlying)?.scenarios[report.binding];
    const lossE18 = report.lossE18[report.binding] ?? 0n;
    const label = scenario === undefined ? "" : labelOf({moveE18: moveOf(scenario), vol: scenario.vol});
    const maintenanceE18 = report.scanE18 + report.addOnE18 + report.concentrationE18;
    return {
        underlying: name,
        initialMargin: formatE18(divUp(maintenanceE18, ratioE18) + report.openInterestE18 + report.withheldE18),
        maintenanceMargin: formatE18(maintenanceE18),
        worst: lossE18 > 0n ? worstResult({index: report.binding, label, lossE18}) : null,
        parts: {
            scan: formatE18(report.scanE18),
            "add-on": formatE18(report.addOnE18),
            concentration: formatE18(report.concentrationE18),
        },
    };
}

const scenarioResult = ({names, question}: PreparedBook, evaluation: Evaluation, report: Report): VenueResult => ({
    id: "ballast",
    name: "Ballast, Scenario",
    asOf: "the book's parameters",
    source: "docs/margin.md",
    assumptions: ["figures of one underlying are before correlation groups are blended and before the keeper reserve"],
    initialMargin: formatE18(report.initialE18),
    maintenanceMargin: formatE18(report.maintenanceE18),
    ofScenario: share(report.initialE18, report.initialE18),
    underlyings: report.underlyings.map((one) =>
        ownCharge(one, names[one.underlying] ?? "", evaluation, question.parameters.global.initialRatioE18),
    ),
});

/** Whatever model the book names, Ballast's line is that of Scenario. */
export function compareBook(prepared: PreparedBook): Comparison {
    const {question} = prepared;
    const own = {...question, book: {...question.book, model: "SCENARIO" as const}};
    const evaluation = evaluate(own);
    const report = reportOf(own, evaluation);
    const books = venueBooks({...prepared, question: own});
    return {
        equity: formatE18(report.equityE18),
        venues: [
            scenarioResult(prepared, evaluation, report),
            ...VENUES.map((venue) => venueResult(venue, books, report.initialE18)),
        ],
        warnings: prepared.warnings,
    };
}
