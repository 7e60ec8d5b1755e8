/**
 * The linear part of the fit. With y = (k - m) / sigma and z = sqrt(y^2 + 1) the formula is w = level + tilt y + bend (z - 1), where
 * bend = b sigma, tilt = rho bend and level = a + bend. Least squares give the three; where they leave the smiles that the oracle
 * accepts, the best point on the edge takes their place.
 */
import {leastSquares} from "./linear.js";
import type {RawSvi} from "./svi.js";

export type Sample = {
    readonly k: number;
    /** Total variance, and one standard deviation of it. */
    readonly variance: number;
    readonly error: number;
};

export type Inner = {
    readonly svi: RawSvi;
    /** (fitted less quoted variance) / error, by sample. */
    readonly standardised: readonly number[];
    /** Of the standardised residuals, each with its weight. */
    readonly sumOfSquares: number;
};

/** Just inside the rules of the oracle, so that rounding to 18 decimals does not lead out. */
const MAX_RHO = 0.9999;
const MAX_SLOPE = 3.9999;
/** Bounds `a` from below: a report holds it in 64 bits. */
const MAX_BEND = 9;
const MIN_VARIANCE = 1e-12;
const RHO_STEPS = 20;
const GOLDEN_STEPS = 30;
const GOLDEN = (Math.sqrt(5) - 1) / 2;

type Row = {
    readonly y: number;
    /** z - 1, exact for small y. */
    readonly rise: number;
    readonly variance: number;
    /** Root of the weight over the error. */
    readonly factor: number;
};

type Line = {readonly level: number; readonly tilt: number; readonly bend: number};

/** Greatest bend + |tilt|. */
const capOf = (sigma: number): number => Math.min(MAX_SLOPE * sigma, MAX_BEND);

/** How far below its level a line goes. */
const lowest = (bend: number, tilt: number): number => bend - Math.sqrt(Math.max(bend * bend - tilt * tilt, 0));

function isAllowed({level, tilt, bend}: Line, sigma: number): boolean {
    if (bend < 0 || Math.abs(tilt) > MAX_RHO * bend || bend + Math.abs(tilt) > capOf(sigma)) return false;
    return level - lowest(bend, tilt) >= MIN_VARIANCE;
}

const clamp = (value: number, low: number, high: number): number => Math.min(Math.max(value, low), high);

/** Best line along one direction: variance = level + base + amount * direction, with the amount in bounds. */
function along(
    rows: readonly Row[],
    direction: (row: Row) => number,
    base: (row: Row) => number,
    most: number,
): {readonly level: number; readonly amount: number} {
    const columns = [rows.map(({factor}) => factor), rows.map((row) => row.factor * direction(row))];
    const target = rows.map((row) => row.factor * (row.variance - base(row)));
    const amount = clamp(leastSquares(columns, target)[1] ?? 0, 0, most);
    const rest = rows.map((row, index) => (target[index] ?? 0) - amount * row.factor * direction(row));
    return {level: leastSquares([columns[0] ?? []], rest)[0] ?? 0, amount};
}

/** Touching zero variance at its lowest point: for each rho one figure is left. */
function touching(rows: readonly Row[], sigma: number, sumOf: (line: Line) => number): Line {
    const at = (rho: number): Line => {
        const lift = 1 - Math.sqrt(1 - rho * rho);
        const column = rows.map(({factor, y, rise}) => factor * (rise + rho * y + lift));
        const target = rows.map(({factor, variance}) => factor * (variance - MIN_VARIANCE));
        const bend = clamp(leastSquares([column], target)[0] ?? 0, 0, capOf(sigma) / (1 + Math.abs(rho)));
        return {level: MIN_VARIANCE + bend * lift, tilt: rho * bend, bend};
    };
    const grid = Array.from({length: RHO_STEPS + 1}, (_, step) => MAX_RHO * ((2 * step) / RHO_STEPS - 1));
    const start = grid.reduce((best, rho) => (sumOf(at(rho)) < sumOf(at(best)) ? rho : best));
    let [low, high] = [Math.max(start - 0.1, -MAX_RHO), Math.min(start + 0.1, MAX_RHO)];
    for (let step = 0; step < GOLDEN_STEPS; ++step) {
        const [left, right] = [high - GOLDEN * (high - low), low + GOLDEN * (high - low)];
        if (sumOf(at(left)) < sumOf(at(right))) high = right;
        else low = left;
    }
    return at((low + high) / 2);
}

/** The best of the edges: rho at either end, the steepest wing on either side, no variance at the lowest point. */
function onEdge(rows: readonly Row[], sigma: number, sumOf: (line: Line) => number): Line {
    const lines: Line[] = [];
    for (const side of [-1, 1]) {
        const rho = side * MAX_RHO;
        const steepest = capOf(sigma) / (1 + MAX_RHO);
        const leaning = along(
            rows,
            ({y, rise}) => rise + rho * y,
            () => 0,
            steepest,
        );
        lines.push({level: leaning.level, tilt: rho * leaning.amount, bend: leaning.amount});
        const cap = capOf(sigma);
        const steep = along(
            rows,
            ({y, rise}) => side * y - rise,
            ({rise}) => cap * rise,
            (cap * MAX_RHO) / (1 + MAX_RHO),
        );
        lines.push({level: steep.level, tilt: side * steep.amount, bend: cap - steep.amount});
    }
    const raised = lines.map((line) => ({
        ...line,
        level: Math.max(line.level, lowest(line.bend, line.tilt) + MIN_VARIANCE),
    }));
    return [...raised, touching(rows, sigma, sumOf)].reduce((best, line) => (sumOf(line) < sumOf(best) ? line : best));
}

/** Level, tilt and bend for one centre and width. */
export function innerFit(samples: readonly Sample[], trust: readonly number[], m: number, sigma: number): Inner {
    const rows = samples.map(({k, variance, error}, index) => {
        const y = (k - m) / sigma;
        const rise = (y * y) / (Math.sqrt(y * y + 1) + 1);
        return {y, rise, variance, factor: Math.sqrt(trust[index] ?? 0) / error};
    });
    const off = ({level, tilt, bend}: Line, {y, rise, variance}: Row): number =>
        level + tilt * y + bend * rise - variance;
    const sumOf = (line: Line): number => rows.reduce((sum, row) => sum + (off(line, row) * row.factor) ** 2, 0);
    const [level = 0, tilt = 0, bend = 0] = leastSquares(
        [
            rows.map(({factor}) => factor),
            rows.map(({factor, y}) => factor * y),
            rows.map(({factor, rise}) => factor * rise),
        ],
        rows.map(({factor, variance}) => factor * variance),
    );
    const free = {level, tilt, bend};
    const line = isAllowed(free, sigma) ? free : onEdge(rows, sigma, sumOf);
    const rho = line.bend > 0 ? line.tilt / line.bend : 0;
    return {
        svi: {a: line.level - line.bend, b: line.bend / sigma, rho, m, sigma},
        standardised: rows.map((row, index) => off(line, row) / (samples[index]?.error ?? 1)),
        sumOfSquares: sumOf(line),
    };
}
