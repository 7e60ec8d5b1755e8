import {expect} from "chai";

import {parametersOf} from "../../deploy/parameters/index.js";
import {option, perp} from "../../scripts/sdk/instruments.js";
import type {InstrumentId} from "../../scripts/sdk/index.js";
import {
    BTC,
    createChain,
    deployWorld,
    deposit,
    E18,
    ETH,
    EVERYTHING,
    expiryAhead,
    feedOf,
    figuresOf,
    fundBackstop,
    idOf,
    offer,
    report,
    usd,
    USD,
    USDC_FEED,
} from "../support/world.js";
import type {Leg, Side, World} from "../support/world.js";

const connection = await createChain();
const {networkHelpers} = connection;
const {loadFixture} = networkHelpers;

const {stress} = parametersOf("local").liquidation;
const MOST_LEGS = 8;
const DUST = 10n ** 9n;

type Cast = {world: World; keeper: Side; maker: Side; small: Side; instruments: InstrumentId[]};

/** A maker and a keeper with money, and sixty-four series besides the perpetual. */
async function fixture(): Promise<Cast> {
    const world = await deployWorld(connection);
    const [keeper, maker, small] = world.owners.map((owner): Side => ({owner}));
    const expiry = await expiryAhead(world, 5);
    await report(world);
    for (const side of [keeper!, maker!]) await deposit(world, side, "USDC", 900_000n * USD);
    await fundBackstop(world, {owner: world.owners[7]!}, 100_000n * USD);
    const strikes = Array.from({length: 63}, (_, n) => (50_000n + 100n * BigInt(n)) * 10n ** 8n);
    const instruments = [perp(BTC), ...strikes.map((strike) => option("CALL", BTC, expiry, strike))];
    return {world, keeper: keeper!, maker: maker!, small: small!, instruments};
}

/** Opens dust in so many instruments with hardly more money than that asks for. */
async function openSmallest({world, maker, small, instruments}: Cast, positions: number): Promise<void> {
    const {reserveBaseE18, reservePerPositionE18} = await world.all.riskParameters.globalParams();
    const reserveE18 = reserveBaseE18 + reservePerPositionE18 * BigInt(positions);
    await deposit(world, small, "USDC", (reserveE18 * 126n) / 100n / 10n ** 12n);
    for (let from = 0; from < positions; from += MOST_LEGS) {
        const legs = instruments.slice(from, Math.min(positions, from + MOST_LEGS)).map((instrument): Leg => ({
            instrument,
            sizeE18: DUST,
            priceE18: instrument === perp(BTC) ? usd(50_000) : usd(100),
        }));
        const item = await offer(world, maker, small, legs);
        await world.all.clearinghouse.connect(small.owner).fill(item);
    }
}

/** The settlement coin loses a quarter of its worth, in steps that its feed may make. */
async function loseThePeg(world: World): Promise<void> {
    for (const cents of [85n, 75n]) {
        await feedOf(world, USDC_FEED).getFunction("pushAnswer")(cents * 10n ** 6n);
        await world.all.priceOracle.poke(USDC_FEED);
    }
}

describe("the smallest accounts that can be opened (MCA-3, R13)", () => {
    for (const positions of [1, 8, 64]) {
        it(`should pay a keeper for closing ${positions} positions of dust at the stress gas price`, async () => {
            const cast = await loadFixture(fixture);
            const {world, keeper, small} = cast;
            await openSmallest(cast, positions);
            const {liquidator, vault, priceOracle} = world.all;
            await loseThePeg(world);
            const was = await figuresOf(world, small);
            expect(was.equityE18 < was.maintenanceE18, "short").to.equal(true);

            // The stress gas price is stated at a price of the native coin; here it costs as much in dollars.
            const nativeE18 = await priceOracle.price(ETH);
            const gasPriceWei = (BigInt(stress.gasPriceWei) * stress.nativePrice) / nativeE18;
            const cashBefore = await vault.cashOf(idOf(keeper));
            const asKeeper = liquidator.connect(keeper.owner);
            await networkHelpers.setNextBlockBaseFeePerGas(gasPriceWei);
            const started = await (await asKeeper.start(idOf(small), EVERYTHING, idOf(keeper))).wait();
            await networkHelpers.setNextBlockBaseFeePerGas(gasPriceWei);
            const most = (1n << 255n) - 1n;
            const taken = await (await asKeeper.take(idOf(small), idOf(keeper), E18, most, "0x")).wait();
            await networkHelpers.setNextBlockBaseFeePerGas(0n);

            expect(await world.all.clearinghouse.hasPositions(idOf(small)), "all of it went").to.equal(false);
            const gas = started!.gasUsed + taken!.gasUsed;
            const spentE18 = (gas * gasPriceWei * nativeE18) / E18;
            // Every coin that the keeper got counts three quarters of a dollar; the dust came on top.
            const gotE18 = (((await vault.cashOf(idOf(keeper))) - cashBefore) * 3n) / 4n;
            expect(gotE18, `earned, for ${gas} gas`).to.be.gte(spentE18);
        });
    }

    it("should cost no more than the reserve to close, at any number of positions", async () => {
        const {world} = await loadFixture(fixture);
        const {liquidator, riskParameters, priceOracle} = world.all;
        const {reserveBaseE18, reservePerPositionE18} = await riskParameters.globalParams();
        const gasPriceWei = (BigInt(stress.gasPriceWei) * stress.nativePrice) / (await priceOracle.price(ETH));
        for (let positions = 1n; positions <= 64n; ++positions) {
            expect(await liquidator.closingPayE18(positions, gasPriceWei), `${positions}`).to.be.lte(
                reserveBaseE18 + reservePerPositionE18 * positions,
            );
        }
    });
});
