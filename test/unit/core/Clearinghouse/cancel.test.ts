import {expect} from "chai";
import {network} from "hardhat";

import {BTC_INDEX, BTC_PERP, deployHouse, E18, FAR, prepare, RIGHT_TRADE, send, START, toStruct} from "./fixture.js";
import type {FillItem, World} from "./fixture.js";

const {ethers, networkHelpers} = await network.create({override: {initialDate: START}});
const {loadFixture} = networkHelpers;
const fixture = (): Promise<World> => deployHouse(ethers);
const legs = [{instrument: BTC_PERP, size: E18, price: BTC_INDEX}];

describe("Clearinghouse: cancelling quotes", () => {
    const quoteOf = (world: World, quote: Record<string, bigint>): Promise<FillItem> =>
        prepare(ethers, world, {maker: world.alice, taker: world.bob, legs, quote, units: 2n * E18, fillUnits: E18});

    const refused = async (world: World, item: FillItem): Promise<void> => {
        const digest = await world.house.quoteDigest(toStruct(item).quote);
        await expect(send(world, world.bob, item))
            .to.be.revertedWithCustomError(world.house, "Clearinghouse_QuoteCancelled")
            .withArgs(digest);
    };

    it("should cancel one nonce and leave its neighbours, in and across words", async () => {
        const world = await loadFixture(fixture);
        const house = world.house.connect(world.alice.signer);
        for (const nonce of [255n, 256n, 2n ** 128n - 1n]) {
            const item = await quoteOf(world, {nonce});
            const neighbour = await quoteOf(world, {nonce: nonce - 2n});
            await send(world, world.bob, item);
            await expect(house.cancelQuote(world.alice.account, nonce))
                .to.emit(house, "QuoteCancelled")
                .withArgs(world.alice.account, nonce);
            await refused(world, item);
            await send(world, world.bob, neighbour);
        }
    });

    it("should cancel one maker's nonce only", async () => {
        const world = await loadFixture(fixture);
        await world.house.connect(world.carol.signer).cancelQuote(world.carol.account, 7n);
        await send(world, world.bob, await quoteOf(world, {nonce: 7n}));
    });

    it("should cancel a group and leave the others", async () => {
        const world = await loadFixture(fixture);
        const first = await quoteOf(world, {group: 5n});
        const second = await quoteOf(world, {group: 5n});
        const other = await quoteOf(world, {group: 6n});
        await expect(world.house.connect(world.alice.signer).cancelGroup(world.alice.account, 5n))
            .to.emit(world.house, "GroupCancelled")
            .withArgs(world.alice.account, 5n);
        await refused(world, first);
        await refused(world, second);
        await send(world, world.bob, other);
    });

    it("should cancel all by a new epoch, under which only new quotes fill", async () => {
        const world = await loadFixture(fixture);
        const old = await quoteOf(world, {});
        const future = await quoteOf(world, {epoch: 1n});
        await refused(world, future);
        await expect(world.house.connect(world.alice.signer).cancelAll(world.alice.account))
            .to.emit(world.house, "AllCancelled")
            .withArgs(world.alice.account, 1n);
        expect(await world.house.epochOf(world.alice.account)).to.equal(1n);
        await refused(world, old);
        await send(world, world.bob, future);
    });

    it("should obey the owner and operators with TRADE only", async () => {
        const world = await loadFixture(fixture);
        const house = world.house.connect(world.stranger.signer);
        const {account} = world.alice;
        const attempts = [
            () => house.cancelQuote(account, 1n),
            () => house.cancelGroup(account, 1n),
            () => house.cancelAll(account),
        ];
        for (const attempt of attempts) {
            await expect(attempt())
                .to.be.revertedWithCustomError(world.house, "Clearinghouse_NotAuthorised")
                .withArgs(account, world.stranger.address);
        }
        await world.vault.connect(world.alice.signer).setOperator(account, world.stranger.address, RIGHT_TRADE, FAR);
        for (const attempt of attempts) await attempt();
        expect(await world.house.epochOf(account)).to.equal(1n);
    });
});
