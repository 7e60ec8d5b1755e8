import {expect} from "chai";
import {network} from "hardhat";

import {costsOf, framesOf} from "../../../scripts/tools/gas/trace.js";
import type {Call, Step} from "../../../scripts/tools/gas/trace.js";

const connection = await network.create();
const {ethers, networkHelpers, provider} = connection;
const {loadFixture, time} = networkHelpers;

const PHASE = 1n << 64n;
const ANSWER = 8_000n * 10n ** 8n;

describe("ProxyFeed", () => {
    async function fixture() {
        const feed = await ethers.deployContract("ProxyFeed", [8, ANSWER]);
        const behind = await ethers.getContractAt("ProxiedAggregator", await feed.aggregator());
        return {feed, behind, first: BigInt(await time.latest())};
    }

    describe("reading", () => {
        it("should answer like a proxy, with the phase in the id", async () => {
            const {feed, first} = await loadFixture(fixture);
            expect(await feed.decimals(), "decimals").to.equal(8n);
            expect(await feed.latestRound(), "latest round").to.equal(PHASE | 1n);
            const round = [PHASE | 1n, ANSWER, first, first, PHASE | 1n];
            expect([...(await feed.latestRoundData())], "latest round's data").to.deep.equal(round);
            expect([...(await feed.getRoundData(PHASE | 1n))], "the same by number").to.deep.equal(round);
        });

        it("should keep every round, at any time and over phases", async () => {
            const {feed, first} = await loadFixture(fixture);
            await feed.pushRound(ANSWER + 1n, first + 100n);
            await feed.startPhase();
            expect((await feed.latestRoundData())[3], "a phase without a round").to.equal(0n);
            await feed.pushRound(ANSWER + 2n, first + 200n);
            expect(await feed.phaseId(), "phase").to.equal(2n);
            const at = async (id: bigint) => {
                const [, answer, , updatedAt] = await feed.getRoundData(id);
                return [answer, updatedAt];
            };
            expect(await at(PHASE | 1n), "first").to.deep.equal([ANSWER, first]);
            expect(await at(PHASE | 2n), "second").to.deep.equal([ANSWER + 1n, first + 100n]);
            expect(await at((2n * PHASE) | 1n), "first of the second phase").to.deep.equal([ANSWER + 2n, first + 200n]);
            expect((await feed.latestRoundData())[0], "latest").to.equal((2n * PHASE) | 1n);
        });

        it("should answer zeros for rounds that do not exist", async () => {
            const {feed} = await loadFixture(fixture);
            for (const id of [PHASE | 2n, PHASE | (1n << 40n), (7n * PHASE) | 1n]) {
                const [, answer, , updatedAt] = await feed.getRoundData(id);
                expect([answer, updatedAt], String(id)).to.deep.equal([0n, 0n]);
            }
        });

        it("should touch two slots in the proxy and three behind it", async () => {
            const {feed, behind} = await loadFixture(fixture);
            const [signer] = await ethers.getSigners();
            const data = feed.interface.encodeFunctionData("latestRoundData");
            const {hash} = await signer!.sendTransaction({to: feed, data});
            const trace = (options: object) =>
                provider.request({method: "debug_traceTransaction", params: [hash, options]});
            const {structLogs} = (await trace({disableMemory: true, disableStack: true})) as {structLogs: Step[]};
            const costs = costsOf(structLogs, framesOf((await trace({tracer: "callTracer"})) as Call));
            const loads = async (contract: {getAddress(): Promise<string>}) => {
                const address = (await contract.getAddress()).toLowerCase();
                return costs.filter((cost) => cost.op === "SLOAD" && cost.address === address).map(({gas}) => gas);
            };
            expect(await loads(feed), "proxy: controller and phase").to.deep.equal([2100, 2100]);
            expect(await loads(behind), "aggregator: list, latest round, round").to.deep.equal([2100, 2100, 2100]);
        });
    });

    describe("access", () => {
        it("should keep readers away from the aggregator unless they are listed or nobody is checked", async () => {
            const {behind} = await loadFixture(fixture);
            const [reader] = await ethers.getSigners();
            await expect(behind.latestRoundData())
                .to.be.revertedWithCustomError(behind, "ProxiedAggregator_NoAccess")
                .withArgs(reader!.address);
            await behind.setAccess(reader!, true);
            expect((await behind.latestRoundData())[1], "listed").to.equal(ANSWER);
            await behind.setAccess(reader!, false);
            await behind.setChecked(false);
            expect((await behind.getRoundData(1))[1], "nobody is checked").to.equal(ANSWER);
        });
    });

    it("should serve the price oracle", async () => {
        const {feed} = await loadFixture(fixture);
        const [admin] = await ethers.getSigners();
        const manager = await ethers.deployContract("AccessManager", [admin!.address]);
        const oracle = await ethers.deployContract("PriceOracle", [manager, 600]);
        await oracle.setFeed(1, {
            aggregator: feed,
            second: ethers.ZeroAddress,
            maxAgeSeconds: 3_900,
            maxDeviationE18: 0n,
            maxJumpE18: 10n ** 17n,
            minPriceE18: 10n ** 18n,
            maxPriceE18: 10n ** 24n,
        });
        expect(await oracle.price(1), "USD, 18 decimals").to.equal(ANSWER * 10n ** 10n);
    });
});
