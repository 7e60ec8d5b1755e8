import {expect} from "chai";
import {network} from "hardhat";

import {decodeInstrument, instrumentId, isLinear, isOption, KINDS} from "../../../scripts/sdk/instruments.js";
import type {Instrument} from "../../../scripts/sdk/instruments.js";
import {strike} from "../../../scripts/sdk/units.js";
import {batch} from "../../support/batch.js";
import {randomFrom} from "../../support/bits.js";

const {ethers, networkHelpers} = await network.create();

const COUNT = 300;

describe("InstrumentId", () => {
    async function fixture() {
        return {harness: await ethers.deployContract("InstrumentHarness")};
    }

    const random = randomFrom(3n);
    const instruments: readonly Instrument[] = Array.from({length: COUNT}, () => {
        const kind = random.pick(KINDS);
        return {
            underlying: Number(random.below(1n << 16n)),
            kind,
            expiry: kind === "PERP" ? 0 : Number(random.magnitude(40)),
            strikeE8: strike(isOption(kind) ? random.magnitude(64) : 0n),
        };
    });
    const ids = instruments.map(instrumentId);

    it("should pack terms as the kit does", async () => {
        const {harness} = await networkHelpers.loadFixture(fixture);
        const terms = instruments.map((one) => [one.underlying, KINDS.indexOf(one.kind), one.expiry, one.strikeE8]);
        expect(await batch(harness, "pack", terms)).to.deep.equal(ids);
    });

    it("should give back each term", async () => {
        const {harness} = await networkHelpers.loadFixture(fixture);
        const calls = ids.map((id) => [id]);
        const expected: Readonly<Record<string, readonly unknown[]>> = {
            underlyingOf: instruments.map(({underlying}) => BigInt(underlying)),
            expiryOf: instruments.map(({expiry}) => BigInt(expiry)),
            kindOf: instruments.map(({kind}) => BigInt(KINDS.indexOf(kind))),
            strikeOf: instruments.map(({strikeE8}) => strikeE8),
            isLinear: instruments.map(({kind}) => isLinear(kind)),
            isOption: instruments.map(({kind}) => isOption(kind)),
            isDated: instruments.map(({kind}) => kind !== "PERP"),
        };
        for (const [name, values] of Object.entries(expected)) {
            expect(await batch(harness, name, calls), name).to.deep.equal(values);
        }
        expect(ids.map(decodeInstrument), "the kit's own").to.deep.equal(instruments);
    });

    it("should group ascending ids by underlying, expiry, kind and strike", async () => {
        const {harness} = await networkHelpers.loadFixture(fixture);
        const terms: readonly (readonly [number, number, number, bigint])[] = [
            [1, 0, 0, 0n],
            [1, 1, 100, 0n],
            [1, 2, 100, 5n],
            [1, 2, 100, 6n],
            [1, 3, 100, 1n],
            [1, 1, 101, 0n],
            [2, 0, 0, 0n],
        ];
        const ordered = (await batch(harness, "pack", terms)) as bigint[];
        for (let i = 1; i < ordered.length; i++) {
            expect(await harness.isBelow(ordered[i - 1]!, ordered[i]!), `${i - 1} below ${i}`).to.equal(true);
            expect(await harness.isBelow(ordered[i]!, ordered[i - 1]!), `${i} not below ${i - 1}`).to.equal(false);
        }
    });

    context("when the terms do not belong together", () => {
        const cases: readonly (readonly [string, number, number, bigint])[] = [
            ["a perpetual with an expiry", 0, 1, 0n],
            ["a future without one", 1, 0, 0n],
            ["a call without a strike", 2, 1, 0n],
            ["a put without an expiry", 3, 0, 1n],
            ["a future with a strike", 1, 1, 1n],
            ["a perpetual with a strike", 0, 0, 1n],
        ];
        for (const [title, kind, expiry, strikeE8] of cases) {
            it(`should revert for ${title}`, async () => {
                const {harness} = await networkHelpers.loadFixture(fixture);
                const errors = new ethers.Interface([
                    "error InstrumentId_InvalidTerms(uint8 kind, uint40 expirySeconds, uint64 strikeE8)",
                ]);
                await expect(harness.pack(1, kind, expiry, strikeE8))
                    .to.be.revertedWithCustomError({interface: errors}, "InstrumentId_InvalidTerms")
                    .withArgs(kind, expiry, strikeE8);
            });
        }
    });

    context("when the kind byte is none", () => {
        it("should panic", async () => {
            const {harness} = await networkHelpers.loadFixture(fixture);
            await expect(harness.kindOf(4n << 64n)).to.be.revertedWithPanic(0x21);
        });
    });
});
