import {expect} from "chai";

import {
    area,
    compact,
    escape,
    line,
    linear,
    logarithmic,
    path,
    svg,
    tag,
    text,
    ticks,
} from "../../../../scripts/shared/report/svg.js";

describe("demo report: svg", () => {
    describe("linear", () => {
        it("should map ends on ends and what lies between in proportion, also downwards", () => {
            const y = linear([10, 20], [100, 0]);
            expect([y(10), y(15), y(20)], "ends and middle").to.deep.equal([100, 50, 0]);
            expect(y(25), "beyond the end").to.equal(-50);
        });

        it("should stay finite on a domain without width", () => {
            expect(linear([5, 5], [0, 100])(5), "the only value").to.equal(0);
            expect(linear([5, 5], [0, 100])(6), "one above").to.equal(100);
        });
    });

    describe("logarithmic", () => {
        it("should put equal factors equally far apart", () => {
            const y = logarithmic([1, 64], [0, 60]);
            expect([1, 2, 4, 64].map((value) => Math.round(y(value) * 1e6) / 1e6)).to.deep.equal([0, 10, 20, 60]);
        });
    });

    describe("escape", () => {
        it("should leave nothing that opens a tag, an entity or an attribute", () => {
            expect(escape('<b a="1">&</b>'), "escaped").to.equal("&lt;b a=&quot;1&quot;&gt;&amp;&lt;/b&gt;");
            expect(escape("long-5x 3.5 %"), "harmless text").to.equal("long-5x 3.5 %");
        });
    });

    describe("tag and text", () => {
        it("should close an empty tag, round numbers to a tenth and escape what is text", () => {
            expect(tag("rect", {x: 1.2345, y: -0.06, class: 'a"b'}), "empty tag").to.equal(
                '<rect x="1.2" y="-0.1" class="a&quot;b"/>',
            );
            expect(tag("g", {}, "<a/>", "<b/>"), "with content").to.equal("<g><a/><b/></g>");
            expect(text(1, 2, "a < b", {class: "tick"}), "text").to.equal(
                '<text x="1" y="2" class="tick">a &lt; b</text>',
            );
        });
    });

    describe("path, line and area", () => {
        const dots = [
            [0, 10],
            [5, 20.04],
            [10, 0],
        ] as const;

        it("should move to the first dot and draw to the others", () => {
            expect(path(dots), "path").to.equal("M0 10L5 20L10 0");
            expect(line(dots, "one"), "line").to.equal('<path d="M0 10L5 20L10 0" class="one" fill="none"/>');
        });

        it("should close an area along its floor", () => {
            expect(area(dots, 50, "fill"), "area").to.equal('<path d="M0 10L5 20L10 0L10 50L0 50Z" class="fill"/>');
        });

        it("should draw nothing of no dots", () => {
            expect(line([], "one") + area([], 50, "fill"), "nothing").to.equal("");
        });
    });

    describe("ticks", () => {
        for (const [low, high, count, expected] of [
            [0, 100, 4, [0, 25, 50, 75, 100]],
            [-15_000, 120_000, 4, [0, 50_000, 100_000]],
            [0.3, 1, 4, [0.4, 0.6, 0.8, 1]],
            [0, 0, 4, [0]],
        ] as const) {
            it(`should be round between ${low} and ${high}`, () => {
                const found = ticks(low, high, count);
                expect(
                    found.map((value) => Number(value.toFixed(9))),
                    "ticks",
                ).to.deep.equal(expected);
                expect(
                    found.some((value) => Object.is(value, -0)),
                    "a negative zero",
                ).to.equal(false);
            });
        }
    });

    describe("compact", () => {
        for (const [value, words] of [
            [0, "0"],
            [-0, "0"],
            [1.234, "1.23"],
            [-3.5, "−3.5"],
            [42.6, "43"],
            [9_999, "9,999"],
            [10_000, "10k"],
            [-18_298, "−18.3k"],
            [12_146_670, "12.1M"],
        ] as const) {
            it(`should write ${value} as ${words}`, () => {
                expect(compact(value), String(value)).to.equal(words);
            });
        }
    });

    it("should name a picture for those who do not see it", () => {
        expect(svg(10, 20, 'Prices of "BTC"', "<g/>"), "picture").to.equal(
            '<svg viewBox="0 0 10 20" role="img" aria-label="Prices of &quot;BTC&quot;"><g/></svg>',
        );
    });
});
