/** Contract against twin, book by book, until the first difference. */
import {setImmediate as afterTurn} from "node:timers/promises";

import {randomFrom} from "./bits.js";
import type {Random} from "./bits.js";
import {bookOf} from "./books.js";
import {answerOf, ask, caseOf, difference, tellWorld} from "./riskChain.js";
import type {Answer, Case, RiskChain, ToldCase, ToldWorld} from "./riskChain.js";
import {worldOf} from "./worlds.js";
import type {World} from "./worlds.js";

/** When every world is: the chain begins a little earlier, so that setting a world up fits before. */
export const NOW = Date.UTC(2030, 0, 4, 8) / 1000;
export const CHAIN = {
    override: {initialDate: new Date((NOW - 10_000) * 1000).toISOString(), blockGasLimit: 30_000_000_000},
} as const;

/** Legs times scenarios of one call: the chain keeps a trace of all of it in memory until it ends. */
const CALL_WEIGHT = 500;

/** A case on which contract and twin differ, with all it takes to ask again. */
export type Difference = {readonly what: string; readonly world: World; readonly case: Case};

export type Tally = {
    readonly books: number;
    readonly legs: number;
    /** Figures that were compared. */
    readonly figures: number;
    readonly difference?: Difference;
};

const NOTHING: Tally = {books: 0, legs: 0, figures: 0};

export const add = (a: Tally, b: Tally): Tally => ({
    books: a.books + b.books,
    legs: a.legs + b.legs,
    figures: a.figures + b.figures,
    ...(b.difference === undefined ? {} : {difference: b.difference}),
});

function figuresIn(answer: unknown): number {
    if (typeof answer !== "object" || answer === null) return 1;
    return Object.values(answer).reduce((sum: number, member) => sum + figuresIn(member), 0);
}

/** Asks the contract while the twin works out its own answers. */
export async function compareCases(told: ToldWorld, cases: readonly ToldCase[]): Promise<Tally> {
    const {chain, world} = told;
    const asked = ask(told, cases);
    // The question leaves for the chain before the twin takes the thread.
    await afterTurn();
    const answers: readonly Answer[] = cases.map((one) => answerOf(world, one));
    const answered = await asked;
    let tally = NOTHING;
    for (const [i, answer] of answers.entries()) {
        const one = cases[i];
        const theirs = answered[i];
        if (one === undefined || theirs === undefined) throw new Error("The chain left a book unanswered");
        const what = difference(chain, answer, theirs);
        const {book, strongest, any} = one;
        tally = add(tally, {
            books: 1,
            legs: book.positions.length,
            figures: figuresIn(answer),
            ...(what === undefined ? {} : {difference: {what, world, case: {book, strongest, any}}}),
        });
        if (what !== undefined) return tally;
    }
    return tally;
}

/** Books drawn until they are as much work as one call should be, or as many as are asked for. */
function chunkOf(random: Random, world: World, most: number): ToldCase[] {
    const scenarios = Math.max(...[...world.parameters.underlyings.values()].map(({grid}) => grid.length));
    const chunk: ToldCase[] = [];
    for (let weight = 0; weight < CALL_WEIGHT && chunk.length < most;) {
        const book = bookOf(random, world);
        weight += book.positions.length * scenarios;
        chunk.push(caseOf(random, world, book));
    }
    return chunk;
}

/** World `index` of a seed: the same books every time. */
export async function compareWorld(chain: RiskChain, seed: bigint, index: number, books: number): Promise<Tally> {
    const random = randomFrom((seed << 32n) + BigInt(index));
    const world = worldOf(random, NOW);
    const told = await tellWorld(chain, world);
    let tally = NOTHING;
    while (tally.books < books && tally.difference === undefined) {
        tally = add(tally, await compareCases(told, chunkOf(random, world, books - tally.books)));
    }
    return tally;
}
