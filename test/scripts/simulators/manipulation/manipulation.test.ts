import {spawnSync} from "node:child_process";
import {join} from "node:path";

import {expect} from "chai";

import {formatTime, ONE_E18, parseE18} from "../../../../scripts/sdk/index.js";
import {averageE18, straightLine} from "../../../../scripts/simulators/manipulation/average.js";
import {describe as asText} from "../../../../scripts/simulators/manipulation/describe.js";
import {recordedExpiries} from "../../../../scripts/simulators/manipulation/expiries.js";
import {figuresOf, marketOf, spikeE18, WINDOWS} from "../../../../scripts/simulators/manipulation/figures.js";
import {
    attackCostE18,
    bestAttack,
    breakEvenE18,
    pushCostE18,
    pushedVolumeE18,
    pushesFor,
} from "../../../../scripts/simulators/manipulation/impact.js";
import type {Market} from "../../../../scripts/simulators/manipulation/impact.js";
import {barsOf, CRASH_WINDOWS} from "../../../../scripts/shared/prices/crashWindows.js";
import {read, ROOT} from "../../../../scripts/tools/repository.js";
import {settlementE18} from "../../../reference/settlement.js";
import {expectNear} from "../../../support/near.js";

const usd = (text: string): bigint => parseE18(text);
const MARKET: Market = {sigmaDayE18: usd("0.04"), impactE18: ONE_E18, volumeE18: usd("2000000000")};
const ONE_PERCENT = usd("0.01");
const TERMS = {recoverySeconds: 60, positionE18: usd("100000000")};

describe("manipulation: the law of impact", () => {
    it("should move a price by a day's volatility with a day's volume, and by half of it with a quarter", () => {
        expect(pushedVolumeE18(MARKET, usd("0.04"))).to.equal(MARKET.volumeE18);
        expect(pushedVolumeE18(MARKET, usd("0.02"))).to.equal(MARKET.volumeE18 / 4n);
        const dearer = {...MARKET, impactE18: 2n * ONE_E18};
        expect(pushedVolumeE18(dearer, usd("0.04")), "twice the impact").to.equal(MARKET.volumeE18 / 4n);
    });

    it("should cost two thirds of the displacement, as steps of the law add up to", () => {
        // The n-th part of the volume is bought at the displacement that the parts up to it make.
        const steps = 20_000;
        const volume = Number(pushedVolumeE18(MARKET, ONE_PERCENT)) / 1e18;
        let sum = 0;
        for (let step = 0; step < steps; step++) {
            sum += 0.04 * Math.sqrt(((step + 0.5) / steps) * (volume / 2e9)) * (volume / steps);
        }
        expectNear(Number(pushCostE18(MARKET, ONE_PERCENT)) / 1e18, sum, sum / 1e5);
    });

    it("should take a push for every time of recovery that the window has, and one for a moment", () => {
        expect([0, 1, 60, 61, 300, 1_800, 3_600].map((seconds) => pushesFor(seconds, 60))).to.deep.equal([
            1n,
            1n,
            1n,
            2n,
            5n,
            30n,
            60n,
        ]);
    });

    it("DCR-5: should be dearer by any plan but an even one", () => {
        const even = attackCostE18(MARKET, ONE_PERCENT, 30n);
        for (const pushes of [1n, 10n, 15n, 29n]) {
            // Fewer pushes have to go further for the same average.
            const further = (ONE_PERCENT * 30n) / pushes;
            expect(attackCostE18(MARKET, further, pushes) > even, `${pushes} of 30`).to.equal(true);
        }
    });

    it("should find the move that earns most", () => {
        for (const pushes of [1n, 30n]) {
            const {moveE18, profitE18} = bestAttack(MARKET, TERMS.positionE18, pushes);
            const profitAt = (move: bigint): bigint =>
                (TERMS.positionE18 * move) / ONE_E18 - attackCostE18(MARKET, move, pushes);
            for (const other of [moveE18 / 2n, (moveE18 * 99n) / 100n, (moveE18 * 101n) / 100n, moveE18 * 2n]) {
                expect(profitAt(other) < profitE18, `${pushes} pushes, ${other}`).to.equal(true);
            }
        }
    });

    it("should break even where it says", () => {
        const position = breakEvenE18(MARKET, ONE_PERCENT, 30n);
        const cost = attackCostE18(MARKET, ONE_PERCENT, 30n);
        expect((position * ONE_PERCENT) / ONE_E18 >= cost, "pays").to.equal(true);
        expect(((position - 200n) * ONE_PERCENT) / ONE_E18 >= cost, "and less does not").to.equal(false);
    });
});

describe("manipulation: the average", () => {
    it("DCR-5: should be that of a price for every second", () => {
        for (let seed = 1; seed <= 50; seed++) {
            const until = 100_000 + seed * 7;
            const answers = Array.from({length: seed}, (_, index) => ({
                at: until - 2_500 + Math.floor((index * 2_700) / seed) + ((seed * index) % 5),
                priceE18: usd(String(40_000 + ((seed * 7919 + index * 104_729) % 20_011))),
            }));
            const later = {at: until + 300, priceE18: usd("1")};
            const phases = [[...answers, later].map(({at, priceE18}) => ({updatedAt: at, priceE18}))];
            for (const windowSeconds of [300, 1_800, 3_600]) {
                expect(averageE18([...answers, later], until, windowSeconds), `${seed}, ${windowSeconds}`).to.equal(
                    settlementE18(phases, {until, windowSeconds, maxAgeSeconds: 1_000_000}),
                );
            }
        }
    });

    it("should be the last answer where there is no window, and need one", () => {
        const answers = [10, 20, 30].map((at) => ({at, priceE18: usd(String(at))}));
        expect(averageE18(answers, 20, 0)).to.equal(usd("20"));
        expect(averageE18(answers, 29, 0)).to.equal(usd("20"));
        expect(() => averageE18(answers, 9, 0)).to.throw(RangeError, "No answer at or before 9");
    });

    it("should draw a line between two figures, displaced where it is pushed", () => {
        const line = straightLine(
            {at: 0, priceE18: usd("100")},
            {at: 240, priceE18: usd("104")},
            {
                paceSeconds: 60,
                displacedE18: (at) => (at >= 180 ? ONE_PERCENT : 0n),
            },
        );
        expect(line.map(({priceE18}) => priceE18)).to.deep.equal(
            ["100", "101", "102", "104.03", "105.04"].map((text) => usd(text)),
        );
    });
});

describe("manipulation: recorded expiries", () => {
    const expiries = recordedExpiries();

    it("should be at eight in the morning, at the close of the bar that ends then", () => {
        expect(expiries.length).to.be.above(60);
        for (const {at, window, asset, priceE18} of expiries) {
            expect(formatTime(at)).to.contain("08:00");
            const recorded = CRASH_WINDOWS.find(({name}) => name === window)!;
            const bar = barsOf(recorded, asset).find(({time}) => time + recorded.seconds === at);
            expect(priceE18).to.equal(usd(bar!.close));
        }
    });

    it("should know the volatility of the three days before", () => {
        const one = expiries.find(({asset, at}) => asset === "BTC" && formatTime(at).startsWith("2020-03-13"))!;
        const closes = barsOf(CRASH_WINDOWS[0]!, "BTC")
            .filter(({time}) => time + 3600 >= one.at - 3 * 86_400 && time + 3600 <= one.at)
            .map(({close}) => Number(close));
        expect(closes).to.have.lengthOf(73);
        const squares = closes.slice(1).map((close, index) => (close / closes[index]! - 1) ** 2);
        const sigma = Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / 3);
        expectNear(Number(one.sigmaDayE18) / 1e18, sigma, 1e-9);
    });

    it("DCR-5: should let one push move the average by its share of the window at each of them", () => {
        for (const expiry of expiries) {
            const [moment, ...averages] = WINDOWS.map((seconds) => spikeE18(expiry, seconds, TERMS));
            expect(moment! > ONE_PERCENT - 10n && moment! <= ONE_PERCENT, "all of it in one round").to.equal(true);
            for (const [index, moved] of averages.entries()) {
                // A minute's share, by as much more as the price has moved within the window.
                const share = (ONE_PERCENT * 60n) / BigInt(WINDOWS[index + 1]!);
                expectNear(Number(moved) / Number(share), 1, 0.1);
            }
        }
    });
});

describe("manipulation: figures", () => {
    const figures = figuresOf(TERMS);

    it("DCR-5: should cost thirty times as much over half an hour as in one round, everywhere", () => {
        for (const {costsE18} of [...figures.costs, ...figures.recorded]) {
            const [one, five, thirty, sixty] = costsE18;
            expect([five, thirty, sixty]).to.deep.equal([5n * one!, 30n * one!, 60n * one!]);
        }
        for (const {best} of [...figures.best, ...figures.recorded]) {
            const profits = best.map(({profitE18}) => Number(profitE18));
            expectNear(profits[0]! / profits[2]!, Math.sqrt(30), 1e-6, "the best attack earns less by the root");
        }
    });

    it("should take the market of the parameters", () => {
        expect(marketOf("BTC")).to.deep.equal(MARKET);
        expect(figures.sigmasE18.ETH).to.equal(usd("0.05"));
    });

    it("should be what the page prints", () => {
        const [, , printed] =
            /<!-- manipulation: begin -->\n\n(```)\n([\s\S]+?)\n```\n\n<!-- manipulation: end -->/.exec(
                read("docs/settlement.md"),
            ) ?? [undefined, undefined, ""];
        expect(printed).to.equal(asText(figures));
    });
});

describe("manipulation: the command", function () {
    this.timeout(60_000);
    const run = (...args: string[]) =>
        spawnSync(
            process.execPath,
            [join(ROOT, "scripts", "run.mjs"), join(ROOT, "scripts/simulators/manipulation/main.ts"), ...args],
            {encoding: "utf8"},
        );

    it("should print the tables for the terms that are given", () => {
        const {status, stdout, stderr} = run("--recovery", "300", "--position", "5000000");
        expect(status, stderr).to.equal(0);
        expect(stdout.trimEnd()).to.equal(asText(figuresOf({recoverySeconds: 300, positionE18: usd("5000000")})));
    });

    it("should leave with 2 on bad input and name it", () => {
        for (const [option, value] of [
            ["--recovery", "0"],
            ["--recovery", "soon"],
            ["--position", "0"],
            ["--position", "much"],
        ] as const) {
            const {status, stderr} = run(option, value);
            expect(status, option).to.equal(2);
            expect(stderr).to.contain("option-malformed").and.contain(option);
        }
    });
});
