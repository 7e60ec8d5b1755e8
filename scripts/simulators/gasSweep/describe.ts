/** The figures of the gas sweep as tables. Rounding here is for the eye. */
import {formatDuration} from "../../sdk/index.js";
import {figure, onTerminal, percent} from "../../shared/shown.js";
import type {Shown} from "../../shared/shown.js";
import type {CellFigure, SweepFigures} from "./figures.js";
import {DEAR, RULES} from "./sweep.js";

const NONE = "–";

const blocks = (count: number | null): string => (count === null ? "never" : figure(String(count)));

function times(part: string, whole: string): string {
    return Number(whole) === 0 ? NONE : `${figure(String(Number(part) / Number(whole)), 1)}×`;
}

const speedRow = (cell: CellFigure): string[] => [
    `x${cell.factor}, ${cell.rule}`,
    percent(cell.covered, 0),
    cell.coveredWithin === null ? NONE : percent(cell.coveredWithin, 0),
    cell.coveredWithin === null ? NONE : blocks(cell.coveredP95Blocks),
    percent(cell.within, 0),
    percent(cell.executed, 0),
    blocks(cell.medianBlocks),
    blocks(cell.p95Blocks),
];

/** How soon breaches are executed. */
export const speedTable = ({cells, within}: SweepFigures): Shown => ({
    head: [
        "gas, rule",
        ...[
            "reward pays the gas",
            `of those within ${within} blocks`,
            "their 95th percentile",
            `of all within ${within} blocks`,
        ],
        ...["of all ever", "median, blocks", "95th percentile"],
    ],
    rows: cells.map(speedRow),
});

const costRow = (cell: CellFigure): string[] => [
    `x${cell.factor}, ${cell.rule}`,
    figure(cell.gasCost),
    figure(cell.paid),
    figure(cell.profit),
    figure(cell.overpaid),
    times(cell.overpaid, cell.gasCost),
    figure(cell.slo),
];

/** What it costs, USD. */
export const costTable = ({cells}: SweepFigures): Shown => ({
    head: [
        "gas, rule",
        ...["gas, USD", "paid to keepers", "keepers' profit", "overpaid by the rule", "of the gas", "SLO"],
    ],
    rows: cells.map(costRow),
});

/** By size of the account at the dear price, one column per rule. */
export function classesTable({cells, within}: SweepFigures): Shown {
    const own = RULES.flatMap((rule) => cells.find((cell) => cell.rule === rule && cell.factor === DEAR) ?? []);
    const names = own[0]?.classes.map((one) => one.class) ?? [];
    return {
        head: [`maintenance, USD; within ${within} blocks / at all`, ...own.map(({rule}) => rule)],
        rows: names.map((name) => [
            name,
            ...own.map(({classes}) => {
                const found = classes.find((one) => one.class === name);
                return found === undefined ? NONE : `${percent(found.within, 0)} / ${percent(found.executed, 0)}`;
            }),
        ]),
    };
}

export const delaysTable = ({delays}: SweepFigures): Shown => ({
    head: [
        "network, underlying",
        ...[
            "smallest shock",
            "needed for the measured delay",
            "needed for the configured delay",
            "longest delay covered",
        ],
    ],
    rows: delays.map((delay) => [
        `${delay.network}, ${delay.underlying}`,
        percent(delay.shock, 2),
        `${percent(delay.neededThen, 2)} (${formatDuration(delay.measuredSeconds)})`,
        `${percent(delay.neededAsConfigured, 2)} (${formatDuration(delay.configuredSeconds)})`,
        formatDuration(delay.mostSeconds),
    ]),
});

const isOf =
    (rule: string, factor: number) =>
    (cell: CellFigure): boolean =>
        cell.rule === rule && cell.factor === factor;

const [AWARE, CALM, DEARER] = RULES;

function lineAt({cells, within}: SweepFigures, factor: number): string[] {
    const [aware, fixed] = [AWARE, CALM].map((rule) => cells.find(isOf(rule, factor)));
    if (aware === undefined || fixed === undefined) return [];
    const covered =
        aware.coveredWithin === null
            ? "of no breach"
            : `of ${percent(aware.covered, 0)} of the breaches, and ${percent(aware.coveredWithin, 0)} of those are executed within ${within} blocks`;
    return [
        `- At x${factor} the gas-aware reward pays the gas ${covered}. Of all breaches ${percent(aware.within, 0)} are executed within ${within} blocks, under the fixed reward that is right at x1 ${percent(fixed.within, 0)}.`,
    ];
}

function overpaidLine({cells}: SweepFigures): string[] {
    const [aware, dear] = [AWARE, DEARER].map((rule) => cells.find(isOf(rule, 1)));
    if (aware === undefined || dear === undefined) return [];
    return [
        `- A fixed reward that is right at x${DEAR} overpays ${times(dear.overpaid, dear.gasCost)} the gas at x1, the gas-aware one ${times(aware.overpaid, aware.gasCost)}.`,
    ];
}

/** What to take from the tables, a line for each gas price and one for what is overpaid. */
export const summary = (figures: SweepFigures): string =>
    [
        ...[...new Set(figures.cells.map(({factor}) => factor))].flatMap((factor) => lineAt(figures, factor)),
        ...overpaidLine(figures),
    ].join("\n");

export const settingLine = (figures: SweepFigures): string =>
    `${figures.breaches} breaches, seed ${figures.seed}, followed for ${figure(String(figures.blocks))} blocks of ${figures.blockSeconds} s; x1 is ${figures.gasPriceGwei} gwei, the coin ${figure(figures.nativePrice)} USD.`;

export const describe = (figures: SweepFigures): string =>
    [
        settingLine(figures),
        summary(figures),
        onTerminal(speedTable(figures)),
        onTerminal(costTable(figures)),
        ...(figures.cells.some(({factor}) => factor === DEAR) ? [onTerminal(classesTable(figures))] : []),
        ...(figures.delays.length > 0 ? [onTerminal(delaysTable(figures))] : []),
    ].join("\n\n");
