import {expect} from "chai";
import {network} from "hardhat";

import {SurfaceError} from "../../../scripts/oracle/failures.js";
import {feedPrices, parseBars} from "../../../scripts/oracle/feeder.js";
import type {FeederParts} from "../../../scripts/oracle/feeder.js";

const {ethers, networkHelpers} = await network.create();
const {time, loadFixture} = networkHelpers;

const E18 = 10n ** 18n;

describe("price feeder", () => {
    async function fixture() {
        const [admin] = await ethers.getSigners();
        const manager = await ethers.deployContract("AccessManager", [admin!.address]);
        const oracle = await ethers.deployContract("PriceOracle", [await manager.getAddress(), 600]);
        const feeds = [];
        for (const [feedId, decimals, price] of [
            [1, 8, 8_000n],
            [2, 18, 200n],
        ] as const) {
            const feed = await ethers.deployContract("MockAggregator", [decimals, price * 10n ** BigInt(decimals)]);
            await oracle.setFeed(feedId, {
                aggregator: await feed.getAddress(),
                second: ethers.ZeroAddress,
                maxAgeSeconds: 3_900,
                maxDeviationE18: 0,
                maxJumpE18: E18 / 5n,
                minPriceE18: 0,
                maxPriceE18: 10n ** 24n,
            });
            feeds.push({feedId, decimals, push: (answer: bigint) => feed.pushAnswer(answer)});
        }
        let confirmed = 0;
        const parts: FeederParts = {
            feeds,
            poke: (feedId) => oracle.poke(feedId),
            isWaiting: async (feedId) => (await oracle.feedState(feedId)).candidateE18 !== 0n,
            confirm: async () => {
                ++confirmed;
                await time.increase(600);
            },
        };
        return {oracle, parts, confirmations: () => confirmed};
    }

    it("should write prices that the oracle follows at once", async () => {
        const {oracle, parts, confirmations} = await loadFixture(fixture);
        await feedPrices(parts, {1: "7911.43", 2: "194.86"});
        expect(await oracle.price(1)).to.equal((791_143n * E18) / 100n);
        expect(await oracle.price(2)).to.equal((19_486n * E18) / 100n);
        expect(confirmations()).to.equal(0);
    });

    it("should see a crash confirmed and leave feeds without a price alone", async () => {
        const {oracle, parts, confirmations} = await loadFixture(fixture);
        await feedPrices(parts, {1: "4800.5"});
        expect(await oracle.price(1)).to.equal((48_005n * E18) / 10n);
        expect(await oracle.price(2)).to.equal(200n * E18);
        expect(confirmations()).to.equal(1);
    });

    it("should read the tables that exchanges export", () => {
        const table = "unix,date,symbol,open,high,low,close\n1583366400,2020-03-05,BTC/USD,1,2,0.5,1.25\r\n";
        expect(parseBars(table)).to.deep.equal([{time: 1_583_366_400, close: "1.25"}]);
        const other = "asset,timestamp_utc,close\nBTC,2020-03-05 00:00:00,8865.41\nBTC,1583370000000,8877.84";
        expect(parseBars(other)).to.deep.equal([
            {time: 1_583_366_400, close: "8865.41"},
            {time: 1_583_370_000, close: "8877.84"},
        ]);
    });

    it("should name the line of a table that it cannot read", () => {
        expect(() => parseBars("open,low\n1,2")).to.throw(SurfaceError, "Line 1");
        expect(() => parseBars("time,close\n1583366400,1\nyesterday,2")).to.throw(SurfaceError, "Line 3");
        expect(() => parseBars("time,close\n1583366400,-1")).to.throw(SurfaceError, "Line 2");
    });
});
