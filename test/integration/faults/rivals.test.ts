import {mkdtempSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";

import {expect} from "chai";

import {checkJournal, checkSales} from "../../support/faults/accounts.js";
import {runHere} from "../../support/faults/keepers.js";
import type {RunningKeeper} from "../../support/faults/keepers.js";
import {
    blockOf,
    boughtE18,
    differences,
    longestCase,
    NO_DIFFERENCE,
    openCases,
    openStreet,
    priceAt,
    startClock,
} from "../../support/faults/street.js";
import {setting, tell} from "../../support/faults/tell.js";
import {E18} from "../../support/world.js";

const TRADERS = 4;
/** Most blocks from a price that makes an account short to the end of its auction. */
const K = 40;
/** What a lost race looks like: found out by a try, by an estimate or in the block. */
const LOST = /^(start|take|cancel|margin_call): (Liquidator_\w+|reverted|NONCE_EXPIRED|RiskEngine_\w+)$/;

describe("faults: rival keepers", function () {
    this.timeout(600_000);
    const folder = mkdtempSync(join(tmpdir(), "faults-rivals-"));
    const toClose: {close(): Promise<unknown>}[] = [];
    afterEach(async () => {
        for (const one of toClose.splice(0).reverse()) await one.close();
    });
    after(() => rmSync(folder, {recursive: true, force: true}));

    const seeds = Array.from({length: Number(setting("BALLAST_FAULT_ROUNDS", 1))}, (_, index) => BigInt(index + 1));
    for (const [count, seed] of seeds.flatMap((one) => [[2, one] as const, [5, one] as const])) {
        it(`MCA-1: should close everybody once between ${count} of them, seed ${seed}`, async () => {
            const street = await openStreet({traders: TRADERS, keepers: count, seed});
            toClose.push(street);
            const fromBlock = await blockOf(street);
            const folders = street.keepers.map((_, index) => join(folder, `${count}-${seed}-${index}`));
            const keepers: RunningKeeper[] = [];
            toClose.push({close: () => Promise.all(keepers.map((one) => one.stop()))});
            for (const [index, who] of street.keepers.entries()) {
                keepers.push(await runHere(street, who, folders[index]!));
            }
            const next = (): Promise<unknown> => Promise.all(keepers.map((one) => one.next()));
            for (let price = 43_000; price >= 38_000; price -= 1250) {
                await priceAt(street, price);
                let isDue = false;
                const clock = await startClock(street, () => {
                    const was = isDue;
                    isDue = false;
                    return was;
                });
                for (let left = 2; left > 0 || (await openCases(street)).length > 0; --left) {
                    await next();
                    isDue = true;
                    expect(left, "rounds of everybody").to.be.greaterThan(-K);
                }
                await clock.stop();
            }
            await Promise.all(keepers.map((one) => one.stop()));

            const lost = new Map<string, number>();
            for (const [index, who] of street.keepers.entries()) {
                const {failures} = await checkJournal(street, who, folders[index]!, {fromBlock, unheard: 0});
                for (const [name, times] of failures) lost.set(name, (lost.get(name) ?? 0) + times);
            }
            const sales = await checkSales(street, folders, 0);
            const longest = await longestCase(street, fromBlock);
            tell("rivals", {keepers: count, seed, sales, longest, lost});
            expect(sales, "somebody fell short").to.be.greaterThan(2);
            expect(longest, "blocks short or in an auction").to.be.at.most(K);
            expect(
                [...lost.keys()].filter((name) => !LOST.test(name)),
                "failures that are no lost race",
            ).to.deep.equal([]);
            expect(lost.size, "races were lost").to.be.greaterThan(0);
            for (const {seen} of keepers) expect(seen.get("tick_failed") ?? 0, "rounds that failed").to.equal(0);
            expect(await boughtE18(street), "slices add up").to.equal(BigInt(TRADERS) * E18);
            expect(await differences(street), "books and chain").to.deep.equal(NO_DIFFERENCE);
        });
    }
});
