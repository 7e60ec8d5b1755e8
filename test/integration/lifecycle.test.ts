import {expect} from "chai";

import {future, option, perp} from "../../scripts/sdk/instruments.js";
import {
    balanceOf,
    BTC,
    createChain,
    DAY,
    deployWorld,
    deposit,
    E18,
    ETH,
    eventOf,
    expiryAhead,
    figuresOf,
    fundBackstop,
    HOUR,
    idOf,
    move,
    pass,
    report,
    settleExpiry,
    start,
    take,
    trade,
    USD,
    usd,
    withdraw,
} from "../support/world.js";
import type {Side, World} from "../support/world.js";

const connection = await createChain();
const {loadFixture} = connection.networkHelpers;
const COIN_UNIT = 10n ** 12n;
/** Auctions may leave a billionth of a dollar uncovered by rounding. */
const ROUNDING = 10n ** 9n;

type Cast = {world: World; alice: Side; bob: Side; carol: Side; keeper: Side; lender: Side};

async function fixture(): Promise<Cast> {
    const world = await deployWorld(connection);
    const [alice, bob, carol, keeper, lender] = world.owners.map((owner) => ({owner}));
    return {world, alice: alice!, bob: bob!, carol: carol!, keeper: keeper!, lender: lender!};
}

const cashOf = (world: World, side: Side): Promise<bigint> => world.all.vault.cashOf(idOf(side));

/** Tokens, debts and what was settled ahead, less all claims; never below zero (VLT-1). */
async function surplus(world: World): Promise<bigint> {
    const {deployment, all} = world;
    const totals = await all.vault.cashTotals();
    const token = await balanceOf(world, "USDC", deployment.contracts.vault);
    return token * COIN_UNIT + totals.borrowedE18 + totals.netSettledE18 - totals.suppliedE18;
}

describe("life of a book", () => {
    it("should explain every balance to the unit from deposit over trade, funding and expiry to withdrawal", async () => {
        const {world, alice, bob} = await loadFixture(fixture);
        const {clearinghouse, vault} = world.all;
        const expiry = await expiryAhead(world, 2);
        await report(world);
        await deposit(world, alice, "USDC", 100_000n * USD);
        await deposit(world, bob, "USDC", 100_000n * USD);

        // The clock of funding starts at the first touch.
        await clearinghouse.accrueFunding(BTC);
        await pass(world, HOUR);

        // Alice buys a perpetual and a future from Bob and sells him a call; she is the taker and pays the fees.
        const premium = usd(1200);
        await trade(world, bob, alice, [{instrument: perp(BTC), sizeE18: -E18, priceE18: usd(50_500)}]);
        await trade(world, bob, alice, [
            {instrument: future(BTC, expiry), sizeE18: -2n * E18, priceE18: usd(50_100)},
            {instrument: option("CALL", BTC, expiry, 52_000n * 10n ** 8n), sizeE18: E18, priceE18: premium},
        ]);
        const fees = (usd(50_500) + 2n * usd(50_100)) / 2000n + (usd(50_000) * 3n) / 10_000n;
        expect(await cashOf(world, alice), "premium in, fees out").to.equal(usd(100_000) + premium - fees);
        expect(await cashOf(world, bob), "premium out").to.equal(usd(100_000) - premium);
        expect(await clearinghouse.quoteOf(idOf(alice), BTC), "cost of one perpetual and two futures").to.equal(
            -(usd(50_500) + 2n * usd(50_100)),
        );

        // Funding runs for a day; then the future and the call settle at the price before the expiry.
        await pass(world, DAY);
        await world.connection.networkHelpers.time.increaseTo(expiry - 600);
        await move(world, {[BTC]: usd(54_000)});
        await world.connection.networkHelpers.time.increaseTo(expiry + 60);
        await report(world);
        await settleExpiry(world, BTC, expiry);
        await clearinghouse.settleAccount(idOf(alice));
        await clearinghouse.settleAccount(idOf(bob));
        expect(await clearinghouse.settlementPriceE18(BTC, expiry)).to.equal(usd(54_000));
        expect(await cashOf(world, bob), "the call pays 2,000").to.equal(usd(100_000) - premium + usd(2000));

        // Bob takes the perpetual back at 53,000: the figure becomes cash, with what funding there was.
        const before = (await clearinghouse.perpState(BTC)).cumulativeFundingE18;
        await trade(world, alice, bob, [{instrument: perp(BTC), sizeE18: -E18, priceE18: usd(53_000)}]);
        const funding = (await clearinghouse.perpState(BTC)).cumulativeFundingE18;
        expect(before, "the first trade opened at no funding").to.equal(0n);
        expect(funding > 0n, "longs paid, because the first fill was above the index").to.equal(true);
        const profit = usd(2500) + 2n * usd(3900) - funding;
        const closeFee = usd(53_000) / 2000n;
        expect(await cashOf(world, alice), "Alice to the unit").to.equal(
            usd(100_000) + premium - fees - usd(2000) + profit,
        );
        expect(await cashOf(world, bob), "Bob to the unit").to.equal(
            usd(100_000) - premium + usd(2000) - profit - closeFee,
        );
        expect(await vault.cashOf(await vault.protocolAccount()), "fees").to.equal(fees + closeFee);
        expect((await vault.cashTotals()).netSettledE18, "both sides are settled").to.equal(0n);

        // Everybody leaves with whole coins; less than one unit stays behind.
        for (const side of [alice, bob]) {
            const cash = await cashOf(world, side);
            await withdraw(world, side, "USDC", cash / COIN_UNIT);
            expect(await balanceOf(world, "USDC", side.owner.address)).to.equal(cash / COIN_UNIT);
            expect(await cashOf(world, side)).to.equal(cash % COIN_UNIT);
        }
        expect((await surplus(world)) >= 0n, "VLT-1").to.equal(true);
    });

    it("should let a margin call be cured by a deposit", async () => {
        const {world, alice, bob, keeper} = await loadFixture(fixture);
        const {liquidator, marginLens} = world.all;
        await deposit(world, alice, "USDC", 60_000n * USD);
        await deposit(world, bob, "USDC", 500_000n * USD);
        await deposit(world, keeper, "USDC", 500_000n * USD);
        await trade(world, bob, alice, [{instrument: perp(BTC), sizeE18: -5n * E18, priceE18: usd(50_000)}]);

        await move(world, {[BTC]: usd(48_000)});
        const called = await figuresOf(world, alice);
        expect(called.equityE18 < called.initialE18 && called.equityE18 >= called.maintenanceE18).to.equal(true);
        const {underlyings, groupBinding} = await marginLens.scenarioTable(idOf(alice));
        await expect(liquidator.callMargin(idOf(alice)))
            .to.emit(liquidator, "MarginCall")
            .withArgs(
                idOf(alice),
                called.equityE18,
                called.initialE18,
                called.maintenanceE18,
                called.initialE18 - called.equityE18,
                [underlyings.map(({binding}) => binding), [...groupBinding]],
            );
        await expect(start(world, alice, keeper)).to.be.revertedWithCustomError(liquidator, "Liquidator_NotShort");

        await deposit(world, alice, "USDC", (called.initialE18 - called.equityE18) / COIN_UNIT + 1n);
        const cured = await figuresOf(world, alice);
        expect(cured.equityE18 >= cured.initialE18, "at or above initial").to.equal(true);
        await expect(liquidator.callMargin(idOf(alice))).to.be.revertedWithCustomError(
            liquidator,
            "Liquidator_NoMarginCall",
        );
    });

    it("should sell a short book by a slice and leave the owner with the rest at the target health", async () => {
        const {world, alice, bob, keeper} = await loadFixture(fixture);
        const {liquidator, clearinghouse} = world.all;
        await deposit(world, alice, "USDC", 60_000n * USD);
        await deposit(world, bob, "USDC", 500_000n * USD);
        await deposit(world, keeper, "USDC", 500_000n * USD);
        await trade(world, bob, alice, [{instrument: perp(BTC), sizeE18: -5n * E18, priceE18: usd(50_000)}]);
        await move(world, {[BTC]: usd(45_500)});

        const short = await figuresOf(world, alice);
        expect(short.equityE18 > 0n && short.equityE18 < short.maintenanceE18, "short with equity").to.equal(true);
        await start(world, alice, keeper);
        await pass(world, 300);
        const before = await figuresOf(world, alice);
        const keeperBefore = await figuresOf(world, keeper);
        const slice = eventOf(world, "liquidator", await (await take(world, alice, keeper)).wait(), "SliceTaken");
        const after = await figuresOf(world, alice);
        const keeperAfter = await figuresOf(world, keeper);

        expect(slice["fractionE18"]! > 0n && slice["fractionE18"]! < E18, "a part only").to.equal(true);
        expect(slice["backstopPaidE18"]! + slice["socialisedE18"]!, "LIQ-5: no loss, no layer").to.equal(0n);
        const health = (after.equityE18 * 1000n) / after.maintenanceE18;
        expect(health >= 1249n && health <= 1252n, `LIQ-4: target health, was ${health}`).to.equal(true);
        const paid = before.equityE18 - after.equityE18;
        const gained = keeperAfter.equityE18 - keeperBefore.equityE18;
        expect(paid > 0n && gained > 0n && paid - gained >= 0n && paid - gained < ROUNDING, "LIQ-5").to.equal(true);
        expect((await liquidator.auction(idOf(alice))).startedAt, "over").to.equal(0n);
        const moved = (5n * E18 * slice["fractionE18"]!) / E18;
        expect(await clearinghouse.sizeOf(idOf(keeper), perp(BTC))).to.equal(moved);
        expect(await clearinghouse.sizeOf(idOf(alice), perp(BTC))).to.equal(5n * E18 - moved);
    });
});

describe("a book that ends insolvent", () => {
    /** Alice is long with hardly more than she needs, the price falls through everything she has. */
    async function insolvent(): Promise<Cast> {
        const cast = await fixture();
        const {world, alice, bob, keeper, lender} = cast;
        await deposit(world, alice, "USDC", 60_000n * USD);
        await deposit(world, bob, "USDC", 300_000n * USD);
        await deposit(world, keeper, "USDC", 300_000n * USD);
        await deposit(world, lender, "USDC", 100_000n * USD);
        await trade(world, bob, alice, [{instrument: perp(BTC), sizeE18: -5n * E18, priceE18: usd(50_000)}]);
        return cast;
    }

    it("should be closed at the backstop's cost while the backstop can pay", async () => {
        const {world, alice, keeper, lender} = await loadFixture(insolvent);
        const {liquidator, vault} = world.all;
        await fundBackstop(world, {owner: world.owners[6]!}, 50_000n * USD);
        await move(world, {[BTC]: usd(36_000)});
        const {equityE18} = await figuresOf(world, alice);
        expect(equityE18 < 0n, "insolvent").to.equal(true);

        await start(world, alice, keeper);
        expect(await liquidator.insolventAuctions()).to.equal(1n);
        await pass(world, 900);
        const keeperBefore = await figuresOf(world, keeper);
        const short = await figuresOf(world, alice);
        const lenderBefore = await cashOf(world, lender);
        const poolBefore = await balanceOf(world, "USDC", world.deployment.contracts.backstop);
        const slice = eventOf(world, "liquidator", await (await take(world, alice, keeper)).wait(), "SliceTaken");

        const due = -slice["priceE18"]!;
        expect(slice["fractionE18"], "all of it").to.equal(E18);
        expect(due > -short.equityE18, "the deficit and the keeper's reward").to.equal(true);
        expect(slice["socialisedE18"], "nobody else pays").to.equal(0n);
        expect(slice["backstopPaidE18"]! - due >= 0n && slice["backstopPaidE18"]! - due < COIN_UNIT, "LIQ-5").to.equal(
            true,
        );
        const poolAfter = await balanceOf(world, "USDC", world.deployment.contracts.backstop);
        expect((poolBefore - poolAfter) * COIN_UNIT, "paid in whole coins").to.equal(slice["backstopPaidE18"]);
        expect(await cashOf(world, lender), "the lender is untouched").to.equal(lenderBefore);
        expect(await cashOf(world, alice), "nothing is left").to.equal(0n);
        const gained = (await figuresOf(world, keeper)).equityE18 - keeperBefore.equityE18;
        const layers = slice["backstopPaidE18"]! + short.equityE18;
        expect(gained <= layers && gained > layers - ROUNDING, "LIQ-5: owner and keeper together").to.equal(true);
        expect(await liquidator.insolventAuctions()).to.equal(0n);
        expect((await surplus(world)) >= 0n, "VLT-1").to.equal(true);
        expect((await vault.cashTotals()).supplyIndexE27).to.equal(10n ** 27n);
    });

    it("should be written down on all positive cash once the backstop is empty", async () => {
        const {world, alice, bob, keeper, lender} = await loadFixture(insolvent);
        const {vault} = world.all;
        await fundBackstop(world, {owner: world.owners[6]!}, 1_000n * USD);
        await move(world, {[BTC]: usd(36_000)});
        await start(world, alice, keeper);
        await pass(world, 900);
        const before = {
            alice: await cashOf(world, alice),
            bob: await cashOf(world, bob),
            keeper: await cashOf(world, keeper),
            lender: await cashOf(world, lender),
            protocol: await cashOf(world, {owner: {address: world.deployment.contracts.backstop} as Side["owner"]}),
            pool: (await balanceOf(world, "USDC", world.deployment.contracts.backstop)) * COIN_UNIT,
            supplied: (await vault.cashTotals()).suppliedE18,
        };
        const receipt = await (await take(world, alice, keeper)).wait();
        const slice = eventOf(world, "liquidator", receipt, "SliceTaken");
        const loss = eventOf(world, "vault", receipt, "LossSocialised");
        const due = -slice["priceE18"]!;

        expect(slice["backstopPaidE18"], "LIQ-7: coins and cash of the backstop first, all of it").to.equal(
            before.pool + before.protocol,
        );
        expect(await balanceOf(world, "USDC", world.deployment.contracts.backstop)).to.equal(0n);
        expect(slice["socialisedE18"]).to.equal(loss["lossE18"]);
        const layers = slice["backstopPaidE18"]! + slice["socialisedE18"]!;
        expect(layers <= due && due - layers < ROUNDING, "LIQ-5: the layers are the loss").to.equal(true);

        const index = loss["supplyIndexAfterE27"]!;
        expect(await cashOf(world, lender), "the lender's share of the loss").to.equal(
            (before.lender * index) / 10n ** 27n,
        );
        expect(await cashOf(world, bob), "and Bob's").to.equal((before.bob * index) / 10n ** 27n);
        const claims = before.supplied - before.protocol - before.alice;
        expect(claims > 0n && index < 10n ** 27n).to.equal(true);
        expect((await surplus(world)) >= 0n, "VLT-1").to.equal(true);
    });
});

describe("a day of lending", () => {
    it("should move interest from who owes to who holds, with the reserve's share to the backstop", async () => {
        const {world, alice, lender} = await loadFixture(fixture);
        const {vault} = world.all;
        await deposit(world, lender, "USDC", 100_000n * USD);
        await deposit(world, alice, "WETH", 40n * E18);
        await withdraw(world, alice, "USDC", 40_000n * USD);
        const before = await vault.cashTotals();
        await pass(world, 30 * DAY + HOUR);
        await vault.accrue();
        const owed = -(await cashOf(world, alice)) - usd(40_000);
        const earned = (await cashOf(world, lender)) - usd(100_000);
        const reserve = await vault.cashOf(await vault.protocolAccount());
        expect(owed > 0n && earned > 0n && reserve > 0n).to.equal(true);
        expect(owed - earned - reserve >= 0n && owed - earned - reserve < ROUNDING, "to the unit").to.equal(true);
        expect(reserve * 10n >= owed - ROUNDING && reserve * 10n <= owed + ROUNDING, "a tenth").to.equal(true);
        const totals = await vault.cashTotals();
        expect(totals.borrowIndexE27 > before.borrowIndexE27, "VLT-4").to.equal(true);
        expect(await world.all.clearinghouse.quoteOf(idOf(alice), ETH)).to.equal(0n);
    });
});
