import {expect} from "chai";
import {network} from "hardhat";

import {mulCeil, mulDown} from "../../../../scripts/sdk/math/fixedPoint.js";
import {
    ALL,
    ANY_PRICE,
    COIN_FEED,
    deployLiquidation,
    e18,
    fallShort,
    type LiquidationFixture,
    marginOf,
    ONE,
    startAuction,
    usdc,
} from "./fixture.js";

const {ethers, networkHelpers} = await network.create();
const running = async () => startAuction(await fallShort(await deployLiquidation(ethers)));

describe("Liquidator: the end of an auction by a slice", () => {
    /** Sells to the target and gives what the end announces, after a change of the world. */
    const endAnnounced = async (
        fixture: LiquidationFixture,
        change: (fixture: LiquidationFixture) => Promise<unknown>,
    ): Promise<readonly [equityE18: bigint, maintenanceE18: bigint]> => {
        const {liquidator, alice, bob} = fixture;
        await fixture.engine.setConvex(e18("0.004"));
        await change(fixture);
        const {startedAt} = await liquidator.auction(alice.id);
        await networkHelpers.time.setNextBlockTimestamp(Number(startedAt) + 600);
        await liquidator.connect(bob.signer).take(alice.id, bob.id, ALL, ANY_PRICE, "0x");
        const [ended] = await liquidator.queryFilter(liquidator.filters.AuctionEnded());
        return [ended?.args.equityE18 ?? 0n, ended?.args.maintenanceE18 ?? 0n];
    };

    // Concentration frees more than the slice's part: who prices the book once more sees it, who goes by the terms does not.
    it("should not price what is left where the terms of the sale already leave a healthy account", async () => {
        const fixture = await networkHelpers.loadFixture(running);
        const {prices, alice} = fixture;
        const [equityBefore, maintenanceBefore] = await marginOf(fixture, alice.id);
        const [equity, maintenance] = await endAnnounced(fixture, () => prices.setPrice(COIN_FEED, ONE));
        const [equityNow, maintenanceNow] = await marginOf(fixture, alice.id);
        expect(equityBefore, "short before").to.be.lt(maintenanceBefore);
        expect(equity * 10n, "the target, by arithmetic").to.be.closeTo(maintenance * 11n, 20_000n);
        expect(equity, "LIQ-13: equity").to.be.closeTo(equityNow, 20n);
        expect(maintenance, "LIQ-13: no less than it is").to.be.gt(maintenanceNow + e18(1));
    });

    it("should count what was paid at the coin's price where it goes by the terms", async () => {
        const fixture = await networkHelpers.loadFixture(running);
        const {engine, prices, liquidator, alice} = fixture;
        const coin = e18("0.99");
        await engine.setCoin(coin);
        const [equity, maintenance] = await endAnnounced(fixture, () => prices.setPrice(COIN_FEED, coin));
        const [sold] = await liquidator.queryFilter(liquidator.filters.SliceTaken());
        const {equityBeforeE18 = 0n, priceE18 = 0n, fractionE18 = 0n} = sold?.args ?? {};
        const value = mulCeil(equityBeforeE18, fractionE18);
        expect(equity, "equity").to.be.closeTo(equityBeforeE18 - value + mulDown(priceE18, coin), 2n);
        const [equityNow, maintenanceNow] = await marginOf(fixture, alice.id);
        expect(equityNow - maintenanceNow, "LIQ-13").to.be.gte(equity - maintenance);
    });

    for (const [why, change] of [
        ["the coin has no price", () => Promise.resolve()],
        [
            "the engine has another oracle than the auctions, and none for the coin",
            async ({engine, prices}: LiquidationFixture) => {
                await prices.setPrice(COIN_FEED, ONE);
                await engine.setOracle(await ethers.deployContract("MockPrices"));
            },
        ],
        [
            "the coin is so far below par that the terms leave it open",
            async ({engine, prices}: LiquidationFixture) => {
                await engine.setCoin(e18("0.8"));
                await prices.setPrice(COIN_FEED, e18("0.8"));
            },
        ],
        [
            "the account is not short any more, but below its target",
            async ({prices, vault, coin, alice}: LiquidationFixture) => {
                await prices.setPrice(COIN_FEED, ONE);
                await vault.connect(alice.signer).deposit(alice.id, coin, usdc(150));
            },
        ],
    ] as const) {
        it(`should price what is left where ${why}`, async () => {
            const fixture = await networkHelpers.loadFixture(running);
            const announced = await endAnnounced(fixture, change);
            expect(announced, "as it is").to.deep.equal(await marginOf(fixture, fixture.alice.id));
        });
    }
});
