/** Columns of figures that grow, and runs of them that belong to one slot each. */

const GROWTH = 2;
/** Entries that may lie unused before the runs are moved together. */
const LOOSE = 4_096;

/** What stands at a place; 0 beyond the end. */
export const floatAt = (column: Float64Array, place: number): number => column[place] ?? 0;
export const intAt = (column: Int32Array, place: number): number => column[place] ?? 0;

/** Adds to what stands at a place. */
export const addAt = (column: Float64Array, place: number, amount: number): void =>
    void (column[place] = floatAt(column, place) + amount);

/** The same figures with room for `length` of them, and for twice as many as before. */
export function roomyFloats(column: Float64Array, length: number): Float64Array {
    if (length <= column.length) return column;
    const grown = new Float64Array(Math.max(length, GROWTH * column.length));
    grown.set(column);
    return grown;
}

export function roomyInts(column: Int32Array, length: number): Int32Array {
    if (length <= column.length) return column;
    const grown = new Int32Array(Math.max(length, GROWTH * column.length));
    grown.set(column);
    return grown;
}

/** What a slot holds: units by the place of what they are units of. */
export type Entry = {readonly place: number; readonly units: number};

/** One run of entries per slot, all in two columns. Read the columns anew after every `put`: they move as they grow. */
export type Runs = {
    places: Int32Array;
    units: Float64Array;
    /** By slot. */
    starts: Int32Array;
    counts: Int32Array;
    /** End of what is in use, and entries of it that no slot has any more. */
    end: number;
    loose: number;
};

export const emptyRuns = (): Runs => ({
    places: new Int32Array(0),
    units: new Float64Array(0),
    starts: new Int32Array(0),
    counts: new Int32Array(0),
    end: 0,
    loose: 0,
});

/** Gives a slot other entries: in their old place if they fit, otherwise behind all others. */
export function putRun(runs: Runs, slot: number, entries: readonly Entry[]): void {
    runs.starts = roomyInts(runs.starts, slot + 1);
    runs.counts = roomyInts(runs.counts, slot + 1);
    const before = runs.counts[slot] ?? 0;
    let start = runs.starts[slot] ?? 0;
    if (entries.length > before) {
        start = runs.end;
        runs.end += entries.length;
        runs.loose += before;
        runs.places = roomyInts(runs.places, runs.end);
        runs.units = roomyFloats(runs.units, runs.end);
    } else {
        runs.loose += before - entries.length;
    }
    for (const [i, {place, units}] of entries.entries()) {
        runs.places[start + i] = place;
        runs.units[start + i] = units;
    }
    runs.starts[slot] = start;
    runs.counts[slot] = entries.length;
    if (runs.loose > LOOSE && GROWTH * runs.loose > runs.end) moveTogether(runs);
}

function moveTogether(runs: Runs): void {
    const places = new Int32Array(runs.end - runs.loose);
    const units = new Float64Array(runs.end - runs.loose);
    let end = 0;
    for (const [slot, count] of runs.counts.entries()) {
        const start = runs.starts[slot] ?? 0;
        places.set(runs.places.subarray(start, start + count), end);
        units.set(runs.units.subarray(start, start + count), end);
        runs.starts[slot] = end;
        end += count;
    }
    runs.places = places;
    runs.units = units;
    runs.end = end;
    runs.loose = 0;
}
