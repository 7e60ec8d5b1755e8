import {expect} from "chai";

import {parametersOf} from "../../../deploy/parameters/index.js";
import {newDriver, stepDriver} from "../../../scripts/sdk/driver.js";
import type {DriverState, Move} from "../../../scripts/sdk/driver.js";
import {parseE18} from "../../../scripts/sdk/index.js";
import {volatilityE18} from "../../../scripts/sdk/math/index.js";
import {SUBJECTS} from "../../../scripts/sdk/steward.js";
import {barsOf} from "../../../scripts/shared/prices/crashWindows.js";
import {MARCH_2020} from "../../../scripts/shared/prices/march2020.js";
import {marksOf} from "../../../scripts/tools/blocks.js";
import {read} from "../../../scripts/tools/repository.js";
import {PAGE, picture, PICTURE, volatilityBlocks, withBlocks} from "../../../scripts/tools/volatility/page.js";
import {driverRules, rangeOf, replays} from "../../../scripts/tools/volatility/replay.js";
import {FLOOR} from "../../support/driver.js";
import {BTC, createChain, deployWorld, E18, feedOf, now} from "../../support/world.js";

const connection = await createChain();
const {time} = connection.networkHelpers;

const CALLS_PER_BAR = 6;
const CALL_SECONDS = 600;
/** The day of the crash and those beside it: hours of the window. */
const [FROM, TO] = [140, 260];
const FEED_UNIT = 10n ** 10n;

describe("FSP-6: VolatilityDriver, replays", () => {
    it("FSP-6: should be the twin through the crash of March 2020", async () => {
        const world = await deployWorld(connection);
        const {priceOracle, riskParameters, riskSteward, volatilityDriver} = world.all;
        const rules = driverRules(parametersOf("local"));
        const bars = barsOf(MARCH_2020, "BTC").slice(FROM, TO);
        let state: DriverState = newDriver(rangeOf(FLOOR));
        const seen = new Set<Move>();
        let at = (await now(world)) + CALL_SECONDS;
        for (const [place, {close}] of bars.entries()) {
            const priceE18 = parseE18(close);
            // Two pushes with a confirmation between, so that whatever the jump the price is accepted.
            for (const wait of [0, 301]) {
                if (wait !== 0) await time.increase(wait);
                await feedOf(world, BTC).getFunction("pushAnswer")(priceE18 / FEED_UNIT);
                await priceOracle.poke(BTC);
            }
            at = Math.max(at, (await now(world)) + 2);
            for (let call = 0; call < CALLS_PER_BAR; ++call, at += CALL_SECONDS) {
                await time.increaseTo(at - 1);
                await volatilityDriver.step(BTC);
                const stepped = stepDriver(state, {now: BigInt(await now(world)), priceE18}, rules);
                ({state} = stepped);
                seen.add(stepped.move);
                const where = `bar ${place}, call ${call}, ${stepped.move}`;
                const {varianceE18} = await volatilityDriver.sampleOf(BTC);
                expect(varianceE18, where).to.equal(state.sample?.varianceE18);
                expect((await riskParameters.underlyingParams(BTC)).rangeE18, where).to.equal(state.stand.rangeE18);
            }
            const weights = (await riskParameters.scenarios(BTC)).map(({weightE18}) => weightE18);
            expect(weights, `bar ${place}`).to.deep.equal(state.stand.weightsE18);
            const ramp = await riskSteward.ramp(SUBJECTS.UNDERLYING, BTC);
            expect(ramp.steppedAt, `bar ${place}`).to.equal(state.steppedAt);
            expect(BigInt(ramp.target) === 0n, `bar ${place}`).to.equal(state.ramp === undefined);
            const notice = await volatilityDriver.noticeOf(BTC);
            expect(notice.riseAt, `bar ${place}`).to.equal(state.notice?.riseAt ?? 0n);
        }
        expect([...seen]).to.include.members(["SAMPLED", "ANNOUNCED", "DRIVEN", "STEPPED", "NONE"]);
        expect(await volatilityDriver.realisedVolatilityE18(BTC)).to.equal(volatilityE18(state.sample!.varianceE18));
        expect(state.stand.rangeE18 > (FLOOR * 3n) / 2n, `${state.stand.rangeE18}`).to.equal(true);
    });

    it("FSP-6: should print and draw three crashes as the twin goes through them", () => {
        const page = read(PAGE);
        expect(withBlocks(page), "page").to.equal(page);
        expect(picture(), "picture").to.equal(read(PICTURE));
        expect(page).to.contain(marksOf("replays").begin);
        expect(Object.keys(volatilityBlocks())).to.deep.equal(["replays"]);
        for (const {floorE18, points} of replays()) {
            const ranges = points.map(({rangeE18}) => rangeE18);
            expect(floorE18).to.equal(FLOOR);
            expect(ranges.every((range) => range >= FLOOR && range <= (FLOOR * 18n) / 10n)).to.equal(true);
            expect(ranges.at(-1), "back where it began").to.equal(FLOOR);
            for (const [place, range] of ranges.entries()) {
                const before = ranges[place - 1] ?? range;
                // A step raises by no more than half its budget: range and weights rise together.
                expect((range - before) * 1000n <= before * 24n, `${place}`).to.equal(true);
            }
        }
        expect(replays().some(({points}) => points.some(({rangeE18}) => rangeE18 > (28n * E18) / 100n))).to.equal(true);
    });
});
