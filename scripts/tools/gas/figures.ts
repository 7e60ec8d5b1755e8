/** The figures of the benchmark as they are written down. */
import {z} from "zod";

import {sizeLabel} from "./books.js";
import type {Size} from "./books.js";
import {measure, NAMES} from "./measure.js";
import type {Name} from "./measure.js";
import {MANAGERS, peerGas} from "./peers.js";
import type {Stage} from "./stage.js";

const peerSchema = z.strictObject({gas: z.int().positive(), manager: z.string()});

const figureSchema = z.strictObject({
    name: z.enum(NAMES),
    positions: z.int().positive(),
    expiries: z.int().positive(),
    underlyings: z.int().positive(),
    gas: z.int().positive(),
    peer: peerSchema.nullable(),
});

export type Figure = z.output<typeof figureSchema>;

export function figureOf(name: Name, size: Size, gas: bigint): Figure {
    const peer = peerGas(name, size, "PMRM");
    const {positions, expiries, underlyings} = size;
    return {
        name,
        positions,
        expiries,
        underlyings,
        gas: Number(gas),
        peer: peer === undefined ? null : {gas: peer, manager: MANAGERS.PMRM},
    };
}

/** Measures one book after another. */
export async function figuresOf(
    stage: Stage,
    sizes: readonly Size[],
    progress: (line: string) => void,
): Promise<Figure[]> {
    const figures: Figure[] = [];
    for (const [place, size] of sizes.entries()) {
        progress(`${place + 1} of ${sizes.length}: ${sizeLabel(size)}`);
        for (const {name, gas} of await measure(stage, size)) figures.push(figureOf(name, size, gas));
    }
    return figures;
}

/** A line per figure. */
export const toJson = (figures: readonly Figure[]): string =>
    `[\n${figures.map((figure) => `    ${JSON.stringify(figure)}`).join(",\n")}\n]\n`;

export const fromJson = (text: string): Figure[] => z.array(figureSchema).parse(JSON.parse(text));

export const isOf =
    ({positions, expiries, underlyings}: Size) =>
    (figure: Figure): boolean =>
        figure.positions === positions && figure.expiries === expiries && figure.underlyings === underlyings;

/** What differs from the recorded figures, in words; figures that were not measured again do not matter. */
export function differences(recorded: readonly Figure[], measured: readonly Figure[]): string[] {
    return measured.flatMap((figure) => {
        const same = recorded.filter(isOf(figure)).find(({name}) => name === figure.name);
        if (same?.gas === figure.gas) return [];
        return [`${figure.name}, ${sizeLabel(figure)}: ${String(same?.gas ?? "none")} -> ${figure.gas}`];
    });
}
