import {expect} from "chai";
import {network} from "hardhat";

import {
    BTC_FUTURE,
    BTC_INDEX,
    BTC_PERP,
    call,
    DAILY,
    deployHouse,
    E18,
    MONTHLY,
    prepare,
    put,
    send,
    START,
    toStruct,
} from "./fixture.js";
import type {World} from "./fixture.js";

const {ethers, networkHelpers} = await network.create({override: {initialDate: START}});
const {loadFixture, time} = networkHelpers;

const BAND = E18 / 5n;
const YEAR = 365n * 86_400n;
const ceilDiv = (a: bigint, b: bigint): bigint => (a + b - 1n) / b;

async function fixture(): Promise<World> {
    const world = await deployHouse(ethers);
    await world.house.setPriceBand(BAND);
    return world;
}

/** The band of an instrument at a time, from its definition. */
function bandOf(kind: "perp" | "future" | "call" | "put", strikeE18: bigint, secondsLeft: bigint): [bigint, bigint] {
    const widthE18 = BAND + ceilDiv(BAND * secondsLeft, YEAR);
    const moveE18 = ceilDiv(BTC_INDEX * widthE18, E18);
    const [low, high] = [BTC_INDEX - moveE18, BTC_INDEX + moveE18];
    const above = (a: bigint, b: bigint): bigint => (a > b ? a - b : 0n);
    if (kind === "call") return [above(low, strikeE18), high];
    if (kind === "put") return [above(strikeE18, high), strikeE18];
    return [low, high];
}

const CASES = [
    {name: "a perpetual", kind: "perp", instrument: BTC_PERP, strike: 0n, expiry: 0},
    {name: "a future", kind: "future", instrument: BTC_FUTURE, strike: 0n, expiry: DAILY},
    {name: "a call in the money", kind: "call", instrument: call(20_000n, MONTHLY), strike: 20_000n, expiry: MONTHLY},
    {
        name: "a call out of the money",
        kind: "call",
        instrument: call(90_000n, MONTHLY),
        strike: 90_000n,
        expiry: MONTHLY,
    },
    {name: "a put in the money", kind: "put", instrument: put(90_000n, MONTHLY), strike: 90_000n, expiry: MONTHLY},
    {name: "a put out of the money", kind: "put", instrument: put(20_000n, MONTHLY), strike: 20_000n, expiry: MONTHLY},
] as const;

describe("Clearinghouse: price band (R10, R29)", () => {
    for (const {name, kind, instrument, strike, expiry} of CASES) {
        it(`should trade ${name} at both ends of its band and refuse what lies outside`, async () => {
            const world = await loadFixture(fixture);
            // The width of a dated instrument falls by the second: every attempt is made at one time.
            const at = (await time.latest()) + 60;
            const left = expiry === 0 ? 0n : BigInt(expiry - at);
            const [min, max] = bandOf(kind, strike * E18, left);
            const attempt = async (price: bigint) => {
                const terms = {maker: world.alice, taker: world.bob, legs: [{instrument, size: E18 / 100n, price}]};
                const item = await prepare(ethers, world, terms);
                await time.setNextBlockTimestamp(at);
                return send(world, world.bob, item);
            };
            for (const price of [min, max]) {
                const snapshot = await networkHelpers.takeSnapshot();
                await attempt(price);
                expect(await world.house.sizeOf(world.alice.account, instrument)).to.equal(E18 / 100n);
                await snapshot.restore();
            }
            for (const price of [min - 1n, max + 1n].filter((one) => one >= 0n)) {
                const snapshot = await networkHelpers.takeSnapshot();
                await expect(attempt(price))
                    .to.be.revertedWithCustomError(world.house, "Clearinghouse_PriceOutsideBand")
                    .withArgs(instrument, price, min, max);
                await snapshot.restore();
            }
        });
    }

    it("should hold reductions to the band too", async () => {
        const world = await loadFixture(fixture);
        const {alice, bob, house} = world;
        const leg = {instrument: BTC_PERP, size: E18, price: BTC_INDEX};
        await send(world, bob, await prepare(ethers, world, {maker: alice, taker: bob, legs: [leg]}));
        const back = {...leg, size: -E18, price: (BTC_INDEX * 3n) / 4n};
        const item = await prepare(ethers, world, {maker: alice, taker: bob, legs: [back]});
        await expect(send(world, bob, item)).to.be.revertedWithCustomError(house, "Clearinghouse_PriceOutsideBand");
    });

    it("should be set to 1 % to 100 %, in millionths, and allow any price until then", async () => {
        const world = await deployHouse(ethers);
        const {house, stranger, alice, bob} = world;
        expect(await house.priceBandE18()).to.equal(0n);
        const legs = [{instrument: BTC_PERP, size: E18 / 100n, price: 9n * BTC_INDEX}];
        await send(world, bob, await prepare(ethers, world, {maker: alice, taker: bob, legs}));
        await expect(house.setPriceBand(E18 / 100n))
            .to.emit(house, "PriceBandSet")
            .withArgs(E18 / 100n);
        expect(await house.priceBandE18()).to.equal(E18 / 100n);
        for (const value of [0n, E18 / 100n - 10n ** 12n, E18 + 10n ** 12n, E18 / 3n]) {
            await expect(house.setPriceBand(value))
                .to.be.revertedWithCustomError(house, "Clearinghouse_ParameterOutOfBounds")
                .withArgs(ethers.encodeBytes32String("priceBand"), value, E18 / 100n, E18);
        }
        await expect(house.connect(stranger.signer).setPriceBand(E18)).to.be.revertedWithCustomError(
            house,
            "AccessManagedUnauthorized",
        );
    });

    it("should refuse reductions at last known prices until somebody is named who knows them", async () => {
        const world = await loadFixture(fixture);
        const {house, alice, bob, stranger, engine} = world;
        const leg = {instrument: BTC_PERP, size: E18, price: BTC_INDEX};
        const item = await prepare(ethers, world, {maker: alice, taker: bob, legs: [leg]});
        await expect(house.connect(bob.signer).fillReducing([toStruct(item)])).to.be.revertedWithCustomError(
            house,
            "Clearinghouse_NoLastKnownPrices",
        );
        await expect(house.setLastKnownRisk(stranger.address)).to.be.revertedWithCustomError(
            house,
            "Clearinghouse_ParameterOutOfBounds",
        );
        const known = await engine.getAddress();
        await expect(house.connect(stranger.signer).setLastKnownRisk(known)).to.be.revertedWithCustomError(
            house,
            "AccessManagedUnauthorized",
        );
        await expect(house.setLastKnownRisk(known)).to.emit(house, "LastKnownRiskSet").withArgs(known);
        expect(await house.lastKnownRisk()).to.equal(known);
    });
});
