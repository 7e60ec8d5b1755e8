import {mkdtempSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";

import {expect} from "chai";

import {randomFrom} from "../../support/bits.js";
import {checkJournal, checkSales} from "../../support/faults/accounts.js";
import {runHere} from "../../support/faults/keepers.js";
import {startFaultyNode} from "../../support/faults/node.js";
import type {Faults} from "../../support/faults/node.js";
import {blockOf, mine, openCases, openStreet, longestCase, priceAt} from "../../support/faults/street.js";
import {differences, NO_DIFFERENCE} from "../../support/faults/street.js";
import {tell} from "../../support/faults/tell.js";
import {setting} from "../../support/faults/tell.js";

/** Every ninth request fails; one node lies about every other nonce. */
const BROKEN: Faults = {cut: 35, deaf: 35, late: 5, lateMs: 2_500, refuse: 35, lieHigh: 0, lieLow: 0};
const LYING: Faults = {...BROKEN, lieHigh: 250, lieLow: 250};
/** Most blocks from a price that makes an account short to the end of its auction. */
const K = 40;

describe("faults: nodes that break, are late, refuse and lie", function () {
    this.timeout(600_000);
    const folder = mkdtempSync(join(tmpdir(), "faults-nodes-"));
    const toClose: {close(): Promise<unknown>}[] = [];
    afterEach(async () => {
        for (const one of toClose.splice(0).reverse()) await one.close();
    });
    after(() => rmSync(folder, {recursive: true, force: true}));

    for (let seed = 1n; seed <= setting("BALLAST_FAULT_ROUNDS", 1); ++seed) {
        it(`MCA-1: should close everybody within ${K} blocks and send nothing twice, seed ${seed}`, async () => {
            const own = join(folder, String(seed));
            const street = await openStreet({traders: 4, keepers: 1, seed});
            toClose.push(street);
            const random = randomFrom(seed);
            const nodes = [
                await startFaultyNode(street.node.url, 2n * seed, LYING),
                await startFaultyNode(street.node.url, 2n * seed + 1n, BROKEN),
            ];
            toClose.push(...nodes);
            const [who] = street.keepers;
            const fromBlock = await blockOf(street);
            const [rpcUrl, ...moreRpcUrls] = nodes.map(({url}) => url);
            const keeper = await runHere(street, who!, own, {rpcUrl, moreRpcUrls, stallMs: 2_000});
            toClose.push({close: () => keeper.stop()});
            const round = async (): Promise<void> => {
                await keeper.next();
                await mine(street);
            };
            for (let price = 43_000; price >= 38_000; price -= 1250) {
                await priceAt(street, price);
                for (let left = random.between(1n, 2n); left > 0n; --left) await round();
            }
            for (let left = K; left > 0 && (await openCases(street)).length > 0; --left) await round();
            await keeper.stop();

            const checked = await checkJournal(street, who!, own, {fromBlock, unheard: 0});
            const sales = await checkSales(street, [own], 0);
            const longest = await longestCase(street, fromBlock);
            tell("nodes", {seed, sales, longest, ...checked, rounds: keeper.seen, faults: nodes.map(({done}) => done)});
            expect(sales, "somebody fell short").to.be.greaterThan(2);
            expect(longest, "blocks short or in an auction").to.be.at.most(K);
            expect(await differences(street), "books and chain").to.deep.equal(NO_DIFFERENCE);
            for (const {done} of nodes) expect(done.size, "kinds of faults").to.be.greaterThan(2);
        });
    }
});
