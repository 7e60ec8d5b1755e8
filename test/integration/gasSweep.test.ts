import {expect} from "chai";

import {recordedGas} from "../../scripts/simulators/gasSweep/gas.js";
import {defaultHouse, fixedAt, payFor} from "../../scripts/simulators/gasSweep/rules.js";
import type {Fees} from "../../scripts/simulators/gasSweep/rules.js";
import {sliceOf} from "../../scripts/simulators/gasSweep/slice.js";
import {TIP_WEI} from "../../scripts/sdk/auction.js";
import type {KeeperPay} from "../../scripts/sdk/auction.js";
import {perp} from "../../scripts/sdk/instruments.js";
import {
    BTC,
    createChain,
    deployWorld,
    deposit,
    E18,
    ETH,
    eventOf,
    EVERYTHING,
    feedOf,
    fundBackstop,
    idOf,
    move,
    trade,
    USD,
    usd,
    USDC_FEED,
} from "../support/world.js";
import type {Side, World} from "../support/world.js";

const connection = await createChain();
const {networkHelpers, ethers} = connection;
const {loadFixture} = networkHelpers;

const CALM_WEI = 100_000_000n;
const FACTORS = [1n, 10n, 50n];
const NOBODY_BUYS_HIGHER = (1n << 255n) - 1n;
const DUST = 10n ** 9n;
/** One unit of the settlement coin, which has six decimals. */
const COIN_UNIT_E18 = 10n ** 12n;
const house = defaultHouse();
const gas = recordedGas();

type Cast = {world: World; keeper: Side; usual: Side; smallest: Side};

/** Two short accounts: one of a coin's perpetual, and one that holds hardly more than the reserve. */
async function fixture(): Promise<Cast> {
    const world = await deployWorld(connection);
    const [maker, keeper, usual, smallest, giver] = world.owners.map((owner): Side => ({owner}));
    for (const side of [maker!, keeper!]) await deposit(world, side, "USDC", 400_000n * USD);
    await fundBackstop(world, giver!, 50_000n * USD);
    await deposit(world, usual!, "USDC", 12_000n * USD);
    await deposit(world, smallest!, "USDC", (66n * USD) / 10n);
    await trade(world, maker!, usual!, [{instrument: perp(BTC), sizeE18: -E18, priceE18: usd(50_000)}]);
    await trade(world, maker!, smallest!, [{instrument: perp(BTC), sizeE18: -DUST, priceE18: usd(50_000)}]);
    await move(world, {[BTC]: usd(45_300)});
    for (const cents of [85n, 75n]) {
        await feedOf(world, USDC_FEED).getFunction("pushAnswer")(cents * 10n ** 6n);
        await world.all.priceOracle.poke(USDC_FEED);
    }
    return {world, keeper: keeper!, usual: usual!, smallest: smallest!};
}

/** Makes the next transaction pay such a base fee and nothing to who builds the block, and says what it used. */
async function sent(baseFeeWei: bigint, send: () => Promise<{wait: () => Promise<unknown>}>) {
    await networkHelpers.setNextBlockBaseFeePerGas(baseFeeWei);
    const receipt = (await (await send()).wait()) as Parameters<typeof eventOf>[2];
    if (receipt === null) throw new Error("not mined");
    return receipt;
}

type Closing = {startGas: bigint; takeGas: bigint; paidE18: bigint};

/** Starts and takes an account, and holds each figure against the simulator's. */
async function closeAlike({world, keeper}: Cast, account: Side, pay: KeeperPay, fees: Fees): Promise<Closing> {
    const {liquidator} = world.all;
    const as = liquidator.connect(keeper.owner);
    const begun = await sent(fees.baseFeeWei, () => as.start(idOf(account), EVERYTHING, idOf(keeper)));
    const started = eventOf(world, "liquidator", begun, "AuctionStarted");
    const met = {equityE18: started["equityE18"]!, maintenanceE18: started["boundE18"]!, positions: 1};
    expect(met.equityE18 < met.maintenanceE18, "short").to.equal(true);
    const payE18 = payFor(pay, "start", met, fees);
    // What the backstop adds comes in whole units of the settlement coin, rounded up.
    const roundedE18 = started["payE18"]! - payE18;
    const mostE18 = payE18 > met.equityE18 ? COIN_UNIT_E18 - 1n : 0n;
    expect(roundedE18 >= 0n && roundedE18 <= mostE18, `start pay is ${roundedE18} off`).to.equal(true);
    const {startedAt} = await liquidator.auction(idOf(account));

    const taken = await sent(fees.baseFeeWei, () =>
        as.take(idOf(account), idOf(keeper), E18, NOBODY_BUYS_HIGHER, "0x"),
    );
    const slice = eventOf(world, "liquidator", taken, "SliceTaken");
    const {timestamp} = (await ethers.provider.getBlock(taken.blockNumber))!;
    const short = {
        ...{equityE18: slice["equityBeforeE18"]!, maintenanceE18: slice["maintenanceBeforeE18"]!, positions: 1},
        reserveE18: house.reserveBaseE18 + house.reservePerPositionE18,
    };
    const auction = {startedAt, insolventAt: 0n};
    const wanted = sliceOf({house, pay}, short, auction, fees, BigInt(timestamp));
    expect(slice["fractionE18"], "fraction").to.equal(wanted?.fractionE18);
    expect(slice["priceE18"], "price").to.equal(wanted?.priceE18);
    return {startGas: begun.gasUsed, takeGas: taken.gasUsed, paidE18: payE18 + (wanted?.costE18 ?? 0n)};
}

describe("MCA-5: the gas sweep on the contracts", () => {
    const feesOf = async ({world}: Cast, factor: bigint): Promise<Fees> => ({
        baseFeeWei: CALM_WEI * factor,
        nativePriceE18: await world.all.priceOracle.price(ETH),
    });
    afterEach(() => networkHelpers.setNextBlockBaseFeePerGas(0n));

    for (const factor of FACTORS) {
        it(`MCA-5: should pay at x${factor} what the simulator pays, to the unit`, async () => {
            const cast = await loadFixture(fixture);
            const fees = await feesOf(cast, factor);
            const usual = await closeAlike(cast, cast.usual, house.pay, fees);
            const costE18 = (usual.startGas + usual.takeGas) * (fees.baseFeeWei + TIP_WEI) * fees.nativePriceE18;
            expect(usual.paidE18 * E18 >= costE18, "what it costs is paid").to.equal(true);
            await closeAlike(cast, cast.smallest, house.pay, fees);
        });

        it(`MCA-5: should pay the fixed reward at x${factor} where parameters fix it`, async () => {
            const cast = await loadFixture(fixture);
            const fees = await feesOf(cast, factor);
            const pay = fixedAt(house.pay, {...fees, baseFeeWei: CALM_WEI});
            const {liquidator} = cast.world.all;
            const {nativeFeedId} = await liquidator.keeperPay();
            await liquidator.connect(cast.world.officers.risk).setKeeperPay({...pay, nativeFeedId});
            const {startGas, takeGas, paidE18} = await closeAlike(cast, cast.smallest, pay, fees);
            const costE18 = ((startGas + takeGas) * (fees.baseFeeWei + TIP_WEI) * fees.nativePriceE18) / E18;
            expect(paidE18 >= costE18, "worth it").to.equal(factor === 1n);
        });
    }

    it("MCA-5: should use about the gas that the simulator reckons with", async () => {
        const cast = await loadFixture(fixture);
        const {startGas, takeGas} = await closeAlike(cast, cast.usual, house.pay, await feesOf(cast, 1n));
        for (const [used, reckoned] of [
            [startGas, gas.start(1)],
            [takeGas, gas.take(1)],
        ] as const) {
            expect(used * 10n > reckoned * 7n && used * 10n < reckoned * 13n, `${used} for ${reckoned}`).to.equal(true);
        }
    });
});
