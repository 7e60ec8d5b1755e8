/** Squarified treemap (Bruls, Huizing, van Wijk): areas in proportion to weights, cells as square as they can be. */
export type Box = {readonly x: number; readonly y: number; readonly width: number; readonly height: number};
export type Weighted = {readonly weight: number};
export type Cell<T> = Box & {readonly item: T};

const sum = (items: readonly Weighted[]): number => items.reduce((total, {weight}) => total + weight, 0);

/** The worst ratio of sides if these areas share one strip along `side`. */
function worstRatio(areas: readonly number[], side: number): number {
    const total = areas.reduce((a, b) => a + b, 0);
    const thickness = total / side;
    return Math.max(...areas.map((area) => Math.max(area / thickness ** 2, thickness ** 2 / area)));
}

/** How many of the leading items go into the first strip: as many as make its cells squarer. */
function stripLength(areas: readonly number[], side: number): number {
    let count = 1;
    while (
        count < areas.length &&
        worstRatio(areas.slice(0, count + 1), side) <= worstRatio(areas.slice(0, count), side)
    ) {
        count++;
    }
    return count;
}

/** Cells for `items`, heaviest first, filling `box`. */
export function treemap<T extends Weighted>(items: readonly T[], box: Box): Cell<T>[] {
    if (items.length === 0) return [];
    const scale = (box.width * box.height) / sum(items);
    const isWide = box.width >= box.height;
    const side = isWide ? box.height : box.width;
    const areas = items.map(({weight}) => weight * scale);
    const count = stripLength(areas, side);
    const thickness = areas.slice(0, count).reduce((a, b) => a + b, 0) / side;

    let offset = 0;
    const strip = items.slice(0, count).map((item, index) => {
        const length = (areas[index] ?? 0) / thickness;
        const cell = isWide
            ? {item, x: box.x, y: box.y + offset, width: thickness, height: length}
            : {item, x: box.x + offset, y: box.y, width: length, height: thickness};
        offset += length;
        return cell;
    });
    const rest = isWide
        ? {...box, x: box.x + thickness, width: box.width - thickness}
        : {...box, y: box.y + thickness, height: box.height - thickness};
    return [...strip, ...treemap(items.slice(count), rest)];
}
