/** Writes the figures of docs/closing.md and docs/gas-sweep.md between their marks; what stands around the marks is written by hand. */
import {onPage} from "../shared/shown.js";
import * as closing from "../simulators/closing/describe.js";
import {DEFAULTS as CLOSING_DEFAULTS, readOptions as readClosing} from "../simulators/closing/program.js";
import {simulate as simulateClosing} from "../simulators/closing/simulate.js";
import type {ClosingFigures} from "../simulators/closing/figures.js";
import * as gas from "../simulators/gasSweep/describe.js";
import type {SweepFigures} from "../simulators/gasSweep/figures.js";
import {DEFAULTS as SWEEP_DEFAULTS, readOptions as readSweep} from "../simulators/gasSweep/program.js";
import {simulate as simulateSweep} from "../simulators/gasSweep/simulate.js";
import {replaceBlocks} from "./blocks.js";

export const CLOSING = "docs/closing.md";
export const SWEEP = "docs/gas-sweep.md";

/** The figures of `npm run closing` as it runs without arguments. */
export const closingFigures = (): ClosingFigures => simulateClosing(readClosing({...CLOSING_DEFAULTS}));

/** The figures of `npm run sweep:gas` as it runs without arguments. */
export const sweepFigures = (): SweepFigures => simulateSweep(readSweep({...SWEEP_DEFAULTS}));

type Blocks = Readonly<Record<string, string>>;

export const closingBlocks = (figures: ClosingFigures): Blocks => ({
    orders: [closing.drawnLine(figures), closing.summary(figures), onPage(closing.ordersTable(figures))].join("\n\n"),
    families: onPage(closing.familiesTable(figures)),
    keepers: onPage(closing.keepersTable(figures)),
    paths: [closing.pathsLine(figures), onPage(closing.pathsTable(figures))].join("\n\n"),
});

export const sweepBlocks = (figures: SweepFigures): Blocks => ({
    speed: [gas.settingLine(figures), gas.summary(figures), onPage(gas.speedTable(figures))].join("\n\n"),
    cost: onPage(gas.costTable(figures)),
    sizes: onPage(gas.classesTable(figures)),
    delay: onPage(gas.delaysTable(figures)),
});

export const withClosing = (page: string): string => replaceBlocks(CLOSING, page, closingBlocks(closingFigures()));
export const withSweep = (page: string): string => replaceBlocks(SWEEP, page, sweepBlocks(sweepFigures()));
