import {expect} from "chai";
import fc from "fast-check";

import {findStraddle, type RoundSource} from "../../../scripts/keeper/settler.js";

type Rounds = readonly (readonly bigint[])[];

const idOf = (phase: number, number: number): bigint => (BigInt(phase) << 64n) | BigInt(number);

/** A proxy with phases 1, 2, … and the update times of their rounds. */
function sourceOf(phases: Rounds): RoundSource & {readonly reads: () => number} {
    let reads = 0;
    return {
        reads: () => reads,
        latest: () => {
            const last = phases.at(-1) ?? [];
            return Promise.resolve({roundId: idOf(phases.length, last.length), updatedAt: last.at(-1) ?? 0n});
        },
        round: (roundId) => {
            reads += 1;
            const updatedAt = phases[Number(roundId >> 64n) - 1]?.[Number(roundId & (2n ** 64n - 1n)) - 1];
            return Promise.resolve(updatedAt === undefined ? undefined : {roundId, updatedAt});
        },
    };
}

async function timeOf(source: RoundSource, roundId: bigint | undefined): Promise<bigint> {
    const round = roundId === undefined ? undefined : await source.round(roundId);
    if (round === undefined) throw new Error("no such round");
    return round.updatedAt;
}

describe("keeper: settler", () => {
    it("should find the two rounds around a moment", async () => {
        const source = sourceOf([[10n, 20n, 30n, 40n]]);
        expect(await findStraddle(source, 25n)).to.deep.equal({roundId: idOf(1, 2), nextRoundId: idOf(1, 3)});
        expect(await findStraddle(source, 20n), "at a round").to.deep.equal({
            roundId: idOf(1, 2),
            nextRoundId: idOf(1, 3),
        });
    });

    it("should wait for a round after the moment", async () => {
        expect(await findStraddle(sourceOf([[10n, 20n]]), 20n)).to.equal(undefined);
    });

    it("should give up on a moment before the history", async () => {
        expect(await findStraddle(sourceOf([[10n, 20n]]), 9n)).to.equal(undefined);
    });

    it("should cross from one phase to the next", async () => {
        const source = sourceOf([
            [10n, 20n, 30n],
            [50n, 60n],
        ]);
        expect(await findStraddle(source, 45n)).to.deep.equal({roundId: idOf(1, 3), nextRoundId: idOf(2, 1)});
        expect(await findStraddle(source, 55n)).to.deep.equal({roundId: idOf(2, 1), nextRoundId: idOf(2, 2)});
    });

    it("should pass over a phase without rounds", async () => {
        const source = sourceOf([[10n, 20n], [], [50n, 60n]]);
        expect(await findStraddle(source, 45n)).to.deep.equal({roundId: idOf(1, 2), nextRoundId: idOf(3, 1)});
    });

    it("should straddle any moment, in few reads", async () => {
        const gaps = fc.array(fc.array(fc.integer({min: 1, max: 5_000}), {minLength: 1, maxLength: 300}), {
            minLength: 1,
            maxLength: 4,
        });
        await fc.assert(
            fc.asyncProperty(gaps, fc.double({min: 0, max: 1, noNaN: true}), async (steps, part) => {
                let time = 1_000n;
                const phases = steps.map((phase) => phase.map((step) => (time += BigInt(step))));
                const times = phases.flat();
                const first = times[0] ?? 0n;
                const last = times.at(-1) ?? 0n;
                const at = first + BigInt(Math.floor(part * Number(last - first)));
                const source = sourceOf(phases);
                const found = await findStraddle(source, at);
                if (at >= last) {
                    expect(found).to.equal(undefined);
                    return;
                }
                const before = await timeOf(source, found?.roundId);
                const after = await timeOf(source, found?.nextRoundId);
                expect(before, "before").to.be.lte(at);
                expect(after, "after").to.be.gt(at);
                expect(times.indexOf(after), "adjacent").to.equal(times.indexOf(before) + 1);
                expect(source.reads(), "reads").to.be.lte(45);
            }),
        );
    });
});
