import {mkdirSync, mkdtempSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {setTimeout} from "node:timers/promises";

import {expect} from "chai";

import {loadState} from "../../../scripts/keeper/state.js";
import {randomFrom} from "../../support/bits.js";
import {checkJournal, checkSales} from "../../support/faults/accounts.js";
import {runChild} from "../../support/faults/child.js";
import type {ChildKeeper} from "../../support/faults/child.js";
import {
    blockOf,
    differences,
    longestCase,
    NO_DIFFERENCE,
    openCases,
    openStreet,
    priceAt,
    startClock,
} from "../../support/faults/street.js";
import {setting, tell} from "../../support/faults/tell.js";

const KILLS = 4;
/** Most blocks from a price that makes an account short to the end of its auction, blocks without a keeper included. */
const K = 40;
/** How long after a price, and after a transaction was written down, a kill comes at most. */
const MOST_MS = 1000n;
const AROUND_MS = 150n;
const PATIENCE_MS = 3000;

describe("faults: a keeper that is killed", function () {
    this.timeout(600_000);
    const folder = mkdtempSync(join(tmpdir(), "faults-kill-"));
    const toClose: {close(): Promise<unknown>}[] = [];
    afterEach(async () => {
        for (const one of toClose.splice(0).reverse()) await one.close();
    });
    after(() => rmSync(folder, {recursive: true, force: true}));

    for (let seed = 1n; seed <= setting("BALLAST_FAULT_ROUNDS", 1); ++seed) {
        it(`MCA-1: should go on where it was, lose nothing and do nothing twice, seed ${seed}`, async () => {
            const own = join(folder, String(seed));
            mkdirSync(own);
            const street = await openStreet({traders: 4, keepers: 1, seed});
            toClose.push(street);
            const random = randomFrom(seed);
            const [who] = street.keepers;
            const fromBlock = await blockOf(street);
            let keeper: ChildKeeper | undefined;
            let finished = 0;
            toClose.push({close: () => keeper?.kill() ?? Promise.resolve()});
            const clock = await startClock(street, () => {
                const rounds = keeper?.seen.get("tick_finished") ?? 0;
                const isDue = rounds !== finished;
                finished = rounds;
                return isDue;
            });
            let price = 43_500;
            const fall = async (): Promise<void> => {
                await street.world.connection.ethers.provider.send("evm_setAutomine", [true]);
                await priceAt(street, (price -= 1250));
                await street.world.connection.ethers.provider.send("evm_setAutomine", [false]);
            };
            for (let kill = 0; kill < KILLS; ++kill) {
                keeper = runChild(street, who!, own);
                await keeper.next();
                const acts = keeper.next(/^action_sent$/);
                await fall();
                // At any moment, or around the one in which a transaction goes out.
                const isAny = random.below(3n) === 0n;
                await Promise.race([isAny ? undefined : acts, setTimeout(PATIENCE_MS)]);
                await setTimeout(Number(random.below(isAny ? MOST_MS : AROUND_MS)));
                await keeper.kill();
                const {cursor} = loadState(join(own, "state.json"), BigInt(street.world.deployment.chainId), 0);
                expect(cursor.nextBlock, "a state that can be read").to.be.greaterThan(0);
            }
            keeper = runChild(street, who!, own);
            for (let left = K; left > 0 && (await openCases(street)).length > 0; --left) await keeper.next();
            expect(await keeper.stop(), "exit code").to.equal(0);
            await clock.stop();

            const checked = await checkJournal(street, who!, own, {fromBlock, unheard: KILLS});
            const sales = await checkSales(street, [own], KILLS);
            const longest = await longestCase(street, fromBlock);
            tell("kill", {seed, sales, longest, kills: KILLS, ...checked});
            expect(sales, "somebody fell short").to.be.greaterThan(2);
            expect(longest, "blocks short or in an auction").to.be.at.most(K);
            expect(await differences(street), "books and chain").to.deep.equal(NO_DIFFERENCE);
        });
    }
});
