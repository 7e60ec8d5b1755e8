import {expect} from "chai";
import {network} from "hardhat";

import {settlementE18, straddleOf} from "../../../reference/settlement.js";
import type {FeedPhase} from "../../../reference/settlement.js";
import {deployOracle, E18, E8, FEED, MAX_AGE, MAX_PRICE, MIN_PRICE} from "./fixture.js";
import type {OracleWorld} from "./fixture.js";

const {ethers, networkHelpers} = await network.create({override: {gas: 60_000_000n}});
const {time, loadFixture} = networkHelpers;

const WINDOW = 1_800;
const LONGEST = 3_600;
/** Reads of one settlement. */
const MOST_READS = 900;
/** Of a feed in two contracts, as on live chains. */
const GAS_PER_ROUND = 8_000n;
/** A transaction of the main network may have 16.7 million. */
const MOST_GAS = 10_000_000n;

const id = (phase: number, round: number): bigint => (BigInt(phase) << 64n) | BigInt(round);

type Averaged = OracleWorld & {readonly start: number};

/** The window is set and counts from `start` on. */
async function averaged(seconds = WINDOW): Promise<Averaged> {
    const world = await deployOracle(ethers);
    await world.oracle.setSettlementWindow(seconds);
    await time.increase(2 * LONGEST);
    return {...world, start: await time.latest()};
}
const withWindow = () => averaged();
const withShortWindow = () => averaged(600);

/** Writes rounds as they are given; the feed's own first round goes. */
async function write({feed}: OracleWorld, phases: readonly FeedPhase[]): Promise<void> {
    for (const [index, rounds] of phases.entries()) {
        if (index > 0) await feed.startPhase();
        for (const [place, {priceE18, updatedAt}] of rounds.entries()) {
            const round = id(index + 1, place + 1);
            await feed.setRound(round, priceE18 / 10n ** 10n, updatedAt, round);
        }
    }
    const last = Math.max(...phases.flat().map(({updatedAt}) => updatedAt));
    if ((await time.latest()) < last) await time.increaseTo(last);
}

async function settle({oracle}: OracleWorld, phases: readonly FeedPhase[], until: number): Promise<bigint> {
    const pair = straddleOf(phases, until);
    if (pair === undefined) throw new Error("no rounds around the moment");
    return oracle.priceAt(FEED, until, id(pair.phase, pair.number), id(pair.nextPhase, pair.next));
}

const dollars = (whole: number): bigint => BigInt(whole) * E18;
const steady = (from: number, until: number, pace: number, priceE18 = dollars(50_000)): FeedPhase =>
    Array.from({length: Math.ceil((until - from) / pace)}, (_, index) => ({priceE18, updatedAt: from + index * pace}));

/** Whole numbers that look random and are the same every time. */
function dice(seed: number): (below: number) => number {
    let state = seed;
    return (below) => {
        state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
        return Math.floor((state / 2 ** 32) * below);
    };
}

describe("PriceOracle: settlement window", function () {
    this.timeout(120_000);

    describe("priceAt with a window", () => {
        it("DCR-5: should be the mean of a price for every second, to the unit, on random rounds and phases", async () => {
            for (let seed = 1; seed <= 24; seed++) {
                const world = await loadFixture(seed % 2 === 0 ? withWindow : withShortWindow);
                const windowSeconds = seed % 2 === 0 ? WINDOW : 600;
                const roll = dice(seed);
                const {oracle, config, start} = world;
                const maxAgeSeconds = [60, 300, 3_900][roll(3)]!;
                await world.feed.pushAnswer(50_000n * E8);
                await oracle.setFeed(FEED, {...config, maxAgeSeconds, maxJumpE18: E18});
                const until = start + 2 * LONGEST + roll(LONGEST);
                // Phases overlap, some begin before the ones they follow, some have no round.
                const phases = Array.from({length: 1 + roll(4)}, (_, phase) => {
                    let at = until - windowSeconds - 600 + roll(windowSeconds) * (phase === 0 ? 0 : 1);
                    if (phase > 0 && roll(5) === 0) return [];
                    return Array.from({length: 1 + roll(25)}, () => {
                        const round = {
                            priceE18: BigInt(40_000_00000000 + roll(2_000_000_000)) * 10n ** 10n,
                            updatedAt: at,
                        };
                        at += roll(4) === 0 ? 0 : roll(200);
                        return round;
                    });
                });
                phases.push([{priceE18: dollars(45_000), updatedAt: until + 1 + roll(900)}]);
                await write(world, phases);
                expect(await settle(world, phases, until), `seed ${seed}`).to.equal(
                    settlementE18(phases, {until, windowSeconds, maxAgeSeconds}),
                );
            }
        });

        it("DCR-5: should round down, once, however many rounds there are", async () => {
            const world = await loadFixture(withWindow);
            const until = world.start + LONGEST;
            const phases = [
                [
                    {priceE18: dollars(50_000), updatedAt: until - WINDOW},
                    {priceE18: dollars(50_001), updatedAt: until - 1_000},
                    {priceE18: dollars(50_002), updatedAt: until - 300},
                    {priceE18: dollars(60_000), updatedAt: until + 60},
                ],
            ];
            await write(world, phases);
            // 50,000 and 700 + 2 · 300 seconds of 1,800 more: 13/18 dollars.
            expect(await settle(world, phases, until)).to.equal(dollars(50_000) + (13n * E18) / 18n);
            expect((13n * E18) % 18n, "there is a remainder").to.not.equal(0n);
        });

        it("DCR-5: should let one round move it by no more than its share of the window", async () => {
            const world = await loadFixture(withWindow);
            const until = world.start + LONGEST;
            const calm = steady(until - 2 * WINDOW, until + 120, 60);
            const place = calm.findLastIndex(({updatedAt}) => updatedAt <= until - 60);
            const spiked = calm.map((round, index) =>
                index === place ? {...round, priceE18: dollars(100_000)} : round,
            );
            await write(world, [calm]);
            expect(await settle(world, [calm], until), "without a spike").to.equal(dollars(50_000));
            await write(world, [spiked]);
            // Doubled for a minute of thirty.
            const share = (dollars(50_000) * 60n) / BigInt(WINDOW);
            expect(await settle(world, [spiked], until)).to.equal(dollars(50_000) + share);
            const plain = await ethers.deployContract("PriceOracle", [await world.oracle.authority(), 600]);
            await plain.setFeed(FEED, {...world.config, maxJumpE18: E18});
            const moment = spiked[place]!.updatedAt;
            expect(
                await plain.priceAt(FEED, moment, id(1, place + 1), id(1, place + 2)),
                "without a window it is the price",
            ).to.equal(dollars(100_000));
        });

        it("DCR-5: should have one price for all callers: no other pair of rounds gives any", async () => {
            const world = await loadFixture(withWindow);
            const until = world.start + LONGEST;
            const rounds = steady(until - WINDOW - 300, until + 1_200, 600);
            await write(world, [rounds]);
            const right = straddleOf([rounds], until)!;
            for (let first = 0; first <= rounds.length + 1; first++) {
                for (let second = 0; second <= rounds.length + 1; second++) {
                    if (first === right.number && second === right.next) continue;
                    await expect(world.oracle.priceAt(FEED, until, id(1, first), id(1, second)))
                        .to.be.revertedWithCustomError(world.oracle, "PriceOracle_RoundsDoNotStraddle")
                        .withArgs(FEED, id(1, first), id(1, second), until);
                }
            }
        });

        it("DCR-5: should take the next answer for the time in which one was too old, as at a single moment", async () => {
            const world = await loadFixture(withWindow);
            const until = world.start + 3 * LONGEST;
            const age = Number(MAX_AGE);
            const phases = [
                [
                    {priceE18: dollars(40_000), updatedAt: until - 600 - age},
                    {priceE18: dollars(50_000), updatedAt: until - 100},
                    {priceE18: dollars(60_000), updatedAt: until + 60},
                ],
            ];
            await write(world, phases);
            // 1,200 seconds of the first, then it is too old for 500; 100 of the second are its own.
            const sum = dollars(40_000) * 1_200n + dollars(50_000) * 600n;
            expect(await settle(world, phases, until)).to.equal(sum / BigInt(WINDOW));
        });
    });

    describe("given a change of phase within the window", () => {
        it("DCR-5: should go on from the last round before the new phase began", async () => {
            const world = await loadFixture(withWindow);
            const until = world.start + LONGEST;
            const phases = [
                [
                    {priceE18: dollars(40_000), updatedAt: until - 3_000},
                    {priceE18: dollars(50_000), updatedAt: until - 1_200},
                    // The old aggregator goes on writing.
                    {priceE18: dollars(99_000), updatedAt: until - 500},
                    {priceE18: dollars(99_000), updatedAt: until - 100},
                ],
                [],
                [
                    {priceE18: dollars(60_000), updatedAt: until - 600},
                    {priceE18: dollars(60_000), updatedAt: until + 30},
                ],
            ];
            await write(world, phases);
            const sum = dollars(40_000) * 600n + dollars(50_000) * 600n + dollars(60_000) * 600n;
            expect(await settle(world, phases, until)).to.equal(sum / BigInt(WINDOW));
        });

        it("DCR-5: should find that round in a phase of many", async () => {
            const world = await loadFixture(withWindow);
            const until = world.start + LONGEST;
            const old = steady(until - 900 - 300 * 60, until - 900, 60, dollars(40_000));
            const phases = [old, [{priceE18: dollars(60_000), updatedAt: until - 900}]];
            const later = {priceE18: dollars(60_000), updatedAt: until + 30};
            await write(world, [old, [...phases[1]!, later]]);
            expect(await settle(world, [old, [...phases[1]!, later]], until)).to.equal(dollars(50_000));
        });

        it("DCR-5: should let the first round of the feed stand for the time before it", async () => {
            const world = await loadFixture(withWindow);
            const until = world.start + LONGEST;
            const phases = [
                [
                    {priceE18: dollars(40_000), updatedAt: until - 900},
                    {priceE18: dollars(60_000), updatedAt: until - 450},
                    {priceE18: dollars(60_000), updatedAt: until + 30},
                ],
            ];
            await write(world, phases);
            expect(await settle(world, phases, until)).to.equal(dollars(45_000));
        });
    });

    describe("given many rounds", () => {
        it("DCR-5: should settle when the window has more rounds than are read: the oldest stands for those before", async () => {
            const world = await loadFixture(withWindow);
            const until = world.start + LONGEST;
            const early = 60;
            // One a second, the last of them at the end; the early ones, further back than is read, say something else.
            const phases = [
                [
                    ...steady(until - MOST_READS - early, until - MOST_READS, 1, dollars(40_000)),
                    ...steady(until - MOST_READS, until + 2, 1, dollars(50_000)),
                ],
            ];
            await write(world, phases);
            expect(await settle(world, phases, until), "nobody is left in the dark").to.equal(dollars(50_000));
            // A round fewer after the early ones, and the last of them is read.
            const at = until - 1;
            const sum = dollars(40_000) * BigInt(WINDOW - (MOST_READS - 1)) + dollars(50_000) * BigInt(MOST_READS - 1);
            expect(await settle(world, phases, at)).to.equal(sum / BigInt(WINDOW));
        });

        it("DCR-5: should cost a known amount of gas for each round, and fit a transaction at the most", async () => {
            const {oracle, config, start} = await loadFixture(withWindow);
            const feed = await ethers.deployContract("ProxyFeed", [8, 50_000n * E8]);
            await oracle.setFeed(FEED, {...config, aggregator: await feed.getAddress()});
            /** Rounds at an even pace over the window, and the pair around its end. */
            const window = async (rounds: number) => {
                const until = Math.max(await time.latest(), start) + WINDOW;
                for (let round = 0; round <= rounds; round++) {
                    await feed.pushRound(50_000n * E8, until - WINDOW + Math.floor((round * WINDOW) / rounds));
                }
                const last = await feed.latestRound();
                await feed.pushRound(50_000n * E8, until + 1);
                await time.increaseTo(until + 2);
                return [FEED, until, last, last + 1n] as const;
            };
            const few = await oracle.priceAt.estimateGas(...(await window(10)));
            const sixty = await oracle.priceAt.estimateGas(...(await window(60)));
            expect((sixty - few) / 50n, "gas of a round").to.be.within(GAS_PER_ROUND - 500n, GAS_PER_ROUND + 500n);
            const most = await window(MOST_READS);
            expect(await oracle.priceAt(...most, {gasLimit: MOST_GAS}), "the most rounds").to.equal(dollars(50_000));
        });
    });

    describe("given a bad answer in the window", () => {
        async function withBad(bad: {answer?: bigint; updatedAt?: number; answeredIn?: bigint}) {
            const world = await loadFixture(withWindow);
            const until = world.start + LONGEST;
            const phases = [steady(until - 2 * WINDOW, until + 120, 60)];
            await write(world, phases);
            const pair = straddleOf(phases, until)!;
            const number = pair.number - 10;
            const round = id(1, number);
            const {updatedAt} = phases[0]![number - 1]!;
            const {answer = 50_000n * E8, answeredIn = round} = bad;
            await world.feed.setRound(round, answer, bad.updatedAt ?? updatedAt, answeredIn);
            return {...world, round, read: () => settle(world, phases, until)};
        }

        it("DCR-5: should refuse it rather than leave it out", async () => {
            const negative = await withBad({answer: -1n});
            await expect(negative.read())
                .to.be.revertedWithCustomError(negative.oracle, "PriceOracle_NotPositive")
                .withArgs(FEED, -1n);
            const incomplete = await withBad({answeredIn: 0n});
            await expect(incomplete.read())
                .to.be.revertedWithCustomError(incomplete.oracle, "PriceOracle_IncompleteRound")
                .withArgs(FEED, incomplete.round);
            const outside = await withBad({answer: 1n});
            await expect(outside.read())
                .to.be.revertedWithCustomError(outside.oracle, "PriceOracle_OutOfBounds")
                .withArgs(FEED, 10n ** 10n, MIN_PRICE, MAX_PRICE);
        });

        it("DCR-5: should refuse a hole in the numbers", async () => {
            const missing = await withBad({updatedAt: 0});
            await expect(missing.read())
                .to.be.revertedWithCustomError(missing.oracle, "PriceOracle_IncompleteRound")
                .withArgs(FEED, missing.round);
        });

        it("DCR-5: should not be starved into seeing one", async () => {
            const world = await loadFixture(withWindow);
            const until = world.start + LONGEST;
            const phases = [steady(until - 2 * WINDOW, until + 120, 60)];
            await write(world, phases);
            const pair = straddleOf(phases, until)!;
            const ids = [id(1, pair.number), id(1, pair.next)] as const;
            // Enough for the pair, and for some of the thirty rounds before it.
            let read = 0;
            for (let gasLimit = 230_000n; gasLimit < 1_000_000n; gasLimit += 40_000n) {
                const attempt = world.oracle.priceAt(FEED, until, ...ids, {gasLimit});
                const price = await attempt.catch(() => undefined);
                if (price === undefined) {
                    await expect(attempt).to.be.revertedWithCustomError(world.oracle, "PriceOracle_TooLittleGas");
                } else {
                    expect(price).to.equal(dollars(50_000));
                    ++read;
                }
            }
            expect(read, "with enough gas").to.be.above(0);
            await expect(world.oracle.priceAt(FEED, until, ...ids, {gasLimit: 230_000n}))
                .to.be.revertedWithCustomError(world.oracle, "PriceOracle_TooLittleGas")
                .withArgs((left: bigint) => left < 150_000n, 150_000n);
        });

        it("DCR-5: should keep weights within the window when times are out of order", async () => {
            const world = await loadFixture(withWindow);
            const until = world.start + LONGEST;
            const phases = [
                [
                    {priceE18: dollars(40_000), updatedAt: until - 3_000},
                    {priceE18: dollars(99_000), updatedAt: until + 5},
                    {priceE18: dollars(60_000), updatedAt: until - 900},
                    {priceE18: dollars(60_000), updatedAt: until + 30},
                ],
            ];
            await write(world, phases);
            expect(await world.oracle.priceAt(FEED, until, id(1, 3), id(1, 4))).to.equal(dollars(50_000));
        });
    });
});
