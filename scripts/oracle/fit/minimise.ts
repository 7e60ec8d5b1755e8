/** The lowest point of a function of two figures, by the simplex of Nelder and Mead: no derivatives, and flat valleys do no harm. */

export type Pair = readonly [number, number];

export type Lowest = {readonly at: Pair; readonly value: number};

const MAX_STEPS = 300;
/** The simplex has shrunk to a point. */
const TINY = 1e-9;

const between = ([x, y]: Pair, [u, v]: Pair, share: number): Pair => [x + (u - x) * share, y + (v - y) * share];

const byValue = (one: Lowest, other: Lowest): number => one.value - other.value;

/** Searches from one place, with a first simplex of the given width in each direction. */
export function minimise(measure: (at: Pair) => number, [x, y]: Pair, [width, height]: Pair): Lowest {
    const judge = (at: Pair): Lowest => ({at, value: measure(at)});
    let [best, middle, worst] = sorted(judge([x, y]), judge([x + width, y]), judge([x, y + height]));
    for (let step = 0; step < MAX_STEPS && !isTiny(best, middle, worst); ++step) {
        const centre = between(best.at, middle.at, 0.5);
        const next = better(judge, centre, {best, middle, worst});
        if (next === undefined) {
            middle = judge(between(best.at, middle.at, 0.5));
            worst = judge(between(best.at, worst.at, 0.5));
        } else {
            worst = next;
        }
        [best, middle, worst] = sorted(best, middle, worst);
    }
    return best;
}

type Simplex = {readonly best: Lowest; readonly middle: Lowest; readonly worst: Lowest};

/** What takes the place of the worst corner; undefined when nothing beats it and the simplex must shrink. */
function better(judge: (at: Pair) => Lowest, centre: Pair, {best, middle, worst}: Simplex): Lowest | undefined {
    const mirrored = judge(between(worst.at, centre, 2));
    if (mirrored.value < best.value) {
        const further = judge(between(worst.at, centre, 3));
        return further.value < mirrored.value ? further : mirrored;
    }
    if (mirrored.value < middle.value) return mirrored;
    const nearer = judge(between(worst.at, centre, mirrored.value < worst.value ? 1.5 : 0.5));
    return nearer.value < Math.min(mirrored.value, worst.value) ? nearer : undefined;
}

function sorted(one: Lowest, two: Lowest, three: Lowest): [Lowest, Lowest, Lowest] {
    const corners: [Lowest, Lowest, Lowest] = [one, two, three];
    corners.sort(byValue);
    return corners;
}

const isTiny = (best: Lowest, middle: Lowest, worst: Lowest): boolean =>
    [middle, worst].every(({at: [x, y]}) => Math.abs(x - best.at[0]) < TINY && Math.abs(y - best.at[1]) < TINY);
