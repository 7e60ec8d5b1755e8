import {expect} from "chai";

import {option, perp} from "../../scripts/sdk/instruments.js";
import {
    BTC,
    createChain,
    deployWorld,
    deposit,
    E18,
    expiryAhead,
    figuresOf,
    HOUR,
    idOf,
    move,
    offer,
    pass,
    report,
    start,
    take,
    trade,
    USD,
    usd,
} from "../support/world.js";
import type {Leg, Side, World} from "../support/world.js";

const connection = await createChain();
const {loadFixture} = connection.networkHelpers;
const ROUNDING = 10n;

type Cast = {world: World; left: Side; right: Side; holder: Side; counter: Side; expiry: number};

/** Two accounts of one hand, and a bystander near his limit against a third party. */
async function fixture(): Promise<Cast> {
    const world = await deployWorld(connection);
    // As wide as it goes: what they do must be harmless without the band, too.
    await world.all.clearinghouse.connect(world.officers.risk).setPriceBand(E18);
    const [left, right, holder, counter] = world.owners.map((owner): Side => ({owner}));
    const expiry = await expiryAhead(world, 3);
    await report(world);
    for (const side of [left!, right!]) await deposit(world, side, "USDC", 100_000n * USD);
    await deposit(world, holder!, "USDC", 60_000n * USD);
    await deposit(world, counter!, "USDC", 600_000n * USD);
    await world.all.clearinghouse.accrueFunding(BTC);
    await pass(world, HOUR);
    await trade(world, counter!, holder!, [{instrument: perp(BTC), sizeE18: -5n * E18, priceE18: usd(50_000)}]);
    await pass(world, HOUR);
    return {world, left: left!, right: right!, holder: holder!, counter: counter!, expiry};
}

const together = async ({world, left, right}: Cast): Promise<bigint> =>
    (await figuresOf(world, left)).equityE18 + (await figuresOf(world, right)).equityE18;

const feesOf = async ({world}: Cast): Promise<bigint> => {
    const {vault} = world.all;
    return vault.cashOf(await vault.protocolAccount());
};

describe("two accounts that trade with each other at absurd prices", () => {
    const call = (expiry: number): bigint => option("CALL", BTC, expiry, 50_000n * 10n ** 8n);
    const absurd: readonly [string, (cast: Cast) => Leg[]][] = [
        ["a perpetual at a tenth of the market", () => [{instrument: perp(BTC), sizeE18: -E18, priceE18: usd(5000)}]],
        ["a perpetual at twice the market", () => [{instrument: perp(BTC), sizeE18: E18 / 2n, priceE18: usd(100_000)}]],
        ["a perpetual at one unit", () => [{instrument: perp(BTC), sizeE18: -E18, priceE18: 1n}]],
        ["an option for nothing", (cast) => [{instrument: call(cast.expiry) as never, sizeE18: E18, priceE18: 0n}]],
        [
            "an option far above its worth",
            (cast) => [{instrument: call(cast.expiry) as never, sizeE18: E18, priceE18: usd(30_000)}],
        ],
    ];
    for (const [name, legs] of absurd) {
        it(`should move value between themselves only, less the fee: ${name}`, async () => {
            const cast = await loadFixture(fixture);
            const {world, left, right} = cast;
            const before = await together(cast);
            const feesBefore = await feesOf(cast);
            await trade(world, left, right, legs(cast));
            const lost = before - (await together(cast)) - ((await feesOf(cast)) - feesBefore);
            expect(lost >= 0n && lost <= ROUNDING, `to the unit, lost ${lost}`).to.equal(true);
            for (const side of [left, right]) {
                const {equityE18, initialE18} = await figuresOf(world, side);
                expect(equityE18 >= initialE18, "CLR-1: both still meet their requirement").to.equal(true);
            }
        });
    }

    it("should stop where one of them would fall below his requirement", async () => {
        const cast = await loadFixture(fixture);
        const {world, left, right} = cast;
        const {clearinghouse} = world.all;
        // Selling for nothing what is worth 100,000 would leave the maker with nothing behind a short position.
        const item = await offer(world, left, right, [{instrument: perp(BTC), sizeE18: -2n * E18, priceE18: 1n}]);
        await expect(clearinghouse.connect(right.owner).fill(item)).to.be.revertedWithCustomError(
            clearinghouse,
            "Clearinghouse_InsufficientMargin",
        );
    });

    it("should extract no more than a price gap leaves uncovered, however they shift value before it", async () => {
        const cast = await loadFixture(fixture);
        const {world, left, right, counter} = cast;
        // The loser is stripped to his requirement by an off-market price, then the market gaps by 30 % at once.
        await trade(world, left, right, [{instrument: perp(BTC), sizeE18: 2n * E18, priceE18: usd(88_500)}]);
        const stripped = await figuresOf(world, left);
        expect(stripped.equityE18 - stripped.initialE18 < usd(3_000), "stripped").to.equal(true);
        await move(world, {[BTC]: usd(35_000)});
        const deficit = -(await figuresOf(world, left)).equityE18;
        const gap = 2n * usd(15_000) - stripped.initialE18;
        expect(deficit > 0n && deficit <= gap, "the deficit is the gap beyond the requirement").to.equal(true);
        await start(world, left, counter);
        await take(world, left, counter);
        const {equityE18} = await figuresOf(world, left);
        expect(equityE18 >= 0n).to.equal(true);
    });

    it("CLR-2: should shift the mark for others by the clamp of the premium at most", async () => {
        const cast = await loadFixture(fixture);
        const {world, left, right, holder} = cast;
        const {clearinghouse} = world.all;
        const spot = usd(50_000);
        const before = await figuresOf(world, holder);
        const [markBefore] = await clearinghouse.perpMark(BTC, spot);
        await trade(world, left, right, [{instrument: perp(BTC), sizeE18: E18, priceE18: usd(10_000)}]);
        const [mark] = await clearinghouse.perpMark(BTC, spot);
        const after = await figuresOf(world, holder);
        expect(markBefore - mark > 0n && markBefore - mark <= (spot * 5n) / 1000n, "within 0.5 %").to.equal(true);
        const most = 5n * (markBefore - mark);
        expect(before.equityE18 - after.equityE18 <= most + usd(1), "the bystander loses that and no more").to.equal(
            true,
        );
        // Again in the same hour moves hardly anything: the average has seen the time.
        await trade(world, left, right, [{instrument: perp(BTC), sizeE18: E18 / 10n, priceE18: usd(10_000)}]);
        const [again] = await clearinghouse.perpMark(BTC, spot);
        expect(mark - again <= spot / 100_000n, "a second trade adds nothing").to.equal(true);
        expect(idOf(holder)).to.not.equal(idOf(left));
    });
});
