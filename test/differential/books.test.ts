import {expect} from "chai";

import {decodeInstrument} from "../../scripts/sdk/instruments.js";
import {MARGIN_MODELS, report} from "../../scripts/sdk/risk/index.js";
import type {Book} from "../../scripts/sdk/risk/index.js";
import {ONE_E18} from "../../scripts/sdk/units.js";
import {randomFrom} from "../support/bits.js";
import {bookOf} from "../support/books.js";
import {NOW} from "../support/comparison.js";
import {questionOf} from "../support/riskChain.js";
import {worldOf} from "../support/worlds.js";
import type {World} from "../support/worlds.js";

const YEAR = 365 * 86_400;

/** What one drawn book is a case of. */
function kindsOf(world: World, book: Book): string[] {
    const {now, underlyings, pricesE18} = world.market;
    const legs = book.positions.filter(({sizeE18}) => sizeE18 !== 0n);
    const terms = legs.map(({instrument, sizeE18}) => ({...decodeInstrument(instrument), sizeE18}));
    const numbers = new Set(terms.map(({underlying}) => underlying));
    const groups = new Set([...numbers].map((one) => world.parameters.underlyings.get(one)?.params.group));
    const some = (name: string, found: boolean): string[] => (found ? [name] : []);
    const moneyness = terms
        .filter(({strikeE8}) => strikeE8 > 0n)
        .map(({underlying, strikeE8}) => (Number(strikeE8) * 1e10) / Number(pricesE18.get(underlying)));
    const isSettled = (underlying: number, expiry: number): boolean =>
        underlyings.get(underlying)?.settlements.has(expiry) ?? false;
    const units = terms.map(({sizeE18}) => (sizeE18 < 0n ? -sizeE18 : sizeE18));
    const assets = book.collateral.map(({assetId}) => world.parameters.assets.get(assetId)?.underlying ?? 0);
    return [
        `${book.model} model`,
        `${numbers.size} underlyings in ${groups.size} groups`,
        `${new Set(terms.map(({expiry}) => expiry).filter((expiry) => expiry !== 0)).size} expiries`,
        ...some("no legs", terms.length === 0),
        ...some("64 legs", book.positions.length === 64),
        ...some("more than 64 legs", book.positions.length > 64),
        ...some("a position of nothing", terms.length < book.positions.length),
        ...some(
            "a settled leg",
            terms.some(({underlying, expiry}) => isSettled(underlying, expiry)),
        ),
        ...some(
            "an expired leg without its price",
            terms.some(({underlying, expiry}) => expiry !== 0 && expiry <= now && !isSettled(underlying, expiry)),
        ),
        ...some(
            "seconds to expiry",
            terms.some(({expiry}) => expiry > now && expiry < now + 10),
        ),
        ...some(
            "over two years to expiry",
            terms.some(({expiry}) => expiry > now + 2 * YEAR),
        ),
        ...some(
            "over three years to expiry",
            terms.some(({expiry}) => expiry > now + 3 * YEAR),
        ),
        ...some(
            "a strike below a fiftieth of spot",
            moneyness.some((share) => share < 0.02),
        ),
        ...some(
            "a strike above fifty times spot",
            moneyness.some((share) => share > 50),
        ),
        ...some(
            "less than a billionth of a unit",
            units.some((size) => size < ONE_E18 / 10n ** 9n),
        ),
        ...some(
            "a million units",
            units.some((size) => size > 10n ** 6n * ONE_E18),
        ),
        ...some("a debt", book.cashE18 < 0n),
        ...some(
            "collateral inside the grid",
            assets.some((underlying) => underlying !== 0),
        ),
        ...some("collateral outside the grid", assets.includes(0)),
    ];
}

describe("differential: random books", () => {
    it("should be of every kind", () => {
        const seen = new Set<string>();
        const lengths = new Set<number>();
        const results = {capped: 0, crowded: 0, floored: 0, withheld: 0};
        for (let index = 0; index < 40; index++) {
            const random = randomFrom(BigInt(index) + 64n);
            const world = worldOf(random, NOW);
            for (const {grid} of world.parameters.underlyings.values()) lengths.add(grid.length);
            for (let i = 0; i < 40; i++) {
                const book = bookOf(random, world);
                for (const kind of kindsOf(world, book)) seen.add(kind);
                for (const one of report(questionOf(world, book)).underlyings) {
                    results.capped += one.rollE18 > one.addOnE18 ? 1 : 0;
                    results.floored += one.addOnE18 > one.rollE18 ? 1 : 0;
                    results.crowded += one.openInterestE18 > 0n ? 1 : 0;
                    results.withheld += one.withheldE18 > 0n ? 1 : 0;
                }
            }
        }
        const groupings = [1, 2].map((count) => `${count} underlyings in ${count} groups`);
        const wanted = [
            ...MARGIN_MODELS.map((model) => `${model} model`),
            ...["no legs", "64 legs", "a position of nothing", "a debt"],
            ...["1 underlyings in 1 groups", "2 underlyings in 1 groups", "3 underlyings in 2 groups", ...groupings],
            ...["4 underlyings in 2 groups", ...[0, 1, 2, 3, 4, 5, 6].map((count) => `${count} expiries`)],
            ...["a settled leg", "an expired leg without its price", "seconds to expiry", "over two years to expiry"],
            ...["a strike below a fiftieth of spot", "a strike above fifty times spot", "a million units"],
            ...["less than a billionth of a unit", "collateral inside the grid", "collateral outside the grid"],
        ];
        expect(
            wanted.filter((kind) => !seen.has(kind)),
            "kinds never drawn",
        ).to.deep.equal([]);
        const unwanted = ["more than 64 legs", "over three years to expiry"].filter((kind) => seen.has(kind));
        expect(unwanted, "kinds beyond what was asked for").to.deep.equal([]);
        expect(Math.min(...lengths), "shortest grid").to.be.lessThan(6);
        expect(Math.max(...lengths), "longest grid").to.be.greaterThan(42);
        expect(
            Math.min(...Object.values(results)),
            "charges that the cap, crowding, a profit and a floor decide",
        ).to.be.greaterThan(40);
    });
});
