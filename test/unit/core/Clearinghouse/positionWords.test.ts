import {expect} from "chai";
import {network} from "hardhat";

import {BTC_INDEX, BTC_PERP, call, deployHouse, E18, ETH_INDEX, ETH_PERP, put, START, trade} from "./fixture.js";
import type {Party, World} from "./fixture.js";

const {ethers, networkHelpers} = await network.create({override: {initialDate: START}});
const {loadFixture} = networkHelpers;
const fixture = (): Promise<World> => deployHouse(ethers);

/** Instrument and size of each word, as the interface lays them out. */
async function unpacked({house}: World, {account}: Party): Promise<[bigint, bigint][]> {
    const words = await house.positionWords(account);
    return words.map((word) => [BigInt.asUintN(128, word), BigInt.asIntN(128, word >> 128n)]);
}

describe("Clearinghouse.positionWords", () => {
    context("given an account without positions", () => {
        it("should be empty", async () => {
            const world = await loadFixture(fixture);
            expect(await world.house.positionWords(world.alice.account), "words").to.deep.equal([]);
            expect(await world.house.hasPositions(world.alice.account), "holds any").to.equal(false);
        });
    });

    context("given longs and shorts on two underlyings", () => {
        const legs = [
            {instrument: BTC_PERP, size: -3n, price: BTC_INDEX},
            {instrument: call(60_000n), size: E18, price: 400n * E18},
            {instrument: put(40_000n), size: -2n * E18, price: 300n * E18},
            {instrument: ETH_PERP, size: 5n * E18, price: ETH_INDEX},
        ];
        const withBook = async (): Promise<World> => {
            const world = await loadFixture(fixture);
            await trade(ethers, world, {maker: world.alice, taker: world.bob, legs});
            return world;
        };

        it("should hold what positionsOf decodes, for either side", async () => {
            const world = await withBook();
            for (const [party, side] of [
                [world.alice, 1n],
                [world.bob, -1n],
            ] as const) {
                const expected = legs.map(({instrument, size}) => [instrument, size * side]);
                expect(await unpacked(world, party), "words as traded").to.deep.equal(expected);
                const [positions] = await world.house.positionsOf(party.account);
                const decoded = positions.map(({instrument, sizeE18}) => [instrument, sizeE18]);
                expect(decoded, "the same positions").to.deep.equal(expected);
                expect(await world.house.hasPositions(party.account), "holds any").to.equal(true);
            }
        });

        it("should put the last word in the place of a closed one", async () => {
            const world = await withBook();
            const closing = [{instrument: BTC_PERP, size: 3n, price: BTC_INDEX}];
            await trade(ethers, world, {maker: world.alice, taker: world.bob, legs: closing});
            expect(await unpacked(world, world.alice), "words in storage order").to.deep.equal([
                [ETH_PERP, 5n * E18],
                [call(60_000n), E18],
                [put(40_000n), -2n * E18],
            ]);
            const [positions] = await world.house.positionsOf(world.alice.account);
            const order = positions.map(({instrument}) => instrument);
            expect(order, "positionsOf in ascending order").to.deep.equal([call(60_000n), put(40_000n), ETH_PERP]);
        });

        it("should be empty again once everything is closed", async () => {
            const world = await withBook();
            const closing = legs.map((leg) => ({...leg, size: -leg.size}));
            await trade(ethers, world, {maker: world.alice, taker: world.bob, legs: closing});
            expect(await world.house.positionWords(world.alice.account), "words").to.deep.equal([]);
            expect(await world.house.hasPositions(world.alice.account), "holds any").to.equal(false);
            expect(await world.house.quoteOf(world.alice.account, 1), "no figure outlives its positions").to.equal(0n);
        });
    });
});
