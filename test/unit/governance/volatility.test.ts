import {expect} from "chai";

import {abs, boundedMoveE18, lnRatioE18, nextVarianceE18, volatilityE18} from "../../../scripts/sdk/math/index.js";
import {randomFrom} from "../../support/bits.js";
import {hour, recall, remember, SPACING, stepped} from "../../support/driver.js";
import type {Remembered} from "../../support/driver.js";
import {BTC, createChain, deployWorld, E18, HOUR, move, now, pass, usd} from "../../support/world.js";
import type {World} from "../../support/world.js";

const connection = await createChain();
const {loadFixture, time} = connection.networkHelpers;

const DAY = 24 * HOUR;
const YEAR = 365 * DAY;
const FEED_UNIT = 10n ** 10n;
const MAX_RETURN = E18 / 20n;
const MEMORY = {halfLifeSeconds: BigInt(3 * DAY), calmSeconds: BigInt(2 * SPACING)};
const LN2_E18 = 693_147_180_559_945_310n;
/** What one sample adds to the annual variance at most, with a unit for each of two roundings. */
const MOST_ADDED = (LN2_E18 * MAX_RETURN * MAX_RETURN * BigInt(YEAR)) / (E18 * E18 * BigInt(3 * DAY)) + 2n;

/** One sample taken, an hour ago. */
async function fixture(): Promise<Remembered> {
    const world = await deployWorld(connection);
    await world.all.volatilityDriver.sample(BTC);
    return remember(world);
}

const load = async (): Promise<World> => recall(await loadFixture(fixture));

const clamped = (returnE18: bigint): bigint =>
    returnE18 > MAX_RETURN ? MAX_RETURN : returnE18 < -MAX_RETURN ? -MAX_RETURN : returnE18;

/** Whether a figure with 18 decimals is a plain number but for nine digits. */
const agrees = (figureE18: bigint, plain: number): boolean => Math.abs(Number(figureE18) / 1e18 - plain) < 1e-9;

describe("FSP-6: VolatilityDriver, realised volatility", () => {
    it("FSP-6: should average squared returns to the last unit of the twin, and as plain arithmetic does", async () => {
        const world = await load();
        const {volatilityDriver} = world.all;
        const random = randomFrom(6n);
        let plain = 0;
        for (let i = 0; i < 30; ++i) {
            const before = await volatilityDriver.sampleOf(BTC);
            await pass(world, SPACING + Number(random.below(3000n)));
            const spotE18 = world.spotE18.get(BTC)!;
            await move(world, {[BTC]: (spotE18 * random.between(96n, 104n)) / 100n});
            await volatilityDriver.sample(BTC);
            const after = await volatilityDriver.sampleOf(BTC);
            expect(after.priceE18, "to the feed's eight decimals").to.equal(
                (world.spotE18.get(BTC)! / FEED_UNIT) * FEED_UNIT,
            );
            expect(after.sampledAt).to.equal(await now(world));
            const elapsedSeconds = after.sampledAt - before.sampledAt;
            const returnE18 = abs(clamped(lnRatioE18(after.priceE18, before.priceE18)));
            const wanted = nextVarianceE18(before.varianceE18, {returnE18, elapsedSeconds}, MEMORY);
            expect(after.varianceE18, `sample ${i}`).to.equal(wanted);
            const moved = Math.log(Number(after.priceE18) / Number(before.priceE18));
            const kept = 2 ** (-Number(elapsedSeconds) / (3 * DAY));
            plain = kept * plain + (1 - kept) * ((moved ** 2 * YEAR) / Number(elapsedSeconds));
            expect(agrees(after.varianceE18, plain), `plain ${i}: ${after.varianceE18}`).to.equal(true);
        }
        const {varianceE18} = await volatilityDriver.sampleOf(BTC);
        expect(await volatilityDriver.realisedVolatilityE18(BTC)).to.equal(volatilityE18(varianceE18));
        expect(agrees(volatilityE18(varianceE18), Math.sqrt(plain))).to.equal(true);
        const [, , wantedE18] = await volatilityDriver.ranges(BTC);
        expect(wantedE18).to.equal(boundedMoveE18(varianceE18, 4n * E18, BigInt(DAY)));
        expect(agrees(wantedE18, 4 * Math.sqrt(plain / 365))).to.equal(true);
    });

    it("FSP-6: should know nothing from one price, and take no two within the spacing", async () => {
        const world = await load();
        const {volatilityDriver} = world.all;
        const {sampledAt, varianceE18} = await volatilityDriver.sampleOf(BTC);
        expect(varianceE18).to.equal(0n);
        expect(await volatilityDriver.realisedVolatilityE18(BTC)).to.equal(0n);
        const [standE18, goalE18, wantedE18] = await volatilityDriver.ranges(BTC);
        expect([standE18, goalE18, wantedE18]).to.deep.equal(Array(3).fill((16n * E18) / 100n));
        await pass(world, SPACING - 60);
        await expect(volatilityDriver.sample(BTC))
            .to.be.revertedWithCustomError(volatilityDriver, "VolatilityDriver_TooEarly")
            .withArgs(Number(sampledAt) + SPACING);
        expect(await stepped(world), "a step takes none either").to.deep.equal([]);
        await time.increaseTo(Number(sampledAt) + SPACING - 1);
        expect(await stepped(world)).to.deep.equal(["Sampled"]);
    });

    it("FSP-6: should let a single spike add no more than its bound, however far it goes", async () => {
        const world = await load();
        const {volatilityDriver} = world.all;
        for (let i = 0; i < 3; ++i) await hour(world);
        for (const hundredths of [-50n, 100n]) {
            const {varianceE18: before} = await volatilityDriver.sampleOf(BTC);
            await pass(world, SPACING);
            await move(world, {[BTC]: (world.spotE18.get(BTC)! * (100n + hundredths)) / 100n});
            await volatilityDriver.sample(BTC);
            const {varianceE18, priceE18} = await volatilityDriver.sampleOf(BTC);
            const [sampled] = await volatilityDriver.queryFilter(volatilityDriver.filters.Sampled(BTC), -1);
            expect(sampled!.args.returnE18).to.equal(hundredths < 0n ? -MAX_RETURN : MAX_RETURN);
            expect(sampled!.args.priceE18).to.equal(priceE18);
            const added = varianceE18 - before;
            expect(added <= MOST_ADDED, `${added} of ${MOST_ADDED}`).to.equal(true);
            expect(added > MOST_ADDED / 2n, "a bound that nothing comes near says little").to.equal(true);
        }
        // Half the price for an hour and back, out of calm: less than the range bears anyway.
        const sigmaE18 = await volatilityDriver.realisedVolatilityE18(BTC);
        expect(sigmaE18).to.be.within((64n * E18) / 100n, (65n * E18) / 100n);
        const [, , wantedE18] = await volatilityDriver.ranges(BTC);
        expect(wantedE18).to.equal((16n * E18) / 100n);
    });

    it("FSP-6: should not take what nobody watched for calm", async () => {
        const world = await load();
        const {volatilityDriver} = world.all;
        for (let i = 0; i < 6; ++i) await hour(world, i % 2 === 0 ? 4n : -4n);
        const before = await volatilityDriver.sampleOf(BTC);
        await pass(world, 30 * DAY);
        await volatilityDriver.sample(BTC);
        const {varianceE18, sampledAt} = await volatilityDriver.sampleOf(BTC);
        const still = {returnE18: 0n, elapsedSeconds: sampledAt - before.sampledAt};
        const wanted = nextVarianceE18(before.varianceE18, {...still, elapsedSeconds: MEMORY.calmSeconds}, MEMORY);
        expect(varianceE18).to.equal(wanted);
        expect(varianceE18 > (before.varianceE18 * 98n) / 100n, "a month of nothing seen").to.equal(true);
        expect(nextVarianceE18(before.varianceE18, still, MEMORY)).to.equal(wanted);
    });

    it("FSP-6: should count what a longer time brought for the whole of it", async () => {
        const world = await load();
        const {volatilityDriver} = world.all;
        const before = await volatilityDriver.sampleOf(BTC);
        await pass(world, 12 * HOUR);
        await move(world, {[BTC]: usd(51_500)});
        await volatilityDriver.sample(BTC);
        const {varianceE18, sampledAt} = await volatilityDriver.sampleOf(BTC);
        const hours = Number(sampledAt - before.sampledAt) / HOUR;
        const moved = Math.log(51_500 / 50_000);
        const kept = 2 ** (-hours / 72);
        const plain = ((1 - kept) * moved ** 2 * YEAR) / (hours * HOUR);
        expect(agrees(varianceE18, plain), `${varianceE18} of ${plain}`).to.equal(true);
    });

    it("FSP-6: should take no sample of a price that is refused, and do nothing without it", async () => {
        const world = await load();
        const {volatilityDriver, priceOracle} = world.all;
        const before = await volatilityDriver.sampleOf(BTC);
        await pass(world, SPACING);
        await priceOracle.connect(world.officers.guardian).pauseFeed(BTC);
        for (const call of [() => volatilityDriver.sample(BTC), () => volatilityDriver.step(BTC)]) {
            await expect(call()).to.be.revertedWithCustomError(priceOracle, "PriceOracle_FeedPaused").withArgs(BTC);
        }
        expect(await volatilityDriver.sampleOf(BTC)).to.deep.equal(before);
    });
});
