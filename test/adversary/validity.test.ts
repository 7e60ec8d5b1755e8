import {expect} from "chai";
import type {Contract} from "ethers";

import {perp, PRICED_ACTIONS, PRICE_STATES, refusalOf} from "../../scripts/sdk/index.js";
import type {PricedAction, PriceState} from "../../scripts/sdk/index.js";
import type {MockAggregator, MockSequencerUptime} from "../../typechain-types/index.js";
import {
    BTC,
    createChain,
    deployWorld,
    deposit,
    E18,
    EVERYTHING,
    feedOf,
    fundBackstop,
    idOf,
    move,
    now,
    offer,
    report,
    start,
    take,
    trade,
    USD,
    usd,
    withdraw,
} from "../support/world.js";
import type {Side, World} from "../support/world.js";

const connection = await createChain();
const {loadFixture, time} = connection.networkHelpers;

const AFTER_MAX_AGE = 4600;
const GRACE = 3600;
const FALLEN = usd(45_500);

type Cast = {
    readonly world: World;
    readonly second: MockAggregator;
    readonly uptime: MockSequencerUptime;
    readonly maker: Side;
    readonly keeper: Side;
    /** Owes nothing, holds nothing. */
    readonly free: Side;
    /** Has margin to spare. */
    readonly calm: Side;
    /** Below initial, above maintenance. */
    readonly called: Side;
    /** Below maintenance, without an auction. */
    readonly short: Side;
    /** Being sold. */
    readonly sold: Side;
    /** Being sold, though it has been mended. */
    readonly mended: Side;
};

/** Five traders, each five bitcoins long, after a fall of 9 %; a feed with two sources on a chain with a sequencer. */
async function fixture(): Promise<Cast> {
    const world = await deployWorld(connection);
    const [maker, keeper, free, calm, called, short, sold, mended] = world.owners.map((owner): Side => ({owner}));
    const sides = {
        maker: maker!,
        keeper: keeper!,
        free: free!,
        calm: calm!,
        called: called!,
        short: short!,
        sold: sold!,
        mended: mended!,
    };
    const money: readonly (readonly [Side, bigint])[] = [
        [sides.maker, 3_000_000n],
        [sides.keeper, 2_000_000n],
        [sides.free, 10_000n],
        [sides.calm, 200_000n],
        [sides.called, 66_000n],
        [sides.short, 60_000n],
        [sides.sold, 60_000n],
        [sides.mended, 60_000n],
    ];
    for (const [side, dollars] of money) await deposit(world, side, "USDC", dollars * USD);
    await fundBackstop(world, sides.free, 10_000n * USD);
    for (const side of [sides.calm, sides.called, sides.short, sides.sold, sides.mended]) {
        await trade(world, sides.maker, side, [{instrument: perp(BTC), sizeE18: -5n * E18, priceE18: usd(50_000)}]);
    }
    await move(world, {[BTC]: FALLEN});
    await start(world, sides.sold, sides.keeper);
    await start(world, sides.mended, sides.keeper);
    await deposit(world, sides.mended, "USDC", 60_000n * USD);

    const {ethers} = connection;
    const second = await ethers.deployContract("MockAggregator", [8, FALLEN / 10n ** 10n]);
    const uptime = await ethers.deployContract("MockSequencerUptime", [(await now(world)) - 2 * GRACE]);
    const {priceOracle} = world.all;
    const asAdmin = priceOracle.connect(world.officers.admin);
    const {aggregator, maxAgeSeconds, maxDeviationE18, maxJumpE18, minPriceE18, maxPriceE18} =
        await priceOracle.feed(BTC);
    const guards = {aggregator, maxAgeSeconds, maxDeviationE18, maxJumpE18, minPriceE18, maxPriceE18};
    await asAdmin.setFeed(BTC, {...guards, second: await second.getAddress()});
    await asAdmin.setSequencer(await uptime.getAddress(), GRACE);
    return {world, second, uptime, ...sides};
}

const answer = (feed: Contract, priceE18: bigint): Promise<unknown> =>
    feed.getFunction("pushAnswer")(priceE18 / 10n ** 10n) as Promise<unknown>;

/** Brings the price of bitcoin into a state. */
const ENTER: Readonly<Record<PriceState, (cast: Cast) => Promise<unknown>>> = {
    fresh: () => Promise.resolve(),
    stale: () => time.increase(AFTER_MAX_AGE),
    invalid: ({world}) => answer(feedOf(world, BTC), -E18),
    failing: async ({world}) => {
        const feed = await connection.ethers.getContractAt("MockAggregator", await feedOf(world, BTC).getAddress());
        await feed.setBroken(true);
    },
    jumping: async ({world, second}) => {
        await answer(feedOf(world, BTC), 2n * FALLEN);
        await second.pushAnswer((2n * FALLEN) / 10n ** 10n);
    },
    diverged: ({second}) => second.pushAnswer((FALLEN * 105n) / 100n / 10n ** 10n),
    braked: ({world}) => world.all.priceOracle.connect(world.officers.guardian).pauseFeed(BTC),
    released: async ({world}) => {
        await world.all.priceOracle.connect(world.officers.guardian).pauseFeed(BTC);
        await world.all.priceOracle.connect(world.officers.risk).unpauseFeed(BTC);
        await report(world);
    },
    sequencerDown: ({uptime}) => uptime.setDown(true),
    sequencerBack: async ({uptime}) => {
        await uptime.setDown(true);
        await uptime.setDown(false);
    },
};

const one = (sizeE18: bigint) => [{instrument: perp(BTC), sizeE18, priceE18: FALLEN}];

const ATTEMPT: Readonly<Record<PricedAction, (cast: Cast) => Promise<unknown>>> = {
    deposit: ({world, short}) => deposit(world, short, "USDC", 5n * USD),
    leave: ({world, free}) => withdraw(world, free, "USDC", 10_000n * USD),
    reduce: async ({world, maker, short}) => {
        const item = await offer(world, maker, short, one(E18));
        await world.all.clearinghouse.connect(short.owner).fillReducing([item]);
    },
    cancelQuotes: ({world, maker}) => world.all.clearinghouse.connect(maker.owner).cancelAll(idOf(maker)),
    settle: async ({world, short}) => {
        await world.all.clearinghouse.settleAccount(idOf(short));
        await world.all.vault.accrue();
    },
    enterBackstop: async ({world, free}) => {
        await fundBackstop(world, free, USD);
        await world.all.backstop.connect(free.owner).requestExit(1n);
    },
    withdraw: ({world, calm}) => withdraw(world, calm, "USDC", USD),
    open: async ({world, maker, calm}) => {
        const item = await offer(world, maker, calm, one(-E18 / 10n));
        await world.all.clearinghouse.connect(calm.owner).fill(item);
    },
    switchModel: ({world, calm}) => world.all.vault.connect(calm.owner).setModel(idOf(calm), 0),
    callMargin: ({world, called}) => world.all.liquidator.callMargin(idOf(called)),
    endAuction: ({world, mended}) => world.all.liquidator.cancel(idOf(mended)),
    startAuction: ({world, short, keeper}) =>
        world.all.liquidator.connect(keeper.owner).start(idOf(short), EVERYTHING, idOf(keeper)),
    takeSlice: ({world, sold, keeper}) => take(world, sold, keeper),
};

const keysOf = <Key extends string>(record: Readonly<Record<Key, unknown>>): Key[] => Object.keys(record) as Key[];

for (const state of keysOf(PRICE_STATES)) {
    describe(`FSP-4: while the price is ${state}`, () => {
        for (const action of keysOf(PRICED_ACTIONS)) {
            const refusal = refusalOf(action, state);
            it(`should ${refusal === undefined ? "let" : "refuse to"} ${PRICED_ACTIONS[action].means}`, async () => {
                const cast = await loadFixture(fixture);
                await ENTER[state](cast);
                if (refusal === undefined) {
                    await ATTEMPT[action](cast);
                    return;
                }
                const {priceOracle, liquidator} = cast.world.all;
                const contract = refusal.startsWith("Liquidator_") ? liquidator : priceOracle;
                await expect(ATTEMPT[action](cast)).to.be.revertedWithCustomError(contract, refusal);
            });
        }
    });
}
