import {expect} from "chai";

import {option} from "../../scripts/sdk/instruments.js";
import {attackCostE18, pushCostE18} from "../../scripts/simulators/manipulation/impact.js";
import {marketOf} from "../../scripts/simulators/manipulation/figures.js";
import {
    BTC,
    createChain,
    deployWorld,
    deposit,
    E18,
    expiryAhead,
    feedOf,
    figuresOf,
    HOUR,
    idOf,
    report,
    settleExpiry,
    trade,
    USD,
    usd,
} from "../support/world.js";
import type {Side, World} from "../support/world.js";

const connection = await createChain();
const {loadFixture, time} = connection.networkHelpers;

const SPOT = usd(50_000);
const TO_FEED = 10n ** 10n;
const WINDOW = 1_800;
const PACE = 60;
/** Calls on so many coins at the money. */
const CALLS = 1_000n * E18;
/** Half a percent, as a fraction. */
const PUSH = 5n * 10n ** 15n;
const MARKET = marketOf("BTC");

type Cast = {world: World; attacker: Side; maker: Side; expiry: number};

async function fixture(): Promise<Cast> {
    const world = await deployWorld(connection);
    const [attacker, maker] = world.owners.map((owner): Side => ({owner}));
    for (const side of [attacker!, maker!]) await deposit(world, side, "USDC", 60_000_000n * USD);
    const expiry = await expiryAhead(world, 2);
    await report(world);
    return {world, attacker: attacker!, maker: maker!, expiry};
}

async function freshCast(): Promise<Cast> {
    const cast = await loadFixture(fixture);
    cast.world.spotE18.set(BTC, SPOT);
    return cast;
}

/** The weakened build: one round settles, as without averaging. */
async function withoutWindow(cast: Cast): Promise<Cast> {
    const {priceOracle} = cast.world.all;
    await priceOracle.connect(cast.world.officers.admin).setSettlementWindow(0);
    expect(await priceOracle.settlementWindow(cast.expiry)).to.equal(0);
    return cast;
}

/**
 * Buys calls for their intrinsic value, pushes the market for some time before the expiry, settles, and pays for the pushes. The feed
 * writes a round a minute and believes every push.
 */
async function attack({world, attacker, maker, expiry}: Cast, pushSeconds: number, costE18: bigint): Promise<bigint> {
    const before = (await figuresOf(world, attacker)).equityE18;
    await time.increaseTo(expiry - 2 * HOUR);
    await report(world);
    const call = option("CALL", BTC, expiry, 40_000n * 10n ** 8n);
    await trade(world, maker, attacker, [{instrument: call, sizeE18: -CALLS, priceE18: usd(10_000)}]);
    const feed = feedOf(world, BTC);
    for (let at = expiry - WINDOW - PACE; at < expiry; at += PACE) {
        const pushed = at >= expiry - pushSeconds;
        await feed.getFunction("pushRound")((pushed ? SPOT + (SPOT * PUSH) / E18 : SPOT) / TO_FEED, at);
    }
    await time.increaseTo(expiry + 10);
    await report(world);
    await settleExpiry(world, BTC, expiry);
    await world.all.clearinghouse.settleAccount(idOf(attacker));
    return (await figuresOf(world, attacker)).equityE18 - before - costE18;
}

describe("the price of an expiry, pushed", () => {
    const onePush = pushCostE18(MARKET, PUSH);

    it("DCR-5: should pay where one round settles, and lose where the last half hour does", async () => {
        const gained = await attack(await withoutWindow(await freshCast()), PACE, onePush);
        // Half a percent of 50 million, less 104,000 for the push and 15,000 of fees.
        expect(gained, "without a window").to.be.within(usd(125_000), usd(135_000));
        const lost = await attack(await freshCast(), PACE, onePush);
        expect(lost, "one push is a thirtieth of the window").to.be.within(usd(-115_000), usd(-105_000));
    });

    it("DCR-5: should lose when the push is held over the whole window, which moves the price as far", async () => {
        const cast = await freshCast();
        const pushes = BigInt(WINDOW / PACE);
        const lost = await attack(cast, WINDOW, attackCostE18(MARKET, PUSH, pushes));
        const settled = await cast.world.all.clearinghouse.settlementPriceE18(BTC, cast.expiry);
        expect(settled, "moved by all of it").to.equal(SPOT + (SPOT * PUSH) / E18);
        expect(lost).to.be.below(usd(-2_500_000));
    });
});
