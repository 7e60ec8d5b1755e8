/** Linear least squares with a few columns. Columns are made orthogonal: normal equations would square what is nearly parallel. */

type Vector = readonly number[];

/** A column with less than this share of itself left adds nothing to those before it. */
const NOTHING_LEFT = 1e-13;

const dot = (one: Vector, other: Vector): number =>
    one.reduce((sum, value, index) => sum + value * (other[index] ?? 0), 0);

const minus = (one: Vector, share: number, other: Vector): Vector =>
    one.map((value, index) => value - share * (other[index] ?? 0));

type Orthogonal = {
    /** Of length one, or zero for a column that adds nothing. */
    readonly units: readonly Vector[];
    /** By column: its share of each unit up to its own. */
    readonly shares: readonly Vector[];
};

function orthogonal(columns: readonly Vector[]): Orthogonal {
    const units: Vector[] = [];
    const all: Vector[] = [];
    for (const column of columns) {
        let rest = column;
        const shares = units.map((unit) => {
            const share = dot(unit, rest);
            rest = minus(rest, share, unit);
            return share;
        });
        const length = Math.sqrt(dot(rest, rest));
        const isNothing = length <= NOTHING_LEFT * Math.sqrt(dot(column, column));
        units.push(rest.map((value) => (isNothing ? 0 : value / length)));
        all.push([...shares, isNothing ? 0 : length]);
    }
    return {units, shares: all};
}

/** Coefficients, one per column; 0 for a column that adds nothing to those before it. */
export function leastSquares(columns: readonly Vector[], target: Vector): number[] {
    const {units, shares} = orthogonal(columns);
    let rest = target;
    const wanted = units.map((unit) => {
        const share = dot(unit, rest);
        rest = minus(rest, share, unit);
        return share;
    });
    const coefficients = columns.map(() => 0);
    for (let place = columns.length - 1; place >= 0; --place) {
        const taken = shares
            .slice(place + 1)
            .reduce((sum, later, index) => sum + (later[place] ?? 0) * (coefficients[place + 1 + index] ?? 0), 0);
        const length = shares[place]?.[place] ?? 0;
        coefficients[place] = length === 0 ? 0 : ((wanted[place] ?? 0) - taken) / length;
    }
    return coefficients;
}
