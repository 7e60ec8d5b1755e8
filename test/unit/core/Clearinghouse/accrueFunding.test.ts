import {expect} from "chai";
import {network} from "hardhat";

import {BTC, BTC_INDEX, BTC_PERP, deployHouse, E18, eventsOf, FUNDING, portfolio, START, trade} from "./fixture.js";
import type {World} from "./fixture.js";

const {ethers, networkHelpers} = await network.create({override: {initialDate: START}});
const {loadFixture, time} = networkHelpers;
const fixture = (): Promise<World> => deployHouse(ethers);
const HOUR = 3_600;

describe("Clearinghouse.accrueFunding", () => {
    const at = async (world: World, second: number, size: bigint, price: bigint) => {
        await time.setNextBlockTimestamp(second);
        return trade(ethers, world, {
            maker: world.alice,
            taker: world.bob,
            legs: [{instrument: BTC_PERP, size, price}],
        });
    };

    /** A perpetual touched first at `start`, whose average is 0.5 % after one full sample at 1 % half an hour later. */
    const withPremium = async (): Promise<World & {start: number; sampled: number}> => {
        const world = await loadFixture(fixture);
        const start = (await time.latest()) + 100;
        await at(world, start, E18, BTC_INDEX);
        const sampled = start + 1_800;
        await at(world, sampled, E18, BTC_INDEX + BTC_INDEX / 100n);
        return {...world, start, sampled};
    };

    context("given the first touch", () => {
        it("should start both clocks and move nothing", async () => {
            const world = await loadFixture(fixture);
            await world.house.accrueFunding(BTC);
            const now = BigInt(await time.latest());
            expect([...(await world.house.perpState(BTC))]).to.deep.equal([0n, 0n, now, now]);
        });
    });

    context("given a fill with a premium", () => {
        it("should weigh it by the time since the last one", async () => {
            const {house, sampled} = await withPremium();
            const state = await house.perpState(BTC);
            expect(state.premiumE18, "1,800 / (1,800 + 1,800) of 1 %").to.equal(E18 / 200n);
            expect(state.sampledAt).to.equal(sampled);
            const [mark] = await house.perpMark(BTC, BTC_INDEX);
            expect(mark).to.equal(50_250n * E18);
        });

        it("should clamp a wild price on both sides", async () => {
            for (const [price, premium] of [
                [BTC_INDEX * 9n, E18 / 200n],
                [1n, -E18 / 200n],
            ] as const) {
                const world = await loadFixture(fixture);
                const start = (await time.latest()) + 100;
                await at(world, start, E18, BTC_INDEX);
                const receipt = await at(world, start + 1_800, E18, price);
                const sampleE18 = premium > 0n ? FUNDING.maxPremiumE18 : -FUNDING.maxPremiumE18;
                expect(eventsOf(world, receipt, "PremiumSampled")).to.deep.equal([
                    {underlying: 1n, sampleE18, premiumAfterE18: premium, sampledAt: BigInt(start + 1_800)},
                ]);
            }
        });

        it("should weigh a small fill by its notional and let it use up as little time", async () => {
            const world = await loadFixture(fixture);
            const start = (await time.latest()) + 100;
            await at(world, start, E18, BTC_INDEX);
            // 0.05 BTC are 2,500 of the 10,000 that count in full: a quarter of the weight, a quarter of the time.
            await at(world, start + 1_800, E18 / 20n, BTC_INDEX + BTC_INDEX / 100n);
            const state = await world.house.perpState(BTC);
            expect(state.premiumE18).to.equal(E18 / 800n);
            expect(state.sampledAt).to.equal(start + 450);
        });

        it("should not let dust silence the fill after it", async () => {
            const world = await loadFixture(fixture);
            const start = (await time.latest()) + 100;
            await at(world, start, E18, BTC_INDEX);
            await at(world, start + 1_799, 1n, BTC_INDEX);
            await at(world, start + 1_800, E18, BTC_INDEX + BTC_INDEX / 100n);
            expect((await world.house.perpState(BTC)).premiumE18).to.equal(E18 / 200n);
        });

        it("should move the average once per block at most", async () => {
            const world = await loadFixture(fixture);
            const start = (await time.latest()) + 100;
            await at(world, start, E18, BTC_INDEX + BTC_INDEX / 100n);
            expect((await world.house.perpState(BTC)).premiumE18, "the first fill has no time behind it").to.equal(0n);
        });
    });

    context("given a premium and time", () => {
        it("should accrue index times premium per 8 hours, known to the unit", async () => {
            const {house, sampled} = await withPremium();
            await time.setNextBlockTimestamp(sampled + 8 * HOUR);
            await expect(house.accrueFunding(BTC))
                .to.emit(house, "FundingAccrued")
                .withArgs(BTC, 250n * E18, E18 / 200n);
            const state = await house.perpState(BTC);
            expect(state.cumulativeFundingE18, "0.5 % of 50,000").to.equal(250n * E18);
            expect(state.updatedAt).to.equal(sampled + 8 * HOUR);
        });

        it("should round down, negative rates too", async () => {
            const world = await loadFixture(fixture);
            const start = (await time.latest()) + 100;
            await at(world, start, E18, BTC_INDEX);
            await at(world, start + 1_800, E18, BTC_INDEX - BTC_INDEX / 100n);
            await world.spot.setPrice(BTC, 7n);
            await time.setNextBlockTimestamp(start + 1_810);
            await world.house.accrueFunding(BTC);
            const {cumulativeFundingE18} = await world.house.perpState(BTC);
            expect(cumulativeFundingE18, "a tiny negative amount becomes -1").to.equal(-1n);
        });

        it("should clamp the rate, and charge the full time however long nobody came", async () => {
            const {house, sampled} = await withPremium();
            await house.setFundingParams({...FUNDING, maxRateE18: E18 / 1_000n});
            await time.setNextBlockTimestamp(sampled + 80 * HOUR);
            await house.accrueFunding(BTC);
            const {cumulativeFundingE18} = await house.perpState(BTC);
            expect(cumulativeFundingE18, "ten periods of 0.1 %").to.equal(500n * E18);
        });

        it("should show what is pending before anybody touches it", async () => {
            const {house, sampled} = await withPremium();
            await time.increaseTo(sampled + 4 * HOUR);
            const [, pending] = await house.perpMark(BTC, BTC_INDEX);
            expect(pending).to.equal(125n * E18);
            expect((await house.perpState(BTC)).cumulativeFundingE18).to.equal(0n);
        });

        it("should make longs pay shorts through the quote figures", async () => {
            const {sampled, ...world} = await withPremium();
            await at(world, sampled + 8 * HOUR, -2n * E18, BTC_INDEX);
            // Bought 1 at 50,000 and 1 at 50,500, sold 2 at 50,000 with 250 of funding each.
            const cash = async (who: World["alice"]): Promise<bigint> => (await portfolio(world, who)).cash;
            expect((await cash(world.alice)) - 1_000_000n * E18).to.equal(-1_000n * E18);
            expect((await cash(world.bob)) - 1_000_000n * E18).to.equal(1_000n * E18);
        });
    });

    context("given a price feed that fails", () => {
        it("should revert with the oracle's error, also inside a fill, and catch up later", async () => {
            const {sampled, ...world} = await withPremium();
            await world.spot.setPrice(BTC, 0n);
            const oracle = await ethers.getContractAt("IPriceOracle", await world.spot.getAddress());
            await expect(world.house.accrueFunding(BTC))
                .to.be.revertedWithCustomError(oracle, "PriceOracle_UnknownFeed")
                .withArgs(BTC);
            await expect(at(world, sampled + HOUR, E18, BTC_INDEX))
                .to.be.revertedWithCustomError(oracle, "PriceOracle_UnknownFeed")
                .withArgs(BTC);
            await world.house.settleAccount(world.alice.account);
            await world.liquidator.move(world.alice.account, world.carol.account, E18 / 2n);
            await world.spot.setPrice(BTC, BTC_INDEX);
            await time.setNextBlockTimestamp(sampled + 8 * HOUR);
            await world.house.accrueFunding(BTC);
            expect((await world.house.perpState(BTC)).cumulativeFundingE18).to.equal(250n * E18);
        });
    });

    it("should mark at the index while nothing was ever traded", async () => {
        const world = await loadFixture(fixture);
        expect(await world.house.perpMark(BTC, BTC_INDEX)).to.deep.equal([BTC_INDEX, 0n]);
    });
});
