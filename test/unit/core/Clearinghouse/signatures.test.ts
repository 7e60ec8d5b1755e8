import {expect} from "chai";
import {network} from "hardhat";

import {accountId, quoteDigest, quoteDomain} from "../../../../scripts/sdk/index.js";
import type {MockWallet} from "../../../../typechain-types/index.js";
import {
    BTC_INDEX,
    BTC_PERP,
    deployHouse,
    deposit,
    E18,
    prepare,
    RIGHT_TRADE,
    send,
    START,
    toStruct,
} from "./fixture.js";
import type {FillItem, Party, World} from "./fixture.js";

const {ethers, networkHelpers} = await network.create({override: {initialDate: START}});
const {loadFixture, time} = networkHelpers;
const fixture = (): Promise<World> => deployHouse(ethers);
const legs = [{instrument: BTC_PERP, size: E18, price: BTC_INDEX}];
const HONEST = 0;
const REVERTING = 1;
const BURNING = 2;
const REENTERING = 3;

describe("Clearinghouse: signatures of quotes", () => {
    const refused = async (world: World, item: FillItem): Promise<void> => {
        await expect(send(world, world.bob, item))
            .to.be.revertedWithCustomError(world.house, "Clearinghouse_BadSignature")
            .withArgs(item.quote.maker, item.signer);
        expect(await world.house.sizeOf(item.quote.maker, BTC_PERP), "nothing was booked").to.equal(0n);
    };

    it("should give the digest that the kit signs", async () => {
        const world = await loadFixture(fixture);
        const item = await prepare(ethers, world, {maker: world.alice, taker: world.bob, legs});
        const {chainId} = await ethers.provider.getNetwork();
        const expected = quoteDigest(quoteDomain(chainId, await world.house.getAddress()), item.quote);
        expect(await world.house.quoteDigest(toStruct(item).quote)).to.equal(expected);
    });

    context("given a quote signed for another place", () => {
        it("should refuse the signature of another chain", async () => {
            const world = await loadFixture(fixture);
            await refused(
                world,
                await prepare(ethers, world, {maker: world.alice, taker: world.bob, legs, chainId: 1n}),
            );
        });

        it("should refuse the signature for another contract", async () => {
            const world = await loadFixture(fixture);
            const verifyingContract = await world.vault.getAddress();
            await refused(
                world,
                await prepare(ethers, world, {maker: world.alice, taker: world.bob, legs, verifyingContract}),
            );
        });
    });

    context("given a quote whose terms were changed after signing", () => {
        it("should refuse every changed field", async () => {
            const world = await loadFixture(fixture);
            const item = await prepare(ethers, world, {maker: world.alice, taker: world.bob, legs});
            const {quote} = item;
            const leg = quote.legs[0]!;
            const changes = [
                {taker: world.bob.account},
                {legs: [{...leg, priceE18: leg.priceE18 + 1n}]},
                {legs: [{...leg, sizePerUnitE18: -E18}]},
                {legs: [{...leg, instrument: 2n << 112n}]},
                {unitsE18: 2n * E18},
                {group: 1n},
                {nonce: quote.nonce + 1_000n},
                {deadline: quote.deadline + 1},
                {maker: world.carol.account},
            ];
            for (const change of changes) {
                await refused(world, {...item, quote: {...quote, ...change}} as FillItem);
            }
            await send(world, world.bob, item);
        });
    });

    context("given a signer who is not the owner", () => {
        it("should refuse a stranger, even with a good signature of his own", async () => {
            const world = await loadFixture(fixture);
            const terms = {maker: world.alice, taker: world.bob, legs, signer: world.stranger};
            await refused(world, await prepare(ethers, world, terms));
        });

        it("should refuse a named owner who did not sign", async () => {
            const world = await loadFixture(fixture);
            const terms = {maker: world.alice, taker: world.bob, legs, signer: world.stranger};
            await refused(world, {...(await prepare(ethers, world, terms)), signer: world.alice.address});
        });

        it("should accept an operator with TRADE, until the grant expires or goes", async () => {
            const world = await loadFixture(fixture);
            const vault = world.vault.connect(world.alice.signer);
            const expires = (await time.latest()) + 1_000;
            const terms = {maker: world.alice, taker: world.bob, legs, signer: world.stranger};
            await vault.setOperator(world.alice.account, world.stranger.address, 2 | 4 | 8, expires);
            await refused(world, await prepare(ethers, world, terms));
            await vault.setOperator(world.alice.account, world.stranger.address, RIGHT_TRADE, expires);
            await send(world, world.bob, await prepare(ethers, world, terms));
            expect(await world.house.sizeOf(world.alice.account, BTC_PERP)).to.equal(E18);
            await vault.setOperator(world.alice.account, world.stranger.address, 0, 0);
            await expect(send(world, world.bob, await prepare(ethers, world, terms)))
                .to.be.revertedWithCustomError(world.house, "Clearinghouse_BadSignature")
                .withArgs(world.alice.account, world.stranger.address);
            await vault.setOperator(world.alice.account, world.stranger.address, RIGHT_TRADE, expires);
            await time.increaseTo(expires + 1);
            await expect(send(world, world.bob, await prepare(ethers, world, terms)))
                .to.be.revertedWithCustomError(world.house, "Clearinghouse_BadSignature")
                .withArgs(world.alice.account, world.stranger.address);
        });
    });

    context("given a contract that owns the account", () => {
        const withWallet = async (mood: number): Promise<World & {wallet: MockWallet; item: FillItem}> => {
            const world = await loadFixture(fixture);
            const wallet = await ethers.deployContract("MockWallet");
            await wallet.setMood(mood, await world.house.getAddress());
            const address = await wallet.getAddress();
            const owner: Party = {signer: world.stranger.signer, address, account: accountId(address)};
            await deposit(world, owner.account, 1_000_000n);
            const item = await prepare(ethers, world, {maker: owner, taker: world.bob, legs});
            return {...world, wallet, item: {...item, signature: "0x"}};
        };

        it("should ask it and fill what it approves", async () => {
            const {wallet, item, ...world} = await withWallet(HONEST);
            await refused(world, item);
            await wallet.approve(await world.house.quoteDigest(toStruct(item).quote));
            await send(world, world.bob, item);
            expect(await world.house.sizeOf(item.quote.maker, BTC_PERP)).to.equal(E18);
        });

        it("should refuse when it reverts", async () => {
            const {wallet, item, ...world} = await withWallet(REVERTING);
            await wallet.approve(await world.house.quoteDigest(toStruct(item).quote));
            await refused(world, item);
        });

        it("should refuse when it burns all the gas it is given", async () => {
            const {item, ...world} = await withWallet(BURNING);
            const call = world.house.connect(world.bob.signer).fill(toStruct(item), {gasLimit: 15_000_000n});
            await expect(call)
                .to.be.revertedWithCustomError(world.house, "Clearinghouse_BadSignature")
                .withArgs(item.quote.maker, item.signer);
        });

        it("should let it open no door from inside the check", async () => {
            const {wallet, item, ...world} = await withWallet(REENTERING);
            await wallet.approve(await world.house.quoteDigest(toStruct(item).quote));
            await send(world, world.bob, item);
            expect(await world.house.epochOf(item.quote.maker)).to.equal(0n);
        });
    });
});
