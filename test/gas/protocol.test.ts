import {expect} from "chai";
import {network} from "hardhat";

import {option} from "../../scripts/sdk/instruments.js";
import {openHouse} from "../support/house.js";
import type {House, LegTerms, Person} from "../support/house.js";
import {GAS_CHAIN, recordGas, steadyClock, TX_GAS_CAP} from "./recordGas.js";

/** Friday 11 January 2030, ten days after the chain of the gas tests starts. */
const EXPIRY = Date.UTC(2030, 0, 11, 8) / 1000;
const START = Date.UTC(2030, 0, 1, 9) / 1000;
const SPOT = "8000";
const SIZES = [1, 8, 32, 64] as const;
/** Largest book whose slice fits a transaction of the main network. */
const MOST_TO_TAKE = 32;
const LEGS_PER_QUOTE = 8;
const WHOLE = 10n ** 18n;

/** Calls and puts at 32 strikes around spot, three of four sold by the trader. */
function legsOf(count: number): LegTerms[] {
    const legs: LegTerms[] = [];
    for (let i = 0; i < count; i++) {
        const kind = i % 2 === 0 ? "CALL" : "PUT";
        const strikeE8 = BigInt(6400 + 100 * Math.floor(i / 2)) * 10n ** 8n;
        legs.push([option(kind, 1, EXPIRY, strikeE8), i % 4 === 3 ? "-1" : "1", "400"]);
    }
    return legs.sort(([a], [b]) => (a < b ? -1 : 1));
}

async function fill(house: House, maker: Person, taker: Person, legs: readonly LegTerms[]): Promise<void> {
    for (let i = 0; i < legs.length; i += LEGS_PER_QUOTE) {
        await house.trade(maker, taker, legs.slice(i, i + LEGS_PER_QUOTE));
    }
}

async function gasOf(sent: Promise<{wait(): Promise<{gasUsed: bigint} | null>}>): Promise<bigint> {
    const receipt = await (await sent).wait();
    if (receipt === null) throw new Error("The transaction was not mined");
    return receipt.gasUsed;
}

/** Whole transactions with the base cost and calldata, every account and slot cold. */
describe("gas: protocol", () => {
    for (const positions of SIZES) {
        it(`should record what a book of ${String(positions)} options costs`, async () => {
            const connection = await network.create(GAS_CHAIN);
            steadyClock(connection.provider, START);
            const house = await openHouse(connection);
            const [maker, trader, keeper] = [await house.person(0), await house.person(1), await house.person(2)];
            await house.surfaces(1, SPOT, "0.8", [EXPIRY]);
            await house.fund(maker, "USDC", "10000000");
            await house.fund(trader, "USDC", "1000000");
            await house.fund(keeper, "USDC", "10000000");
            const legs = legsOf(positions);
            await fill(house, maker, trader, legs);

            const label = (what: string): string => `protocol: ${what}, ${String(positions)} options`;
            const usdc = house.deployment.tokens["USDC"]?.address ?? "";
            const {vault} = house.as(trader);
            const assess = house.contracts.riskEngine.interface.encodeFunctionData("assess", [trader.account]);
            const view = await gasOf(
                trader.signer.sendTransaction({to: house.deployment.contracts.riskEngine, data: assess}),
            );
            recordGas(label("margin view"), view);
            recordGas(label("deposit"), await depositAgain(house, trader));
            // So that the recipient holds some of the coin already, as one who trades with it does.
            await vault.withdraw(trader.account, usdc, 1_000_000n, trader.address);
            recordGas(label("withdraw"), await gasOf(vault.withdraw(trader.account, usdc, 1_000_000n, trader.address)));
            const two: LegTerms[] = legs.length > 1 ? legs.slice(0, 2) : [...legs, ...otherLeg()];
            recordGas(label("two-leg fill, both sides checked"), await house.trade(maker, trader, two));

            await makeShort(house, trader);
            const {liquidator} = house.as(keeper);
            const report = await reportOf(house, trader);
            const witness = {
                own: report.underlyings.map(({binding}) => binding),
                joint: Array.from(report.groupBinding),
            };
            recordGas(
                label("start by witness"),
                await gasOf(liquidator.start(trader.account, witness, keeper.account)),
            );
            const take = await gasOf(liquidator.take(trader.account, keeper.account, WHOLE, 10n ** 30n, "0x"));
            recordGas(label("take, slice to the target"), take);
            if (positions <= MOST_TO_TAKE) expect(take < TX_GAS_CAP, "a slice fits one transaction").to.equal(true);
            expect(view < TX_GAS_CAP, "a margin check fits one transaction").to.equal(true);
        }).timeout(900_000);
    }
});

/** Books read from the chain are frozen; an encoder wants its own copy. */
async function reportOf({contracts: {riskEngine, marginLens}}: House, {account}: Person) {
    const book = await marginLens.bookOf(account);
    return riskEngine.report({
        model: book.model,
        cashE18: book.cashE18,
        collateral: book.collateral.map(({assetId, unitsE18}) => ({assetId, unitsE18})),
        quotes: book.quotes.map(({underlying, quoteE18}) => ({underlying, quoteE18})),
        positions: book.positions.map(({instrument, sizeE18}) => ({instrument, sizeE18})),
    });
}

function otherLeg(): LegTerms[] {
    return [[option("PUT", 1, EXPIRY, 7000n * 10n ** 8n), "1", "400"]];
}

async function depositAgain(house: House, person: Person): Promise<bigint> {
    await house.fund(person, "USDC", "1");
    const latest = await house.contracts.vault.runner?.provider?.getBlock("latest", true);
    const receipt = await house.contracts.vault.runner?.provider?.getTransactionReceipt(latest?.transactions[0] ?? "");
    return receipt?.gasUsed ?? 0n;
}

/** Takes cash out until the account stands at its initial requirement, then raises spot until it is short. */
async function makeShort(house: House, person: Person): Promise<void> {
    const {riskEngine} = house.contracts;
    const {equityE18, initialE18} = await riskEngine.assess(person.account);
    const spare = ((equityE18 - initialE18) * 999n) / 1000n / 10n ** 12n;
    const usdc = house.deployment.tokens["USDC"]?.address ?? "";
    await house.as(person).vault.withdraw(person.account, usdc, spare, person.address);
    for (let spot = 8050; spot < 9600; spot += 50) {
        await house.price(1, String(spot));
        const now = await riskEngine.assess(person.account);
        if (now.equityE18 >= 0n && now.equityE18 < now.maintenanceE18) return;
    }
    throw new Error("The book did not fall between zero and its maintenance requirement");
}
