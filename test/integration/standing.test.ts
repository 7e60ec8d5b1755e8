import {expect} from "chai";

import {assessAll, readStanding, solvencyOf} from "../../scripts/chain/solvency.js";
import {perp} from "../../scripts/sdk/instruments.js";
import {
    BTC,
    createChain,
    DAY,
    deployWorld,
    deposit,
    E18,
    EVERYTHING,
    idOf,
    move,
    pass,
    report,
    trade,
    USD,
    usd,
} from "../support/world.js";
import type {Side, World} from "../support/world.js";

const connection = await createChain();
const WHOLE = (1n << 255n) - 1n;

/** A book is lost without a backstop, so that claims are worth less than what was paid in; then somebody borrows. */
async function writtenDownAndLent(): Promise<World> {
    const world = await deployWorld(connection);
    const [maker, lost, keeper, debtor] = world.owners.map((owner): Side => ({owner}));
    for (const side of [maker!, keeper!]) await deposit(world, side, "USDC", 400_000n * USD);
    await deposit(world, lost!, "USDC", 12_000n * USD);
    await trade(world, maker!, lost!, [{instrument: perp(BTC), sizeE18: -E18, priceE18: usd(50_000)}]);
    await move(world, {[BTC]: usd(32_000)});
    const liquidator = world.all.liquidator.connect(keeper!.owner);
    await liquidator.start(idOf(lost!), EVERYTHING, idOf(keeper!));
    await pass(world, 600);
    await liquidator.take(idOf(lost!), idOf(keeper!), E18, WHOLE, "0x");
    await deposit(world, debtor!, "WETH", 20n * E18);
    const vault = world.all.vault.connect(debtor!.owner);
    const {address} = world.deployment.tokens["USDC"]!;
    await vault.withdraw(idOf(debtor!), address, 5_000n * USD, debtor!.owner.address);
    return world;
}

describe("standing", () => {
    it("should count to the unit what interest has added since the last event, after a write-down too", async () => {
        const world = await writtenDownAndLent();
        const source = {provider: connection.ethers.provider, deployment: world.deployment};
        let since = await readStanding(source);
        const {supplyIndexE27, suppliedE18: before} = await world.all.vault.cashTotals();
        expect(supplyIndexE27 < 10n ** 27n, "claims were written down").to.equal(true);
        for (const seconds of [1, 61, 3_607, DAY + 7]) {
            await pass(world, seconds);
            await report(world);
            // Only what came after the last look is read.
            since = await readStanding({...source, since});
            const found = await solvencyOf(since, source);
            const differences = found.counts.filter(({booksE18, contractE18}) => booksE18 !== contractE18);
            expect(differences, `after ${seconds} s`).to.deep.equal([]);
            expect(found.holds).to.equal(true);
            for (const [account, one] of assessAll(since, since.market)) {
                const {equityE18} = await world.all.riskEngine.assess(account, {blockTag: since.block});
                expect(one?.equityE18, account).to.equal(equityE18);
            }
        }
        expect((await world.all.vault.cashTotals()).suppliedE18 > before, "interest came in").to.equal(true);
    });
});
