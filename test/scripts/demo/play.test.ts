import {expect} from "chai";

import {play} from "../../../scripts/demo/play.js";
import {builtInPrices} from "../../../scripts/demo/prices.js";
import {page} from "../../../scripts/demo/report/page.js";
import {summaryOf} from "../../../scripts/demo/summary.js";
import type {Story} from "../../../scripts/demo/summary.js";

describe("demo: a short replay through the fall", function () {
    this.timeout(120_000);
    // 11 hours around the first great fall, so that an auction is in it.
    const bars = builtInPrices().slice(100, 111);
    let first: Story;

    before(async () => {
        first = await play(bars, () => undefined);
    });

    it("is solvent, with events that rebuild the books and a twin that agrees", () => {
        expect(first.books.solvent).to.equal(true);
        expect(first.books.zeroSum.length > 5 && first.books.zeroSum.every(({sumE18}) => sumE18 === 0n)).to.equal(true);
        expect(first.books.replay.differences).to.deep.equal([]);
        expect(first.twin.different).to.deep.equal([]);
        expect(first.accounts.some(({liquidated}) => liquidated)).to.equal(true);
    });

    it("gives the same figures again", async () => {
        const second = await play(bars, () => undefined);
        expect(summaryOf(second)).to.deep.equal(summaryOf(first));
    });

    it("draws a report that loads nothing from anywhere", () => {
        const html = page(first);
        expect(html).to.match(/<svg/);
        expect(html).not.to.match(/(src|href)="|url\(|@import|NaN|undefined/);
    });
});
