import {expect} from "chai";
import {network} from "hardhat";

import {
    BTC_INDEX,
    BTC_PERP,
    deployHouse,
    E18,
    ETH_INDEX,
    ETH_PERP,
    eventsOf,
    portfolio,
    prepare,
    START,
    toStruct,
} from "./fixture.js";
import type {FillItem, World} from "./fixture.js";

const {ethers, networkHelpers} = await network.create({override: {initialDate: START}});
const {loadFixture} = networkHelpers;
const fixture = (): Promise<World> => deployHouse(ethers);
const btc = (size: bigint, price = BTC_INDEX) => [{instrument: BTC_PERP, size, price}];
const eth = (size: bigint) => [{instrument: ETH_PERP, size, price: ETH_INDEX}];

describe("Clearinghouse.fillMany", () => {
    const send = (world: World, items: FillItem[]) =>
        world.house.connect(world.bob.signer).fillMany(items.map(toStruct));

    it("should apply all quotes and check each touched account once, at the end", async () => {
        const world = await loadFixture(fixture);
        const {alice, bob, carol} = world;
        const items = [
            await prepare(ethers, world, {maker: alice, taker: bob, legs: btc(E18)}),
            await prepare(ethers, world, {maker: carol, taker: bob, legs: btc(-E18, 50_100n * E18)}),
            await prepare(ethers, world, {maker: alice, taker: bob, legs: eth(5n * E18)}),
        ];
        const receipt = (await (await send(world, items)).wait())!;
        const checked = eventsOf(world, receipt, "AccountChecked").map(({account}) => account);
        expect(checked).to.deep.equal([alice.account, bob.account, carol.account]);
        const names = receipt.logs.flatMap((log) => world.house.interface.parseLog(log)?.name ?? []);
        expect(names.slice(-3), "checks come last").to.deep.equal(Array(3).fill("AccountChecked"));
        expect((await portfolio(world, bob)).positions).to.deep.equal([[ETH_PERP, -5n * E18]]);
        expect((await portfolio(world, bob)).cash, "sold at 50,000, bought at 50,100").to.equal(999_900n * E18);
    });

    it("should need margin for the sum only", async () => {
        const world = await loadFixture(fixture);
        const {alice, bob, carol} = world;
        await world.engine.setRate(E18 / 10n);
        const first = await prepare(ethers, world, {maker: alice, taker: bob, legs: btc(200n * E18)});
        const second = await prepare(ethers, world, {maker: carol, taker: bob, legs: btc(100n * E18)});
        await expect(send(world, [first, second]))
            .to.be.revertedWithCustomError(world.house, "Clearinghouse_InsufficientMargin")
            .withArgs(bob.account, 1_000_000n * E18, -500_000n * E18);
        const opposite = await prepare(ethers, world, {maker: carol, taker: bob, legs: btc(-200n * E18)});
        const larger = await prepare(ethers, world, {maker: carol, taker: bob, legs: btc(-10n * E18)});
        await send(world, [first, opposite, larger].slice(0, 2));
        expect((await portfolio(world, bob)).positions, "flat").to.deep.equal([]);
    });

    it("should undo everything when one quote fails", async () => {
        const world = await loadFixture(fixture);
        const {alice, bob, carol} = world;
        const good = await prepare(ethers, world, {maker: alice, taker: bob, legs: btc(E18)});
        const bad = await prepare(ethers, world, {maker: carol, taker: bob, legs: btc(E18), fillUnits: 2n * E18});
        const digest = await world.house.quoteDigest(toStruct(bad).quote);
        await expect(send(world, [good, bad]))
            .to.be.revertedWithCustomError(world.house, "Clearinghouse_Overfilled")
            .withArgs(digest, 2n * E18, E18);
        expect((await portfolio(world, alice)).positions).to.deep.equal([]);
        expect(await world.house.filledE18(await world.house.quoteDigest(toStruct(good).quote))).to.equal(0n);
    });

    it("should count one quote that is named twice against its units", async () => {
        const world = await loadFixture(fixture);
        const item = await prepare(ethers, world, {
            maker: world.alice,
            taker: world.bob,
            legs: btc(E18),
            units: 3n * E18,
            fillUnits: 2n * E18,
        });
        const digest = await world.house.quoteDigest(toStruct(item).quote);
        await expect(send(world, [item, item]))
            .to.be.revertedWithCustomError(world.house, "Clearinghouse_Overfilled")
            .withArgs(digest, 2n * E18, E18);
        await send(world, [item, {...item, unitsE18: E18}]);
        expect(await world.house.filledE18(digest)).to.equal(3n * E18);
    });

    it("should let the caller take for every account he may trade for, and for no other", async () => {
        const world = await loadFixture(fixture);
        const {alice, bob, carol} = world;
        const items = [
            await prepare(ethers, world, {maker: alice, taker: bob, legs: btc(E18)}),
            await prepare(ethers, world, {maker: alice, taker: carol, legs: btc(E18)}),
        ];
        await expect(send(world, items))
            .to.be.revertedWithCustomError(world.house, "Clearinghouse_NotAuthorised")
            .withArgs(carol.account, bob.address);
    });

    it("should do nothing for an empty list", async () => {
        const world = await loadFixture(fixture);
        const receipt = (await (await send(world, [])).wait())!;
        expect(receipt.logs.length).to.equal(0);
    });
});
