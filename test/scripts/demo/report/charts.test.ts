import {expect} from "chai";

import type {Slice} from "../../../../scripts/demo/books.js";
import {
    accountChart,
    auctionChart,
    modelChart,
    num,
    priceChart,
    waterfallChart,
} from "../../../../scripts/demo/report/charts.js";
import {tell} from "../../../../scripts/demo/summary.js";
import type {AccountStory, Story} from "../../../../scripts/demo/summary.js";
import type {WorldEvent} from "../../../../scripts/demo/world.js";
import {CLEARINGHOUSE_ABI} from "../../../../scripts/sdk/abi/Clearinghouse.js";
import {LIQUIDATOR_ABI} from "../../../../scripts/sdk/abi/Liquidator.js";
import {expectNear} from "../../../support/near.js";
import {accountOf, BARS, booksWith, E18, event, HOUR, samplesOf, START, witnessed} from "../story.js";

const usd = (whole: number): bigint => BigInt(whole) * E18;
const LONG = "long-5x";
const SLICED_AT = START + 2 * HOUR + 240;

type Attributes = Readonly<Record<string, string>>;

/** Attributes of every element of one name whose class holds a word. */
function elements(html: string, name: string, css = ""): Attributes[] {
    return [...html.matchAll(new RegExp(`<${name}((?: [\\w-]+="[^"]*")*)`, "g"))]
        .map(([, attributes = ""]) =>
            Object.fromEntries(
                [...attributes.matchAll(/ ([\w-]+)="([^"]*)"/g)].map(
                    ([, key = "", value = ""]) => [key, value] as const,
                ),
            ),
        )
        .filter((attributes) => css === "" || (attributes["class"] ?? "").split(" ").includes(css));
}

/** The dots of a path. */
const dotsOf = (path: Attributes | undefined): (readonly [number, number])[] =>
    [...(path?.["d"] ?? "").matchAll(/[ML]([\d.-]+) ([\d.-]+)/g)].map(([, x, y]) => [Number(x), Number(y)] as const);

const only = <T>(list: readonly T[]): T => {
    expect(list, "just one").to.have.length(1);
    return list[0]!;
};

const words = (html: string): string[] => [...html.matchAll(/<text[^>]*>([^<]*)/g)].map(([, content = ""]) => content);

const taken = (time: number): WorldEvent =>
    event(time, LIQUIDATOR_ABI, "SliceTaken", [
        accountOf(LONG),
        accountOf("kestrel"),
        E18 / 2n,
        usd(100),
        usd(80),
        usd(45),
        0n,
        0n,
    ]);

function story(events: readonly WorldEvent[], equity: readonly number[] = [100, 120, 60, 80]): Story {
    const samples = samplesOf(equity.map((one, bar) => [one, bar === 0 ? 0 : 60, bar === 0 ? 0 : 50] as const));
    const run = witnessed({[LONG]: samples}, events);
    const parts = {books: booksWith(run), comparisons: [], twin: {compared: 0, different: []}, fundingE18: {}};
    return tell(run, BARS, parts);
}

const accountIn = (told: Story, id = LONG): AccountStory =>
    told.accounts.find((one) => one.id === id) ?? expect.fail(`no ${id}`);

describe("demo report: charts", () => {
    describe("num", () => {
        it("should turn fixed point into a figure for drawing", () => {
            expect(num(-(E18 * 3n) / 2n), "minus one and a half").to.equal(-1.5);
        });
    });

    describe("priceChart", () => {
        const settled = event(START, CLEARINGHOUSE_ABI, "ExpirySettled", [1, START + 3 * HOUR - 60, usd(5000), 9n]);
        const html = priceChart(story([taken(SLICED_AT), taken(SLICED_AT + 60), settled]));

        it("should have one dot per bar, evenly in time, higher prices higher", () => {
            const lines = elements(html, "path", "line");
            expect(lines, "one line per asset").to.have.length(2);
            const dots = dotsOf(lines[0]);
            expect(dots, "dots of BTC").to.have.length(BARS.length);
            const steps = dots.slice(1).map(([x], index) => x - dots[index]![0]);
            for (const step of steps) expectNear(step, steps[0]!, 0.11, "width of an hour");
            const [first, second, third, last] = dots.map(([, y]) => y);
            expect(first! < second! && second! < last! && last! < third!, "order of heights").to.equal(true);
            expectNear((second! - first!) / (third! - first!), 0.25, 0.01, "1,000 of 4,000 down");
        });

        it("should name both assets and end with the last price", () => {
            expect(words(html), "words").to.include.members(["BTC, US dollars", "ETH, US dollars", "5,000", "120"]);
        });

        it("should mark each hour of auctions once, in both panels, where its bar is", () => {
            const marks = elements(html, "path", "mark");
            expect(marks, "marks").to.have.length(2);
            const at = Number(/^M([\d.]+) /.exec(marks[0]!["d"] ?? "")?.[1]);
            expectNear(at, dotsOf(elements(html, "path", "line")[0])[2]![0], 0.1, "place of the mark");
        });

        it("should draw the expiry where it falls between the bars, and no rule without one", () => {
            const [rule] = elements(html, "line", "mark-line");
            const dots = dotsOf(elements(html, "path", "line")[0]);
            expect(Number(rule!["x1"]), "place of the rule").to.be.within(dots[2]![0], dots[3]![0]);
            expect(elements(priceChart(story([])), "line", "mark-line"), "no settlement").to.have.length(0);
        });
    });

    describe("accountChart", () => {
        it("should draw equity and both requirements on one scale", () => {
            const told = story([]);
            const html = accountChart(told, accountIn(told));
            const equity = dotsOf(only(elements(html, "path", "line")));
            const maintenance = dotsOf(only(elements(html, "path", "need-line")));
            const initial = dotsOf(only(elements(html, "path", "initial-line")));
            // 100 120 60 80 above 0 50 50 50: at the third bar equity is at the initial requirement.
            expect(equity[2]![1], "equity at the initial requirement").to.equal(initial[2]![1]);
            const dollar = (maintenance[0]![1] - maintenance[1]![1]) / 50;
            expectNear((maintenance[0]![1] - equity[1]![1]) / dollar, 120, 0.5, "120 dollars");
        });

        it("should draw zero as a line of its own only where equity fell below it", () => {
            const [above, below] = [story([]), story([], [100, 50, -40, 10])];
            expect(elements(accountChart(above, accountIn(above)), "line", "zero"), "above").to.have.length(0);
            const html = accountChart(below, accountIn(below));
            const zero = Number(only(elements(html, "line", "zero"))["y1"]);
            const [, , lowest] = dotsOf(only(elements(html, "path", "line")));
            expect(lowest![1] > zero, "negative equity lies below the line").to.equal(true);
            expect(words(html), "zero without a sign").to.include("0").and.not.include("−0");
        });

        it("should shade the hours in which slices were sold, once each", () => {
            const told = story([taken(SLICED_AT), taken(SLICED_AT + 60)]);
            const html = accountChart(told, accountIn(told));
            const {x, width} = only(elements(html, "rect", "band"));
            const [, , bar] = dotsOf(only(elements(html, "path", "line")));
            expect(bar![0], "the bar in the band").to.be.within(Number(x), Number(x) + Number(width));
        });

        it("should draw an account that had nothing at all", () => {
            const told = story([], [0, 0, 0, 0]);
            expect(accountChart(told, accountIn(told)), "picture").to.not.match(/NaN|Infinity|undefined/);
        });
    });

    describe("auctionChart", () => {
        const slice = (fractionE18: bigint, priceE18: bigint, worthE18: bigint): Slice => ({
            time: SLICED_AT,
            account: accountOf(LONG),
            keeper: accountOf("kestrel"),
            fractionE18,
            equityE18: usd(100),
            maintenanceE18: usd(80),
            priceE18,
            backstopE18: 0n,
            socialisedE18: 0n,
            worthE18,
        });
        const chartOf = (...slices: Slice[]): string => auctionChart({...accountIn(story([])), slices});

        it("should take each slice from what the one before left", () => {
            const html = chartOf(slice(E18 / 2n, usd(45), usd(50)), slice(E18 / 2n, usd(20), usd(25)));
            const heights = elements(html, "rect", "one").map(({height}) => Number(height));
            const rests = elements(html, "rect", "rest").map(({height}) => Number(height));
            expect(heights, "a half, then a quarter").to.deep.equal([62, 31]);
            expect(rests, "what stays").to.deep.equal([62, 31]);
        });

        it("should say price, time and discount of each", () => {
            const html = chartOf(slice(E18 / 2n, usd(45), usd(50)));
            expect(words(html), "words").to.include.members(["45", "11:04", "−5"]);
        });

        it("should be red where the keeper was paid", () => {
            const html = chartOf(slice(E18, -usd(18), -usd(15)));
            expect(elements(html, "rect", "bad"), "red columns").to.have.length(1);
            expect(elements(html, "rect", "one"), "blue columns").to.have.length(0);
            expect(words(html), "words").to.include.members(["−18", "−3"]);
        });

        it("should fit any number of slices", () => {
            const html = chartOf(...Array.from({length: 30}, () => slice(E18 / 10n, usd(1), usd(1))));
            for (const {x, width} of elements(html, "rect", "one")) {
                expect(Number(width) > 0, "a width").to.equal(true);
                expect(Number(x) + Number(width), "right end").to.be.at.most(510);
            }
        });
    });

    describe("waterfallChart", () => {
        const chartOf = (holes: number, keepers: number, owners: number, backstop: number, spread: number): string => {
            const told = story([]);
            const losses = {
                ...told.books.losses,
                holesE18: usd(holes),
                keepersE18: usd(keepers),
                ownersE18: usd(owners),
                backstopE18: usd(backstop),
                socialisedE18: usd(spread),
            };
            return waterfallChart({...told, books: {...told.books, losses}});
        };
        const bars = (html: string): {top: number; bottom: number}[] =>
            elements(html, "rect", "bar").map(({y, height}) => ({top: Number(y), bottom: Number(y) + Number(height)}));

        it("should stand losses on each other and step payers down to the floor", () => {
            const [holes, keepers, owners, backstop, spread] = bars(chartOf(15, 12, 9, 11, 7));
            expectNear(holes!.bottom, spread!.bottom, 0.15, "floor on the left");
            expectNear(keepers!.bottom, holes!.top, 0.15, "keepers stand on holes");
            expectNear(owners!.top, keepers!.top, 0.15, "payers start where losses end");
            expectNear(backstop!.top, owners!.bottom, 0.15, "backstop below owners");
            expectNear(spread!.top, backstop!.bottom, 0.15, "write-down below backstop");
        });

        it("should keep heights in proportion, and a trace of what is nothing", () => {
            const [holes, keepers, , , spread] = bars(chartOf(20, 10, 20, 10, 0)).map(({top, bottom}) => bottom - top);
            expectNear(holes! / keepers!, 2, 0.01, "20 to 10");
            expect(spread, "nothing").to.equal(1.5);
        });

        it("should draw a replay without losses", () => {
            expect(chartOf(0, 0, 0, 0, 0), "picture").to.not.match(/NaN|Infinity|undefined/);
        });
    });

    describe("modelChart", () => {
        it("should draw both requirements and equity from one zero, in proportion", () => {
            const html = modelChart([
                {id: "put-spread", scenarioE18: usd(10), isolatedE18: usd(40), equityE18: usd(20)},
                {id: "btc-vs-eth", scenarioE18: usd(20), isolatedE18: usd(30), equityE18: usd(50)},
            ]);
            const widths = elements(html, "rect", "bar").map(({width}) => Number(width));
            const [unit] = widths;
            expect(
                widths.map((width) => Math.round((10 * width) / unit!)),
                "dollars",
            ).to.deep.equal([10, 40, 20, 30]);
            const [rule] = elements(html, "line", "mark-line");
            expectNear(Number(rule!["x1"]) - 150, 2 * unit!, 0.2, "equity of the first");
            expect(words(html), "names and figures").to.include.members(["put-spread", "btc-vs-eth", "10", "40"]);
        });

        it("should draw nothing of no comparisons", () => {
            expect(modelChart([]), "picture").to.not.match(/NaN|Infinity|undefined|<rect/);
        });
    });
});
