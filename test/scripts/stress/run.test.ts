import {expect} from "chai";

import {describe as inWords} from "../../../scripts/stress/describe.js";
import {figuresOf} from "../../../scripts/stress/figures.js";
import {barsFrom, pathOf, windowRows} from "../../../scripts/stress/path.js";
import {populate} from "../../../scripts/stress/population.js";
import type {Protections} from "../../../scripts/stress/protections.js";
import {page} from "../../../scripts/stress/report/page.js";
import {StressRun} from "../../../scripts/stress/run.js";
import type {Outcome} from "../../../scripts/stress/run.js";

/** Five hours around the fall. */
const FROM = Date.UTC(2020, 2, 12, 8) / 1000;
const TO = Date.UTC(2020, 2, 12, 13) / 1000;

async function crash(protections: Protections): Promise<Outcome> {
    const rows = windowRows("March 2020").filter(({time}) => time >= FROM && time < TO);
    return new StressRun({
        protections,
        points: pathOf(barsFrom(rows), 0),
        traders: populate(8, 5),
        seed: 5,
        gasPriceWei: 20_000_000_000n,
        gasFactor: 10n,
        onPoint: () => undefined,
    }).run();
}

describe("stress: a small crash", () => {
    it("FSP: should keep every claim covered, and owe more without protections than with them", async () => {
        const [on, again, off] = [await crash("on"), await crash("on"), await crash("off")];
        const [withThem, twice, without] = [figuresOf(on), figuresOf(again), figuresOf(off)];
        expect(JSON.stringify(twice), "the same seed").to.equal(JSON.stringify(withThem));
        for (const figures of [withThem, without]) {
            expect(figures.solvent.covered, figures.protections).to.equal(figures.solvent.looks);
            expect(figures.paid.addsUp, "the layers are the loss to the unit").to.equal(true);
            expect(figures.liquidations.sold, "somebody fell short").to.be.gt(0);
        }
        expect(Number(without.badDebt.totalE18)).to.be.gt(Number(withThem.badDebt.totalE18));
        expect(inWords([withThem, without], "a crash")).to.include("protections off");
        const html = page([on, off], [withThem, without], "a <crash>");
        expect(html).to.include("a &lt;crash&gt;").and.to.include("</html>");
    }).timeout(300_000);
});
