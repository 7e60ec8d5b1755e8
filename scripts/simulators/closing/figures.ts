/** The figures of the closing simulator as they are written down: decimal text, money to the cent, shares to six places. */
import {divDown, mulDivFloor} from "../../sdk/math/index.js";
import {formatFixed} from "../../sdk/units.js";
import type {Ending, Order} from "./orders.js";
import {rateE18, totals} from "./measure.js";
import type {Measured, Sale, Total} from "./measure.js";
import type {Paths, Step} from "./paths.js";

const DECIMALS = 18;
const CENTS = 2;
const SHARE_PLACES = 6;

const cut = (valueE18: bigint, places: number): string =>
    formatFixed(mulDivFloor(valueE18, 1n, 10n ** BigInt(DECIMALS - places)), places);
const usd = (valueE18: bigint): string => cut(valueE18, CENTS);
const share = (valueE18: bigint): string => cut(valueE18, SHARE_PLACES);

export type SaleFigure = {
    readonly order: Order;
    readonly ending: Ending;
    readonly notional: string;
    readonly slippage: string;
    readonly spillover: string;
    readonly legsTouched: number;
    readonly legs: number;
    readonly assessments: number;
    readonly tailLossBefore: string;
    readonly tailLossAfter: string;
    readonly owedAfterNextMove: string;
    readonly gainByMarks: string;
};

const saleFigure = (sale: Sale): SaleFigure => ({
    order: sale.order,
    ending: sale.ending,
    notional: usd(sale.notionalE18),
    slippage: usd(sale.slippageE18),
    spillover: share(sale.spilloverE18),
    legsTouched: sale.legsTouched,
    legs: sale.legs,
    assessments: sale.assessments,
    tailLossBefore: usd(sale.lossBeforeE18),
    tailLossAfter: usd(sale.lossAfterE18),
    owedAfterNextMove: usd(sale.owedE18),
    gainByMarks: usd(sale.gainE18),
});

export type TotalFigure = {
    readonly order: Order;
    readonly notional: string;
    readonly slippage: string;
    readonly slippageRate: string;
    readonly spillover: string;
    readonly legsTouched: number;
    readonly legs: number;
    readonly endings: Total["endings"];
    readonly worse: number;
    readonly owing: number;
    readonly owed: string;
    readonly assessments: number;
    readonly mostAssessments: number;
    readonly gainByMarks: string;
    readonly salesAgainstKeeper: number;
};

const totalFigure = (total: Total): TotalFigure => ({
    order: total.order,
    notional: usd(total.notionalE18),
    slippage: usd(total.slippageE18),
    slippageRate: share(rateE18(total)),
    spillover: share(total.spilloverE18),
    legsTouched: total.legsTouched,
    legs: total.legs,
    endings: total.endings,
    worse: total.worse,
    owing: total.owing,
    owed: usd(total.owedE18),
    assessments: total.assessments,
    mostAssessments: total.mostAssessments,
    gainByMarks: usd(total.gainE18),
    salesAgainstKeeper: total.against,
});

export type ScenarioFigure = {
    readonly number: number;
    readonly family: string;
    readonly moves: readonly string[];
    readonly equity: string;
    readonly maintenance: string;
    readonly sales: readonly SaleFigure[];
};

type StepFigure = {readonly fall: string; readonly crossHealth: string; readonly isolatedHealth: string};

export type PathFigures = {
    readonly capital: string;
    readonly isolatedAt: string;
    readonly crossAt: string;
    readonly mild: StepFigure;
    readonly hard: StepFigure;
    readonly closed: string;
    readonly spillover: string;
    readonly slippage: string;
    readonly healthAfter: string;
    readonly healthOneLess: string;
    readonly target: string;
};

export type ClosingFigures = {
    readonly seed: number;
    readonly lots: number;
    readonly drawn: {readonly short: number; readonly fine: number; readonly insolvent: number};
    readonly totals: readonly TotalFigure[];
    readonly scenarios: readonly ScenarioFigure[];
    readonly paths: PathFigures;
};

const thousandths = (count: number): string => share(divDown(BigInt(count), 1000n));

function pathFigures(paths: Paths): PathFigures {
    const step = ({fall, crossHealthE18, isolatedHealthE18}: Step): StepFigure => ({
        fall: thousandths(fall),
        crossHealth: share(crossHealthE18),
        isolatedHealth: share(isolatedHealthE18),
    });
    return {
        capital: usd(paths.capitalE18),
        isolatedAt: thousandths(paths.isolatedAt),
        crossAt: thousandths(paths.crossAt),
        mild: step(paths.mild),
        hard: step(paths.hard),
        closed: share(paths.closedE18),
        spillover: share(paths.spilloverE18),
        slippage: usd(paths.slippageE18),
        healthAfter: share(paths.afterE18),
        healthOneLess: share(paths.oneLessE18),
        target: share(paths.targetE18),
    };
}

export function figuresOf(measured: Measured, paths: Paths): ClosingFigures {
    const {options, played, fine, insolvent} = measured;
    return {
        seed: options.seed,
        lots: options.lots,
        drawn: {short: played.length, fine, insolvent},
        totals: totals(measured).map(totalFigure),
        scenarios: played.map(({scenario, sales}) => ({
            number: scenario.number,
            family: scenario.family,
            moves: scenario.moves.map((move) => thousandths(move)),
            equity: usd(scenario.short.equityE18),
            maintenance: usd(scenario.short.maintenanceE18),
            sales: sales.map(saleFigure),
        })),
        paths: pathFigures(paths),
    };
}
