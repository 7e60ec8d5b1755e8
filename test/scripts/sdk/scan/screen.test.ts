import {expect} from "chai";

import type {AccountId} from "../../../../scripts/sdk/ids.js";
import {assessBook} from "../../../../scripts/sdk/risk/index.js";
import type {Book} from "../../../../scripts/sdk/risk/index.js";
import {createScan} from "../../../../scripts/sdk/scan/index.js";
import {ONE_E18} from "../../../../scripts/sdk/units.js";
import {randomFrom} from "../../../support/bits.js";
import {bookOf} from "../../../support/books.js";
import {NOW} from "../../../support/comparison.js";
import {questionOf} from "../../../support/riskChain.js";
import {worldOf} from "../../../support/worlds.js";
import type {World} from "../../../support/worlds.js";
import {atEdge, leftE18} from "./edge.js";

const WORLDS = 60;
const BOOKS = 50;

type Case = {readonly world: World; readonly book: Book};

function cases(seed: bigint): Case[] {
    return Array.from({length: WORLDS}, (_, index) => index).flatMap((index) => {
        const random = randomFrom(seed + BigInt(index));
        const world = worldOf(random, NOW);
        return Array.from({length: BOOKS}, (): Case => {
            return {world, book: {...bookOf(random, world), model: "SCENARIO"}};
        });
    });
}

const drawn = cases(7_000n);
const ACCOUNT = `0x${"00".repeat(32)}` as AccountId;

/** One scan per world, which every book of it goes through. */
const scans = new Map<World, ReturnType<typeof createScan>>();
function boundOf({world, book}: Case): number {
    const scan = scans.get(world) ?? createScan();
    if (!scans.has(world)) scan.reprice(world.market, world.parameters);
    scans.set(world, scan);
    scan.put(ACCOUNT, book);
    return scan.leastLeft(ACCOUNT);
}

const toE18 = (usd: number): bigint => BigInt(Math.ceil(usd * 1e18));

describe("scan: screen", () => {
    it("should never say that more is left than the exact twin", () => {
        const wrong = drawn.filter((one) => toE18(boundOf(one)) > leftE18(one.world, one.book));
        expect(wrong.length, "books whose bound is above what is left").to.equal(0);
    });

    it("should clear no book that is short by the last decimal", () => {
        const short = drawn.map(({world, book}) => ({world, book: atEdge(world, book, -1n)}));
        expect(
            short.every(({world, book}) => leftE18(world, book) === -1n),
            "books at the edge",
        ).to.equal(true);
        expect(short.filter((one) => boundOf(one) >= 0).length, "short books that were cleared").to.equal(0);
    });

    it("should clear nearly every book that has a millionth of its figures and a cent to spare", () => {
        const spared = drawn.map(({world, book}) => {
            const {equityE18, maintenanceE18} = assessBook(questionOf(world, {...book, cashE18: 0n}));
            const figuresE18 = maintenanceE18 + (equityE18 < 0n ? 0n - equityE18 : equityE18);
            return {world, book: atEdge(world, book, figuresE18 / 1_000_000n + ONE_E18 / 100n)};
        });
        const asked = spared.filter((one) => !(boundOf(one) >= 0)).length;
        expect(asked / spared.length, "share that was not cleared").to.be.lessThan(0.002);
    });
});
