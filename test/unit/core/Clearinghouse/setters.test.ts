import {expect} from "chai";
import {network} from "hardhat";

import {BTC, deployHouse, E18, E8, FUNDING, LISTING, NO_FEES, START} from "./fixture.js";
import type {World} from "./fixture.js";

const {ethers, networkHelpers} = await network.create({override: {initialDate: START}});
const {loadFixture} = networkHelpers;
const fixture = (): Promise<World> => deployHouse(ethers);
const MAX_64 = 2n ** 64n - 1n;

describe("Clearinghouse: restricted functions", () => {
    const outOfBounds = (
        world: World,
        attempt: Promise<unknown>,
        [name, value, min, max]: [string, bigint, bigint, bigint],
    ) =>
        expect(attempt, name)
            .to.be.revertedWithCustomError(world.house, "Clearinghouse_ParameterOutOfBounds")
            .withArgs(ethers.encodeBytes32String(name), value, min, max);

    it("should refuse everybody without a role", async () => {
        const world = await loadFixture(fixture);
        const house = world.house.connect(world.stranger.signer);
        const spot = await world.spot.getAddress();
        const attempts = [
            () => house.setListing(BTC, LISTING),
            () => house.setFees(NO_FEES),
            () => house.setFundingParams(FUNDING),
            () => house.setPriceOracle(spot),
            () => house.pauseOpening(),
            () => house.unpauseOpening(),
        ];
        for (const attempt of attempts) {
            await expect(attempt())
                .to.be.revertedWithCustomError(house, "AccessManagedUnauthorized")
                .withArgs(world.stranger.address);
        }
    });

    it("should set a listing within its bounds", async () => {
        const world = await loadFixture(fixture);
        const {house} = world;
        const listing = {...LISTING, active: false, strikeStepE8: 5n * E8};
        await expect(house.setListing(7, listing)).to.emit(house, "ListingSet").withArgs(7, Object.values(listing));
        expect([...(await house.listing(7))]).to.deep.equal(Object.values(listing));
        await outOfBounds(world, house.setListing(0, LISTING), ["underlying", 0n, 1n, 65_535n]);
        const {maxStrikeE8} = LISTING;
        for (const [change, bounds] of [
            [{strikeStepE8: 0n}, ["strikeStep", 0n, 1n, MAX_64]],
            [{minStrikeE8: 0n}, ["minStrike", 0n, 1n, maxStrikeE8]],
            [{minStrikeE8: maxStrikeE8 + 1n}, ["minStrike", maxStrikeE8 + 1n, 1n, maxStrikeE8]],
        ] as const) {
            await outOfBounds(world, house.setListing(BTC, {...LISTING, ...change}), [...bounds]);
        }
    });

    it("should set fees within their bounds", async () => {
        const world = await loadFixture(fixture);
        const {house} = world;
        const fees = {linearE18: E18 / 100n, optionE18: E18 / 100n, optionCapE18: E18 / 2n};
        await expect(house.setFees(fees)).to.emit(house, "FeesSet").withArgs(Object.values(fees));
        expect([...(await house.fees())]).to.deep.equal(Object.values(fees));
        for (const [change, bounds] of [
            [{linearE18: fees.linearE18 + 1n}, ["linear", fees.linearE18 + 1n, 0n, fees.linearE18]],
            [{optionE18: fees.optionE18 + 1n}, ["option", fees.optionE18 + 1n, 0n, fees.optionE18]],
            [{optionCapE18: fees.optionCapE18 + 1n}, ["optionCap", fees.optionCapE18 + 1n, 0n, fees.optionCapE18]],
        ] as const) {
            await outOfBounds(world, house.setFees({...fees, ...change}), [...bounds]);
        }
    });

    it("should set the funding rule within its bounds", async () => {
        const world = await loadFixture(fixture);
        const {house} = world;
        const params = {...FUNDING, averageSeconds: 60n};
        await expect(house.setFundingParams(params)).to.emit(house, "FundingParamsSet").withArgs(Object.values(params));
        expect([...(await house.fundingParams())]).to.deep.equal(Object.values(params));
        const [premium, rate] = [E18 / 10n, E18 / 20n];
        for (const [change, bounds] of [
            [{maxPremiumE18: premium + 1n}, ["maxPremium", premium + 1n, 0n, premium]],
            [{maxRateE18: rate + 1n}, ["maxRate", rate + 1n, 0n, rate]],
            [{averageSeconds: 59n}, ["averageSeconds", 59n, 60n, 86_400n]],
            [{averageSeconds: 86_401n}, ["averageSeconds", 86_401n, 60n, 86_400n]],
            [{sampleNotionalE18: 0n}, ["sampleNotional", 0n, 1n, 2n ** 96n - 1n]],
        ] as const) {
            await outOfBounds(world, house.setFundingParams({...FUNDING, ...change}), [...bounds]);
        }
    });

    it("should pause and unpause opening", async () => {
        const {house} = await loadFixture(fixture);
        await expect(house.pauseOpening()).to.emit(house, "OpeningPausedSet").withArgs(true);
        expect(await house.openingPaused()).to.equal(true);
        await expect(house.unpauseOpening()).to.emit(house, "OpeningPausedSet").withArgs(false);
        expect(await house.openingPaused()).to.equal(false);
    });

    it("should replace the price oracle by another contract only", async () => {
        const world = await loadFixture(fixture);
        const {house, spot, stranger} = world;
        const other = await (await ethers.deployContract("MockSpot")).getAddress();
        await outOfBounds(world, house.setPriceOracle(stranger.address), ["priceOracle", 0n, 1n, 1n]);
        await expect(house.setPriceOracle(other))
            .to.emit(house, "PriceOracleSet")
            .withArgs(await spot.getAddress(), other);
        expect(await house.priceOracle()).to.equal(other);
    });
});
