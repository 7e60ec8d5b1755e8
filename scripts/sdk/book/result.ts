/** The answer to a book file, every figure as decimal text. */
import {abs, mulDivDown, mulDivFloor, mulFloor, sum} from "../math/index.js";
import {creditedUnits} from "../risk/collateral.js";
import {legGreeks} from "../risk/greeks.js";
import {moveOf} from "../risk/grid.js";
import {evaluate, greeksReport, reportOf} from "../risk/riskEngine.js";
import type {Evaluation} from "../risk/riskEngine.js";
import type {Report, Scenario, UnderlyingReport} from "../risk/types.js";
import {formatE18, ONE_E18} from "../units.js";
import type {Asset} from "./assets.js";
import type {PreparedBook, QuotedLeg} from "./question.js";
import {entryOf} from "./legs.js";
import {modelName} from "./models.js";
import type {ModelName} from "./models.js";

export type ScenarioResult = {
    /** Relative move of the price; null where the underlyings of the book move by different fractions. */
    readonly move: string | null;
    readonly vol: "up" | "down" | "flat" | null;
    readonly weight: string | null;
    /** Change of the book's value, not weighted. */
    readonly pnl: string;
    /** Weighted loss, above 0 = loss. */
    readonly loss: string;
};

export type BindingScenario = ScenarioResult & {readonly index: number};

export type AddOnsResult = {
    readonly roll: string;
    readonly floorDelta: string;
    readonly floorShort: string;
    readonly addOn: string;
    readonly concentration: string;
    readonly openInterest: string;
    readonly withheld: string;
};

export type UnderlyingResult = {
    readonly underlying: string;
    readonly group: number;
    readonly spot: string;
    /** Net, with collateral of the grid; rounded away from zero, as the charges take it. */
    readonly delta: string;
    /** Sums over the legs, each per unit of its own expiry's price. */
    readonly gamma: string;
    readonly vega: string;
    readonly theta: string;
    readonly scan: string;
    readonly addOns: AddOnsResult;
    readonly bindingScenario: BindingScenario | null;
    readonly scenarios: readonly ScenarioResult[];
};

export type LegResult = {
    readonly instrument: string;
    readonly size: string;
    /** Price of one unit. */
    readonly price: string;
    /** Size times price. */
    readonly value: string;
    readonly delta: string;
    readonly gamma: string;
    readonly vega: string;
    readonly theta: string;
    /** Annual implied volatility; null for legs without. */
    readonly vol: string | null;
    /** Average entry price; null when the file has none. */
    readonly entry: string | null;
    /** Profit since entry; null when the file has no entry. */
    readonly pnl: string | null;
};

export type MarginResult = {
    readonly model: ModelName;
    readonly equity: string;
    readonly initialMargin: string;
    readonly maintenanceMargin: string;
    /** Equity / maintenance; null when nothing is required. */
    readonly health: string | null;
    readonly bindingScenario: BindingScenario | null;
    readonly addOns: AddOnsResult & {readonly reserve: string};
    readonly scenarios: readonly ScenarioResult[];
    readonly legs: readonly LegResult[];
    readonly collateral: readonly {
        readonly asset: string;
        readonly units: string;
        readonly price: string;
        readonly credited: string;
        readonly value: string;
    }[];
    readonly underlyings: readonly UnderlyingResult[];
    readonly groups: readonly {readonly group: number; readonly scan: string; readonly bindingScenario: number}[];
    readonly warnings: readonly string[];
};

const VOL_NAMES = {UP: "up", DOWN: "down", FLAT: "flat"} as const;
const e36 = (valueE36: bigint): string => formatE18(mulDivFloor(valueE36, 1n, ONE_E18));

/** What all have in common, null if they differ. */
function common<Value>(values: readonly Value[]): Value | null {
    const [first] = values;
    return first !== undefined && values.every((value) => value === first) ? first : null;
}

const scenarioResult = (shocks: readonly Scenario[], pnlE36: bigint, lossE18: bigint): ScenarioResult => {
    const vol = common(shocks.map((shock) => shock.vol));
    return {
        move: common(shocks.map((shock) => formatE18(moveOf(shock)))),
        vol: vol === null ? null : VOL_NAMES[vol],
        weight: common(shocks.map(({weightE18}) => formatE18(weightE18))),
        pnl: e36(pnlE36),
        loss: formatE18(lossE18),
    };
};

/** Losses of several underlyings add scenario by scenario. */
function scenarioResults(
    grids: readonly (readonly Scenario[])[],
    reports: readonly UnderlyingReport[],
): ScenarioResult[] {
    return (grids[0] ?? []).map((_, s) =>
        scenarioResult(
            grids.flatMap((grid) => grid[s] ?? []),
            sum(reports.map(({pnlE36}) => pnlE36[s] ?? 0n)),
            sum(reports.map(({lossE18}) => lossE18[s] ?? 0n)),
        ),
    );
}

function bindingOf(scenarios: readonly ScenarioResult[], lossesE18: readonly bigint[]): BindingScenario | null {
    const index = lossesE18.reduce((place, loss, s) => (loss > (lossesE18[place] ?? loss) ? s : place), 0);
    const scenario = scenarios[index];
    return scenario === undefined ? null : {index, ...scenario};
}

function jointLosses(reports: readonly UnderlyingReport[]): bigint[] {
    const count = reports[0]?.lossE18.length ?? 0;
    return Array.from({length: count}, (_, s) => sum(reports.map(({lossE18}) => lossE18[s] ?? 0n)));
}

function addOnsResult(reports: readonly UnderlyingReport[]): AddOnsResult {
    const total = (figure: (report: UnderlyingReport) => bigint): string => formatE18(sum(reports.map(figure)));
    return {
        roll: total(({rollE18}) => rollE18),
        floorDelta: total(({floorDeltaE18}) => floorDeltaE18),
        floorShort: total(({floorShortE18}) => floorShortE18),
        addOn: total(({addOnE18}) => addOnE18),
        concentration: total(({concentrationE18}) => concentrationE18),
        openInterest: total(({openInterestE18}) => openInterestE18),
        withheld: total(({withheldE18}) => withheldE18),
    };
}

function underlyingResults({names, question}: PreparedBook, {markets}: Evaluation, report: Report): UnderlyingResult[] {
    const sensitivities = greeksReport(question);
    return report.underlyings.map((one, i) => {
        const scenarios = scenarioResults([markets[i]?.scenarios ?? []], [one]);
        return {
            underlying: names[one.underlying] ?? "",
            group: one.group,
            spot: formatE18(one.spotE18),
            delta: formatE18(one.deltaE18),
            gamma: formatE18(sensitivities[i]?.greeks.gammaE18 ?? 0n),
            vega: formatE18(sensitivities[i]?.greeks.vegaE18 ?? 0n),
            theta: formatE18(sensitivities[i]?.greeks.thetaE18 ?? 0n),
            scan: formatE18(one.scanE18),
            addOns: addOnsResult([one]),
            bindingScenario: bindingOf(scenarios, one.lossE18),
            scenarios,
        };
    });
}

function profitOf({sizeE18, paidE18}: QuotedLeg, valueE18: bigint): string | null {
    return paidE18 === undefined || sizeE18 === 0n ? null : formatE18(valueE18 + paidE18);
}

function legResults({legs}: PreparedBook, {markets}: Evaluation): LegResult[] {
    return legs.flatMap((leg) => {
        const market = markets.find(({underlying}) => underlying === leg.instrument.underlying);
        const expiry = market?.expiries.find((one) => one.expiry === leg.instrument.expiry);
        // A leg that others of the same instrument cancel out has no size and no market.
        if (market === undefined || expiry === undefined) return [];
        const greeks = legGreeks(expiry, {instrument: leg.id, sizeE18: leg.sizeE18});
        const valueE18 = mulFloor(leg.sizeE18, greeks.priceE18);
        const entryE18 = entryOf(leg);
        return {
            instrument: leg.name,
            size: formatE18(leg.sizeE18),
            price: formatE18(greeks.priceE18),
            value: formatE18(valueE18),
            delta: formatE18(greeks.deltaE18),
            gamma: formatE18(greeks.gammaE18),
            vega: formatE18(greeks.vegaE18),
            theta: formatE18(greeks.thetaE18),
            vol: greeks.volE18 === 0n ? null : formatE18(greeks.volE18),
            entry: entryE18 === undefined ? null : formatE18(entryE18),
            pnl: profitOf(leg, valueE18),
        };
    });
}

function collateralResult({symbol, unitsE18, priceE18, params}: Asset): MarginResult["collateral"][number] {
    const creditedE18 = creditedUnits(params, unitsE18, priceE18);
    return {
        asset: symbol,
        units: formatE18(unitsE18),
        price: formatE18(priceE18),
        credited: formatE18(creditedE18),
        value: formatE18(mulFloor(creditedE18, priceE18)),
    };
}

/** Equity / maintenance, rounded toward zero. */
function healthOf({equityE18, maintenanceE18}: Report): string | null {
    if (maintenanceE18 === 0n) return null;
    const magnitude = mulDivDown(abs(equityE18), ONE_E18, maintenanceE18);
    return formatE18(equityE18 < 0n ? -magnitude : magnitude);
}

/** Values a prepared book. */
export function marginOf(prepared: PreparedBook): MarginResult {
    const evaluation = evaluate(prepared.question);
    const report = reportOf(prepared.question, evaluation);
    const grids = evaluation.markets.map((market) => market.scenarios);
    const scenarios = scenarioResults(grids, report.underlyings);
    return {
        model: modelName(prepared.question.book.model),
        equity: formatE18(report.equityE18),
        initialMargin: formatE18(report.initialE18),
        maintenanceMargin: formatE18(report.maintenanceE18),
        health: healthOf(report),
        bindingScenario: bindingOf(scenarios, jointLosses(report.underlyings)),
        addOns: {...addOnsResult(report.underlyings), reserve: formatE18(report.reserveE18)},
        scenarios,
        legs: legResults(prepared, evaluation),
        collateral: prepared.assets.map(collateralResult),
        underlyings: underlyingResults(prepared, evaluation, report),
        groups: report.groups.map((group, i) => ({
            group,
            scan: formatE18(report.groupScanE18[i] ?? 0n),
            bindingScenario: report.groupBinding[i] ?? 0,
        })),
        warnings: prepared.warnings,
    };
}
