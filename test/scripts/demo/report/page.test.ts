import {expect} from "chai";

import {page} from "../../../../scripts/demo/report/page.js";
import {STYLE} from "../../../../scripts/shared/report/style.js";
import {tell} from "../../../../scripts/demo/summary.js";
import type {AccountStory, Story} from "../../../../scripts/demo/summary.js";
import {BARS, booksWith, E18, samplesOf, witnessed} from "../story.js";

const usd = (whole: number): bigint => BigInt(whole) * E18;

function story(changes: Partial<Story> = {}, account: Partial<AccountStory> = {}): Story {
    const run = witnessed({
        "long-5x": samplesOf([
            [100, 60, 50],
            [100, 60, 50],
            [40, 60, 50],
            [40, 60, 50],
        ]),
    });
    const told = tell(run, BARS, {
        books: booksWith(run),
        comparisons: [
            {id: "put-spread", scenarioE18: usd(10), isolatedE18: usd(45), equityE18: usd(20)},
            {id: "strangle", scenarioE18: 0n, isolatedE18: 0n, equityE18: 0n},
        ],
        twin: {compared: 17, different: []},
        fundingE18: {BTC: -usd(189)},
    });
    const accounts = told.accounts.map((one) => (one.id === "long-5x" ? {...one, ...account} : one));
    return {...told, accounts, ...changes};
}

describe("demo report: page", () => {
    it("should hold figures and pictures, and load nothing", () => {
        const html = page(story());
        expect(html.match(/<svg/g), "prices, one margined account, waterfall, models").to.have.length(4);
        expect(html, "anything from outside").to.not.match(/(src|href)="|url\(|@import|<script|NaN|undefined/);
        expect(html, "the fall of BTC to its lowest close").to.include("<b>−50 %</b>");
        expect(html, "funding, with a minus that stays with its figure").to.include("BTC&nbsp;−189.00");
        expect(html, "the largest ratio of the two models").to.include("Isolated asks for up to 4.5 times");
    });

    it("should escape what comes from names and notes", () => {
        const base = story({}, {role: '<img src="x">'});
        const html = page({...base, run: {...base.run, notes: ["a <b> & c"]}});
        expect(html, "role").to.include("&lt;img src=&quot;x&quot;&gt;").and.not.include("<img");
        expect(html, "note").to.include("a &lt;b&gt; &amp; c");
    });

    describe("fate of an account", () => {
        const slice = {
            time: BARS[2]!.time,
            account: "",
            keeper: "",
            fractionE18: E18,
            equityE18: -usd(15),
            maintenanceE18: usd(50),
            priceE18: -usd(18),
            backstopE18: usd(18),
            socialisedE18: 0n,
            worthE18: -usd(15),
        };
        for (const [what, account, expected] of [
            ["called", {called: true}, "<td>called</td>"],
            ["cured", {called: true, cured: true}, "called, cured by a deposit"],
            ["sold in part", {liquidated: true, closedE18: (E18 * 84n) / 100n}, "84 % sold in 0 slices"],
            ["insolvent", {liquidated: true, insolvent: true}, "insolvent, the backstop paid"],
        ] as const) {
            it(`should be told in words: ${what}`, () => {
                expect(page(story({}, account)), what).to.include(expected);
            });
        }

        it("should say who paid whom for an auction", () => {
            const paid = {liquidated: true, slices: [slice], closedE18: E18};
            expect(page(story({}, paid)), "below zero").to.include("keepers were paid 18 to take 100 % of the book");
            const sold = {...paid, slices: [{...slice, priceE18: usd(45)}]};
            expect(page(story({}, sold)), "above zero").to.include("keepers paid 45 for 100 % of the book");
        });

        it("should be red in the table where health fell below one, and name no health without a requirement", () => {
            const html = page(story());
            expect(html, "worst health of the long").to.include('<td class="n bad">0.80</td>');
            expect(html, "an idle account").to.include('<td class="n">–</td>');
        });
    });

    describe("verdict", () => {
        it("should be all good when the books hold", () => {
            const html = page(story());
            expect(html, "headline").to.include("<b>solvent</b>");
            expect(html.match(/<li class="good">/g), "solvent, replay, twin and leverage").to.have.length(4);
        });

        it("should show every way in which they do not", () => {
            const base = story();
            const books = booksWith(base.run, {
                solvent: false,
                tokens: [{token: "USDC", heldE18: usd(1), claimsE18: usd(2)}],
                zeroSum: [{instrument: "BTC-PERP", longE18: usd(5), sumE18: usd(1)}],
                replay: {events: 1, accounts: 1, differences: ["size"], sumsE18: new Map()},
            });
            const html = page({...base, books, twin: {compared: 17, different: ["long-5x"]}});
            expect(html, "headline").to.include("<b>NOT SOLVENT</b>");
            expect(html.match(/<li class="good">/g), "leverage alone").to.have.length(1);
            expect(html, "token").to.include('<td class="bad">short</td>');
            expect(html, "sum of sizes").to.include('<td class="n bad">1.00</td>');
        });
    });
});

describe("demo report: style", () => {
    const block = (pattern: RegExp): string[] =>
        [...(pattern.exec(STYLE)?.[1] ?? "").matchAll(/--(\w+):/g)].map(([, name = ""]) => name);
    const light = block(/^:root\{([^}]*)\}/m);
    const dark = block(/prefers-color-scheme:dark\)\{:root\{([^}]*)\}/);

    it("should give every colour in light and in dark, and use no other", () => {
        expect(light, "light").to.include.members(["bg", "ink", "rest"]);
        expect(dark, "dark").to.have.members(light);
        const used = new Set([...STYLE.matchAll(/var\(--(\w+)\)/g)].map(([, name = ""]) => name));
        expect([...used], "used").to.have.members(light);
    });

    it("should keep words readable on cards in both, by the contrast that WCAG asks of small text", () => {
        const colours = (pattern: RegExp): Record<string, string> =>
            Object.fromEntries(
                [...(pattern.exec(STYLE)?.[1] ?? "").matchAll(/--(\w+):#(\w+)/g)].map(([, name = "", value = ""]) => [
                    name,
                    value.length === 3 ? value.replace(/./g, "$&$&") : value,
                ]),
            );
        const luminance = (hex: string): number => {
            const [red, green, blue] = [0, 2, 4].map((at) => {
                const part = parseInt(hex.slice(at, at + 2), 16) / 255;
                return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
            });
            return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
        };
        const contrast = (one: string, other: string): number => {
            const [high, low] = [luminance(one), luminance(other)].sort((a, b) => b - a);
            return (high! + 0.05) / (low! + 0.05);
        };
        for (const [theme, pattern] of [
            ["light", /^:root\{([^}]*)\}/m],
            ["dark", /prefers-color-scheme:dark\)\{:root\{([^}]*)\}/],
        ] as const) {
            const palette = colours(pattern);
            for (const name of ["ink", "soft", "good", "warn", "bad"]) {
                const found = contrast(palette[name]!, palette["card"]!);
                expect(found, `${name} on a card, ${theme}`).to.be.at.least(4.5);
            }
        }
    });

    it("should have a rule for every class that the report uses", () => {
        const html = page(story());
        const used = new Set([...html.matchAll(/class="([^"]+)"/g)].flatMap(([, names = ""]) => names.split(" ")));
        const known = new Set([...STYLE.matchAll(/\.([a-z-]+)/g)].map(([, name = ""]) => name));
        expect(
            [...used].filter((name) => !known.has(name) && name !== ""),
            "classes without a rule",
        ).to.deep.equal([]);
    });
});
