import {expect} from "chai";
import {network} from "hardhat";

import {accountId} from "../../../../scripts/sdk/ids.js";
import {option, perp} from "../../../../scripts/sdk/instruments.js";
import {BTC, BTC_PRICE, deployLens, E18, ETH, ETH_PRICE, fillOf, setMarket} from "./fixture.js";
import type {LensWorld, Offer} from "./fixture.js";
import type {BookStructOutput} from "../../../../typechain-types/contracts/interfaces/IMarginLens.js";

const connection = await network.create();
const {ethers, networkHelpers} = connection;
const {time, loadFixture} = networkHelpers;

const E8 = 10n ** 8n;
const TOLERANCE = 2n ** 29n;

/** A book as the chain answers it, in the form that the chain takes. */
const plainOf = (book: BookStructOutput) => ({
    model: book.model,
    cashE18: book.cashE18,
    collateral: book.collateral.map(({assetId, unitsE18}) => ({assetId, unitsE18})),
    quotes: book.quotes.map(({underlying, quoteE18}) => ({underlying, quoteE18})),
    positions: book.positions.map(({instrument, sizeE18}) => ({instrument, sizeE18})),
});

describe("MarginLens views", () => {
    const fixture = () => deployLens(connection);

    async function trade(world: LensWorld, offers: readonly Offer[], nonce = 1n): Promise<void> {
        const fill = await fillOf(connection, world, [0, 1], offers, nonce);
        await world.all.clearinghouse.connect(world.owners[1]).fill(fill);
    }

    /** Account 1 is long 3 perpetuals of BTC and short calls on them; account 0 has the other side. */
    async function traded() {
        const world = await loadFixture(fixture);
        await trade(world, [
            {instrument: perp(BTC), sizeE18: -3n * E18, priceE18: 50_010n * E18},
            {
                instrument: option("CALL", BTC, world.expiries.week, 55_000n * E8),
                sizeE18: 2n * E18,
                priceE18: 310n * E18,
            },
        ]);
        return world;
    }

    describe("account and accounts", () => {
        it("should show what the engine, the liquidator and the vault say", async () => {
            const world = await loadFixture(traded);
            const [first, second] = await world.lens.accounts([world.ids[0]!, world.ids[1]!]);
            for (const [index, seen] of [first!, second!].entries()) {
                const id = world.ids[index]!;
                expect(seen.book).to.deep.equal(await world.lens.bookOf(id));
                expect(seen.assessment).to.deep.equal(await world.all.riskEngine.assess(id));
                expect(seen.auction).to.deep.equal(await world.all.liquidator.auction(id));
                expect(seen.lastCheckedBlock).to.equal(await ethers.provider.getBlockNumber());
            }
            expect(await world.lens.account(world.ids[1]!)).to.deep.equal(second);
        });
    });

    describe("scenarioTable", () => {
        it("should be the engine's report of the account's book", async () => {
            const world = await loadFixture(traded);
            const [id] = world.ids;
            const book = await world.lens.bookOf(id!);
            const table = await world.lens.scenarioTable(id!);
            expect(table).to.deep.equal(await world.all.riskEngine.report(plainOf(book)));
            expect(table.underlyings.length).to.equal(2);
        });
    });

    describe("greeks", () => {
        it("should be the engine's sensitivities of the account's book", async () => {
            const world = await loadFixture(traded);
            const id = world.ids[1]!;
            const shown = await world.lens.greeks(id);
            expect(shown).to.deep.equal(await world.all.riskEngine.greeks(plainOf(await world.lens.bookOf(id))));
            const [bitcoin] = shown;
            expect(bitcoin?.expiries.map(({legs}) => legs.length)).to.deep.equal([1, 1]);
            // Short calls: short of gamma and vega, earning theta.
            const {gammaE18 = 0n, vegaE18 = 0n, thetaE18 = 0n} = bitcoin?.sum ?? {};
            expect([gammaE18 < 0n, vegaE18 < 0n, thetaE18 > 0n]).to.deep.equal([true, true, true]);
        });
    });

    describe("scenarioDistances", () => {
        it("should be equity less what the engine's witness of each scenario shows, beside the report", async () => {
            const world = await loadFixture(traded);
            const id = world.ids[1]!;
            const {report, leftE18, leftAloneE18, binding} = await world.lens.scenarioDistances(id);
            expect(report, "report").to.deep.equal(await world.lens.scenarioTable(id));
            expect(leftE18, "left until maintenance").to.equal(report.equityE18 - report.maintenanceE18);
            expect(leftAloneE18.length, "scenarios").to.equal(report.underlyings[0]!.lossE18.length);
            for (const [number, leftAlone] of leftAloneE18.entries()) {
                const own = report.underlyings.map(() => number);
                const witness = {own, joint: report.groups.map(() => number)};
                const {equityE18, boundE18} = await world.all.riskEngine.breaches(id, witness);
                expect(leftAlone, `left in scenario ${number}`).to.equal(equityE18 - boundE18);
                expect(leftAlone >= leftE18, `no less than is left in all, ${number}`).to.equal(true);
            }
            const least = leftAloneE18.reduce((low, left) => (left < low ? left : low));
            expect(binding, "first scenario that leaves the least").to.equal(BigInt(leftAloneE18.indexOf(least)));
        });

        it("should bind where the only underlying's grid binds, and be exact there", async () => {
            const world = await loadFixture(fixture);
            const usdcOnly = world.ids[2]!;
            const weth = world.deployment.tokens["WETH"]!.address;
            await world.all.vault.connect(world.owners[2]).withdraw(usdcOnly, weth, 20n * E18, world.owners[2]!);
            const offers = [{instrument: perp(BTC), sizeE18: -3n * E18, priceE18: 50_000n * E18}];
            const fill = await fillOf(connection, world, [0, 2], offers);
            await world.all.clearinghouse.connect(world.owners[2]).fill(fill);
            const {report, leftE18, leftAloneE18, binding} = await world.lens.scenarioDistances(usdcOnly);
            expect(binding, "binding scenario").to.equal(report.underlyings[0]!.binding);
            expect(leftAloneE18[Number(binding)], "left there").to.equal(leftE18);
        });

        it("should leave less than nothing in the scenario that starts a liquidation", async () => {
            const world = await loadFixture(fixture);
            await trade(world, [{instrument: perp(BTC), sizeE18: -8n * E18, priceE18: 50_000n * E18}]);
            await setMarket(connection, world, {[BTC]: 33_000n});
            await setMarket(connection, world, {[BTC]: 22_000n});
            const id = world.ids[1]!;
            const {report, leftAloneE18, binding} = await world.lens.scenarioDistances(id);
            expect(leftAloneE18[Number(binding)]! < 0n, "short by that scenario").to.equal(true);
            const witness = {own: report.underlyings.map(() => binding), joint: report.groups.map(() => binding)};
            const [short] = await world.all.riskEngine.breaches(id, witness);
            expect(short, "shown by the witness").to.equal(true);
        });

        it("should have no scenarios for an account with nothing in a grid", async () => {
            const world = await loadFixture(fixture);
            const stranger = accountId(world.owners[0]!.address, 7n);
            const {leftE18, leftAloneE18, binding} = await world.lens.scenarioDistances(stranger);
            expect([leftE18, leftAloneE18, binding], "nothing").to.deep.equal([0n, [], 0n]);
        });
    });

    describe("given a core in the middle of a transaction", () => {
        it("should refuse to answer", async () => {
            const world = await loadFixture(fixture);
            // A lock that lasts longer than its transaction cannot be had; the vault's answer is put in its place.
            const vault = await ethers.deployContract("LockedVault");
            const lens = await ethers.deployContract("MarginLens", [
                await vault.getAddress(),
                await world.previewEngine.getAddress(),
            ]);
            const id = world.ids[0]!;
            for (const call of [
                () => lens.account(id),
                () => lens.accounts([id]),
                () => lens.scenarioTable(id),
                () => lens.greeks(id),
                () => lens.scenarioDistances(id),
                () => lens.previewFill.staticCall([], id),
                () => lens.maxWithdraw(id, ethers.ZeroAddress),
                () => lens.liquidationPrices(id, BTC),
            ]) {
                await expect(call()).to.be.revertedWithCustomError(lens, "MarginLens_CoreLocked").withArgs();
            }
        });
    });

    describe("maxWithdraw", () => {
        /** The amount succeeds at the time of the answer, one unit more does not. */
        async function check(world: LensWorld, index: number, symbol: string): Promise<bigint> {
            const {address} = world.deployment.tokens[symbol]!;
            const [id, owner] = [world.ids[index]!, world.owners[index]!];
            const vault = world.all.vault.connect(owner);
            const at = (await time.latest()) + 60;
            await time.increaseTo(at);
            const amount = await world.lens.maxWithdraw(id, address);
            for (const [extra, passes] of [
                [1n, false],
                [0n, true],
            ] as const) {
                if (amount + extra === 0n) continue;
                const snapshot = await networkHelpers.takeSnapshot();
                // Same second: interest and prices are those of the answer.
                const outcome = await vault.withdraw
                    .staticCall(id, address, amount + extra, owner.address, {blockTag: "latest"})
                    .then(
                        () => true,
                        () => false,
                    );
                expect(outcome, `${symbol} ${amount} + ${extra}`).to.equal(passes);
                await snapshot.restore();
            }
            return amount;
        }

        it("should be everything for an account without positions or debts, coin and collateral", async () => {
            const world = await loadFixture(fixture);
            expect(await check(world, 0, "WETH")).to.equal(20n * E18);
            const borrowed = await check(world, 0, "USDC");
            expect(borrowed > 200_000n * 10n ** 6n, "borrows against its ether").to.equal(true);
        });

        it("should stop at the margin of positions", async () => {
            const world = await loadFixture(traded);
            for (const index of [0, 1]) {
                const coin = await check(world, index, "USDC");
                expect(coin > 0n && coin < 250_000n * 10n ** 6n).to.equal(true);
                expect((await check(world, index, "WETH")) > 0n).to.equal(true);
            }
        });

        it("should stop at the account's own cash while borrowing is paused", async () => {
            const world = await loadFixture(fixture);
            const guardian = await ethers.getSigner(world.deployment.actors.guardian);
            await world.all.vault.connect(guardian).pauseBorrowing();
            expect(await check(world, 0, "USDC")).to.equal(200_000n * 10n ** 6n);
        });

        it("should stop at what the vault holds", async () => {
            const world = await loadFixture(fixture);
            const usdc = world.deployment.tokens["USDC"]!.address;
            // Two owners borrow against their ether until the third's own money is partly lent out.
            for (const index of [0, 1]) {
                const [id, owner] = [world.ids[index]!, world.owners[index]!];
                const most = await world.lens.maxWithdraw(id, usdc);
                await world.all.vault.connect(owner).withdraw(id, usdc, most - 10n ** 6n, owner.address);
            }
            await setMarket(connection, world);
            const token = await ethers.getContractAt("MockToken", usdc);
            const held = await token.balanceOf(world.deployment.contracts.vault);
            expect(held < 200_000n * 10n ** 6n).to.equal(true);
            expect(await check(world, 2, "USDC")).to.equal(held);
        });

        it("should be nothing below the initial requirement, of a token not held and of one not listed", async () => {
            const world = await loadFixture(fixture);
            await trade(world, [{instrument: perp(BTC), sizeE18: -8n * E18, priceE18: 50_000n * E18}]);
            await setMarket(connection, world, {[BTC]: 33_000n});
            await setMarket(connection, world, {[BTC]: 22_000n});
            const id = world.ids[1]!;
            for (const symbol of ["USDC", "WETH", "WBTC"]) {
                expect(await world.lens.maxWithdraw(id, world.deployment.tokens[symbol]!.address)).to.equal(0n);
            }
            const stranger = await ethers.deployContract("MockToken", ["Stranger", 18]);
            expect(await world.lens.maxWithdraw(id, await stranger.getAddress())).to.equal(0n);
        });
    });

    describe("liquidationPrices", () => {
        /** Excess over maintenance with the price of one underlying replaced. */
        async function excessAt(
            world: LensWorld,
            index: number,
            underlying: number,
            priceE18: bigint,
        ): Promise<bigint> {
            const book = await world.lens.bookOf(world.ids[index]!);
            const plain = {
                model: book.model,
                cashE18: book.cashE18,
                collateral: book.collateral.map(({assetId, unitsE18}) => ({assetId, unitsE18})),
                quotes: book.quotes.map(({underlying: of, quoteE18}) => ({underlying: of, quoteE18})),
                positions: book.positions.map(({instrument, sizeE18}) => ({instrument, sizeE18})),
            };
            const {equityE18, maintenanceE18} = await world.all.riskEngine.assessBookAt(plain, underlying, priceE18);
            return equityE18 - maintenanceE18;
        }

        /** The price is short, and one tolerance toward spot is not. */
        async function isCrossing(world: LensWorld, index: number, priceE18: bigint, spotE18: bigint): Promise<void> {
            const step = spotE18 / TOLERANCE;
            const inside = priceE18 < spotE18 ? priceE18 + step : priceE18 - step;
            expect((await excessAt(world, index, BTC, priceE18)) < 0n, "short at the price").to.equal(true);
            expect((await excessAt(world, index, BTC, inside)) >= 0n, "not short just inside").to.equal(true);
        }

        it("should find where longs and shorts meet maintenance", async () => {
            const world = await loadFixture(fixture);
            await trade(world, [{instrument: perp(BTC), sizeE18: -8n * E18, priceE18: 50_000n * E18}]);
            const spotE18 = BTC_PRICE * E18;
            const [lowerLong, upperLong] = await world.lens.liquidationPrices(world.ids[1]!, BTC);
            expect(upperLong).to.equal(0n);
            await isCrossing(world, 1, lowerLong, spotE18);
            const [lowerShort, upperShort] = await world.lens.liquidationPrices(world.ids[0]!, BTC);
            expect(lowerShort).to.equal(0n);
            await isCrossing(world, 0, upperShort, spotE18);
        });

        it("should find both ends of a short strangle", async () => {
            const world = await loadFixture(fixture);
            const {week} = world.expiries;
            await trade(world, [
                {instrument: option("CALL", BTC, week, 55_000n * E8), sizeE18: 8n * E18, priceE18: 400n * E18},
                {instrument: option("PUT", BTC, week, 45_000n * E8), sizeE18: 8n * E18, priceE18: 400n * E18},
            ]);
            const [lower, upper] = await world.lens.liquidationPrices(world.ids[1]!, BTC);
            await isCrossing(world, 1, lower, BTC_PRICE * E18);
            await isCrossing(world, 1, upper, BTC_PRICE * E18);
        });

        it("should find none where nothing is at stake", async () => {
            const world = await loadFixture(fixture);
            expect(await world.lens.liquidationPrices(world.ids[0]!, BTC)).to.deep.equal([0n, 0n]);
            expect(await world.lens.liquidationPrices(world.ids[0]!, ETH)).to.deep.equal([0n, 0n]);
        });

        it("should say for a short account at which price it no longer would be", async () => {
            const world = await loadFixture(fixture);
            await trade(world, [{instrument: perp(BTC), sizeE18: -8n * E18, priceE18: 50_000n * E18}]);
            await setMarket(connection, world, {[BTC]: 33_000n});
            await setMarket(connection, world, {[BTC]: 22_000n, [ETH]: ETH_PRICE});
            expect((await excessAt(world, 1, BTC, 22_000n * E18)) < 0n).to.equal(true);
            const [lower, upper] = await world.lens.liquidationPrices(world.ids[1]!, BTC);
            expect(lower).to.equal(0n);
            expect((await excessAt(world, 1, BTC, upper)) >= 0n).to.equal(true);
            expect((await excessAt(world, 1, BTC, upper - (22_000n * E18) / TOLERANCE)) < 0n).to.equal(true);
        });
    });
});
