/** The figures of the closing simulator as tables. Rounding here is for the eye. */
import {figure, onTerminal, percent} from "../../shared/shown.js";
import type {Shown} from "../../shared/shown.js";
import type {ClosingFigures, ScenarioFigure, TotalFigure} from "./figures.js";
import {FAMILIES} from "./scenarios.js";
import {ORDERS} from "./orders.js";

const million = (usd: string): string => figure(String(Number(usd) / 1e6), 1);
const bps = (rate: string): string => figure(String(Number(rate) * 10_000), 1);
const mean = (count: number, all: number): string => figure(String(count / all), 1);

type Row = readonly [name: string, of: (total: TotalFigure, scenarios: number) => string];

const ROWS: readonly Row[] = [
    ["closed, million USD", ({notional}) => million(notional)],
    ["slippage, USD", ({slippage}) => figure(slippage)],
    ["slippage, bp of what is closed", ({slippageRate}) => bps(slippageRate)],
    ["spillover", ({spillover}) => percent(spillover)],
    ["legs touched, of all", ({legsTouched, legs}) => `${legsTouched} of ${legs}`],
    ["at the target by the order alone", ({endings}) => String(endings.target)],
    ["completed pro rata", ({endings}) => String(endings.completed)],
    ["closed whole", ({endings}) => String(endings.whole)],
    ["left short", ({endings}) => String(endings.short)],
    ["worse off in the next move than unsold", ({worse}) => String(worse)],
    ["owing after the worst next move", ({owing}) => String(owing)],
    ["owed then, USD", ({owed}) => figure(owed)],
    ["whole-book assessments, mean", ({assessments}, scenarios) => mean(assessments, scenarios)],
    ["the most of them", ({mostAssessments}) => String(mostAssessments)],
];

export const ordersTable = ({totals, scenarios}: ClosingFigures): Shown => ({
    head: [`${scenarios.length} short books`, ...totals.map(({order}) => order)],
    rows: ROWS.map(([name, of]) => [name, ...totals.map((total) => of(total, scenarios.length))]),
});

const sumOf = (scenarios: readonly ScenarioFigure[], order: string, of: "notional" | "slippage"): number =>
    scenarios.reduce((total, {sales}) => total + Number(sales.find((sale) => sale.order === order)?.[of] ?? 0), 0);

function healthyOf(scenarios: readonly ScenarioFigure[], order: string): string {
    const sales = scenarios.flatMap((one) => one.sales.filter((sale) => sale.order === order));
    const closed = sales.reduce((total, {notional}) => total + Number(notional), 0);
    const healthy = sales.reduce((total, sale) => total + Number(sale.notional) * Number(sale.spillover), 0);
    return percent(String(closed === 0 ? 0 : healthy / closed));
}

const [PRO_RATA, PER_COST, , CHOICE] = ORDERS;

/** Both orders by kind of book. */
export const familiesTable = ({scenarios}: ClosingFigures): Shown => ({
    head: [
        "kind of book",
        "books",
        ...["pro rata: closed, million USD", "slippage, USD", "spillover"],
        ...["per cost: closed, million USD", "slippage, USD", "spillover"],
    ],
    rows: FAMILIES.flatMap((family) => {
        const own = scenarios.filter((one) => one.family === family);
        if (own.length === 0) return [];
        const cells = [PRO_RATA, PER_COST].flatMap((order) => [
            million(String(sumOf(own, order, "notional"))),
            figure(String(sumOf(own, order, "slippage"))),
            healthyOf(own, order),
        ]);
        return [[family, String(own.length), ...cells]];
    }),
});

/** What who takes the legs makes of marks that are off. */
export const keepersTable = ({totals}: ClosingFigures): Shown => ({
    head: ["order", "gain by marks, USD", "bp of what is closed", "sales with a loss by marks", "left short"],
    rows: totals.map(({order, gainByMarks, notional, salesAgainstKeeper, endings}) => [
        order,
        figure(gainByMarks),
        bps(String(Number(gainByMarks) / Number(notional))),
        String(salesAgainstKeeper),
        String(endings.short),
    ]),
});

const health = (text: string): string => figure(text, 3);

export function pathsTable({paths}: ClosingFigures): Shown {
    const {mild, hard} = paths;
    return {
        head: ["BTC falls, ETH and SOL stand still", percent(mild.fall), percent(hard.fall)],
        rows: [
            ["health of the cross account", health(mild.crossHealth), health(hard.crossHealth)],
            ["health of the isolated BTC account", health(mild.isolatedHealth), health(hard.isolatedHealth)],
            ["closed of every leg of the cross account", "0.0 %", percent(paths.closed)],
            ["spillover", "–", percent(paths.spillover)],
            ["slippage, USD", "–", figure(paths.slippage)],
            ["health after it", "–", health(paths.healthAfter)],
            ["health after one step less", "–", figure(paths.healthOneLess, 4)],
        ],
    };
}

export const pathsLine = ({paths}: ClosingFigures): string =>
    `Capital ${figure(paths.capital)} USD. The isolated BTC account falls short at −${percent(paths.isolatedAt)}, the cross account at −${percent(paths.crossAt)}.`;

export const drawnLine = ({drawn, seed, lots}: ClosingFigures): string =>
    `${drawn.short} books fell short, seed ${seed}; ${drawn.fine} more did not and ${drawn.insolvent} had no equity left. Lots are ${figure(String(100 / lots), 1)} % of a leg.`;

const totalOf = ({totals}: ClosingFigures, order: string): TotalFigure => {
    const found = totals.find((total) => total.order === order);
    if (found === undefined) throw new Error(`No total of ${order}`);
    return found;
};

const less = (part: string, whole: string): string => percent(String(1 - Number(part) / Number(whole)), 0);

/** What to take from the tables, in three lines. */
export function summary(figures: ClosingFigures): string {
    const [slice, byCost, chosen] = [PRO_RATA, PER_COST, CHOICE].map((order) => totalOf(figures, order));
    if (!slice || !byCost || !chosen) return "";
    const books = figures.scenarios.length;
    return [
        `- Leg by leg, by margin released per unit of cost, closes ${less(byCost.notional, slice.notional)} less than pro rata and pays ${less(byCost.slippage, slice.slippage)} less slippage; per unit closed it pays ${bps(byCost.slippageRate)} bp instead of ${bps(slice.slippageRate)}. Its spillover is ${percent(byCost.spillover)} instead of ${percent(slice.spillover)}, and ${byCost.legs - byCost.legsTouched} of ${byCost.legs} legs stay as they were.`,
        `- To find its lots the book was assessed ${mean(byCost.assessments, books)} times in the mean and ${byCost.mostAssessments} times at most. In ${byCost.endings.completed} of ${books} books no single lot helped any more, and the rest had to go pro rata.`,
        `- A keeper who may choose his legs stopped before the target in ${chosen.endings.short} of ${books} books, after which ${chosen.owing} of them would owe in the worst next move, and gained ${bps(String(Number(chosen.gainByMarks) / Number(chosen.notional)))} bp by marks that were off; a slice gained ${bps(String(Number(slice.gainByMarks) / Number(slice.notional)))} bp.`,
    ].join("\n");
}

/** A row for every scenario. */
export const eachTable = ({scenarios}: ClosingFigures): string =>
    onTerminal({
        head: [
            "scenario",
            ...["BTC", "ETH", "health"],
            ...ORDERS.flatMap((order) => [`${order}: slippage`, "spillover", "legs", "ending"]),
        ],
        rows: scenarios.map(({number, family, moves, equity, maintenance, sales}) => [
            `${number} ${family}`,
            ...moves.map((move) => percent(move)),
            health(String(Number(equity) / Number(maintenance))),
            ...sales.flatMap((sale) => [
                figure(sale.slippage),
                percent(sale.spillover),
                `${sale.legsTouched}/${sale.legs}`,
                sale.ending,
            ]),
        ]),
    });

export const describe = (figures: ClosingFigures): string =>
    [
        drawnLine(figures),
        summary(figures),
        ...[ordersTable, familiesTable, keepersTable].map((of) => onTerminal(of(figures))),
        pathsLine(figures),
        onTerminal(pathsTable(figures)),
    ].join("\n\n");
