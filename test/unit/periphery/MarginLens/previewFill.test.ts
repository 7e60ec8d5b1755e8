import {expect} from "chai";
import {network} from "hardhat";

import {future, option, perp} from "../../../../scripts/sdk/instruments.js";
import {stewardOf} from "../../../support/steward.js";
import {BTC, deployLens, E18, ETH, fillOf, setMarket} from "./fixture.js";
import type {LensWorld, Offer} from "./fixture.js";

const connection = await network.create();
const {ethers, networkHelpers} = connection;
const {time, loadFixture} = networkHelpers;

const E8 = 10n ** 8n;

describe("MarginLens.previewFill", () => {
    const fixture = () => deployLens(connection);

    /** Previews for both sides, fills in the very next block at the same time, and compares to the last unit. */
    async function compare(
        world: LensWorld,
        trades: readonly (readonly [readonly [number, number], readonly Offer[]])[],
        nonce = 1n,
    ): Promise<void> {
        const fills = [];
        for (const [index, [sides, offers]] of trades.entries()) {
            fills.push(await fillOf(connection, world, sides, offers, nonce + BigInt(index)));
        }
        const at = (await time.latest()) + 600;
        const touched = [...new Set(trades.flatMap(([sides]) => sides))];
        // The call runs in a block of its own at the time that the fill will have.
        const snapshot = await networkHelpers.takeSnapshot();
        await time.increaseTo(at);
        const previews = [];
        for (const index of touched) {
            previews.push(await world.lens.previewFill.staticCall(fills, world.ids[index]!, {blockTag: "latest"}));
        }
        await snapshot.restore();

        const befores = [];
        await time.setNextBlockTimestamp(at);
        const taker = world.owners[trades[0]![0][1]]!;
        const sent = await world.all.clearinghouse.connect(taker).fillMany(fills);
        const receipt = await sent.wait();
        const logs = receipt!.logs.map((log) => world.all.clearinghouse.interface.parseLog(log));
        for (const [place, index] of touched.entries()) {
            const id = world.ids[index]!;
            const preview = previews[place]!;
            const checked = logs.find((log) => log?.name === "AccountChecked" && log.args[0] === id)!;
            expect(preview.after_.equityE18, `equity of ${index}`).to.equal(checked.args[1]);
            expect(preview.after_.initialE18, `initial of ${index}`).to.equal(checked.args[2]);
            expect(preview.after_.maintenanceE18, `maintenance of ${index}`).to.equal(checked.args[3]);
            const paid = logs.filter((log) => log?.name === "FeePaid" && log.args[0] === id);
            const feeE18 = paid.reduce((sum, log) => sum + (log!.args[1] as bigint), 0n);
            expect(preview.feeE18, `fee of ${index}`).to.equal(feeE18);
            befores.push(preview.before.equityE18);
        }
        expect(befores.every((equity) => equity > 0n)).to.equal(true);
    }

    const bid = (instrument: Offer["instrument"], sizeE18: bigint, priceE18: bigint): Offer => ({
        instrument,
        sizeE18,
        priceE18,
    });

    it("should equal a first fill of a perpetual", async () => {
        const world = await loadFixture(fixture);
        await compare(world, [[[0, 1], [bid(perp(BTC), -(13n * E18) / 10n + 7n, 50_010n * E18 + 3n)]]]);
    });

    it("should equal fills after premium and funding have built up, adding and reducing", async () => {
        const world = await loadFixture(fixture);
        await compare(world, [[[0, 1], [bid(perp(BTC), -E18, 50_200n * E18)]]]);
        await time.increase(3_000);
        await setMarket(connection, world, {[BTC]: 50_500n});
        await compare(world, [[[0, 1], [bid(perp(BTC), -E18 / 3n, 51_000n * E18 + 1n)]]], 2n);
        await time.increase(2_000);
        await setMarket(connection, world, {[BTC]: 49_500n});
        await compare(world, [[[2, 0], [bid(perp(BTC), -E18 / 7n, 49_000n * E18 + 11n)]]], 3n);
    });

    it("should equal a close that turns the quote figure into cash", async () => {
        const world = await loadFixture(fixture);
        await compare(world, [[[0, 1], [bid(perp(ETH), 5n * E18, 3_001n * E18)]]]);
        await setMarket(connection, world, {[ETH]: 3_100n});
        await compare(world, [[[0, 1], [bid(perp(ETH), -5n * E18, 3_099n * E18 + 17n)]]], 2n);
        expect(await world.all.clearinghouse.quoteOf(world.ids[0]!, ETH)).to.equal(0n);
    });

    it("should equal options, futures and perpetuals of two underlyings in one quote", async () => {
        const world = await loadFixture(fixture);
        const {week, month} = world.expiries;
        const offers = [
            bid(perp(BTC), E18 / 2n, 50_001n * E18),
            bid(future(BTC, month), -E18 / 2n, 50_110n * E18),
            bid(option("CALL", BTC, week, 55_000n * E8), -E18 / 3n, 301n * E18 + 7n),
            bid(perp(ETH), -E18, 2_999n * E18),
            bid(option("PUT", ETH, month, 2_500n * E8), 2n * E18 + 1n, 21n * E18 + 3n),
        ];
        await compare(world, [[[0, 1], offers]]);
    });

    it("should equal several fills of one taker, each seeing the premium and open interest that the one before left", async () => {
        const world = await loadFixture(fixture);
        await compare(world, [[[0, 1], [bid(perp(BTC), -E18, 50_100n * E18)]]]);
        await time.increase(1_800);
        await setMarket(connection, world);
        await compare(
            world,
            [
                [[0, 1], [bid(perp(BTC), -E18 / 5n, 50_120n * E18)]],
                [[2, 1], [bid(perp(BTC), E18 / 2n, 49_990n * E18)]],
                [[0, 1], [bid(option("CALL", BTC, world.expiries.week, 60_000n * E8), E18, 55n * E18)]],
            ],
            2n,
        );
    });

    it("should equal a fill that crosses from long to short, with interest on borrowed cash", async () => {
        const world = await loadFixture(fixture);
        const usdc = world.deployment.tokens["USDC"]!.address;
        await world.all.vault
            .connect(world.owners[1])
            .withdraw(world.ids[1]!, usdc, 215_000n * 10n ** 6n, world.owners[1]!);
        await time.increase(86_400);
        await setMarket(connection, world);
        await compare(world, [[[0, 1], [bid(perp(ETH), -E18, 3_003n * E18 + 1n)]]]);
        await setMarket(connection, world);
        await compare(world, [[[0, 1], [bid(perp(ETH), 3n * E18, 2_995n * E18 + 1n)]]], 2n);
    });

    it("should equal a fill that settles what has expired first", async () => {
        const world = await loadFixture(fixture);
        const {week} = world.expiries;
        const offers = [
            bid(future(BTC, week), E18 / 3n, 50_100n * E18 + 7n),
            bid(option("CALL", BTC, week, 48_000n * E8), -E18 / 5n, 2_700n * E18 + 1n),
            bid(option("PUT", BTC, week, 52_000n * E8), -E18 / 7n, 2_500n * E18 + 1n),
        ];
        await compare(world, [[[0, 1], offers]]);
        const feed = await ethers.getContractAt("MockAggregator", world.deployment.feeds["1"]!);
        await time.increaseTo(week - 5);
        await setMarket(connection, world, {[BTC]: 49_123n});
        const latest = await feed.latestRound();
        await time.increaseTo(week + 10);
        await setMarket(connection, world, {[BTC]: 49_200n});
        let [before, after] = [latest, latest + 1n];
        while ((await feed.getRoundData(after))[3] <= BigInt(week)) [before, after] = [after, after + 1n];
        await world.all.clearinghouse.settleExpiry(BTC, week, before, after);
        await compare(world, [[[0, 1], [bid(perp(BTC), E18 / 9n, 49_210n * E18)]]], 2n);
    });

    it("should equal a fill beside positions that have expired and wait for their price", async () => {
        const world = await loadFixture(fixture);
        const {week} = world.expiries;
        const put = option("PUT", BTC, week, 52_000n * E8);
        await compare(world, [[[0, 1], [bid(put, -E18 / 7n, 2_500n * E18 + 1n)]]]);
        await time.increaseTo(week + 10);
        await setMarket(connection, world);
        await compare(world, [[[0, 1], [bid(perp(BTC), E18 / 9n, 50_010n * E18)]]], 2n);
        expect(await world.all.clearinghouse.sizeOf(world.ids[1]!, put), "size that waits").to.equal(E18 / 7n);
    });

    it("should equal a fill of an instrument that sorts before those held", async () => {
        const world = await loadFixture(fixture);
        await compare(world, [[[0, 1], [bid(perp(ETH), E18, 3_001n * E18)]]]);
        await compare(world, [[[0, 1], [bid(perp(BTC), E18 / 9n, 50_010n * E18)]]], 2n);
    });

    it("should equal fills for which nothing is charged", async () => {
        const world = await loadFixture(fixture);
        const steward = await stewardOf(connection, world.deployment);
        await world.all.clearinghouse.connect(steward).setFees({linearE18: 0n, optionE18: 0n, optionCapE18: 0n});
        const call = option("CALL", BTC, world.expiries.week, 55_000n * E8);
        await compare(world, [
            [
                [0, 1],
                [bid(perp(BTC), E18, 50_000n * E18), bid(call, E18, 301n * E18)],
            ],
        ]);
    });

    it("should charge nothing for an option that costs nothing", async () => {
        const world = await loadFixture(fixture);
        const call = option("CALL", BTC, world.expiries.week, 55_000n * E8);
        await compare(world, [[[0, 1], [bid(call, E18, 0n)]]]);
    });

    it("should refuse an account that is in none of the fills, and an engine that is not its own", async () => {
        const world = await loadFixture(fixture);
        const fill = await fillOf(connection, world, [0, 1], [bid(perp(BTC), E18, 50_000n * E18)]);
        await expect(world.lens.previewFill.staticCall([fill], world.ids[2]!))
            .to.be.revertedWithCustomError(world.fills, "FillPreview_NotInFill")
            .withArgs(world.ids[2]);
        const {riskEngine} = world.deployment.contracts;
        await expect(world.fills.preview.staticCall(riskEngine, [fill], world.ids[0]!))
            .to.be.revertedWithCustomError(world.fills, "FillPreview_ForeignEngine")
            .withArgs(riskEngine);
    });

    it("should refuse an underlying without parameters and a size that does not come out exact", async () => {
        const world = await loadFixture(fixture);
        const strange = await fillOf(connection, world, [0, 1], [bid(perp(9), E18, 50_000n * E18)]);
        await expect(world.lens.previewFill.staticCall([strange], world.ids[0]!))
            .to.be.revertedWithCustomError(world.fills, "FillPreview_UnknownUnderlying")
            .withArgs(9);
        const fill = await fillOf(connection, world, [0, 1], [bid(perp(BTC), 1n, 50_000n * E18)]);
        await expect(world.lens.previewFill.staticCall([{...fill, unitsE18: E18 / 2n}], world.ids[0]!))
            .to.be.revertedWithCustomError(world.all.clearinghouse, "Clearinghouse_InexactSize")
            .withArgs(perp(BTC), 1n, E18 / 2n);
    });

    it("should refuse once the deployment's engine reads other parameters", async () => {
        const world = await loadFixture(fixture);
        const {contracts, actors} = world.deployment;
        const {globalParams, oracles} = world.all.riskParameters;
        const [global, sources] = [await globalParams(), await oracles()];
        const other = await ethers.deployContract("RiskParameters", [
            contracts.manager,
            sources.priceOracle,
            sources.surfaceOracle,
            [...global],
        ]);
        const greeks = await ethers.deployContract("RiskGreeks", [
            contracts.vault,
            contracts.clearinghouse,
            await other.getAddress(),
            contracts.cdfTable,
        ]);
        const models = await ethers.deployContract("RiskModels", [greeks]);
        const engine = await ethers.deployContract("RiskEngine", [models]);
        const [address, preview] = [await engine.getAddress(), await world.previewEngine.getAddress()];
        await world.all.vault
            .connect(await ethers.getSigner(actors.admin))
            .setCore(address, contracts.clearinghouse, contracts.liquidator, contracts.backstop);
        const fill = await fillOf(connection, world, [0, 1], [bid(perp(BTC), E18, 50_000n * E18)]);
        await expect(world.lens.previewFill.staticCall([fill], world.ids[0]!))
            .to.be.revertedWithCustomError(world.lens, "MarginLens_PreviewOutdated")
            .withArgs(address, preview);
    });

    it("should leave nothing behind when it is sent as a transaction", async () => {
        const world = await loadFixture(fixture);
        const fill = await fillOf(connection, world, [0, 1], [bid(perp(BTC), E18, 51_000n * E18)]);
        await world.lens.previewFill([fill], world.ids[0]!);
        const index = 50_000n * E18;
        expect(await world.fills.perpMark(BTC, index)).to.deep.equal(
            await world.all.clearinghouse.perpMark(BTC, index),
        );
        expect(await world.fills.openInterestE18(BTC)).to.equal(0n);
        expect(await world.fills.positionsOf(world.ids[0]!)).to.deep.equal([[], []]);
        expect(await world.fills.positionWords(world.ids[0]!)).to.deep.equal([]);
    });

    it("should show an engine the words and figures of the clearinghouse", async () => {
        const world = await loadFixture(fixture);
        const {clearinghouse} = world.all;
        const fill = await fillOf(connection, world, [0, 1], [bid(perp(BTC), E18, 51_000n * E18)]);
        await clearinghouse.connect(world.owners[1]).fill(fill);
        for (const account of world.ids.slice(0, 2)) {
            const words = await world.fills.positionWords(account);
            expect(words.length, "positions").to.equal(1);
            expect(words, "words").to.deep.equal(await clearinghouse.positionWords(account));
            const quoteE18 = await world.fills.quoteOf(account, BTC);
            expect(quoteE18, "a figure").not.to.equal(0n);
            expect(quoteE18, "quote figure").to.equal(await clearinghouse.quoteOf(account, BTC));
        }
    });
});
