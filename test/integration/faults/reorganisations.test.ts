import {mkdtempSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";

import {expect} from "chai";
import {Wallet} from "ethers";

import {rebuild} from "../../../scripts/chain/rebuild.js";
import {createSnapshotReader} from "../../../scripts/chain/snapshot.js";
import {parseKeeperConfig} from "../../../scripts/keeper/config.js";
import {tick} from "../../../scripts/keeper/keeper.js";
import type {KeeperParts, Memory} from "../../../scripts/keeper/keeper.js";
import {createKeeper} from "../../../scripts/keeper/setup.js";
import type {AccountId} from "../../../scripts/sdk/ids.js";
import {randomFrom} from "../../support/bits.js";
import type {Random} from "../../support/bits.js";
import {checkSales} from "../../support/faults/accounts.js";
import {configOf} from "../../support/faults/keepers.js";
import {
    blockOf,
    boughtE18,
    differences,
    longestCase,
    mine,
    NO_DIFFERENCE,
    openCases,
    openStreet,
    priceAt,
} from "../../support/faults/street.js";
import type {Street} from "../../support/faults/street.js";
import {setting, tell} from "../../support/faults/tell.js";
import {E18, idOf, tokenOf, USD} from "../../support/world.js";

const TRADERS = 3;
const DEEPEST = 10;
/** Most blocks from a price that makes an account short to the end of its auction, on the chain that stands. */
const K = 40;

/** One block in which a book changes: cash into an account, into a new one, from one to another, or nothing at all. */
async function someBlock({world, traders, maker}: Street, random: Random): Promise<void> {
    const {vault} = world.all;
    const side = random.pick(traders);
    const usdc = world.deployment.tokens["USDC"]!.address;
    const sub = random.between(1n, 1_000n);
    const way = random.below(4n);
    if (way === 0n) await world.connection.ethers.provider.send("evm_mine", []);
    else if (way === 1n) await vault.connect(side.owner).deposit(idOf(side), usdc, random.between(1n, 9n) * USD);
    else if (way === 2n) await vault.connect(side.owner).deposit(idOf({...side, sub}), usdc, USD);
    else
        await vault
            .connect(maker.owner)
            .transfer(idOf(maker), idOf({...side, sub}), usdc, random.between(1n, 9n) * E18);
}

async function someBlocks(street: Street, random: Random, count: number): Promise<void> {
    for (let left = count; left > 0; --left) await someBlock(street, random);
}

/** Whom the chain knows, and their books, beside what the keeper has in mind. */
async function compare({world}: Street, {state}: Memory, parts: KeeperParts, label: string): Promise<void> {
    const {provider} = world.connection.ethers;
    const followed = state.cursor.nextBlock - 1;
    const {ledger} = await rebuild(provider, world.deployment, {to: followed});
    const known = [...state.accounts];
    expect(known, `${label}: accounts`).to.include.members([...ledger.accounts.keys()]);
    const reader = createSnapshotReader(provider, world.deployment.contracts);
    const books = parts.lookout?.books() ?? new Map<AccountId, never>();
    expect([...books.keys()], `${label}: books`).to.have.members(parts.lookout === undefined ? [] : known);
    for (const [account, book] of books) {
        expect(book, `${label}: book of ${account}`).to.deep.equal(await reader.book(account, followed));
    }
}

describe("faults: reorganisations", function () {
    this.timeout(600_000);
    const folder = mkdtempSync(join(tmpdir(), "faults-reorganisations-"));
    const toClose: {close(): Promise<unknown>}[] = [];
    afterEach(async () => {
        for (const one of toClose.splice(0).reverse()) await one.close();
    });
    after(() => rmSync(folder, {recursive: true, force: true}));

    const seeds = Array.from({length: Number(setting("BALLAST_FAULT_ROUNDS", 1))}, (_, index) => BigInt(index + 1));
    for (const [sweepEverySeconds, seed] of seeds.flatMap((one) => [[0, one] as const, [1e6, one] as const])) {
        const how = sweepEverySeconds === 0 ? "reading everybody" : "with a lookout";
        it(`MCA-1: should know what stands after 1 to ${DEEPEST} blocks are replaced, ${how}, seed ${seed}`, async () => {
            const own = join(folder, `${sweepEverySeconds}-${seed}`);
            const street = await openStreet({traders: TRADERS, keepers: 1, seed});
            toClose.push(street);
            const {provider} = street.world.connection.ethers;
            for (const {owner} of street.traders) {
                await tokenOf(street.world, "USDC", owner).getFunction("mint")(owner.address, 10_000n * USD);
            }
            const random = randomFrom(seed);
            const [who] = street.keepers;
            const fromBlock = await blockOf(street);
            const events = new Map<string, number>();
            const log = (event: string): void => void events.set(event, (events.get(event) ?? 0) + 1);
            const config = parseKeeperConfig(configOf(street, who!, own, {sweepEverySeconds}));
            const signer = new Wallet(who!.wallet.privateKey, provider);
            const {memory: start, parts} = await createKeeper(config, {provider, signer}, log);
            let memory = await tick(start, parts);
            let price = 43_500;
            const replaced: number[] = [];
            for (let depth = 1; depth <= DEEPEST; ++depth) {
                const before = await blockOf(street);
                const snapshot: unknown = await provider.send("evm_snapshot", []);
                // What the keeper sees and does in these blocks is taken back.
                await someBlocks(street, random, Math.ceil(depth / 2));
                if (depth % 2 === 0) await priceAt(street, price - 500);
                memory = await tick(memory, parts);
                const missing = depth - ((await blockOf(street)) - before);
                await someBlocks(street, random, Math.max(0, missing));
                if (random.below(2n) === 0n) memory = await tick(memory, parts);
                replaced.push((await blockOf(street)) - before);
                await provider.send("evm_revert", [snapshot]);
                if (depth % 3 === 0) await priceAt(street, (price -= 1500));
                await someBlocks(street, random, Number(random.between(1n, BigInt(depth) + 1n)));
                memory = await tick(memory, parts);
                await compare(street, memory, parts, `after ${replaced.at(-1)} blocks`);
            }
            for (let left = K; left > 0 && (await openCases(street)).length > 0; --left) {
                memory = await tick(memory, parts);
                await mine(street);
            }
            const sales = await checkSales(street, [], 1_000);
            const longest = await longestCase(street, fromBlock);
            const found = events.get("chain_reorganised") ?? 0;
            tell("reorganisations", {how, seed, replaced, found, sales, longest, events});
            expect(found, "reorganisations noticed").to.be.at.least(DEEPEST - 2);
            expect(sales, "somebody fell short").to.be.greaterThan(0);
            expect(longest, "blocks short or in an auction").to.be.at.most(K);
            expect(await boughtE18(street), "slices add up").to.equal(BigInt(TRADERS) * E18);
            expect(await differences(street), "books and chain").to.deep.equal(NO_DIFFERENCE);
        });
    }
});
